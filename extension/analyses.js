// @ts-check
/**
 * What is known of which message. Keyed by message, never by tab: a tab shows another message before the answer comes.
 * What was found out on this computer and what was found out by asking others are kept apart: a badge never waits for the
 * world, and a panel begins with what the badge knows. Whether the host makes a panel is decided here: for who watches, it does; who waits
 * for an end shows none, and gets none where nobody watches. An analysis lives as long as somebody watches it; one that is finished is kept for a while.
 */
import { GONE, Trouble, asTrouble } from "./trouble.js";

/** A report is a few ten kilobytes, a megabyte at worst. */
const MAX_KEPT = 30;
/** What others answered is asked anew after this long, in milliseconds; the host remembers what still holds. */
const FRESH = 300_000;
/** Who may learn that the reader looks; each allows all that stand before it (DESIGN section 4). @type {Sekisho.Privacy[]} */
const LEVELS = ["offline", "resolver", "registry", "sender"];

/**
 * @typedef {object} Entry
 * @property {Sekisho.Snapshot} snapshot
 * @property {Map<(snapshot: any) => void, boolean>} watchers with whether they show the panel
 * @property {Sekisho.Privacy} level
 * @property {boolean} visited whether the reader has had a link of it followed, which is not done again by itself
 * @property {Run | null} run the last one
 * @property {number | null} request under which the host has the message whole
 * @property {number} at when it was finished
 *
 * @typedef {object} Run
 * @property {AbortController} abort nobody wants it any more
 * @property {AbortController} stop ask nobody any more
 * @property {boolean} panel whether its reports have one
 * @property {boolean} final whether its last report has come
 * @property {Sekisho.Snapshot | null} back what is known all the same if nobody waits for it: it is about the panel alone
 * @property {() => void} replace ends the one before it, which goes on until the host has taken this one up: it has the message by that request
 *
 * @typedef {object} Watching
 * @property {() => void} leave ends the watch; an unfinished analysis that nobody watches is cancelled
 * @property {() => void} cancel ends the analysis for everybody who watches; what others have answered by then is kept
 */

export class Analyses {
  #host;
  #read;
  #chunks;
  #settings;
  #refused;
  #settled;
  #now;
  /** @type {Map<string, Entry>} */
  #entries = new Map(); // in the order of last use

  /**
   * @param {object} given
   * @param {Pick<import("./host.js").Host, "analyse" | "more" | "letter" | "request">} given.host
   * @param {(message: number, signal?: AbortSignal) => Promise<{binary: string, expected_size: number | null, account: string | null, author?: string}>} given.read
   * @param {(binary: string) => Iterable<{data: string, size: number, last: boolean}>} given.chunks
   * @param {(account: string | null, author?: string) => Promise<{account: string | null, settings: object, known?: object}>} given.settings what the host is
   *   told beside a message of that account and sender
   * @param {(trouble: Trouble) => boolean} [given.refused] whether it was about a setting that is left out from now on
   * @param {(snapshot: Sekisho.Snapshot) => void} [given.settled] told of each end, good or bad
   * @param {() => number} [given.now] in milliseconds
   */
  constructor({ host, read, chunks, settings, refused = () => false, settled = () => {}, now = Date.now }) {
    this.#host = host;
    this.#read = read;
    this.#chunks = chunks;
    this.#settings = settings;
    this.#refused = refused;
    this.#settled = settled;
    this.#now = now;
  }

  /**
   * Shows a panel: calls back with what is known now and with every change; a report that has no panel is not told. Begins an analysis where
   * there is none that is fresh and went as far as this level allows.
   *
   * @param {number} message
   * @param {(snapshot: Sekisho.PanelSnapshot) => void} watcher
   * @param {Sekisho.Privacy} [level]
   * @param {string[]} [visit] links to be followed now, as the panel showed that they would be requested
   * @returns {Watching}
   */
  watch(message, watcher, level = "offline", visit = []) {
    return this.#watch(message, watcher, { level, visit, panel: true });
  }

  /**
   * @param {number} message
   * @param {(snapshot: any) => void} watcher
   * @param {{level: Sekisho.Privacy, visit?: string[], panel: boolean}} how
   * @returns {Watching}
   */
  #watch(message, watcher, { level, visit = [], panel }) {
    const asking = level !== "offline" || visit.length > 0;
    const [key, entry] = this.#find(message, asking) ?? this.#make(message, asking);
    this.#entries.delete(key); // and to the young end
    this.#entries.set(key, entry);
    entry.watchers.set(watcher, panel);
    const higher = LEVELS.indexOf(level) > LEVELS.indexOf(entry.level);
    const fresh = running(entry.snapshot) || this.#good(entry);
    const more = higher || visit.length > 0;
    const further = more || (fresh && lacking(entry));
    if (further || !fresh) {
      if (higher) entry.level = level;
      if (visit.length) entry.visited = true;
      this.#run(key, entry, { further, visit, back: !more && this.#good(entry) ? entry.snapshot : null });
    }
    watcher(panel ? withPanel(entry.snapshot) : entry.snapshot);
    return {
      leave: () => {
        entry.watchers.delete(watcher);
        if (entry.watchers.size === 0 && running(entry.snapshot)) this.#end(key, entry);
      },
      cancel: () => (asks(entry) ? entry.run?.stop : entry.run?.abort)?.abort(),
    };
  }

  /**
   * How an analysis ends, on this computer unless the level says more, or how far it is when the signal says to wait no longer. Its report may have
   * no panel.
   *
   * @param {number} message
   * @param {AbortSignal} signal
   * @param {Sekisho.Privacy} [level]
   * @returns {Promise<Sekisho.Snapshot>}
   */
  end(message, signal, level = "offline") {
    return new Promise((resolve) => {
      let last = /** @type {Sekisho.Snapshot | undefined} */ (undefined);
      const leave = () => {
        watching.leave();
        if (last) resolve(last);
      };
      const told = (/** @type {Sekisho.Snapshot} */ snapshot) => {
        last = snapshot;
        if (!running(snapshot)) queueMicrotask(leave); // the first call comes before `watching` is there
      };
      const watching = this.#watch(message, told, { level, panel: false });
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** What is known of it now, without anything being begun. @param {number} message @returns {Sekisho.Snapshot | null} */
  known(message) {
    return this.#find(message, false)?.[1].snapshot ?? null;
  }

  /**
   * A letter about a message, as far as it has been looked up.
   *
   * @param {number} message
   * @param {{recipient: string, language: string, mask: boolean, campaign?: true}} wanted
   * @returns {Promise<import("./drafts.js").Letter>}
   */
  letter(message, wanted) {
    return this.about(message, (of) => this.#host.letter({ of, ...wanted }));
  }

  /** The messages of one kind with it, as the host's register knows them. @param {number} message @returns {Promise<Sekisho.Wave>} */
  campaign(message) {
    return this.about(message, (of) => this.#host.request("campaign", { of }));
  }

  /** Has the host remember that the reader told somebody of the message's sender, or of all of its kind. @param {number} message @param {string} told @param {boolean} campaign */
  note(message, told, campaign) {
    return this.about(message, (of) => this.#host.request("note", { of, told, campaign }));
  }

  /**
   * Asks the host something about a message that it still keeps, or else looks at again.
   *
   * @template T
   * @param {number} message
   * @param {(of: number) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async about(message, ask) {
    const [, entry] = this.#find(message, true) ?? this.#find(message, false) ?? [];
    if (entry?.request) {
      try {
        return await ask(entry.request);
      } catch (error) {
        if (!(error instanceof Trouble) || error.code !== GONE) throw error;
      }
    }
    const { binary, expected_size, account, author } = await this.#read(message);
    const job = { size: binary.length, expected_size, chunks: () => this.#chunks(binary), privacy: entry?.level ?? "offline", panel: false };
    let of = 0;
    const onReport = (/** @type {Sekisho.Report} */ _report, /** @type {number} */ request) => (of = request);
    await this.#host.analyse({ ...job, ...(await this.#settings(account, author)) }, { onReport });
    return ask(of);
  }

  /** Forgets what is known, so that the next watch begins anew. @param {number} message */
  forget(message) {
    for (const key of [keyOf(message, "offline"), keyOf(message, "sender")]) {
      const entry = this.#entries.get(key);
      if (entry) this.#drop(key, entry);
    }
  }

  /** What is known was found out under other settings. Who waits for an end still gets it. */
  forgetAll() {
    this.#entries.clear();
  }

  /**
   * What was found out by asking is more than what this computer knows: where it is there, it answers for both.
   *
   * @param {number} message
   * @param {boolean} asking
   * @returns {[string, Entry] | undefined}
   */
  #find(message, asking) {
    const asked = keyOf(message, "sender");
    const live = this.#entries.get(asked);
    if (live && (asking || live.snapshot.phase === "done")) return [asked, live];
    const own = keyOf(message, "offline");
    const known = this.#entries.get(own);
    return !asking && known ? [own, known] : undefined;
  }

  /** @param {number} message @param {boolean} asking @returns {[string, Entry]} */
  #make(message, asking) {
    const { snapshot: { report } = { report: null }, request = null } = this.#entries.get(keyOf(message, "offline")) ?? {};
    for (const [old, kept] of this.#entries) {
      if (this.#entries.size < MAX_KEPT) break;
      if (!running(kept.snapshot)) this.#entries.delete(old);
    }
    /** @type {Sekisho.Snapshot} */
    const snapshot = { message, phase: "cancelled", done: 0, total: 0, report: report?.final ? report : null, trouble: null };
    return [keyOf(message, asking ? "sender" : "offline"), { snapshot, watchers: new Map(), level: "offline", visited: false, run: null, request, at: 0 }];
  }

  /** Whether it can be shown as it is to somebody who asks now. @param {Entry} entry */
  #good({ snapshot: { phase, report }, level, visited, at }) {
    if (phase !== "done") return false;
    if (level === "offline" || visited) return true; // a link that was followed is not followed anew to be up to date
    return this.#now() - at < FRESH && !report?.lookups?.log.some(({ outcome }) => outcome === "unreachable");
  }

  /** Nobody waits for it any more. @param {string} key @param {Entry} entry */
  #end(key, entry) {
    const { run } = entry;
    if (!run?.back) return this.#drop(key, entry);
    entry.snapshot = run.back;
    entry.run = null;
    run.abort.abort();
  }

  /** @param {string} key @param {Entry} entry */
  #drop(key, entry) {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.run?.abort.abort();
  }

  /**
   * @param {string} key
   * @param {Entry} entry
   * @param {{further: boolean, visit?: string[], back: Sekisho.Snapshot | null}} how `further`: of a message that the host may still have
   */
  async #run(key, entry, { further, visit = [], back }) {
    let before = entry.run;
    const of = further ? entry.request : null;
    /** @type {Watching | null} */
    let own = null;
    const replace = () => {
      before?.abort.abort();
      before = null;
      own?.leave();
      own = null;
    };
    /** @type {Run} */
    const run = { abort: new AbortController(), stop: new AbortController(), panel: shown(entry), final: false, back, replace };
    entry.run = run;
    run.abort.signal.addEventListener("abort", replace);
    if (of === null) replace();
    entry.request = of;
    entry.snapshot = { ...entry.snapshot, phase: of === null ? "reading" : "analysing", done: 0, total: 0, trouble: null };
    tell(entry);
    const { message, report } = entry.snapshot;
    if (run.panel && !back && asks(entry) && report?.panel === null && this.#entries.get(keyOf(message, "offline"))?.request) {
      // What this computer knows is shown at once: others take the time that they take.
      const told = (/** @type {Sekisho.PanelSnapshot} */ snapshot) => snapshot.report && this.#change(entry, run, { report: snapshot.report });
      own = this.#watch(message, told, { level: "offline", panel: true });
    }
    try {
      await this.#ask(key, entry, run, of, visit);
      if (!run.final) throw new Trouble("broken", "no final report");
      entry.at = this.#now();
      this.#change(entry, run, { phase: run.stop.signal.aborted ? "cancelled" : "done" });
    } catch (error) {
      if (entry.run !== run) return; // another one has taken its place
      const trouble = asTrouble(error);
      if (this.#entries.get(key) === entry) this.#entries.delete(key); // asked again, it is tried again
      this.#change(entry, run, { phase: trouble.kind === "cancelled" ? "cancelled" : "failed", trouble: trouble.plain });
    }
    replace();
    if (entry.run === run) this.#settled(entry.snapshot);
  }

  /** @param {string} key @param {Entry} entry @param {Run} run @param {number | null} of @param {string[]} visit */
  async #ask(key, entry, run, of, visit) {
    const { message } = entry.snapshot;
    const { level: privacy } = entry;
    const [signal, stop] = [run.abort.signal, run.stop.signal];
    const listeners = {
      signal,
      stop,
      onReport: (/** @type {Sekisho.Report} */ report, /** @type {number} */ request) => {
        if (run.final) return; // the last word has been said
        run.final = report.final;
        run.replace(); // the host has it under this request by now
        if (entry.run === run && report.message.sha256 !== null) entry.request = request;
        this.#change(entry, run, { report });
        if (entry.run !== run || stop.aborted || !lacking(entry)) return;
        // A panel was opened meanwhile.
        this.#run(key, entry, { further: true, back: run.final ? { ...entry.snapshot, phase: "done" } : null });
      },
      onProgress: (/** @type {{done: number, total: number}} */ { done, total }) => this.#change(entry, run, { done, total }),
    };
    if (of !== null) {
      try {
        const { settings } = await this.#settings(null);
        run.panel = shown(entry);
        await this.#host.more({ of, privacy, visit, panel: run.panel, settings }, listeners);
        return;
      } catch (error) {
        if (!(error instanceof Trouble) || error.code !== GONE) throw error;
        run.replace();
        if (entry.run === run) entry.request = null;
      }
    }
    const { binary, expected_size, account, author } = await this.#read(message, AbortSignal.any([signal, stop]));
    for (;;) {
      const given = await this.#settings(account, author);
      if (signal.aborted || stop.aborted) throw new Trouble("cancelled");
      this.#change(entry, run, { phase: "analysing", total: binary.length });
      try {
        run.panel = shown(entry);
        const job = { size: binary.length, expected_size, chunks: () => this.#chunks(binary), privacy, visit, panel: run.panel, ...given };
        await this.#host.analyse(job, listeners);
        return;
      } catch (error) {
        if (!(error instanceof Trouble) || !this.#refused(error)) throw error;
      }
    }
  }

  /** @param {Entry} entry @param {Run} run @param {Partial<Sekisho.Snapshot>} change */
  #change(entry, run, change) {
    if (entry.run !== run) return;
    entry.snapshot = { ...entry.snapshot, ...change };
    tell(entry);
  }
}

/** @param {Entry} entry */
function tell({ snapshot, watchers }) {
  for (const [watcher, panel] of [...watchers]) watcher(panel ? withPanel(snapshot) : snapshot);
}

/** Whether others are asked about it. @param {Entry} entry */
function asks({ level, visited }) {
  return level !== "offline" || visited;
}

/** Whether anybody shows its panel. @param {Pick<Entry, "watchers">} entry */
function shown({ watchers }) {
  return [...watchers.values()].includes(true);
}

/** Whether somebody shows the panel of what the host has looked at without one, and none is on its way. @param {Entry} entry */
function lacking({ snapshot, watchers, request, run }) {
  if (request === null || snapshot.report?.panel !== null || (run?.panel && running(snapshot))) return false;
  return shown({ watchers });
}

/** @param {Sekisho.Snapshot} snapshot @returns {Sekisho.PanelSnapshot} */
function withPanel(snapshot) {
  const { report } = snapshot;
  return report?.panel === null ? { ...snapshot, report: null } : /** @type {Sekisho.PanelSnapshot} */ (snapshot);
}

/** @param {Sekisho.Snapshot} snapshot */
export function running(snapshot) {
  return snapshot.phase === "reading" || snapshot.phase === "analysing";
}

/** @param {number} message @param {Sekisho.Privacy} level */
function keyOf(message, level) {
  return `${level === "offline" ? "own" : "asked"} ${message}`;
}
