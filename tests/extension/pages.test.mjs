/** Every page in a real browser engine, under its own policy: axe finds nothing, nothing is to be scrolled sideways, nothing asks the network. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Chromium, program, stubbed } from "./chromium.mjs";
import { states } from "./states.mjs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const absent = program ? false : "there is no Chromium on this machine; on Debian: sudo apt-get install chromium";
/** @type {Chromium} */
let chromium;

before(async () => {
  if (program) chromium = await Chromium.start();
});
after(() => chromium?.close());

/** Every fold open, and whatever axe has against the page, in one line each. */
async function judged(tab) {
  await tab.run(() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
  await tab.run(`${axe}; 0`);
  return tab.run(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 5).map(({ target, any, all }) => `${id}: ${help}: ${target.join(" ")} ${[...any, ...all].map(({ message }) => message).join("; ").slice(0, 300)}`));
  });
}

const SHOWN = 'document.querySelector("#panel > *, #table > *, #progress > *, fieldset") && document.body.dataset.state !== "loading"';

for (const [locale, scheme, width] of /** @type {const} */ ([["en", "light", 1000], ["ja", "dark", 360]])) {
  for (const [name, { page, answers }] of Object.entries(states(locale))) {
    test(`${name} in ${locale}, ${scheme}, ${width} px: nothing for axe, nothing beyond its edge`, { skip: absent }, async () => {
      const media = { "prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce" };
      const tab = await chromium.open(`${page}&place=${width > 500 ? "tab" : "window"}`, { stub: stubbed(locale, answers), width, media });
      await tab.until(SHOWN);
      assert.deepEqual(await judged(tab), []);
      const [needed, had] = await tab.run("[document.documentElement.scrollWidth, innerWidth]");
      assert.ok(needed <= had, `${needed} px in a window of ${had}`);
      assert.deepEqual([tab.requests, tab.complaints], [[], []]);
      await tab.close();
    });
  }
}

test("on paper every fold is open, nothing is there that can only be pressed, and the verdict is in ink", { skip: absent }, async () => {
  const { page, answers } = states("en")["host-kagoya"];
  const tab = await chromium.open(`${page}&place=tab`, { stub: stubbed("en", answers) });
  await tab.until(SHOWN);
  const closed = () => tab.run("[...document.querySelectorAll('details')].filter((fold) => !fold.open).length");
  const folded = await closed();
  assert.ok(folded > 5, `${folded} folds`);
  await tab.run("addEventListener('beforeprint', () => (window.closed_on_paper = [...document.querySelectorAll('details')].filter((fold) => !fold.open).length)), 0");
  assert.ok((await tab.print()).length > 10_000);
  assert.equal(await tab.run("window.closed_on_paper"), 0);
  assert.equal(await closed(), folded);
  await tab.media({}, "print");
  await tab.run("for (const fold of document.querySelectorAll('details')) fold.open = true");
  const shown = (selector) => tab.run((what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).map((one) => one.textContent), selector);
  assert.deepEqual(await shown("button, .block.actions, .fold > .body:not(:has(> :not(.action, .remark)))"), []);
  const [ink, background, style] = await tab.run(() => {
    const band = getComputedStyle(document.querySelector(".level-danger > .band"));
    return [band.color === getComputedStyle(document.body).color, band.backgroundColor, band.borderTopStyle];
  });
  assert.deepEqual([ink, background, style], [true, "rgba(0, 0, 0, 0)", "double"]);
  await tab.close();
});
