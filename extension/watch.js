// @ts-check
/** Looks at each mail as it is shown and marks the buttons. Asks nobody but the host, offline, unless the reader chose otherwise. */

/** Somebody who walks through a list with the arrow keys is not reading. */
const PAUSE = 150;
/** A message that is not shown by then is looked at all the same: some never are (shown.js). */
const LOADING = 1500;
/** Larger ones take a noticeable time and are looked at only when the reader asks. */
export const MAX_UNASKED = 2 * 1024 * 1024;

/**
 * @typedef {object} Look
 * @property {number | undefined} message
 * @property {AbortController} abort
 * @property {boolean} failed so that the same message is looked at again when it is shown again
 */

export class Watch {
  #analyses;
  #badge;
  #shown;
  #painted;
  #level;
  #pause;
  #loading;
  /** @type {Map<number, Look>} the last one of each tab */
  #looks = new Map();
  /** @type {Map<number, number>} the last event of each tab, by number */
  #turns = new Map();
  #events = 0;

  /**
   * @param {object} given
   * @param {Pick<import("./analyses.js").Analyses, "end">} given.analyses
   * @param {Pick<import("./badge.js").Badge, "clear" | "large" | "paint">} given.badge
   * @param {typeof import("./shown.js")} given.shown
   * @param {(tabId: number) => void} [given.painted] told of each tab that bears a new mark
   * @param {() => Promise<Sekisho.Privacy>} [given.level] whom a mail that is merely opened may be asked of: nobody unless the reader said so
   * @param {number} [given.pause]
   * @param {number} [given.loading]
   */
  constructor({ analyses, badge, shown, painted = () => {}, level = async () => "offline", pause = PAUSE, loading = LOADING }) {
    this.#analyses = analyses;
    this.#badge = badge;
    this.#shown = shown;
    this.#painted = painted;
    this.#level = level;
    this.#pause = pause;
    this.#loading = loading;
  }

  /**
   * The tab shows these now.
   *
   * @param {number} tabId
   * @param {Sekisho.MessageHeader[]} messages
   */
  async displayed(tabId, messages) {
    this.#turn(tabId);
    const message = messages.length === 1 ? messages[0]?.id : undefined;
    const last = this.#looks.get(tabId);
    const same = last !== undefined && message !== undefined && last.message === message;
    if (same && !last.failed) return; // it comes as selected and again as displayed
    last?.abort.abort();
    const look = { message, abort: new AbortController(), failed: false };
    const { signal } = look.abort;
    this.#looks.set(tabId, look);
    if (!same) this.#badge.clear(tabId); // first: the mark of the last message still stands there
    await new Promise((resolve) => setTimeout(resolve, this.#pause));
    if (signal.aborted || message === undefined) return;
    const header = await this.#shown.only(tabId);
    if (signal.aborted || header?.id !== message) return;
    if (header.size > MAX_UNASKED) return this.#badge.large(tabId);
    const snapshot = await this.#analyses.end(message, signal);
    look.failed = snapshot.trouble !== null;
    if (signal.aborted) return;
    await this.paint(tabId, snapshot);
    const level = await this.#level();
    if (signal.aborted || level === "offline" || look.failed) return;
    const further = await this.#analyses.end(message, signal, level); // what is known here has been shown by then
    if (!signal.aborted) await this.paint(tabId, further);
  }

  /**
   * The selection has changed: with the message pane hidden this is all there is, else onMessagesDisplayed follows, unless
   * Thunderbird can't show that message.
   *
   * @param {number} tabId
   * @param {Sekisho.MessageHeader[]} selected
   */
  async selected(tabId, selected) {
    const looked = this.#looks.get(tabId)?.message;
    if (looked === undefined || selected.length !== 1 || selected[0]?.id !== looked) {
      this.closed(tabId); // whatever was looked at is on its way out, and a large one is long on its way in
      this.#badge.clear(tabId);
    }
    const turn = this.#turn(tabId);
    if (await this.#shown.paneVisible(tabId)) await new Promise((resolve) => setTimeout(resolve, this.#loading));
    // onMessagesDisplayed has told of it, or the reader has left it in the meantime.
    if (turn !== this.#turns.get(tabId) || (looked !== undefined && this.#looks.get(tabId)?.message === looked)) return;
    await this.displayed(tabId, selected);
  }

  /** Marks the tab if it still shows that message. @param {number} tabId @param {Sekisho.Snapshot} snapshot */
  async paint(tabId, snapshot) {
    const now = await this.#shown.only(tabId);
    if (now?.id !== snapshot.message) return;
    this.#badge.paint(tabId, snapshot);
    this.#painted(tabId);
  }

  /** Nobody looks at that tab any more. @param {number} tabId */
  closed(tabId) {
    this.#looks.get(tabId)?.abort.abort();
    this.#looks.delete(tabId);
    this.#turns.delete(tabId);
  }

  /** @param {number} tabId */
  #turn(tabId) {
    this.#turns.set(tabId, ++this.#events);
    return this.#events;
  }
}
