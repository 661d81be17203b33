// @ts-check
/** Which messages of a table are of one kind. Found out from the host for a few of them, and told to all. Pure. */

export class Waves {
  /** @type {Map<number, Wave>} by message */
  #waves = new Map();
  #made = 0;

  /** @typedef {{number: number, count: number}} Wave `number`: from 1, in the order in which they were found; `count`: of messages */

  /** These messages are of one kind, of which there are so many. @param {number[]} messages @param {number} count */
  join(messages, count) {
    const known = new Set(messages.flatMap((message) => this.#waves.get(message) ?? []));
    const [first = { number: ++this.#made, count: 0 }, ...others] = [...known].sort((one, other) => one.number - other.number);
    first.count = Math.max(first.count, count, ...others.map((other) => other.count));
    if (others.length) for (const [message, wave] of this.#waves) if (others.includes(wave)) this.#waves.set(message, first);
    for (const message of messages) this.#waves.set(message, first);
  }

  /** @param {number} message @returns {Wave | undefined} */
  of(message) {
    return this.#waves.get(message);
  }
}
