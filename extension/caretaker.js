// @ts-check
/** Serves the part of the options page that is about this computer: tables and what is remembered, the check-up, the update, and forgetting. */
import { asTrouble } from "./trouble.js";

export class Caretaker {
  #host;
  #accounts;
  #storage;
  #forgotten;
  #locale;

  /**
   * @param {object} given
   * @param {Pick<import("./host.js").Host, "request">} given.host
   * @param {Pick<import("./accounts.js").Accounts, "keys">} given.accounts
   * @param {Sekisho.StorageArea[]} given.storage all that the extension keeps
   * @param {() => void} given.forgotten told when that has been deleted
   * @param {() => Promise<string>} given.locale
   */
  constructor({ host, accounts, storage, forgotten, locale }) {
    this.#host = host;
    this.#accounts = accounts;
    this.#storage = storage;
    this.#forgotten = forgotten;
    this.#locale = locale;
  }

  /** @param {Sekisho.Errand} errand @returns {Promise<Sekisho.Cared> | null} null: not of this kind */
  answer(errand) {
    switch (errand.ask) {
      case "state":
        return this.#state();
      case "doctor":
        return this.#asked("doctor");
      case "update":
        return this.#asked("update", true); // minutes: mail goes on being looked at
      case "forget":
        return this.#forget(errand.account);
      default:
        return null;
    }
  }

  /** @returns {Promise<Sekisho.Cared>} */
  async #state() {
    return { ...(await this.#asked("state")), accounts: await this.#accounts.keys() };
  }

  /** @param {string} method @param {boolean} [aside] @returns {Promise<Sekisho.Cared>} */
  async #asked(method, aside = false) {
    try {
      return { ...(await this.#host.request(method, { locale: await this.#locale() }, aside)), trouble: null };
    } catch (error) {
      return { trouble: asTrouble(error).plain };
    }
  }

  /**
   * What one account's mail taught, or with null everything: in the host's files, and all that the extension keeps.
   *
   * @param {string | null} account
   * @returns {Promise<Sekisho.Cared>}
   */
  async #forget(account) {
    /** @type {Sekisho.Cared} */
    let said;
    try {
      const { forgotten } = await this.#host.request("forget", account === null ? {} : { account });
      said = { forgotten, trouble: null };
    } catch (error) {
      said = { trouble: asTrouble(error).plain };
    }
    if (account === null) await Promise.all(this.#storage.map(erase));
    this.#forgotten();
    return said;
  }
}

/** Thunderbird's database does not wipe what it deletes: noise takes its place first, and once more what it has left free. @param {Sekisho.StorageArea} area */
async function erase(area) {
  const kept = Object.keys(await area.get(null));
  await area.set(Object.fromEntries(kept.map((key) => [key, noise()])));
  await area.clear();
  await area.set({ noise: noise() });
  await area.clear();
}

/** 50 KB that nothing can compress. */
function noise() {
  return Array.from(crypto.getRandomValues(new Uint32Array(8192)), (number) => number.toString(36)).join("");
}
