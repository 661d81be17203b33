/** The reader's clock, in zones that change it twice a year, once in history, and never. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EXTENSION } from "./fake.mjs";

const { timeZone } = await import(new URL("clock.js", EXTENSION));
const NOW = Date.UTC(2026, 10, 22);

/** @param {string} zone */
function inZone(zone) {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    return timeZone(NOW);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test("Japan's clock has not changed", () => {
  assert.deepEqual(inZone("Asia/Tokyo"), [[788918400, 540]]);
});

test("a change is told to the second", () => {
  const changes = inZone("Europe/Berlin");
  assert.equal(changes.length, 1 + 2 * 32 + 2, "two a year since 1995, and those of the next year");
  assert.ok(changes.some(([since, east]) => since === Date.UTC(2022, 2, 27, 1) / 1000 && east === 120));
  assert.ok(changes.some(([since, east]) => since === Date.UTC(2022, 9, 30, 1) / 1000 && east === 60));
});

test("a zone with half an hour, and one that gave up summer time", () => {
  assert.deepEqual(inZone("Asia/Kolkata"), [[788918400, 330]]);
  assert.deepEqual(inZone("Asia/Pyongyang").map(([, east]) => east), [540, 510, 540]);
});
