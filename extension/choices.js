// @ts-check
/** What the reader chose in the options, kept in Thunderbird's profile, and which of it the host did not understand. */

const KEY = "options";
/** What "Analyse sender" may ask, unless the reader chose otherwise. `sender` is no choice: it is said of one mail at a time. */
const PRIVACY = /** @type {Sekisho.Privacy[]} */ (["offline", "resolver", "registry"]);

/** Above which messages a banner is drawn. */
const WHEN = /** @type {Sekisho.When[]} */ (["always", "suspicious", "never"]);

/** What concerns the extension alone; the host is not told. @type {Record<string, (value: unknown) => boolean>} */
const OWN = {
  privacy: (value) => PRIVACY.some((one) => one === value),
  banner: (value) => WHEN.some((one) => one === value),
  reply_guard: (value) => value === true,
};

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
   * @param {(name: string) => void} changed told what is chosen anew
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

  /** Above which messages a banner is drawn. @returns {Promise<Sekisho.When>} */
  async banner() {
    const { banner } = await this.all();
    return WHEN.find((one) => one === banner) ?? "suspicious";
  }

  /** Whether to ask before an answer to a dangerous message leaves. */
  async replyGuard() {
    return (await this.all())["reply_guard"] === true;
  }

  /** What is sent with each message: what was chosen and is not known to be wrong. @returns {Promise<Record<string, unknown>>} */
  async settings() {
    const kept = await this.all();
    return Object.fromEntries(Object.entries(kept).filter(([name]) => !Object.hasOwn(OWN, name) && !this.#refused.has(name)));
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

  /** Whether the host has a say in it. @param {string} name */
  static hosts(name) {
    return !Object.hasOwn(OWN, name);
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
    this.#changed(name);
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
    Object.entries(kept).filter(([name, value]) => {
      const forms = Object.hasOwn(OWN, name) ? OWN : SETTINGS;
      return Object.hasOwn(forms, name) && forms[name]?.(value);
    }),
  );
}
