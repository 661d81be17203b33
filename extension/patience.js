// @ts-check
/** How long anything of Thunderbird's is waited for: some of its promises are never kept. */
import { Trouble } from "./trouble.js";

/**
 * What a promise gives, if it gives it in time; else what `late` gives or throws. What comes afterwards is dropped.
 *
 * @template T, L
 * @param {number} ms
 * @param {Promise<T>} promise
 * @param {() => L} late
 * @param {AbortSignal} [signal] nobody waits any longer: a Trouble of the kind "cancelled"
 * @returns {Promise<T | L>}
 */
export function within(ms, promise, late, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => resolve(late())), ms);
    const cancel = () => settle(() => reject(new Trouble("cancelled")));
    /** @param {() => void} how */
    const settle = (how) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      try {
        how();
      } catch (error) {
        reject(error);
      }
    };
    promise.then((value) => settle(() => resolve(value)), (error) => settle(() => reject(error)));
    if (signal?.aborted) cancel();
    else signal?.addEventListener("abort", cancel, { once: true });
  });
}
