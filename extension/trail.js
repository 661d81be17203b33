// @ts-check
/**
 * The way from a finding to its evidence and back. A finding points at anchors (`where`); the panel carries the anchors.
 * The finding's own entry is the first primitive that says its title.
 */

/** An anchor comes from the host, which made it from a mail: nothing else becomes an element's id. */
const ANCHOR = /^[a-z-]+(?::[a-z0-9_.-]+){0,3}$/i;
const MAX_DEPTH = 40;
/** Kinds of anchor that are a number, counted from 0. */
const COUNTED = new Set(["hop", "link", "attachment", "part"]);

export class Trail {
  /** @type {Map<string, Sekisho.Finding>} findings that have an entry, by id */
  #entries = new Map();
  /** @type {Map<object, Sekisho.Finding>} */
  #entryAt = new Map();
  /** @type {Map<string, object>} where each anchor is first seen */
  #places = new Map();

  /** @param {Pick<Sekisho.PanelReport, "panel" | "findings">} report */
  constructor({ panel, findings }) {
    const byTitle = new Map(findings.map((finding) => [finding.title, finding]));
    for (const block of panel) this.#walk(block.body, byTitle, 0);
  }

  /** @param {Sekisho.Primitive[]} primitives @param {Map<string, Sekisho.Finding>} byTitle @param {number} depth */
  #walk(primitives, byTitle, depth) {
    if (depth > MAX_DEPTH) return;
    for (const primitive of primitives) {
      this.#mark(primitive);
      const finding = byTitle.get(primitive.summary ?? primitive.text ?? "");
      if (finding && !this.#entries.has(finding.id)) {
        this.#entries.set(finding.id, finding);
        this.#entryAt.set(primitive, finding);
      }
      for (const item of primitive.items ?? []) this.#walk(item, byTitle, depth + 1);
      for (const stop of primitive.stops ?? []) {
        this.#mark(stop);
        this.#walk(stop.body ?? [], byTitle, depth + 1);
      }
      for (const point of primitive.points ?? []) this.#walk(point.body ?? [], byTitle, depth + 1);
      this.#walk(primitive.body ?? [], byTitle, depth + 1);
    }
  }

  /** @param {{anchor?: string | null}} shown a primitive or a stop */
  #mark(shown) {
    const { anchor } = shown;
    if (anchor && ANCHOR.test(anchor) && !this.#places.has(anchor)) this.#places.set(anchor, shown);
  }

  /** The id of the element that shows this anchor, null where an earlier one has it. @param {{anchor?: string | null}} shown */
  id(shown) {
    const { anchor } = shown;
    return anchor && this.#places.get(anchor) === shown ? `at-${anchor}` : null;
  }

  /** Whether that anchor can be gone to in this panel. @param {unknown} anchor @returns {anchor is string} */
  leads(anchor) {
    return typeof anchor === "string" && this.#places.has(anchor);
  }

  /** The finding whose entry this is. @param {Sekisho.Primitive} primitive @returns {Sekisho.Finding | null} */
  entry(primitive) {
    return this.#entryAt.get(primitive) ?? null;
  }

  /** Where a finding's evidence can be seen in this panel. @param {Sekisho.Finding} finding @returns {string[]} */
  evidence(finding) {
    return [...new Set(finding.where)].filter((anchor) => this.#places.has(anchor));
  }

  /** The finding of that id, if it has an entry to go back to. @param {string | null} id */
  back(id) {
    return (id && this.#entries.get(id)) || null;
  }

  /** Findings that rest on this place and that none of its marks leads back to. @param {Sekisho.Primitive | Sekisho.Stop} shown */
  restingOn(shown) {
    if (!this.id(shown)) return [];
    const own = new Set((("spans" in shown && shown.spans) || []).map((span) => span.finding));
    return [...this.#entries.values()].filter((f) => f.where.includes(shown.anchor ?? "") && !own.has(f.id));
  }
}

/**
 * An anchor in the reader's words.
 *
 * @param {string} anchor
 * @param {Sekisho.Say} say
 */
export function placeName(anchor, say) {
  const [kind = "", name = "", number] = anchor.split(":");
  if (kind === "field") {
    const field = name.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase());
    return number === undefined ? say("anchor_field", field) : say("anchor_fields", field, String(Number(number) + 1));
  }
  return COUNTED.has(kind) ? say(`anchor_${kind}`, String(Number(name) + 1)) : anchor;
}
