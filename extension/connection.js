// @ts-check
/** One native port, from connect to its end: request ids, who waits for which, and a deadline for each. */
import { Trouble, fromDisconnect, fromRpc } from "./trouble.js";

/**
 * @typedef {object} Call
 * @property {number} id
 * @property {Promise<any>} answer
 * @property {() => void} renew starts the deadline anew
 *
 * @typedef {object} Waiter
 * @property {(result: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {(frame: Sekisho.Notification) => void} heard
 * @property {() => void} renew
 */

let lastId = 0; // one count for all connections: a late frame of an old one can never fit a new request

export class Connection {
  #port;
  /** @type {Map<number, Waiter>} */
  #waiters = new Map();
  /** Whether requests still get through. */
  alive = true;
  /** Whether the host has ever said anything. */
  served = false;

  /** @param {Sekisho.NativePort} port */
  constructor(port) {
    this.#port = port;
    port.onMessage.addListener((frame) => this.#take(frame));
    port.onDisconnect.addListener((ended) => this.#die(fromDisconnect((ended ?? port).error?.message, this.served)));
  }

  /**
   * @param {string} method
   * @param {object} params
   * @param {number} silence ms without a frame, for whichever request, after which the host counts as hung: one that says
   *   nothing gives no event at all
   * @param {(frame: Sekisho.Notification) => void} [heard] called with each `report` and `progress` of this request
   * @returns {Call}
   */
  call(method, params, silence, heard = () => {}) {
    const id = ++lastId;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let deadline;
    const renew = () => {
      clearTimeout(deadline);
      deadline = setTimeout(() => this.end(new Trouble("silent", `no answer to ${method}`)), silence);
    };
    const answer = new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject, heard, renew });
    }).finally(() => clearTimeout(deadline));
    answer.catch(() => {}); // whoever called may have left already (cancelled)
    renew();
    this.#post({ jsonrpc: "2.0", id, method, params });
    return { id, answer, renew: () => this.#waiters.get(id)?.renew() };
  }

  /** @param {string} method @param {object} params */
  notify(method, params) {
    this.#post({ jsonrpc: "2.0", method, params });
  }

  /** Gives up the wait for one request: its frames mean nothing any more. @param {number} id @param {Error} error */
  forget(id, error) {
    this.#waiters.get(id)?.reject(error);
    this.#waiters.delete(id);
  }

  /** Ends it from our side. port.disconnect() fires no onDisconnect here, so who waits is told by hand. @param {Error} error */
  end(error) {
    if (!this.alive) return;
    this.#die(error);
    this.#port.disconnect();
  }

  /** @param {Error} error */
  #die(error) {
    this.alive = false;
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
  }

  /** @param {object} frame */
  #post(frame) {
    if (!this.alive) return; // who waits has been told
    try {
      this.#port.postMessage(frame);
    } catch {
      this.#die(new Trouble("crashed")); // it throws on a port that has gone, sometimes before onDisconnect
    }
  }

  /** @param {any} frame */
  #take(frame) {
    this.served = true;
    for (const { renew } of this.#waiters.values()) renew(); // it does one thing at a time: while it does another, it lives
    if (frame === null || typeof frame !== "object") return this.end(new Trouble("broken", "a frame that is no object"));
    if (typeof frame.method === "string") {
      this.#waiters.get(frame.params?.id)?.heard(frame);
      return;
    }
    if (frame.id === null && frame.error) return this.end(fromRpc(frame.error)); // it could not even read which request
    const waiter = this.#waiters.get(frame.id);
    if (!waiter) return; // cancelled, or not ours
    this.#waiters.delete(frame.id);
    if (frame.error) waiter.reject(fromRpc(frame.error));
    else waiter.resolve(frame.result);
  }
}
