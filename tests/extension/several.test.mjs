/** The page of several messages in jsdom, and the table that it shows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { EXTENSION, event, frame, sayIn, sleep, until } from "./fake.mjs";
import { summary } from "../../extension/summary.js";
import { resultsView, sortedBy } from "../../extension/results.js";

const html = readFileSync(new URL("several.html", EXTENSION), "utf8");
let loads = 0;

async function open({ search = "?place=tab&of=3&messages=1,2,3", locale = "en" } = {}) {
  const say = sayIn(locale);
  const { window } = new JSDOM(html.replace(/<script.*<\/script>/, ""), { url: `https://extension.example/several.html${search}`, pretendToBeVisual: true });
  const [asked, ports, log] = [[], [], { opened: [], closed: 0 }];
  window.close = () => (log.closed += 1);
  const browser = {
    i18n: { getMessage: (key, values = []) => say(key, ...values) },
    tabs: { create: async ({ url }) => log.opened.push(["tab", url]) },
    windows: { create: async ({ url }) => log.opened.push(["window", url]) },
    runtime: {
      connect: ({ name }) => {
        const port = { name, onMessage: event(), onDisconnect: event(), postMessage: (question) => asked.push(question) };
        ports.push(port);
        return port;
      },
    },
  };
  const globals = { browser, window, document: window.document, location: window.location, requestAnimationFrame: (paint) => setTimeout(paint, 0) };
  for (const name of ["Element", "HTMLElement"]) globals[name] = window[name];
  Object.assign(globalThis, globals);
  await import(new URL(`several.js?${++loads}`, EXTENSION));
  const { document } = window;
  const answer = async (...values) => {
    for (const value of values) ports.at(-1).onMessage.fire(value);
    await sleep(5);
  };
  const row = (message, subject, date = 1_700_000_000_000 + message) => ({ row: { message, subject, date, summary: null, trouble: null } });
  const about = (level, network, country, links = []) => ({ level, headline: "h", network, country, links });
  return {
    asked, ports, log, document, answer, row, about,
    click: async (selector) => {
      document.querySelector(selector).dispatchEvent(new window.MouseEvent("click", { bubbles: true }));
      await sleep(5);
    },
    key: (name) => document.activeElement.dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true })),
    subjects: () => [...document.querySelectorAll(".open")].map((button) => button.textContent),
    cells: (name) => [...document.querySelectorAll(`tbody .column-${name}`)].map((cell) => cell.textContent),
  };
}

async function filled(given) {
  const page = await open(given);
  const { answer, row, about } = page;
  await answer(row(1, "b 10"), row(2, "a"), row(3, "b 9"));
  await answer({ of: 1, summary: about("clear", "OCN", "JP", ["shop.example"]), trouble: null });
  await answer({ of: 2, summary: about("danger", "Host", "DE", ["one.example", "two.example", "three.example"]), trouble: null });
  await answer({ of: 3, summary: null, trouble: { kind: "unreadable", detail: "", advice: null, command: null } });
  return page;
}

test("a line for each message, filled as answers come, and the end said aloud", async () => {
  const page = await open();
  assert.deepEqual(page.asked, [{ ask: "round", messages: [1, 2, 3] }]);
  await page.answer(page.row(1, "b"), page.row(2, ""));
  assert.deepEqual([page.subjects(), page.cells("verdict")], [["b", "(no subject)"], ["waiting", "waiting"]]);
  assert.equal(page.document.querySelector("progress").getAttribute("value"), "0");
  const done = await filled();
  assert.equal(done.document.querySelector("progress").getAttribute("value"), "3");
  await done.answer({ over: true });
  assert.deepEqual(done.cells("sender"), ["OCN, Japan", "Host, Germany", ""]);
  assert.deepEqual(done.cells("links"), ["shop.example", "one.example, two.example and 1 more", ""]);
  assert.deepEqual(done.cells("verdict").slice(0, 2), ["No warning", "Danger"]);
  assert.equal(done.document.querySelector("progress"), null);
  assert.match(done.document.getElementById("live").textContent, /3 messages.*1 of them/);
});

test("a heading sorts, up and then down, and keeps the focus; what is not known comes last", async () => {
  const { click, subjects, document } = await filled();
  document.querySelector("[data-key=sort-subject]").focus();
  await click("[data-key=sort-subject]");
  assert.deepEqual(subjects(), ["a", "b 9", "b 10"]);
  assert.equal(document.querySelector(".column-subject").getAttribute("aria-sort"), "ascending");
  await click("[data-key=sort-subject]");
  assert.deepEqual(subjects(), ["b 10", "b 9", "a"]);
  assert.equal(document.activeElement.dataset.key, "sort-subject");
  await click("[data-key=sort-verdict]");
  assert.deepEqual(subjects(), ["a", "b 10", "b 9"]);
  await click("[data-key=sort-sender]");
  await click("[data-key=sort-sender]");
  assert.deepEqual(subjects(), ["b 10", "a", "b 9"]);
});

test("a row opens its message's panel, arrows lead from row to row", async () => {
  const { click, document, key, log } = await filled();
  await click("[data-key=open-2]");
  assert.deepEqual(log.opened, [["tab", "panel.html?place=tab&message=2"]]);
  document.querySelector("[data-key=open-1]").focus();
  key("ArrowDown");
  assert.equal(document.activeElement.dataset.key, "open-2");
  key("ArrowUp");
  key("ArrowUp");
  assert.equal(document.activeElement.dataset.key, "open-1");
});

test("it can be stopped, and gone on with what is left", async () => {
  const page = await open({ search: "?place=popup&of=400&messages=1,2,3" });
  await page.answer(page.row(1, "a"), page.row(2, "b"), page.row(3, "c"), { of: 1, summary: page.about("clear", "", ""), trouble: null });
  assert.match(page.document.getElementById("notes").textContent, /first 3 of 400/);
  await page.click("[data-action=cancel]");
  assert.deepEqual(page.asked.at(-1), { ask: "cancel" });
  assert.deepEqual(page.cells("verdict"), ["No warning", "not looked at", "not looked at"]);
  await page.click("[data-action=go_on]");
  assert.deepEqual(page.asked.at(-1), { ask: "round", messages: [2, 3] });
  await page.click("#tab");
  assert.deepEqual([page.log.opened, page.log.closed], [[["tab", "several.html?place=tab&of=400&messages=1,2,3"]], 1]);
});

test("a background that goes away is no endless wait", async () => {
  const page = await open();
  await page.answer(page.row(1, "a"));
  page.ports[0].onDisconnect.fire(page.ports[0]);
  await sleep(5);
  assert.equal(page.document.body.dataset.state, "cancelled");
});

test("the line of a real report says who sent it and whose its links are", () => {
  const report = JSON.parse(readFileSync(new URL("../frames/kagoya.en.json", import.meta.url), "utf8"));
  const { level, network, country, links } = summary(report);
  assert.deepEqual({ level, network, country, links }, { level: "danger", network: "Xserver Inc.", country: "JP", links: ["w-support.jp"] });
  assert.deepEqual(summary({ ...frame("en"), origin: null }).network, "");
});

test("numbers sort as numbers, and a stranger's text stays text", () => {
  const columns = [{ name: "size", title: "Size", cell: ({ size }) => [String(size)], order: ({ size }) => size }];
  const view = resultsView({ caption: "c", columns, rows: [{ size: 10 }, { size: 9 }], key: ({ size }) => `row-${size}`, sort: sortedBy(null, "size") });
  assert.deepEqual(JSON.stringify(view).match(/row-\d+/g), ["row-9", "row-10"]);
});
