/**
 * Pictures of the pages without Thunderbird: headless Chromium, a stubbed `browser`, the frames in tests/frames.
 * `node shots.mjs [folder]`; writes to build/shots unless told otherwise. In the environment: ONLY, a pattern of names;
 * FRAMES, another folder of reports (`NAME.LOCALE.json`); WIDTHS, in pixels ("320,420,900"); HOVER, a selector to focus; ZOOM, a factor;
 * MEDIA, what the reader wants of every page ("forced-colors=active,prefers-contrast=more"). PRINT: PDFs instead.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Chromium, stubbed } from "./chromium.mjs";
import { states } from "./states.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { ONLY = ".", FRAMES, WIDTHS = "380,1000", HOVER, ZOOM = "1", MEDIA = "", PRINT } = process.env;
const out = path.resolve(process.argv[2] ?? path.join(root, "build", "shots"));
const only = new RegExp(ONLY);
await mkdir(out, { recursive: true });
const chromium = await Chromium.start();
let count = 0;
for (const locale of ["en", "ja"]) {
  for (const [state, { page, answers }] of Object.entries(states(locale, FRAMES))) {
    for (const scheme of ["light", "dark"]) {
      for (const width of WIDTHS.split(",").map(Number)) {
        const name = `${state}-${locale}-${width}-${scheme}`;
        if (!only.test(name)) continue;
        const media = { "prefers-color-scheme": scheme, ...Object.fromEntries(MEDIA.split(",").filter(Boolean).map((one) => one.split("="))) };
        const stub = stubbed(locale, answers);
        const tab = await chromium.open(`${page}&place=${width > 500 ? "tab" : "window"}`, { stub, width, height: 700, media, zoom: Number(ZOOM) });
        await tab.until('document.querySelector("#panel > *, #table > *, fieldset, [data-ready]")');
        if (HOVER) await tab.run((selector) => document.querySelector(selector)?.focus(), HOVER);
        await new Promise((resolve) => setTimeout(resolve, 150));
        await writeFile(path.join(out, `${name}.${PRINT ? "pdf" : "png"}`), await (PRINT ? tab.print() : tab.picture(true)));
        await tab.close();
        count += 1;
      }
    }
  }
}
await chromium.close();
console.log(`${count} pictures`);
