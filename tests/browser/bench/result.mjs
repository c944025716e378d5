// @ts-check
/** One thing that was measured, against its bar. */

import { median, middle, percentile, spread, table } from "../support/numbers.mjs";

/** @typedef {import("./pairs.mjs").Round} Round */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string} what
 * @property {"ms" | "µs" | "bytes"} unit of `with` and `without`
 * @property {number} with
 * @property {number} [without]
 * @property {"ratio" | "difference" | "size" | "time"} compares what `value`, `spread` and `bar` are
 * @property {number} value
 * @property {[number, number]} [spread] the least and the most of the rounds
 * @property {number} [bar] the most that `value` may be; none where it is for information
 * @property {boolean} [isReached]
 * @property {string} [why] what it costs most, where the bar is missed
 */

/** @typedef {Pick<Result, "name" | "what" | "bar" | "why">} About */

/**
 * Each round's two sides compared, and the median of that.
 * @param {About & {unit: "ms" | "µs", compares: "ratio" | "difference"}} about
 * @param {Round[]} rounds
 * @param {import("./scene.mjs").Side} [side] that is compared with the one without
 * @returns {Result}
 */
export function compared(about, rounds, side = "with") {
  const pairs = rounds.map((round) => ({ with: middle(round[side] ?? []), without: middle(round.without ?? []) }));
  const compare = (/** @type {{with: number, without: number}} */ pair) =>
    about.compares === "ratio" ? pair.with / pair.without : pair.with - pair.without;
  const values = pairs.map(compare);
  const medians = { with: median(pairs.map((pair) => pair.with)), without: median(pairs.map((pair) => pair.without)) };
  return judged({ ...about, ...medians, value: median(values), spread: spread(values) });
}

/**
 * A percentile of all values of one side, less that of the other.
 * @param {About} about
 * @param {Round[]} rounds
 * @param {number} share such as 0.95
 * @param {import("./scene.mjs").Side} [side] that is compared with the one without
 * @returns {Result}
 */
export function percentiles(about, rounds, share, side = "with") {
  const of = (/** @type {Round[]} */ some) => ({
    with: percentile(some.flatMap((round) => round[side] ?? []), share),
    without: percentile(some.flatMap((round) => round.without ?? []), share),
  });
  const less = (/** @type {{with: number, without: number}} */ pair) => pair.with - pair.without;
  const all = of(rounds);
  const spreads = spread(rounds.map((round) => less(of([round]))));
  return judged({ ...about, ...all, unit: "ms", compares: "difference", value: less(all), spread: spreads });
}

/**
 * Something that is there with the extension alone.
 * @param {About & {unit: "ms" | "µs"}} about
 * @param {number[]} values
 * @returns {Result}
 */
export function measured(about, values) {
  const value = median(values);
  return judged({ ...about, compares: "time", with: value, value, spread: spread(values) });
}

/**
 * What one side takes by itself, with what the other takes for the same thing beside it, if there is another.
 * @param {About & {unit: "ms" | "µs"}} about
 * @param {Round[]} rounds
 * @returns {Result}
 */
export function alone(about, rounds) {
  const of = (/** @type {"with" | "without"} */ side) => rounds.map((round) => middle(round[side] ?? []));
  const values = of("with");
  const beside = rounds.some((round) => round.without !== undefined) ? { without: median(of("without")) } : {};
  const value = median(values);
  return judged({ ...about, ...beside, compares: "time", with: value, value, spread: spread(values) });
}

/**
 * The size of a file.
 * @param {About} about
 * @param {number} bytes
 * @returns {Result}
 */
export function sized(about, bytes) {
  return judged({ ...about, unit: "bytes", compares: "size", with: bytes, value: bytes });
}

/** What a result says of itself, such as `+1.20 ms`. @param {Result} result */
export function comparisonOf(result) {
  return comparison(result.value, result);
}

const TITLES = ["What", "With", "Without", "Compared", "Least to most", "Bar", ""];

/**
 * All results as a table.
 * @param {Result[]} results
 */
export function tableOf(results) {
  return table(TITLES, results.map(cellsOf), [0, 6]);
}

/**
 * The same in Markdown.
 * @param {Result[]} results
 */
export function markdownOf(results) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  // A cell's first spaces would be lost, and with them that a row belongs to the one above.
  const rows = results.map(cellsOf).map(([what, ...rest]) => [what.replace(/^ +/, "… "), ...rest]);
  return [line(TITLES), "| --- | --: | --: | --: | --: | --: | --- |", ...rows.map(line)];
}

/** @param {Result} result */
function cellsOf(result) {
  const isCompared = result.compares === "ratio" || result.compares === "difference";
  return [
    result.what,
    amount(result.with, result.unit),
    result.without === undefined ? "" : amount(result.without, result.unit),
    isCompared ? comparison(result.value, result) : "",
    result.spread === undefined ? "" : result.spread.map((value) => comparison(value, result)).join(" to "),
    result.bar === undefined ? "none" : limit(result.bar, result),
    result.isReached === undefined ? "" : result.isReached ? "reached" : "MISSED",
  ];
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
  return compares === "ratio"
    ? `×${value.toFixed(3)}`
    : compares === "time"
      ? amount(value, unit)
      : `${value < 0 ? "−" : "+"}${amount(Math.abs(value), unit)}`;
}

/**
 * @param {number} bar
 * @param {Result} result
 */
function limit(bar, { compares, unit }) {
  return compares === "ratio" ? `×${bar}` : unit === "bytes" ? `${bar / 1024} KB` : `${bar} ${unit}`;
}
