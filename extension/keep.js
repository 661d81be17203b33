// @ts-check
/** Copies and saves the report that is shown, in the form of the button that was clicked, cut for strangers if the switch is on. */

/** How long a blob is kept for whoever writes it to the disk, in milliseconds. */
const LINGERS = 60_000;

export class Keeping {
  #document;
  #send;
  #copy;
  #tell;
  #on = false;

  /**
   * @param {object} given
   * @param {Document} given.document
   * @param {(errand: Sekisho.Errand) => Promise<any>} given.send to the background
   * @param {(text: string, button: HTMLElement) => Promise<void>} given.copy
   * @param {(key: string, ...values: string[]) => void} given.tell says it aloud and in sight
   */
  constructor({ document, send, copy, tell }) {
    this.#document = document;
    this.#send = send;
    this.#copy = copy;
    this.#tell = tell;
  }

  /** Whether what is kept is for strangers. */
  get publication() {
    return this.#on;
  }

  /** The switch was clicked. */
  turn() {
    this.#on = !this.#on;
    this.show();
  }

  /** Says of every switch on the page how it stands: the report's painter does not know. */
  show() {
    for (const button of this.#document.querySelectorAll('[data-action="publication"]')) {
      button.setAttribute("aria-pressed", String(this.#on));
    }
  }

  /**
   * @param {Sekisho.PanelReport} report
   * @param {{format: string, how: string, publication?: boolean, message?: number | undefined}} what `message`: that it is of
   * @param {HTMLElement} [button] that was clicked
   */
  async keep(report, { format, how, publication = this.#on, message }, button) {
    /** @type {{text: string, media_type: string, name: string} | null} */
    const made = await this.#send({ ask: "keep", report, format, publication, message });
    if (!made) return this.#tell("not_exported");
    if (how === "copy" && button) return this.#copy(made.text, button);
    this.#save(made);
    return this.#tell("saved", made.name);
  }

  /** A link that is clicked at once: the one way to a file that needs no permission. @param {{text: string, media_type: string, name: string}} made */
  #save({ text, media_type, name }) {
    const url = URL.createObjectURL(new Blob([text], { type: `${media_type};charset=utf-8` }));
    const link = this.#document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), LINGERS);
  }
}

/**
 * What a tab is to save as soon as it has its report: a popup goes when the reader is asked where to.
 *
 * @param {URLSearchParams} query
 * @returns {{format: string, how: "save", publication: boolean} | null}
 */
export function toKeep(query) {
  const format = query.get("keep");
  return format ? { format, how: "save", publication: query.get("publication") === "true" } : null;
}
