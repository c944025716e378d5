// @ts-check
/** Calls that are no candidates: what they cost a page that the extension is enabled on, and which never needs it. */

import { beaconCall, beaconTime, fetchCall, fetchTime, socketCall, socketTime, xhrCall, xhrTime } from "./in_page.mjs";
import { compared } from "./result.mjs";
import { SIDES } from "./scene.mjs";

/** @typedef {import("./pairs.mjs").Measurement} Measurement */
/** @typedef {import("./pairs.mjs").Round} Round */
/** @typedef {import("./scene.mjs").Side} Side */

/** As many times as long end to end, at most, and as many microseconds more in the calling tick. */
const RATIO_BAR = 1.02;
const CALL_BAR = 2;

const NOISE = "two frames without any extension differ by as much on a busy machine";
const WHY = {
  fetch: NOISE,
  xhr: `${NOISE}; besides, each XMLHttpRequest gets a listener for loadstart as it is made`,
  socket: NOISE,
  beacon: NOISE,
  "fetch-call": "the proxy, its try and the look at the address",
  "xhr-call": "five patched calls together, and a listener that the constructor adds and open() takes away",
  "socket-call": "the proxy, its try and the look-up of the socket",
  "beacon-call": `the proxy, its try and the look at the address; most of the call is Chromium's, and ${NOISE}`,
};

/**
 * `@mswjs/interceptors` has none for beacons.
 * @type {{name: keyof typeof WHY, what: string, isCall: boolean, inPage: Measurement["inPage"], count: number,
 *   slices: number, sides?: Side[]}[]}
 */
const CALLS = [
  { name: "fetch", what: "fetch", isCall: false, inPage: fetchTime, count: 8, slices: 36 },
  { name: "xhr", what: "XMLHttpRequest", isCall: false, inPage: xhrTime, count: 8, slices: 36 },
  { name: "socket", what: "WebSocket", isCall: false, inPage: socketTime, count: 40, slices: 36 },
  {
    name: "beacon",
    what: "Beacon",
    isCall: false,
    inPage: beaconTime,
    count: 8,
    slices: 36,
    sides: ["with", "without"],
  },
  { name: "fetch-call", what: "fetch", isCall: true, inPage: fetchCall, count: 300, slices: 24 },
  { name: "xhr-call", what: "XMLHttpRequest", isCall: true, inPage: xhrCall, count: 100, slices: 24 },
  { name: "socket-call", what: "WebSocket send", isCall: true, inPage: socketCall, count: 300, slices: 24 },
  {
    name: "beacon-call",
    what: "Beacon",
    isCall: true,
    inPage: beaconCall,
    count: 16,
    slices: 40,
    sides: ["with", "without"],
  },
];

/** By name. @type {[string, Measurement][]} */
export const CALL_MEASUREMENTS = CALLS.map(({ name, inPage, count, slices, sides = SIDES }) => [
  name,
  { sides, inPage, given: [count], slices, warmUp: 4 },
]);

/**
 * @param {(name: string) => Round[]} roundsOf
 */
export function callResults(roundsOf) {
  return CALLS.flatMap(({ name, what, isCall, sides = SIDES }) => {
    const rounds = roundsOf(name);
    const compares = isCall ? /** @type {const} */ ("difference") : /** @type {const} */ ("ratio");
    const unit = isCall ? /** @type {const} */ ("µs") : /** @type {const} */ ("ms");
    const bar = isCall ? CALL_BAR : RATIO_BAR;
    const where = isCall ? "in the calling tick" : "end to end";
    const ours = compared({ name, what: `${what}, ${where}`, unit, compares, bar, why: WHY[name] }, rounds);
    if (!sides.includes("interceptors")) {
      return [ours];
    }
    const theirs = { name: `${name}-interceptors`, what: "  with @mswjs/interceptors", unit, compares };
    return [ours, compared(theirs, rounds, "interceptors")];
  });
}
