// @ts-check
/**
 * What a click in the campaign block does with all messages of one kind: the first is opened, they are shown as a table, selected, or put away.
 * The host knows their names; they are looked for in the folder of the message that the panel is about, and those that are not there by name in all
 * others, but for the places in which they are put away or were never received.
 */
import { inFolder, named } from "./folders.js";
import { putAllAway } from "./mailbox.js";
import { panelUrl, severalUrl } from "./open.js";

/** What lies there is put away already, or was never received. */
const AWAY = new Set(["junk", "trash", "sent", "drafts", "templates", "outbox"]);

/** @typedef {import("./mailbox.js").Done} Done */

/**
 * To be called in the click itself.
 *
 * @param {number} message the one whose panel it is
 * @param {"first" | "table" | "select" | "junk"} how
 * @returns {Promise<Done | null>} what to say; null where a page has come up instead
 */
export async function many(message, how) {
  if (how === "junk") return putAllAway(message, async () => (await alike(message)).found);
  try {
    const { here, found, count } = await alike(message);
    const [first] = found;
    if (!first) return told("mailbox_no_folder", [], message);
    if (how === "select") return await select(message, here, count); // Thunderbird selects in one folder
    const messages = found.map(({ id }) => id);
    await browser.tabs.create({ url: how === "first" ? panelUrl({ message: first.id, place: "tab" }) : severalUrl({ messages, of: messages.length, place: "tab" }) });
    return null;
  } catch (error) {
    console.warn("Sekisho could not find the messages of one kind:", error);
    return told("many_failed", [], message);
  }
}

/** Those of one kind that lie in its folder, itself included, and those that lie anywhere, the oldest first; and how many there were. @param {number} message @returns {Promise<{here: Sekisho.MessageHeader[], found: Sekisho.MessageHeader[], count: number}>} */
async function alike(message) {
  /** @type {Sekisho.Wave | null} */
  const wave = await browser.runtime.sendMessage({ ask: "campaign", message });
  if (!wave) throw new Error("the host does not say");
  const names = new Set(wave.messages.map(({ message_id: name }) => name));
  const { folder } = await browser.messages.get(message);
  if (!folder?.id) return { here: [], found: [], count: wave.messages.length };
  const here = await inFolder(folder.id, ({ id, headerMessageId }) => id === message || (headerMessageId !== undefined && names.has(headerMessageId)));
  for (const { headerMessageId = null } of here) names.delete(headerMessageId);
  const elsewhere = await named([...names].filter((name) => name !== null));
  const found = [...here, ...elsewhere.filter(({ folder: place }) => place && !place.specialUse?.some((use) => AWAY.has(use)))];
  for (const list of [here, found]) list.sort((one, other) => Number(one.date ?? 0) - Number(other.date ?? 0));
  return { here, found, count: wave.messages.length + wave.left_out };
}

/** In the first tab of three panes; it shows their folder then. @param {number} message @param {Sekisho.MessageHeader[]} found @param {number} count @returns {Promise<Done>} */
async function select(message, found, count) {
  const tabs = (await browser.tabs.query({})).filter(({ type }) => type === "mail");
  const tab = tabs.find(({ active }) => active) ?? tabs[0];
  if (tab?.id === undefined) return told("many_no_tab", [], message);
  await browser.mailTabs.setSelectedMessages(tab.id, found.map(({ id }) => id));
  await browser.tabs.update(tab.id, { active: true });
  return told("many_selected", [String(found.length), String(count)], message);
}

/** @param {string} said @param {string[]} values @param {number} message @returns {Done} */
function told(said, values, message) {
  return { said, values, message, back: null };
}
