/** The permissions: those of the manifest, those that the code needs, and those that both READMEs explain are the same. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { EXTENSION } from "./fake.mjs";

const manifest = JSON.parse(readFileSync(new URL("manifest.json", EXTENSION), "utf8"));
const code = readdirSync(EXTENSION).filter((name) => name.endsWith(".js")).map((name) => readFileSync(new URL(name, EXTENSION), "utf8")).join("\n").replaceAll(/\/\*[\s\S]*?\*\//g, "");
const { permissions: required, optional_permissions: optional } = manifest;

/** What shows that a permission is needed (the schemas of Thunderbird's own API). */
const USES = {
  messagesRead: /browser\.messages\.getRaw\(/,
  accountsRead: /browser\.accounts\.list\(/,
  nativeMessaging: /browser\.runtime\.connectNative\(/,
  menus: /browser\.menus\.create\(/,
  storage: /browser\.storage\.local/,
  messagesUpdate: /browser\.messages\.update\(/,
  messagesTags: /browser\.messages\.tags\b/,
  notifications: /browser\.notifications\b/,
  messagesMove: /browser\.messages\.move\(/,
  scripting: /browser\.scripting\b/,
  addressBooks: /browser\.addressBooks\b/,
  compose: /browser\.compose\b/,
  "compose.save": /browser\.compose\.saveMessage\(/,
  downloads: /browser\.downloads\b/,
  clipboardWrite: /navigator\.clipboard\.write\(/,
};

test("every permission is used, and every API that needs one has it", () => {
  const declared = [...required, ...optional];
  assert.equal(new Set(declared).size, declared.length);
  const used = Object.keys(USES).filter((name) => USES[name].test(code));
  assert.deepEqual(declared.toSorted(), used.toSorted());
});

test("what is optional is asked for somewhere, and nothing else is", () => {
  const lists = [...code.matchAll(/\[((?:\s*"[a-zA-Z.]+",?)+)\s*\]/g)].map(([, list]) => [...list.matchAll(/"([a-zA-Z.]+)"/g)].map(([, name]) => name));
  const asked = new Set(lists.filter((list) => list.every((name) => optional.includes(name))).flat());
  assert.deepEqual([...asked].toSorted(), optional.toSorted());
});

test("no access to any web site", () => {
  for (const key of ["host_permissions", "optional_host_permissions", "content_scripts"]) assert.equal(manifest[key], undefined);
  assert.ok(![...required, ...optional].some((name) => /[/*:]/.test(name)));
});

for (const readme of ["README.md", "README.ja.md"]) {
  test(`${readme} explains each, and says when it is asked for`, () => {
    const rows = [...readFileSync(new URL(`../${readme}`, EXTENSION), "utf8").matchAll(/^ *\| `([a-zA-Z.]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];
    const [install, later] = readme.includes("ja") ? ["インストール時", "初めて使うとき"] : ["at installing", "at first use"];
    const names = (key) => rows.filter(([, , , when]) => when.trim() === key).map(([, name]) => name).toSorted();
    assert.deepEqual(names(install), required.toSorted());
    assert.deepEqual(names(later), optional.toSorted());
  });
}
