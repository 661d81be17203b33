// @ts-check
/** Has the host make a document of a report. What is the reader's own, and is cut out of one for strangers, is told here. */

/**
 * @param {object} given
 * @param {Pick<import("./host.js").Host, "request">} given.host
 * @param {() => Promise<object>} given.settings with the reader's addresses and names
 */
export function keeper({ host, settings }) {
  /** @param {{report: Sekisho.Report, format: string, publication: boolean}} errand @returns {Promise<{text: string, media_type: string, name: string} | null>} */
  return async ({ report, format, publication }) => {
    try {
      return await host.request("export", { format, report, publication, settings: await settings() });
    } catch (error) {
      console.warn("Sekisho could not export a report:", error);
      return null;
    }
  };
}
