/** The native host: every way in which it can be missing, old, slow, dead or wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Host } from "../../extension/host.js";
import { chunks } from "../../extension/mail.js";
import { fakeHost, obedient, sleep, until } from "./fake.mjs";

const LIMITS = { hello: 60, silence: 60, idle: 40, pace: 5 };
const job = (raw = "From: a\n\nhi\n") => ({
  size: raw.length,
  expected_size: raw.length,
  chunks: () => chunks(raw),
  settings: { locale: "en" },
});

function make(answer = obedient, limits = {}) {
  const fake = fakeHost(answer);
  const host = new Host(() => fake.connect(), { extension: "0.1.0", locale: "en" }, { ...LIMITS, ...limits });
  return { fake, host };
}

const methods = (fake) => fake.frames.map(({ method }) => method);
const kind = (expected) => (error) => (assert.equal(error.kind, expected), true);

test("says hello once per connection, then asks", async (t) => {
  const { fake, host } = make();
  t.after(() => host.close());
  await host.analyse(job());
  await host.analyse(job());
  assert.deepEqual(methods(fake), ["hello", "analyse", "chunk", "analyse", "chunk"]);
  assert.deepEqual(fake.frames[0].params, { protocol: 1, extension: "0.1.0", locale: "en" });
  assert.equal(fake.connects, 1);
});

test("what is sent is exactly the message, in order, the last chunk marked", async (t) => {
  const { fake, host } = make();
  t.after(() => host.close());
  const raw = Array.from({ length: 1_000_000 }, (_, n) => String.fromCharCode((n * 31) % 256)).join("");
  await host.analyse(job(raw));
  const sent = fake.frames.filter(({ method }) => method === "chunk").map(({ params }) => params);
  assert.equal(sent.map(({ data }) => atob(data)).join(""), raw);
  assert.deepEqual(sent.map(({ index, last }) => [index, last]), [[0, false], [1, false], [2, true]]);
  assert.ok(sent.every(({ data }) => data.length <= 512 * 1024));
});

test("an empty message is one empty last chunk", async (t) => {
  const { fake, host } = make();
  t.after(() => host.close());
  await host.analyse(job(""));
  assert.deepEqual(fake.frames.at(-1).params, { id: fake.frames.at(-1).params.id, index: 0, data: "", last: true });
});

test("two reports come one after the other, with the progress between", async (t) => {
  const { host } = make();
  t.after(() => host.close());
  const seen = [];
  await host.analyse(job("x".repeat(500_000)), {
    onReport: ({ final }) => seen.push(final),
    onProgress: ({ done }) => seen.push(done),
  });
  assert.deepEqual(seen, [393_216, false, 500_000, true]);
});

test("a host that is not installed is missing", async () => {
  const { fake, host } = make();
  fake.missing = true;
  await assert.rejects(host.analyse(job()), kind("missing"));
  fake.missing = false;
  await host.analyse(job());
  host.close();
});

test("a manifest whose program has gone is missing too, and a connect that throws", async () => {
  const { host } = make((_, life) => life.die("An unexpected error occurred"));
  await assert.rejects(host.analyse(job()), kind("missing"));
  const throwing = new Host(() => { throw new Error("no permission"); }, { extension: "0", locale: "en" });
  await assert.rejects(throwing.analyse(job()), kind("missing"));
});

test("a host of another protocol is too old, with its own advice and command, and is not kept", async () => {
  const data = { advice: "Update it.", command: "python3 install.py --update" };
  const { fake, host } = make(({ id }, life) => life.send({ id, error: { code: -32001, message: "no", data } }));
  await assert.rejects(host.analyse(job()), (error) => {
    assert.deepEqual([error.kind, error.data], ["too-old", data]);
    return true;
  });
  assert.equal(fake.open, 0);
});

test("a crash in the middle is told, and the next message starts a new host", async () => {
  let crash = true;
  const { fake, host } = make((message, life) => {
    if (message.method !== "chunk" || !crash) return obedient(message, life);
    crash = false;
    life.send({ method: "progress", params: { id: message.params.id, stage: "receiving", done: 1, total: 2 } });
    setTimeout(() => life.die(), 5);
  });
  await assert.rejects(host.analyse(job()), kind("crashed"));
  await host.analyse(job());
  assert.equal(fake.connects, 2);
  host.close();
});

test("a host that died between two messages is asked again once, without a word", async () => {
  let lives = 0;
  const { fake, host } = make((message, life) => {
    if (message.method === "hello") lives += 1;
    if (message.method === "analyse" && lives === 1 && fake.frames.length > 3) return life.die();
    obedient(message, life);
  });
  await host.analyse(job());
  await host.analyse(job());
  assert.equal(fake.connects, 2);
  host.close();
});

test("a mail that kills every host is tried on two of them, no more", async () => {
  let first = true;
  const { fake, host } = make((message, life) => {
    if (message.method === "analyse" && !first) return life.die();
    if (message.method === "analyse") first = false;
    obedient(message, life);
  });
  await host.analyse(job());
  await assert.rejects(host.analyse(job()), kind("crashed"));
  assert.equal(fake.connects, 2);
});

test("a host that says nothing is let go after its time, at hello and later", async () => {
  const { fake, host } = make(() => {});
  await assert.rejects(host.analyse(job()), kind("silent"));
  assert.equal(fake.open, 0);
  const later = make((message, life) => message.method === "hello" && obedient(message, life));
  await assert.rejects(later.host.analyse(job()), kind("silent"));
  assert.equal(later.fake.open, 0);
});

test("a slow host that still says something is waited for", async () => {
  const { host } = make((message, life) => {
    if (message.method !== "chunk") return obedient(message, life);
    for (const after of [30, 60, 90]) {
      setTimeout(() => life.send({ method: "progress", params: { id: message.params.id, stage: "checking", done: 0, total: 0 } }), after);
    }
    setTimeout(() => obedient(message, life), 120);
  });
  await host.analyse(job());
  host.close();
});

test("cancel reaches the host before the rest of the message, and the next one is answered", async () => {
  const { fake, host } = make();
  const abort = new AbortController();
  const big = host.analyse(job("x".repeat(12_000_000)), { signal: abort.signal, onProgress: () => abort.abort() });
  await assert.rejects(big, kind("cancelled"));
  await host.analyse(job());
  const sent = methods(fake);
  assert.ok(sent.indexOf("cancel") > 0);
  assert.ok(sent.slice(0, sent.indexOf("cancel")).filter((method) => method === "chunk").length <= 6, sent.join(" "));
  assert.equal(fake.connects, 1);
  host.close();
});

test("a request that was cancelled before its turn is never sent", async () => {
  const { fake, host } = make();
  const abort = new AbortController();
  const first = host.analyse(job());
  const second = host.analyse(job(), { signal: abort.signal });
  abort.abort();
  await assert.rejects(second, kind("cancelled"));
  await first;
  await sleep(5);
  assert.equal(methods(fake).filter((method) => method === "analyse").length, 1);
  host.close();
});

test("frames of other requests, of none, and of an unknown kind change nothing", async () => {
  const { host } = make((message, life) => {
    if (message.method !== "chunk") return obedient(message, life);
    const { id } = message.params;
    life.send({ method: "report", params: { id: id + 1000, report: { final: true } } });
    life.send({ id: id + 1000, result: {} });
    life.send({ method: "weather", params: { id } });
    life.send({ method: "report", params: null });
    life.send({ id: "seven", result: 1 });
    obedient(message, life);
    life.send({ method: "report", params: { id, report: { final: false } } }); // after the end
  });
  const seen = [];
  await host.analyse(job(), { onReport: (report) => seen.push(report.schema) });
  await sleep(10);
  assert.deepEqual(seen, ["sekisho.report/1"]);
  host.close();
});

test("a frame that is no object, and an error for nobody, end the connection as broken", async () => {
  for (const junk of [7, null, "hello"]) {
    const { fake, host } = make((message, life) => (message.method === "chunk" ? life.raw(junk) : obedient(message, life)));
    await assert.rejects(host.analyse(job()), kind("broken"));
    assert.equal(fake.open, 0);
  }
  const { host } = make((message, life) =>
    message.method === "chunk" ? life.send({ id: null, error: { code: -32603, message: "fault" } }) : obedient(message, life),
  );
  await assert.rejects(host.analyse(job()), kind("broken"));
});

test("a frame over the limit is broken", async () => {
  const said = "Native application tried to send a message of 1048577 bytes, which exceeds the limit of 1048576 bytes.";
  const { host } = make((message, life) => (message.method === "chunk" ? life.die(said) : obedient(message, life)));
  await assert.rejects(host.analyse(job()), kind("broken"));
});

test("an error of one request leaves the connection as it is", async () => {
  let wrong = true;
  const { fake, host } = make((message, life) => {
    if (message.method !== "chunk" || !wrong) return obedient(message, life);
    wrong = false;
    life.send({ id: message.params.id, error: { code: -32002, message: "gap", data: { index: 0 } } });
  });
  await assert.rejects(host.analyse(job()), kind("refused"));
  await host.analyse(job());
  assert.equal(fake.connects, 1);
  host.close();
});

test("when idle the host is let go, and comes back for the next", async () => {
  const { fake, host } = make();
  await host.analyse(job());
  assert.equal(host.connected, true);
  await until(() => fake.open === 0);
  await host.analyse(job());
  assert.equal(fake.connects, 2);
  await until(() => !host.connected);
});

test("other requests take their turn too", async () => {
  const { host } = make();
  const result = await host.request("settings", { settings: { locale: "ja" } });
  assert.deepEqual(result, { settings: { locale: "ja" }, ignored: [] });
  host.close();
});

test("closing tells who waits", async () => {
  const { host } = make((message, life) => message.method === "hello" && obedient(message, life));
  const waiting = host.analyse(job());
  setTimeout(() => host.close(), 10);
  await assert.rejects(waiting, kind("cancelled"));
});
