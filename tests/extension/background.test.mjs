/** The event page as a whole, against a stand-in Thunderbird and a stand-in host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeBrowser, fakeHost, loadBackground, obedient, sleep, until } from "./fake.mjs";

const EVIL = "From: a@evil.example\n\nhi\n";
const GOOD = "From: a@good.example\n\nhi\n";

async function start(mails = { 1: { raw: EVIL }, 2: { raw: GOOD }, 3: { raw: GOOD, size: 3e6 } }, answer = obedient, locale = "en") {
  const host = fakeHost(answer);
  const fake = fakeBrowser({ mails, host, locale });
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

test("a click on several messages opens a window about the first and says so", async () => {
  const { browser, calls, select, tab, list } = await start();
  await select(1, 2);
  browser.menus.onClicked.fire({ menuItemId: "analyse", selectedMessages: list([1, 2]) }, tab);
  const [, , { url }] = await until(() => calls.find(([api]) => api === "windows"));
  assert.equal(url, "panel.html?place=window&message=1&several=2");
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

test("a panel is told of every change, ends when the report is final, and hears of several", async () => {
  const { browser, state } = await start();
  state.displayed = state.selected = [1, 2];
  const port = browser.runtime.connect({ name: "panel" });
  const answers = [];
  port.onMessage.addListener((answer) => answers.push(answer));
  port.postMessage({ ask: "show", tab: 1 });
  await until(() => answers.at(-1)?.snapshot.phase === "done");
  assert.equal(answers.at(-1).several, 2);
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
