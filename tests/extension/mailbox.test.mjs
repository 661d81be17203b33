/** Putting a message away and back, over a stand-in for Thunderbird's folders in which a move gives another id. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { putAway } from "../../extension/mailbox.js";

const FOLDERS = [
  { id: "a1://Inbox", accountId: "a1", name: "Inbox", specialUse: ["inbox"] },
  { id: "a1://Junk", accountId: "a1", name: "Junk", specialUse: ["junk"] },
  { id: "a1://Trash", accountId: "a1", name: "Trash", specialUse: ["trash"] },
  { id: "local://Trash", accountId: "local", name: "Local Trash", specialUse: ["trash"] },
];

function thunderbird({ folders = FOLDERS, allowed = true, folder = "a1://Inbox", junk = false } = {}) {
  const mails = new Map([
    [1, { id: 1, headerMessageId: "m@x", folder: folders.find(({ id }) => id === folder), junk }],
    [2, { id: 2, headerMessageId: "m@x", folder: FOLDERS[1], junk: false }], // a copy that is in the junk folder already
  ]);
  const asked = [];
  let last = 2;
  globalThis.browser = {
    permissions: { request: async ({ permissions }) => (asked.push(permissions), allowed) },
    accounts: { list: async () => [{ id: "a1", type: "imap" }, { id: "local", type: "local" }] },
    folders: { query: async ({ accountId, specialUse }) => folders.filter((one) => one.accountId === accountId && specialUse.every((use) => one.specialUse.includes(use))) },
    messages: {
      get: async (id) => structuredClone(mails.get(id)),
      update: async (id, { junk }) => void (mails.get(id).junk = junk),
      query: async ({ folderId, headerMessageId }) => ({ messages: [...mails.values()].filter((one) => one.folder?.id === folderId && one.headerMessageId === headerMessageId) }),
      move: async ([id], folderId, { isUserAction }) => {
        assert.equal(isUserAction, true);
        const mail = mails.get(id);
        mails.delete(id);
        setTimeout(() => mails.set(++last, { ...mail, id: last, folder: folders.find((one) => one.id === folderId) }), 20);
      },
    },
  };
  return { mails, asked, at: (id) => [mails.get(id)?.folder.name, mails.get(id)?.junk] };
}

test("junk is marked and moved, and comes back unmarked", async () => {
  const { asked, at } = thunderbird();
  const away = await putAway(1, "junk");
  assert.deepEqual([away.said, away.values, at(away.message)], ["mailbox_junked", ["Junk"], ["Junk", true]]);
  assert.notEqual(away.message, 2, "the copy that was there is another message");
  assert.deepEqual(asked, [["messagesUpdate", "messagesMove"]]);
  const back = await away.back();
  assert.deepEqual([back.said, back.values, at(back.message), back.back], ["mailbox_back", ["Inbox"], ["Inbox", false], null]);
});

test("what was junk before stays junk when it comes back", async () => {
  const { at } = thunderbird({ junk: true });
  const back = await (await putAway(1, "junk")).back();
  assert.deepEqual(at(back.message), ["Inbox", true]);
});

test("trash is a move alone", async () => {
  const { asked, at } = thunderbird();
  const away = await putAway(1, "trash");
  assert.deepEqual([away.said, at(away.message), asked], ["mailbox_trashed", ["Trash", false], [["messagesMove"]]]);
  assert.deepEqual(at((await away.back()).message), ["Inbox", false]);
});

test("an account without a trash uses that of Local Folders; without a junk folder the mark alone is set and taken back", async () => {
  const { at } = thunderbird({ folders: FOLDERS.filter(({ id }) => !/^a1:..(Trash|Junk)/.test(id)) });
  const marked = await putAway(1, "junk");
  assert.deepEqual([marked.said, marked.message, at(1)], ["mailbox_marked", 1, ["Inbox", true]]);
  assert.deepEqual([(await marked.back()).said, at(1)], ["mailbox_unmarked", ["Inbox", false]]);
  assert.deepEqual([(await putAway(1, "trash")).values], [["Local Trash"]]);
});

test("nowhere to move to, and already there", async () => {
  thunderbird({ folders: FOLDERS.slice(0, 1) });
  assert.equal((await putAway(1, "trash")).said, "mailbox_no_trash");
  thunderbird({ folder: "a1://Trash" });
  assert.equal((await putAway(1, "trash")).said, "mailbox_there");
});

test("a permission that is refused moves nothing", async () => {
  const { at } = thunderbird({ allowed: false });
  const { said, back } = await putAway(1, "junk");
  assert.deepEqual([said, back, at(1)], ["mailbox_denied", null, ["Inbox", false]]);
});

test("a file lies in no folder; what Thunderbird cannot do is said", async (context) => {
  thunderbird({ folder: "none" });
  assert.equal((await putAway(1, "junk")).said, "mailbox_no_folder");
  context.mock.method(console, "warn", () => {});
  thunderbird();
  globalThis.browser.messages.move = async () => Promise.reject(new Error("offline"));
  assert.equal((await putAway(1, "trash")).said, "mailbox_failed");
});
