// @ts-check
/** Makes seen what is meant not to be seen: controls, direction marks, zero-width and other invisible characters. */

/** What one text may have in the panel: beyond this it says how much more there is. */
export const MAX_TEXT = 20_000;

/**
 * C0 and C1 controls but tab and line feed; soft hyphen, Arabic letter mark, Mongolian vowel separator, Hangul fillers,
 * zero-width characters and joiners, direction marks, embeddings, overrides and isolates (UAX #9), line and paragraph
 * separators, invisible operators, interlinear marks, the byte order mark, tags, lone surrogates.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]+/gu;

/** A joiner between two pictures makes one picture of them: nothing is hidden by it. */
const PICTURE_BEFORE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;

/** A text with more of them than this shows the rest without a frame around each. */
const MAX_FRAMED = 200;

/**
 * @param {string} text
 * @returns {Sekisho.Node[]} pieces of text, and a `span` for each run of characters that would not show
 */
export function visible(text) {
  const cut = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  /** @type {Sekisho.Node[]} */
  const pieces = [];
  let at = 0;
  for (const match of cut.matchAll(UNSEEN)) {
    const [run] = match;
    const end = match.index + run.length;
    if (run === "\u200d" && PICTURE_BEFORE.test(cut.slice(at, match.index)) && PICTURE_AFTER.test(cut.slice(end, end + 2))) continue;
    if (pieces.length >= MAX_FRAMED) break;
    if (at < match.index) pieces.push(cut.slice(at, match.index));
    pieces.push(["span", { class: "unseen" }, names(run)]);
    at = end;
  }
  if (at < cut.length) pieces.push(cut.slice(at).replace(pieces.length >= MAX_FRAMED ? UNSEEN : /$^/, names));
  if (cut !== text) pieces.push(["span", { class: "more" }, `… (+${text.length - MAX_TEXT})`]);
  return pieces;
}

/** The same as plain text. @param {string} text */
export function visibleText(text) {
  return visible(text)
    .map((piece) => (typeof piece === "string" ? piece : String(piece[2])))
    .join("");
}

/** The first few of a run by name, the rest by number. @param {string} run */
function names(run) {
  const characters = [...run];
  const named = characters.slice(0, 8).map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
  return named.join("") + (characters.length > 8 ? `… (+${characters.length - 8})` : "");
}
