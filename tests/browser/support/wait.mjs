// @ts-check
/** Waits for a condition, and says what was there instead when it does not come. */

import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";

const LIMIT_MS = 10_000;
const INTERVAL_MS = 20;

/**
 * Reads until what is read fits, and gives that.
 * @template T
 * @param {string} what what is awaited, for the message
 * @param {() => Promise<T>} read
 * @param {(seen: T) => unknown} fits
 * @returns {Promise<T>}
 */
export async function until(what, read, fits) {
  for (const end = Date.now() + LIMIT_MS; ; ) {
    const seen = await read();
    if (fits(seen)) {
      return seen;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${LIMIT_MS} ms; at the end there was ${inspect(seen, { depth: 6 })}`);
    }
    await pause(INTERVAL_MS);
  }
}
