/** What the pages can have to show, by name: for pictures, and for whatever is to hold of every page. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FRAMES = fileURLToPath(new URL("../frames/", import.meta.url));
const TROUBLES = ["missing", "too-old", "crashed", "silent"];

/**
 * @param {string} locale
 * @param {string} [frames] another folder of reports (`NAME.LOCALE.json`)
 * @returns {Record<string, {page: string, answers: object[]}>} `page` without its query
 */
export function states(locale, frames = FRAMES) {
  const read = (folder, name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  const report = read(FRAMES, `example-${locale}.json`);
  const snapshot = { message: 7, phase: "done", done: 1, total: 1, report, trouble: null };
  const panel = (change = {}, subject = report.message.subject) => ({
    page: "panel.html?message=7",
    answers: [{ snapshot: { ...snapshot, ...change }, subject, problems: [] }],
  });
  /** @type {Record<string, {page: string, answers: object[]}>} */
  const all = { report: panel(), nothing: { page: "panel.html?message=7", answers: [{ none: true }] } };
  const asking = structuredClone(report);
  asking.lookups = { asked: 12, waiting: 9, log: [] };
  all.asking = panel({ phase: "analysing", report: asking });
  all.stopped = panel({ phase: "cancelled" });
  all.analysing = panel({ phase: "analysing", report: null, done: 2, total: 5 });
  for (const level of ["clear", "caution"]) {
    const copy = structuredClone(report);
    copy.panel[0].level = copy.verdict.level = level;
    all[level] = panel({ report: copy });
  }
  for (const file of readdirSync(frames).filter((name) => name.endsWith(`.${locale}.json`))) {
    const made = read(frames, file); // by the real host
    all[`host-${file.split(".")[0]}`] = panel({ report: made }, made.message.subject);
  }
  for (const kind of TROUBLES) all[kind] = panel({ phase: "failed", report: null, trouble: { kind, detail: "", advice: null, command: null } });
  all.options = { page: "options.html?", answers: [options()] };
  all["options-managed"] = { page: "options.html?", answers: [{ ...options(), managed: { privacy: "offline", deadline: 5, own_domains: ["own.example"], relays: ["gateway.own.example"] } }] };
  all.several = { page: "several.html?of=240&messages=1,2,3,4,5", answers: several(locale) };
  all["several-done"] = { page: "several.html?of=5&messages=1,2,3,4,5", answers: [...several(locale), { of: 5, summary: null, trouble: { kind: "unreadable", detail: "", advice: null, command: null } }, { over: true }] };
  const [row, ...rest] = several(locale);
  const alike = { messages: [{ message_id: "m1" }, { message_id: "m3" }], left_out: 0 }; // what the errand of the page is answered with
  all.folder = { page: "several.html?folder=a&name=Inbox", answers: [{ ...row, ...alike }, ...rest] };
  all["folder-done"] = { ...all.folder, answers: [...all.folder.answers, { of: 5, summary: null, trouble: { kind: "unreadable", detail: "", advice: null, command: null } }, { over: true }] };
  return all;
}

function options() {
  return {
    chosen: { privacy: "registry", resolver: "nowhere", blocklists: ["zen.spamhaus.org"] },
    refused: ["resolver"],
    unreadable: [],
    managed: {},
    addresses: ["hanako@own.example"],
    own: ["own.example"],
    offers: ["resolver", "blocklists", "deadline", "safe_browsing_key", "lists", "atlas", "own_domains"],
    blocklists: ["zen.spamhaus.org", "dbl.spamhaus.org"].map((zone) => ({ zone, subject: zone.startsWith("dbl") ? "domain" : "ip", terms: "https://www.spamhaus.org/blocklists/dnsbl-fair-use-policy/" })),
    lists: { relays: ["out.alumni.example"], trusted_senders: ["a-sender-with-a-very-long-name-who-must-not-widen-the-page@mori.example"] },
    trouble: null,
    // and what the lower part is told
    accounts: [{ key: "account1 hanako@own.example", address: "hanako@own.example" }],
    data: [
      { kind: "table", columns: ["Table", "As of", "Remark"], rows: [["Atlas of addresses (DB-IP)", "2026-06-05", "older than three months"]] },
      { kind: "sentence", text: "Atlas of addresses (DB-IP) (2026-06-05) on this computer are older than three months:", tone: "warn" },
      { kind: "marked", spans: [{ text: "/home/hanako/.local/share/sekisho/bin/sekisho update", role: "plain", finding: null, note: null }] },
      { kind: "action", text: "Copy", action: "copy", arguments: { text: "sekisho update" }, note: null },
      { kind: "fold", summary: "Tables that come with this version of Sekisho (1)", open: false, body: [{ kind: "table", columns: ["Table", "As of"], rows: [["brands", "2026-11-22"]] }] },
    ],
    register: [{ kind: "sentence", text: "Nothing has been remembered of any mail yet." }],
  };
}

/** @param {string} locale */
function several(locale) {
  const ja = locale === "ja";
  const lines = [
    ["danger", ja ? "【重要】お支払い方法の確認のお願い" : "Important: confirm how you pay", "Xserver Inc.", "JP", ["w-support.example"]],
    ["clear", ja ? "来週の打ち合わせについて" : "Our meeting next week", "NTT Communications Corporation", "JP", []],
    ["caution", ja ? "荷物のお届けについて" : "Your parcel could not be delivered, see the enclosed notice for the next steps", "Example Hosting GmbH", "DE", ["parcel.example", "cdn.example", "track.example"]],
    ["clear", "", "", "", ["shop.example"]],
    [null, ja ? "請求書の件" : "Invoice", "", "", []],
  ];
  const row = ([, subject], n) => ({ row: { message: n + 1, subject, date: Date.UTC(2026, 4, 12 - n, 8, 30), summary: null, trouble: null } });
  const told = ([level, , network, country, links], n) => ({ of: n + 1, summary: level && { level, headline: "", network, country, links, brand: level === "danger" ? "KAGOYA" : "", campaign: level === "danger" ? 2 : 0 }, trouble: null });
  return [...lines.map(row), ...lines.map(told).slice(0, 4)];
}
