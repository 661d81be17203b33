// @ts-check
/** The messages of folders, a hundred at a time as Thunderbird hands them out: of a folder of thousands only what is looked at now is held. */

/** @param {string[]} folders their ids @returns {Promise<number>} how many messages they have, as far as Thunderbird knows */
export async function size(folders) {
  const counts = await Promise.all(folders.map((folder) => browser.folders.getFolderInfo(folder).catch(() => null)));
  return counts.reduce((sum, info) => sum + (info?.totalMessageCount ?? 0), 0);
}

/** @param {string[]} folders their ids @returns {AsyncGenerator<Sekisho.MessageHeader[], void>} */
export async function* batches(folders) {
  for (const folder of folders) {
    let { id, messages } = await browser.messages.list(folder);
    try {
      for (;;) {
        if (messages.length) yield messages;
        if (!id) break;
        ({ id, messages } = await browser.messages.continueList(id));
      }
    } finally {
      if (id) await browser.messages.abortList(id).catch(() => {}); // nobody goes on
    }
  }
}

/** @param {string} folder its id @param {(header: Sekisho.MessageHeader) => boolean} wanted @returns {Promise<Sekisho.MessageHeader[]>} */
export async function inFolder(folder, wanted) {
  const found = [];
  for await (const batch of batches([folder])) found.push(...batch.filter(wanted));
  return found;
}

/** So many are looked for by name, and so many at a time: each look goes through every folder's index. */
const MAX_NAMED = 1000;
const TOGETHER = 8;

/** @param {string[]} names Message-IDs @returns {Promise<Sekisho.MessageHeader[]>} those that any folder of any account has */
export async function named(names) {
  /** @type {Sekisho.MessageHeader[]} */
  const found = [];
  const wanted = names.slice(0, MAX_NAMED);
  for (let at = 0; at < wanted.length; at += TOGETHER) {
    const lists = wanted.slice(at, at + TOGETHER).map((headerMessageId) => browser.messages.query({ headerMessageId }));
    found.push(...(await Promise.all(lists)).flatMap(({ messages }) => messages));
  }
  return found;
}
