// @ts-check
/** Opens letters as drafts in Thunderbird's own compose window, and has noted which were sent. Nothing is ever sent from here, and no address is ours to choose. */
import { Trouble, asTrouble } from "./trouble.js";

/** What the reader has to allow once, at the first draft. */
export const PERMISSION = { permissions: ["compose"] };
/** How long an answer to Thunderbird's question is waited for, in milliseconds: its popup may have closed the panel. */
const PATIENCE = 60_000;

/** @typedef {{to: string, subject: string, body: string, attached: {kind: string, name: string, media_type: string}, pieces: string[], told?: string}} Letter `told`: as whom the host knows its recipient */

export class Drafts {
  #letter;
  #note;
  #api;

  /**
   * @param {object} given
   * @param {(message: number, wanted: {recipient: string, language: string, mask: boolean, campaign?: true}) => Promise<Letter>} given.letter as the host writes it
   * @param {(message: number, told: string, campaign: boolean) => Promise<unknown>} given.note has the host remember who was told of a message, or of all of its kind
   * @param {Pick<typeof browser, "compose" | "identities" | "messages" | "permissions" | "storage">} given.api
   */
  constructor({ letter, note, api }) {
    this.#letter = letter;
    this.#note = note;
    this.#api = api;
  }

  /** @param {Sekisho.DraftErrand} errand @returns {Promise<Sekisho.DraftReceipt>} */
  async open({ message, recipient, language, mask, campaign }) {
    try {
      if (!(await this.#permitted())) return { opened: false, refused: true };
      const { to, subject, body, attached, pieces, told } = await this.#letter(message, { recipient, language, mask, ...(campaign ? { campaign } : {}) });
      const { compose } = this.#api;
      if (!single(to) || !compose) throw new Trouble("broken", "not one address, or no compose window");
      const file = new File(pieces.map(bytes), attached.name, { type: attached.media_type });
      const tab = await compose.beginNew({
        to: [to],
        subject,
        plainTextBody: body,
        isPlainText: true,
        ...(file.size ? { attachments: [{ file, name: attached.name }] } : {}),
        ...(await this.#sender(message)),
      });
      if (told) await this.#api.storage.session.set({ [keyOf(tab.id)]: { message, told, campaign: campaign === true } }); // the event page may sleep until it is sent
      return { opened: true, kind: attached.kind };
    } catch (error) {
      console.warn("Sekisho could not open a draft:", error);
      return { opened: false, trouble: asTrouble(error).plain };
    }
  }

  /**
   * What compose.onAfterSend is to hear: of a draft of ours that left, the host notes who was told. One that could not be sent may be sent again.
   *
   * @param {Sekisho.Tab} tab
   * @param {{error?: string}} sent
   */
  async sent({ id }, { error }) {
    const { session } = this.#api.storage;
    const key = keyOf(id);
    const { [key]: letter } = await session.get(key);
    if (!letter || error) return;
    await session.set({ [key]: null });
    const { message, told, campaign = false } = /** @type {{message: number, told: string, campaign?: boolean}} */ (letter);
    await this.#note(message, told, campaign).catch((fault) => console.warn("Sekisho could not note who was told:", fault));
  }

  /** Whether drafts may be opened; waits for the reader's answer. */
  async #permitted() {
    const { permissions } = this.#api;
    if (await permissions.contains(PERMISSION)) return true;
    return new Promise((resolve) => {
      const end = (/** @type {boolean} */ granted) => {
        clearTimeout(timer);
        permissions.onAdded.removeListener(added);
        resolve(granted);
      };
      const added = () => permissions.contains(PERMISSION).then((granted) => granted && end(true));
      const timer = setTimeout(() => end(false), PATIENCE);
      permissions.onAdded.addListener(added);
    });
  }

  /** The identity that writes: that of the account in which the message lies. @param {number} message */
  async #sender(message) {
    const header = await this.#api.messages.get(message).catch(() => null);
    const account = header?.folder?.accountId;
    const identity = account ? await this.#api.identities.getDefault(account).catch(() => null) : null;
    return identity ? { identityId: identity.id } : {};
  }
}

/** Under which name it is kept what a compose window holds. @param {number | undefined} tabId */
function keyOf(tabId) {
  return `draft ${tabId}`;
}

/** Whether it is one bare address: the host has seen to that, and Thunderbird would take a list. @param {string} to */
function single(to) {
  return /^[A-Za-z0-9._+=-]{1,64}@[a-z0-9.-]{3,253}$/.test(to);
}

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
