// @ts-check
/**
 * Puts the message of a panel, or all of one kind with it, away, as junk or into the trash, and back again. Thunderbird asks the reader once for the permission, at the
 * first click. Nothing is deleted, and Thunderbird's own Undo knows of it too.
 */

import { inFolder } from "./folders.js";

/** @type {Record<"junk" | "trash", string[]>} */
const NEEDED = { junk: ["messagesUpdate", "messagesMove"], trash: ["messagesMove"] };

/**
 * What came of it: a sentence's key and values, the message's id from now on, and the way back where there is one.
 *
 * @typedef {object} Done
 * @property {string} said
 * @property {string[]} values
 * @property {number} message
 * @property {(() => Promise<Done>) | null} back
 */

/**
 * To be called in the click itself: a permission is asked for there and nowhere else.
 *
 * @param {number} message
 * @param {"junk" | "trash"} kind
 * @returns {Promise<Done>}
 */
export async function putAway(message, kind) {
  const allowed = await browser.permissions.request({ permissions: NEEDED[kind] }).catch(() => false);
  if (!allowed) return done("mailbox_denied", [], message);
  try {
    return await put(message, kind);
  } catch (error) {
    console.warn("Sekisho could not move a message:", error);
    return done("mailbox_failed", [], message);
  }
}

/** @param {number} message @param {"junk" | "trash"} kind @returns {Promise<Done>} */
async function put(message, kind) {
  const before = await browser.messages.get(message);
  const home = before.folder;
  if (!home?.id) return done("mailbox_no_folder", [], message); // a file, or attached to another message
  const { id: homeId, name: homeName } = home;
  const was = before.junk === true;
  if (kind === "junk") await browser.messages.update(message, { junk: true });
  const target = await special(home.accountId, kind);
  if (!target) return done(kind === "junk" ? "mailbox_marked" : "mailbox_no_trash", [], message, kind === "junk" ? () => unmark(message, was) : null);
  if (target.id === homeId) return done(kind === "junk" ? "mailbox_marked" : "mailbox_there", [target.name], message, null);
  const moved = await move(before, target.id);
  const back = async () => {
    try {
      if (kind === "junk" && !was) await browser.messages.update(moved, { junk: false });
      const returned = await move(await browser.messages.get(moved), homeId);
      return done("mailbox_back", [homeName], returned);
    } catch (error) {
      console.warn("Sekisho could not move a message back:", error);
      return done("mailbox_failed", [], moved);
    }
  };
  return done(kind === "junk" ? "mailbox_junked" : "mailbox_trashed", [target.name], moved, back);
}

/** @param {number} message @param {boolean} was */
async function unmark(message, was) {
  await browser.messages.update(message, { junk: was });
  return done("mailbox_unmarked", [], message);
}

/** The account's folder for it; that of Local Folders where it has none. @param {string | undefined} accountId @param {"junk" | "trash"} use */
async function special(accountId, use) {
  const local = (await browser.accounts.list()).find(({ type }) => type === "local" || type === "none")?.id;
  for (const id of [accountId, local]) {
    const [found] = id === undefined ? [] : await browser.folders.query({ accountId: id, specialUse: [use] });
    if (found) return found;
  }
  return null;
}

/** A message that was moved has another id; several may bear the same Message-ID. @param {Sekisho.MessageHeader} header @param {string} folderId @returns {Promise<number>} */
async function move(header, folderId) {
  const alike = async () => (await browser.messages.query({ folderId, headerMessageId: header.headerMessageId ?? "" })).messages.map(({ id }) => id);
  const before = new Set(await alike());
  await browser.messages.move([header.id], folderId, { isUserAction: true });
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 50))) {
    const moved = (await alike()).find((id) => !before.has(id));
    if (moved !== undefined) return moved;
  }
  throw new Error("the message is not there");
}

/**
 * Marks messages as junk and moves them, in whichever folders they lie. To be called in the click itself, like `putAway`; which they are may take a while to say.
 *
 * @param {number} message the one whose panel it is
 * @param {() => Promise<Sekisho.MessageHeader[]>} which
 * @returns {Promise<Done>}
 */
export async function putAllAway(message, which) {
  const allowed = await browser.permissions.request({ permissions: NEEDED.junk }).catch(() => false);
  if (!allowed) return done("mailbox_denied", [], message);
  try {
    return await putAll(message, await which());
  } catch (error) {
    console.warn("Sekisho could not move messages:", error);
    return done("mailbox_failed", [], message);
  }
}

/**
 * Folder by folder, each into the junk folder of its account. Where one fails the others are put away all the same, and can be taken back.
 *
 * @param {number} message @param {Sekisho.MessageHeader[]} headers @returns {Promise<Done>}
 */
async function putAll(message, headers) {
  /** @type {Map<string, {home: Sekisho.MailFolder, list: Sekisho.MessageHeader[]}>} */
  const groups = new Map();
  for (const header of headers) {
    const { folder: home } = header;
    if (!home?.id) continue;
    const group = groups.get(home.id) ?? { home, list: [] };
    group.list.push(header);
    groups.set(home.id, group);
  }
  if (!groups.size) return done("mailbox_no_folder", [], message);
  const fresh = new Set(headers.filter(({ junk }) => junk !== true).map(({ headerMessageId }) => headerMessageId));
  const own = headers.find(({ id }) => id === message)?.headerMessageId;
  const put = /** @type {{home: Sekisho.MailFolder, moved: Sekisho.MessageHeader[], into: string}[]} */ ([]);
  let marked = 0;
  let fault = /** @type {unknown} */ (null);
  for (const { home, list } of groups.values()) {
    try {
      const target = await special(home.accountId, "junk");
      for (const { id } of list) await browser.messages.update(id, { junk: true });
      marked += list.length;
      if (target && target.id !== home.id) put.push({ home, moved: await moveAll(list, target.id), into: target.name });
    } catch (error) {
      console.warn("Sekisho could not move the messages of a folder:", error);
      fault ??= error;
    }
  }
  const now = (/** @type {Sekisho.MessageHeader[]} */ list) => list.find(({ headerMessageId }) => headerMessageId === own)?.id;
  const moved = put.flatMap((group) => group.moved);
  const current = now(moved) ?? message;
  if (!put.length && fault) throw fault;
  if (!put.length) return done("mailbox_all_marked", [String(marked)], message);
  const back = async () => {
    try {
      const returned = [];
      for (const group of put) {
        for (const { id, headerMessageId } of group.moved) if (fresh.has(headerMessageId)) await browser.messages.update(id, { junk: false });
        returned.push(...(await moveAll(group.moved, group.home.id ?? "")));
      }
      return done("mailbox_all_back", [String(returned.length), distinct(put.map(({ home }) => home.name))], now(returned) ?? current);
    } catch (error) {
      console.warn("Sekisho could not move messages back:", error);
      return done("mailbox_failed", [], current);
    }
  };
  const places = distinct(put.map(({ into }) => into));
  if (fault) return done("mailbox_all_partly", [String(moved.length), String(headers.length), places], current, back);
  return done("mailbox_all_junked", [String(moved.length), places], current, back);
}

/** @param {string[]} names */
function distinct(names) {
  return [...new Set(names)].join(", ");
}

/** What was moved has other ids: it is found again by its names, beside what bears the same and was there before. @param {Sekisho.MessageHeader[]} headers @param {string} folderId @returns {Promise<Sekisho.MessageHeader[]>} */
async function moveAll(headers, folderId) {
  const names = new Set(headers.map(({ headerMessageId }) => headerMessageId));
  const alike = () => inFolder(folderId, ({ headerMessageId }) => names.has(headerMessageId));
  const before = new Set((await alike()).map(({ id }) => id));
  await browser.messages.move(headers.map(({ id }) => id), folderId, { isUserAction: true });
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 100))) {
    const moved = (await alike()).filter(({ id }) => !before.has(id));
    if (moved.length >= headers.length) return moved;
  }
  throw new Error("the messages are not there");
}

/** @param {string} said @param {string[]} values @param {number} message @param {Done["back"]} [back] @returns {Done} */
function done(said, values, message, back = null) {
  return { said, values, message, back };
}
