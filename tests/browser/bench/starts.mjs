// @ts-check
/** Candidates: how much later a start is answered because it waits for its verdict. */

import { setTimeout as pause } from "node:timers/promises";
import { frameTimes, startTimes } from "./in_page.mjs";
import { compared, comparisonOf, percentiles } from "./result.mjs";

/** @typedef {import("./pairs.mjs").Measurement} Measurement */
/** @typedef {import("./pairs.mjs").Round} Round */
/** @typedef {import("./scene.mjs").Scene} Scene */
/** @typedef {import("./scene.mjs").Side} Side */

export const CRM_ID = "CRM-12345-XYZ";
/** A body of 1 MB. */
const LARGE_BYTES = 1_048_576;
/** The page script's; see `extension/page/channel.js`. */
const VERDICT_LIMIT_MS = 2000;
/** Within this time a start's reports have reached the background, but on a busy machine. */
const REPORTS_MS = 200;

/** @type {Side[]} */
const SIDES = ["with", "without"];
/** @type {Side[]} */
const WITH_FLOOR = [...SIDES, "floor"];
const VISIT = "00000000-0000-0000-0000-000000000000";
const ATTRIBUTES = `"attributes":{"externalId":"WEB-0001","customerName":"Ada Lovelace","visit":"${VISIT}"}`;
const BODY = `{"configurationId":"config-live",${ATTRIBUTES}}`;

const AWAKE = { sides: WITH_FLOOR, before: letReport, check: checkArrived };

/** By name. @type {[string, Measurement][]} */
export const START_MEASUREMENTS = [
  ["start", { ...AWAKE, inPage: startTimes, given: [6, BODY, VISIT], slices: 6, warmUp: 3 }],
  ["frame", { ...AWAKE, inPage: frameTimes, given: [6], slices: 6, warmUp: 2 }],
  ["large", { ...AWAKE, inPage: startTimes, given: [1, largeBody(), VISIT], slices: 5, warmUp: 2 }],
  [
    "woken",
    {
      sides: SIDES,
      inPage: startTimes,
      given: [1, BODY, VISIT],
      slices: 7,
      warmUp: 1,
      before: putToSleep,
      check: checkArrived,
    },
  ],
];

const WAY = "page, relay, background and back are four hops between threads";
const FLOOR = "  with an extension that only asks and answers";

/**
 * @param {(name: string) => Round[]} roundsOf
 */
export function startResults(roundsOf) {
  const [starts, frames, large, woken] = ["start", "frame", "large", "woken"].map(roundsOf);
  /** @type {(name: string, what: string, bar: number, rounds: Round[], share: number) => import("./result.mjs").Result[]} */
  const withFloor = (name, what, bar, rounds, share) => {
    const floor = percentiles({ name: `${name}-floor`, what: FLOOR }, rounds, share, "floor");
    const why = `${WAY}, of which an extension that only asks and answers takes ${comparisonOf(floor)}`;
    return [percentiles({ name, what, bar, why }, rounds, share), floor];
  };
  const largeFloor = compared(
    { name: "large-floor", what: FLOOR, unit: "ms", compares: "difference" },
    large,
    "floor",
  );
  return [
    ...withFloor("start-p50", "Start, background awake, p50", 3, starts, 0.5),
    ...withFloor("start-p95", "Start, background awake, p95", 8, starts, 0.95),
    ...withFloor("frame-p50", "Start in a frame of a WebSocket, p50", 3, frames, 0.5),
    ...withFloor("frame-p95", "Start in a frame of a WebSocket, p95", 8, frames, 0.95),
    percentiles({ name: "woken-p50", what: "Start, background asleep, p50" }, woken, 0.5),
    percentiles(
      {
        name: "woken-p95",
        what: "Start, background asleep, p95",
        bar: 120,
        why: "Chromium starts a service worker, which reads and compiles the module, before it can be asked",
      },
      woken,
      0.95,
    ),
    compared(
      {
        name: "large",
        what: "Start of 1 MB, the whole way",
        unit: "ms",
        compares: "difference",
        bar: 20,
        why: `the text is copied at each hop to the background, which takes ${comparisonOf(largeFloor)} where nothing else is done with it, and once more for the edited request; what is Rust's is the second row below`,
      },
      large,
    ),
    largeFloor,
  ];
}

/** A start of 1 MB: the attributes are in the middle, and what was said before is on both sides of them. */
export function largeBody() {
  const said = '{"from":"Ada Lovelace","text":"Hello, I have asked for help with my order before."}';
  const [head, between, tail] = ['{"configurationId":"config-live","before":[', `],${ATTRIBUTES},"after":[`, "]}"];
  const room = LARGE_BYTES - head.length - between.length - tail.length;
  const half = new Array(Math.floor(room / 2 / (said.length + 1))).fill(said).join();
  return `${head}${half}${between}${half}${" ".repeat(room - 2 * half.length)}${tail}`;
}

/**
 * Ends the background, so that the start must wake it. What the last start still reports would wake it meanwhile: that
 * is waited for, and where it was not enough, it is ended once more.
 * @param {Scene} scene
 * @param {Side} side
 */
async function putToSleep(scene, side) {
  if (side === "with") {
    await pause(REPORTS_MS);
    await scene.stopBackground().catch(() => scene.stopBackground());
  }
}

/**
 * Lets the reports of the starts before come to an end, which are none of this side's.
 * @param {Scene} _
 * @param {Side} side
 */
async function letReport(_, side) {
  if (side !== "with") {
    await pause(REPORTS_MS);
  }
}

/**
 * A start that went out as the page wrote it would be a quick one, and no measure; but for one that waited for as long
 * as any does, on a machine that has no time for it.
 * @param {Scene} scene
 * @param {Round} round
 */
async function checkArrived(scene, round) {
  const { with: ours = [] } = round;
  const arrived = await scene.received(Object.values(round).flat().length);
  const injected = arrived.filter(({ body }) => body.includes(CRM_ID)).length;
  const expected = ours.filter((time) => time < VERDICT_LIMIT_MS).length;
  if (injected < expected) {
    throw new Error(`of ${expected} starts with the extension, ${injected} arrived with the CRM ID`);
  }
}
