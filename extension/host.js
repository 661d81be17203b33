// @ts-check
/**
 * The native host over all its lives: connected when there is something to ask, introduced once per connection, asked
 * again once when it had died meanwhile, let go when idle so that the event page can unload. One message is sent at a time;
 * who waits only for others to answer (look-ups) lets the next one in.
 */
import { Connection } from "./connection.js";
import { Trouble } from "./trouble.js";

export const PROTOCOL = 1;

/** In milliseconds, except `ahead`. */
const LIMITS = {
  hello: 15_000, // a cold interpreter on a slow disk behind a virus scanner
  silence: 30_000,
  idle: 60_000,
  deadline: 8_000, // for look-ups, unless the settings have another (host/sekisho/session.py)
  stop: 2_000, // for the last report after look-ups were stopped
  ahead: 4, // chunks sent beyond the last one the host has confirmed: a cancel waits behind at most these
  pace: 40, // how long to wait for such a confirmation; a chunk takes about half of that
};

/**
 * @typedef {object} Job
 * @property {number} size bytes that will be sent
 * @property {number | null} expected_size
 * @property {() => Iterable<{data: string, size: number, last: boolean}>} chunks from the start at each call
 * @property {object} settings
 * @property {string | null} [account] a name for the account that the message lies in
 * @property {string} [privacy]
 * @property {string[]} [visit] links to be followed
 * @property {boolean} [panel] whether the reports are to have one; they have unless told
 * @property {object} [known] what the reader's address book says of its sender
 *
 * @typedef {object} Listeners
 * @property {(report: Sekisho.Report, request: number) => void} [onReport] `request`: what `more` takes, once the message has come in whole
 * @property {(progress: {stage: string, done: number, total: number}) => void} [onProgress]
 * @property {AbortSignal} [signal] nobody wants the answer any more
 * @property {AbortSignal} [stop] ask nobody any more: a last report comes
 *
 * @typedef {object} Turn
 * @property {Connection} connection
 * @property {() => void} heard to be called when the host has said something
 * @property {() => void} next lets the next request in before this one is answered
 */

export class Host {
  #connect;
  #introduction;
  #limits;
  /** @type {Connection | null} */
  #connection = null;
  /** That one once it has answered hello. @type {Promise<Connection>} */
  #introduced = new Promise(() => {});
  /** @type {Promise<any>} */
  #queue = Promise.resolve();
  #waiting = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /**
   * @param {() => Sekisho.NativePort} connect
   * @param {{extension: string, locale: string}} introduction
   * @param {Partial<typeof LIMITS>} [limits]
   */
  constructor(connect, introduction, limits = {}) {
    this.#connect = connect;
    this.#introduction = introduction;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** What the host cannot do well at present, in the reader's language, each with the way to mend it. @type {string[]} */
  problems = [];

  /** That its tables are too old, and the command that mends it. @type {Sekisho.Remedy | null} */
  old = null;

  /** Whether a host process is held. */
  get connected() {
    return this.#connection?.alive ?? false;
  }

  /**
   * @param {Job} job
   * @param {Listeners} [listeners]
   * @returns {Promise<{sha256: string, frames: number}>}
   */
  analyse(job, listeners = {}) {
    return this.#inTurn(listeners, (turn) => {
      const { connection, next } = turn;
      let confirmed = 0;
      let sent = false;
      let wake = () => {};
      const { size, expected_size, settings, account = null, privacy = "offline", visit = [], panel = true, known } = job;
      const params = { size, expected_size, privacy, account, settings, ...asked(visit, panel), ...(known ? { known } : {}) };
      const live = privacy !== "offline" || visit.length > 0;
      const call = this.#call(turn, "analyse", params, live ? settings : null, listeners, (frame) => {
        if (frame.method === "report" && sent) next(); // what comes after it waits for files being opened
        if (frame.params.stage === "receiving") confirmed = frame.params.done;
        wake();
      });
      let over = false;
      const ends = () => {
        over = true;
        wake();
      };
      call.answer.then(ends, ends);

      const send = async () => {
        let index = 0;
        /** @type {number[]} */
        const marks = []; // bytes sent after each chunk
        for (const { data, size: length, last } of job.chunks()) {
          const before = marks[index - this.#limits.ahead];
          if (before !== undefined && confirmed < before) {
            await new Promise((resolve) => {
              wake = () => resolve(undefined);
              setTimeout(wake, this.#limits.pace);
            });
          }
          if (over || !connection.alive) return;
          connection.notify("chunk", { id: call.id, index, data, last });
          call.renew();
          marks.push((marks.at(-1) ?? 0) + length);
          index += 1;
        }
        sent = true;
        if (live) next();
      };
      return Promise.all([call.answer, send()]).then(([result]) => result);
    });
  }

  /**
   * A message of an earlier request once more: at a level that allows more, with links followed, or with its panel. Fails with the code GONE when
   * the host no longer keeps it.
   *
   * @param {{of: number, privacy: string, settings: object, visit?: string[], panel?: boolean}} what
   * @param {Listeners} [listeners]
   * @returns {Promise<{sha256: string, frames: number}>}
   */
  more({ of, privacy, settings, visit = [], panel = true }, listeners = {}) {
    return this.#inTurn(listeners, (turn) => {
      const { answer } = this.#call(turn, "ask_more", { of, privacy, ...asked(visit, panel) }, settings, listeners);
      turn.next();
      return answer;
    });
  }

  /**
   * A letter about a message of an earlier request. Fails with the code GONE when the host no longer keeps it.
   *
   * @param {{of: number, recipient: string, language: string, mask: boolean, campaign?: true}} what
   * @returns {Promise<import("./drafts.js").Letter>}
   */
  letter(what) {
    return this.#inTurn({}, async ({ connection, heard }) => {
      /** @type {string[]} */
      const pieces = [];
      const { answer } = connection.call("complaint", what, this.#limits.silence, ({ method, params }) => {
        heard();
        if (method === "attachment") pieces.push(params.data);
      });
      return { ...(await answer), pieces };
    });
  }

  /**
   * Any other request of PROTOCOL.md.
   *
   * @param {string} method
   * @param {object} params
   * @param {boolean} [aside] whether others are let in before it is answered
   * @returns {Promise<any>}
   */
  request(method, params, aside = false) {
    return this.#inTurn({}, async ({ connection, next }) => {
      /** @type {string[]} */
      const parts = [];
      const call = connection.call(method, params, this.#limits.silence, (frame) => {
        if (frame.method === "part") parts[frame.params.index] = frame.params.text;
      });
      if (aside) next();
      const result = await call.answer;
      return result?.parts > 1 ? { ...result, text: parts.join("") } : result;
    });
  }

  /** Lets the host go; whoever still waits is told. */
  close() {
    clearTimeout(this.#idle);
    this.#connection?.end(new Trouble("cancelled", "closed"));
    this.#connection = null;
  }

  /**
   * A request whose reports are listened to.
   *
   * @param {Turn} turn
   * @param {string} method
   * @param {object} params
   * @param {{deadline?: number} | null} live the settings where others are asked: then the host may have nothing to say
   *   until its deadline
   * @param {Listeners} listeners
   * @param {(frame: Sekisho.Notification) => void} [said] told of each frame
   */
  #call({ connection, heard }, method, params, live, { onReport, onProgress, signal, stop }, said = () => {}) {
    const { silence, deadline } = this.#limits;
    const quiet = live ? silence + (live.deadline ? live.deadline * 1000 : deadline) : silence;
    const call = connection.call(method, params, quiet, (frame) => {
      heard();
      said(frame);
      if (frame.method === "report") onReport?.(frame.params.report, call.id);
      if (frame.method === "progress") onProgress?.(frame.params);
    });
    const leave = () => connection.forget(call.id, new Trouble("cancelled"));
    const cancel = () => {
      connection.notify("cancel", { id: call.id });
      leave();
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let patience;
    const halt = () => {
      connection.notify("cancel", { id: call.id, report: true });
      patience = setTimeout(leave, this.#limits.stop);
    };
    signal?.addEventListener("abort", cancel);
    stop?.addEventListener("abort", halt);
    const ends = () => {
      clearTimeout(patience);
      signal?.removeEventListener("abort", cancel);
      stop?.removeEventListener("abort", halt);
    };
    call.answer.then(ends, ends);
    return call;
  }

  /**
   * One after the other: the host does one thing at a time, and chunks of two messages in one pipe would only make both
   * late.
   *
   * @template T
   * @param {Listeners} listeners
   * @param {(turn: Turn) => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn({ signal, stop }, work) {
    clearTimeout(this.#idle);
    this.#waiting += 1;
    /** @type {() => void} */
    let next = () => {};
    const passed = new Promise((resolve) => (next = () => resolve(undefined)));
    const answer = this.#queue.then(() => this.#attempt({ signal, stop }, next, work));
    const rest = () => {
      next();
      this.#rest();
    };
    answer.then(rest, rest);
    this.#queue = passed;
    return signal ? Promise.race([answer, aborted(signal)]) : answer;
  }

  /**
   * @template T
   * @param {Listeners} listeners
   * @param {() => void} next
   * @param {(turn: Turn) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #attempt({ signal, stop }, next, work) {
    const unwanted = () => signal?.aborted || stop?.aborted;
    for (;;) {
      if (unwanted()) throw new Trouble("cancelled");
      const reused = this.connected;
      let answered = false;
      try {
        const connection = await this.#open();
        if (unwanted()) throw new Trouble("cancelled");
        return await work({ connection, heard: () => (answered = true), next });
      } catch (error) {
        // It died since the last request and nobody told us: the fresh one is not `reused`, so this happens once.
        const diedMeanwhile = reused && !answered && error instanceof Trouble && error.kind === "crashed";
        if (!diedMeanwhile) throw error;
      }
    }
  }

  /** @returns {Promise<Connection>} */
  #open() {
    if (this.#connection?.alive) return this.#introduced;
    let port;
    try {
      port = this.#connect();
    } catch (error) {
      return Promise.reject(new Trouble("missing", String(error)));
    }
    const connection = new Connection(port);
    this.#connection = connection;
    this.#introduced = this.#introduce(connection); // two may come while the first hello is under way
    return this.#introduced;
  }

  /** @param {Connection} connection */
  async #introduce(connection) {
    try {
      const hello = { protocol: PROTOCOL, ...this.#introduction };
      const { problems = [], old = null } = (await connection.call("hello", hello, this.#limits.hello).answer) ?? {};
      this.problems = problems;
      this.old = old;
    } catch (error) {
      connection.end(new Trouble("broken", "no hello")); // a host that we cannot talk to is not kept
      throw error;
    }
    return connection;
  }

  #rest() {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#idle = setTimeout(() => this.close(), this.#limits.idle);
  }
}

/** What is said only where it is not as ever. @param {string[]} visit @param {boolean} panel */
function asked(visit, panel) {
  return { ...(visit.length ? { visit } : {}), ...(panel ? {} : { panel }) };
}

/** @param {AbortSignal} signal @returns {Promise<never>} */
function aborted(signal) {
  return new Promise((_, reject) => {
    const cancelled = () => reject(new Trouble("cancelled"));
    if (signal.aborted) cancelled();
    else signal.addEventListener("abort", cancelled, { once: true });
  });
}
