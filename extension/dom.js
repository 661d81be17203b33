// @ts-check
/** The only place that makes DOM: nodes of known names with known attributes, text as text nodes. */

const TAGS = new Set(
  ("a aside bdi button code dd details div dl dt em footer h1 h2 h3 header li main mark meter nav ol p progress s section small span " +
    "strong summary table tbody td th thead tr ul").split(" "),
);
/** Of a drawing: shapes and words alone, nothing that leads or loads anywhere. */
const SHAPES = new Set("circle ellipse g path rect svg text".split(" "));
const SVG = "http://www.w3.org/2000/svg";
const ATTRIBUTES = new Set(
  ("class colspan dir disabled href id lang max open role scope tabindex title type value " +
    "cx cy d height r rx ry transform viewBox width x y").split(" "),
);

/**
 * @param {Sekisho.Node} node
 * @param {Document} document
 * @returns {Node}
 */
export function build(node, document) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  if (!TAGS.has(tag) && !SHAPES.has(tag)) throw new TypeError(`no such element here: ${tag}`);
  const element = SHAPES.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
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
 * Makes the place show these nodes. What is the same stays the element it was: the eye, the focus, a selection, a fold that
 * the reader opened or closed and how far it is scrolled are left where they are. Elements are the same when their
 * `data-key` or `id` is; without one, when they are equal or stand in the same order. What is in an element with `data-later`
 * is put there by somebody else, and stays as long as the element does.
 *
 * @param {Element} place
 * @param {Sekisho.Node[]} nodes
 */
export function replace(place, nodes) {
  const { ownerDocument: document } = place;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  /** @type {Element[]} where the focus goes when what has it goes */
  const around = [];
  for (let element = focused?.parentElement; element && place.contains(element); element = element.parentElement) around.push(element);

  fit(place, nodes.map((node) => build(node, document)));

  if (!focused || place.contains(focused)) return;
  const stays = /** @type {HTMLElement | undefined} */ (around.find((element) => place.contains(element)));
  if (!stays) return;
  if (!stays.hasAttribute("tabindex")) stays.setAttribute("tabindex", "-1");
  stays.focus({ preventScroll: true });
}

/** How far ahead an equal one without a key is looked for. */
const AHEAD = 8;

/** @param {Element} parent @param {Node[]} fresh what its children are to be like */
function fit(parent, fresh) {
  /** @type {Map<string, Element>} */
  const keyed = new Map();
  /** @type {Node[]} */
  const plain = [];
  for (const child of parent.childNodes) {
    const key = keyOf(child);
    if (key === null) plain.push(child);
    else keyed.set(key, /** @type {Element} */ (child));
  }
  let at = 0;
  /** @type {Set<Node>} of those chosen, which are already like the fresh ones, whatever is in them */
  const equals = new Set();
  const chosen = fresh.map((node) => {
    const key = keyOf(node);
    if (key !== null) {
      const known = keyed.get(key);
      if (known?.nodeName !== node.nodeName) return node;
      keyed.delete(key);
      return known;
    }
    const equal = plain.slice(at, at + AHEAD).findIndex((old) => old.isEqualNode(node));
    if (equal >= 0) {
      at += equal + 1;
      const old = plain[at - 1] ?? node;
      equals.add(old);
      return old;
    }
    if (plain[at]?.nodeName !== node.nodeName) return node;
    at += 1;
    return plain[at - 1] ?? node;
  });
  const kept = new Set(chosen);
  for (const child of [...parent.childNodes]) if (!kept.has(child)) child.remove();
  /** @type {Node | null} */
  let next = parent.firstChild;
  chosen.forEach((node, n) => {
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
    const like = fresh[n];
    if (like && like !== node && !equals.has(node)) alike(node, like);
  });
}

/** @param {Node} node @param {Node} like one of the same name */
function alike(node, like) {
  if (node.nodeType !== 1) {
    if (node.nodeValue !== like.nodeValue) node.nodeValue = like.nodeValue;
    return;
  }
  const [element, model] = [/** @type {Element} */ (node), /** @type {Element} */ (like)];
  const touched = element.localName === "details" && element.hasAttribute("open") !== (element.getAttribute("data-open") === "true");
  for (const { name } of [...element.attributes]) {
    const ours = (name === "open" && touched) || name === "tabindex"; // put there for the focus to stand on
    if (!ours && !model.hasAttribute(name)) element.removeAttribute(name);
  }
  for (const { name, value } of model.attributes) {
    if (!(name === "open" && touched) && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  if (!model.hasAttribute("data-later")) fit(element, [...model.childNodes]);
}

/** @param {Node} node @returns {string | null} */
function keyOf(node) {
  if (node.nodeType !== 1) return null;
  const element = /** @type {Element} */ (node);
  return element.getAttribute("data-key") ?? (element.id || null);
}
