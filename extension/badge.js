// @ts-check
/** The mark on the two toolbar buttons. A mark belongs to a tab and stays there until it is taken away. */

/** White figures stand on each of these with a contrast above 4.5. */
const MARKS = {
  danger: { text: "!", color: "#c0182b" },
  caution: { text: "!", color: "#9a5b00" },
  trouble: { text: "?", color: "#5c6670" },
};

/** Where the title can say what to do. @type {Record<string, string>} */
const TITLES = { missing: "badgeMissing", "too-old": "badgeTooOld" };

export class Badge {
  #actions;
  #say;

  /** @param {Sekisho.BadgeApi[]} actions @param {Sekisho.Say} say */
  constructor(actions, say) {
    this.#actions = actions;
    this.#say = say;
  }

  /** @param {number} tabId */
  clear(tabId) {
    return this.#set(tabId, null, this.#say("analyse"));
  }

  /** Too large to be looked at without being asked. @param {number} tabId */
  large(tabId) {
    return this.#set(tabId, null, this.#say("badgeLarge"));
  }

  /** @param {number} tabId @param {Sekisho.Snapshot} snapshot */
  paint(tabId, { report, trouble }) {
    if (trouble?.kind === "cancelled") return this.clear(tabId);
    if (trouble) return this.#set(tabId, MARKS.trouble, this.#say(TITLES[trouble.kind] ?? "badgeTrouble"));
    if (!report) return this.clear(tabId);
    const level = report.verdict.level;
    const mark = level === "danger" || level === "caution" ? MARKS[level] : null;
    return this.#set(tabId, mark, this.#say("badgeVerdict", report.verdict.headline));
  }

  /**
   * Nobody waits for these: with the message pane hidden Thunderbird answers only when it is shown again (153, it waits for
   * an animation frame of the hidden pane). They take effect in the order they are made.
   *
   * @param {number} tabId
   * @param {{text: string, color: string} | null} mark
   * @param {string} title
   */
  #set(tabId, mark, title) {
    for (const action of this.#actions) {
      const calls = [action.setTitle({ tabId, title })];
      if (mark) calls.push(action.setBadgeBackgroundColor({ tabId, color: mark.color }));
      calls.push(action.setBadgeText({ tabId, text: mark?.text ?? "" })); // last: who sees the mark finds its words
      for (const call of calls) call.catch(() => {}); // the tab may have been closed
    }
  }
}
