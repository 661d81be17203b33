// @ts-check
/** The lower part of the options page: the tables and their dates, the check-up, what is remembered, and forgetting it. */
import { known } from "./actions.js";
import { write } from "./clipboard.js";
import { replace } from "./dom.js";
import { painted } from "./view.js";
import { visible } from "./visible.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);

/** The account that is to be forgotten, null for everything. @type {{key: string, address: string} | null} */
let chosen = null;

refresh();
const gone = /^#forgotten-?([a-z-]*)$/.exec(location.hash);
if (gone) {
  const said = gone[1] ? say("care_forgotten_here", troubled(gone[1])) : say("care_forgotten");
  showLines([said], "forgotten");
  speak(said);
  history.replaceState(null, "", location.pathname);
}

async function refresh() {
  const cared = await ask({ ask: "state" });
  show("data", cared, cared.data);
  show("register", cared, cared.register);
  const rows = (cared.accounts ?? []).map(({ key, address }) => {
    const row = document.createElement("li");
    const [name, button] = [document.createElement("bdi"), document.createElement("button")];
    name.textContent = address;
    button.type = "button";
    button.textContent = say("care_forget_account");
    button.setAttribute("aria-label", `${say("care_forget_account")}: ${address}`);
    Object.assign(button.dataset, { care: "ask", key, address });
    row.append(name, " ", button);
    return row;
  });
  place("accounts").replaceChildren(...rows);
  document.body.dataset["care"] = "shown";
}

/** @param {string} where @param {Sekisho.Cared} cared @param {Sekisho.Primitive[]} [body] */
function show(where, { trouble }, body) {
  const said = trouble ? say("care_trouble", troubled(trouble.kind)) : null;
  replace(place(`care-${where}`), said ? [["p", { class: "fault" }, ...visible(said)]] : painted(body ?? [], say, where));
}

/** @param {string[]} lines @param {string} where */
function showLines(lines, where) {
  replace(place(`care-${where}`), lines.map((line) => ["p", {}, ...visible(line)]));
}

/** What takes a while says so, and is not begun twice. @param {HTMLButtonElement} button @param {string} where @param {string} words @param {() => Promise<unknown>} work */
async function during(button, where, words, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true"); // disabled would take the focus away
  showLines([words], where);
  speak(words);
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** @type {Record<string, (button: HTMLButtonElement) => unknown>} */
const DEEDS = {
  update: (button) =>
    during(button, "update", say("care_updating"), async () => {
      const cared = await ask({ ask: "update" });
      if (cared.trouble) show("update", cared);
      else showLines(cared.said ?? [], "update");
      speak(say(cared.trouble ? "care_not_updated" : "care_updated"));
      await refresh();
    }),
  doctor: (button) =>
    during(button, "doctor", say("care_checking"), async () => {
      const cared = await ask({ ask: "doctor" });
      show("doctor", cared, cared.doctor);
      speak(place("care-doctor").querySelector("p")?.textContent ?? "");
    }),
  ask: ({ dataset: { key, address } }) => {
    chosen = key === undefined ? null : { key, address: address ?? "" };
    place("confirm-why").textContent = chosen ? say("care_confirm_account", chosen.address) : say("care_confirm");
    place("confirm").hidden = false;
    place("confirm").querySelector("button")?.focus();
  },
  keep: () => closed(),
  forget: async () => {
    const account = chosen?.key ?? null;
    closed();
    const cared = await ask({ ask: "forget", account });
    if (account === null) {
      history.replaceState(null, "", `#forgotten${cared.trouble ? `-${cared.trouble.kind}` : ""}`);
      return location.reload(); // every field shows what it is now
    }
    const said = cared.trouble ? say("care_not_forgotten", troubled(cared.trouble.kind)) : say("care_forgotten_account", String(cared.forgotten ?? 0));
    showLines([said], "forgotten");
    speak(said);
    await refresh();
  },
};

function closed() {
  place("confirm").hidden = true;
  /** @type {HTMLElement | null} */ (document.querySelector('#remembered [data-care="ask"]:not([data-key])'))?.focus();
}

document.addEventListener("click", (event) => {
  const clicked = event.target instanceof Element ? event.target.closest("button") : null;
  if (!(clicked instanceof HTMLButtonElement)) return;
  if (clicked.dataset["care"]) return DEEDS[clicked.dataset["care"]]?.(clicked);
  const carried = clicked.dataset["action"] === "copy" ? known("copy", JSON.parse(clicked.dataset["arguments"] ?? "{}")) : null;
  if (carried) write(String(carried["text"])).then(() => speak(say("copied")), () => speak(say("not_copied")));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !place("confirm").hidden) closed();
});

/** @param {string} kind */
function troubled(kind) {
  return say(`trouble_${kind.replace("-", "_")}`);
}

/** @param {string} words */
function speak(words) {
  place("live").textContent = words;
}

/** @param {Sekisho.Errand} errand @returns {Promise<Sekisho.Cared>} */
async function ask(errand) {
  return /** @type {Sekisho.Cared} */ (await browser.runtime.sendMessage(errand));
}

/** @param {string} id @returns {HTMLElement} */
function place(id) {
  const found = document.getElementById(id);
  if (!found) throw new TypeError(`options.html has no #${id}`);
  return found;
}
