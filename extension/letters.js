// @ts-check
/** The letters' part of the panel: whether the reader's own is left out of them, and a click on one. */
import { PERMISSION } from "./drafts.js";

/** As long as the panel is open; each new one begins with what tells less. */
let masked = true;

/** Shows at the switch how it stands; a new frame of the report does not know. @param {ParentNode} panel */
export function showSwitch(panel) {
  for (const button of panel.querySelectorAll('button[data-action="mask"]')) button.setAttribute("aria-pressed", String(masked));
}

/** @param {ParentNode} panel */
export function turnSwitch(panel) {
  masked = !masked;
  showSwitch(panel);
}

/**
 * @param {{recipient: string, language: string, campaign?: true}} carried `campaign`: about all messages of one kind with this one
 * @param {HTMLButtonElement} button
 * @param {number} message
 * @param {Sekisho.Say} say
 * @returns {Promise<string>} what there is to say when it is over
 */
export async function draft({ recipient, language, campaign }, button, message, say) {
  // From the click itself, before anything is awaited. The background waits too: Thunderbird's question may close this page.
  const asked = browser.permissions.request(PERMISSION);
  const opened = browser.runtime.sendMessage({ ask: "draft", message, recipient, language, mask: masked, ...(campaign ? { campaign } : {}) });
  button.disabled = true;
  try {
    if (!(await asked)) return say("draft_refused");
    const receipt = /** @type {Sekisho.DraftReceipt} */ (await opened);
    if (receipt.opened) return say(receipt.kind === "header" ? "draft_header" : receipt.kind === "none" ? "draft_bare" : "draft_opened", recipient);
    return receipt.refused ? say("draft_refused") : say("draft_failed");
  } finally {
    button.disabled = false;
  }
}
