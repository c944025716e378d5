// @ts-check
/** Holds what differs against what is known to differ. */

/**
 * Places that are known to differ, and why. Each has to differ, so that what is listed here is true.
 *
 * - `at`: the places, as a failure names them; `*` stands for any characters.
 * - `browser`, `way`: where they differ; without one, in both.
 * - `sometimes`: whether they differ is chance.
 * @typedef {{
 *   why: string,
 *   at: string[],
 *   browser?: "chromium" | "firefox",
 *   way?: "no candidate" | "every call waits",
 *   sometimes?: boolean,
 * }} Known
 */

/** Why, in a sentence; the same as `ARCHITECTURE.md` says it under "What a page can still tell". */
export const WHY = {
  stack: "A native function called by the page script has it on the stack, in its rejections and where it calls the page's code back.",
  stackLimit: "Chromium keeps ten lines of a stack, of which those of the page script are taken out.",
  callSites: "Error.prepareStackTrace of a page is called by the browser, before the lines of the page script are taken out.",
  caller: "The caller of a handler that a native function calls is the page script, which is strict, so `caller` is null.",
  policy: "A policy violation names the script that called the native function.",
  depth: "Firefox: open() of the page script needs more of the stack than the native one, and says so where a page is near the limit of calls.",
  names: "Firefox makes a global's property when it is first looked up, and the page script looks some up before the page does.",
  trust: "The loadstart that a page hears in send() is dispatched by the page script where the call waits.",
  uploadLate: "The upload's loadstart is the browser's own, so it comes once the call no longer waits.",
  uploadListeners: "Upload listeners that a page adds while the call waits hear the request's events, and across origins make the browser ask first.",
  referrer: "An XHR or a beacon leaves with the address that the page has once the verdict is there.",
  descriptors: "What a page gives as init is read by a native function that is given a copy of it, so a proxy sees one more look at each property.",
  then: "Each promise that is resolved with an object looks for `then`, up to Object.prototype.",
  keepaliveQuota: "A keepalive fetch counts against the 64 KiB of its page only when it leaves.",
  keepaliveLimit: "Firefox does not refuse more than 64 KiB where the body of a keepalive fetch is read from a Request.",
  keepaliveHeaders: "Firefox puts the Content-Type of a keepalive fetch elsewhere where its body is read from a Request.",
  refusedBeacon: "Whether Firefox refuses a beacon for its port or a policy is known only when it leaves, after sendBeacon() has returned; it is then tried as a fetch.",
  gone: "A call that still waits when its frame or page goes in the very same task is given to no one.",
  stream: "Chromium refuses a stream as a body over HTTP/1.1 before it reads it; where the call waits it has been read by then.",
  beneath: "A fetch of a page or an extension beneath ours is called with a Request where the call waits.",
  zone: "Zone.js beneath ours sees the page script's own loadstart listener, and a call that waited leave outside of the page's zone.",
};

/** More lines than these are not told. */
const MOST = 12;

/**
 * One line for each difference that is not known, and for each known one that is none.
 * @param {import("./differences.mjs").Difference[]} found
 * @param {Known[]} known those of this browser and way
 * @returns {string[]}
 */
export function unexpected(found, known) {
  const patterns = known.flatMap(({ at, why, sometimes = false }) =>
    at.map((text) => ({ text, why, sometimes, matches: pattern(text) })),
  );
  const unknown = found.filter(({ place }) => !patterns.some(({ matches }) => matches.test(place))).map(({ line }) => line);
  const lines = unknown.length > MOST ? [...unknown.slice(0, MOST), `… and ${unknown.length - MOST} more`] : unknown;
  for (const { text, why, sometimes, matches } of patterns) {
    if (!sometimes && !found.some(({ place }) => matches.test(place))) {
      lines.push(`${text}: no longer differs, so take it from the list of what is known (${why})`);
    }
  }
  return lines;
}

/** @param {string} text */
function pattern(text) {
  const parts = text.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
