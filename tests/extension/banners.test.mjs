/** What the background lets banner.js say, and what is asked before an answer leaves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeBrowser, fakeHost, frame, loadBackground, obedient, sleep, until } from "./fake.mjs";

const EVIL = "From: a@evil.example\n\nhi\n";
const GOOD = "From: a@good.example\n\nhi\n";
const TAB = { tab: { id: 1 } };

async function start({ change = () => {}, answer, mails = { 1: { raw: EVIL }, 2: { raw: GOOD }, 3: { raw: EVIL, size: 3e6 } }, ...more } = {}) {
  const changed = (message, life) =>
    obedient(message, {
      ...life,
      send: (frame) => {
        if (frame.method === "report") change(frame.params.report);
        life.send(frame);
      },
    });
  const host = fakeHost(answer ?? changed);
  const fake = fakeBrowser({ mails, host, ...more });
  await loadBackground(fake);
  const notice = async (tab = TAB) => structuredClone(await fake.browser.runtime.onMessage.fire({ ask: "notice" }, tab)[0]);
  const told = () => fake.calls.filter(([api, what]) => api === "tabs" && what === "sendMessage").length;
  return { host, notice, told, ...fake, marks: fake.browser.messageDisplayAction.marks };
}

/** Shows a mail and gives what its document may say once the mail is marked. */
async function shown(fake, id, mark = "Sekisho:") {
  await fake.select(id);
  await until(() => fake.marks.title.startsWith(mark));
  return fake.notice();
}

test("the script is registered once, at every start, and put into what is shown already", async () => {
  const fake = await start();
  await until(() => fake.scripts.has("banner"));
  assert.deepEqual([...fake.scripts.values()], [{ id: "banner", js: ["banner.js"] }]);
  await sleep(10); // what was shown when it started has been seen to by now
  fake.state.displayed = [1];
  await loadBackground(fake); // the event page was only unloaded
  await sleep(10);
  assert.equal(fake.calls.some(([, what]) => what === "executeScript"), false);
  assert.equal(fake.state.raw, 0);
});

test("a message that is shown when Thunderbird starts gets it, too", async () => {
  const host = fakeHost();
  const fake = fakeBrowser({ mails: { 1: { raw: EVIL } }, host });
  fake.state.displayed = fake.state.selected = [1];
  await loadBackground(fake);
  const [, , injection] = await until(() => fake.calls.find(([, what]) => what === "executeScript"));
  assert.deepEqual(injection, { target: { tabId: 1 }, files: ["banner.js"] });
});

test("above a dangerous message: the headline, the titles of the reasons, and whom the links belong to", async () => {
  const fake = await start();
  const { message, level, headline, reasons, links } = await shown(fake, 1);
  const report = frame("en");
  assert.deepEqual([message, level, headline], [1, "danger", report.verdict.headline]);
  assert.deepEqual(reasons, report.verdict.reasons.map((id) => report.findings.find((one) => one.id === id).title).slice(0, 5));
  assert.equal(links.length, report.links.length);
  assert.equal(links[0].domain, report.links[0].registrable_domain);
  assert.ok(links[0].notes.length > 0);
});

test("nothing above a clear one, but its links are known", async () => {
  const { level, headline, reasons, links } = await shown(await start(), 2);
  assert.deepEqual([level, headline, reasons], [null, null, []]);
  assert.ok(links.length > 0);
});

test("always: above a clear one who handed it over, and not one word of the verdict", async () => {
  const stored = { options: { banner: "always" } };
  const fake = await start({ stored, change: (report) => Object.assign(report.verdict, { headline: "All is well" }) });
  const { level, headline, reasons } = await shown(fake, 2);
  const { origin, hops } = frame("en");
  assert.equal(level, null);
  assert.deepEqual(reasons, []);
  assert.ok(headline.includes(hops[origin.hop].rdns ?? hops[origin.hop].ip), headline);
  assert.doesNotMatch(headline, /well|no warning|safe|trust|genuine|verified/i);
  const unknown = await shown(await start({ stored, change: (report) => (report.origin = null) }), 2);
  assert.match(unknown.headline, /not known/);
});

test("never: no script, and what is drawn already goes", async () => {
  const fake = await start();
  await shown(fake, 1);
  await fake.browser.runtime.sendMessage({ ask: "choose", name: "banner", value: "never" });
  await until(() => !fake.scripts.has("banner"));
  assert.deepEqual(await fake.notice(), { message: 1, level: null, headline: null, reasons: [], links: [] });
  await fake.browser.runtime.sendMessage({ ask: "choose", name: "banner", value: "suspicious" });
  await until(() => fake.scripts.has("banner"));
  assert.equal((await fake.notice()).level, "danger");
});

test("asking has nothing analysed, and nobody out there is asked", async () => {
  const { notice, state, host, select, marks } = await start();
  state.displayed = state.selected = [1];
  assert.equal(await notice(), null);
  await sleep(200);
  assert.deepEqual([state.raw, host.connects], [0, 0]);
  await select(1);
  await until(() => marks.text === "!");
  await notice();
  assert.deepEqual(host.frames.filter(({ method }) => method === "analyse").map(({ params }) => params.privacy), ["offline"]);
  assert.equal(host.frames.filter(({ method }) => method === "ask_more").length, 0);
});

test("a document is told to ask again when there is something to say", async () => {
  const fake = await start();
  await fake.select(1);
  assert.equal(await fake.notice(), null);
  const before = fake.told();
  await until(() => fake.marks.text === "!" && fake.told() > before);
  assert.equal((await fake.notice()).message, 1);
});

test("while the next message is on its way, the document of the last one is told nothing", async () => {
  const fake = await start();
  await shown(fake, 1);
  await shown(fake, 2);
  fake.state.displayed = fake.state.selected = [1]; // known already, and not loaded yet
  assert.equal(await fake.notice(), null);
  await fake.select(1);
  assert.equal((await fake.notice()).message, 1);
});

test("nothing is said of several messages, of a large one, of one that is being analysed, or elsewhere", async () => {
  const fake = await start();
  await fake.select(3);
  await until(() => fake.marks.title.includes("large"));
  assert.equal(await fake.notice(), null);
  await fake.select(1, 2);
  assert.equal(await fake.notice(), null);
  assert.equal(await fake.notice({}), null);
  const early = (message, life) => (message.method === "chunk" ? life.send({ method: "report", params: { id: message.params.id, report: { ...frame("en"), final: false } } }) : obedient(message, life));
  const slow = await start({ answer: early });
  await slow.select(1);
  await until(() => slow.host.frames.some(({ method }) => method === "chunk"));
  await sleep(10);
  assert.equal(await slow.notice(), null);
});

test("what a mail puts into the report comes cut, counted and made visible", async () => {
  const change = (report) => {
    report.verdict.headline = `a\u202eb${"x".repeat(5000)}`;
    report.links = Array.from({ length: 2000 }, (_, n) => ({ ...report.links[0], url: `https://${n}.example/`, unwrapped: ["javascript:1", "\u202e"] }));
    report.links[0].url = `https://a.example/${"x".repeat(9000)}`;
  };
  const { headline, links } = await shown(await start({ change }), 1);
  assert.ok(headline.length < 700 && headline.includes("⟨U+202E⟩"));
  assert.equal(links.length, 499);
  assert.deepEqual(links[0].notes, [], "what was found about another link");
  assert.equal(links[0].leads, null);
});

test("the banner's button opens the panel of its tab", async () => {
  const fake = await start();
  await shown(fake, 1);
  await fake.browser.runtime.onMessage.fire({ ask: "analyse" }, TAB)[0];
  assert.ok(fake.calls.some(([, what]) => what === "openPopup"));
});

/** A reader who is asked before an answer leaves; `windows`: what each window that opens does. */
async function guarded({ windows = () => {}, stored = { options: { reply_guard: true } }, ...more } = {}) {
  const fake = await start({ stored, ...more });
  const { event } = await import("./fake.mjs");
  fake.browser.compose.onBeforeSend = event();
  fake.browser.permissions.onAdded.fire();
  fake.browser.permissions.onAdded.fire(); // another permission
  const opened = [];
  fake.browser.windows.create = async ({ url }) => {
    const port = fake.browser.runtime.connect({ name: decodeURIComponent(new URL(url, "https://extension.example/").hash.slice(1)) });
    const heard = [];
    port.onMessage.addListener((message) => heard.push(message));
    opened.push({ port, heard });
    windows(port);
  };
  const send = (details) => Promise.all(fake.browser.compose.onBeforeSend.fire(fake.tab, details));
  return { ...fake, opened, send };
}
const REPLY = { type: "reply", relatedMessageId: 1 };

test("an answer to a dangerous message is asked about, once for each message that is answered all the same", async () => {
  const decisions = [false, null, true];
  const { send, opened } = await guarded({
    windows: (port) => {
      const decision = decisions.shift();
      setTimeout(() => (decision === null ? port.disconnect() : port.postMessage({ send: decision })), 20);
    },
  });
  assert.deepEqual(await send(REPLY), [{ cancel: true }]);
  const { headline, reasons } = opened[0].heard[0];
  assert.equal(headline, frame("en").verdict.headline);
  assert.ok(reasons.length > 0);
  assert.deepEqual(await send(REPLY), [{ cancel: true }], "a window that is closed says no");
  assert.deepEqual(await send(REPLY), [{ cancel: false }]);
  assert.deepEqual(await send(REPLY), [{ cancel: false }]);
  assert.equal(opened.length, 3);
});

test("nothing is asked about a forward, a new mail, an answer to a clear message, or where it was not chosen", async () => {
  const { send, opened, state } = await guarded();
  for (const details of [{ type: "forward", relatedMessageId: 1 }, { type: "new" }, { type: "reply" }, { type: "reply", relatedMessageId: 2 }]) {
    assert.deepEqual(await send(details), [{ cancel: false }]);
  }
  assert.equal(state.raw, 1);
  const off = await guarded({ stored: {} });
  assert.deepEqual(await off.send(REPLY), [{ cancel: false }]);
  assert.equal(opened.length + off.opened.length, 0);
});

test("where it cannot be asked the answer leaves, and asking asks nobody out there", async (context) => {
  context.mock.method(console, "warn", () => {});
  const { send, browser, host } = await guarded();
  browser.windows.create = async () => Promise.reject(new Error("no window"));
  assert.deepEqual(await send(REPLY), [{ cancel: false }]);
  assert.deepEqual(host.frames.filter(({ method }) => method === "analyse").map(({ params }) => params.privacy), ["offline"]);
  host.lives.at(-1).die();
  host.missing = true;
  assert.deepEqual(await send({ type: "reply", relatedMessageId: 2 }), [{ cancel: false }]);
});
