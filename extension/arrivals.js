// @ts-check
/**
 * Looks at mail as it arrives, on this computer only: what bears a warning gets a tag, and one quiet notification tells of all of it. Nothing is moved or
 * deleted. Needs the permissions `messagesTags`, `messagesUpdate` and `notifications`, which come with the option.
 */
import { messagesOf } from "./lists.js";
import { panelUrl, severalUrl } from "./open.js";

const TAG = "sekisho";
const COLOUR = "#B3192B";
/** How the notifications' names begin. There is one at a time, but each has its own number: Thunderbird tells of the end of the one that is replaced, too. */
const NOTICE = "sekisho-arrivals";
/** So many wait at most; what comes beyond is not looked at, and that is said. */
const MAX_WAITING = 2000;
/** Larger ones are not looked at either, in bytes. */
const MAX_SIZE = 25 * 1024 * 1024;
/** What a notification leads to. */
const MAX_FOUND = 100;
/** How long one message may take, and how long nothing must have come before it is told, in milliseconds. */
const LIMITS = { patience: 60_000, quiet: 2_000 };
/** After so many the queue is written down: an event page that is stopped goes on from there. */
const EVERY = 20;
const KEY = "arrivals";

/**
 * @typedef {object} State what is kept until Thunderbird ends
 * @property {number[]} waiting
 * @property {number} looked at since the reader was told last and took note
 * @property {number} left of these too many or too large
 * @property {number} found
 * @property {{message: number, headline: string}[]} bad the first of these
 * @property {number} told how many notifications there were; the last may stand there still
 */

export class Arrivals {
  #analyses;
  #wanted;
  #session;
  #say;
  #limits;
  /** @type {Promise<State> | null} */
  #state = null;
  #running = false;
  #tagged = false;

  /**
   * @param {object} given
   * @param {Pick<import("./analyses.js").Analyses, "end">} given.analyses
   * @param {() => Promise<boolean>} given.wanted whether the reader has chosen it
   * @param {Pick<Sekisho.StorageArea, "get" | "set">} given.session kept until Thunderbird ends
   * @param {Sekisho.Say} given.say
   * @param {Partial<typeof LIMITS>} [limits]
   */
  constructor({ analyses, wanted, session, say }, limits = {}) {
    this.#analyses = analyses;
    this.#wanted = wanted;
    this.#session = session;
    this.#say = say;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** What messages.onNewMailReceived tells. @param {Sekisho.MailFolder} _folder @param {Sekisho.MessageList} list */
  async received(_folder, list) {
    if (!(await this.#wanted())) return void (list.id && browser.messages.abortList(list.id));
    const [state, headers] = await Promise.all([this.#known(), messagesOf(list)]);
    const fit = headers.filter(({ size }) => size <= MAX_SIZE).slice(0, Math.max(0, MAX_WAITING - state.waiting.length));
    state.waiting.push(...fit.map(({ id }) => id));
    state.left += headers.length - fit.length;
    await this.#keep(state);
    await this.#run();
  }

  /** The event page was stopped in the middle: what waits is looked at now. */
  async resume() {
    if ((await this.#known()).waiting.length && (await this.#wanted())) await this.#run();
  }

  /** The reader has clicked on the notification. @param {string} name */
  async clicked(name) {
    const { bad, found, told } = await this.#known();
    if (name !== named(told)) return;
    const [first] = bad;
    const url = found === 1 && first ? panelUrl({ message: first.message, place: "window" }) : severalUrl({ messages: bad.map(({ message }) => message), of: found, place: "window" });
    if (first) await browser.windows.create({ type: "popup", url, width: found === 1 ? 480 : 1000, height: 720 });
    await browser.notifications?.clear(name);
    await this.closed(name);
  }

  /** The notification has gone: the next one begins to count anew. @param {string} name */
  async closed(name) {
    const state = await this.#known();
    if (name !== named(state.told)) return;
    Object.assign(state, { looked: 0, left: 0, found: 0, bad: [] });
    await this.#keep(state);
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    const state = await this.#known();
    const before = state.found;
    try {
      while (state.waiting.length) {
        for (let done = 1; state.waiting.length; done += 1) {
          const [message = 0] = state.waiting;
          await this.#look(message, state);
          state.waiting.shift();
          if (done % EVERY === 0) await this.#keep(state);
        }
        await this.#keep(state);
        await new Promise((resolve) => setTimeout(resolve, this.#limits.quiet)); // more may be on its way
      }
      if (state.found > before) await this.#tell(state);
    } finally {
      this.#running = false;
    }
  }

  /** @param {number} message @param {State} state */
  async #look(message, state) {
    try {
      const { report } = await this.#analyses.end(message, AbortSignal.timeout(this.#limits.patience));
      state.looked += 1;
      if (!report || report.verdict.level === "clear") return;
      state.found += 1;
      if (state.bad.length < MAX_FOUND) state.bad.push({ message, headline: report.verdict.headline });
      await this.#tag(message);
    } catch (error) {
      console.warn("Sekisho could not look at a new message:", error); // a filter may have moved it meanwhile
    }
  }

  /** @param {number} message */
  async #tag(message) {
    if (!this.#tagged) await browser.messages.tags.create(TAG, this.#say("watch_tag"), COLOUR).catch(() => {}); // it is there already
    this.#tagged = true;
    const { tags = [] } = await browser.messages.get(message);
    if (!tags.includes(TAG)) await browser.messages.update(message, { tags: [...tags, TAG] });
  }

  /** @param {State} state */
  async #tell(state) {
    const { found, looked, left, bad } = state;
    const before = named(state.told);
    state.told += 1;
    await this.#keep(state);
    const words = found === 1 ? (bad[0]?.headline ?? "") : this.#say("watch_count", String(found), String(looked));
    const message = left ? `${words} ${this.#say("watch_left", String(left))}` : words;
    await browser.notifications?.clear(before);
    await browser.notifications?.create(named(state.told), { type: "basic", iconUrl: "icons/sekisho.svg", title: this.#say(found === 1 ? "watch_one" : "watch_several"), message });
  }

  /** @returns {Promise<State>} */
  #known() {
    this.#state ??= this.#session.get(KEY).then(({ [KEY]: kept }) => /** @type {State} */ ({ waiting: [], looked: 0, left: 0, found: 0, bad: [], told: 0, ...(kept ?? {}) }));
    return this.#state;
  }

  /** @param {State} state */
  #keep(state) {
    return this.#session.set({ [KEY]: state });
  }
}

/** @param {number} told */
function named(told) {
  return `${NOTICE} ${told}`;
}
