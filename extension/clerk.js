// @ts-check
/** Serves the options page: says what is chosen and what there is to choose, has the host judge a choice, and keeps it. */
import { Choices } from "./choices.js";
import { PARAMETERS, Trouble, asTrouble } from "./trouble.js";

export class Clerk {
  #host;
  #choices;
  #accounts;
  #lists;

  /**
   * @param {object} given
   * @param {Pick<import("./host.js").Host, "request">} given.host
   * @param {Choices} given.choices
   * @param {Pick<import("./accounts.js").Accounts, "addresses">} given.accounts
   * @param {Record<Sekisho.ListName, Pick<import("./named.js").Named, "list" | "say">>} given.lists what the reader named one by one
   */
  constructor({ host, choices, accounts, lists }) {
    this.#host = host;
    this.#choices = choices;
    this.#accounts = accounts;
    this.#lists = lists;
  }

  /** @param {Sekisho.Errand} errand @returns {Promise<Sekisho.Counter | Sekisho.Receipt>} */
  async answer(errand) {
    if (errand.ask === "choose") return this.#choose(errand.name, errand.value);
    if (errand.ask === "name") await this.#lists[errand.list]?.say(errand.name, errand.on).catch(() => {}); // the list that comes back is as it was
    return this.#counter();
  }

  /** @returns {Promise<Sekisho.Counter>} */
  async #counter() {
    const addresses = await this.#accounts.addresses();
    const judged = await this.#judge(async () => ({ ...(await this.#choices.settings()), own_addresses: addresses }));
    const chosen = await this.#choices.all();
    return {
      chosen: { ...chosen, privacy: await this.#choices.privacy(), banner: await this.#choices.banner(), opening: await this.#choices.opening(), locale: (await this.#choices.locale()) ?? "" },
      managed: await this.#choices.managed(),
      addresses,
      own: judged.result?.own ?? [],
      refused: this.#choices.refused,
      unreadable: judged.result?.unreadable ?? [],
      offers: judged.result?.choices?.settings ?? null,
      blocklists: judged.result?.choices?.blocklists ?? [],
      lists: { relays: await this.#lists.relays.list(), trusted_senders: await this.#lists.trusted_senders.list() },
      trouble: judged.trouble,
    };
  }

  /** @param {string} name @param {unknown} value @returns {Promise<Sekisho.Receipt>} */
  async #choose(name, value) {
    const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
    /** @type {{result: any, wrong?: boolean}} */
    let judged = { result: null };
    if (Choices.hosts(name) && !empty) {
      judged = await this.#judge(async () => ({ [name]: value }), false);
      if (judged.wrong) return { kept: false, wrong: true, unreadable: [] };
    }
    try {
      await this.#choices.choose(name, empty ? null : value);
    } catch (error) {
      console.warn("Sekisho could not keep an option:", error);
      return { kept: false, wrong: false, unreadable: [] };
    }
    return { kept: true, wrong: false, unreadable: judged.result?.unreadable ?? [] };
  }

  /**
   * What the host says to settings; those that it does not understand are left out from then on, if wished. Without a host
   * nothing is judged: a choice can be made before it is installed.
   *
   * @param {() => Promise<Record<string, unknown>>} settings
   * @param {boolean} [leaveOut]
   * @returns {Promise<{result: any, wrong?: boolean, trouble: Sekisho.Trouble | null}>}
   */
  async #judge(settings, leaveOut = true) {
    for (;;) {
      try {
        return { result: await this.#host.request("settings", { settings: await settings() }), trouble: null };
      } catch (error) {
        const fault = asTrouble(error);
        const wrong = fault instanceof Trouble && fault.code === PARAMETERS;
        if (wrong && leaveOut && this.#choices.refuse(/^settings\.(\w+)$/.exec(fault.data.field ?? "")?.[1] ?? "")) continue;
        return { result: null, wrong, trouble: wrong ? null : fault.plain };
      }
    }
  }
}
