// @ts-check
/** The only place that makes DOM: nodes of known names with known attributes, text as text nodes. */

const TAGS = new Set(
  ("a aside bdi button code dd details div dl dt em footer h1 h2 h3 header li main mark nav ol p progress s section small span " +
    "strong summary table tbody td th thead tr ul").split(" "),
);
const ATTRIBUTES = new Set(
  "class colspan dir disabled href id lang max open role scope tabindex title type value".split(" "),
);

/**
 * @param {Sekisho.Node} node
 * @param {Document} document
 * @returns {Node}
 */
export function build(node, document) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  if (!TAGS.has(tag)) throw new TypeError(`no such element here: ${tag}`);
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    set(element, name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null) element.append(build(child, document));
  }
  return element;
}

/** @param {Element} element @param {string} name @param {string} value */
function set(element, name, value) {
  if (!ATTRIBUTES.has(name) && !/^(aria|data)-[a-z]+$/.test(name)) throw new TypeError(`no such attribute here: ${name}`);
  if (name === "href" && !value.startsWith("#")) throw new TypeError("a link here leads to a place in the panel");
  element.setAttribute(name, value);
}

/**
 * Puts new nodes in the place of the old ones and keeps what the reader did meanwhile: folds opened or closed, the
 * focus, how far each part is scrolled. Elements are the same when their `data-key` or `id` is.
 *
 * @param {Element} place
 * @param {Sekisho.Node[]} nodes
 */
export function replace(place, nodes) {
  const { ownerDocument: document } = place;
  const scroller = document.scrollingElement;
  const top = scroller?.scrollTop ?? 0;
  /** @type {Map<string, boolean>} */
  const folds = new Map();
  for (const fold of place.querySelectorAll("details[data-key]")) {
    const painted = fold.getAttribute("data-open") === "true";
    const now = fold.hasAttribute("open");
    if (now !== painted) folds.set(fold.getAttribute("data-key") ?? "", now); // only what the reader changed
  }
  const focused = place.contains(document.activeElement) ? keyOf(document.activeElement) : null;

  place.replaceChildren(...nodes.map((node) => build(node, document)));

  for (const fold of place.querySelectorAll("details[data-key]")) {
    const kept = folds.get(fold.getAttribute("data-key") ?? "");
    if (kept !== undefined) fold.toggleAttribute("open", kept);
  }
  if (focused) find(place, focused)?.focus({ preventScroll: true });
  if (scroller && scroller.scrollTop !== top) scroller.scrollTop = top;
}

/** @param {Element | null} element @returns {string | null} */
function keyOf(element) {
  if (!element) return null;
  if (element.localName === "summary") return keyOf(element.parentElement);
  return element.getAttribute("data-key") ?? (element.id || null);
}

/** @param {Element} place @param {string} key @returns {HTMLElement | null} */
function find(place, key) {
  for (const element of place.querySelectorAll("[data-key], [id]")) {
    if ((element.getAttribute("data-key") ?? element.id) !== key) continue;
    const target = element.localName === "details" ? element.querySelector("summary") : element;
    return /** @type {HTMLElement | null} */ (target);
  }
  return null;
}
