// @ts-check
/** What the panel says when it has no report to show: under way, nothing chosen, or trouble and the way out of it. Pure. */
import { visible } from "./visible.js";

/** What set-up mends; run where Sekisho was unpacked. */
const SETUP = "python3 install.py";
/** Troubles that installing again mends. */
const MENDED_BY_SETUP = new Set(["missing", "too-old", "crashed", "silent", "broken"]);

/** @param {Sekisho.Trouble} trouble @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function troubleView({ kind, detail, advice, command }, say) {
  const key = kind.replace("-", "_");
  const mend = command ?? (MENDED_BY_SETUP.has(kind) ? SETUP : null);
  return [
    [
      "section",
      { class: `block trouble trouble-${kind}`, "data-trouble": kind },
      [
        "header",
        { class: "band" },
        ["span", { class: "shape", "aria-hidden": "true" }],
        ["div", {}, ["h1", {}, say(`trouble_${key}`)]],
      ],
      [
        "div",
        { class: "body" },
        ["p", {}, ...(advice ? visible(advice) : [say(`trouble_${key}_why`)])],
        mend
          ? commandView(mend, "trouble", say)
          : null,
        ["p", {}, ["button", { type: "button", class: "primary", "data-action": "analyse", "data-key": "again" }, say("again")]],
        detail ? ["p", { class: "detail" }, ["bdi", {}, ...visible(detail)]] : null,
      ],
    ],
  ];
}

/** No message to say anything about. @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function nothingView(say) {
  return [
    [
      "section",
      { class: "block nothing" },
      ["h1", {}, say("nothing")],
      ["p", {}, say("nothing_why")],
      ["p", {}, ["button", { type: "button", "data-action": "analyse", "data-key": "again" }, say("again")]],
    ],
  ];
}

/**
 * How far it is.
 *
 * @param {Sekisho.Snapshot} snapshot
 * @param {Sekisho.Say} say
 * @returns {Sekisho.Node[]}
 */
export function progressView({ phase, done, total, report }, say) {
  const { asked = 0, waiting = 0 } = report?.lookups ?? {};
  const [part, whole] = waiting ? [asked - waiting, asked] : [done, total];
  const share = whole > 0 && part > 0 ? String(Math.min(1, part / whole)) : null; // without a value the bar runs to and fro
  return [
    [
      "div",
      { class: report ? "progress beneath" : "progress" },
      [report ? "p" : "h1", {}, waiting ? say("asking_count", String(part), String(whole)) : say(phase === "reading" ? "reading" : "analysing")],
      ["progress", { max: "1", value: share, "aria-label": say(waiting ? "asking" : "analysing") }],
      ["button", { type: "button", "data-action": "cancel", "data-key": "cancel" }, say("cancel")],
    ],
  ];
}

/** The reader has ended it; what was known by then stays. @param {Sekisho.Snapshot} snapshot @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function stoppedView({ report }, say) {
  return [
    [
      "div",
      { class: report ? "progress beneath" : "progress" },
      ["p", {}, say(report ? "stopped" : "cancelled")],
      ["button", { type: "button", "data-action": "analyse", "data-key": "again" }, say("again")],
    ],
  ];
}

/** What came of putting the message away. @param {string} said @param {boolean} back @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function putView(said, back, say) {
  const button = /** @type {Sekisho.Node} */ (["button", { type: "button", "data-action": "put_back", "data-key": "put-back" }, say("put_back")]);
  return [["div", { class: "progress beneath" }, ["p", {}, ...visible(said)], back ? button : null]];
}

/** What stands above the panel: a sentence, with the command that mends it where there is one. @param {string | Sekisho.Remedy} notice @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function noticeView(notice, say) {
  if (typeof notice === "string") return [["p", {}, ...visible(notice)]];
  const { text, command } = notice;
  return [["p", {}, ...visible(text)], commandView(command, "notice", say)];
}

/** A command to copy. @param {string} command @param {string} name @param {Sekisho.Say} say @returns {Sekisho.Node} */
function commandView(command, name, say) {
  return [
    "div",
    { class: "command" },
    ["code", { id: name === "trouble" ? "command" : null, tabindex: "0" }, ...visible(command)],
    ["button", { type: "button", "data-action": "copy", "data-key": `copy-${name}`, "data-arguments": JSON.stringify({ text: command }) }, say("copy")],
  ];
}
