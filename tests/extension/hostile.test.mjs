/**
 * The five hundred hostile reports of tests/hostile/reports.py in a real browser engine, through every page of the extension that shows
 * anything of a report, and the HTML export opened as a file would be: no script runs, nothing is asked for, nothing but text is there.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Chromium, program, stubbed } from "./chromium.mjs";
import { summary } from "../../extension/summary.js";

const COUNT = 500;
const absent = program ? false : "there is no Chromium on this machine; on Debian: sudo apt-get install chromium";
/** @type {Chromium} */
let chromium;
/** @type {{report: any, html: string}[]} */
let made = [];

before(async () => {
  if (!program) return;
  const { stdout, status, stderr } = spawnSync("python3", [fileURLToPath(new URL("../hostile/reports.py", import.meta.url)), String(COUNT)], { encoding: "utf8", maxBuffer: 1 << 30 });
  assert.equal(status, 0, stderr);
  made = stdout.trim().split("\n").map((line) => JSON.parse(line));
  chromium = await Chromium.start();
});
after(() => chromium?.close());

/** What a page is told of a report, and the page. Whatever else shows something of one joins by its line here. */
const PAGES = {
  panel: {
    page: "panel.html?place=tab&message=7",
    answers: ({ report }) => [{ snapshot: { message: 7, phase: "done", done: 1, total: 1, report, trouble: null }, subject: report.message.subject, problems: [report.message.subject, report.verdict.headline] }],
  },
  trouble: {
    page: "panel.html?place=tab&message=7",
    answers: ({ report }) => {
      const [detail, advice, command] = [report.verdict.headline, report.message.subject, report.message.message_id].map((text) => String(text).slice(0, 5000));
      return [{ snapshot: { message: 7, phase: "failed", done: 1, total: 1, report: null, trouble: { kind: "too-old", detail, advice, command } }, subject: detail, problems: [] }];
    },
  },
  several: {
    page: "several.html?place=tab&of=9&messages=1,2",
    answers: ({ report }) => [
      { row: { message: 1, subject: String(report.message.subject).slice(0, 5000), date: null, summary: null, trouble: null } },
      { of: 1, summary: summary(report), trouble: null },
    ],
  },
};

/** In the page: what is there that is no text of ours or theirs, after everything has been clicked. */
async function left(click) {
  const wrong = [];
  const tags = new Set("A ASIDE BDI BODY BUTTON CODE DETAILS DIV EM H1 H2 H3 HEAD HEADER HTML IMG LI LINK MAIN MARK META METER OL P PROGRESS S SCRIPT SECTION SMALL SPAN STRONG SUMMARY SVG TABLE TBODY TD TH THEAD TITLE TR UL NAV CIRCLE PATH G LINE TEXT RECT ELLIPSE POLYGON DESC POLYLINE".split(" "));
  for (const element of document.querySelectorAll("*")) {
    if (!tags.has(element.tagName.toUpperCase())) wrong.push(`element ${element.tagName}`);
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$|^formaction$|^ping$/i.test(name)) wrong.push(`attribute ${name}`);
      if (/^(src|href)$/i.test(name) && !/^(#|panel\.|several\.|results\.|map\.|icons\/|[a-z]+\.(css|js)$)/.test(value)) wrong.push(`${name}=${value.slice(0, 80)}`);
    }
  }
  if (document.querySelectorAll("main :is(img, script, link, meta, title, head)").length) wrong.push("an element that loads, among the words");
  const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
  const shown = unseen.exec(document.body.textContent);
  if (shown) wrong.push(`U+${shown[0].codePointAt(0).toString(16)} in …${document.body.textContent.slice(Math.max(0, shown.index - 30), shown.index + 30)}…`);
  for (const element of document.querySelectorAll("[title], [aria-label]")) {
    for (const name of ["title", "aria-label"]) if (unseen.test(element.getAttribute(name) ?? "")) wrong.push(`${name} of ${element.className}`);
  }
  if (click) for (const element of document.querySelectorAll("a, button:not([data-action=copy]):not([data-action=open_tab])")) element.click();
  await new Promise((resolve) => setTimeout(resolve, 0));
  return [...wrong, ...globalThis.acted.splice(0).map((what) => `acted: ${what}`)].slice(0, 5);
}

for (const [name, { page, answers }] of Object.entries(PAGES)) {
  test(`${name}: nothing of ${COUNT} hostile reports is anything but text`, { skip: absent }, async () => {
    const stub = `${stubbed("en", answers(made[0]))};
      browser.windows.openDefaultBrowser = async (url) => { if (!/^https:\\/\\/(transparencyreport\\.google\\.com|urlscan\\.io|www\\.fortiguard\\.com|www\\.trendmicro\\.com|www\\.microsoft\\.com|threats\\.kaspersky\\.com)\\//.test(url)) canary(url); };`;
    const tab = await chromium.open(page, { stub });
    await tab.until("globalThis.tell");
    const wrong = [];
    for (const [number, one] of made.entries()) {
      await tab.run(`tell(...${JSON.stringify(answers(one))}); new Promise((seen) => requestAnimationFrame(() => seen(0)))`);
      const said = await tab.run(left, number % 10 === 0);
      if (said.length) wrong.push(`report ${number}: ${said.join("; ")}`);
    }
    assert.deepEqual(wrong.slice(0, 10), []);
    assert.deepEqual([tab.requests.slice(0, 5), tab.complaints.slice(0, 5)], [[], []]);
    assert.ok((await tab.run("location.href")).startsWith(`${chromium.site}/${page.split("?")[0]}`));
    await tab.close();
  });
}

test("the HTML exports: no script runs, nothing is asked for", { skip: absent }, async () => {
  const pages = made.map(({ html }) => html).filter((html) => html);
  assert.ok(pages.length > COUNT * 0.75);
  const stub = "globalThis.acted = []; globalThis.canary = (what) => acted.push(String(what))";
  for (let at = 0; at < pages.length; at += 25) {
    // Their own policy is left out: without it, too, there is nothing that could act.
    const joined = pages.slice(at, at + 25).join("\n").replace(/<meta http-equiv[^>]*>/g, "");
    chromium.pages.set(`/export-${at}.html`, joined);
    const tab = await chromium.open(`export-${at}.html`, { stub });
    const wrong = await tab.run(() => [
      ...globalThis.acted,
      ...[...document.querySelectorAll("script, img, iframe, object, embed, base, form, input, a[href], link, video, audio, [onload], [onerror], [onclick]")].map(({ outerHTML }) => outerHTML.slice(0, 100)),
    ]);
    assert.deepEqual([wrong, tab.requests, tab.complaints], [[], [], []]);
    await tab.close();
  }
});
