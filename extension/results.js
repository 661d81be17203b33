// @ts-check
/** Results of many messages as a table that can be sorted: rows of cells in columns that its user names. Pure. */
import { visible } from "./visible.js";

/**
 * @template T
 * @typedef {object} Column
 * @property {string} name a word of small letters; what a click on its heading sorts by
 * @property {string} title
 * @property {(row: T) => Sekisho.Node[]} cell
 * @property {(row: T) => string | number} order what rows are sorted by: all texts, or all numbers
 */
/**
 * @template T
 * @typedef {object} Table
 * @property {string} caption what it shows, for who does not see it
 * @property {Column<T>[]} columns the first one names the row
 * @property {T[]} rows
 * @property {(row: T) => string} key a word that is one row's alone
 * @property {Sort | null} sort null: as the rows come
 * @property {number} [most] so many rows stand in it, the first ones of that order
 */
/** @typedef {{by: string, down: boolean}} Sort */

/** @template T @param {Table<T>} table @returns {Sekisho.Node} */
export function resultsView({ caption, columns, rows, key, sort, most = rows.length }) {
  const head = columns.map(({ name, title }) => {
    const order = sort?.by === name ? (sort.down ? "descending" : "ascending") : "none";
    return /** @type {Sekisho.Node} */ ([
      "th",
      { scope: "col", role: "columnheader", "aria-sort": order, class: `column-${name}`, "data-key": `head-${name}` },
      [
        "button",
        { type: "button", "data-action": "sort", "data-arguments": JSON.stringify({ by: name }), "data-key": `sort-${name}` },
        title,
        ["span", { class: "arrow", "aria-hidden": "true" }, order === "none" ? "↕" : sort?.down ? "↓" : "↑"],
      ],
    ]);
  });
  const body = sorted(rows, columns, sort).slice(0, most).map((row) => {
    const cells = columns.map(({ name, title, cell }, n) => {
      const attributes = { class: `column-${name}`, "data-title": title, ...(n ? { role: "cell" } : { role: "rowheader", scope: "row" }) };
      return /** @type {Sekisho.Node} */ ([n ? "td" : "th", attributes, ...cell(row)]);
    });
    return /** @type {Sekisho.Node} */ (["tr", { role: "row", "data-key": key(row) }, ...cells]);
  });
  // In a narrow window its parts are laid out as cards: their roles are said, as they would be lost with `display`.
  return [
    "table",
    { class: "results", role: "table", "aria-label": caption },
    ["thead", { role: "rowgroup" }, ["tr", { role: "row" }, ...head]],
    ["tbody", { role: "rowgroup" }, ...body],
  ];
}

/** What a click on a heading makes of the order: up, then down. @param {Sort | null} sort @param {string} by @returns {Sort} */
export function sortedBy(sort, by) {
  return { by, down: sort?.by === by && !sort.down };
}

/** Equal ones stay as they came; what is not known comes last either way. @template T @param {T[]} rows @param {Column<T>[]} columns @param {Sort | null} sort */
function sorted(rows, columns, sort) {
  const column = columns.find(({ name }) => name === sort?.by);
  if (!column || !sort) return rows;
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const keyed = rows.map((row) => ({ row, value: column.order(row) }));
  keyed.sort((one, other) => {
    const [empty, beside] = [one.value === "", other.value === ""];
    if (empty || beside) return Number(empty) - Number(beside);
    const order =
      typeof one.value === "number" && typeof other.value === "number"
        ? one.value - other.value
        : compare(String(one.value), String(other.value));
    return sort.down ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/** A stranger's text. @param {string} text @returns {Sekisho.Node[]} */
export function theirs(text) {
  return text ? [["bdi", {}, ...visible(text)]] : [];
}
