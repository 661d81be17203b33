// @ts-check
/**
 * The page of many messages: one line each, which leads to that message's panel. Those that are selected (popup, window or tab), or those
 * of folders (a tab). They are looked at in rounds of a hundred at most; of a message nothing but its line is kept here.
 */
import { LEVELS, columns, verdictWords } from "./columns.js";
import { replace } from "./dom.js";
import { batches, size } from "./folders.js";
import { panelUrl, severalUrl } from "./open.js";
import { resultsView, sortedBy } from "./results.js";
import { Waves } from "./waves.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);

const query = new URLSearchParams(location.search);
const place = query.get("place") ?? "window";
const folders = query.getAll("folder");
const ofFolders = folders.length > 0;
const messages = (query.get("messages") ?? "").split(",").map(Number).filter((id) => Number.isInteger(id) && id > 0);
/** How many there are. */
let selected = Math.max(messages.length, Number(query.get("of")) || 0);
/** So many lines stand on the page, and as many more at each click. */
const MAX_SHOWN = 200;
/** Of a folder it is painted anew so often, in milliseconds: answers come faster than a long table is drawn. */
const PACE = 500;
/** So many different campaigns of one round are told apart. */
const MAX_WAVES = 10;

/** @type {Map<number, Sekisho.Row>} */
const rows = new Map();
const waves = new Waves();
/** @type {import("./results.js").Sort | null} */
let sort = null;
/** Lines of that verdict alone. @type {Sekisho.Level | null} */
let only = null;
let shown = MAX_SHOWN;
/** @type {"analysing" | "done" | "cancelled"} */
let state = "analysing";
/** @type {Sekisho.BackgroundRoundPort | null} */
let port = null;
/** The lines that this round is about. @type {number[]} */
let round = messages;
/** The messages of the folders by their Message-ID. @type {Map<string, number>} */
const byName = new Map();
/** How many of its kind had come, by message of this round; only where there were some. @type {Map<number, number>} */
let alike = new Map();
/** How many were looked at when the event page went away last. */
let before = 0;
/** @type {"soon" | "later" | null} */
let painting = null;
let going = Promise.resolve();
const listed = ofFolders ? batches(folders) : null;

const { subject, verdict, date, owner, country, brand, campaign, sender, links } = columns(say, () => say(state === "cancelled" ? "not_looked_at" : "waiting"), waves);
const COLUMNS = ofFolders ? [subject, verdict, date, owner, country, brand, campaign] : [subject, verdict, sender, links, date];

document.documentElement.lang = say("locale");
document.documentElement.dataset["place"] = place;
document.body.dataset["of"] = ofFolders ? "folder" : "selection";
title();
element("tab").textContent = say("open_tab");
element("tab").hidden = place === "tab";
if (ofFolders) {
  size(folders).then((count) => {
    selected = Math.max(count, rows.size);
    paint();
  });
} else if (selected > messages.length) note(say("several_more", String(messages.length), String(selected)));
go();

function title() {
  const name = query.get("name") ?? "";
  const words = ofFolders ? say("folder_title", name) : say("several_title", String(selected));
  document.title = ofFolders ? words : say("name");
  element("subject").textContent = words;
}

/** @param {string} words */
function note(words) {
  replace(element("notes"), [["p", {}, words]]);
}

/** Goes on where it stands, once it has come to a stand. */
function go() {
  going = going.then(step);
}

/** What is left of this round, else the next one. */
async function step() {
  if (state !== "analysing") return;
  const left = round.filter((id) => !rows.get(id)?.summary && !rows.get(id)?.trouble);
  if (left.length || !listed) return look(left);
  await relate();
  if (state !== "analysing") return;
  const next = await listed.next().catch((error) => {
    console.warn("Sekisho cannot list a folder:", error);
    note(say("folder_unreadable"));
    return { done: true, value: undefined };
  });
  if (next.done || !next.value) return end();
  round = next.value.map(({ id }) => id);
  for (const { id, headerMessageId } of next.value) if (headerMessageId) byName.set(headerMessageId, id);
  if (state === "analysing") look(round);
}

/** @param {number[]} which */
function look(which) {
  connected().postMessage({ ask: "round", messages: which });
  paint();
}

/** The event page may have been unloaded since: then a new connection wakes it. */
function connected() {
  if (port) return port;
  const fresh = browser.runtime.connect({ name: "round" });
  port = fresh;
  fresh.onMessage.addListener(take);
  fresh.onDisconnect.addListener(() => {
    port = null;
    if (state !== "analysing") return;
    const known = looked();
    const again = ofFolders && known > before; // it got somewhere since the last time
    before = known;
    if (again) go();
    else stopped();
  });
  return fresh;
}

/** @param {Sekisho.RoundAnswer} answer */
function take(answer) {
  if (state !== "analysing") return;
  if ("over" in answer) {
    if (ofFolders) go();
    else end();
    return;
  }
  if ("row" in answer) {
    if (!rows.get(answer.row.message)?.summary) rows.set(answer.row.message, answer.row);
  } else {
    const row = rows.get(answer.of);
    const { summary, trouble } = answer;
    if (summary?.campaign) alike.set(answer.of, summary.campaign);
    if (row) rows.set(answer.of, { ...row, trouble, summary: summary && ofFolders ? { ...summary, headline: "", links: [] } : summary });
  }
  paint(ofFolders);
}

/** Has the host say which messages are of one kind: asked about the one that was looked at last, it names those before. */
async function relate() {
  const open = alike;
  alike = new Map();
  for (let asked = 0; open.size && asked < MAX_WAVES; asked += 1) {
    const [[message, count] = [0, 0]] = [...open].sort(([, few], [, many]) => many - few);
    /** @type {Sekisho.Wave | null} */
    const found = await browser.runtime.sendMessage({ ask: "campaign", message }).catch(() => null);
    const same = (found?.messages ?? []).flatMap(({ message_id: name }) => (name === null ? [] : (byName.get(name) ?? [])));
    waves.join([message, ...same], Math.max(count, found?.messages.length ?? 0));
    for (const one of [message, ...same]) open.delete(one);
  }
  paint();
}

function end() {
  state = "done";
  const bad = [...rows.values()].filter(({ summary }) => summary && summary.level !== "clear").length;
  element("live").textContent = say("several_done", String(rows.size), String(bad));
  selected = ofFolders ? rows.size : selected;
  paint();
}

function looked() {
  let count = 0;
  for (const { summary, trouble } of rows.values()) if (summary || trouble) count += 1;
  return count;
}

/** At most once a frame: answers come faster than anybody reads. @param {boolean} [slowly] not even that often */
function paint(slowly = false) {
  if (painting === "soon" || (painting && slowly)) return;
  painting = slowly ? "later" : "soon";
  if (slowly) setTimeout(requestAnimationFrame, PACE, draw);
  else requestAnimationFrame(draw);
}

function draw() {
  painting = null;
  document.body.dataset["state"] = state;
  const every = [...rows.values()];
  const wanted = only ? every.filter(({ summary }) => summary?.level === only) : every;
  const table = {
    caption: ofFolders ? document.title : say("several_title", String(selected)),
    columns: COLUMNS,
    rows: wanted,
    key: (/** @type {Sekisho.Row} */ { message }) => `row-${message}`,
    sort,
    most: shown,
  };
  replace(element("filter"), ofFolders && every.length ? filter(every) : []);
  replace(element("table"), wanted.length ? [resultsView(table)] : state === "done" ? [["p", { class: "remark" }, say(only ? "folder_none_so" : "folder_empty")]] : []);
  replace(element("more"), wanted.length > shown ? [["button", { type: "button", "data-action": "more", "data-key": "more" }, say("folder_more", String(shown), String(wanted.length))]] : []);
  replace(element("progress"), progress(looked()));
}

/** A button for each verdict, with how many have it. @param {Sekisho.Row[]} every @returns {Sekisho.Node[]} */
function filter(every) {
  const button = (/** @type {Sekisho.Level | null} */ level, /** @type {string} */ words, /** @type {number} */ count) =>
    /** @type {Sekisho.Node} */ ([
      "button",
      { type: "button", "aria-pressed": String(only === level), "data-action": "only", "data-arguments": JSON.stringify({ level }), "data-key": `only-${level}` },
      say("filter_count", words, String(count)),
    ]);
  const counts = LEVELS.map((level) => button(level, verdictWords(level, say), every.filter(({ summary }) => summary?.level === level).length));
  return [["div", { class: "filter", role: "group", "aria-label": say("filter") }, button(null, say("filter_all"), every.length), ...counts]];
}

/** @param {number} done @returns {Sekisho.Node[]} */
function progress(done) {
  if (state === "done") return [];
  const over = state === "cancelled";
  const whole = String(ofFolders ? Math.max(selected, rows.size) : messages.length);
  const words = over ? say("several_stopped", String(done), whole) : say("several_progress", String(done), whole);
  return [
    [
      "div",
      { class: "progress beneath" },
      ["p", {}, words],
      over ? null : ["progress", { max: whole, value: String(done), "aria-label": say("analysing") }],
      ["button", { type: "button", "data-action": over ? "go_on" : "cancel", "data-key": "cancel" }, say(over ? "several_go_on" : "cancel")],
    ],
  ];
}

function stopped() {
  state = "cancelled";
  element("live").textContent = say("cancelled");
  paint();
}

/** @param {number} message */
async function open(message) {
  const url = panelUrl({ message, place: place === "tab" ? "tab" : "window" });
  if (place === "tab") await browser.tabs.create({ url });
  else await browser.windows.create({ type: "popup", url, width: 480, height: 720 });
}

/** What a click does, by the button's action. @type {Record<string, (given: any) => unknown>} */
const DEEDS = {
  open: ({ message }) => open(message),
  sort: ({ by }) => {
    sort = sortedBy(sort, by);
    paint();
  },
  only: ({ level }) => {
    only = level;
    shown = MAX_SHOWN;
    paint();
  },
  more: () => {
    shown += MAX_SHOWN;
    paint();
  },
  cancel: () => {
    port?.postMessage({ ask: "cancel" });
    stopped();
  },
  go_on: () => {
    state = "analysing";
    go();
  },
  open_tab: async () => {
    await browser.tabs.create({ url: severalUrl({ messages, of: selected, place: "tab" }) });
    window.close();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const { action = "", arguments: given = "{}" } = button?.dataset ?? {};
  if (Object.hasOwn(DEEDS, action)) DEEDS[action]?.(JSON.parse(given));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && place !== "tab") return window.close();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { activeElement } = document;
  if (!step || !activeElement?.matches("button.open")) return;
  const buttons = [...document.querySelectorAll("button.open")];
  const next = buttons[buttons.indexOf(activeElement) + step];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
});

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new TypeError(`several.html has no #${id}`);
  return found;
}
