// @ts-check
/** How the reader's clock stands to UTC, so that the host can say times by it. Nothing is looked up: this computer knows it. */

const DAY = 86_400;
/** 1995: mail that is older is told by the first offset. */
const FIRST = Date.UTC(1995, 0, 1) / 1000;
const STEP = 28 * DAY;

/**
 * From when (seconds since 1970) the clock stood how many minutes east of UTC, the oldest first, until a year from now.
 *
 * @param {number} now milliseconds since 1970
 * @returns {[number, number][]}
 */
export function timeZone(now) {
  const east = (/** @type {number} */ moment) => 0 - new Date(moment * 1000).getTimezoneOffset();
  const last = Math.floor(now / 1000) + 366 * DAY;
  let offset = east(FIRST);
  /** @type {[number, number][]} */
  const changes = [[FIRST, offset]];
  for (let begin = FIRST; begin < last; begin += STEP) {
    let [low, high] = [begin, Math.min(begin + STEP, last)];
    if (east(high) === offset) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (east(middle) === offset) low = middle;
      else high = middle;
    }
    offset = east(high);
    changes.push([high, offset]);
  }
  return changes;
}
