// @ts-check
/** Looks at several messages one after the other, on this computer only, and tells a page of each. */
import { MAX_SEVERAL } from "./open.js";
import { summary } from "./summary.js";

export class Rounds {
  #analyses;

  /** @param {Pick<import("./analyses.js").Analyses, "end">} analyses */
  constructor(analyses) {
    this.#analyses = analyses;
  }

  /** One page: a question is a list of messages or a wish to stop, an answer what is known of one message. @param {Sekisho.RoundPort} port */
  serve(port) {
    let abort = new AbortController();
    port.onMessage.addListener(async (question) => {
      abort.abort();
      if (question.ask === "cancel") return;
      abort = new AbortController();
      const { signal } = abort;
      const messages = question.messages.slice(0, MAX_SEVERAL);
      for (const message of messages) {
        const header = await browser.messages.get(message).catch(() => null);
        if (signal.aborted) return;
        port.postMessage({ row: { message, subject: header?.subject ?? "", date: header?.date?.getTime() ?? null, summary: null, trouble: null } });
      }
      for (const message of messages) {
        const { report, trouble } = await this.#analyses.end(message, signal);
        if (signal.aborted) return;
        port.postMessage({ of: message, summary: report ? summary(report) : null, trouble: report ? null : trouble });
      }
      port.postMessage({ over: true });
    });
    port.onDisconnect.addListener(() => abort.abort());
  }
}
