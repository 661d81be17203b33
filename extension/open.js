// @ts-check
/** Puts a panel before the reader: the button's own popup where it shows that message, else a small window. */


/** So many of several messages are looked at; of more the reader is told. */
export const MAX_SEVERAL = 100;

/** @param {{message?: number, place: "window" | "tab"}} what */
export function panelUrl({ message, place }) {
  const query = new URLSearchParams({ place });
  if (message !== undefined) query.set("message", String(message));
  return `panel.html?${query}`;
}

/** The page of several messages. @param {{messages: number[], of: number, place: string}} what `of`: so many are selected */
export function severalUrl({ messages, of, place }) {
  return `several.html?place=${place}&of=${of}&messages=${messages.slice(0, MAX_SEVERAL).join(",")}`;
}

/** The page of folders. @param {Sekisho.MailFolder[]} folders @param {Sekisho.Say} say */
export function folderUrl(folders, say) {
  const query = new URLSearchParams({ place: "tab", name: folders.map(({ name }) => name).join(say("comma")) });
  for (const { id } of folders) if (id) query.append("folder", id);
  return `several.html?${query}`;
}

/**
 * @param {Sekisho.Tab | undefined} tab
 * @param {Sekisho.MessageHeader[]} messages what the reader asked about
 * @param {(tabId: number) => Promise<Sekisho.MessageHeader[]>} standing
 */
export async function openPanel(tab, messages, standing) {
  const [first] = messages;
  if (first && messages.length === 1 && tab?.id !== undefined) {
    const now = await standing(tab.id);
    // It gives false where the button is hidden (no message pane, or taken off the toolbar); above a message that
    // Thunderbird can't show there is none either, and a popup of it would open nowhere (153).
    if (now.length === 1 && now[0]?.id === first.id && (await popup(tab.windowId))) return;
  }
  if (messages.length > 1) {
    const url = severalUrl({ messages: messages.map(({ id }) => id), of: messages.length, place: "window" });
    await browser.windows.create({ type: "popup", url, width: 1000, height: 720 });
    return;
  }
  const url = panelUrl({ ...(first && { message: first.id }), place: "window" });
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
