// @ts-check
/** Measures with and without the extension, back to back and in alternating order. */

import { median } from "../support/numbers.mjs";

export const PAIRS = 7;

/** One sample of each side. @typedef {{with: number, without: number}} Pair */

/**
 * The pairs of a measurement: A B, then B A, and so on.
 * @param {(side: "with" | "without") => Promise<number>} sample
 * @param {number} [count]
 * @returns {Promise<Pair[]>}
 */
export async function pairs(sample, count = PAIRS) {
  const pairs = [];
  for (let index = 0; index < count; index += 1) {
    const pair = { with: 0, without: 0 };
    for (const side of inTurn(index)) {
      pair[side] = await sample(side);
    }
    pairs.push(pair);
  }
  return pairs;
}

/**
 * The pairs of a measurement whose samples are cut in slices: the sides take turns slice by slice, so that whatever
 * else the machine does meets both, and a sample is the median of its slices.
 * @param {(side: "with" | "without") => Promise<number>} slice
 * @param {number} slices
 * @param {number} [count]
 * @returns {Promise<Pair[]>}
 */
export async function slicedPairs(slice, slices, count = PAIRS) {
  const all = await pairs(slice, count * slices);
  return Array.from({ length: count }, (_, index) => {
    const own = all.slice(index * slices, (index + 1) * slices);
    return { with: median(own.map((pair) => pair.with)), without: median(own.map((pair) => pair.without)) };
  });
}

/**
 * Which side comes first at an index, and which second.
 * @param {number} index
 * @returns {("with" | "without")[]}
 */
export function inTurn(index) {
  return index % 2 === 0 ? ["with", "without"] : ["without", "with"];
}
