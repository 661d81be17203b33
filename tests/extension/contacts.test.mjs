/** The address book: one address is looked for, whole; the book itself goes nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Contacts, addressOf } from "../../extension/contacts.js";

const CARDS = [
  "BEGIN:VCARD\r\nFN:Mori\r\nEMAIL;PREF=1:Mori@Office.example\r\nEND:VCARD",
  "BEGIN:VCARD\r\nFN:a@b.example\r\nNOTE:x@note.example\r\nitem1.EMAIL;TYPE=work:long.name@very-long-\r\n domain.example\r\nEND:VCARD",
];

function contacts({ wanted = true, books = true, query = undefined, now = undefined } = {}) {
  const asked = [];
  const api = { query: query ?? (async (what) => (asked.push(what), CARDS.map((vCard) => ({ vCard })))) };
  return { asked, contacts: new Contacts({ books: () => (books ? api : undefined), wanted: async () => wanted, ...(now ? { now } : {}) }) };
}

test("says yes or no of this very address, and asks no server", async () => {
  const { contacts: mine, asked } = contacts();
  for (const [author, address, by] of [
    ["Mori <mori@office.example>", "mori@office.example", ["address-book"]],
    ["MORI@OFFICE.EXAMPLE", "mori@office.example", ["address-book"]],
    ["L <long.name@very-long-domain.example>", "long.name@very-long-domain.example", ["address-book"]],
    ["<mori@office.example> <ori@office.example>", "ori@office.example", []],
    ["a@b.example", "a@b.example", []],
    ["x@note.example", "x@note.example", []],
  ]) assert.deepEqual(await mine.known(author), { address, by });
  assert.ok(asked.every(({ includeRemote }) => includeRemote === false));
});

test("without the choice, the permission or an address nobody looks", async () => {
  for (const given of [{ wanted: false }, { books: false }]) {
    const { contacts: mine, asked } = contacts(given);
    assert.equal(await mine.known("Mori <mori@office.example>"), null);
    assert.deepEqual(asked, []);
  }
  const { contacts: mine, asked } = contacts();
  for (const author of ["", "Mori", "a@b.example, c@d.example <", "<>", "@", "x".repeat(1e6)]) assert.equal(await mine.known(author), null);
  assert.deepEqual(asked, []);
});

test("an answer holds for a minute, and a book that fails says no", async () => {
  let now = 0;
  const { contacts: mine, asked } = contacts({ now: () => now });
  for (now of [0, 59_000, 61_000]) await mine.known("mori@office.example");
  assert.equal(asked.length, 2);
  const warn = console.warn;
  console.warn = () => {};
  const { contacts: broken } = contacts({ query: async () => { throw new Error("closed"); } });
  assert.deepEqual(await broken.known("mori@office.example"), { address: "mori@office.example", by: [] });
  console.warn = warn;
});

test("of a hostile From the last address counts", () => {
  assert.equal(addressOf(`${"<a@".repeat(300_000)} <b@c.example>`), "b@c.example");
});
