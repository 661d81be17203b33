// @ts-check
/** The page of several selected messages: one line each, which leads to that message's panel. Popup, window or tab. */
import { replace } from "./dom.js";
import { panelUrl, severalUrl } from "./open.js";
import { resultsView, sortedBy, theirs } from "./results.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);

const query = new URLSearchParams(location.search);
const place = query.get("place") ?? "window";
const messages = (query.get("messages") ?? "").split(",").map(Number).filter((id) => Number.isInteger(id) && id > 0);
const selected = Math.max(messages.length, Number(query.get("of")) || 0);
const LEVELS = ["danger", "caution", "clear"];
const MAX_LINKS = 2;

/** @type {Map<number, Sekisho.Row>} */
const rows = new Map();
/** @type {import("./results.js").Sort | null} */
let sort = null;
/** @type {"analysing" | "done" | "cancelled"} */
let state = "analysing";
/** @type {Sekisho.BackgroundRoundPort | null} */
let port = null;
let painting = false;

const locale = say("locale");
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const regions = new Intl.DisplayNames([locale], { type: "region" });

/** @type {import("./results.js").Column<Sekisho.Row>[]} */
const COLUMNS = [
  {
    name: "subject",
    title: say("column_subject"),
    cell: ({ message, subject }) => [
      ["button", { type: "button", class: "open", "data-action": "open", "data-arguments": JSON.stringify({ message }), "data-key": `open-${message}` }, ...(subject ? theirs(subject) : [say("no_subject")])],
    ],
    order: ({ subject }) => subject,
  },
  {
    name: "verdict",
    title: say("column_verdict"),
    cell: verdict,
    order: ({ summary, trouble }) => (summary ? LEVELS.indexOf(summary.level) : trouble ? LEVELS.length : ""),
  },
  {
    name: "sender",
    title: say("column_sender"),
    cell: ({ summary }) => theirs(sender(summary)),
    order: ({ summary }) => sender(summary),
  },
  {
    name: "links",
    title: say("column_links"),
    cell: ({ summary }) => {
      const links = summary?.links ?? [];
      const left = links.length - MAX_LINKS;
      const more = left > 0 ? [" ", /** @type {Sekisho.Node} */ (["small", {}, say("links_more", String(left))])] : [];
      return [...theirs(links.slice(0, MAX_LINKS).join(say("comma"))), ...more];
    },
    order: ({ summary }) => summary?.links[0] ?? "",
  },
  {
    name: "date",
    title: say("column_date"),
    cell: ({ date }) => (date === null ? [] : [dates.format(date)]),
    order: ({ date }) => date ?? "",
  },
];

document.documentElement.lang = locale;
document.documentElement.dataset["place"] = place;
document.title = say("name");
element("subject").textContent = say("several_title", String(selected));
element("tab").textContent = say("open_tab");
element("tab").hidden = place === "tab";
if (selected > messages.length) replace(element("notes"), [["p", {}, say("several_more", String(messages.length), String(selected))]]);
look(messages);

/** @param {number[]} which */
function look(which) {
  state = "analysing";
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
    if (state === "analysing") stopped();
  });
  return fresh;
}

/** @param {Sekisho.RoundAnswer} answer */
function take(answer) {
  if (state !== "analysing") return;
  if ("over" in answer) {
    state = "done";
    const bad = [...rows.values()].filter(({ summary }) => summary && summary.level !== "clear").length;
    element("live").textContent = say("several_done", String(rows.size), String(bad));
  } else if ("row" in answer) {
    if (!rows.get(answer.row.message)?.summary) rows.set(answer.row.message, answer.row);
  } else {
    const row = rows.get(answer.of);
    if (row) rows.set(answer.of, { ...row, summary: answer.summary, trouble: answer.trouble });
  }
  paint();
}

/** At most once a frame: answers come faster than anybody reads. */
function paint() {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    const { dataset } = document.body;
    dataset["state"] = state;
    const all = [...rows.values()];
    const table = { caption: say("several_title", String(selected)), columns: COLUMNS, rows: all, key: (/** @type {Sekisho.Row} */ { message }) => `row-${message}`, sort };
    replace(element("table"), all.length ? [resultsView(table)] : []);
    replace(element("progress"), progress(all.filter(({ summary, trouble }) => summary || trouble).length));
  });
}

/** @param {number} done @returns {Sekisho.Node[]} */
function progress(done) {
  if (state === "done") return [];
  const over = state === "cancelled";
  const words = over ? say("several_stopped", String(done), String(messages.length)) : say("several_progress", String(done), String(messages.length));
  return [
    [
      "div",
      { class: "progress beneath" },
      ["p", {}, words],
      over ? null : ["progress", { max: String(messages.length), value: String(done), "aria-label": say("analysing") }],
      ["button", { type: "button", "data-action": over ? "go_on" : "cancel", "data-key": "cancel" }, say(over ? "several_go_on" : "cancel")],
    ],
  ];
}

/** @param {Sekisho.Row} row @returns {Sekisho.Node[]} */
function verdict({ summary, trouble }) {
  if (trouble) return [say(`trouble_${trouble.kind.replace("-", "_")}`)];
  if (!summary) return [["span", { class: "waiting" }, say(state === "cancelled" ? "not_looked_at" : "waiting")]];
  const { level } = summary;
  const words = say(level === "clear" ? "nothing_found" : `level_${level}`);
  return [["span", { class: `badge level-${level}`, "data-level": level }, ["span", { class: "shape", "aria-hidden": "true" }], words]];
}

/** @param {import("./summary.js").Summary | null} summary */
function sender(summary) {
  const country = summary?.country ? (regions.of(summary.country) ?? summary.country) : "";
  const owner = summary?.network ?? "";
  return owner && country ? say("owner_country", owner, country) : owner || country;
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
  cancel: () => {
    port?.postMessage({ ask: "cancel" });
    stopped();
  },
  go_on: () => look(messages.filter((id) => !rows.get(id)?.summary)),
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
  const all = [...document.querySelectorAll("button.open")];
  const next = all[all.indexOf(activeElement) + step];
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
