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
