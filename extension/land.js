// @ts-check
/** The land under a map, from the outline of the world that the extension carries. It comes in when the panel has been painted. */
import { build } from "./dom.js";
import { HEIGHT, WIDTH } from "./map.js";

/** @typedef {[west: number, south: number, east: number, north: number, path: string]} Country */
/** @typedef {{scale: number, countries: Record<string, Country>}} Outline */

/** Draws the land of every map in the place that has none yet. @param {Element} place */
export async function fill(place) {
  if (!place.querySelector("g.land:empty")) return;
  const { default: outline } = await import("./outline.js");
  for (const group of place.querySelectorAll("g.land:empty")) {
    const edges = (group.getAttribute("data-window") ?? "").split(" ").map(Number);
    const areas = (group.getAttribute("data-areas") ?? "").split(" ");
    const nodes = land(/** @type {Outline} */ (/** @type {unknown} */ (outline)), edges, new Set(areas));
    group.append(...nodes.map((node) => build(node, group.ownerDocument)));
  }
}

/**
 * The countries of a window, as one path, and each marked one as another. East of the date line the world begins again.
 *
 * @param {Outline} outline
 * @param {number[]} edges degrees: west, south, east (which may lie beyond 180), north
 * @param {Set<string>} areas codes of the countries that are marked
 * @returns {Sekisho.Node[]}
 */
export function land({ scale, countries }, [west = 0, south = 0, east = 0, north = 0], areas) {
  const [wide, high] = [WIDTH / (east - west), HEIGHT / (north - south)];
  return [-360, 0, 360].flatMap((turn) => {
    const seen = Object.entries(countries).filter(
      ([, [left, bottom, right, top]]) => left + turn < east && right + turn > west && bottom < north && top > south,
    );
    if (seen.length === 0) return [];
    const [plain, marked] = [seen.filter(([code]) => !areas.has(code)), seen.filter(([code]) => areas.has(code))];
    const matrix = [wide / scale, 0, 0, high / scale, (turn - west) * wide, north * high].map((one) => one.toFixed(5)).join(" ");
    return [
      /** @type {Sekisho.Node} */ ([
        "g",
        { transform: `matrix(${matrix})` },
        ["path", { d: plain.map(([, country]) => country[4]).join("") }],
        ...marked.map(([, country]) => /** @type {Sekisho.Node} */ (["path", { class: "area", d: country[4] }])),
      ]),
    ];
  });
}
