// @ts-check
/** Puts a panel before the reader: the button's own popup where it shows that message, else a small window. */

/** @param {{message?: number, several?: number, place: "window" | "tab"}} what */
export function panelUrl({ message, several, place }) {
  const query = new URLSearchParams({ place });
  if (message !== undefined) query.set("message", String(message));
  if (several !== undefined && several > 1) query.set("several", String(several));
  return `panel.html?${query}`;
}

/**
 * @param {Sekisho.Tab | undefined} tab
 * @param {Sekisho.MessageHeader[]} messages what the reader asked about
 * @param {(tabId: number) => Promise<Sekisho.MessageHeader[]>} displayed
 */
export async function openPanel(tab, messages, displayed) {
  const [first] = messages;
  if (first && messages.length === 1 && tab?.id !== undefined) {
    const now = await displayed(tab.id);
    // It gives false where the button is hidden (no message pane, or taken off the toolbar).
    if (now.length === 1 && now[0]?.id === first.id && (await popup(tab.windowId))) return;
  }
  const url = panelUrl({ ...(first && { message: first.id }), several: messages.length, place: "window" });
  await browser.windows.create({ type: "popup", url, width: 480, height: 720 });
}

/** @param {number | undefined} windowId */
async function popup(windowId) {
  try {
    return await browser.messageDisplayAction.openPopup(windowId === undefined ? {} : { windowId });
  } catch {
    return false;
  }
}
