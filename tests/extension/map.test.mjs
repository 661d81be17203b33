/** The map: drawn of numbers alone, said in words beside it, and the land under it comes in later. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { replace } from "../../extension/dom.js";
import { fill, land } from "../../extension/land.js";
import outline from "../../extension/outline.js";
import { plain } from "../../extension/plain.js";
import { view } from "../../extension/view.js";
import { frame, sayIn } from "./fake.mjs";

const say = sayIn("en");
const { document } = new JSDOM("<main></main>").window;
const SVG = "http://www.w3.org/2000/svg";

const said = (text) => [{ kind: "badge", text: "Only claimed", level: "low" }, { kind: "sentence", text }];
const OREGON = { standing: "claimed", lat: 45.84, lon: -119.7, precision: "city", radius_km: 50, area: null, disc: [0, -16], where: ["hop:1"], body: said("52.94.76.1: Boardman") };
const JAPAN = { standing: "checkpoint", lat: 35.69, lon: 139.77, precision: "registry", radius_km: null, area: "JP", disc: [0, 0], where: ["hop:0", "hop:9"], body: said("all of Japan") };
const LINK = { standing: "link", lat: 35, lon: 135, precision: "city", radius_km: 50, area: null, disc: [18, 0], where: ["link:0"], body: said("a link") };
const MAP = {
  kind: "map",
  text: "A map of places",
  window: { west: 110, south: -10, east: 280, north: 70 },
  points: [OREGON, JAPAN, LINK],
  joins: [{ from: 0, to: 1, standing: "claimed" }],
};

function report(map, others = []) {
  const route = { kind: "timeline", text: "road", stops: [{ standing: "claimed", time: null, gap: null, anchor: "hop:1", body: said("line") }] };
  return { ...frame("en"), findings: [], panel: [{ block: "route", title: "Road", level: null, body: [route, ...others] }, { block: "map", title: "Map", level: null, body: [map] }] };
}

function paint(map, place = document.createElement("main")) {
  replace(place, view(report(map), say));
  return place;
}

test("what stands where is drawn, and whose word it is", () => {
  const place = paint(MAP);
  const svg = place.querySelector("svg");
  assert.equal(svg.namespaceURI, SVG);
  assert.equal(svg.getAttribute("viewBox"), "0 0 360 200");
  assert.equal(svg.getAttribute("role"), "img");
  assert.equal(svg.getAttribute("aria-label"), "A map of places");
  assert.deepEqual([...svg.querySelectorAll("text")].map((text) => text.textContent), ["1", "2", "3"]);
  assert.deepEqual([...svg.querySelectorAll(".way")].map((way) => way.getAttribute("class")), ["way stands-claimed"]);

  const spot = svg.querySelector(".spot.stands-claimed"); // east of the date line
  assert.ok(Math.abs(Number(spot.getAttribute("cx")) - ((360 - 119.7 - 110) / 170) * 360) < 0.1);
  assert.ok(Math.abs(Number(spot.getAttribute("cy")) - ((70 - 45.84) / 80) * 200) < 0.1);
  const reach = svg.querySelector(".reach.stands-claimed");
  assert.ok(Math.abs(Number(reach.getAttribute("ry")) - (50 / 111.2 / 80) * 200) < 0.1);
});

test("a country is marked as a whole and has no spot, a link has another shape", () => {
  const svg = paint(MAP).querySelector("svg");
  assert.equal(svg.querySelectorAll(".spot.stands-checkpoint, .reach.stands-checkpoint").length, 0);
  assert.equal(svg.querySelector(".land").getAttribute("data-areas"), "JP");
  assert.equal(svg.querySelector(".whole-country > .disc").localName, "rect");
  assert.equal(svg.querySelector(".pin.stands-link > .disc").localName, "path");
  assert.equal(svg.querySelector(".pin.stands-claimed > .disc").localName, "circle");
});

test("the list says all in words and leads to the lines, as far as they are in the panel", () => {
  const places = [...paint(MAP).querySelectorAll("ol.places > li")];
  assert.match(places[0].textContent, /52\.94\.76\.1: Boardman/);
  assert.deepEqual(places.map((place) => [...place.querySelectorAll("a")].map((a) => a.getAttribute("href"))), [["#at-hop:1"], [], []]);
  assert.match(plain(report(MAP), say), /1\. \[Only claimed\]\n {3}52\.94\.76\.1: Boardman\n2\. /);
});

test("the land comes in once, and stays when the next frame does not move it", async () => {
  const place = paint(MAP);
  assert.equal(place.querySelector(".land").childNodes.length, 0);
  await fill(place);
  const paths = [...place.querySelectorAll(".land path")];
  assert.ok(paths.every((path) => path.namespaceURI === SVG));
  assert.equal(place.querySelectorAll(".land .area").length, 1);

  paint({ ...MAP, points: [...MAP.points, { ...LINK, lat: 20 }] }, place);
  assert.deepEqual([...place.querySelectorAll(".land path")], paths);
  assert.equal(place.querySelectorAll("svg text").length, 4);
  await fill(place);
  assert.deepEqual([...place.querySelectorAll(".land path")], paths);

  paint({ ...MAP, window: { ...MAP.window, north: 60 } }, place);
  assert.equal(place.querySelector(".land").childNodes.length, 0);
  await fill(place);
  assert.ok(place.querySelector(".land path"));
});

test("over the date line the world goes on, and only what is in the window is drawn", () => {
  const [west, east] = land(outline, [110, -10, 280, 70], new Set(["US"]));
  assert.match(JSON.stringify([west, east]), /"class":"area"/);
  const none = land(outline, [-150, -62, -130, -57], new Set());
  assert.deepEqual(none, []);
  const japan = JSON.stringify(land(outline, [125, 25, 150, 48], new Set(["JP"])));
  assert.ok(japan.length < JSON.stringify(land(outline, [-180, -60, 180, 80], new Set())).length / 3);
});

test("a map of nonsense draws nothing and still says its words", () => {
  const windows = [null, undefined, {}, { west: 0, south: 0, east: 0, north: 0 }, { west: "0", south: 0, east: 9, north: 9 }, { west: NaN, south: 0, east: 9, north: 9 }, { west: 0, south: 0, east: 9000, north: 9 }];
  for (const window of windows) {
    const place = paint({ ...MAP, window });
    assert.equal(place.querySelector("svg"), null);
    assert.equal(place.querySelectorAll("ol.places > li").length, 3);
  }
  const odd = { standing: '"><b>', lat: "1", lon: 1e9, radius_km: -5, area: "<svg onload=x>", disc: ["x", NaN], where: [7, "javascript:alert(1)"], body: said("odd") };
  const place = paint({ ...MAP, points: [odd, { ...odd, lat: 1, lon: 120 }, { standing: "claimed", body: said("2 more") }], joins: [{ from: 9, to: -1, standing: {} }, { from: 0, to: 1, standing: "x" }] });
  assert.equal(place.querySelectorAll("svg text").length, 1);
  assert.equal(place.querySelectorAll(".way").length, 0);
  assert.equal(place.querySelector(".land").getAttribute("data-areas"), "");
  assert.doesNotMatch(place.innerHTML, /<b>|onload|href/);
});
