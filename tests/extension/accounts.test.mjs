/** Which addresses are the reader's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Accounts } from "../../extension/accounts.js";

const identity = (email) => ({ id: "id1", email, name: "Me" });
const TWO = [
  { id: "account1", identities: [identity("Me@Own.Example"), identity("info@own.example ")] },
  { id: "account2", identities: [] },
  { id: "account3", identities: [identity(""), identity("me@OTHER.example"), identity("me@own.example")] },
];

function make(list = async () => TWO) {
  const asked = { times: 0 };
  return { asked, accounts: new Accounts(() => ((asked.times += 1), list())) };
}

test("every identity's address, once and in lower case", async () => {
  assert.deepEqual(await make().accounts.addresses(), ["me@own.example", "info@own.example", "me@other.example"]);
});

test("an account is named by its id and its first address", async () => {
  const { accounts } = make();
  assert.equal(await accounts.key("account1"), "account1 me@own.example");
  assert.equal(await accounts.key("account3"), "account3 me@other.example");
});

test("what lies in no account of the reader's has no name: a file, Local Folders", async () => {
  const { accounts } = make();
  assert.deepEqual([await accounts.key(null), await accounts.key("account2"), await accounts.key("account9")], [null, null, null]);
});

test("asked once, and again when something has changed", async () => {
  const { accounts, asked } = make();
  await Promise.all([accounts.addresses(), accounts.key("account1")]);
  await accounts.addresses();
  assert.equal(asked.times, 1);
  accounts.changed();
  await accounts.addresses();
  assert.equal(asked.times, 2);
});

test("no more than the host takes, however long they are", async () => {
  const many = [...Array(1200).keys()].map((n) => identity(`me${n}@own.example`));
  const { accounts } = make(async () => [{ id: "a".repeat(300), identities: many }]);
  assert.equal((await accounts.addresses()).length, 1000);
  assert.equal((await accounts.key("a".repeat(300))).length, 200);
});

test("a Thunderbird that does not tell leaves them unknown, and is asked again", async (context) => {
  context.mock.method(console, "warn", () => {});
  let fail = true;
  const { accounts } = make(async () => {
    if (fail) throw new Error("no");
    return TWO;
  });
  assert.deepEqual([await accounts.addresses(), await accounts.key("account1")], [[], null]);
  fail = false;
  assert.equal(await accounts.key("account1"), "account1 me@own.example");
});
