// @ts-check
/** The items "Analyse sender" and, of a folder, "Analyse this folder", and what a click on them means. */
import { messagesOf } from "./lists.js";

const ITEM = "analyse";
const FOLDER_ITEM = "analyse-folder";
/** @type {Sekisho.MenuContext[]} */
const CONTEXTS = ["message_list", "page", "selection", "link", "image", "frame", "message_display_action", "action"];

/** Menus of an event page persist over restarts: made once, when installed or updated. @param {Sekisho.Say} say */
export async function createMenus(say) {
  await browser.menus.removeAll();
  browser.menus.create({ id: ITEM, title: say("analyse"), contexts: CONTEXTS });
  browser.menus.create({ id: FOLDER_ITEM, title: say("analyse_folder"), contexts: ["folder_pane"] });
}

/** Thunderbird's language may have changed since the item was made. @param {Sekisho.Say} say */
export async function renameMenus(say) {
  await browser.menus.update(ITEM, { title: say("analyse") }).catch(() => {});
  await browser.menus.update(FOLDER_ITEM, { title: say("analyse_folder") }).catch(() => {});
}

/**
 * The messages that a click means. A right click on a row that is not selected does not display it: then
 * `selectedMessages` is the clicked one while the message pane still shows another.
 *
 * @param {Sekisho.MenuClick} info
 * @param {number | undefined} tabId
 * @param {(tabId: number) => Promise<Sekisho.MessageHeader[]>} shown
 * @returns {Promise<Sekisho.MessageHeader[]>}
 */
export async function clicked(info, tabId, shown) {
  const selected = info.selectedMessages ? await messagesOf(info.selectedMessages) : [];
  if (selected.length) return selected;
  return tabId === undefined ? [] : shown(tabId);
}

/** The folders that a click means; null where it is about messages. @param {Sekisho.MenuClick} info @returns {Sekisho.MailFolder[] | null} */
export function clickedFolders({ menuItemId, selectedFolders }) {
  return menuItemId === FOLDER_ITEM ? (selectedFolders ?? []) : null;
}
