// @ts-check
/**
 * The native host over all its lives: connected when there is something to ask, one request at a time, introduced once
 * per connection, asked again once when it had died meanwhile, let go when idle so that the event page can unload.
 */
import { Connection } from "./connection.js";
import { Trouble } from "./trouble.js";

export const PROTOCOL = 1;

/** In milliseconds, except `ahead`. */
const LIMITS = {
  hello: 15_000, // a cold interpreter on a slow disk behind a virus scanner
  silence: 30_000,
  idle: 60_000,
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
 *
 * @typedef {object} Listeners
 * @property {(report: Sekisho.Report) => void} [onReport]
 * @property {(progress: {stage: string, done: number, total: number}) => void} [onProgress]
 * @property {AbortSignal} [signal]
 */

export class Host {
  #connect;
  #introduction;
  #limits;
  /** @type {Connection | null} */
  #connection = null;
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

  /** Whether a host process is held. */
  get connected() {
    return this.#connection?.alive ?? false;
  }

  /**
   * @param {Job} job
   * @param {Listeners} [listeners]
   * @returns {Promise<{sha256: string, frames: number}>}
   */
  analyse(job, { onReport = () => {}, onProgress = () => {}, signal } = {}) {
    return this.#inTurn(signal, (connection, heard) => {
      let confirmed = 0;
      let wake = () => {};
      const { size, expected_size, settings, account = null, privacy = "offline" } = job;
      const params = { size, expected_size, privacy, account, settings };
      const call = connection.call("analyse", params, this.#limits.silence, (frame) => {
        heard();
        if (frame.method === "report") onReport(frame.params.report);
        if (frame.method !== "progress") return;
        if (frame.params.stage === "receiving") confirmed = frame.params.done;
        wake();
        onProgress(frame.params);
      });
      let over = false;
      const cancel = () => {
        connection.notify("cancel", { id: call.id });
        connection.forget(call.id, new Trouble("cancelled"));
      };
      signal?.addEventListener("abort", cancel);
      const ends = () => {
        over = true;
        wake();
        signal?.removeEventListener("abort", cancel);
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
      };
      return Promise.all([call.answer, send()]).then(([result]) => result);
    });
  }

  /** Any other request of PROTOCOL.md. @param {string} method @param {object} params @returns {Promise<any>} */
  request(method, params) {
    return this.#inTurn(undefined, (connection) => connection.call(method, params, this.#limits.silence).answer);
  }

  /** Lets the host go; whoever still waits is told. */
  close() {
    clearTimeout(this.#idle);
    this.#connection?.end(new Trouble("cancelled", "closed"));
    this.#connection = null;
  }

  /**
   * One request after the other: the host answers in order anyway, and chunks of two messages in one pipe would only
   * make both late.
   *
   * @template T
   * @param {AbortSignal | undefined} signal
   * @param {(connection: Connection, heard: () => void) => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn(signal, work) {
    clearTimeout(this.#idle);
    this.#waiting += 1;
    const turn = this.#queue.then(() => this.#attempt(signal, work));
    this.#queue = turn.then(
      () => this.#rest(),
      () => this.#rest(),
    );
    return signal ? Promise.race([turn, aborted(signal)]) : turn;
  }

  /**
   * @template T
   * @param {AbortSignal | undefined} signal
   * @param {(connection: Connection, heard: () => void) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #attempt(signal, work) {
    for (;;) {
      if (signal?.aborted) throw new Trouble("cancelled");
      const reused = this.connected;
      let answered = false;
      try {
        const connection = await this.#open();
        if (signal?.aborted) throw new Trouble("cancelled");
        return await work(connection, () => (answered = true));
      } catch (error) {
        // It died since the last request and nobody told us: the fresh one is not `reused`, so this happens once.
        const diedMeanwhile = reused && !answered && error instanceof Trouble && error.kind === "crashed";
        if (!diedMeanwhile) throw error;
      }
    }
  }

  /** @returns {Promise<Connection>} */
  async #open() {
    if (this.#connection?.alive) return this.#connection;
    let port;
    try {
      port = this.#connect();
    } catch (error) {
      throw new Trouble("missing", String(error));
    }
    const connection = new Connection(port);
    this.#connection = connection;
    try {
      const hello = { protocol: PROTOCOL, ...this.#introduction };
      this.problems = (await connection.call("hello", hello, this.#limits.hello).answer)?.problems ?? [];
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

/** @param {AbortSignal} signal @returns {Promise<never>} */
function aborted(signal) {
  return new Promise((_, reject) => {
    const cancelled = () => reject(new Trouble("cancelled"));
    if (signal.aborted) cancelled();
    else signal.addEventListener("abort", cancelled, { once: true });
  });
}
