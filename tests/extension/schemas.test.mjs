/** check_schemas.py: passes on the extension, and finds what is wrong when it is. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("check_schemas.py", import.meta.url));
const extension = fileURLToPath(new URL("../../extension/", import.meta.url));
const absent = spawnSync("python3", [script]).status === 2 || (!process.env.OMNI && !existsSync("/usr/lib/thunderbird/omni.ja"));
const skip = absent ? "no Thunderbird here" : false;

function check(change = () => {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "sekisho-"));
  try {
    cpSync(extension, folder, { recursive: true });
    change(folder);
    const { status, stdout } = spawnSync("python3", [script, "--extension", folder], { encoding: "utf8" });
    return { status, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const inManifest = (edit) => (folder) => {
  const file = path.join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  edit(manifest);
  writeFileSync(file, JSON.stringify(manifest));
};
const inScript = (line) => (folder) => writeFileSync(path.join(folder, "extra.js"), `${line}\n`);

test("the extension uses what Thunderbird has", { skip }, () => {
  assert.match(execFileSync("python3", [script], { encoding: "utf8" }), /every name is known/);
});

for (const [what, change, words] of [
  ["a function of no API", inScript("browser.messages.getRow(1);"), /messages has no getRow/],
  ["a function of Manifest V2", inScript("browser.messageDisplay.getDisplayedMessage(1);"), /has no getDisplayedMessage/],
  ["an API of Firefox only", inScript("browser.bookmarks.search('x');"), /no such API/],
  ["an event without such a method", inScript("browser.tabs.onRemoved.addListner(f);"), /an event has no addListner/],
  ["an API that is handed on", inScript("use(browser.browserAction);"), /no such API/],
  ["a permission of no one", inManifest((m) => m.permissions.push("messagesReed")), /permission messagesReed/],
  ["a misspelt manifest key", inManifest((m) => (m.comands = {})), /comands: not known/],
  ["a misspelt key inside", inManifest((m) => (m.message_display_action.default_lable = "x")), /default_lable: not known/],
  ["an unknown menu context", inScript('const CONTEXTS = ["message_list", "mesage"];'), /menu context mesage/],
]) {
  test(`it finds ${what}`, { skip }, () => {
    const { status, stdout } = check(change);
    assert.equal(status, 1);
    assert.match(stdout, words);
  });
}

test("what stands in a comment is no use of it", { skip }, () => {
  assert.equal(check(inScript("/* browser.nothing.here */ // browser.nor.here")).status, 0);
});
