// @ts-check
/** Which messages a tab shows: displayed, or only selected where the message pane is hidden. */

/**
 * @param {number} tabId
 * @returns {Promise<Sekisho.MessageHeader[]>}
 */
export async function displayed(tabId) {
  try {
    return (await browser.messageDisplay.getDisplayedMessages(tabId)).messages;
  } catch {
    return []; // the tab has gone, or can show no message
  }
}

/**
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

/** The one message of a tab, null when there is none or several. @param {number} tabId */
export async function only(tabId) {
  const messages = await shown(tabId);
  return messages.length === 1 ? (messages[0] ?? null) : null;
}
