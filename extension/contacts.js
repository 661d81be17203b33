// @ts-check
/**
 * Whether the reader's address books have one address. They are searched in Thunderbird for the sender of the message at hand, and what is
 * found there stays there: a yes or no is all that leaves this file. Books on a server (LDAP) are not asked: it would learn whose mail is read.
 */

/** An answer holds this long, in milliseconds. */
const FRESH = 60_000;
const MAX_KEPT = 200;

export class Contacts {
  #books;
  #wanted;
  #now;
  /** @type {Map<string, {at: number, found: Promise<boolean>}>} */
  #kept = new Map();

  /**
   * @param {object} given
   * @param {() => {query(what: object): Promise<{vCard: string}[]>} | undefined} given.books Thunderbird's, there with the permission alone
   * @param {() => Promise<boolean>} given.wanted whether the reader chose it
   * @param {() => number} [given.now] in milliseconds
   */
  constructor({ books, wanted, now = Date.now }) {
    this.#books = books;
    this.#wanted = wanted;
    this.#now = now;
  }

  /**
   * @param {string} author as Thunderbird shows it: a name and an address
   * @returns {Promise<{address: string, by: string[]} | null>} for the host (PROTOCOL.md); null where nobody looked
   */
  async known(author) {
    const address = addressOf(author);
    if (!address || !this.#books() || !(await this.#wanted())) return null;
    const kept = this.#kept.get(address);
    const found = kept && this.#now() - kept.at < FRESH ? kept.found : this.#look(address);
    return (await found) ? { address, by: ["address-book"] } : { address, by: [] };
  }

  /** @param {string} address @returns {Promise<boolean>} */
  #look(address) {
    const found = this.#has(address).catch((error) => {
      console.warn("Sekisho could not look into the address books:", error);
      return false;
    });
    this.#kept.delete(address);
    this.#kept.set(address, { at: this.#now(), found });
    for (const [oldest] of this.#kept) if (this.#kept.size > MAX_KEPT) this.#kept.delete(oldest);
    return found;
  }

  /** Thunderbird finds parts of words and of names: what counts is a whole address. @param {string} address */
  async #has(address) {
    const contacts = (await this.#books()?.query({ searchString: address, includeRemote: false })) ?? [];
    return contacts.some(({ vCard }) => addressesOf(vCard).includes(address));
  }
}

/** The address in a From as Thunderbird shows it, in lower case; "" where it is not plainly one. @param {string} author */
export function addressOf(author) {
  const [, bracketed, bare] = /(?:<([^<>\s,;]+@[^<>\s,;]+)>|^\s*([^<>\s,;]+@[^<>\s,;]+))\s*$/.exec(author.slice(-1000)) ?? [];
  return (bracketed ?? bare ?? "").toLowerCase();
}

/** The EMAIL properties of a contact (RFC 6350 §6.4.2), in lower case. @param {string} vCard */
function addressesOf(vCard) {
  const lines = vCard.replaceAll(/\r?\n[ \t]/g, "").split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, value] = /^(?:[\w-]+\.)?EMAIL(?:;[^:]*)?:(.*)$/i.exec(line) ?? [];
    return value === undefined ? [] : [value.trim().replace(/^mailto:/i, "").toLowerCase()];
  });
}
