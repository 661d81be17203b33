// @ts-check
/** Which messages a tab shows: displayed, or only selected where the message pane is hidden. */
import { messagesOf } from "./lists.js";
import { within } from "./patience.js";

/** A message is shown in less, if it ever is; milliseconds. */
const SOON = 500;
/** On a busy machine Thunderbird is so many times slower to say what it shows than which tab it is, at most. */
const SLOWER = 20;
/** How long the only one who knows what a tab or window of its own shows is asked. */
const LATEST = 10_000;

/**
 * What the tab shows, or is about to: a message that Thunderbird can't decrypt (S/MIME) or that its server does not hand
 * out is never shown, though its header stands there and its row is selected.
 *
 * @param {number} tabId
 * @returns {Promise<Sekisho.MessageHeader[]>}
 */
export async function displayed(tabId) {
  const [visible, soon] = await paneAndPace(tabId);
  if (visible === false) return []; // a hidden message pane goes on naming the message that it showed last
  const messages = await loaded(tabId, visible ? soon : LATEST);
  return messages ?? (visible ? selected(tabId) : []);
}

/** What the tab shows by now: only above that does the button stand whose popup is to open. @param {number} tabId */
export async function standing(tabId) {
  const [visible, soon] = await paneAndPace(tabId);
  return visible === false ? [] : ((await loaded(tabId, soon)) ?? []);
}

/** `paneVisible`, and how long to wait for what is shown: the longer the answer to that took, the longer. @param {number} tabId @returns {Promise<[boolean | undefined, number]>} */
async function paneAndPace(tabId) {
  const begun = performance.now();
  const visible = await paneVisible(tabId);
  return [visible, Math.min(LATEST, SOON + SLOWER * (performance.now() - begun))];
}

/**
 * What the tab shows, null when it does not come to show anything in that time (153: the promise is never kept for a
 * message in whose place Thunderbird shows a page of its own).
 *
 * @param {number} tabId
 * @param {number} ms
 * @returns {Promise<Sekisho.MessageHeader[] | null>}
 */
async function loaded(tabId, ms) {
  try {
    const list = await within(ms, browser.messageDisplay.getDisplayedMessages(tabId), () => null);
    return list && list.messages;
  } catch {
    return []; // the tab has gone, or can show no message
  }
}

/** Whether the message pane is; undefined for a message in a tab or a window of its own. @param {number} tabId */
export async function paneVisible(tabId) {
  try {
    return (await browser.mailTabs.get(tabId)).messagePaneVisible !== false;
  } catch {
    return undefined;
  }
}

/** The first hundred at most. @param {number} tabId @returns {Promise<Sekisho.MessageHeader[]>} */
async function selected(tabId) {
  try {
    return (await browser.mailTabs.getSelectedMessages(tabId)).messages;
  } catch {
    return []; // no mail tab
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
  return messages.length ? messages : selected(tabId);
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
