/**
 * addons-linter over the extension. It knows Firefox: what it says only because a name is Thunderbird's is allowed here,
 * by code and by name; anything else fails.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const extension = fileURLToPath(new URL("../../extension/", import.meta.url));
const linter = fileURLToPath(new URL("node_modules/.bin/addons-linter", import.meta.url));

const ALLOWED = [
  { code: "MANIFEST_OPTIONAL_PERMISSIONS", words: /"(addressBooks|compose|messages(Update|Move|Tags))"/ },
  { code: "MANIFEST_PERMISSIONS", words: /messagesRead|accountsRead/ },
  { code: "UNSUPPORTED_API", words: /\b(messages|folders|messageDisplay|messageDisplayAction|mailTabs|accounts|identities|addressBooks)\.|windows\.openDefaultBrowser|scripting\.messageDisplay|compose\.on(Before|After)Send/ },
  { code: "MISSING_DATA_COLLECTION_PERMISSIONS", words: /./ }, // asked of add-ons for Firefox
];

const { stdout, stderr } = spawnSync(linter, ["--output", "json", extension], { encoding: "utf8", maxBuffer: 1 << 26 });
let result;
try {
  result = JSON.parse(stdout);
} catch {
  console.error(stderr || stdout);
  process.exit(2);
}
const said = [...result.errors, ...result.warnings, ...result.notices];
const faults = said.filter(
  ({ code, message, description }) =>
    !ALLOWED.some((allowed) => allowed.code === code && allowed.words.test(`${message} ${description}`)),
);
for (const { code, message, file, line } of faults) console.log(`${file ?? "manifest.json"}:${line ?? 0}: ${code}: ${message}`);
console.log(`addons-linter: ${said.length - faults.length} allowed, ${faults.length} not`);

let status = faults.length ? 1 : 0;
try {
  process.stdout.write(execFileSync("python3", [fileURLToPath(new URL("check_schemas.py", import.meta.url))]));
} catch (error) {
  process.stdout.write(error.stdout ?? "");
  if (error.status === 1) status = 1;
  else console.log("schemas: not checked, there is no Thunderbird here");
}
process.exit(status);
