// @ts-check
/** The small window that asks before an answer to a dangerous message leaves. */
import { replace } from "./dom.js";
import { visible } from "./visible.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);

document.documentElement.lang = say("locale");
document.title = say("guard_title");
for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.getAttribute("data-say") ?? "");

/** @type {Sekisho.GuardWindowPort} */
const port = browser.runtime.connect({ name: decodeURIComponent(location.hash.slice(1)) });
port.onDisconnect.addListener(() => window.close());
port.onMessage.addListener(({ headline, reasons }) => {
  const list = /** @type {Element} */ (document.querySelector("#reasons"));
  const told = /** @type {Element} */ (document.querySelector("#headline"));
  replace(told, visible(headline));
  replace(list, reasons.map((reason) => ["li", {}, ...visible(reason)]));
  document.body.dataset["state"] = "shown";
});
for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    port.postMessage({ send: button.id === "send" });
    window.close();
  });
}
document.addEventListener("keydown", ({ key }) => key === "Escape" && window.close());
