// @ts-check
/** What can go wrong between the click and the report, told apart by what the reader can do about it. */

/** @typedef {"missing" | "too-old" | "crashed" | "silent" | "broken" | "refused" | "unreadable" | "stalled" | "too-large" | "cancelled"} TroubleKind */

export class Trouble extends Error {
  /**
   * @param {TroubleKind} kind
   * @param {string} [detail] for the console and the small print: never a sentence of ours
   * @param {Sekisho.TroubleData} [data] what the host said to do
   * @param {number | null} [code] of the host's error (PROTOCOL.md)
   */
  constructor(kind, detail = "", data = {}, code = null) {
    super(detail || kind);
    this.name = "Trouble";
    this.kind = kind;
    this.detail = detail;
    this.data = data;
    this.code = code;
  }

  /** As a plain object that can be posted to a panel. @returns {Sekisho.Trouble} */
  get plain() {
    return { kind: this.kind, detail: this.detail, advice: this.data.advice ?? null, command: this.data.command ?? null };
  }
}

/** @param {unknown} error @returns {Trouble} */
export function asTrouble(error) {
  if (error instanceof Trouble) return error;
  return new Trouble("broken", error instanceof Error ? error.message : String(error));
}

/** Codes that are told apart by the program alone: a setting that is not understood, a message that is no longer kept. */
export const PARAMETERS = -32602;
export const GONE = -32005;

/** JSON-RPC error codes of PROTOCOL.md that have a way out of their own. @type {Record<number, TroubleKind>} */
const KINDS = { [-32001]: "too-old", [-32003]: "too-large", [-32800]: "cancelled", [-32603]: "broken", [-32601]: "too-old" };

/** @param {Sekisho.RpcError} error @returns {Trouble} */
export function fromRpc(error) {
  return new Trouble(KINDS[error.code] ?? "refused", `${error.code} ${error.message ?? ""}`.trim(), error.data ?? {}, error.code);
}

/**
 * Thunderbird gives the same few sentences for everything that ends a native port (measured on 140 and 153):
 * no manifest, a manifest whose program is gone, a frame that is none, and nothing at all when the host dies.
 *
 * @param {string | undefined} message port.error.message
 * @param {boolean} served whether a frame ever came through this port
 * @returns {Trouble}
 */
export function fromDisconnect(message, served) {
  if (!message) return new Trouble("crashed");
  if (/No such native application/.test(message)) return new Trouble("missing", message);
  if (/tried to send a message/.test(message)) return new Trouble("broken", message);
  return new Trouble(served ? "broken" : "missing", message);
}
