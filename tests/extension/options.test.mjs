/** The options page in jsdom, over the event page as a whole and a stand-in host. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { EXTENSION, fakeBrowser, fakeHost, loadBackground, obedient, sayIn, sleep, until } from "./fake.mjs";

const html = readFileSync(new URL("options.html", EXTENSION), "utf8");
let loads = 0;

/** Loads the page anew; `more`: what fakeBrowser takes. */
async function open({ answer = obedient, locale = "en", missing = false, hash = "", ...more } = {}) {
  const host = fakeHost(answer);
  host.missing = missing;
  const fake = fakeBrowser({ mails: { 1: { raw: "From: a\n\nhi\n" } }, host, locale, ...more });
  await loadBackground(fake);
  const { window } = new JSDOM(html.replace(/<script.*<\/script>/, ""), { url: "https://extension.example/options.html" });
  for (const name of ["Element", "HTMLElement", "HTMLAnchorElement", "HTMLButtonElement", "HTMLInputElement", "HTMLTextAreaElement", "HTMLTemplateElement"]) globalThis[name] = window[name];
  const { document } = window;
  const log = { copied: [], reloads: 0 };
  const location = { hash, pathname: "/options.html", reload: () => (log.reloads += 1) };
  const history = { replaceState: (_state, _title, url) => (location.hash = url.includes("#") ? url.slice(url.indexOf("#")) : "") };
  Object.assign(globalThis, { document, location, history });
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { clipboard: { writeText: async (text) => void log.copied.push(text) } } });
  loads += 1;
  await import(new URL(`options.js?${loads}`, EXTENSION));
  await import(new URL(`care.js?${loads}`, EXTENSION));
  await until(() => document.body.dataset.state === "shown" && document.body.dataset.care === "shown");
  const changed = (field) => field.dispatchEvent(new window.Event("change", { bubbles: true }));
  return {
    ...fake,
    host,
    log,
    location,
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
  const { time_zone, ...others } = params.settings;
  assert.deepEqual(others, { ...settings, locale: "en", own_addresses: [], relays: [], trusted_senders: [] });
});

test("how long mail is remembered is said in days; none is a choice too", async () => {
  const { write, fault, kept, document } = await open();
  assert.equal(document.querySelector('[data-name="remember_days"]').hidden, false);
  write("#remember_days", "30");
  await until(() => kept.options?.remember_days === 30);
  write("#remember_days", "0");
  await until(() => kept.options.remember_days === 0);
  write("#remember_days", "4000");
  await until(() => !fault("remember_days").hidden);
  assert.match(fault("remember_days").textContent, /3650/);
  assert.equal(kept.options.remember_days, 0);
  write("#remember_days", "");
  await until(() => !("remember_days" in kept.options));
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

for (const [list, added, wrong] of [["relays", "c.example", "c d"], ["trusted_senders", "Mori@C.example", "mori@"]]) {
  test(`a name is added to ${list} and taken back`, async () => {
    const { document, tick, kept, live, write } = await open({ stored: { [list]: ["a.example", "b.example"] } });
    const none = document.querySelector(`[data-list="${list}"] .remark`);
    assert.equal(none.hidden, true);
    tick(`[data-list="${list}"][data-taken="a.example"]`);
    await until(() => live());
    assert.deepEqual(kept[list], ["b.example"]);
    await until(() => document.activeElement.dataset.taken === "b.example");
    tick(`[data-list="${list}"][data-taken="b.example"]`);
    await until(() => !none.hidden);
    const field = document.querySelector(`[data-list="${list}"] .add input`);
    write(`#${field.id}`, wrong);
    tick(`[data-add="${list}"]`);
    const fault = document.querySelector(`[data-list="${list}"] .fault`);
    await until(() => !fault.hidden && fault.textContent);
    await until(() => field.getAttribute("aria-invalid") === "true");
    assert.deepEqual(kept[list], []);
    write(`#${field.id}`, added);
    tick(`[data-add="${list}"]`);
    await until(() => kept[list].length);
    assert.deepEqual(kept[list], [added.toLowerCase()]);
    await until(() => field.value === "" && fault.hidden && !field.hasAttribute("aria-invalid"));
    assert.equal(kept.options, undefined, "what is typed there is no option");
  });
}

test("what an administrator has set is shown, locked, and cannot be changed; the reader's own stays beside it", async () => {
  const managed = { privacy: "offline", resolver: "192.0.2.53", relays: ["set.example"], trusted_senders: ["boss@own.example"], own_domains: ["own.example"], trusted_networks: ["192.0.2.0/24"], opening: 7, reply_guard: true, nonsense: "x" };
  const { document, browser, host, tick, kept } = await open({ managed, stored: { relays: ["a.example"], options: { privacy: "registry", resolver: "192.0.2.1" } } });
  assert.equal(document.querySelector("[name=privacy]:checked").value, "offline");
  assert.ok([...document.querySelectorAll("[name=privacy]"), document.querySelector("#resolver"), document.querySelector("#own_domains")].every(({ disabled }) => disabled));
  assert.equal(document.querySelector("#resolver").value, "192.0.2.53");
  assert.equal(document.querySelectorAll('[data-name="opening"] :disabled, #deadline:disabled').length, 0, "what is of no form is not set");
  assert.equal(document.querySelectorAll('[data-name] > .locked').length, 3);
  assert.deepEqual([...document.querySelectorAll('[data-list="relays"] li')].map((row) => [row.querySelector("bdi").textContent, row.querySelector("button") !== null]), [["set.example", false], ["a.example", true]]);
  assert.equal((await browser.runtime.sendMessage({ ask: "choose", name: "privacy", value: "registry" })).kept, false);
  tick('[data-taken="a.example"]');
  await until(() => kept.relays.length === 0);
  assert.equal(document.querySelectorAll('[data-list="relays"] .locked').length, 1);
  const port = browser.runtime.connect({ name: "panel" });
  port.postMessage({ ask: "show", message: 1 });
  const { params } = await until(() => host.frames.find(({ method }) => method === "analyse"));
  assert.equal(params.privacy, "offline");
  const { relays, trusted_senders, trusted_networks, own_domains, resolver, nonsense } = params.settings;
  assert.deepEqual([relays, trusted_senders, trusted_networks, own_domains, resolver, nonsense], [["set.example"], ["boss@own.example"], ["192.0.2.0/24"], ["own.example"], "192.0.2.53", undefined]);
});

test("opening asks nobody unless the reader says so; the words say who would learn what", async () => {
  const { document, tick, kept } = await open();
  assert.equal(document.querySelector("[name=opening]:checked").value, "offline");
  assert.match(document.querySelector("#opening-resolver-why").textContent, /name server.*every message that you select/);
  tick("#opening-resolver");
  await until(() => kept.options?.opening === "resolver");
});

test("the language is Thunderbird's unless chosen, and the host is told", async () => {
  const { document, tick, browser, host } = await open();
  assert.equal(document.querySelector("[name=locale]:checked").value, "");
  tick("#locale-ja");
  await until(() => document.getElementById("live").textContent);
  const port = browser.runtime.connect({ name: "panel" });
  port.postMessage({ ask: "show", message: 1 });
  const { params } = await until(() => host.frames.find(({ method }) => method === "analyse"));
  assert.equal(params.settings.locale, "ja");
});

const ACCOUNTS = [{ id: "account1", identities: [{ email: "Me@Own.example" }] }, { id: "account2", identities: [] }];

test("own addresses and domains are shown as they were learnt", async () => {
  const { document } = await open({ accounts: ACCOUNTS });
  assert.equal(document.querySelector("#own-addresses").textContent, "me@own.example");
  assert.equal(document.querySelector("#own-organisations").textContent, "own.example");
});

test("the tables, the register and the check-up are shown as the host says them", async () => {
  const { document, tick, host } = await open({ accounts: ACCOUNTS });
  assert.match(document.querySelector("#care-data").textContent, /Atlas2026-06-05/);
  assert.match(document.querySelector("#care-register").textContent, /3 messages/);
  tick('[data-care="doctor"]');
  await until(() => /Everything is right/.test(document.querySelector("#care-doctor").textContent));
  tick('[data-care="update"]');
  tick('[data-care="update"]');
  await until(() => /2026-11-01/.test(document.querySelector("#care-update").textContent));
  assert.equal(host.frames.filter(({ method }) => method === "update").length, 1);
  await until(() => !document.querySelector('[data-care="update"]').hasAttribute("aria-disabled"));
});

test("one account is forgotten after one question, and nothing before it", async () => {
  const { document, tick, host, kept } = await open({ accounts: ACCOUNTS, stored: { relays: ["a.example"] } });
  const forgotten = () => host.frames.filter(({ method }) => method === "forget").map(({ params }) => params);
  tick('[data-care="ask"][data-key]');
  assert.match(document.querySelector("#confirm-why").textContent, /Me@Own\.example/);
  tick('[data-care="keep"]');
  assert.deepEqual([document.querySelector("#confirm").hidden, forgotten()], [true, []]);
  tick('[data-care="ask"][data-key]');
  tick('[data-care="forget"]');
  await until(() => /3 messages/.test(document.querySelector("#care-forgotten").textContent));
  assert.deepEqual([forgotten(), kept.relays], [[{ account: "account1 me@own.example" }], ["a.example"]]);
});

test("everything is forgotten: the host's files, and all that the extension keeps", async () => {
  const stored = { relays: ["a.example"], trusted_senders: ["b@c.example"], options: { privacy: "offline" }, another: 1 };
  const { tick, host, kept, log, location } = await open({ accounts: ACCOUNTS, stored });
  tick('[data-care="ask"]:not([data-key])');
  tick('[data-care="forget"]');
  await until(() => log.reloads);
  assert.deepEqual(host.frames.filter(({ method }) => method === "forget").map(({ params }) => params), [{}]);
  assert.deepEqual([kept, location.hash], [{}, "#forgotten"]);
  const after = await open({ hash: "#forgotten" });
  assert.match(after.document.querySelector("#care-forgotten").textContent, /Forgotten: everything/);
  assert.equal(after.location.hash, "");
});

test("without a host the extension's own is forgotten, and that the rest is not is said", async () => {
  const { tick, kept, log, location, document } = await open({ missing: true, stored: { relays: ["a.example"] } });
  assert.match(document.querySelector("#care-data").textContent, /could not be asked/);
  tick('[data-care="ask"]');
  tick('[data-care="forget"]');
  await until(() => log.reloads);
  assert.deepEqual([kept, location.hash], [{}, "#forgotten-missing"]);
  const after = await open({ hash: location.hash });
  assert.match(after.document.querySelector("#care-forgotten").textContent, /could not delete/);
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
  tick("[data-taken]");
  await until(() => /could not be saved/.test(document.querySelector('[data-list="relays"] .fault').textContent));
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

for (const [name, permissions] of [["reply_guard", ["compose"]], ["watch", ["messagesTags", "messagesUpdate", "notifications"]], ["address_book", ["addressBooks"]]]) test(`${name} takes a permission; without it nothing is chosen`, async () => {
  const { document, tick, live, kept, state, fault, browser } = await open();
  const asked = [];
  browser.permissions.request = async ({ permissions }) => (asked.push(...permissions), state.allows);
  state.allows = false;
  tick(`#${name}`);
  await until(() => !fault(name).hidden);
  assert.deepEqual([document.querySelector(`#${name}`).checked, kept.options, asked], [false, undefined, permissions]);
  state.allows = true;
  tick(`#${name}`);
  await until(() => kept.options?.[name] === true && live());
  assert.equal(fault(name).hidden, true);
  tick(`#${name}`);
  await until(() => kept.options[name] === undefined);
  assert.deepEqual(asked, [...permissions, ...permissions]);
});
