// @ts-check
/** Says where two pieces of plain data differ. */

/** More than these are not told. */
const MOST = 12;

/**
 * One line for each place that differs.
 * @param {unknown} expected
 * @param {unknown} got
 * @returns {string[]}
 */
export function differences(expected, got) {
  const lines = [...differing(expected, got, "")];
  return lines.length > MOST ? [...lines.slice(0, MOST), `… and ${lines.length - MOST} more`] : lines;
}

/**
 * @param {unknown} expected
 * @param {unknown} got
 * @param {string} place
 * @returns {Generator<string>}
 */
function* differing(expected, got, place) {
  if (!isObject(expected) || !isObject(got) || Array.isArray(expected) !== Array.isArray(got)) {
    if (!Object.is(expected, got)) {
      yield `${place || "it"}: ${shown(expected)} without the extension, ${shown(got)} with it`;
    }
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    yield* differing(expected[key], got[key], `${place}${Array.isArray(expected) ? `[${key}]` : `.${key}`}`);
  }
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
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
