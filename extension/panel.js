// @ts-check
/** The panel: asks the background about one message and paints what it is told. The same page is popup, window and tab. */
import { known } from "./actions.js";
import { write } from "./clipboard.js";
import { replace } from "./dom.js";
import { fill } from "./land.js";
import { draft, showSwitch, turnSwitch } from "./letters.js";
import { Keeping, toKeep } from "./keep.js";
import { putAway } from "./mailbox.js";
import { many } from "./many.js";
import { headerText, nextMark } from "./marks.js";
import { panelUrl, severalUrl } from "./open.js";
import "./paper.js";
import { plain } from "./plain.js";
import { noticeView, nothingView, progressView, putView, stoppedView, troubleView } from "./status.js";
import { view } from "./view.js";
import { visible, visibleText } from "./visible.js";
import { completingView, cutView, incompleteView, isCut, paintInSlices } from "./whole.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);

const query = new URLSearchParams(location.search);
const asked = Number(query.get("message")) || undefined; // ids count from 1
const place = query.get("place") ?? "popup";

let keepNext = toKeep(query);

const page = {
  subject: element("subject"),
  notes: element("notes"),
  upkeep: element("upkeep"),
  panel: element("panel"),
  progress: element("progress"),
  live: element("live"),
  copy: element("copy"),
  tab: element("tab"),
};

/**
 * What is on the page now.
 *
 * @type {{message: number | undefined, report: Sekisho.PanelReport | null, whole: Sekisho.PanelReport | null, sides: import("./view.js").Sides, over: boolean}}
 */
const now = { message: asked, report: null, whole: null, sides: new Map(), over: false };
const keeping = new Keeping({ document, send: (errand) => browser.runtime.sendMessage(errand), copy, tell });
/** @type {Sekisho.BackgroundPort | null} */
let port = null;
let retried = false;
/** Whether the reader has just said something that may move the checkpoint: then it is brought before the eye. */
let moved = false;
/** The way back for a message that was put away. @type {(() => Promise<import("./mailbox.js").Done>) | null} */
let undo = null;

document.documentElement.lang = say("locale");
document.documentElement.dataset["place"] = place;
document.title = say("name");
page.copy.textContent = say("copy");
page.tab.textContent = say("open_tab");
page.tab.hidden = place === "tab";
ask();

/** @param {{again?: boolean}} [how] */
async function ask({ again = false } = {}) {
  now.over = false;
  moved = false;
  setState("analysing");
  /** @type {Sekisho.Question} */
  const question = { ask: "show", again, message: now.message };
  if (question.message === undefined) {
    const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
    question.tab = tab?.id;
  }
  connected().postMessage(question);
}

/** Names a server that forwards mail, or takes it back; what comes is the same message, looked at anew. @param {string} relay @param {boolean} on */
function sayRelay(relay, on) {
  now.over = false;
  moved = true;
  setState("analysing");
  connected().postMessage({ ask: "relay", relay, on, message: now.message });
}

/**
 * Of this mail alone: asks others too, as far as that level goes, or has these links followed.
 *
 * @param {Sekisho.Privacy | undefined} privacy
 * @param {string[] | undefined} visit
 */
function askMore(privacy, visit) {
  now.over = false;
  setState("analysing");
  connected().postMessage({ ask: "more", ...(visit ? { visit } : { privacy }), message: now.message });
}

/** Trusts a sender, or no longer. @param {string} sender @param {boolean} on */
function sayTrust(sender, on) {
  now.over = false;
  setState("analysing");
  connected().postMessage({ ask: "trust", sender, on, message: now.message });
}

/** @param {"junk" | "trash"} kind */
function put(kind) {
  if (now.message !== undefined) return settle(putAway(now.message, kind));
}

/** Says what came of it, with the way back; nothing where another page says it. @param {Promise<import("./mailbox.js").Done | null>} under */
async function settle(under) {
  const came = await under;
  if (!came) return;
  const { said, values, message, back } = came;
  now.message = message;
  undo = back;
  replace(page.progress, putView(say(said, ...values), back !== null, say));
  setState("done", say(said, ...values));
  (page.progress.querySelector("button") ?? page.progress).focus();
}

/** The event page may have been unloaded since: then a new connection wakes it. */
function connected() {
  if (port) return port;
  const fresh = browser.runtime.connect({ name: "panel" });
  port = fresh;
  fresh.onMessage.addListener(take);
  fresh.onDisconnect.addListener(() => {
    port = null;
    if (now.over) return;
    if (retried) return showTrouble({ kind: "crashed", detail: "", advice: null, command: null });
    retried = true;
    ask();
  });
  return fresh;
}

/** @param {Sekisho.Answer} answer */
function take(answer) {
  if ("none" in answer) {
    now.over = true;
    page.progress.replaceChildren();
    replace(page.panel, nothingView(say));
    setState("nothing", say("nothing"));
    return;
  }
  if ("several" in answer) {
    now.over = true;
    return location.replace(severalUrl({ messages: answer.several, of: answer.of, place }));
  }
  const { snapshot, problems, subject } = answer;
  now.message = snapshot.message;
  const { phase, report, trouble } = snapshot;
  const heading = report?.message.subject ?? subject;
  replace(page.subject, heading ? [["bdi", {}, ...visible(heading)]] : []);
  // What is to be mended some day stands below the report: first comes the verdict.
  const [soon, later] = [true, false].map((plain) => problems.filter((one) => (typeof one === "string") === plain));
  replace(page.notes, (soon ?? []).flatMap((one) => noticeView(one, say)));
  replace(page.upkeep, (later ?? []).flatMap((one) => noticeView(one, say)));

  if (report && report !== now.report) {
    now.report = report;
    now.whole = null;
    replace(page.panel, view(report, say, now.sides));
    showSwitch(page.panel);
    setTimeout(fill, 0, page.panel); // the words first
    keeping.show();
  }
  if (trouble && phase === "failed") return showTrouble(trouble, report);
  if (phase === "done") {
    now.over = true;
    page.progress.replaceChildren();
    setState("done", report ? `${say(`level_${report.verdict.level}`)}: ${report.verdict.headline}` : "");
    if (report && keepNext) keeping.keep(report, { ...keepNext, message: now.message });
    keepNext = null;
    if (report && isCut(report)) showCut(report);
    if (moved) jump(document.getElementById("at-checkpoint") ? "#at-checkpoint" : "#route");
    moved = false;
  } else if (phase === "cancelled") {
    now.over = true;
    if (!report) replace(page.panel, []);
    replace(page.progress, stoppedView(snapshot, say));
    setState("cancelled", say(report ? "stopped" : "cancelled"));
  } else {
    replace(page.progress, progressView(snapshot, say));
    setState("analysing", say(report?.lookups?.waiting ? "asking" : "analysing")); // said once, not with each answer
  }
}

/** The host had no room for all of it: a tab shows the rest, any other place leads there. @param {Sekisho.PanelReport} report */
async function showCut(report) {
  if (place !== "tab" || now.message === undefined) return replace(page.progress, cutView(report, say));
  const wanted = () => now.report === report && now.over;
  replace(page.progress, completingView(0, 0, say));
  page.live.textContent = say("completing");
  const { report: whole } = await browser.runtime.sendMessage({ ask: "whole", message: now.message });
  if (!wanted()) return;
  if (!whole) {
    page.live.textContent = say("incomplete");
    return replace(page.progress, incompleteView(say));
  }
  const step = (/** @type {number} */ done, /** @type {number} */ total) => replace(page.progress, completingView(done, total, say));
  if (!(await paintInSlices(page.panel, view(whole, say, now.sides), { wanted, step }))) return;
  now.whole = whole;
  showSwitch(page.panel);
  keeping.show();
  setTimeout(fill, 0, page.panel);
  page.progress.replaceChildren();
  setState("done", say("complete"));
}

/** @param {Sekisho.Trouble} trouble @param {Sekisho.PanelReport | null} [report] what was known before, and stays */
function showTrouble(trouble, report = null) {
  now.over = true;
  now.report = report;
  replace(page.progress, report ? troubleView(trouble, say) : []);
  replace(page.panel, report ? view(report, say, now.sides) : troubleView(trouble, say));
  setState("trouble", say(`trouble_${trouble.kind.replace("-", "_")}`));
}

/** @param {"analysing" | "done" | "nothing" | "trouble" | "cancelled"} state @param {string} [spoken] */
function setState(state, spoken) {
  const { dataset } = document.body;
  dataset["state"] = state;
  dataset["message"] = now.message === undefined ? "" : String(now.message);
  dataset["level"] = state === "trouble" || state === "nothing" ? "" : (now.report?.verdict.level ?? "");
  dataset["final"] = String(now.report?.final ?? false);
  dataset["whole"] = String(now.whole !== null);
  page.copy.hidden = !now.report;
  page.tab.hidden = place === "tab" || now.message === undefined;
  const words = spoken === undefined ? page.live.textContent : visibleText(spoken); // a headline has names of the mail in it
  if (page.live.textContent !== words) page.live.textContent = words;
}

/** @param {string} key @param {string[]} values */
function tell(key, ...values) {
  page.live.textContent = say(key, ...values);
  replace(page.progress, [["p", { class: "told" }, say(key, ...values)]]);
}

/** @param {{format: string, how: string}} what @param {HTMLElement} button */
async function keep({ format, how }, button) {
  if (!now.report) return;
  if (how === "copy" || place !== "popup" || now.message === undefined) return keeping.keep(now.report, { format, how, message: now.message }, button);
  const url = panelUrl({ message: now.message, place: "tab" });
  await browser.tabs.create({ url: `${url}&keep=${format}&publication=${keeping.publication}` });
  window.close();
}

/** @param {string} text @param {HTMLElement} button */
async function copy(text, button) {
  try {
    await write(text);
    page.live.textContent = say("copied");
    const words = button.textContent;
    if (button.dataset["copied"]) return;
    button.dataset["copied"] = "true";
    button.textContent = say("copied");
    setTimeout(() => {
      button.textContent = words;
      delete button.dataset["copied"];
    }, 1500);
  } catch {
    page.live.textContent = say("not_copied");
  }
}

async function openTab() {
  if (now.message === undefined) return;
  await browser.tabs.create({ url: panelUrl({ message: now.message, place: "tab" }) });
  window.close();
}

/** Goes to a finding's evidence, or back to it. @param {string} hash */
function jump(hash) {
  const id = hash.slice(1);
  const target = document.getElementById(id) ?? document.querySelector(`[data-finding="${CSS.escape(id.replace("finding-", ""))}"]`);
  if (!(target instanceof HTMLElement)) return;
  arrive(target);
}

/** Folds on the way are opened, the place gets the focus. @param {HTMLElement} target */
function arrive(target) {
  for (let fold = target.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  const focus = target instanceof HTMLDetailsElement ? (target.querySelector("summary") ?? target) : target;
  if (focus === target && !target.hasAttribute("tabindex")) target.tabIndex = -1;
  focus.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  target.classList.remove("arrived");
  requestAnimationFrame(() => target.classList.add("arrived"));
}

/** The mark that was gone to last. @type {HTMLElement | null} */
let marked = null;

/** Goes to the next mark in the header, or the one before, and says what is marked there. @param {boolean} back */
function goToMark(back) {
  const found = nextMark(page.panel, back, marked);
  if (!found) return;
  marked = found.mark;
  const { mark, number, count } = found;
  arrive(mark);
  const said = say("mark_of", String(number), String(count));
  for (const button of page.panel.querySelectorAll('[data-action="next_mark"]')) button.setAttribute("data-count", said);
  page.live.textContent = `${said}: ${mark.querySelector(".note")?.textContent ?? ""}`;
}

/** Of the report that is on the page, as a text. @param {(report: Sekisho.PanelReport, say: Sekisho.Say) => string} written */
function shown(written) {
  const report = now.whole ?? now.report;
  return report ? written(report, say) : "";
}

/** What a click does, by the action's name. @type {Record<string, (carried: any, button: HTMLButtonElement) => unknown>} */
const DEEDS = {
  copy: ({ text }, button) => copy(text ?? shown(plain), button),
  open_tab: openTab,
  open_page: ({ url }) => browser.windows.openDefaultBrowser(url),
  next_mark: ({ back = false }) => goToMark(back),
  copy_header: (_, button) => copy(shown(headerText), button),
  publication: () => keeping.turn(),
  keep: (what, button) => keep(what, button),
  analyse: () => ask({ again: true }),
  relay: ({ relay, on }) => sayRelay(relay, on),
  trust: ({ sender, on }) => sayTrust(sender, on),
  junk: () => put("junk"),
  move: () => put("trash"),
  campaign: ({ how }) => now.message !== undefined && settle(many(now.message, how)),
  put_back: () => undo && settle(undo()),
  ask_more: ({ privacy, visit }) => askMore(privacy, visit),
  mask: () => turnSwitch(page.panel),
  draft: async (carried, button) => {
    if (now.message !== undefined) page.live.textContent = await draft(carried, button, now.message, say);
  },
  cancel: () => port?.postMessage({ ask: "cancel" }),
};

document.addEventListener("click", (event) => {
  const clicked = event.target instanceof Element ? event.target.closest("a, button") : null;
  if (clicked instanceof HTMLAnchorElement) {
    event.preventDefault(); // the fragment would stay in the history of a tab
    jump(clicked.getAttribute("href") ?? "");
    return;
  }
  if (!(clicked instanceof HTMLButtonElement)) return;
  const { action = "", arguments: given = "{}" } = clicked.dataset;
  const carried = known(action, JSON.parse(given));
  if (carried) DEEDS[action]?.(carried, clicked);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
  if (event.key.toLowerCase() === "n" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) return goToMark(event.shiftKey);
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.closest(".noted")) return activeElement.blur(); // puts its note away
  if (place !== "tab") window.close();
});

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new TypeError(`panel.html has no #${id}`);
  return found;
}
