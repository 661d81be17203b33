/** What is done with all messages of one kind, over a stand-in for Thunderbird's folders in which a move gives other ids. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { many } from "../../extension/many.js";

const INBOX = { id: "a1://Inbox", accountId: "a1", name: "Inbox", use: "inbox" };
const LISTS = { id: "a1://Lists", accountId: "a1", name: "Lists" };
const OTHER = { id: "a2://Inbox", accountId: "a2", name: "Inbox", use: "inbox" };
const OTHER_JUNK = { id: "a2://Spam", accountId: "a2", name: "Spam", use: "junk" };
const JUNK = { id: "a1://Junk", accountId: "a1", name: "Junk", use: "junk" };

/** 150 messages in the inbox; of the odd ones the host knows that they are of one kind, and of one that is elsewhere. */
function thunderbird({ elsewhere = [], stuck = null, folders = [INBOX, JUNK], allowed = true, wave = true, tabs = [{ id: 3, active: true, type: "content" }, { id: 4, type: "mail" }, { id: 5, active: true, type: "mail" }] } = {}) {
  const mails = new Map(Array.from({ length: 150 }, (_, n) => [n + 1, { id: n + 1, headerMessageId: `m${n + 1}@x`, date: new Date(2024, 0, 1, 0, 200 - n), folder: INBOX, junk: n === 4 }]));
  mails.set(200, { id: 200, headerMessageId: "m1@x", folder: JUNK, junk: true }); // a copy that is there already
  for (const [n, mail] of elsewhere.entries()) mails.set(300 + n, { id: 300 + n, headerMessageId: "elsewhere@x", date: new Date(2023, 0, 1), junk: false, ...mail });
  const done = [];
  const queries = [];
  let last = 1000;
  const list = (all, from) => ({ id: from + 100 < all.length ? String(from + 100) : null, messages: all.slice(from, from + 100) });
  let listed = [];
  globalThis.browser = {
    permissions: { request: async ({ permissions }) => (done.push(["asked", ...permissions]), allowed) },
    accounts: { list: async () => [{ id: "a1", type: "imap" }] },
    folders: { query: async ({ accountId, specialUse: [use] }) => folders.filter((one) => one.use === use && one.accountId === accountId) },
    runtime: {
      sendMessage: async () => wave ? { messages: [...mails.keys()].filter((id) => id % 2 && id < 150).map((id) => ({ message_id: `m${id}@x`, at: "" })).concat({ message_id: "elsewhere@x" }, { message_id: null }), left_out: 0 } : null,
    },
    messages: {
      get: async (id) => structuredClone(mails.get(id)),
      query: async ({ headerMessageId }) => (queries.push(headerMessageId), { messages: [...mails.values()].filter((one) => one.headerMessageId === headerMessageId).map((one) => ({ ...one })) }),
      list: async (folder) => list((listed = [...mails.values()].filter((one) => one.folder.id === folder).map((one) => ({ ...one }))), 0),
      continueList: async (id) => list(listed, Number(id)),
      update: async (id, { junk }) => void (mails.get(id).junk = junk),
      move: async (ids, folderId) => {
        if (mails.get(ids[0]).folder.id === stuck) throw new Error("locked");
        done.push(["move", ids.length, folderId]);
        for (const [n, id] of ids.entries()) {
          const mail = mails.get(id);
          mails.delete(id);
          setTimeout(() => mails.set(++last, { ...mail, id: last, folder: [INBOX, JUNK, LISTS, OTHER, OTHER_JUNK].find((one) => one.id === folderId) }), n % 20);
        }
      },
    },
    mailTabs: {
      setSelectedMessages: async (tab, ids) => void done.push(["select", tab, ids.length]),
    },
    tabs: { query: async () => tabs, update: async (tab) => void done.push(["activate", tab]), create: async ({ url }) => void done.push(["tab", url]) },
  };
  const at = (folder) => [...mails.values()].filter((one) => one.folder.id === folder.id);
  return { mails, done, at, queries };
}

test("all of one kind are marked, moved at once, and come back as they were", async () => {
  const { done, at } = thunderbird();
  const away = await many(7, "junk");
  assert.deepEqual([away.said, away.values], ["mailbox_all_junked", ["75", "Junk"]]);
  assert.deepEqual(done, [["asked", "messagesUpdate", "messagesMove"], ["move", 75, "a1://Junk"]]);
  assert.deepEqual([at(INBOX).length, at(JUNK).length, at(JUNK).every(({ junk }) => junk)], [75, 76, true]);
  assert.equal(at(JUNK).find(({ id }) => id === away.message).headerMessageId, "m7@x", "the panel goes on with the same message");
  const back = await away.back();
  assert.deepEqual([back.said, back.values, at(INBOX).length, at(JUNK).map(({ id }) => id)], ["mailbox_all_back", ["75", "Inbox"], 150, [200]]);
  assert.deepEqual(at(INBOX).filter(({ junk }) => junk).map(({ headerMessageId }) => headerMessageId), ["m5@x"], "what was junk before stays so");
});

test("those in other folders and accounts go along, each into its own account's junk folder, and come back to where they were", async () => {
  const trash = { folder: { id: "a1://Trash", accountId: "a1", name: "Trash", specialUse: ["trash"] } };
  const { done, at, queries, mails } = thunderbird({ folders: [INBOX, JUNK, OTHER_JUNK], elsewhere: [{ folder: LISTS }, { folder: OTHER }, trash] });
  const away = await many(7, "junk");
  assert.deepEqual([away.said, away.values], ["mailbox_all_junked", ["77", "Junk, Spam"]]);
  assert.deepEqual(queries.filter((name) => name === "elsewhere@x").length, 1, "what is here is not looked for anywhere else");
  assert.equal(queries.filter((name) => name !== "elsewhere@x").length, 0);
  assert.deepEqual(done.slice(1).toSorted(), [["move", 1, "a1://Junk"], ["move", 1, "a2://Spam"], ["move", 75, "a1://Junk"]]);
  assert.deepEqual([at(LISTS).length, at(OTHER).length, at(OTHER_JUNK).length, mails.get(302).junk], [0, 0, 1, false]);
  const back = await away.back();
  assert.deepEqual([back.said, at(INBOX).length, at(LISTS).length, at(OTHER).length, at(JUNK).length], ["mailbox_all_back", 150, 1, 1, 1]);
  assert.equal([...at(LISTS), ...at(OTHER)].some(({ junk }) => junk), false);
  const again = thunderbird({ elsewhere: [{ folder: LISTS }, { folder: OTHER }, trash] });
  assert.equal(await many(7, "table"), null);
  assert.equal(new URL(again.done[0][1], "https://x.example/").searchParams.get("of"), "77");
  assert.deepEqual((await many(7, "select")).values, ["75", "77"], "Thunderbird selects in one folder");
});

test("where one folder cannot be written the others are put away, and that is said", async (context) => {
  context.mock.method(console, "warn", () => {});
  const { at } = thunderbird({ elsewhere: [{ folder: LISTS }], stuck: LISTS.id });
  const away = await many(7, "junk");
  assert.deepEqual([away.said, away.values], ["mailbox_all_partly", ["75", "76", "Junk"]]);
  assert.deepEqual([(await away.back()).said, at(INBOX).length], ["mailbox_all_back", 150]);
});

test("without a junk folder they are only marked; a permission that is refused touches nothing", async () => {
  const without = thunderbird({ folders: [INBOX] });
  assert.deepEqual([(await many(7, "junk")).said, without.at(INBOX).filter(({ junk }) => junk).length], ["mailbox_all_marked", 75]);
  const refused = thunderbird({ allowed: false });
  assert.deepEqual([(await many(7, "junk")).said, refused.at(INBOX).filter(({ junk }) => junk).length], ["mailbox_denied", 1]);
});

test("they are selected in the tab of three panes that the reader has before him, or had", async () => {
  const { done } = thunderbird();
  const { said, values } = await many(7, "select");
  assert.deepEqual([said, values], ["many_selected", ["75", "77"]]);
  assert.deepEqual(done, [["select", 5, 75], ["activate", 5]]);
  thunderbird({ tabs: [] });
  assert.equal((await many(7, "select")).said, "many_no_tab");
});

test("the first is opened, all are shown as a table", async () => {
  const { done } = thunderbird();
  assert.equal(await many(7, "first"), null);
  assert.equal(await many(7, "table"), null);
  const [first, table] = done.map(([, url]) => new URL(url, "https://x.example/").searchParams);
  assert.deepEqual([first.get("message"), table.get("of"), table.get("messages").split(",").length], ["149", "75", 75]);
});

test("a host that does not say", async (context) => {
  context.mock.method(console, "warn", () => {});
  thunderbird({ wave: false });
  assert.equal((await many(7, "select")).said, "many_failed");
  assert.equal((await many(7, "junk")).said, "mailbox_failed");
});
