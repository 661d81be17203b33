// @ts-check
/** The marks in the header: one after the other by button or key, and the header as text. */
import { visibleText } from "./visible.js";

/**
 * The mark that comes after the one that has the focus, or had it last. Evidence of findings; where there is none, whatever is marked.
 *
 * @param {Element} place
 * @param {boolean} back the one before instead
 * @param {Element | null} [last]
 * @returns {{mark: HTMLElement, number: number, count: number} | null} null where nothing is marked
 */
export function nextMark(place, back, last = null) {
  const noted = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("#source .noted")]);
  const evidence = noted.filter((mark) => mark.dataset["finding"]);
  const marks = evidence.length ? evidence : noted;
  const focused = place.ownerDocument.activeElement?.closest(".noted") ?? null;
  const from = [focused, last].find((mark) => mark !== null && noted.includes(/** @type {HTMLElement} */ (mark)));
  const at = from ? marks.indexOf(/** @type {HTMLElement} */ (from)) : -1;
  const step = at < 0 && back ? marks.length - 1 : at + (back ? -1 : 1);
  const number = (step + marks.length) % marks.length;
  const mark = marks[number];
  return mark ? { mark, number: number + 1, count: marks.length } : null;
}

/** The header as the panel shows it, as text; what does not show is named. @param {Pick<Sekisho.PanelReport, "panel">} report */
export function headerText({ panel }) {
  const source = panel.find(({ block }) => block === "source");
  return (source?.body ?? [])
    .filter(({ kind, spans }) => kind === "marked" && spans)
    .map(({ spans }) => `${visibleText((spans ?? []).map(({ text }) => text).join(""))}\n`)
    .join("");
}
