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

async function open({ search = "?place=tab&of=3&messages=1,2,3", locale = "en", folders = {}, waves = {} } = {}) {
  const say = sayIn(locale);
  const { window } = new JSDOM(html.replace(/<script.*<\/script>/, ""), { url: `https://extension.example/several.html${search}`, pretendToBeVisual: true });
  const [asked, ports, log] = [[], [], { opened: [], closed: 0, related: [], given_back: [], listed: 0 }];
  const page = (folder, from) => ({ id: from + 100 < folders[folder].length ? `${folder} ${from + 100}` : null, messages: folders[folder].slice(from, from + 100) });
  window.close = () => (log.closed += 1);
  const browser = {
    i18n: { getMessage: (key, values = []) => say(key, ...values) },
    tabs: { create: async ({ url }) => log.opened.push(["tab", url]) },
    windows: { create: async ({ url }) => log.opened.push(["window", url]) },
    folders: { getFolderInfo: async (folder) => ({ totalMessageCount: folders[folder]?.length }) },
    messages: {
      list: async (folder) => {
        if (!folders[folder]) throw new Error("no such folder");
        log.listed += 1;
        return page(folder, 0);
      },
      continueList: async (id) => ((log.listed += 1), page(id.split(" ")[0], Number(id.split(" ")[1]))),
      abortList: async (id) => void log.given_back.push(id),
    },
    runtime: {
      sendMessage: async ({ ask, message }) => (log.related.push([ask, message]), waves[message] ?? null),
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

const FOLDER = "?place=tab&name=Inbox&folder=inbox";
const headers = (count, first = 1) => Array.from({ length: count }, (_, n) => ({ id: first + n, headerMessageId: `m${first + n}@x` }));
/** Everything that the page has asked about last is answered. */
async function answered(page, about = () => page.about("clear", "OCN", "JP")) {
  const { messages } = page.asked.at(-1);
  await page.answer(...messages.map((id) => page.row(id, `mail ${id}`)), ...messages.map((id) => ({ of: id, summary: about(id), trouble: null })), { over: true });
}

test("a folder is looked at a hundred at a time, and only the lines stay", async () => {
  const page = await open({ search: FOLDER, folders: { inbox: headers(250) } });
  await sleep(5);
  assert.equal(page.document.getElementById("subject").textContent, "Folder: Inbox");
  assert.deepEqual(page.asked.map(({ messages }) => [messages[0], messages.length]), [[1, 100]]);
  assert.equal(page.log.listed, 1, "nothing is listed ahead");
  assert.equal(page.document.querySelector("progress").getAttribute("max"), "250");
  for (let round = 0; round < 3; round += 1) await answered(page, (id) => ({ ...page.about(id % 50 ? "clear" : "danger", "OCN", "JP", ["a.example"]), brand: "KAGOYA" }));
  assert.deepEqual(page.asked.map(({ messages }) => messages.length), [100, 100, 50]);
  await until(() => page.document.body.dataset.state === "done");
  assert.match(page.document.getElementById("live").textContent, /250 messages.*5 of them/);
  assert.equal(page.subjects().length, 200, "so many lines at once");
  assert.deepEqual(page.cells("brand").slice(0, 1).concat(page.cells("country")[0], page.cells("owner")[0]), ["KAGOYA", "Japan", "OCN"]);
  await page.click("[data-action=more]");
  assert.equal(page.subjects().length, 250);
  assert.equal(page.document.querySelector("[data-action=more]"), null);
  await sleep(600); // what was to be drawn a little later would be drawn into the next test's page
});

test("lines of one verdict alone, with how many there are of each", async () => {
  const page = await open({ search: FOLDER, folders: { inbox: headers(4) } });
  await sleep(5);
  await answered(page, (id) => page.about(id === 2 ? "danger" : "clear", "", ""));
  const buttons = () => [...page.document.querySelectorAll(".filter button")].map((one) => [one.textContent, one.getAttribute("aria-pressed")]);
  await until(() => page.document.body.dataset.state === "done");
  assert.deepEqual(buttons(), [["All: 4", "true"], ["Danger: 1", "false"], ["Caution: 0", "false"], ["No warning: 3", "false"]]);
  await page.click("[data-key=only-danger]");
  assert.deepEqual([page.subjects(), buttons()[1]], [["mail 2"], ["Danger: 1", "true"]]);
  await page.click("[data-key=only-caution]");
  assert.match(page.document.getElementById("table").textContent, /No message has that verdict/);
});

test("messages of one kind are one group, over all rounds, and the host is asked about few of them", async () => {
  const list = (ids) => ({ messages: ids.map((id) => ({ message_id: id === null ? null : `m${id}@x`, at: "" })), left_out: 0 });
  const page = await open({ search: FOLDER, folders: { inbox: headers(120) }, waves: { 30: list([10, null, 30]), 120: list([10, null, 30, 110, 120]) } });
  await sleep(5);
  const counts = { 30: 3, 110: 4, 120: 5 };
  const about = (id) => ({ ...page.about("danger", "", ""), campaign: counts[id] ?? 0 });
  await answered(page, about);
  await answered(page, about);
  await until(() => page.document.body.dataset.state === "done");
  assert.deepEqual(page.log.related, [["campaign", 30], ["campaign", 120]]);
  const cells = page.cells("campaign");
  assert.deepEqual([10, 30, 110, 120].map((id) => cells[id - 1]), Array(4).fill("Group 1 (5)"));
  assert.equal(cells.filter((text) => text).length, 4);
});

test("a folder can be stopped and gone on with where it stood", async () => {
  const page = await open({ search: FOLDER, folders: { inbox: headers(120) } });
  await sleep(5);
  await page.answer(page.row(1, "a"), { of: 1, summary: page.about("clear", "", ""), trouble: null });
  await page.click("[data-action=cancel]");
  assert.match(page.document.getElementById("progress").textContent, /1 of 120/);
  await page.click("[data-action=go_on]");
  assert.equal(page.asked.at(-1).messages.length, 99);
  await answered(page);
  assert.deepEqual(page.asked.at(-1).messages, Array.from({ length: 20 }, (_, n) => 101 + n));
});

test("an event page that goes away in a folder is woken again, as long as it gets somewhere", async () => {
  const page = await open({ search: FOLDER, folders: { inbox: headers(3) } });
  await sleep(5);
  await page.answer(page.row(1, "a"), { of: 1, summary: page.about("clear", "", ""), trouble: null });
  page.ports[0].onDisconnect.fire(page.ports[0]);
  await sleep(5);
  assert.deepEqual([page.ports.length, page.asked.at(-1).messages], [2, [2, 3]]);
  page.ports[1].onDisconnect.fire(page.ports[1]);
  await sleep(5);
  assert.deepEqual([page.ports.length, page.document.body.dataset.state], [2, "cancelled"]);
});

test("a folder that is empty, and one that Thunderbird does not hand out", async (context) => {
  const page = await open({ search: FOLDER, folders: { inbox: [] } });
  await until(() => page.document.body.dataset.state === "done");
  assert.match(page.document.getElementById("table").textContent, /no message/);
  context.mock.method(console, "warn", () => {});
  const gone = await open({ search: "?place=tab&folder=gone", folders: { inbox: [] } });
  await until(() => gone.document.body.dataset.state === "done");
  assert.match(gone.document.getElementById("notes").textContent, /does not hand out/);
});
