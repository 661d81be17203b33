/** A promise that is never kept ends as the one who waits says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EXTENSION } from "./fake.mjs";

const { within } = await import(new URL("patience.js", EXTENSION));
const { read } = await import(new URL("mail.js", EXTENSION));
const never = new Promise(() => {});

test("what comes in time is given, what fails in time fails", async () => {
  assert.equal(await within(5000, Promise.resolve(1), () => 2), 1);
  await assert.rejects(within(5000, Promise.reject(new Error("gone")), () => 2), /gone/);
});

test("what does not come is what is said for it", async () => {
  assert.equal(await within(1, never, () => 2), 2);
  await assert.rejects(within(1, never, () => { throw new Error("late"); }), /late/);
});

test("nobody waits on", async () => {
  const abort = new AbortController();
  const waiting = within(5000, never, () => 2, abort.signal);
  abort.abort();
  await assert.rejects(waiting, { kind: "cancelled" });
  await assert.rejects(within(5000, never, () => 2, abort.signal), { kind: "cancelled" });
});

for (const silent of ["get", "getRaw"]) {
  test(`a message is stalled when ${silent} does not answer, the later the larger it is`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const api = { get: async () => ({ size: 3_200_000 }), getRaw: async () => "", [silent]: () => never };
    globalThis.browser = { messages: api };
    let over = false;
    const reading = assert.rejects(read(1), { kind: "stalled" }).then(() => (over = true));
    for (let turn = 0; turn < 10; turn += 1) await null;
    t.mock.timers.tick(silent === "get" ? 29_000 : 129_000);
    for (let turn = 0; turn < 10; turn += 1) await null;
    assert.equal(over, false);
    t.mock.timers.tick(2000);
    await reading;
  });
}
