/** The page itself in jsdom, with a background that says what the test wants. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { EXTENSION, event, frame, kept, sayIn, sleep, until } from "./fake.mjs";

const html = readFileSync(new URL("panel.html", EXTENSION), "utf8");
let loads = 0;

/** Loads panel.js anew on a fresh page. */
async function open({ search = "", locale = "en", tab = { id: 1 }, errands = {} } = {}) {
  const say = sayIn(locale);
  const { window } = new JSDOM(html.replace(/<script.*<\/script>/, ""), { url: `https://extension.example/panel.html${search}`, pretendToBeVisual: true });
  const asked = [];
  const ports = [];
  const log = { copied: [], tabs: [], pages: [], closed: 0, errands: [] };
  const browser = {
    i18n: { getMessage: (key, values = []) => say(key, ...values) },
    tabs: { query: async () => [tab], create: async ({ url }) => log.tabs.push(url) },
    windows: { openDefaultBrowser: async (url) => void log.pages.push(url) },
    runtime: {
      sendMessage: async (errand) => (log.errands.push(errand), errands[errand.ask]?.(errand)),
      connect: () => {
        const port = { onMessage: event(), onDisconnect: event(), postMessage: (question) => asked.push(question) };
        ports.push(port);
        return port;
      },
    },
  };
  window.close = () => (log.closed += 1);
  window.matchMedia = () => ({ matches: true });
  window.CSS = { escape: (text) => text };
  window.Element.prototype.scrollIntoView = function () {
    log.scrolledTo = this;
  };
  const globals = { browser, requestIdleCallback: (f) => setTimeout(() => (f(), log.idle?.()), 0), window, document: window.document, location: { search: window.location.search, replace: (url) => (log.replaced = url) }, matchMedia: window.matchMedia, CSS: window.CSS, requestAnimationFrame: (f) => f() };
  for (const name of ["Element", "HTMLElement", "HTMLAnchorElement", "HTMLButtonElement", "HTMLDetailsElement"]) globals[name] = window[name];
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: { clipboard: { writeText: async (text) => void log.copied.push(text) } },
  });
  await import(new URL(`panel.js?${++loads}`, EXTENSION));
  await until(() => asked.length, "the panel asks");
  const { document } = window;
  return {
    asked,
    ports,
    log,
    window,
    document,
    answer: (value) => ports.at(-1).onMessage.fire(value),
    click: (selector) => document.querySelector(selector).dispatchEvent(new window.MouseEvent("click", { bubbles: true, cancelable: true })),
    snapshot: (change) => ({ snapshot: { message: 7, phase: "done", done: 0, total: 0, report: null, trouble: null, ...change }, subject: "Hello", problems: [] }),
  };
}

test("asks about its own tab, or about the message it is given", async () => {
  assert.deepEqual((await open()).asked, [{ ask: "show", again: false, message: undefined, tab: 1 }]);
  assert.deepEqual((await open({ search: "?message=5&place=window" })).asked[0], { ask: "show", again: false, message: 5 });
});

test("says how far it is, then shows the report and that it is final", async () => {
  const { document, answer, snapshot } = await open();
  const report = frame("en");
  answer(snapshot({ phase: "reading" }));
  assert.equal(document.body.dataset.state, "analysing");
  answer(snapshot({ phase: "analysing", report: { ...report, final: false } }));
  assert.deepEqual([document.body.dataset.state, document.body.dataset.final], ["analysing", "false"]);
  assert.ok(document.querySelector(".verdict") && document.querySelector("progress"));
  answer(snapshot({ report }));
  const { state, level, final, message } = document.body.dataset;
  assert.deepEqual({ state, level, final, message }, { state: "done", level: "danger", final: "true", message: "7" });
  assert.equal(document.querySelector("progress"), null);
  assert.equal(document.getElementById("live").textContent, `Danger: ${report.verdict.headline}`);
  assert.equal(document.getElementById("subject").textContent, report.message.subject);
});

test("is in the reader's language", async () => {
  const { document, answer, snapshot } = await open({ locale: "ja" });
  answer(snapshot({ report: frame("ja") }));
  assert.equal(document.documentElement.lang, "ja");
  assert.equal(document.getElementById("copy").textContent, "コピー");
});

test("says what to do without a message, and tries again", async () => {
  const { document, answer, click, asked } = await open();
  answer({ none: true });
  assert.equal(document.body.dataset.state, "nothing");
  assert.match(document.body.textContent, /Select a message/);
  click("[data-action=analyse]");
  await until(() => asked.length === 2);
  assert.equal(asked[1].again, true);
});

test("shows trouble with its command, copies it, and tries again", async () => {
  const { document, answer, snapshot, click, log, asked } = await open();
  answer(snapshot({ phase: "failed", trouble: { kind: "missing", detail: "No such", advice: null, command: null } }));
  assert.deepEqual([document.body.dataset.state, document.querySelector("[data-trouble]").dataset.trouble], ["trouble", "missing"]);
  click("#panel [data-action=copy]");
  await until(() => log.copied.length);
  assert.deepEqual(log.copied, ["python3 install.py"]);
  click("[data-key=again]");
  await until(() => asked.length === 2);
  answer(snapshot({ report: frame("en") }));
  assert.equal(document.body.dataset.state, "done");
});

test("copies the panel, opens it in a tab and closes, cancels", async () => {
  const { answer, snapshot, click, log, asked } = await open();
  answer(snapshot({ phase: "analysing" }));
  click("[data-action=cancel]");
  assert.deepEqual(asked.at(-1), { ask: "cancel" });
  answer(snapshot({ report: frame("en") }));
  click("#copy");
  await until(() => log.copied.length);
  assert.match(log.copied[0], /Not from KAGOYA/);
  click("#tab");
  await until(() => log.closed);
  assert.deepEqual(log.tabs, ["panel.html?place=tab&message=7"]);
});

const RELAY = { kind: "action", text: "x", action: "relay", arguments: { relay: "a.example", on: true }, note: null };

test("a relay is said with one click, and the checkpoint is shown once it has moved", async () => {
  const { document, answer, snapshot, click, asked, log } = await open({ search: "?message=7" });
  const report = frame("en");
  const route = report.panel.find(({ block }) => block === "route");
  route.body = [{ kind: "heading", text: "The checkpoint", anchor: "checkpoint" }, RELAY];
  answer(snapshot({ report }));
  assert.equal(log.scrolledTo, undefined);
  click("[data-action=relay]");
  assert.deepEqual(asked.at(-1), { ask: "relay", relay: "a.example", on: true, message: 7 });
  assert.equal(document.body.dataset.state, "analysing");
  answer(snapshot({ phase: "reading" }));
  answer(snapshot({ report: structuredClone(report) }));
  assert.equal(document.body.dataset.state, "done");
  assert.equal(log.scrolledTo, document.getElementById("at-checkpoint"));
  log.scrolledTo = undefined;
  answer(snapshot({ report: structuredClone(report) }));
  assert.equal(log.scrolledTo, undefined);
});

test("without a checkpoint the road is shown; an action that says nothing is no button", async () => {
  const { document, answer, snapshot, click, asked, log } = await open();
  const report = frame("en");
  const route = report.panel.find(({ block }) => block === "route");
  route.body = [{ ...RELAY, arguments: {} }, { ...RELAY, arguments: { relay: "a.example", on: false } }];
  answer(snapshot({ report }));
  assert.equal(asked.length, 1);
  assert.equal(document.querySelectorAll("[data-action=relay]").length, 1);
  click("[data-action=relay]");
  assert.equal(asked.at(-1).on, false);
  answer(snapshot({ report: structuredClone(report) }));
  assert.equal(log.scrolledTo, document.getElementById("route"));
});

test("what is said after the background has unloaded wakes it", async () => {
  const { answer, snapshot, click, asked, ports } = await open();
  const report = frame("en");
  report.panel.find(({ block }) => block === "route").body.push(RELAY);
  answer(snapshot({ report }));
  ports[0].onDisconnect.fire(ports[0]);
  click("[data-action=relay]");
  assert.deepEqual([ports.length, asked.at(-1).relay], [2, "a.example"]);
});

for (const locale of ["en", "ja"]) {
  test(`the letter to an owner stands there as it is copied (${locale})`, async () => {
    const { document, answer, snapshot, log } = await open({ locale });
    answer(snapshot({ report: kept("virus-account", locale) }));
    const buttons = [...document.querySelectorAll("#actions button[data-action=copy]")];
    assert.equal(buttons.length, 4);
    for (const button of buttons) button.click();
    await until(() => log.copied.length === 4);
    assert.deepEqual(log.copied, buttons.map((button) => button.previousElementSibling.textContent));
    assert.equal(log.copied.filter((text) => text.includes("\n■ お願いしたいこと\n1. ")).length, 1);
    assert.equal(log.copied.filter((text) => text.includes("\nDear Sir or Madam,\n")).length, 1);
  });
}

test("a cancelled analysis can be taken up again", async () => {
  const { document, answer, snapshot } = await open();
  answer(snapshot({ phase: "cancelled", trouble: { kind: "cancelled", detail: "", advice: null, command: null } }));
  assert.equal(document.body.dataset.state, "cancelled");
  assert.ok(document.querySelector("[data-key=again]"));
});

const asking = (answers) => {
  const report = frame("en");
  report.final = false;
  report.lookups = { asked: 9, waiting: 9 - answers, log: [] };
  report.panel.push({ block: "network", title: "Owners", level: null, body: [{ kind: "sentence", text: `Asking: ${answers} of 9` }] });
  return report;
};

test("each report is shown as it comes, and progress is announced once", async () => {
  const { document, window, answer, snapshot } = await open();
  const said = [];
  new window.MutationObserver(() => said.push(document.getElementById("live").textContent)).observe(document.getElementById("live"), { childList: true });
  for (const answers of [1, 4, 8]) {
    answer(snapshot({ phase: "analysing", report: asking(answers) }));
    assert.match(document.getElementById("network").textContent, new RegExp(`${answers} of 9`));
    await sleep(1);
  }
  const report = frame("en");
  answer(snapshot({ report }));
  await sleep(1);
  assert.deepEqual(said, ["Asking name servers and registries…", `Danger: ${report.verdict.headline}`]);
  assert.equal(document.querySelectorAll("[aria-live]").length, 1);
});

test("stopped look-ups keep the last report and say so", async () => {
  const { document, answer, snapshot, click, asked } = await open();
  answer(snapshot({ phase: "analysing", report: asking(3) }));
  click(".beneath [data-action=cancel]");
  assert.deepEqual(asked.at(-1), { ask: "cancel" });
  answer(snapshot({ phase: "cancelled", report: frame("en") }));
  assert.equal(document.body.dataset.state, "cancelled");
  assert.match(document.getElementById("progress").textContent, /^Stopped\./);
  assert.match(document.getElementById("live").textContent, /^Stopped\./);
  assert.ok(document.querySelector(".verdict"));
});

test("more is asked of this mail at the level that the button says", async () => {
  const { document, answer, snapshot, click, asked } = await open();
  const report = frame("en");
  report.panel.at(-1).body.push({ kind: "action", text: "Ask these too", action: "ask_more", arguments: { privacy: "sender" } }, { kind: "action", text: "?", action: "ask_more", arguments: {} });
  answer(snapshot({ report }));
  assert.equal(asked.length, 1);
  assert.equal(document.querySelectorAll("[data-action=ask_more]").length, 1, "without a level it is no button");
  click("[data-arguments*=privacy]");
  assert.deepEqual(asked.at(-1), { ask: "more", privacy: "sender", message: 7 });
  assert.equal(document.body.dataset.state, "analysing");
});

test("a link is followed when its button is clicked; what would be requested stands above it", async () => {
  const { document, answer, snapshot, click, asked } = await open();
  const made = JSON.parse(readFileSync(new URL("../frames/kagoya.en.json", import.meta.url), "utf8"));
  answer(snapshot({ report: made }));
  const [button] = document.querySelectorAll("[data-arguments*=visit]");
  const link = "https://w-support.jp/activemail.kagoya.com/?e={EMAIL64}";
  assert.equal(button.closest("details").open, false);
  assert.ok(document.getElementById(button.getAttribute("aria-describedby")).textContent.includes(link));
  assert.equal(asked.length, 1);
  click("[data-arguments*=visit]");
  assert.deepEqual(asked.at(-1), { ask: "more", visit: [link], message: 7 });
  const wrong = { kind: "action", text: "?", action: "ask_more", arguments: { visit: [1] } };
  made.panel.at(-1).body.push(wrong);
  answer(snapshot({ report: { ...made } }));
  assert.equal(document.querySelector("[data-action=ask_more]:not([data-arguments*=visit]):not([data-arguments*=privacy])"), null);
});

test("a public page about a domain opens in the browser, and no other address does", async () => {
  const { document, answer, snapshot, click, log } = await open();
  const report = frame("en");
  const made = JSON.parse(readFileSync(new URL("../frames/kagoya.en.json", import.meta.url), "utf8"));
  const own = (JSON.stringify(made.panel).match(/"open_page"/g) ?? []).length;
  assert.ok(own > 0);
  answer(snapshot({ report: made }));
  assert.equal(document.querySelectorAll("[data-action=open_page][data-arguments]").length, own, "the extension knows the host's pages");
  const to = (url) => ({ kind: "action", text: url, action: "open_page", arguments: { url }, note: null });
  const good = "https://transparencyreport.google.com/safe-browsing/search?url=w-support.jp";
  const bad = [
    "http://transparencyreport.google.com/safe-browsing/search?url=w-support.jp",
    "https://transparencyreport.google.com/safe-browsing/search?url=w-support.jp&id=hanako@office.example",
    "https://transparencyreport.google.com@evil.example/safe-browsing/search?url=w-support.jp",
    "https://urlscan.io/domain/w-support.jp/../../sign-in",
    "https://urlscan.io.evil.example/domain/w-support.jp",
    "javascript:alert(1)",
    "https://w-support.jp/",
    ["https://urlscan.io/domain/w-support.jp"],
  ];
  report.panel.at(-1).body.push(to(good), ...bad.map(to), to("https://urlscan.io/domain/w-support.jp"));
  answer(snapshot({ report }));
  const buttons = [...document.querySelectorAll("[data-action=open_page]")];
  assert.deepEqual(buttons.map(({ dataset }) => JSON.parse(dataset.arguments).url), [good, "https://urlscan.io/domain/w-support.jp"]);
  click("[data-action=open_page]");
  assert.deepEqual(log.pages, [good]);
});

test("trouble on the way takes away nothing that was known before", async () => {
  const { document, answer, snapshot } = await open();
  answer(snapshot({ phase: "failed", report: frame("en"), trouble: { kind: "crashed", detail: "", advice: null, command: null } }));
  assert.deepEqual([document.body.dataset.state, document.body.dataset.level], ["trouble", ""]);
  assert.ok(document.querySelector("#progress [data-trouble=crashed]") && document.querySelector("#panel .verdict"));
  answer(snapshot({ report: frame("en") }));
  assert.equal(document.querySelector("[data-trouble]"), null);
});

test("a jump opens the folds on the way and moves the focus; back again too", async () => {
  const { document, answer, snapshot, click, log } = await open();
  const report = frame("en");
  report.findings[0].where = ["field:received:0"]; // stands in a closed fold
  answer(snapshot({ report }));
  click('a[href="#at-field:received:0"]');
  const target = document.getElementById("at-field:received:0");
  assert.equal(document.activeElement, target);
  assert.equal(log.scrolledTo, target);
  assert.equal(target.closest("details").open, true);
  click(`.back[href="#finding-${report.findings[0].id}"]`);
  assert.equal(document.activeElement.id, `finding-${report.findings[0].id}`);
});

test("Escape puts a note away first, then closes the popup, never a tab", async () => {
  const { document, window, answer, snapshot, log } = await open();
  answer(snapshot({ report: frame("en") }));
  const escape = () => document.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  document.querySelector(".noted").focus();
  escape();
  assert.equal(document.activeElement, document.body);
  assert.equal(log.closed, 0);
  escape();
  assert.equal(log.closed, 1);
  const inTab = await open({ search: "?place=tab&message=7" });
  inTab.document.dispatchEvent(new inTab.window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  assert.equal(inTab.log.closed, 0);
});

test("a background that goes away is asked once more, then it is trouble", async () => {
  const { document, ports, asked } = await open();
  ports[0].onDisconnect.fire(ports[0]);
  await until(() => asked.length === 2);
  ports[1].onDisconnect.fire(ports[1]);
  assert.equal(document.body.dataset.state, "trouble");
});

test("a background that unloads after the end is no trouble", async () => {
  const { document, ports, asked, answer, snapshot } = await open();
  answer(snapshot({ report: frame("en") }));
  ports[0].onDisconnect.fire(ports[0]);
  await sleep(5);
  assert.deepEqual([asked.length, document.body.dataset.state], [1, "done"]);
});

test("of several messages the table is shown in the panel's place", async () => {
  const { answer, log } = await open({ search: "?place=popup" });
  answer({ several: [4, 9], of: 250 });
  assert.equal(log.replaced, "several.html?place=popup&of=250&messages=4,9");
});

test("the host's own problems are said", async () => {
  const { document, answer, snapshot } = await open();
  answer({ ...snapshot({ report: frame("en") }), problems: ["The atlas is missing."] });
  assert.match(document.getElementById("notes").textContent, /^The atlas is missing\.$/);
});

test("the page itself has no inline script, style or remote address", () => {
  assert.doesNotMatch(html, /<script(?![^>]*src=)|<style|\son[a-z]+=|https?:/);
});

test("goes from mark to mark by key and button, says what each is, and copies the header", async () => {
  const { document, window, answer, snapshot, click, log } = await open();
  const report = kept("kagoya", "en");
  answer(snapshot({ report }));
  const press = (key, init = {}) =>
    (document.activeElement ?? document.body).dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, ...init }));
  const marks = [...document.querySelectorAll("#source .noted[data-finding]")];
  assert.ok(marks.length > 3);
  press("n", { ctrlKey: true });
  assert.equal(document.activeElement, document.body, "another program's key");

  press("n");
  assert.equal(document.activeElement, marks[0]);
  const live = document.getElementById("live");
  const title = report.findings.find(({ id }) => id === marks[0].dataset.finding).title;
  assert.ok(live.textContent.startsWith(`1 of ${marks.length}: `) && live.textContent.includes(title), live.textContent);
  press("N", { shiftKey: true });
  assert.equal(document.activeElement, marks.at(-1), "round to the last");
  press("n");
  click("[data-action=next_mark]");
  assert.equal(document.activeElement, marks[1], "the button goes on from there, though it has the focus");
  assert.equal(document.querySelector("[data-action=next_mark]").dataset.count, `2 of ${marks.length}`);

  click("[data-action=copy_header]");
  await until(() => log.copied.length);
  const [text] = log.copied;
  assert.match(text, /^Return-Path:|^Received:|^Delivered-To:/);
  for (const { spans } of report.panel.find(({ block }) => block === "source").body.filter(({ kind }) => kind === "marked")) {
    assert.ok(text.includes(spans.map((span) => span.text).join("")));
  }
});

test("a header without marks has no next one, and what does not show is named in the copy", async () => {
  const { document, window, answer, snapshot, click, log } = await open();
  const report = structuredClone(kept("honest", "en"));
  const source = report.panel.find(({ block }) => block === "source");
  source.body = source.body.filter(({ kind }) => kind !== "marked");
  source.body.push({ kind: "marked", spans: [{ text: "Subject: \u202ea\u001b[31m", role: "plain", finding: null, note: null }], anchor: "field:subject" });
  answer(snapshot({ report }));
  document.body.dispatchEvent(new window.KeyboardEvent("keydown", { key: "n", bubbles: true }));
  assert.equal(document.activeElement, document.body);
  click("[data-action=copy_header]");
  await until(() => log.copied.length);
  assert.deepEqual(log.copied, ["Subject: ⟨U+202E⟩a⟨U+001B⟩[31m\n"]);
});

/** A report with a list too long for a frame, and what the host makes of it. */
function long() {
  const whole = frame("en");
  const links = whole.panel.find(({ block }) => block === "links");
  links.body = [{ kind: "list", items: Array.from({ length: 900 }, (_, n) => [{ kind: "sentence", text: `entry ${n}.` }]) }];
  const report = { ...structuredClone(whole), left_out: 500 };
  const list = report.panel.find(({ block }) => block === "links").body[0];
  list.items = [...list.items.slice(0, 400), [{ kind: "more", text: "500 more" }]];
  return { whole, report };
}

test("a popup says how much was left out, and leads to the tab", async () => {
  const { report } = long();
  const { document, answer, snapshot, click, log } = await open();
  answer(snapshot({ report }));
  assert.match(document.getElementById("progress").textContent, /500/);
  assert.equal(document.body.dataset.whole, "false");
  click("#progress [data-action=open_tab]");
  await until(() => log.closed);
  assert.deepEqual([log.tabs, log.errands], [["panel.html?place=tab&message=7"], []]);
});

test("where only texts were cut, that is said", async () => {
  const { document, answer, snapshot } = await open();
  answer(snapshot({ report: { ...frame("en"), left_out: 0 } }));
  assert.match(document.getElementById("progress").textContent, /shortened/);
});

test("a tab gets the rest by itself, block by block, and copies all of it", async () => {
  const { whole, report } = long();
  const { document, answer, snapshot, click, log } = await open({ search: "?place=tab&message=7", errands: { whole: async () => ({ report: structuredClone(whole), trouble: null }) } });
  const seen = [];
  log.idle = () => seen.push([document.querySelectorAll("#links li").length, document.querySelector("#progress progress")?.value]);
  answer(snapshot({ report }));
  assert.equal(document.getElementById("live").textContent, "The rest of this long report is on its way…");
  const first = document.querySelector("#links li");
  await until(() => document.body.dataset.whole === "true", "the whole is there");
  assert.deepEqual(log.errands, [{ ask: "whole", message: 7 }]);
  assert.equal(document.querySelectorAll("#links li").length, 900);
  assert.equal(document.querySelector("#links li"), first, "what was there stays where it is");
  assert.deepEqual([document.getElementById("progress").textContent, document.getElementById("live").textContent], ["", "The whole report is shown now."]);
  assert.ok(seen.length === whole.panel.length && seen.some(([count]) => count === 401), "it came in slices");
  assert.ok(!document.body.textContent.includes("500 more"));
  click("#copy");
  await until(() => log.copied.length);
  assert.match(log.copied[0], /entry 899/);
});

test("a rest that does not come is said, with the way to try again", async () => {
  const { report } = long();
  const trouble = { kind: "crashed", detail: "", advice: null, command: null };
  const { document, answer, snapshot, click, asked } = await open({ search: "?place=tab&message=7", errands: { whole: async () => ({ report: null, trouble }) } });
  answer(snapshot({ report }));
  await until(() => document.getElementById("live").textContent.includes("could not be fetched"));
  assert.equal(document.querySelectorAll("#links li").length, 401);
  click("#progress [data-action=analyse]");
  await until(() => asked.length === 2);
});

test("a rest that comes when another report is on the page is left alone", async () => {
  const { whole, report } = long();
  let give = () => {};
  const errands = { whole: () => new Promise((resolve) => (give = () => resolve({ report: whole, trouble: null }))) };
  const { document, answer, snapshot } = await open({ search: "?place=tab&message=7", errands });
  answer(snapshot({ report }));
  answer(snapshot({ phase: "analysing", report: frame("en") }));
  give();
  await sleep(20);
  assert.notEqual(document.querySelectorAll("#links li").length, 900);
  assert.equal(document.body.dataset.whole, "false");
});
