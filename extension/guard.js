// @ts-check
/** Asks once before an answer to a dangerous message leaves. Needs the permission `compose`, which comes with the option. */

/** How long a message that is not known yet may be looked at while its answer waits, in milliseconds. */
const PATIENCE = 10_000;
/** A small window that does not come up must not keep the mail for ever. */
const OPENING = 30_000;

export class Guard {
  #analyses;
  #wanted;
  #session;
  #open;
  /** @type {Map<string, {report: Sekisho.Report, decide: (send: boolean) => void, came: () => void}>} the windows that are open, by their names */
  #asking = new Map();
  #asked = 0;

  /**
   * @param {object} given
   * @param {Pick<import("./analyses.js").Analyses, "end">} given.analyses
   * @param {() => Promise<boolean>} given.wanted whether the reader has chosen to be asked
   * @param {Sekisho.StorageArea} given.session kept until Thunderbird ends
   * @param {(name: string) => Promise<unknown>} given.open opens guard.html, which asks back under this name
   */
  constructor({ analyses, wanted, session, open }) {
    this.#analyses = analyses;
    this.#wanted = wanted;
    this.#session = session;
    this.#open = open;
  }

  /**
   * What compose.onBeforeSend is to hear. Where it cannot be asked, the answer leaves: a reader who cannot write is not helped.
   *
   * @param {Sekisho.ComposeDetails} details
   * @returns {Promise<{cancel: boolean}>}
   */
  async beforeSend({ type, relatedMessageId: message }) {
    if (type !== "reply" || message === undefined || !(await this.#wanted())) return { cancel: false };
    const key = `answered ${message}`;
    if ((await this.#session.get(key))[key]) return { cancel: false };
    const { report } = await this.#analyses.end(message, AbortSignal.timeout(PATIENCE));
    if (report?.verdict.level !== "danger") return { cancel: false };
    const send = await this.#ask(report);
    if (send) await this.#session.set({ [key]: true });
    return { cancel: !send };
  }

  /** @param {Sekisho.Report} report @returns {Promise<boolean>} whether to send; a window that is closed says no */
  #ask(report) {
    const name = `guard ${++this.#asked}-${crypto.randomUUID()}`;
    return new Promise((resolve) => {
      const decide = (/** @type {boolean} */ send) => {
        clearTimeout(late);
        this.#asking.delete(name);
        resolve(send);
      };
      const late = setTimeout(decide, OPENING, true);
      this.#asking.set(name, { report, decide, came: () => clearTimeout(late) });
      this.#open(name).catch((error) => {
        console.warn("Sekisho cannot ask before sending:", error);
        decide(true);
      });
    });
  }

  /** A window has come up. @param {Sekisho.GuardPort} port */
  serve(port) {
    const asking = this.#asking.get(port.name);
    if (!asking) return port.disconnect();
    asking.came();
    const { headline, reasons } = asking.report.verdict;
    const titles = reasons.flatMap((id) => asking.report.findings.find((finding) => finding.id === id)?.title ?? []);
    port.onMessage.addListener(({ send }) => asking.decide(send));
    port.onDisconnect.addListener(() => asking.decide(false));
    port.postMessage({ headline, reasons: titles });
  }
}
