// @ts-check
/** The servers that the reader said forward mail, kept in Thunderbird's profile. */

const KEY = "relays";
/** Nobody has as many; each is one click. */
const MAX_RELAYS = 200;
/** A host name or an address as the host offers them: nothing else is kept. */
const RELAY = /^[a-z0-9._:-]{1,253}$/;

export class Relays {
  #storage;
  #changed;
  /** @type {Promise<string[]> | null} */
  #kept = null;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {Sekisho.StorageArea} storage
   * @param {() => void} changed told when the list is another one
   */
  constructor(storage, changed) {
    this.#storage = storage;
    this.#changed = changed;
  }

  /** @returns {Promise<string[]>} in the order they were named */
  async list() {
    const asked = (this.#kept ??= this.#read());
    try {
      return await asked;
    } catch (error) {
      if (this.#kept === asked) this.#kept = null;
      console.warn("Sekisho cannot read its list of relays:", error);
      return []; // nobody is believed whom the reader did not name
    }
  }

  /**
   * Names a relay, or takes it back. Throws when that could not be kept: then nothing has changed.
   *
   * @param {string} relay
   * @param {boolean} on
   */
  say(relay, on) {
    const said = this.#turn.then(() => this.#say(relay.toLowerCase(), on)); // one after the other: each reads what the last one wrote
    this.#turn = said.catch(() => {});
    return said;
  }

  /** @param {string} relay @param {boolean} on */
  async #say(relay, on) {
    const before = await this.#read();
    const others = before.filter((one) => one !== relay);
    if (on && !RELAY.test(relay)) throw new TypeError(`no host name and no address: ${relay}`);
    if (on && others.length >= MAX_RELAYS) throw new RangeError(`more than ${MAX_RELAYS} relays`);
    const after = on ? [...others, relay] : others;
    await this.#storage.set({ [KEY]: after });
    this.#kept = Promise.resolve(after);
    this.#changed();
  }

  async #read() {
    const { [KEY]: kept } = await this.#storage.get(KEY);
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && RELAY.test(one)).slice(0, MAX_RELAYS) : [];
  }
}
