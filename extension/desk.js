// @ts-check
/** Serves the panels: each is a port that asks about one message and is told of every change. */
import { MAX_SEVERAL } from "./open.js";

export class Desks {
  #analyses;
  #relays;
  #trusted;
  #privacy;
  #shown;
  #problems;
  #say;
  /** @type {Set<() => void>} what shows each open panel's message anew */
  #open = new Set();

  /**
   * @param {object} given
   * @param {Pick<import("./analyses.js").Analyses, "watch" | "forget">} given.analyses
   * @param {Pick<import("./relays.js").Relays, "say">} given.relays
   * @param {Pick<import("./relays.js").TrustedSenders, "say">} given.trusted
   * @param {() => Promise<Sekisho.Privacy>} given.privacy who may learn of it, unless the reader says more in the panel
   * @param {(tabId: number) => Promise<Sekisho.MessageHeader[]>} given.shown
   * @param {() => (string | Sekisho.Remedy)[]} given.problems of the host and with the options
   * @param {Sekisho.Say} given.say
   */
  constructor({ analyses, relays, trusted, privacy, shown, problems, say }) {
    this.#analyses = analyses;
    this.#relays = relays;
    this.#trusted = trusted;
    this.#privacy = privacy;
    this.#shown = shown;
    this.#problems = problems;
    this.#say = say;
  }

  /** What was known is so no longer: every open panel asks again. */
  renew() {
    for (const again of this.#open) again();
  }

  /** @param {Sekisho.PanelPort} port */
  serve(port) {
    let watching = { leave: () => {}, cancel: () => {} };
    let asked = 0; // a panel may ask again before the first answer is there
    let open = true;
    /** @type {{message: number, subject: string | null, more: Sekisho.Privacy | null} | null} */
    let current = null;
    /** @type {string[]} */
    let notes = [];

    /** @param {string[]} [visit] links to be followed, once: nobody has them followed again by looking again */
    const watch = async (visit = []) => {
      if (!current) return;
      const turn = ++asked;
      const { message, subject, more } = current;
      const level = more ?? (await this.#privacy());
      if (!open || turn !== asked) return;
      const before = watching;
      watching = this.#analyses.watch(
        message,
        (snapshot) => {
          if (!open || turn !== asked) return;
          port.postMessage({ snapshot, subject, problems: [...this.#problems(), ...notes] });
        },
        level,
        visit,
      );
      before.leave(); // after: what both watch must not be ended between
    };
    const again = () => watch();
    this.#open.add(again);

    port.onMessage.addListener(async (question) => {
      if (question.ask === "cancel") return watching.cancel();
      if (question.ask === "more" && current) {
        current.more = question.privacy ?? current.more;
        return watch(question.visit);
      }
      const turn = ++asked;
      watching.leave();
      notes = [];
      if (question.ask === "relay" || question.ask === "trust") {
        const [list, name] = question.ask === "relay" ? [this.#relays, question.relay] : [this.#trusted, question.sender];
        await list.say(name, question.on).catch((error) => {
          console.warn(`Sekisho could not keep what was said of ${name}:`, error);
          notes = [this.#say("relay_not_kept", name)];
        });
      }
      let { message } = question;
      if (message === undefined && question.tab !== undefined) {
        const messages = await this.#shown(question.tab);
        if (messages.length > 1 && open && turn === asked) {
          return port.postMessage({ several: messages.slice(0, MAX_SEVERAL).map(({ id }) => id), of: messages.length });
        }
        message = messages[0]?.id;
      }
      if (!open || turn !== asked) return;
      current = null;
      if (message === undefined) return port.postMessage({ none: true });
      const { subject } = await browser.messages.get(message).catch(() => ({ subject: null }));
      if (!open || turn !== asked) return;
      if (question.again) this.#analyses.forget(message);
      current = { message, subject, more: question.ask === "more" ? (question.privacy ?? null) : null };
      watch(question.ask === "more" ? question.visit : []);
    });
    port.onDisconnect.addListener(() => {
      open = false;
      this.#open.delete(again);
      watching.leave();
    });
  }
}
