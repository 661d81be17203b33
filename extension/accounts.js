// @ts-check
/** Which addresses are the reader's: the identities of Thunderbird's accounts, asked once and again when they change. */

/** What the host takes: this many texts in a list (host/sekisho/settings.py). */
const MAX_ADDRESSES = 1000;
/** What the host takes of a name for an account (PROTOCOL.md). */
const MAX_KEY = 200;

export class Accounts {
  #list;
  /** @type {Promise<Sekisho.Account[]> | null} */
  #known = null;

  /** @param {() => Promise<Sekisho.Account[]>} list */
  constructor(list) {
    this.#list = list;
  }

  /** Something about them has changed. */
  changed() {
    this.#known = null;
  }

  /** Every address that the reader writes from, in lower case. @returns {Promise<string[]>} */
  async addresses() {
    const addresses = (await this.#accounts()).flatMap(addressesOf);
    return [...new Set(addresses)].slice(0, MAX_ADDRESSES);
  }

  /** The names that the reader writes under. @returns {Promise<string[]>} */
  async names() {
    const names = (await this.#accounts()).flatMap(({ identities }) => identities.map(({ name = "" }) => name.trim()));
    return [...new Set(names.filter((name) => name))].slice(0, MAX_ADDRESSES);
  }

  /**
   * A name for an account that stays the same and tells it from others, also after it was removed and another took its
   * id; null where there is none (a file, Local Folders).
   *
   * @param {string | null} id
   * @returns {Promise<string | null>}
   */
  async key(id) {
    const account = (await this.#accounts()).find((one) => one.id === id);
    const [first] = account ? addressesOf(account) : [];
    return first ? `${id} ${first}`.slice(0, MAX_KEY) : null;
  }

  /** Every account that has such a name: that name, and the address by which the reader knows it. @returns {Promise<{key: string, address: string}[]>} */
  async keys() {
    const found = [];
    for (const { id, identities } of await this.#accounts()) {
      const key = await this.key(id);
      if (key) found.push({ key, address: identities[0]?.email ?? id });
    }
    return found;
  }

  /** Without them a mail is analysed as well: less is known then. */
  async #accounts() {
    const asked = (this.#known ??= this.#list());
    try {
      return await asked;
    } catch (error) {
      if (this.#known === asked) this.#known = null;
      console.warn("Sekisho does not know the accounts:", error);
      return [];
    }
  }
}

/** @param {Sekisho.Account} account */
function addressesOf({ identities }) {
  return identities.map(({ email }) => email.trim().toLowerCase()).filter((email) => email.includes("@"));
}
