// @ts-check
/**
 * A map as a drawing: what stands where, whose word it is and how far off it may be. The host has chosen the window and the
 * places of the numbers (PROTOCOL.md); all that is said stands in the list beside it. The land comes in later (land.js).
 */
import { visibleText } from "./visible.js";

export const WIDTH = 360;
export const HEIGHT = 200;
const DISC = 8;
const KM = 111.2; // of one degree of latitude
const STANDINGS = new Set("checkpoint relay yours plausible claimed contradicted link".split(" "));
const EDGES = /** @type {const} */ (["west", "south", "east", "north"]);

/** @param {unknown} standing */
export function standingOf(standing) {
  return typeof standing === "string" && STANDINGS.has(standing) ? standing : "claimed";
}

/** @param {unknown} value @param {number} least @param {number} most @returns {value is number} */
function within(value, least, most) {
  return typeof value === "number" && value >= least && value <= most; // which NaN is not
}

/**
 * @param {Sekisho.Primitive} primitive
 * @param {string} key what this map is called among the elements
 * @returns {Sekisho.Node | null} null where there is nothing to draw
 */
export function drawing({ text, window, points = [], joins = [] }, key) {
  const edges = EDGES.map((edge) => window?.[edge]);
  if (!window || !edges.every((edge) => within(edge, -540, 540))) return null;
  const { west, south, east, north } = window;
  if (east - west < 1 || east - west > 360 || north - south < 1) return null;
  const [scaleX, scaleY] = [WIDTH / (east - west), HEIGHT / (north - south)];

  const spots = points.map(({ lat, lon }) =>
    within(lat, -90, 90) && within(lon, -180, 180)
      ? { x: (((lon - west) % 360) + 360) % 360 * scaleX, y: (north - lat) * scaleY, lat }
      : null,
  );
  /** @type {Sekisho.Node[]} */
  const circles = [];
  /** @type {Sekisho.Node[]} */
  const marks = [];
  /** @type {Sekisho.Node[]} */
  const numbers = [];
  /** @type {Set<string>} */
  const areas = new Set();
  points.forEach((point, n) => {
    const spot = spots[n];
    if (!spot) return;
    const { x, y } = spot;
    const standing = `stands-${standingOf(point.standing)}`;
    const [dx, dy] = (point.disc ?? []).map((by) => (within(by, -WIDTH, WIDTH) ? by : 0));
    const [left, top] = [x + (dx ?? 0), y + (dy ?? 0)];
    if (typeof point.area === "string" && /^[A-Z]{2}$/.test(point.area)) {
      areas.add(point.area);
    } else {
      if (within(point.radius_km, 1, 5000)) {
        const high = point.radius_km / KM;
        const wide = high / Math.max(Math.cos((spot.lat / 180) * Math.PI), 0.1);
        circles.push(["ellipse", { class: `reach ${standing}`, cx: round(x), cy: round(y), rx: round(wide * scaleX), ry: round(high * scaleY) }]);
      }
      marks.push(["path", { class: `stem ${standing}`, d: line(x, y, left, top) }]);
      marks.push(["circle", { class: `spot ${standing}`, cx: round(x), cy: round(y), r: 2.5 }]);
    }
    numbers.push([
      "g",
      { class: `${point.area ? "whole-country" : "pin"} ${standing}` },
      disc(point, left, top),
      ["text", { x: round(left), y: round(top + 3.5) }, String(n + 1)],
    ]);
  });
  const ways = joins.flatMap(({ from, to, standing }) => {
    const [one, other] = [spots[from], spots[to]];
    if (!one || !other) return [];
    return [/** @type {Sekisho.Node} */ (["path", { class: `way stands-${standingOf(standing)}`, d: line(one.x, one.y, other.x, other.y) }])];
  });
  const shown = edges.join(" ");
  const marked = [...areas].sort().join(" ");
  return [
    "svg",
    { class: "drawing", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": visibleText(text ?? "") },
    ["rect", { class: "sea", width: WIDTH, height: HEIGHT }],
    ["g", { class: "land", "data-key": `${key}-${shown} ${marked}`, "data-later": "", "data-window": shown, "data-areas": marked }],
    ...circles,
    ...ways,
    ...marks,
    ...numbers,
  ];
}

/** What a number stands on: of a link another shape than of a server on the way. @param {Sekisho.Point} point @param {number} x @param {number} y @returns {Sekisho.Node} */
function disc({ standing, area }, x, y) {
  if (standing === "link") {
    return ["path", { class: "disc", d: `M${round(x)} ${round(y - DISC - 2)}l${DISC + 2} ${DISC + 2}-${DISC + 2} ${DISC + 2}-${DISC + 2}-${DISC + 2}z` }];
  }
  if (area) return ["rect", { class: "disc", x: round(x - DISC), y: round(y - DISC), width: 2 * DISC, height: 2 * DISC, rx: 3 }];
  return ["circle", { class: "disc", cx: round(x), cy: round(y), r: DISC }];
}

/** @param {number} x @param {number} y @param {number} toX @param {number} toY */
function line(x, y, toX, toY) {
  return `M${round(x)} ${round(y)}L${round(toX)} ${round(toY)}`;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
