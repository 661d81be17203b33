// @ts-check
/** The clipboard, in every Thunderbird. */

/** @param {string} text */
export async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    // Thunderbird 140 refuses it where it does not take a key for the reader's will; the older way it takes.
    const fill = (/** @type {ClipboardEvent} */ event) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", fill, { once: true });
    const copied = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    if (!copied) throw error;
  }
}
