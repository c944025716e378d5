// @ts-check
/** One thing that was measured, against its bar. */

import { median, spread, table } from "../support/numbers.mjs";

/** @typedef {import("./pairs.mjs").Pair} Pair */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string} what
 * @property {"ms" | "µs" | "bytes"} unit of `with` and `without`
 * @property {number} with
 * @property {number} [without]
 * @property {"ratio" | "difference" | "size"} compares what `value`, `spread` and `bar` are
 * @property {number} value
 * @property {[number, number]} [spread] the least and the most of the pairs
 * @property {number} [bar] the most that `value` may be; none where it is for information
 * @property {boolean} [isReached]
 */

/**
 * The medians of both sides of some pairs, and their ratio or difference.
 * @param {Pick<Result, "name" | "what" | "unit" | "bar"> & {compares: "ratio" | "difference"}} about
 * @param {Pair[]} pairs
 * @returns {Result}
 */
export function compared(about, pairs) {
  const compare = (/** @type {Pair} */ pair) =>
    about.compares === "ratio" ? pair.with / pair.without : pair.with - pair.without;
  const medians = { with: median(pairs.map((pair) => pair.with)), without: median(pairs.map((pair) => pair.without)) };
  return judged({ ...about, ...medians, value: compare(medians), spread: spread(pairs.map(compare)) });
}

/**
 * The size of a file.
 * @param {Pick<Result, "name" | "what" | "bar">} about
 * @param {number} bytes
 * @returns {Result}
 */
export function sized(about, bytes) {
  return judged({ ...about, unit: "bytes", compares: "size", with: bytes, value: bytes });
}

/**
 * All results as a table.
 * @param {Result[]} results
 */
export function tableOf(results) {
  return table(
    ["What", "With", "Without", "Compared", "Least to most", "Bar", ""],
    results.map((result) => [
      result.what,
      amount(result.with, result.unit),
      result.without === undefined ? "" : amount(result.without, result.unit),
      result.compares === "size" ? "" : comparison(result.value, result),
      result.spread === undefined ? "" : result.spread.map((value) => comparison(value, result)).join(" to "),
      result.bar === undefined ? "none" : limit(result.bar, result),
      result.isReached === undefined ? "" : result.isReached ? "reached" : "MISSED",
    ]),
    [0, 6],
  );
}

/** @param {Result} result @returns {Result} */
function judged(result) {
  return result.bar === undefined ? result : { ...result, isReached: result.value <= result.bar };
}

/**
 * @param {number} value
 * @param {Result["unit"]} unit
 */
function amount(value, unit) {
  return unit === "bytes" ? `${(value / 1024).toFixed(2)} KB` : `${value.toFixed(2)} ${unit}`;
}

/**
 * @param {number} value
 * @param {Result} result
 */
function comparison(value, { compares, unit }) {
  return compares === "ratio" ? `×${value.toFixed(3)}` : `${value < 0 ? "−" : "+"}${amount(Math.abs(value), unit)}`;
}

/**
 * @param {number} bar
 * @param {Result} result
 */
function limit(bar, { compares, unit }) {
  return compares === "ratio" ? `×${bar}` : unit === "bytes" ? `${bar / 1024} KB` : `${bar} ${unit}`;
}
