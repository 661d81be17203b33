// @ts-check
/** Opens letters as drafts in Thunderbird's own compose window. Nothing is ever sent from here, and no address is ours to choose. */
import { Trouble, asTrouble } from "./trouble.js";

/** What the reader has to allow once, at the first draft. */
export const PERMISSION = { permissions: ["compose"] };
/** How long an answer to Thunderbird's question is waited for, in milliseconds: its popup may have closed the panel. */
const PATIENCE = 60_000;

/** @typedef {{to: string, subject: string, body: string, attached: {kind: string, name: string, media_type: string}, pieces: string[]}} Letter */

export class Drafts {
  #letter;
  #api;

  /**
   * @param {object} given
   * @param {(message: number, wanted: {recipient: string, language: string, mask: boolean}) => Promise<Letter>} given.letter as the host writes it
   * @param {Pick<typeof browser, "compose" | "identities" | "messages" | "permissions">} given.api
   */
  constructor({ letter, api }) {
    this.#letter = letter;
    this.#api = api;
  }

  /** @param {Sekisho.DraftErrand} errand @returns {Promise<Sekisho.DraftReceipt>} */
  async open({ message, recipient, language, mask }) {
    try {
      if (!(await this.#permitted())) return { opened: false, refused: true };
      const { to, subject, body, attached, pieces } = await this.#letter(message, { recipient, language, mask });
      const { compose } = this.#api;
      if (!single(to) || !compose) throw new Trouble("broken", "not one address, or no compose window");
      const file = new File(pieces.map(bytes), attached.name, { type: attached.media_type });
      await compose.beginNew({
        to: [to],
        subject,
        plainTextBody: body,
        isPlainText: true,
        ...(file.size ? { attachments: [{ file, name: attached.name }] } : {}),
        ...(await this.#sender(message)),
      });
      return { opened: true, kind: attached.kind };
    } catch (error) {
      console.warn("Sekisho could not open a draft:", error);
      return { opened: false, trouble: asTrouble(error).plain };
    }
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

/** Whether it is one bare address: the host has seen to that, and Thunderbird would take a list. @param {string} to */
function single(to) {
  return /^[A-Za-z0-9._+=-]{1,64}@[a-z0-9.-]{3,253}$/.test(to);
}

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
