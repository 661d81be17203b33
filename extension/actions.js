// @ts-check
/** What a button of a report's panel may stand for, and what it may carry. A report's word is not taken for it: what does not fit is no button. */
import { publicPage } from "./pages.js";

/** @typedef {Record<string, unknown>} Arguments */

const LEVELS = new Set(["resolver", "registry", "sender"]);
const LANGUAGES = new Set(["en", "ja"]);

const MANY = new Set(["first", "table", "select", "junk"]);
const FORMATS = new Set(["html", "markdown", "json", "stix"]);

/** @param {unknown} value */
const text = (value) => typeof value === "string";
/** @param {unknown} value */
const texts = (value) => Array.isArray(value) && value.length > 0 && value.every(text);

/** Each by its name (PROTOCOL.md): whether its arguments are of its form. @type {Record<string, (given: Arguments) => boolean>} */
const FORMS = {
  copy: (given) => given["text"] === undefined || text(given["text"]), // without one: the whole panel
  open_tab: () => true,
  analyse: () => true,
  cancel: () => true,
  relay: (given) => text(given["relay"]) && typeof given["on"] === "boolean",
  ask_more: (given) => texts(given["visit"]) || LEVELS.has(String(given["privacy"])),
  next_mark: (given) => given["back"] === undefined || typeof given["back"] === "boolean",
  copy_header: () => true,
  mask: () => true,
  draft: (given) => text(given["recipient"]) && LANGUAGES.has(String(given["language"])) && (given["campaign"] === undefined || given["campaign"] === true),
  publication: () => true,
  keep: (given) => FORMATS.has(String(given["format"])) && (given["how"] === "copy" || given["how"] === "save"),
  junk: (given) => given["on"] === true,
  move: (given) => given["to"] === "trash",
  campaign: (given) => MANY.has(String(given["how"])),
  put_back: () => true, // the panel's own, after one of these two
  trust: (given) => text(given["sender"]) && typeof given["on"] === "boolean",
  open_page: (given) => publicPage(given["url"]) !== null,
};

/**
 * @param {unknown} name
 * @param {unknown} given
 * @returns {Arguments | null} what the action carries; null where it is none that the panel knows
 */
export function known(name, given) {
  const form = typeof name === "string" && Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  const carried = given && typeof given === "object" ? /** @type {Arguments} */ (given) : {};
  return form?.(carried) ? carried : null;
}
