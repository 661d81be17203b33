/** What is kept of which message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Analyses } from "../../extension/analyses.js";
import { chunks } from "../../extension/mail.js";
import { Trouble } from "../../extension/trouble.js";
import { frame, sleep, until } from "./fake.mjs";

function make(analyse, { more = analyse, refused, clock = { now: 0 } } = {}) {
  const calls = [];
  const host = {
    analyse: async (job, listeners) => {
      calls.push(job);
      return analyse(job, listeners);
    },
    more: async (what, listeners) => {
      calls.push(what);
      return more(what, listeners);
    },
  };
  const read = async (message) => ({ binary: `mail ${message}`, expected_size: 6, account: `account${message}` });
  const settings = async (account) => ({ account: `${account} me@own.example`, settings: { locale: "en" } });
  const settled = [];
  const analyses = new Analyses({ host, read, chunks, settings, refused, settled: (one) => settled.push(one), now: () => clock.now });
  return { calls, settled, analyses };
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
  stops[0].leave();
  assert.equal(signals[0].aborted, false);
  stops[1].leave();
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

/** Reports of a mail whose questions are asked: `step` lets the next one out. */
function slow() {
  const gates = [];
  const analyse = async ({ privacy }, { onReport, signal, stop }) => {
    if (privacy === "offline") return onReport({ ...frame("en"), made: "own" }, 1);
    onReport({ ...frame("en"), final: false, made: "asking" }, 2);
    await new Promise((resolve, reject) => {
      gates.push(resolve);
      signal.addEventListener("abort", () => reject(new Trouble("cancelled")));
      stop.addEventListener("abort", () => (gates.splice(gates.indexOf(resolve), 1), resolve()));
    });
    onReport({ ...frame("en"), made: stop.aborted ? "stopped" : "asked", lookups: { asked: 1, waiting: 0, log: [{ outcome: slow.outcome }] } }, 2);
  };
  slow.outcome = "answered";
  return { analyse, gates, end: async () => (await until(() => gates.length), gates.shift()()) };
}
const never = new AbortController().signal;

test("what the badge knows is shown at once, and then made better; the badge waits for nobody", async () => {
  const { analyse, end } = slow();
  const { calls, analyses } = make(analyse);
  await analyses.end(1, never);
  const seen = [];
  analyses.watch(1, ({ phase, report }) => seen.push([phase, report?.made]), "registry");
  assert.deepEqual(seen.at(-1), ["analysing", "own"]);
  await until(() => seen.at(-1)[1] === "asking");
  assert.equal((await analyses.end(1, never)).report.made, "own"); // while the other is still under way
  await end();
  await until(() => seen.at(-1)[0] === "done");
  assert.deepEqual(seen.at(-1), ["done", "asked"]);
  assert.deepEqual(calls.map(({ privacy }) => privacy), ["offline", "registry"]);
  assert.equal((await analyses.end(1, never)).report.made, "asked"); // and then knows what is known
  analyses.watch(1, ({ phase }) => assert.equal(phase, "done"), "registry");
  assert.equal(calls.length, 2);
});

test("what others answered is asked anew after a while, and at once where nobody could be reached", async () => {
  const clock = { now: 0 };
  const { analyse, end, gates } = slow();
  const { calls, analyses } = make(analyse, { clock });
  const look = async () => {
    const seen = [];
    const { leave } = analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
    const first = { ...seen.at(-1) };
    await until(() => gates.length || seen.at(-1).phase === "done");
    if (gates.length) await end();
    await until(() => seen.at(-1).phase === "done");
    leave();
    return first;
  };
  await look();
  clock.now = 299_000;
  assert.equal((await look()).phase, "done");
  clock.now = 301_000;
  slow.outcome = "unreachable";
  const again = await look();
  assert.deepEqual([again.phase, again.report.made], ["reading", "asked"]);
  assert.equal((await look()).phase, "reading");
  assert.equal(calls.length, 3);
});

test("stopped, it keeps what was known by then, and is taken up when asked again", async () => {
  const { analyse, end } = slow();
  const { calls, analyses, settled } = make(analyse);
  const seen = [];
  const { cancel, leave } = analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
  await until(() => seen.at(-1).report);
  cancel();
  await until(() => seen.at(-1).phase === "cancelled");
  assert.deepEqual([seen.at(-1).report.made, seen.at(-1).trouble], ["stopped", null]);
  assert.equal(settled.at(-1).phase, "cancelled");
  leave();
  analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
  assert.deepEqual([seen.at(-1).phase, seen.at(-1).report.made], ["reading", "stopped"]);
  await end();
  await until(() => seen.at(-1).phase === "done");
  assert.equal(calls.length, 2);
});

test("who leaves ends what only he watched; the world is not asked on for nobody", async () => {
  const { analyse } = slow();
  const signals = [];
  const { analyses } = make((job, listeners) => (signals.push(listeners.signal), analyse(job, listeners)));
  const { leave } = analyses.watch(1, () => {}, "registry");
  await until(() => signals.length);
  leave();
  assert.equal(signals[0].aborted, true);
});

test("more is asked of the message that the host still has, else it is sent again", async () => {
  const { analyse, end } = slow();
  let gone = false;
  const more = async (what, { onReport }) => {
    if (gone) throw new Trouble("refused", "", {}, -32005);
    onReport({ ...frame("en"), made: `more ${what.of}` }, 9);
  };
  const { calls, analyses } = make(analyse, { more });
  const seen = [];
  analyses.watch(1, ({ phase, report }) => seen.push([phase, report?.made]), "registry");
  await end();
  await until(() => seen.at(-1)[0] === "done");
  analyses.watch(1, () => {}, "sender");
  await until(() => seen.at(-1)[1] === "more 2" && seen.at(-1)[0] === "done");
  assert.deepEqual([calls.at(-1).of, calls.at(-1).privacy], [2, "sender"]);
  assert.ok(seen.slice(seen.findIndex(([, made]) => made)).every(([, made]) => made), "what is shown is never taken away");

  gone = true;
  analyses.watch(2, ({ phase, report }) => seen.push([phase, report?.made]), "resolver");
  await end();
  await until(() => seen.at(-1)[0] === "done");
  analyses.watch(2, () => {}, "sender");
  await end();
  await until(() => seen.at(-1)[0] === "done");
  assert.deepEqual(calls.slice(-3).map(({ of, privacy }) => [of, privacy]), [[undefined, "resolver"], [2, "sender"], [undefined, "sender"]]);
});

test("what the host keeps of a message is asked for by the last request, and the message sent again where it is gone", async () => {
  let request = 4;
  const { calls, analyses } = make(async (_, { onReport }) => onReport(frame("en"), ++request));
  const { signal } = new AbortController();
  await analyses.end(1, signal);
  assert.equal(await analyses.about(1, async (of) => `of ${of}`), "of 5");
  const gone = async (of) => {
    if (of === 5) throw new Trouble("refused", "", {}, -32005);
    return `of ${of}`;
  };
  assert.equal(await analyses.about(1, gone), "of 6");
  assert.equal(await analyses.about(2, async (of) => `of ${of}`), "of 7");
  assert.deepEqual(calls.map(({ account }) => account), ["account1 me@own.example", "account1 me@own.example", "account2 me@own.example"]);
  await assert.rejects(analyses.about(1, async () => Promise.reject(new Trouble("crashed"))), ({ kind }) => kind === "crashed");
});

test("more while it is under way takes its place", async () => {
  const { analyse, gates } = slow();
  const { calls, analyses } = make(analyse);
  const seen = [];
  analyses.watch(1, ({ phase, report }) => seen.push([phase, report?.made]), "registry");
  await until(() => gates.length === 1);
  analyses.watch(1, () => {}, "sender");
  await until(() => gates.length === 2);
  gates[1]();
  await until(() => seen.at(-1)[0] === "done");
  assert.deepEqual(calls.map(({ privacy }) => privacy), ["registry", "sender"]);
  assert.ok(!seen.some(([phase]) => phase === "cancelled" || phase === "failed"));
});

test("a setting that the host does not understand is left out, another fault is not asked twice", async () => {
  const wrong = new Trouble("refused", "no", { field: "settings.resolver" }, -32602);
  const asked = [];
  let faults = 1;
  const { calls, analyses } = make(
    async (job, listeners) => {
      if (faults-- > 0) throw wrong;
      return good(job, listeners);
    },
    { refused: (trouble) => (asked.push(trouble), trouble === wrong && asked.length < 2) },
  );
  assert.equal((await analyses.end(1, never)).phase, "done");
  faults = 5;
  assert.equal((await analyses.end(2, never)).trouble.kind, "refused");
  assert.deepEqual([calls.length, asked.length], [3, 2]);
});

test("what goes wrong in the world does not take away what this computer knows", async () => {
  const { analyses } = make(async ({ privacy }, { onReport }) => {
    if (privacy !== "offline") throw new Trouble("crashed");
    onReport(frame("en"), 1);
  });
  await analyses.end(1, never);
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
  await until(() => seen.at(-1).phase === "failed");
  assert.ok(seen.at(-1).report.final);
});

test("a link is followed once, on the word of whoever looks, and never again by itself", async () => {
  const clock = { now: 0 };
  const analyse = async (_, { onReport }) => onReport(frame("en"), 4);
  const { calls, analyses } = make(analyse, { more: analyse, clock });
  const seen = [];
  const over = () => until(() => seen.at(-1) === "done");
  analyses.watch(1, ({ phase }) => seen.push(phase));
  await over();
  analyses.watch(1, ({ phase }) => seen.push(phase), "offline", ["https://a.example/"]);
  await over();
  analyses.watch(1, ({ phase }) => seen.push(phase), "offline", ["https://b.example/"]);
  await over();
  assert.deepEqual(calls.map(({ of, privacy, visit }) => [of, privacy, visit]), [
    [undefined, "offline", []],
    [4, "offline", ["https://a.example/"]],
    [4, "offline", ["https://b.example/"]],
  ]);
  clock.now = 1e9;
  analyses.watch(1, ({ phase }) => seen.push(phase));
  assert.equal(calls.length, 3);
  analyses.watch(1, ({ phase }) => seen.push(phase), "registry");
  await over();
  assert.deepEqual([calls.length, calls[3].of, calls[3].visit], [4, 4, []]);
});

/** A host that makes a panel where one is wanted; `hold` keeps a request after its first report, as while files are being opened. */
function thrifty({ hold = () => false } = {}) {
  const gates = [];
  let request = 0;
  const host = async (job, { onReport, signal }) => {
    const id = ++request;
    const { panel } = frame("en");
    const report = { ...frame("en"), panel: job.panel ? panel : null, made: id };
    if (!hold(job)) return onReport(report, id);
    onReport({ ...report, final: false }, id);
    await new Promise((resolve, reject) => {
      gates.push(resolve);
      signal.addEventListener("abort", () => reject(new Trouble("cancelled")));
    });
    onReport(report, id);
  };
  return { host, gates };
}
const asked = (calls) => calls.map(({ of, panel }) => [of, panel]);
const phases = (seen) => seen.map(({ phase, report }) => [phase, report === null ? null : report.panel.length > 0]);

test("who waits for an end gets no panel; who watches then gets it of what the host has", async () => {
  const { host } = thrifty();
  const { calls, analyses, settled } = make(host);
  assert.equal((await analyses.end(1, never)).report.panel, null);
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot));
  await until(() => seen.at(-1).phase === "done");
  assert.deepEqual(asked(calls), [[undefined, false], [1, true]]);
  assert.deepEqual(phases(seen).at(0), ["analysing", null]);
  assert.deepEqual(phases(seen).at(-1), ["done", true]);
  assert.ok(seen.every(({ phase, report }) => phase !== "done" || report));
  assert.ok((await analyses.end(1, never)).report.panel, "it knows what is known");
  analyses.watch(1, ({ phase, report }) => assert.ok(phase === "done" && report.panel));
  assert.equal(calls.length, 2);
  assert.deepEqual(settled.map(({ phase }) => phase), ["done", "done"]);
});

test("a panel at a level that allows more goes on from the badge's request, and from no other", async () => {
  const { host } = thrifty();
  const { calls, analyses } = make(host);
  await analyses.end(1, never);
  await analyses.end(1, never, "resolver");
  const seen = [];
  const { leave } = analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
  await until(() => seen.at(-1).phase === "done");
  leave();
  analyses.watch(2, (snapshot) => seen.push(snapshot), "registry");
  await until(() => seen.at(-1).message === 2 && seen.at(-1).phase === "done");
  assert.deepEqual(calls.map(({ of, privacy, panel }) => [of, privacy, panel]), [
    [undefined, "offline", false],
    [1, "resolver", false],
    [1, "offline", true], // what this computer knows is shown at once
    [2, "registry", true],
    [undefined, "registry", true],
  ]);
});

test("what others answered long ago is not gone on from, though its panel is lacking", async () => {
  const clock = { now: 0 };
  const { host } = thrifty();
  const { calls, analyses } = make(host, { clock });
  await analyses.end(1, never, "registry");
  clock.now = 301_000;
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
  await until(() => seen.at(-1).phase === "done");
  assert.deepEqual(asked(calls), [[undefined, false], [undefined, true]]);
});

test("a panel that opens before the badge's message is sent has it sent once, with a panel", async () => {
  const { host } = thrifty();
  const { calls, analyses } = make(host);
  const end = analyses.end(1, never);
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot));
  assert.ok((await end).report.panel);
  assert.equal(seen.at(-1).phase, "done");
  assert.deepEqual(asked(calls), [[undefined, true]]);
});

test("a panel that opens while the badge's files are being opened waits for none of it, and the badge's request goes when the other has begun", async () => {
  const signals = [];
  const order = [];
  const { host, gates } = thrifty({ hold: () => true });
  const { calls, analyses } = make((job, listeners) => {
    const mine = signals.push(listeners.signal);
    listeners.signal.addEventListener("abort", () => order.push(`abort ${mine}`));
    return host(job, { ...listeners, onReport: (report, id) => (order.push(`report ${id}`), listeners.onReport(report, id)) });
  });
  const end = analyses.end(1, never);
  await until(() => gates.length === 1);
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot));
  analyses.watch(1, () => {}); // in a tab as well
  await until(() => seen.at(-1).report);
  assert.deepEqual(phases(seen).at(-1), ["analysing", true]);
  assert.deepEqual(order, ["report 1", "report 2", "abort 1"]);
  await until(() => gates.length === 2);
  gates[1]();
  await until(() => seen.at(-1).phase === "done");
  assert.deepEqual([(await end).phase, (await end).report.made], ["done", 2]);
  assert.deepEqual(asked(calls), [[undefined, false], [1, true]]);
  assert.ok(!seen.some(({ phase }) => phase === "cancelled" || phase === "failed"));
});

test("a panel that opens while the message is on its way to the host has it made when it is there", async () => {
  const { host } = thrifty();
  const gates = [];
  const { calls, analyses } = make(async (job, listeners) => {
    if (calls.length === 1) {
      listeners.onReport({ ...frame("en"), message: { ...frame("en").message, sha256: null }, panel: null, final: false }, 1); // of its first bytes
      await new Promise((resolve) => gates.push(resolve));
    }
    return host(job, listeners);
  });
  const end = analyses.end(1, never);
  await until(() => gates.length);
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot));
  assert.deepEqual(phases(seen), [["analysing", null]]);
  gates[0]();
  await until(() => seen.at(-1).phase === "done");
  assert.deepEqual([phases(seen).at(-1), (await end).phase], [["done", true], "done"]);
  assert.deepEqual(asked(calls), [[undefined, false], [1, true]]);
});

test("the message is sent again for its panel where the host has it no longer", async () => {
  const { host } = thrifty();
  const gone = async () => Promise.reject(new Trouble("refused", "gone", {}, -32005));
  const { calls, analyses } = make(host, { more: gone });
  await analyses.end(1, never);
  const seen = [];
  analyses.watch(1, (snapshot) => seen.push(snapshot));
  await until(() => seen.at(-1).phase === "done");
  assert.deepEqual(phases(seen).at(-1), ["done", true]);
  assert.deepEqual(asked(calls), [[undefined, false], [1, true], [undefined, true]]);
});

test("a panel that is closed before it was made takes nothing away from what is known", async () => {
  const { host } = thrifty();
  const signals = [];
  const { calls, analyses } = make(host, { more: (_, { signal }) => new Promise(() => signals.push(signal)) });
  const { report } = await analyses.end(1, never);
  const { leave } = analyses.watch(1, () => {});
  await until(() => signals.length === 1);
  leave();
  assert.ok(signals[0].aborted);
  assert.deepEqual([analyses.known(1).phase, analyses.known(1).report], ["done", report]);
  assert.equal((await analyses.end(1, never)).report, report);
  analyses.watch(1, () => {});
  await until(() => signals.length === 2);
  assert.deepEqual(asked(calls), [[undefined, false], [1, true], [1, true]]);
});

test("a panel begins with what this computer knows, however long others take to be asked", async () => {
  const { host } = thrifty();
  const gates = [];
  const signals = [];
  const { calls, analyses } = make(host, {
    more: async (what, listeners) => {
      signals.push(listeners.signal);
      if (what.privacy !== "offline") await new Promise((resolve) => gates.push(resolve));
      return host(what, listeners);
    },
  });
  await analyses.end(1, never);
  const seen = [];
  const { leave } = analyses.watch(1, (snapshot) => seen.push(snapshot), "registry");
  await until(() => seen.at(-1).report);
  assert.deepEqual(phases(seen).at(-1), ["analysing", true]);
  assert.equal(seen.at(-1).report.made, 2);
  await until(() => gates.length);
  gates[0]();
  await until(() => seen.at(-1).phase === "done");
  assert.equal(seen.at(-1).report.made, 3);
  assert.deepEqual(calls.map(({ of, privacy, panel }) => [of, privacy, panel]), [[undefined, "offline", false], [1, "offline", true], [1, "registry", true]]);
  leave();
  analyses.watch(1, ({ phase, report }) => assert.ok(phase === "done" && report.panel));
  analyses.watch(1, ({ phase, report }) => assert.ok(phase === "done" && report.panel), "registry");
  assert.equal(calls.length, 3);
});
