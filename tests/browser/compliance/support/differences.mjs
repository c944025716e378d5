// @ts-check
/** Says where two pieces of plain data differ. */

/** @typedef {{place: string, line: string}} Difference where it is, and all that is told of it */

/**
 * Every place that differs. In a list of texts, what one side alone has is a place, whatever its index: so a text that
 * comes at another moment is two places, and the order of all others is still compared.
 * @param {unknown} expected
 * @param {unknown} got
 * @param {string} [place]
 * @returns {Generator<Difference>}
 */
export function* differences(expected, got, place = "") {
  if (isTexts(expected) && isTexts(got)) {
    for (const [verb, text] of unshared(expected, got)) {
      const where = `${place} ${verb} ${JSON.stringify(text)}`;
      yield { place: where, line: shortened(where) };
    }
    return;
  }
  if (!isObject(expected) || !isObject(got) || Array.isArray(expected) !== Array.isArray(got)) {
    if (!Object.is(expected, got)) {
      yield { place, line: `${place}: ${shown(expected)} without the extension, ${shown(got)} with it` };
    }
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    yield* differences(expected[key], got[key], `${place}${Array.isArray(expected) ? `[${key}]` : `.${key}`}`);
  }
}

/**
 * What is not of the longest sequence that both have.
 * @param {string[]} expected
 * @param {string[]} got
 * @returns {["lacks" | "has", string][]}
 */
function unshared(expected, got) {
  // lengths[i][j] is how long the longest sequence is of what follows i here, and j there.
  const lengths = [...expected, ""].map(() => new Array(got.length + 1).fill(0));
  for (let here = expected.length - 1; here >= 0; here -= 1) {
    for (let there = got.length - 1; there >= 0; there -= 1) {
      lengths[here][there] =
        expected[here] === got[there]
          ? lengths[here + 1][there + 1] + 1
          : Math.max(lengths[here + 1][there], lengths[here][there + 1]);
    }
  }
  /** @type {["lacks" | "has", string][]} */
  const lines = [];
  let [here, there] = [0, 0];
  while (here < expected.length || there < got.length) {
    if (here < expected.length && there < got.length && expected[here] === got[there]) {
      here += 1;
      there += 1;
    } else if (there === got.length || (here < expected.length && lengths[here + 1][there] >= lengths[here][there + 1])) {
      lines.push(["lacks", expected[here]]);
      here += 1;
    } else {
      lines.push(["has", got[there]]);
      there += 1;
    }
  }
  return lines;
}

/**
 * @param {unknown} value
 * @returns {value is string[]}
 */
function isTexts(value) {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** @param {unknown} value */
function shown(value) {
  return shortened(JSON.stringify(value) ?? "nothing");
}

/** @param {string} text */
function shortened(text) {
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
