/** The event page as a whole, against a stand-in Thunderbird and a stand-in host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeBrowser, fakeHost, frame, loadBackground, obedient, sleep, until } from "./fake.mjs";

const EVIL = "From: a@evil.example\n\nhi\n";
const GOOD = "From: a@good.example\n\nhi\n";

async function start(mails = { 1: { raw: EVIL }, 2: { raw: GOOD }, 3: { raw: GOOD, size: 3e6 } }, answer = obedient, locale = "en", more = {}) {
  const host = fakeHost(answer);
  const fake = fakeBrowser({ mails, host, locale, ...more });
  await loadBackground(fake);
  return { host, ...fake, marks: fake.browser.messageDisplayAction.marks, main: fake.browser.action.marks };
}

test("listeners are there as soon as the module has run", async () => {
  const { browser } = await start();
  for (const { count } of [
    browser.runtime.onInstalled,
    browser.runtime.onStartup,
    browser.runtime.onConnect,
    browser.messageDisplay.onMessagesDisplayed,
    browser.mailTabs.onSelectedMessagesChanged,
    browser.menus.onClicked,
    browser.commands.onCommand,
    browser.tabs.onRemoved,
    browser.accounts.onCreated,
    browser.accounts.onDeleted,
    browser.accounts.onUpdated,
    browser.identities.onCreated,
    browser.identities.onDeleted,
    browser.identities.onUpdated,
    browser.messages.onNewMailReceived, // without its permissions, too
  ]) assert.equal(count, 1);
});

test("a dangerous mail is marked on both buttons as soon as it is selected", async () => {
  const { select, marks, main } = await start();
  await select(1);
  await until(() => marks.text === "!" && main.text === "!");
  assert.match(marks.title, /^Sekisho: Not from KAGOYA/);
});

test("a clear mail has no mark, and the mark of the one before goes first", async () => {
  const { select, marks } = await start();
  await select(1);
  await until(() => marks.text === "!");
  await select(2);
  await until(() => marks.text === "");
  await until(() => marks.title.startsWith("Sekisho:"));
  assert.equal(marks.text, "");
});

test("somebody who walks through the list is not followed", async () => {
  const { select, state, marks } = await start();
  for (const id of [1, 2, 1, 2]) await select(id);
  await until(() => marks.title.startsWith("Sekisho:"));
  assert.equal(state.raw, 1);
  assert.equal(marks.text, "");
});

test("a result that comes late does not mark the next mail", async () => {
  const late = (message, life) => setTimeout(() => obedient(message, life), message.method === "chunk" ? 120 : 0);
  const { select, state, marks, calls } = await start(undefined, late);
  await select(1);
  await until(() => state.raw === 1);
  await select(2);
  await until(() => marks.title.startsWith("Sekisho:"));
  assert.equal(marks.text, "");
  assert.ok(!calls.some(([, what, details]) => what === "text" && details.text === "!"));
});

test("a large mail is looked at only when asked, and then marked", async () => {
  const { select, state, marks, browser } = await start({ 3: { raw: EVIL, size: 3e6 } });
  await select(3);
  await until(() => marks.title.includes("large"));
  assert.equal(state.raw, 0);
  const port = browser.runtime.connect({ name: "panel" });
  port.postMessage({ ask: "show", tab: 1 });
  await until(() => marks.text === "!");
});

test("a message that Thunderbird never comes to show is marked all the same, and its button's panel is about it", async () => {
  const { select, marks, browser, calls, tab } = await start({ 1: { raw: EVIL, unshown: true }, 2: { raw: GOOD } });
  await select(2);
  await until(() => marks.title.startsWith("Sekisho:"));
  await select(1);
  await until(() => marks.text === "!", "a mark", 5000);
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "show", tab: tab.id });
  await until(() => answers.some(({ snapshot }) => snapshot?.message === 1 && snapshot.phase === "done"));
  browser.commands.onCommand.fire("analyse-sender", tab);
  await until(() => calls.some(([api, what]) => api === "windows" && what === "create"));
  assert.ok(!calls.some(([, what]) => what === "openPopup"));
});

test("one that is left before it is shown is not marked", async () => {
  const { select, marks, state } = await start({ 1: { raw: EVIL, unshown: true }, 2: { raw: GOOD } });
  await select(1);
  await select(2);
  await until(() => marks.title.startsWith("Sekisho:"));
  await sleep(2000);
  assert.equal(marks.text, "");
  assert.equal(state.raw, 1);
});

test("a message that stops in the middle can be given up", async () => {
  const { browser } = await start({ 1: { raw: EVIL, stalls: true } });
  const port = browser.runtime.connect({ name: "panel" });
  const phases = [];
  port.onMessage.addListener(({ snapshot }) => phases.push(snapshot.phase));
  port.postMessage({ ask: "show", message: 1 });
  await until(() => phases.includes("reading"));
  port.postMessage({ ask: "cancel" });
  await until(() => phases.at(-1) === "cancelled");
});

test("with the message pane hidden the buttons follow the selection", async () => {
  const { select, state, main } = await start();
  await select(2);
  await until(() => main.title.startsWith("Sekisho:"));
  state.paneVisible = false; // and the pane goes on naming message 2
  await select();
  await select(1);
  await until(() => main.text === "!");
});

test("a host that is not there makes a question mark, and is found without a restart", async () => {
  const { select, marks, host } = await start();
  host.missing = true;
  await select(1);
  await until(() => marks.text === "?");
  assert.match(marks.title, /not installed/);
  host.missing = false;
  await select(2);
  await select(1);
  await until(() => marks.text === "!");
});

test("a message is read once, however often it is shown", async () => {
  const { select, state, marks } = await start();
  for (const id of [1, 2, 1, 2, 1]) {
    await select(id);
    await until(() => marks.title.startsWith("Sekisho:"));
  }
  assert.equal(state.raw, 2);
});

test("the menu is made when installed, for the list, the message and both buttons", async () => {
  const { browser, calls } = await start();
  browser.runtime.onInstalled.fire({ reason: "install" });
  const [, , item] = await until(() => calls.find(([, what]) => what === "create"));
  assert.equal(item.title, "Analyse sender");
  for (const context of ["message_list", "page", "selection", "link", "image", "frame", "message_display_action", "action"])
    assert.ok(item.contexts.includes(context), context);
});

test("the menu is called by its Japanese name", async () => {
  const { browser, calls } = await start(undefined, obedient, "ja");
  browser.runtime.onInstalled.fire({ reason: "install" });
  const [, , item] = await until(() => calls.find(([, what]) => what === "create"));
  assert.equal(item.title, "送信者を調べる");
});

test("a click on the displayed message opens the button's popup", async () => {
  const { browser, calls, select, tab, list } = await start();
  await select(1);
  browser.menus.onClicked.fire({ menuItemId: "analyse", selectedMessages: list([1]) }, tab);
  const opened = await until(() => calls.find(([, what]) => what === "openPopup"));
  assert.deepEqual(opened, ["messageDisplayAction", "openPopup", { windowId: 1 }]);
  await sleep(5);
  assert.ok(!calls.some(([api]) => api === "windows"));
});

test("a click on another message opens a window about that one", async () => {
  const { browser, calls, select, tab, list } = await start();
  await select(1);
  browser.menus.onClicked.fire({ menuItemId: "analyse", selectedMessages: list([2]) }, tab);
  const [, , { type, url }] = await until(() => calls.find(([api]) => api === "windows"));
  assert.deepEqual([type, url], ["popup", "panel.html?place=window&message=2"]);
});

test("the menu of a folder opens a tab of its messages, and one of several folders for all of them", async () => {
  const { browser, calls, tab } = await start();
  const folders = [{ id: "a1://In box", accountId: "a1", name: "In box" }, { id: "a1://Other", accountId: "a1", name: "Other" }];
  browser.menus.onClicked.fire({ menuItemId: "analyse-folder", selectedFolders: folders }, tab);
  const [, , { url }] = await until(() => calls.find(([api, what]) => api === "tabs" && what === "create"));
  const { pathname, searchParams } = new URL(url, "https://extension.example/");
  assert.deepEqual([pathname, searchParams.get("name"), searchParams.getAll("folder")], ["/several.html", "In box, Other", ["a1://In box", "a1://Other"]]);
});

test("a click on several messages opens a window with their table", async () => {
  const { browser, calls, select, tab, list } = await start();
  await select(1, 2);
  browser.menus.onClicked.fire({ menuItemId: "analyse", selectedMessages: list([1, 2]) }, tab);
  const [, , { url }] = await until(() => calls.find(([api]) => api === "windows"));
  assert.equal(url, "several.html?place=window&of=2&messages=1,2");
});

test("a click in the message means the displayed one; with the pane hidden a window opens", async () => {
  const { browser, calls, select, state, tab } = await start();
  await select(1);
  browser.menus.onClicked.fire({ menuItemId: "analyse" }, tab);
  await until(() => calls.some(([, what]) => what === "openPopup"));
  state.paneVisible = false;
  browser.menus.onClicked.fire({ menuItemId: "analyse" }, tab);
  await until(() => calls.some(([api]) => api === "windows"));
});

test("the keyboard does the same, and a tab without a mail is told what to do", async () => {
  const { browser, calls, select, tab } = await start();
  await select(1);
  browser.commands.onCommand.fire("analyse-sender", tab);
  await until(() => calls.some(([, what]) => what === "openPopup"));
  await select();
  browser.commands.onCommand.fire("analyse-sender", tab);
  const [, , { url }] = await until(() => calls.find(([api]) => api === "windows"));
  assert.equal(url, "panel.html?place=window");
});

test("of a long selection the first hundred are looked at, and all are counted", async () => {
  const { browser, calls, list, tab } = await start();
  const pages = [[1, 2], [3, 1], [2]];
  const page = (n) => ({ ...list(pages[n]), id: pages[n + 1] ? String(n + 1) : null });
  browser.messages.continueList = async (id) => page(Number(id));
  browser.menus.onClicked.fire({ menuItemId: "analyse", selectedMessages: page(0) }, tab);
  const [, , { url }] = await until(() => calls.find(([api]) => api === "windows"));
  assert.equal(url, "several.html?place=window&of=5&messages=1,2,3,1,2");
});

test("a tab with several selected messages is answered with their list", async () => {
  const { browser, state } = await start();
  state.displayed = state.selected = [1, 2];
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "show", tab: 1 });
  await until(() => answers.length);
  assert.deepEqual(answers, [{ several: [1, 2], of: 2 }]);
});

test("several messages are looked at one after the other, and what goes wrong with one is said of it", async () => {
  const { browser, state } = await start();
  const port = browser.runtime.connect({ name: "round" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "round", messages: [1, 9, 2] });
  await until(() => answers.at(-1)?.over);
  assert.deepEqual(answers.slice(0, 3).map(({ row }) => [row.message, row.subject]), [[1, "mail 1"], [9, ""], [2, "mail 2"]]);
  assert.deepEqual(answers.slice(3, 6).map(({ of, summary, trouble }) => [of, summary?.level, trouble?.kind]), [
    [1, "danger", undefined], [9, undefined, "unreadable"], [2, "clear", undefined],
  ]);
  assert.equal(state.raw, 2);
});

test("a round that is cancelled says nothing more", async () => {
  const { browser } = await start();
  const port = browser.runtime.connect({ name: "round" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "round", messages: [1, 2] });
  await until(() => answers.length === 2);
  port.postMessage({ ask: "cancel" });
  await sleep(60);
  assert.ok(!answers.some(({ over }) => over));
});

test("a panel is told of every change, and ends when the report is final", async () => {
  const { browser, state } = await start();
  state.displayed = state.selected = [1];
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "show", tab: 1 });
  await until(() => answers.at(-1)?.snapshot.phase === "done");
  assert.equal(answers.at(-1).subject, "mail 1");
  assert.deepEqual([...new Set(answers.map(({ snapshot }) => snapshot.phase))], ["reading", "analysing", "done"]);
});

test("a panel that is closed in the middle ends the analysis", async () => {
  const silent = (message, life) => message.method !== "chunk" && obedient(message, life);
  const { browser, host } = await start(undefined, silent);
  const port = browser.runtime.connect({ name: "panel" });
  port.postMessage({ ask: "show", message: 1 });
  await until(() => host.frames.some(({ method }) => method === "chunk"));
  port.disconnect();
  await until(() => host.frames.some(({ method }) => method === "cancel"));
});

test("cancel in the panel ends the analysis and says so", async () => {
  const silent = (message, life) => message.method !== "chunk" && obedient(message, life);
  const { browser, host } = await start(undefined, silent);
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "show", message: 1 });
  await until(() => host.frames.some(({ method }) => method === "chunk"));
  port.postMessage({ ask: "cancel" });
  await until(() => answers.at(-1).snapshot.phase === "cancelled");
});

test("a panel without a message is told that there is none; an unknown message is trouble", async () => {
  const { browser } = await start();
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "show", tab: 1 });
  await until(() => answers.at(-1)?.none);
  port.postMessage({ ask: "show", message: 99 });
  await until(() => answers.at(-1)?.snapshot?.trouble?.kind === "unreadable");
});

const ACCOUNTS = [
  { id: "account1", identities: [{ email: "Me@Own.Example" }, { email: "info@own.example" }] },
  { id: "account2", identities: [{ email: "me@other.example" }] },
  { id: "account3", identities: [] },
];
const told = ({ frames }) => frames.filter(({ method }) => method === "analyse").map(({ params }) => params);

/** A panel about a message, and what it was told. */
function panel(browser, question) {
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage(question);
  return { port, answers, done: () => until(() => answers.at(-1)?.snapshot?.phase === "done") };
}

test("the host is told all the reader's addresses, and in which account the message lies", async () => {
  const mails = { 1: { raw: GOOD, account: "account2" }, 2: { raw: GOOD, account: "account3" }, 3: { raw: GOOD } };
  const { browser, host, state } = await start(mails, obedient, "en", { accounts: ACCOUNTS });
  for (const message of [1, 2, 3]) await panel(browser, { ask: "show", message }).done();
  const looks = told(host);
  const { time_zone, ...others } = looks[0].settings;
  assert.deepEqual(others, {
    locale: "en",
    own_addresses: ["me@own.example", "info@own.example", "me@other.example"],
    relays: [],
    trusted_senders: [],
  });
  assert.ok(time_zone.length > 0 && time_zone.every((change) => change.length === 2 && change.every(Number.isInteger)), "how the clock stands to UTC");
  assert.deepEqual(looks.map(({ account }) => account), ["account2 me@other.example", null, null]);
  assert.equal(state.listed, 1);
});

for (const change of ["accounts.onCreated", "accounts.onDeleted", "accounts.onUpdated", "identities.onCreated", "identities.onDeleted", "identities.onUpdated"]) {
  test(`after ${change} the accounts are asked anew, and the open panel is renewed`, async () => {
    const accounts = structuredClone(ACCOUNTS);
    const { browser, host } = await start({ 1: { raw: GOOD, account: "account1" } }, obedient, "en", { accounts });
    await panel(browser, { ask: "show", message: 1 }).done();
    accounts[0].identities.unshift({ email: "new@own.example" });
    const [api, event] = change.split(".");
    browser[api][event].fire("id", {});
    await until(() => told(host).length === 2);
    assert.equal(told(host)[1].account, "account1 new@own.example");
    assert.equal(told(host)[1].settings.own_addresses[0], "new@own.example");
  });
}

test("a relay said in a panel is kept, and sent at once for this panel and every other one", async () => {
  const { browser, host, kept } = await start();
  const one = panel(browser, { ask: "show", message: 1 });
  const other = panel(browser, { ask: "show", message: 2 });
  await Promise.all([one.done(), other.done()]);
  one.port.postMessage({ ask: "relay", relay: "out.relay.example", on: true, message: 1 });
  await until(() => told(host).length === 4);
  await Promise.all([one.done(), other.done()]);
  assert.deepEqual(told(host).map(({ settings }) => settings.relays), [[], [], ["out.relay.example"], ["out.relay.example"]]);
  assert.deepEqual(kept, { relays: ["out.relay.example"] });
  one.port.postMessage({ ask: "relay", relay: "out.relay.example", on: false, message: 1 });
  await until(() => told(host).length === 6);
  await Promise.all([one.done(), other.done()]);
  assert.deepEqual([told(host)[5].settings.relays, kept, told(host).length], [[], { relays: [] }, 6]);
});

test("what was named is sent after a restart, and a look from before is not shown for one from after", async () => {
  const { browser, host, select, marks } = await start(undefined, obedient, "en", { stored: { relays: ["out.relay.example"] } });
  await select(1);
  await until(() => marks.text === "!");
  assert.deepEqual(told(host)[0].settings.relays, ["out.relay.example"]);
  const { port, done } = panel(browser, { ask: "relay", relay: "out.relay.example", on: false, message: 2 });
  await done();
  port.postMessage({ ask: "show", message: 1 });
  await until(() => told(host).length === 3);
  assert.deepEqual(told(host)[2].settings.relays, []);
});

test("a relay that could not be kept is said, and the message is shown as before", async (context) => {
  context.mock.method(console, "warn", () => {});
  const { browser, host, state } = await start();
  state.full = true;
  const { answers, done, port } = panel(browser, { ask: "relay", relay: "out.relay.example", on: true, message: 1 });
  await done();
  assert.match(answers.at(-1).problems.join(), /out\.relay\.example could not be kept/);
  assert.deepEqual(told(host)[0].settings.relays, []);
  port.postMessage({ ask: "show", message: 1 });
  await until(() => answers.at(-1).problems.length === 0);
});

/** The levels at which messages were asked about, sent or by the id of an earlier request. */
const levels = (host) => host.frames.filter(({ method }) => method === "analyse" || method === "ask_more").map(({ params }) => params.privacy);

test("opening a mail asks nobody; a panel asks as far as the options allow, registries unless told", async () => {
  const { browser, host, select, marks } = await start();
  await select(1);
  await until(() => marks.text === "!");
  await panel(browser, { ask: "show", tab: 1 }).done();
  await select(2);
  await until(() => levels(host).length === 4);
  assert.deepEqual(levels(host), ["offline", "offline", "registry", "offline"]); // of the panel what this computer knows comes first
});

test("a panel is made for who shows one: a badge has none, and what opens then sends no message again that the host still has", async () => {
  const { browser, host, select, marks } = await start(undefined, obedient, "en", { stored: { options: { privacy: "offline" } } });
  const asked = () => host.frames.filter(({ method }) => method === "analyse" || method === "ask_more").map(({ method, params }) => [method, params.of !== undefined, params.panel]);
  await select(1);
  await until(() => marks.text === "!");
  assert.deepEqual(asked(), [["analyse", false, false]]);
  const { answers, done } = panel(browser, { ask: "show", tab: 1 });
  await done();
  assert.ok(answers.every(({ snapshot: { report } }) => report === null || report.panel.length), "a report without its panel is none for a panel");
  assert.ok(answers.at(-1).snapshot.report.panel.length);
  await panel(browser, { ask: "show", tab: 1 }).done();
  assert.deepEqual(asked(), [["analyse", false, false], ["ask_more", true, undefined]]);
  host.lives.at(-1).kept.clear();
  await select(2);
  await until(() => asked().length === 3);
  await until(() => host.lives.at(-1).kept.size);
  host.lives.at(-1).kept.clear();
  const again = panel(browser, { ask: "show", message: 2 });
  await again.done();
  assert.ok(again.answers.at(-1).snapshot.report.panel.length);
  assert.deepEqual(asked().slice(2), [["analyse", false, false], ["ask_more", true, undefined], ["analyse", false, undefined]]);
  assert.equal(marks.text, "");
});

for (const privacy of ["offline", "resolver", "registry", "sender", "everything", 7]) {
  test(`with ${privacy} in the options a panel asks no further`, async () => {
    const { browser, host } = await start(undefined, obedient, "en", { stored: { options: { privacy } } });
    await panel(browser, { ask: "show", message: 1 }).done();
    assert.deepEqual(levels(host), [["offline", "resolver"].includes(privacy) ? privacy : "registry"]);
  });
}

test("options that cannot be read ask nobody", async (context) => {
  context.mock.method(console, "warn", () => {});
  const { browser, host } = await start(undefined, obedient, "en", { unreadable: "options" });
  await panel(browser, { ask: "show", message: 1 }).done();
  assert.deepEqual(levels(host), ["offline"]);
});

test("more is asked of one mail, by the id under which the host has it", async () => {
  const more = [];
  const answer = (message, life) => {
    if (message.method !== "ask_more") return obedient(message, life);
    more.push(message.params);
    life.send({ method: "report", params: { id: message.id, report: { ...frame("en"), more: true } } });
    life.send({ id: message.id, result: { sha256: "00", frames: 1 } });
  };
  const { browser, host } = await start(undefined, answer);
  const { port, answers, done } = panel(browser, { ask: "show", message: 1 });
  await done();
  port.postMessage({ ask: "more", privacy: "sender" });
  await until(() => answers.at(-1).snapshot.report?.more && answers.at(-1).snapshot.phase === "done");
  assert.deepEqual(more, [{ of: host.frames.find(({ method }) => method === "analyse").id, privacy: "sender" }]);
  assert.deepEqual(levels(host), ["registry", "sender"]);
});

test("a link is followed on the panel's word, and asks nothing else of anybody", async () => {
  const more = [];
  const answer = (message, life) => {
    if (message.method !== "ask_more") return obedient(message, life);
    more.push(message.params);
    life.send({ method: "report", params: { id: message.id, report: { ...frame("en"), more: true } } });
    life.send({ id: message.id, result: { sha256: "00", frames: 1 } });
  };
  const { browser, host } = await start(undefined, answer);
  const { port, answers, done } = panel(browser, { ask: "show", message: 1 });
  await done();
  port.postMessage({ ask: "more", visit: ["https://a.example/"] });
  await until(() => answers.at(-1).snapshot.report?.more && answers.at(-1).snapshot.phase === "done");
  assert.deepEqual(more, [{ of: host.frames.find(({ method }) => method === "analyse").id, privacy: "registry", visit: ["https://a.example/"] }]);
  assert.deepEqual(levels(host), ["registry", "registry"]);
});

test("more that is said after the background was unloaded finds its mail", async () => {
  const { browser, host } = await start();
  await panel(browser, { ask: "more", privacy: "sender", message: 1 }).done();
  assert.deepEqual(levels(host), ["sender"]);
});

test("what was chosen is sent with each message; what the host does not understand is left out and said", async () => {
  const fault = (life, id) => life.send({ id, error: { code: -32602, message: "no", data: { field: "settings.resolver" } } });
  const answer = (message, life) =>
    message.method === "analyse" && message.params.settings.resolver ? fault(life, message.id) : obedient(message, life);
  const options = { privacy: "resolver", resolver: "nowhere", blocklists: ["zen.spamhaus.org"], deadline: 5, lists: [1], atlas: "", colour: "red" };
  const { browser, host, kept } = await start(undefined, answer, "en", { stored: { options } });
  const { answers, done } = panel(browser, { ask: "show", message: 1 });
  await done();
  assert.match(answers.at(-1).problems.join(), /does not understand it: Name server/);
  const [first, second] = told(host).map(({ settings }) => settings);
  assert.deepEqual([first.resolver, first.blocklists, first.deadline, first.lists, first.atlas, first.colour], ["nowhere", ["zen.spamhaus.org"], 5, undefined, undefined, undefined]);
  assert.equal(second.resolver, undefined);
  await panel(browser, { ask: "show", message: 2 }).done();
  assert.deepEqual([told(host).length, kept.options.resolver], [3, "nowhere"]);
});

test("a panel that is closed while others are asked ends the look-ups; another mail does not wait for them", async () => {
  const asking = (message, life) => (message.method === "chunk" && life.jobs.get(message.params.id)?.params.privacy === "registry" ? undefined : obedient(message, life));
  const { browser, host, select, marks } = await start(undefined, asking);
  const { port } = panel(browser, { ask: "show", message: 2 });
  await until(() => host.frames.some(({ method }) => method === "chunk"));
  await select(1);
  await until(() => marks.text === "!");
  port.disconnect();
  const { params } = await until(() => host.frames.find(({ method }) => method === "cancel"));
  assert.deepEqual(params, { id: host.frames.find(({ method }) => method === "analyse").id });
});

test("cancel while others are asked wants the last report", async () => {
  const asking = (message, life) => {
    if (message.method === "cancel") {
      life.send({ method: "report", params: { id: message.params.id, report: frame("en") } });
      return life.send({ id: message.params.id, result: { sha256: "00", frames: 2 } });
    }
    if (message.method !== "chunk") obedient(message, life);
  };
  const { browser, host } = await start(undefined, asking);
  const { port, answers } = panel(browser, { ask: "show", message: 1 });
  await until(() => host.frames.some(({ method }) => method === "chunk"));
  port.postMessage({ ask: "cancel" });
  await until(() => answers.at(-1)?.snapshot.phase === "cancelled");
  assert.equal(answers.at(-1).snapshot.report.final, true);
  assert.equal(host.frames.at(-1).params.report, true);
});

test("a closed panel is not renewed", async () => {
  const { browser, host } = await start();
  const closed = panel(browser, { ask: "show", message: 1 });
  const open = panel(browser, { ask: "show", message: 2 });
  await Promise.all([closed.done(), open.done()]);
  closed.port.disconnect();
  await sleep(5);
  browser.accounts.onUpdated.fire("account1", {});
  await until(() => told(host).length === 3);
  await open.done();
  assert.equal(told(host).length, 3);
});
