/** The options page in jsdom, over the event page as a whole and a stand-in host. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { EXTENSION, fakeBrowser, fakeHost, loadBackground, obedient, sayIn, sleep, until } from "./fake.mjs";

const html = readFileSync(new URL("options.html", EXTENSION), "utf8");
let loads = 0;

/** Loads the page anew; `more`: what fakeBrowser takes. */
async function open({ answer = obedient, locale = "en", missing = false, ...more } = {}) {
  const host = fakeHost(answer);
  host.missing = missing;
  const fake = fakeBrowser({ mails: { 1: { raw: "From: a\n\nhi\n" } }, host, locale, ...more });
  await loadBackground(fake);
  const { window } = new JSDOM(html.replace(/<script.*<\/script>/, ""), { url: "https://extension.example/options.html" });
  for (const name of ["Element", "HTMLElement", "HTMLAnchorElement", "HTMLButtonElement", "HTMLInputElement", "HTMLTextAreaElement", "HTMLTemplateElement"]) globalThis[name] = window[name];
  const { document } = window;
  globalThis.document = document;
  await import(new URL(`options.js?${++loads}`, EXTENSION));
  await until(() => document.body.dataset.state === "shown");
  const changed = (field) => field.dispatchEvent(new window.Event("change", { bubbles: true }));
  return {
    ...fake,
    host,
    document,
    write: (selector, value) => {
      const field = document.querySelector(selector);
      field.value = value;
      changed(field);
    },
    tick: (selector) => document.querySelector(selector).click(),
    live: () => document.getElementById("live").textContent,
    fault: (name) => document.querySelector(`[data-name="${name}"] .fault`),
  };
}

test("nothing is chosen at first: registries are asked, no list, no name server of one's own", async () => {
  const { document, kept } = await open();
  assert.equal(document.querySelector("[name=privacy]:checked").value, "registry");
  assert.equal(document.querySelectorAll("#blocklists input:checked").length, 0);
  assert.deepEqual([document.querySelector("#resolver").value, document.querySelector("#deadline").value, kept], ["", "", {}]);
});

test("every choice is kept as it is made, and sent with the next analysis", async () => {
  const { write, tick, live, kept, host, browser } = await open();
  tick("#privacy-resolver");
  await until(() => kept.options?.privacy === "resolver" && live());
  assert.match(live(), /^Saved/);
  write("#resolver", " tls://192.0.2.53#dns.example ");
  await until(() => kept.options.resolver);
  tick('[value="ip.list.example"]');
  await until(() => kept.options.blocklists);
  write("#deadline", "5");
  await until(() => kept.options.deadline);
  write("#lists", "/home/me/urls.txt\n\n /none/here.txt \n");
  await until(() => kept.options.lists);
  assert.deepEqual(kept.options, {
    privacy: "resolver",
    resolver: "tls://192.0.2.53#dns.example",
    blocklists: ["ip.list.example"],
    deadline: 5,
    lists: ["/home/me/urls.txt", "/none/here.txt"],
  });
  const port = browser.runtime.connect({ name: "panel" });
  port.postMessage({ ask: "show", message: 1 });
  const { params } = await until(() => host.frames.find(({ method }) => method === "analyse"));
  const { privacy, ...settings } = kept.options;
  assert.equal(params.privacy, privacy);
  assert.deepEqual(params.settings, { ...settings, locale: "en", own_addresses: [], relays: [] });
});

test("what is emptied is taken back", async () => {
  const options = { resolver: "192.0.2.53", blocklists: ["ip.list.example"], deadline: 5, lists: ["/urls.txt"] };
  const { write, tick, kept, document } = await open({ stored: { options } });
  assert.deepEqual([document.querySelector("#resolver").value, document.querySelector("#lists").value], ["192.0.2.53", "/urls.txt"]);
  write("#resolver", " ");
  write("#deadline", "");
  write("#lists", "\n");
  tick('[value="ip.list.example"]');
  await until(() => Object.keys(kept.options).length === 0);
});

test("what the host does not understand is said beside its field, and not kept", async () => {
  const { write, fault, document, kept } = await open();
  write("#resolver", "nowhere");
  await until(() => !fault("resolver").hidden);
  assert.match(fault("resolver").textContent, /no name server/);
  assert.equal(document.querySelector("#resolver").getAttribute("aria-invalid"), "true");
  assert.ok(document.querySelector("#resolver").getAttribute("aria-describedby").includes(fault("resolver").id));
  assert.deepEqual(kept, {});
  write("#resolver", "192.0.2.53");
  await until(() => fault("resolver").hidden);
  assert.equal(document.querySelector("#resolver").hasAttribute("aria-invalid"), false);
});

test("files that cannot be read are kept, and named", async () => {
  const { write, fault, kept } = await open();
  write("#lists", "/none/here.txt");
  await until(() => !fault("lists").hidden);
  assert.match(fault("lists").textContent, /cannot read: \/none\/here\.txt/);
  assert.deepEqual(kept.options.lists, ["/none/here.txt"]);
});

test("what was kept and is wrong is said as soon as the page opens", async () => {
  const { fault, kept } = await open({ stored: { options: { resolver: "nowhere", lists: ["/none"] } } });
  assert.deepEqual([fault("resolver").hidden, fault("lists").hidden, fault("deadline").hidden], [false, false, true]);
  assert.equal(kept.options.resolver, "nowhere");
});

test("what the host has no use for is not offered", async () => {
  const { document } = await open();
  const hidden = [...document.querySelectorAll("[data-name]")].filter(({ hidden }) => hidden).map(({ dataset }) => dataset.name);
  assert.deepEqual(hidden, ["safe_browsing_key", "atlas"]);
});

test("the lists stand with their terms, which open in the browser; one that is no web page does not", async () => {
  const { document, tick, calls, kept } = await open({ stored: { options: { blocklists: ["gone.example"] } } });
  assert.deepEqual([...document.querySelectorAll("#blocklists label")].map(({ textContent }) => textContent), ["ip.list.example", "domain.list.example", "gone.example"]);
  assert.equal(document.querySelectorAll("#blocklists a").length, 1);
  tick("#blocklists a");
  await until(() => calls.length);
  assert.deepEqual(calls, [["windows", "openDefaultBrowser", "https://list.example/terms"]]);
  tick('[value="gone.example"]');
  await until(() => !kept.options.blocklists);
});

test("a relay is taken back", async () => {
  const { document, tick, kept, live } = await open({ stored: { relays: ["a.example", "b.example"] } });
  assert.equal(document.querySelector("#no-relays").hidden, true);
  tick('[data-relay="a.example"]');
  await until(() => live());
  assert.deepEqual(kept.relays, ["b.example"]);
  assert.equal(document.activeElement.dataset.relay, "b.example");
  tick('[data-relay="b.example"]');
  await until(() => !document.querySelector("#no-relays").hidden);
});

test("without a host choices are kept unchecked, and that is said", async () => {
  const { document, write, kept } = await open({ missing: true });
  assert.match(document.getElementById("notes").textContent, /helper program is not installed/);
  write("#resolver", "192.0.2.53");
  await until(() => kept.options?.resolver);
});

test("a choice that could not be kept is said", async (context) => {
  context.mock.method(console, "warn", () => {});
  const { write, fault, state, tick } = await open({ stored: { relays: ["a.example"] } });
  state.full = true;
  write("#resolver", "192.0.2.53");
  await until(() => !fault("resolver").hidden);
  assert.match(fault("resolver").textContent, /could not be saved/);
  tick("[data-relay]");
  await until(() => /could not be saved/.test(document.getElementById("live").textContent));
});

for (const locale of ["en", "ja"]) {
  test(`every field has a name and every sentence is there (${locale})`, async () => {
    const { document } = await open({ locale });
    assert.equal(document.documentElement.lang, locale);
    const say = sayIn(locale);
    for (const element of document.querySelectorAll("[data-say]")) assert.equal(element.textContent, say(element.dataset.say));
    for (const field of document.querySelectorAll("input, textarea")) {
      assert.ok(field.labels.length === 1 && field.labels[0].textContent, field.id);
      for (const id of (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one)) assert.ok(document.getElementById(id), id);
    }
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    assert.equal(ids.length, new Set(ids).size);
  });
}

test("the page itself has no inline script, style or remote address", async () => {
  await sleep(0);
  assert.doesNotMatch(html.replaceAll(/data-[a-z]+="[^"]*"/g, ""), /<script(?![^>]*src=)|<style|\son[a-z]+=|https?:/);
});

test("above which messages a banner is drawn is chosen here; the host is not told", async () => {
  const { document, tick, live, kept, host, scripts } = await open();
  assert.equal(document.querySelector("[name=banner]:checked").value, "suspicious");
  await until(() => scripts.has("banner"));
  tick("#banner-never");
  await until(() => kept.options?.banner === "never" && live() && !scripts.has("banner"));
  tick("#banner-always");
  await until(() => kept.options.banner === "always" && scripts.has("banner"));
  assert.ok(host.frames.every(({ params }) => params.settings?.banner === undefined));
  const text = document.querySelector('[data-name="banner"]').textContent;
  assert.match(text, /only ever warns.*A mail can draw.*What counts is the “Sender” button/);
});

test("being asked before sending takes a permission; without it nothing is chosen", async () => {
  const { document, tick, live, kept, state, fault, browser } = await open();
  const asked = [];
  browser.permissions.request = async ({ permissions }) => (asked.push(...permissions), state.allows);
  state.allows = false;
  tick("#reply_guard");
  await until(() => !fault("reply_guard").hidden);
  assert.deepEqual([document.querySelector("#reply_guard").checked, kept.options, asked], [false, undefined, ["compose"]]);
  state.allows = true;
  tick("#reply_guard");
  await until(() => kept.options?.reply_guard === true && live());
  assert.equal(fault("reply_guard").hidden, true);
  tick("#reply_guard");
  await until(() => kept.options.reply_guard === undefined);
  assert.deepEqual(asked, ["compose", "compose"]);
});
