/** Letters: drafts in the compose window, the permission at first use, and a message that the host no longer keeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Analyses } from "../../extension/analyses.js";
import { Drafts } from "../../extension/drafts.js";
import { GONE, Trouble } from "../../extension/trouble.js";
import { event, sleep } from "./fake.mjs";

const LETTER = {
  to: "info@antiphishing.jp",
  subject: "Phishing report",
  body: "Hello\n",
  attached: { kind: "masked", name: "message.eml", media_type: "message/rfc822" },
  pieces: [btoa("From: a\x00\xff"), btoa("\r\n\r\nb")],
};
const ERRAND = { ask: "draft", message: 7, recipient: LETTER.to, language: "en", mask: true };

function thunderbird({ allowed = true, account = "account2" } = {}) {
  const begun = [];
  const kept = {};
  const listeners = event();
  const api = {
    allowed,
    permissions: {
      contains: async () => api.allowed,
      onAdded: { ...listeners, removeListener: () => {} },
    },
    compose: { beginNew: async (details) => ({ id: 40 + begun.push(details) }) },
    storage: { session: { get: async (key) => ({ [key]: kept[key] }), set: async (values) => void Object.assign(kept, values) } },
    identities: { getDefault: async (id) => (id === "account2" ? { id: "id1" } : null) },
    messages: { get: async () => ({ folder: account ? { accountId: account } : undefined }) },
  };
  return { api, begun, added: () => listeners.fire() };
}

function drafts(api, letter = async () => LETTER, note = async () => {}) {
  return new Drafts({ letter, note, api });
}

test("opens one draft: the address, the text, the message byte by byte, in the name of the account it lies in", async () => {
  const { api, begun } = thunderbird();
  const wanted = [];
  const receipt = await drafts(api, async (...given) => (wanted.push(given), LETTER)).open(ERRAND);

  assert.deepEqual(receipt, { opened: true, kind: "masked" });
  assert.deepEqual(wanted, [[7, { recipient: LETTER.to, language: "en", mask: true }]]);
  const [{ attachments, ...details }] = begun;
  assert.deepEqual(details, { to: [LETTER.to], subject: LETTER.subject, plainTextBody: "Hello\n", isPlainText: true, identityId: "id1" });
  const [{ file, name }] = attachments;
  assert.deepEqual([name, file.name, file.type], ["message.eml", "message.eml", "message/rfc822"]);
  assert.deepEqual([...new Uint8Array(await file.arrayBuffer())], [..."From: a\x00\xff\r\n\r\nb"].map((char) => char.charCodeAt(0)));
});

test("of a file, which lies in no account, Thunderbird's own default writes; what is not attached is no empty file", async () => {
  const { api, begun } = thunderbird({ account: null });
  await drafts(api, async () => ({ ...LETTER, attached: { ...LETTER.attached, kind: "none" }, pieces: [] })).open(ERRAND);

  assert.deepEqual(Object.keys(begun[0]).sort(), ["isPlainText", "plainTextBody", "subject", "to"]);
});

for (const to of ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "A <a@b.example>", "a@b.example?bcc=c@d.example", "", "a@b"]) {
  test(`opens nothing for what is not one bare address: ${JSON.stringify(to)}`, async () => {
    const { api, begun } = thunderbird();
    const warn = console.warn;
    console.warn = () => {};
    const receipt = await drafts(api, async () => ({ ...LETTER, to })).open(ERRAND);
    console.warn = warn;

    assert.equal(receipt.opened, false);
    assert.deepEqual(begun, []);
  });
}

test("the host notes who was told when the letter has left, once; not of other mail, nor of one that could not be sent", async () => {
  const { api } = thunderbird();
  const noted = [];
  const mine = () => drafts(api, async () => ({ ...LETTER, told: "brand" }), async (...given) => noted.push(given));
  await mine().open(ERRAND);
  const later = mine(); // the event page has slept while the reader wrote
  await later.sent({ id: 7 }, {});
  await later.sent({ id: 41 }, { error: "no connection" });
  assert.deepEqual(noted, []);
  await later.sent({ id: 41 }, {});
  await later.sent({ id: 41 }, {});

  assert.deepEqual(noted, [[7, "brand", false]]);
});

test("a letter about all messages of one kind is asked for and noted as one", async () => {
  const { api } = thunderbird();
  const [wanted, noted] = [[], []];
  const mine = drafts(api, async (...given) => (wanted.push(given), { ...LETTER, told: "network" }), async (...given) => noted.push(given));
  await mine.open({ ...ERRAND, campaign: true });
  await mine.sent({ id: 41 }, {});

  assert.deepEqual(wanted, [[7, { recipient: LETTER.to, language: "en", mask: true, campaign: true }]]);
  assert.deepEqual(noted, [[7, "network", true]]);
});

test("waits for the reader's yes, and asks the host for nothing before", async () => {
  const { api, begun, added } = thunderbird({ allowed: false });
  let asked = 0;
  const opening = drafts(api, async () => (asked++, LETTER)).open(ERRAND);
  await sleep(5);
  assert.equal(asked, 0);
  api.allowed = true;
  added();

  assert.equal((await opening).opened, true);
  assert.equal(begun.length, 1);
});

test("says what went wrong when the host has no letter", async () => {
  const { api, begun } = thunderbird();
  const warn = console.warn;
  console.warn = () => {};
  const receipt = await drafts(api, async () => {
    throw new Trouble("refused", "no such recipient");
  }).open(ERRAND);
  console.warn = warn;

  assert.deepEqual([receipt.opened, receipt.trouble.kind, begun], [false, "refused", []]);
});

test("a message that the host no longer keeps is looked at again, at the level of its report, and the panel's report stays", async () => {
  const asked = [];
  let request = 10;
  const host = {
    analyse: async (job, { onReport }) => {
      asked.push(["analyse", job.privacy]);
      onReport({ message: { sha256: "00" }, final: true }, ++request);
    },
    letter: async ({ of }) => {
      asked.push(["letter", of]);
      if (of === 11) throw new Trouble("refused", "gone", {}, GONE);
      return LETTER;
    },
  };
  const read = async () => ({ binary: "From: a", expected_size: 7, account: null });
  const analyses = new Analyses({ host, read, chunks: function* () {}, settings: async () => ({ account: null, settings: {} }) });
  const seen = [];
  analyses.watch(7, (snapshot) => seen.push(snapshot.phase), "registry");
  await sleep(5);
  const before = seen.length;

  assert.equal(await analyses.letter(7, { recipient: LETTER.to, language: "en", mask: true }), LETTER);
  assert.deepEqual(asked, [["analyse", "registry"], ["letter", 11], ["analyse", "registry"], ["letter", 12]]);
  assert.equal(seen.length, before);
});
