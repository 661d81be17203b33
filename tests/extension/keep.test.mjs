/** Copying and saving: what the panel asks for, what the host is told, and what becomes of the answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { Accounts } from "../../extension/accounts.js";
import { known } from "../../extension/actions.js";
import { Keeping, toKeep } from "../../extension/keep.js";
import { keeper } from "../../extension/keeper.js";
import "./fake.mjs"; // its timers: a file that was saved is let go a minute later

const MADE = { text: "# 件名\n", media_type: "text/markdown", name: "sekisho-2022-05-10-件名.md" };

function page({ answer = MADE } = {}) {
  const { window } = new JSDOM('<button data-action="publication"></button><button data-action="keep"></button>', { url: "https://extension.example/" });
  const { document } = window;
  const log = { asked: [], copied: [], told: [], saved: [], blobs: [] };
  window.HTMLAnchorElement.prototype.click = function () {
    log.saved.push([this.href, this.download]);
  };
  globalThis.URL.createObjectURL = (blob) => `blob:${log.blobs.push(blob)}`;
  globalThis.URL.revokeObjectURL = () => {};
  const keeping = new Keeping({
    document,
    send: async (errand) => {
      log.asked.push(errand);
      return answer;
    },
    copy: async (text) => void log.copied.push(text),
    tell: (...said) => void log.told.push(said),
  });
  keeping.show();
  const [turn, button] = document.querySelectorAll("button");
  return { keeping, turn, button, log };
}

test("the switch says how it stands, and what is asked for follows it", async () => {
  const { keeping, turn, button, log } = page();
  assert.equal(turn.getAttribute("aria-pressed"), "false");
  await keeping.keep({ panel: [] }, { format: "markdown", how: "copy" }, button);
  keeping.turn();
  assert.equal(turn.getAttribute("aria-pressed"), "true");
  turn.removeAttribute("aria-pressed"); // the panel was painted anew
  keeping.show();
  assert.equal(turn.getAttribute("aria-pressed"), "true");
  await keeping.keep({ panel: [] }, { format: "html", how: "copy" }, button);

  assert.deepEqual(log.asked.map(({ ask, format, publication }) => [ask, format, publication]), [["keep", "markdown", false], ["keep", "html", true]]);
  assert.deepEqual(log.copied, [MADE.text, MADE.text]);
  assert.deepEqual(log.saved, []);
});

test("a file is saved under the host's name, byte by byte", async () => {
  const { keeping, button, log } = page();
  await keeping.keep({ panel: [] }, { format: "markdown", how: "save" }, button);

  assert.deepEqual(log.saved, [["blob:1", MADE.name]]);
  assert.equal(await log.blobs[0].text(), MADE.text);
  assert.deepEqual(log.told, [["saved", MADE.name]]);
});

test("what could not be made is said, and nothing is copied or saved", async () => {
  const { keeping, button, log } = page({ answer: null });
  await keeping.keep({ panel: [] }, { format: "json", how: "save" }, button);

  assert.deepEqual([log.told, log.saved, log.copied], [[["not_exported"]], [], []]);
});

test("a tab may be told to save as soon as it has its report", () => {
  assert.equal(toKeep(new URLSearchParams("message=5")), null);
  assert.deepEqual(toKeep(new URLSearchParams("keep=stix&publication=true")), { format: "stix", how: "save", publication: true });
  assert.deepEqual(toKeep(new URLSearchParams("keep=html&publication=false")), { format: "html", how: "save", publication: false });
});

test("a report's button carries a form that there is, or is none", () => {
  assert.ok(known("keep", { how: "copy", format: "markdown" }));
  assert.ok(known("publication", {}));
  for (const wrong of [{ how: "save", format: "../../x" }, { how: "run", format: "html" }, { format: "html" }, {}]) assert.equal(known("keep", wrong), null);
});

test("the host is told whose the report is, and its refusal is an answer as well", async () => {
  const asked = [];
  const settings = async () => ({ locale: "ja", own_addresses: ["me@own.example"], own_names: ["Me"] });
  const report = { panel: [] };
  const keep = keeper({ host: { request: async (...call) => (asked.push(call), MADE) }, settings });
  assert.equal(await keep({ report, format: "html", publication: true }), MADE);
  assert.deepEqual(asked, [["export", { report, format: "html", publication: true, settings: await settings() }]]);

  const refused = keeper({ host: { request: async () => Promise.reject(new Error("no")) }, settings });
  const { warn } = console;
  console.warn = () => {};
  assert.equal(await refused({ report, format: "html", publication: false }), null);
  console.warn = warn;
});

test("of a report that was cut, the host makes the document of the whole that it keeps", async () => {
  const asked = [];
  const about = async (message, ask) => ask(message * 100);
  const keep = keeper({ host: { request: async (...call) => (asked.push(call), MADE) }, settings: async () => ({}), about });
  await keep({ report: { panel: [], left_out: 0 }, format: "html", publication: true, message: 5 });
  await keep({ report: { panel: [] }, format: "html", publication: true, message: 5 });
  const report = { panel: [], left_out: 3 };
  await keep({ report, format: "html", publication: true });

  assert.deepEqual(asked.map(([, { of, report }]) => [of, report]), [[500, undefined], [undefined, { panel: [] }], [undefined, report]]);
});

test("the names that the reader writes under are each told once", async () => {
  const identities = [{ email: "a@own.example", name: " Hanako " }, { email: "b@own.example", name: "Hanako" }, { email: "c@own.example", name: "" }, { email: "d@own.example" }];
  const accounts = new Accounts(async () => [{ id: "account1", identities }]);

  assert.deepEqual(await accounts.names(), ["Hanako"]);
});
