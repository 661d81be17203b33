// @ts-check
/**
 * The background's side of banner.js: has it put into each message that is shown, and answers what it may say there. It
 * only tells what the marks on the buttons tell already, and has nothing analysed itself.
 */
import { visibleText } from "./visible.js";

const SCRIPT = "banner";
const FILE = "banner.js";
/** Lists of a report are as long as the mail likes. */
const MOST = { reasons: 5, notes: 3, links: 500, text: 600, url: 8192 };

export class Banners {
  #analyses;
  #shown;
  #when;
  #say;
  #scripts;
  #tabs;
  #put;
  #tell;
  /** @type {Map<number, number>} which message each tab has loaded last: what it is said to show may still be on its way */
  #loaded = new Map();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {object} given
   * @param {Pick<import("./analyses.js").Analyses, "known">} given.analyses
   * @param {Pick<typeof import("./shown.js"), "only">} given.shown
   * @param {() => Promise<Sekisho.When>} given.when the reader's choice
   * @param {Sekisho.Say} given.say
   * @param {Sekisho.MessageScripts} given.scripts
   * @param {() => Promise<number[]>} given.tabs that may show a message now
   * @param {(tabId: number, script: string) => Promise<unknown>} given.put runs a script in what a tab shows
   * @param {(tabId: number) => Promise<unknown>} given.tell has the documents of a tab ask again
   */
  constructor({ analyses, shown, when, say, scripts, tabs, put, tell }) {
    this.#analyses = analyses;
    this.#shown = shown;
    this.#when = when;
    this.#say = say;
    this.#scripts = scripts;
    this.#tabs = tabs;
    this.#put = put;
    this.#tell = tell;
  }

  /** Registered scripts outlive the event page, but not Thunderbird, and the choice may be another now. */
  register() {
    this.#turn = this.#turn.then(() => this.#register()).catch((error) => console.warn("Sekisho cannot draw in messages:", error));
    return this.#turn;
  }

  async #register() {
    const wanted = (await this.#when()) !== "never";
    const there = (await this.#scripts.getRegisteredScripts()).some(({ id }) => id === SCRIPT);
    if (!wanted && there) await this.#scripts.unregisterScripts({ ids: [SCRIPT] });
    if (!wanted || there) return;
    await this.#scripts.registerScripts([{ id: SCRIPT, js: [FILE] }]);
    // What was shown before that, as when Thunderbird starts with a message, has been left out.
    for (const tabId of await this.#tabs()) {
      if (await this.#shown.only(tabId)) await this.#put(tabId, FILE).catch(() => {});
    }
  }

  /** The tab has loaded these. @param {number} tabId @param {Sekisho.MessageHeader[]} messages */
  displayed(tabId, [first, ...others]) {
    if (first && !others.length) this.#loaded.set(tabId, first.id);
    else this.#loaded.delete(tabId);
    this.changed(tabId);
  }

  /** @param {number} tabId */
  closed(tabId) {
    this.#loaded.delete(tabId);
  }

  /** There may be something else to say in that tab. @param {number} tabId */
  changed(tabId) {
    this.#tell(tabId).catch(() => {}); // no message there, or none that banner.js has been put into yet
  }

  /** What the document that asks may say. @param {number | undefined} tabId @returns {Promise<Sekisho.Notice | null>} */
  async notice(tabId) {
    const when = await this.#when();
    const message = tabId === undefined ? null : await this.#shown.only(tabId);
    const loaded = tabId === undefined ? undefined : this.#loaded.get(tabId);
    if (!message || (loaded !== undefined && loaded !== message.id)) return null; // who asks is on its way out
    if (when === "never") return { message: message.id, level: null, headline: null, reasons: [], links: [] };
    const report = this.#analyses.known(message.id)?.report;
    return report?.final ? notice(message.id, report, when, this.#say) : null;
  }
}

/**
 * @param {number} message
 * @param {Sekisho.Report} report
 * @param {Sekisho.When} when
 * @param {Sekisho.Say} say
 * @returns {Sekisho.Notice}
 */
function notice(message, report, when, say) {
  const { verdict, findings } = report;
  const level = verdict.level === "danger" || verdict.level === "caution" ? verdict.level : null;
  const titles = verdict.reasons.flatMap((id) => findings.find((finding) => finding.id === id)?.title ?? []);
  return {
    message,
    level,
    headline: level ? short(verdict.headline) : when === "always" ? handedOver(report, say) : null,
    reasons: level ? titles.slice(0, MOST.reasons).map(short) : [],
    links: report.links.slice(0, MOST.links).flatMap((link, place) => {
      const told = findings.filter(({ where, severity }) => severity !== "info" && where.includes(`link:${place}`));
      return link.url.length > MOST.url ? [] : [about(link, told)];
    }),
  };
}

/** Who brought a message against which nothing stands: a fact, and no word that a look-alike could borrow. @param {Sekisho.Report} report @param {Sekisho.Say} say */
function handedOver({ origin, hops }, say) {
  const hop = origin ? hops[origin.hop] : undefined;
  if (!hop) return say("banner_unknown");
  const [name, network] = [hop.rdns ?? hop.ip ?? "", hop.network?.name];
  if (!name) return say("banner_unknown");
  return short(network ? say("banner_from_network", name, network) : say("banner_from", name));
}

/** @param {Sekisho.ReportLink} link @param {Sekisho.Finding[]} findings @returns {Sekisho.NoticeLink} */
function about({ url, host, display_host, registrable_domain, unwrapped }, findings) {
  const last = unwrapped.at(-1);
  const domain = registrable_domain ?? display_host ?? host;
  return {
    url,
    domain: short(domain),
    around: display_host && display_host !== domain ? short(display_host) : "",
    leads: last && URL.canParse(last) ? short(new URL(last).hostname) : null,
    notes: [...new Set(findings.map(({ title }) => title))].slice(0, MOST.notes).map(short),
  };
}

/** @param {string} text */
function short(text) {
  const seen = visibleText(text);
  return seen.length > MOST.text ? `${seen.slice(0, MOST.text)}…` : seen;
}
