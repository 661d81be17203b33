// @ts-check
/** Thunderbird hands out messages a hundred at a time. */

/** Who selects more than this wants a folder looked at, and its number is not needed to the last one. */
const MAX = 10_000;

/** All messages of a list, at most 10,000. @param {Sekisho.MessageList} list @returns {Promise<Sekisho.MessageHeader[]>} */
export async function messagesOf(list) {
  const messages = [...list.messages];
  let { id } = list;
  while (id && messages.length < MAX) {
    const page = await browser.messages.continueList(id);
    messages.push(...page.messages);
    id = page.id;
  }
  if (id) await browser.messages.abortList(id);
  return messages;
}
