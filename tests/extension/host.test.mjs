/** The native host: every way in which it can be missing, old, slow, dead or wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Host } from "../../extension/host.js";
import { chunks } from "../../extension/mail.js";
import { fakeHost, frame, obedient, sleep, until } from "./fake.mjs";

/** A slow machine is no silent host: only who means silence waits for little of it. */
const LIMITS = { hello: 60_000, silence: 60_000, idle: 60_000, pace: 5 };
const IMPATIENT = { hello: 60, silence: 60 };
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
  const { fake, host } = make(() => {}, IMPATIENT);
  await assert.rejects(host.analyse(job()), kind("silent"));
  assert.equal(fake.open, 0);
  const later = make((message, life) => message.method === "hello" && obedient(message, life), { silence: 60 });
  await assert.rejects(later.host.analyse(job()), kind("silent"));
  assert.equal(later.fake.open, 0);
});

test("a slow host that still says something is waited for", async () => {
  const { host } = make((message, life) => {
    if (message.method !== "chunk") return obedient(message, life);
    for (const after of [400, 800, 1200]) {
      setTimeout(() => life.send({ method: "progress", params: { id: message.params.id, stage: "checking", done: 0, total: 0 } }), after);
    }
    setTimeout(() => obedient(message, life), 1600);
  }, { silence: 1000 });
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
  const { fake, host } = make(obedient, { idle: 40 });
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
  assert.deepEqual(result.settings, { locale: "ja" });
  host.close();
});

/** Sends a text ahead in three parts, as the host does with one that may not fit into a frame. */
function inParts(text, method) {
  return (message, life) => {
    if (message.method !== method) return obedient(message, life);
    const { id } = message;
    const third = Math.ceil(text.length / 3);
    for (const index of [0, 1, 2]) life.send({ method: "part", params: { id, index, text: text.slice(index * third, (index + 1) * third) } });
    life.send({ method: "part", params: { id: id + 1, index: 1, text: "another's" } });
    life.send({ id, result: { name: "a.json", text: null, parts: 3 } });
  };
}

test("a text that comes in parts is put together, one that does not is as it came", async (t) => {
  const text = JSON.stringify({ words: "関所😀".repeat(40_000) });
  const { host } = make(inParts(text, "export"));
  t.after(() => host.close());
  assert.deepEqual(await host.request("export", { format: "json" }), { name: "a.json", text, parts: 3 });

  const short = make((message, life) => (message.method === "export" ? life.send({ id: message.id, result: { text: "all", parts: 1 } }) : obedient(message, life)));
  t.after(() => short.host.close());
  assert.equal((await short.host.request("export", {})).text, "all");
});

test("closing tells who waits", async () => {
  const { host } = make((message, life) => message.method === "hello" && obedient(message, life));
  const waiting = host.analyse(job());
  setTimeout(() => host.close(), 10);
  await assert.rejects(waiting, kind("cancelled"));
});

/** A host whose look-ups take until they are let go, stopped or cancelled; everything else is obedient. */
function asking() {
  const under = new Map();
  const end = (life, id, final) => {
    under.delete(id);
    life.send({ method: "report", params: { id, report: { ...frame("en"), final } } });
    life.send({ id, result: { sha256: "00", frames: 2 } });
  };
  const answer = (message, life) => {
    const { id, method, params } = message;
    const job = life.jobs.get(params?.id);
    if (method === "ask_more") {
      if (params.of === 999) return life.send({ id, error: { code: -32005, message: "gone", data: { of: 999 } } });
      under.set(id, life);
    } else if (method === "cancel" && under.has(params.id)) {
      if (params.report) return end(life, params.id, true);
      under.delete(params.id);
      return life.send({ id: params.id, error: { code: -32800, message: "cancelled" } });
    } else if (method === "chunk" && job?.params.privacy !== "offline") {
      if (!params.last) return life.send({ method: "progress", params: { id: params.id, stage: "receiving", done: 1, total: 2 } });
      life.jobs.delete(params.id);
      under.set(params.id, life);
      return life.send({ method: "report", params: { id: params.id, report: { ...frame("en"), final: false } } });
    } else obedient(message, life);
  };
  return { answer, under, letGo: (id) => end(under.get(id), id, true) };
}
const live = (raw) => ({ ...job(raw), privacy: "registry" });

test("while others are asked about one mail, the next one is looked at", async (t) => {
  const { answer, under, letGo } = asking();
  const { fake, host } = make(answer);
  t.after(() => host.close());
  const reports = [];
  const first = host.analyse(live("x".repeat(900_000)), { onReport: ({ final }, id) => reports.push([final, id]) });
  const second = host.analyse(live());
  await host.analyse(job());
  await until(() => under.size === 2);
  const sent = fake.frames.filter(({ method }) => method === "analyse" || method === "chunk").map(({ id, params }) => id ?? params.id);
  assert.deepEqual(sent, [...sent].sort((a, b) => a - b), "chunks of two messages do not mix");
  const [one, other] = under.keys();
  letGo(other);
  assert.equal((await second).sha256, "00");
  letGo(one);
  await first;
  assert.deepEqual(reports, [[false, one], [true, one]]);
});

test("two messages at once find one host, which is greeted once", async (t) => {
  const { answer, under } = asking();
  const { fake, host } = make(answer);
  t.after(() => host.close());
  host.analyse(live()).catch(() => {});
  host.analyse(live()).catch(() => {});
  await until(() => under.size === 2);
  assert.deepEqual([fake.connects, methods(fake).filter((method) => method === "hello").length], [1, 1]);
});

test("stopped look-ups end with a last report; a host that gives none is not waited for", async (t) => {
  const { answer, under } = asking();
  const { fake, host } = make(answer);
  t.after(() => host.close());
  const stop = new AbortController();
  const finals = [];
  const call = host.analyse(live(), { stop: stop.signal, onReport: ({ final }) => finals.push(final) });
  await until(() => under.size);
  stop.abort();
  assert.equal((await call).frames, 2);
  assert.deepEqual(finals, [false, true]);
  assert.deepEqual(fake.frames.at(-1).params.report, true);

  const deaf = make((message, life) => message.method !== "cancel" && answer(message, life), { stop: 10 });
  t.after(() => deaf.host.close());
  const again = new AbortController();
  const other = deaf.host.analyse(live(), { stop: again.signal });
  await until(() => under.size);
  again.abort();
  await assert.rejects(other, kind("cancelled"));
  assert.equal(deaf.host.connected, true);
});

test("more is asked of a request by its id; a message that is no longer kept is told apart", async (t) => {
  const { answer, under, letGo } = asking();
  const { fake, host } = make(answer);
  t.after(() => host.close());
  const more = host.more({ of: 7, privacy: "sender", settings: {} });
  await until(() => under.size);
  assert.deepEqual(fake.frames.at(-1).params, { of: 7, privacy: "sender" });
  await host.analyse(job());
  letGo([...under.keys()][0]);
  await more;
  await assert.rejects(host.more({ of: 999, privacy: "sender", settings: {} }), ({ code }) => code === -32005);
});

test("a host may be silent until its deadline, and no longer", async () => {
  const { answer } = asking();
  const { fake, host } = make(answer, { silence: 500, deadline: 1500 });
  const call = host.analyse(live());
  await sleep(800);
  assert.equal(fake.open, 1);
  await assert.rejects(call, kind("silent"));
  assert.equal(fake.open, 0);
});

test("a deadline of the reader's own counts instead", async () => {
  const { answer } = asking();
  const { host } = make(answer, { silence: 30, deadline: 5000 });
  await assert.rejects(host.analyse({ ...live(), settings: { locale: "en", deadline: 0.02 } }), kind("silent"));
});

test("while the host says something of one request, the others are not given up", async (t) => {
  const { answer, under, letGo } = asking();
  const { fake, host } = make(answer, { silence: 1000, deadline: 1 });
  t.after(() => host.close());
  const call = host.analyse(live());
  await until(() => under.size);
  for (let n = 0; n < 6; n += 1) {
    await sleep(300);
    fake.lives[0].send({ method: "progress", params: { id: 123456, stage: "receiving", done: 1, total: 2 } });
  }
  letGo([...under.keys()][0]);
  await call;
});

test("a host that dies while others are asked is told to each who waits", async () => {
  const { answer } = asking();
  const { fake, host } = make(answer);
  let heard = 0;
  const calls = [1, 2].map(() => host.analyse(live(), { onReport: () => (heard += 1) }));
  await until(() => heard === 2);
  fake.lives[0].die();
  for (const call of calls) await assert.rejects(call, kind("crashed"));
  await host.analyse(job());
  host.close();
});

test("no panel is asked for where none is wanted; who asks nothing special says nothing", async (t) => {
  const { fake, host } = make();
  t.after(() => host.close());
  const panels = [];
  const onReport = ({ panel }, request) => panels.push([request, panel === null]);
  await host.analyse({ ...job(), panel: false }, { onReport });
  const [[of]] = panels;
  await host.more({ of, privacy: "offline", settings: {}, panel: false }, { onReport });
  await host.more({ of, privacy: "offline", settings: {} }, { onReport });
  await host.analyse(job(), { onReport });
  assert.deepEqual(panels.map(([, none]) => none), [true, true, false, false]);
  const said = fake.frames.filter(({ method }) => method === "analyse" || method === "ask_more").map(({ params }) => params);
  assert.deepEqual(said.map((params) => ["panel" in params, "visit" in params]), [[true, false], [true, false], [false, false], [false, false]]);
});

test("while files of one mail are being opened, its panel is asked for and the next one is looked at", async (t) => {
  const opening = new Map();
  const { fake, host } = make((message, life) => {
    const { method, params } = message;
    if (method !== "chunk" || !params.last || opening.size) return obedient(message, life);
    const job = life.jobs.get(params.id);
    life.jobs.delete(params.id);
    life.kept.set(params.id, { ...job, got: "" });
    opening.set(params.id, life);
    life.send({ method: "report", params: { id: params.id, report: { ...frame("en"), panel: null, final: false } } });
  });
  t.after(() => host.close());
  const reports = [];
  const onReport = ({ final, panel }, id) => reports.push([final, panel === null, id]);
  const first = host.analyse({ ...job("x".repeat(900_000)), panel: false }, { onReport });
  await until(() => reports.length === 2); // of its first bytes, and of all
  const [id] = opening.keys();
  assert.deepEqual(reports, [[false, true, id], [false, true, id]]);
  await host.more({ of: id, privacy: "offline", settings: {} }, { onReport });
  await host.analyse(job());
  assert.deepEqual([reports.at(-1)[0], reports.at(-1)[1]], [true, false]);
  opening.get(id).send({ id, result: { sha256: "00", frames: 2 } });
  assert.equal((await first).frames, 2);
  assert.equal(fake.connects, 1);
});
