// @ts-check
/** What the reader chose in the options, kept in Thunderbird's profile, and which of it the host did not understand. */

const KEY = "options";
/** What "Analyse sender" may ask, unless the reader chose otherwise. `sender` is no choice: it is said of one mail at a time. */
const PRIVACY = /** @type {Sekisho.Privacy[]} */ (["offline", "resolver", "registry"]);

/** Above which messages a banner is drawn. */
const WHEN = /** @type {Sekisho.When[]} */ (["always", "suspicious", "never"]);
/** What this computer may ask about a mail that is opened, without a click: nobody, unless the reader chose otherwise. */
const OPENING = /** @type {Sekisho.Privacy[]} */ (["offline", "resolver"]);
const LOCALES = ["en", "ja"];

/** What concerns the extension alone; the host is not told. @type {Record<string, (value: unknown) => boolean>} */
const OWN = {
  privacy: (value) => PRIVACY.some((one) => one === value),
  banner: (value) => WHEN.some((one) => one === value),
  reply_guard: (value) => value === true,
  watch: (value) => value === true,
  address_book: (value) => value === true,
  opening: (value) => OPENING.some((one) => one === value),
  locale: (value) => LOCALES.some((one) => one === value),
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
  own_domains: texts,
  remember_days: (value) => typeof value === "number" && Number.isFinite(value),
};

/** What an administrator can say beside these: lists that the reader adds to, and what only files could say so far. @type {Record<string, (value: unknown) => boolean>} */
const ADDED = {
  relays: texts,
  trusted_senders: texts,
  incoming_servers: texts,
  trusted_networks: texts,
  internal_networks: texts,
  msa_networks: texts,
  trusted_authserv_ids: texts,
};

export class Choices {
  #storage;
  #managed;
  #changed;
  /** @type {Promise<Record<string, unknown>> | null} */
  #kept = null;
  /** @type {Promise<Record<string, unknown>> | null} */
  #set = null;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  /** @type {Set<string>} */
  #refused = new Set();

  /**
   * @param {Sekisho.StorageArea} storage
   * @param {(name: string) => void} changed told what is chosen anew
   * @param {Pick<Sekisho.StorageArea, "get">} [managed] what an administrator has set
   */
  constructor(storage, changed, managed = { get: async () => ({}) }) {
    this.#storage = storage;
    this.#managed = managed;
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

  /** Whether new mail is looked at as it arrives. */
  async watch() {
    return (await this.all())["watch"] === true;
  }

  /** Whether senders are looked for in the address books. */
  async addressBook() {
    return (await this.all())["address_book"] === true;
  }

  /** Whom a mail that is merely opened may be asked of. @returns {Promise<Sekisho.Privacy>} */
  async opening() {
    const { opening } = await this.all();
    return OPENING.find((one) => one === opening) ?? "offline";
  }

  /** The language of the panel, null for Thunderbird's own. @returns {Promise<string | null>} */
  async locale() {
    const { locale } = await this.all();
    return LOCALES.find((one) => one === locale) ?? null;
  }

  /** What is sent with each message: what was chosen and is not known to be wrong. @returns {Promise<Record<string, unknown>>} */
  async settings() {
    const [all, set] = await Promise.all([this.all(), this.managed()]);
    const added = Object.entries(set).filter(([name]) => Object.hasOwn(ADDED, name));
    return Object.fromEntries([...added, ...Object.entries(all)].filter(([name]) => !Object.hasOwn(OWN, name) && !this.#refused.has(name)));
  }

  /** What an administrator has set, of the right form. It cannot be changed here. @returns {Promise<Record<string, unknown>>} */
  managed() {
    // Thunderbird reads it once at its own start; where nothing is set it throws.
    this.#set ??= Promise.resolve(this.#managed.get(null)).then(
      (set) => {
        const { reply_guard: _, watch: __, address_book: ___, ...known } = wellFormed(set); // they take permissions, which are the reader's to give
        return { ...known, ...ofForm(set, ADDED) };
      },
      () => ({}),
    );
    return this.#set;
  }

  /** What was kept has been deleted elsewhere. */
  forget() {
    this.#kept = null;
    this.#refused.clear();
  }

  /** Everything chosen, of the right form; what was not chosen is not there. @returns {Promise<Record<string, unknown>>} */
  async all() {
    const asked = (this.#kept ??= this.#read());
    const set = { ...(await this.managed()) };
    for (const name of Object.keys(ADDED)) delete set[name];
    try {
      return { ...(await asked), ...set };
    } catch (error) {
      if (this.#kept === asked) this.#kept = null;
      console.warn("Sekisho cannot read its options:", error);
      return { privacy: "offline", ...set }; // who wanted nobody to be asked must not be asked for
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
    if (Object.hasOwn(await this.managed(), name)) throw new TypeError(`${name} is set by an administrator`);
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
  return { ...ofForm(kept, OWN), ...ofForm(kept, SETTINGS) };
}

/** @param {unknown} kept @param {Record<string, (value: unknown) => boolean>} forms @returns {Record<string, unknown>} */
function ofForm(kept, forms) {
  if (kept === null || typeof kept !== "object") return {};
  return Object.fromEntries(Object.entries(kept).filter(([name, value]) => Object.hasOwn(forms, name) && forms[name]?.(value)));
}
