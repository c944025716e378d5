// @ts-check
/** Documents: how much later the first script of an empty page runs. */

import { documentTimes } from "./in_page.mjs";
import { inTurn } from "./pairs.mjs";
import { compared, comparisonOf } from "./result.mjs";
import { hostOf } from "./scene.mjs";

/** @typedef {import("./pairs.mjs").Round} Round */
/** @typedef {import("./scene.mjs").Side} Side */

const NAVIGATIONS = 24;
const WARM_UP = 3;

/** @type {Side[]} */
const SIDES = ["with", "without", "empty"];

/**
 * One round: a page that goes to the empty page of either host in turns.
 * @param {import("./scene.mjs").StartedBrowser} browser
 * @param {string} site the playground's
 * @returns {Promise<{all: Round, afterAnswer: Round}>}
 */
export async function documentRound(browser, site) {
  const { port } = new URL(site);
  /** @type {{all: Round, afterAnswer: Round}} */
  const round = { all: {}, afterAnswer: {} };
  const page = await browser.open("about:blank");
  for (let index = -WARM_UP; index < NAVIGATIONS; index += 1) {
    for (const side of inTurn(SIDES, index + WARM_UP)) {
      await page.goto(`http://${hostOf(side)}:${port}/empty`);
      const times = await page.evaluate(documentTimes);
      if (index >= 0) {
        (round.all[side] ??= []).push(times.all);
        (round.afterAnswer[side] ??= []).push(times.afterAnswer);
      }
    }
  }
  await page.close();
  return round;
}

/**
 * @param {(name: string) => Round[]} roundsOf
 */
export function documentResults(roundsOf) {
  const floor = compared(
    { name: "document-floor", what: "  with empty scripts in the same places", unit: "ms", compares: "difference" },
    roundsOf("document"),
    "empty",
  );
  return [
    compared(
      {
        name: "document",
        what: "Document start",
        unit: "ms",
        compares: "difference",
        bar: 1,
        why: `two empty scripts in the same places take ${comparisonOf(floor)}, most of it the world that Chromium makes for the relay; the rest is the page script, which has to be there before any of the page's`,
      },
      roundsOf("document"),
    ),
    floor,
    compared(
      { name: "document-answer", what: "  from the answer's first byte", unit: "ms", compares: "difference" },
      roundsOf("document-answer"),
    ),
  ];
}
