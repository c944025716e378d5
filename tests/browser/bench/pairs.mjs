// @ts-check
/** Takes samples of all sides of a scene in turns, so that whatever else the machine does meets each of them. */

/** @typedef {import("./scene.mjs").Scene} Scene */
/** @typedef {import("./scene.mjs").Side} Side */

/** Each round has a page of its own, and gives one pair. */
export const ROUNDS = 7;

/** What was measured in one round, by side. @typedef {Partial<Record<Side, number[]>>} Round */

/**
 * @typedef {object} Measurement
 * @property {Side[]} sides
 * @property {(...given: any[]) => number | Promise<number | number[]>} inPage what is timed; of `in_page.mjs`
 * @property {any[]} given its arguments
 * @property {number} slices so many of them make a round's sample of a side
 * @property {number} warmUp so many are thrown away first
 * @property {(scene: Scene, side: Side) => Promise<unknown>} [before] each slice
 * @property {(scene: Scene, round: Round) => Promise<unknown>} [check] that the round is a measure at all
 */

/**
 * One round of a measurement.
 * @param {Measurement} measurement
 * @param {Scene} scene
 * @returns {Promise<Round>}
 */
export async function roundOf({ sides, inPage, given, slices, warmUp, before, check }, scene) {
  const take = async (/** @type {Side} */ side) => {
    await before?.(scene, side);
    try {
      return [await scene.frameOf(side).evaluate(inPage, ...given)].flat();
    } catch (error) {
      throw new Error(`${inPage.name}() ${side === "floor" ? "of the floor" : `${side} the extension`}: ${error}`, { cause: error });
    }
  };
  for (let index = 0; index < warmUp; index += 1) {
    for (const side of sides) {
      await take(side);
    }
  }
  await scene.forget();
  /** @type {Round} */
  const round = {};
  for (let index = 0; index < slices; index += 1) {
    for (const side of inTurn(sides, index)) {
      (round[side] ??= []).push(...(await take(side)));
    }
  }
  await check?.(scene, round);
  return round;
}

/**
 * The order of the sides at an index: each comes first as often as the others, and after each of them as often.
 * @param {Side[]} sides
 * @param {number} index
 */
export function inTurn(sides, index) {
  const first = index % sides.length;
  const turned = [...sides.slice(first), ...sides.slice(0, first)];
  return sides.length > 2 && Math.floor(index / sides.length) % 2 === 1 ? turned.reverse() : turned;
}
