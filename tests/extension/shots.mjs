/**
 * Pictures of the panel without Thunderbird: headless Chromium, a stubbed `browser`, the frames in tests/frames.
 * `node shots.mjs [folder]`; writes to build/shots unless told otherwise. In the environment: ONLY, a pattern of names;
 * FRAMES, another folder of reports (`NAME.LOCALE.json`); WIDTHS, in pixels ("320,420,900"); HOVER, a selector to focus.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, writeFile, cp } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(root, "build", "shots"));
const site = path.join(out, "site");
const chromium = process.env.CHROMIUM ?? "chromium";
const run = promisify(execFile);

await mkdir(out, { recursive: true });
await cp(path.join(root, "extension"), site, { recursive: true });

const kept = path.join(root, "tests", "frames");
const frames = path.resolve(process.env.FRAMES ?? kept);
const widths = process.env.WIDTHS?.split(",").map(Number) ?? [380, 1000];
const troubles = ["missing", "too-old", "crashed", "silent"];
const jobs = [];
for (const locale of ["en", "ja"]) {
  const messages = JSON.parse(await readFile(path.join(site, "_locales", locale, "messages.json"), "utf8"));
  const read = async (folder, name) => JSON.parse(await readFile(path.join(folder, name), "utf8"));
  const report = await read(kept, `example-${locale}.json`);
  const snapshot = { message: 7, phase: "done", done: 1, total: 1, report, trouble: null };
  const answer = { snapshot, several: 1, subject: report.message.subject, problems: [] };
  const states = { report: answer, nothing: { none: true } };
  const asking = structuredClone(report);
  asking.lookups = { asked: 12, waiting: 9, log: [] };
  states.asking = { ...answer, snapshot: { ...snapshot, phase: "analysing", report: asking } };
  states.stopped = { ...answer, snapshot: { ...snapshot, phase: "cancelled" } };
  states.options = {
    chosen: { privacy: "registry", resolver: "nowhere", blocklists: ["zen.spamhaus.org"] },
    refused: ["resolver"],
    unreadable: [],
    offers: ["resolver", "blocklists", "deadline", "safe_browsing_key", "lists", "atlas"],
    blocklists: ["zen.spamhaus.org", "dbl.spamhaus.org"].map((zone) => ({ zone, subject: zone.startsWith("dbl") ? "domain" : "ip", terms: "https://www.spamhaus.org/blocklists/dnsbl-fair-use-policy/" })),
    relays: ["out.alumni.example"],
    trouble: null,
  };
  states.analysing = { ...answer, snapshot: { ...snapshot, phase: "analysing", report: null, done: 2, total: 5 } };
  for (const level of ["clear", "caution"]) {
    const copy = structuredClone(report);
    copy.panel[0].level = copy.verdict.level = level;
    states[level] = { ...answer, several: level === "caution" ? 3 : 1, snapshot: { ...snapshot, report: copy } };
  }
  for (const file of (await readdir(frames)).filter((name) => name.endsWith(`.${locale}.json`))) {
    const made = await read(frames, file); // by the real host
    states[`host-${file.split(".")[0]}`] = { ...answer, snapshot: { ...snapshot, report: made }, subject: made.message.subject };
  }
  for (const kind of troubles) {
    states[kind] = { ...answer, snapshot: { ...snapshot, phase: "failed", report: null, trouble: { kind, detail: "", advice: null, command: null } } };
  }
  for (const [state, value] of Object.entries(states)) {
    for (const dark of [false, true]) {
      for (const width of /^report|^host/.test(state) ? widths : state === "options" ? [700] : [380]) {
        const height = state === "options" ? 1500 : /^report|^host/.test(state) ? (width > 500 ? 1250 : 2400) : ["clear", "caution"].includes(state) ? 600 : 420;
        jobs.push({ locale, messages, state, value, dark, width, height });
      }
    }
  }
}

const pages = {
  panel: await readFile(path.join(site, "panel.html"), "utf8"),
  options: await readFile(path.join(site, "options.html"), "utf8"),
};
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
for (const { locale, messages, state, value, dark, width, height } of jobs) {
  const name = `${state}-${locale}-${width}-${dark ? "dark" : "light"}`;
  if (!only.test(name)) continue;
  const stub = `(${stubBrowser})(${JSON.stringify(messages)}, ${JSON.stringify(value)}, ${JSON.stringify(process.env.HOVER ?? "")});`;
  await writeFile(path.join(site, `${name}.js`), stub);
  await writeFile(path.join(site, `${name}.html`), pages[state === "options" ? "options" : "panel"].replace("<script", `<script src="${name}.js"></script><script`));
  const query = width > 500 ? "?place=tab&message=7" : "?place=window&message=7";
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files", `--user-data-dir=${path.join(out, "profile")}`];
  if (dark) flags.push("--blink-settings=preferredColorScheme=0");
  else flags.push("--blink-settings=preferredColorScheme=1");
  flags.push(`--window-size=${width},${height}`, "--virtual-time-budget=2000", `--screenshot=${path.join(out, `${name}.png`)}`);
  await run(chromium, [...flags, `file://${path.join(site, `${name}.html`)}${query}`]);
}
console.log(`${(await readdir(out)).filter((file) => file.endsWith(".png")).length} pictures`);

function stubBrowser(messages, answer, hover) {
  const say = (key, values = []) => (messages[key]?.message ?? "").replace(/\$(\d)/g, (_, n) => values[n - 1] ?? "");
  const listeners = [];
  globalThis.browser = {
    i18n: { getMessage: say },
    tabs: { query: async () => [{ id: 1 }] },
    runtime: {
      sendMessage: async () => answer,
      connect: () => ({
        onMessage: { addListener: (listener) => listeners.push(listener) },
        onDisconnect: { addListener() {} },
        postMessage() {
          setTimeout(() => {
            for (const listener of listeners) listener(answer);
            if (hover) document.querySelector(hover)?.focus();
          }, 5);
        },
      }),
    },
  };
}
