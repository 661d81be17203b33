// @ts-check
/** A report that was cut to fit a frame, and the whole of it: fetched in parts where it is shown in a tab, and painted block by block. */
import { replace } from "./dom.js";
import { asTrouble } from "./trouble.js";

/** The next block waits for an idle moment, but no longer than this, in milliseconds. */
const PATIENCE = 200;

/** Whether the host had no room for all of it. @param {Sekisho.Report} report */
export function isCut(report) {
  return report.left_out !== undefined;
}

/**
 * Fetches whole reports from the host.
 *
 * @param {object} given
 * @param {Pick<import("./host.js").Host, "request">} given.host
 * @param {Pick<import("./analyses.js").Analyses, "about">} given.analyses
 */
export function fetcher({ host, analyses }) {
  /** @param {number} message @returns {Promise<Sekisho.Whole>} */
  return async (message) => {
    try {
      const { text } = await analyses.about(message, (of) => host.request("whole", { of }));
      return { report: JSON.parse(text), trouble: null };
    } catch (error) {
      console.warn("Sekisho could not fetch the rest of a report:", error);
      return { report: null, trouble: asTrouble(error).plain };
    }
  };
}

/**
 * What stands beneath a report that was cut, in a place too small for the whole.
 *
 * @param {Sekisho.Report} report
 * @param {Sekisho.Say} say
 * @returns {Sekisho.Node[]}
 */
export function cutView({ left_out: count = 0 }, say) {
  return beneath(count ? say("cut_entries", String(count)) : say("cut_texts"), [
    "button",
    { type: "button", "data-action": "open_tab", "data-key": "whole" },
    say("cut_show"),
  ]);
}

/** How much of the whole is on the page. @param {number} done @param {number} total 0: it is on its way @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function completingView(done, total, say) {
  return beneath(say("completing"), ["progress", { max: "1", value: total ? String(done / total) : null, "aria-label": say("completing") }]);
}

/** The rest did not come. @param {Sekisho.Say} say @returns {Sekisho.Node[]} */
export function incompleteView(say) {
  return beneath(say("incomplete"), ["button", { type: "button", "data-action": "analyse", "data-key": "again" }, say("again")]);
}

/** @param {string} words @param {Sekisho.Node} beside @returns {Sekisho.Node[]} */
function beneath(words, beside) {
  return [["div", { class: "progress beneath" }, ["p", {}, words], beside]];
}

/**
 * Puts a report's nodes in the place of what is there, one block at an idle moment, so that the page answers meanwhile.
 *
 * @param {Element} place
 * @param {Sekisho.Node[]} nodes as view.js makes them
 * @param {object} how
 * @param {() => boolean} how.wanted looked at before each block: whether it goes on
 * @param {(done: number, total: number) => void} how.step called after each block
 * @returns {Promise<boolean>} whether all of it is there
 */
export async function paintInSlices(place, nodes, { wanted, step }) {
  const blocks = nodes.flatMap(blocksIn);
  let missing = false;
  for (const [n, [, { id }, ...children]] of blocks.entries()) {
    await idle();
    if (!wanted()) return false;
    const there = [...place.querySelectorAll("section.block")].find((block) => block.id === id);
    if (there) replace(there, /** @type {Sekisho.Node[]} */ (children.filter((child) => child !== null)));
    else missing = true;
    step(n + 1, blocks.length);
  }
  if (missing) replace(place, nodes); // a report so long that nothing but its verdict came in the frame
  return true;
}

/** The sections among nodes and what they are laid out in. @param {Sekisho.Node | null} node @returns {Exclude<Sekisho.Node, string>[]} */
function blocksIn(node) {
  if (node === null || typeof node === "string") return [];
  if (node[0] === "section") return [node];
  const [, , ...children] = node;
  return children.flatMap(blocksIn);
}

function idle() {
  return new Promise((resolve) => requestIdleCallback(resolve, { timeout: PATIENCE }));
}
