/** The reader's list of servers that forward mail. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Relays } from "../../extension/relays.js";
import { fakeBrowser, fakeHost } from "./fake.mjs";

function make(stored = {}) {
  const fake = fakeBrowser({ mails: {}, host: fakeHost(), stored });
  let changes = 0;
  const relays = new Relays(fake.browser.storage.local, () => (changes += 1));
  return { ...fake, relays, changes: () => changes };
}

test("named, kept, and taken back", async () => {
  const { relays, kept, changes } = make();
  assert.deepEqual(await relays.list(), []);
  await relays.say("Out.Relay.Example", true);
  await relays.say("2001:db8::1", true);
  assert.deepEqual(await relays.list(), ["out.relay.example", "2001:db8::1"]);
  assert.deepEqual(kept, { relays: ["out.relay.example", "2001:db8::1"] });
  await relays.say("out.relay.example", false);
  assert.deepEqual(kept, { relays: ["2001:db8::1"] });
  assert.equal(changes(), 3);
});

test("is still there after a restart", async () => {
  const { kept, relays } = make();
  await relays.say("out.relay.example", true);
  assert.deepEqual(await make(kept).relays.list(), ["out.relay.example"]);
});

test("two clicks at once are both kept, twice the same is one", async () => {
  const { relays } = make();
  await Promise.all([relays.say("a.example", true), relays.say("b.example", true), relays.say("a.example", true)]);
  assert.deepEqual((await relays.list()).sort(), ["a.example", "b.example"]);
});

test("what is no host name and no address is not kept, and neither is it read", async () => {
  const { relays, kept, changes } = make({ relays: ["good.example", 7, "a b", "", "<b>", "x".repeat(300)] });
  for (const relay of ["a b", "", "*", "<img>", "x".repeat(254)]) await assert.rejects(relays.say(relay, true));
  assert.deepEqual(await relays.list(), ["good.example"]);
  assert.equal(changes(), 0);
  assert.equal(kept.relays.length, 6);
  assert.deepEqual(await make({ relays: "good.example" }).relays.list(), []);
});

test("what cannot be written changes nothing", async () => {
  const { relays, state, changes } = make({ relays: ["good.example"] });
  state.full = true;
  await assert.rejects(relays.say("b.example", true));
  assert.deepEqual([await relays.list(), changes()], [["good.example"], 0]);
  state.full = false;
  await relays.say("b.example", true);
  assert.deepEqual(await relays.list(), ["good.example", "b.example"]);
});

test("nobody names hundreds", async () => {
  const { relays } = make({ relays: [...Array(200).keys()].map((n) => `r${n}.example`) });
  await assert.rejects(relays.say("one.more.example", true));
  await relays.say("r7.example", false);
  await relays.say("one.more.example", true);
  assert.equal((await relays.list()).length, 200);
});

test("a list that cannot be read is empty: nobody is believed unasked", async (context) => {
  context.mock.method(console, "warn", () => {});
  const relays = new Relays({ get: async () => Promise.reject(new Error("no")), set: async () => {} }, () => {});
  assert.deepEqual(await relays.list(), []);
});
