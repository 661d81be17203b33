// @ts-check
/** Serves the options page: says what is chosen and what there is to choose, has the host judge a choice, and keeps it. */
import { Choices } from "./choices.js";
import { PARAMETERS, Trouble, asTrouble } from "./trouble.js";

export class Clerk {
  #host;
  #choices;
  #relays;

  /**
   * @param {object} given
   * @param {Pick<import("./host.js").Host, "request">} given.host
   * @param {Choices} given.choices
   * @param {Pick<import("./relays.js").Relays, "list" | "say">} given.relays
   */
  constructor({ host, choices, relays }) {
    this.#host = host;
    this.#choices = choices;
    this.#relays = relays;
  }

  /** @param {Sekisho.Errand} errand @returns {Promise<Sekisho.Counter | Sekisho.Receipt>} */
  async answer(errand) {
    if (errand.ask === "choose") return this.#choose(errand.name, errand.value);
    if (errand.ask === "take-back") await this.#relays.say(errand.relay, false).catch(() => {}); // the list that comes back still has it
    return this.#counter();
  }

  /** @returns {Promise<Sekisho.Counter>} */
  async #counter() {
    const judged = await this.#judge(() => this.#choices.settings());
    const chosen = await this.#choices.all();
    return {
      chosen: { ...chosen, privacy: await this.#choices.privacy(), banner: await this.#choices.banner() },
      refused: this.#choices.refused,
      unreadable: judged.result?.unreadable ?? [],
      offers: judged.result?.choices?.settings ?? null,
      blocklists: judged.result?.choices?.blocklists ?? [],
      relays: await this.#relays.list(),
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
