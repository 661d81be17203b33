// @ts-check
/** The raw source of a message, and its pieces as the host takes them. */
import { within } from "./patience.js";
import { Trouble } from "./trouble.js";

/** Raw bytes of one chunk: a multiple of 3, so that no base64 but the last has padding; 512 KiB of text. */
export const CHUNK = 384 * 1024;
/** What the host takes at all (PROTOCOL.md). */
export const MAX_SIZE = 256 * 1024 * 1024;

/** For a message that lies here, and for a server to begin; milliseconds. */
const PATIENCE = 30_000;
/** Bytes that come in a millisecond over a bad line. */
const PACE = 32;

/**
 * A server that stops in the middle of a message leaves Thunderbird waiting for ever (153: its own limit, 20 s, is for the
 * first byte alone).
 *
 * @param {number} message
 * @param {AbortSignal} [signal] nobody waits for it any longer
 * @returns {Promise<{binary: string, expected_size: number | null, account: string | null, author: string}>} `account`: the id of the one it
 *   lies in, null for a file; `author`: its sender as Thunderbird shows it
 */
export async function read(message, signal) {
  let header;
  let binary;
  try {
    header = await within(PATIENCE, browser.messages.get(message), late, signal);
    if (header.size > MAX_SIZE) throw new Trouble("too-large", String(header.size));
    // As a File it would be built byte by byte in the main process: seconds of a frozen Thunderbird for 30 MB.
    const raw = browser.messages.getRaw(message, { data_format: "BinaryString" });
    binary = await within(PATIENCE + header.size / PACE, raw, late, signal);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble("unreadable", error instanceof Error ? error.message : String(error));
  }
  return { binary, expected_size: header.size > 0 ? header.size : null, account: header.folder?.accountId ?? null, author: header.author ?? "" };
}

/** @returns {never} */
function late() {
  throw new Trouble("stalled");
}

/**
 * @param {string} binary one character a byte
 * @returns {Generator<{data: string, size: number, last: boolean}>}
 */
export function* chunks(binary) {
  for (let at = 0; at === 0 || at < binary.length; at += CHUNK) {
    const piece = binary.slice(at, at + CHUNK);
    yield { data: btoa(piece), size: piece.length, last: at + CHUNK >= binary.length };
  }
}
