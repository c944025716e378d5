// @ts-check
/** The starts that the playground receives, one after the other, until there is no more to wait for. */

/** @typedef {import("./report.mjs").Arrival} Arrival */

/** The longest that the playground keeps one request waiting. */
const WAIT_MS = 30_000;
/** What pages send there is no start. */
const ECHO = "/echo";

/**
 * @param {string} site the playground's address
 * @param {AbortSignal} end
 * @returns {AsyncGenerator<Arrival, void>}
 */
export async function* arrivals(site, end) {
  for (let last = 0; !end.aborted; ) {
    for (const entry of await received(site, last, end)) {
      last = entry.number;
      if (entry.path !== ECHO) {
        const { path, headers, bodyBase64 } = entry;
        yield { path, headers, body: Buffer.from(bodyBase64 ?? "", "base64").toString() };
      }
    }
  }
}

/**
 * @param {string} site
 * @param {number} after
 * @param {AbortSignal} end
 * @returns {Promise<{number: number, path: string, headers: [string, string][], bodyBase64: string | null}[]>}
 */
async function received(site, after, end) {
  try {
    const answer = await fetch(`${site}/received?after=${after}&wait=${WAIT_MS}`, { signal: end });
    return await answer.json();
  } catch (error) {
    if (end.aborted) {
      return [];
    }
    throw new Error("the playground answers no more", { cause: error });
  }
}
