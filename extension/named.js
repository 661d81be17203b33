// @ts-check
/** A list of names that the reader gave one by one, kept in Thunderbird's profile. */

/** Nobody has as many; each is one click. */
const MAX_NAMES = 200;

export class Named {
  #storage;
  #key;
  #form;
  #changed;
  /** @type {Promise<string[]> | null} */
  #kept = null;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {Sekisho.StorageArea} storage
   * @param {string} key under which the list is kept
   * @param {RegExp} form of a name in lower case: nothing else is kept
   * @param {() => void} changed told when the list is another one
   */
  constructor(storage, key, form, changed) {
    this.#storage = storage;
    this.#key = key;
    this.#form = form;
    this.#changed = changed;
  }

  /** @returns {Promise<string[]>} in the order they were named */
  async list() {
    const asked = (this.#kept ??= this.#read());
    try {
      return await asked;
    } catch (error) {
      if (this.#kept === asked) this.#kept = null;
      console.warn(`Sekisho cannot read its list of ${this.#key}:`, error);
      return []; // nobody is believed whom the reader did not name
    }
  }

  /**
   * Adds a name, or takes it back. Throws when that could not be kept: then nothing has changed.
   *
   * @param {string} name
   * @param {boolean} on
   */
  say(name, on) {
    const said = this.#turn.then(() => this.#say(name.trim().toLowerCase(), on)); // one after the other: each reads what the last one wrote
    this.#turn = said.catch(() => {});
    return said;
  }

  /** What was kept has been deleted elsewhere. */
  forget() {
    this.#kept = null;
  }

  /** @param {string} name @param {boolean} on */
  async #say(name, on) {
    const before = await this.#read();
    const others = before.filter((one) => one !== name);
    if (on && !this.#form.test(name)) throw new TypeError(`not of the form of ${this.#key}: ${name}`);
    if (on && others.length >= MAX_NAMES) throw new RangeError(`more than ${MAX_NAMES} ${this.#key}`);
    const after = on ? [...others, name] : others;
    await this.#storage.set({ [this.#key]: after });
    this.#kept = Promise.resolve(after);
    this.#changed();
  }

  async #read() {
    const { [this.#key]: kept } = await this.#storage.get(this.#key);
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && this.#form.test(one)).slice(0, MAX_NAMES) : [];
  }
}
