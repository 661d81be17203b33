// @ts-check
/**
 * What is known of which message. Keyed by message, never by tab: a tab shows another message before the answer comes.
 * An analysis lives as long as somebody watches it; one that is finished is kept for a while.
 */
import { Trouble, asTrouble } from "./trouble.js";

/** A report is a few ten kilobytes, a megabyte at worst. */
const MAX_KEPT = 30;

/**
 * @typedef {object} Entry
 * @property {Sekisho.Snapshot} snapshot
 * @property {Set<(snapshot: Sekisho.Snapshot) => void>} watchers
 * @property {AbortController} abort
 */

export class Analyses {
  #host;
  #read;
  #chunks;
  #settings;
  #settled;
  /** @type {Map<number, Entry>} */
  #entries = new Map(); // in the order of last use

  /**
   * @param {object} given
   * @param {Pick<import("./host.js").Host, "analyse">} given.host
   * @param {(message: number) => Promise<{binary: string, expected_size: number | null, account: string | null}>} given.read
   * @param {(binary: string) => Iterable<{data: string, size: number, last: boolean}>} given.chunks
   * @param {(account: string | null) => Promise<{account: string | null, settings: object}>} given.settings what the host is
   *   told beside a message of that account
   * @param {(snapshot: Sekisho.Snapshot) => void} [given.settled] told of each end, good or bad
   */
  constructor({ host, read, chunks, settings, settled = () => {} }) {
    this.#host = host;
    this.#read = read;
    this.#chunks = chunks;
    this.#settings = settings;
    this.#settled = settled;
  }

  /**
   * Calls back with what is known now and with every change. Begins the analysis if there is none.
   *
   * @param {number} message
   * @param {(snapshot: Sekisho.Snapshot) => void} watcher
   * @returns {() => void} ends the watch; an unfinished analysis that nobody watches is cancelled
   */
  watch(message, watcher) {
    const entry = this.#entries.get(message) ?? this.#begin(message);
    this.#entries.delete(message); // and to the young end
    this.#entries.set(message, entry);
    entry.watchers.add(watcher);
    watcher(entry.snapshot);
    return () => {
      entry.watchers.delete(watcher);
      if (entry.watchers.size === 0 && running(entry.snapshot)) this.#drop(message, entry);
    };
  }

  /**
   * How an analysis ends, or how far it is when the signal says to wait no longer.
   *
   * @param {number} message
   * @param {AbortSignal} signal
   * @returns {Promise<Sekisho.Snapshot>}
   */
  end(message, signal) {
    return new Promise((resolve) => {
      let last = /** @type {Sekisho.Snapshot | undefined} */ (undefined);
      const leave = () => {
        stop();
        if (last) resolve(last);
      };
      const stop = this.watch(message, (snapshot) => {
        last = snapshot;
        if (!running(snapshot)) queueMicrotask(leave); // the first call comes before `stop` is there
      });
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Forgets what is known, so that the next watch begins anew. @param {number} message */
  forget(message) {
    const entry = this.#entries.get(message);
    if (entry) this.#drop(message, entry);
  }

  /** What is known was found out under other settings. Who waits for an end still gets it. */
  forgetAll() {
    this.#entries.clear();
  }

  /** Ends it for everybody who watches. @param {number} message */
  cancel(message) {
    this.#entries.get(message)?.abort.abort();
  }

  /** @param {number} message @param {Entry} entry */
  #drop(message, entry) {
    if (this.#entries.get(message) === entry) this.#entries.delete(message);
    entry.abort.abort();
  }

  /** @param {number} message @returns {Entry} */
  #begin(message) {
    /** @type {Entry} */
    const entry = {
      snapshot: { message, phase: "reading", done: 0, total: 0, report: null, trouble: null },
      watchers: new Set(),
      abort: new AbortController(),
    };
    this.#run(message, entry);
    for (const [old, kept] of this.#entries) {
      if (this.#entries.size < MAX_KEPT) break;
      if (!running(kept.snapshot)) this.#entries.delete(old);
    }
    return entry;
  }

  /** @param {number} message @param {Entry} entry */
  async #run(message, entry) {
    const { signal } = entry.abort;
    try {
      const { binary, expected_size, account } = await this.#read(message);
      const given = await this.#settings(account);
      if (signal.aborted) throw new Trouble("cancelled");
      this.#change(entry, { phase: "analysing", total: binary.length });
      await this.#host.analyse(
        { size: binary.length, expected_size, chunks: () => this.#chunks(binary), ...given },
        {
          signal,
          onReport: (report) => this.#change(entry, { report }),
          onProgress: ({ done, total }) => this.#change(entry, { done, total }),
        },
      );
      if (!entry.snapshot.report?.final) throw new Trouble("broken", "no final report");
      this.#change(entry, { phase: "done" });
    } catch (error) {
      const trouble = asTrouble(error);
      if (this.#entries.get(message) === entry) this.#entries.delete(message); // asked again, it is tried again
      this.#change(entry, { phase: trouble.kind === "cancelled" ? "cancelled" : "failed", trouble: trouble.plain });
    }
    this.#settled(entry.snapshot);
  }

  /** @param {Entry} entry @param {Partial<Sekisho.Snapshot>} change */
  #change(entry, change) {
    if (change.report && entry.snapshot.report?.final) return; // the last word has been said
    entry.snapshot = { ...entry.snapshot, ...change };
    for (const watcher of [...entry.watchers]) watcher(entry.snapshot);
  }
}

/** @param {Sekisho.Snapshot} snapshot */
export function running(snapshot) {
  return snapshot.phase === "reading" || snapshot.phase === "analysing";
}
