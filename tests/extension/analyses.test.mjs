/** What is kept of which message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Analyses } from "../../extension/analyses.js";
import { chunks } from "../../extension/mail.js";
import { Trouble } from "../../extension/trouble.js";
import { frame, sleep, until } from "./fake.mjs";

function make(analyse) {
  const calls = [];
  const host = {
    analyse: async (job, listeners) => {
      calls.push(job);
      return analyse(job, listeners);
    },
  };
  const read = async (message) => ({ binary: `mail ${message}`, expected_size: 6, account: `account${message}` });
  const settings = async (account) => ({ account: `${account} me@own.example`, settings: { locale: "en" } });
  return { calls, analyses: new Analyses({ host, read, chunks, settings }) };
}

const good = async (_, { onReport }) => onReport(frame("en"));

test("is asked once for two who watch, and kept", async () => {
  const { calls, analyses } = make(good);
  const seen = [[], []];
  for (const phases of seen) analyses.watch(1, ({ phase }) => phases.push(phase));
  await until(() => seen[1].at(-1) === "done");
  assert.deepEqual(seen[0].filter((phase, n, all) => phase !== all[n - 1]), ["reading", "analysing", "done"]);
  analyses.watch(1, ({ phase }) => assert.equal(phase, "done"));
  assert.equal(calls.length, 1);
  assert.deepEqual([calls[0].size, calls[0].expected_size], [6, 6]);
  assert.deepEqual([calls[0].account, calls[0].settings], ["account1 me@own.example", { locale: "en" }]);
});

test("an early report after the final one is not taken", async () => {
  const { analyses } = make(async (_, { onReport }) => {
    onReport({ ...frame("en"), final: false });
    onReport(frame("en"));
    onReport({ ...frame("en"), final: false });
  });
  const { report, phase } = await analyses.end(1, new AbortController().signal);
  assert.deepEqual([report.final, phase], [true, "done"]);
});

test("a host that never says the last word is trouble", async () => {
  const { analyses } = make(async (_, { onReport }) => onReport({ ...frame("en"), final: false }));
  const { trouble } = await analyses.end(1, new AbortController().signal);
  assert.equal(trouble.kind, "broken");
});

test("trouble is not kept: the next one tries again", async () => {
  let fail = true;
  const { analyses } = make(async (job, listeners) => {
    if (fail) throw new Trouble("missing");
    return good(job, listeners);
  });
  const { signal } = new AbortController();
  assert.equal((await analyses.end(1, signal)).trouble.kind, "missing");
  fail = false;
  assert.equal((await analyses.end(1, signal)).phase, "done");
});

test("what nobody watches is cancelled, what one still watches is not", async () => {
  const signals = [];
  const { analyses } = make((_, { signal }) => new Promise(() => signals.push(signal)));
  const stops = [analyses.watch(1, () => {}), analyses.watch(1, () => {})];
  await until(() => signals.length);
  stops[0]();
  assert.equal(signals[0].aborted, false);
  stops[1]();
  assert.equal(signals[0].aborted, true);
});

test("forgotten, it is asked again", async () => {
  const { calls, analyses } = make(good);
  const { signal } = new AbortController();
  await analyses.end(1, signal);
  analyses.forget(1);
  await analyses.end(1, signal);
  assert.equal(calls.length, 2);
});

test("all forgotten, who waits still gets an end, and the next one is asked again", async () => {
  const gates = [];
  const { calls, analyses } = make(async (job, listeners) => {
    await new Promise((resolve) => gates.push(resolve));
    return good(job, listeners);
  });
  const { signal } = new AbortController();
  const first = analyses.end(1, signal);
  await until(() => gates.length === 1);
  analyses.forgetAll();
  const second = analyses.end(1, signal);
  await until(() => gates.length === 2);
  for (const open of gates) open();
  assert.deepEqual([(await first).phase, (await second).phase], ["done", "done"]);
  await analyses.end(1, signal);
  assert.equal(calls.length, 2);
});

test("no more than thirty are kept, those used last", async () => {
  const { calls, analyses } = make(good);
  const { signal } = new AbortController();
  for (let id = 1; id <= 40; id += 1) await analyses.end(id, signal);
  await analyses.end(40, signal);
  await analyses.end(12, signal);
  assert.equal(calls.length, 40);
  await analyses.end(1, signal);
  assert.equal(calls.length, 41);
});

test("who waits for the end can leave", async () => {
  const { analyses } = make(() => new Promise(() => {}));
  const abort = new AbortController();
  const end = analyses.end(1, abort.signal);
  await sleep(2);
  abort.abort();
  assert.notEqual((await end).phase, "done");
});
