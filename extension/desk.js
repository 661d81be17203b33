// @ts-check
/** Serves the panels: each is a port that asks about one message and is told of every change. */

/**
 * @param {Sekisho.PanelPort} port
 * @param {Pick<import("./analyses.js").Analyses, "watch" | "cancel" | "forget">} analyses
 * @param {(tabId: number) => Promise<Sekisho.MessageHeader[]>} shown
 * @param {() => string[]} problems of the host
 */
export function serve(port, analyses, shown, problems) {
  let stop = () => {};
  let asked = 0; // a panel may ask again before the first answer is there
  let open = true;
  /** @type {number | undefined} */
  let current;

  port.onMessage.addListener(async (question) => {
    if (question.ask === "cancel") {
      if (current !== undefined) analyses.cancel(current);
      return;
    }
    const turn = ++asked;
    stop();
    let { message, several = 1 } = question;
    if (message === undefined && question.tab !== undefined) {
      const messages = await shown(question.tab);
      message = messages[0]?.id;
      several = messages.length;
    }
    if (!open || turn !== asked) return;
    current = message;
    if (message === undefined) return port.postMessage({ none: true });
    const { subject } = await browser.messages.get(message).catch(() => ({ subject: null }));
    if (!open || turn !== asked) return;
    if (question.again) analyses.forget(message);
    stop = analyses.watch(message, (snapshot) => {
      if (open && turn === asked) port.postMessage({ snapshot, several, subject, problems: problems() });
    });
  });
  port.onDisconnect.addListener(() => {
    open = false;
    stop();
  });
}
