// @ts-check
/** Has the host make a document of a report. What is the reader's own, and is cut out of one for strangers, is told here. */
import { isCut } from "./whole.js";

/**
 * @param {object} given
 * @param {Pick<import("./host.js").Host, "request">} given.host
 * @param {() => Promise<object>} given.settings with the reader's addresses and names
 * @param {Pick<import("./analyses.js").Analyses, "about">["about"]} given.about what the host keeps of a message
 */
export function keeper({ host, settings, about }) {
  /** @param {{report: Sekisho.PanelReport, format: string, publication: boolean, message?: number | undefined}} errand @returns {Promise<{text: string, media_type: string, name: string} | null>} */
  return async ({ report, format, publication, message }) => {
    try {
      const told = { format, publication, settings: await settings() };
      const ask = (/** @type {object} */ what) => host.request("export", { ...what, ...told });
      if (isCut(report) && message !== undefined) return await about(message, (of) => ask({ of })); // the host has the whole of it
      return await ask({ report });
    } catch (error) {
      console.warn("Sekisho could not export a report:", error);
      return null;
    }
  };
}
