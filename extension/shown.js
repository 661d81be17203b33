// @ts-check
/** Which messages a tab shows: displayed, or only selected where the message pane is hidden. */
import { messagesOf } from "./lists.js";

/**
 * @param {number} tabId
 * @returns {Promise<Sekisho.MessageHeader[]>}
 */
export async function displayed(tabId) {
  try {
    const { messages } = await browser.messageDisplay.getDisplayedMessages(tabId);
    return messages.length && (await paneHidden(tabId)) ? [] : messages;
  } catch {
    return []; // the tab has gone, or can show no message
  }
}

/** A hidden message pane goes on naming the message that it showed last. @param {number} tabId */
async function paneHidden(tabId) {
  try {
    return (await browser.mailTabs.get(tabId)).messagePaneVisible === false;
  } catch {
    return false; // a message in a tab or a window of its own
  }
}

/**
 * The first hundred at most.
 *
 * @param {number} tabId
 * @returns {Promise<Sekisho.MessageHeader[]>}
 */
export async function shown(tabId) {
  const messages = await displayed(tabId);
  if (messages.length) return messages;
  try {
    return (await browser.mailTabs.getSelectedMessages(tabId)).messages;
  } catch {
    return []; // no mail tab
  }
}

/** All of them. @param {number} tabId @returns {Promise<Sekisho.MessageHeader[]>} */
export async function chosen(tabId) {
  const messages = await shown(tabId);
  if (messages.length < 2) return messages;
  try {
    return await messagesOf(await browser.mailTabs.getSelectedMessages(tabId));
  } catch {
    return messages;
  }
}

/** The one message of a tab, null when there is none or several. @param {number} tabId */
export async function only(tabId) {
  const messages = await shown(tabId);
  return messages.length === 1 ? (messages[0] ?? null) : null;
}
