// @ts-check
/** What the reader chose in the options, kept in Thunderbird's profile, and which of it the host did not understand. */

const KEY = "options";
/** What "Analyse sender" may ask, unless the reader chose otherwise. `sender` is no choice: it is said of one mail at a time. */
const PRIVACY = /** @type {Sekisho.Privacy[]} */ (["offline", "resolver", "registry"]);

const text = (/** @type {unknown} */ value) => typeof value === "string" && value.length > 0;
const texts = (/** @type {unknown} */ value) => Array.isArray(value) && value.length > 0 && value.every(text);

/** Each choice that the host is told, and whether a value can be one; what it means is the host's to judge. @type {Record<string, (value: unknown) => boolean>} */
const SETTINGS = {
  resolver: text,
  blocklists: texts,
  deadline: (value) => typeof value === "number" && Number.isFinite(value),
  safe_browsing_key: text,
  lists: texts,
  atlas: text,
};

export class Choices {
  #storage;
  #changed;
  /** @type {Promise<Record<string, unknown>> | null} */
  #kept = null;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  /** @type {Set<string>} */
  #refused = new Set();

  /**
   * @param {Sekisho.StorageArea} storage
   * @param {() => void} changed told when something is chosen anew
   */
  constructor(storage, changed) {
    this.#storage = storage;
    this.#changed = changed;
  }

  /** Who may learn of "Analyse sender". @returns {Promise<Sekisho.Privacy>} */
  async privacy() {
    const { privacy } = await this.all();
    return PRIVACY.find((one) => one === privacy) ?? "registry";
  }

  /** What is sent with each message: what was chosen and is not known to be wrong. @returns {Promise<Record<string, unknown>>} */
  async settings() {
    const kept = await this.all();
    return Object.fromEntries(Object.entries(kept).filter(([name]) => name !== "privacy" && !this.#refused.has(name)));
  }

  /** Everything chosen, of the right form; what was not chosen is not there. @returns {Promise<Record<string, unknown>>} */
  async all() {
    const asked = (this.#kept ??= this.#read());
    try {
      return await asked;
    } catch (error) {
      if (this.#kept === asked) this.#kept = null;
      console.warn("Sekisho cannot read its options:", error);
      return { privacy: "offline" }; // who wanted nobody to be asked must not be asked for
    }
  }

  /** Which choices are left out since the host did not understand them. */
  get refused() {
    return [...this.#refused];
  }

  /** The host did not understand this one: it is left out until it is chosen anew. @param {string} name @returns {boolean} whether it was there */
  refuse(name) {
    if (!Object.hasOwn(SETTINGS, name) || this.#refused.has(name)) return false;
    this.#refused.add(name);
    return true;
  }

  /**
   * Keeps a choice; null, "" or [] takes it back. Throws when it could not be kept: then nothing has changed.
   *
   * @param {string} name
   * @param {unknown} value
   */
  choose(name, value) {
    const chosen = this.#turn.then(() => this.#choose(name, value)); // one after the other: each reads what the last one wrote
    this.#turn = chosen.catch(() => {});
    return chosen;
  }

  /** @param {string} name @param {unknown} value */
  async #choose(name, value) {
    const others = await this.#read();
    delete others[name];
    const after = wellFormed({ ...others, [name]: value });
    await this.#storage.set({ [KEY]: after });
    this.#kept = Promise.resolve(after);
    this.#refused.delete(name);
    this.#changed();
  }

  async #read() {
    const { [KEY]: kept } = await this.#storage.get(KEY);
    return wellFormed(kept);
  }
}

/** @param {unknown} kept @returns {Record<string, unknown>} */
function wellFormed(kept) {
  if (kept === null || typeof kept !== "object") return {};
  return Object.fromEntries(
    Object.entries(kept).filter(([name, value]) =>
      name === "privacy" ? PRIVACY.includes(value) : Object.hasOwn(SETTINGS, name) && SETTINGS[name]?.(value),
    ),
  );
}
