// @ts-check
/** Medians, spreads and tables of what was measured. */

import { padded, widthOf } from "./text.mjs";

/**
 * The middle value; of an even number of values the mean of the two in the middle.
 * @param {number[]} values
 */
export function median(values) {
  if (values.length === 0) {
    throw new RangeError("there is no median of nothing");
  }
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The mean of the middle half: as deaf to a few bad values as the median, and finer than it where a clock is coarse.
 * @param {number[]} values
 */
export function middle(values) {
  if (values.length === 0) {
    throw new RangeError("there is no middle of nothing");
  }
  const sorted = [...values].sort((one, other) => one - other);
  const cut = sorted.length >> 2;
  const kept = sorted.slice(cut, sorted.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/**
 * The value that a share of all values does not exceed.
 * @param {number[]} values
 * @param {number} share such as 0.95
 */
export function percentile(values, share) {
  if (values.length === 0) {
    throw new RangeError("there is no percentile of nothing");
  }
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * share) - 1];
}

/**
 * The least and the most.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function spread(values) {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * Rows under their titles; the first column and those named stand left, the others right.
 * @param {string[]} titles
 * @param {string[][]} rows
 * @param {number[]} [left] columns that stand left
 * @returns {string[]}
 */
export function table(titles, rows, left = [0]) {
  const widths = titles.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column])].map(widthOf)));
  const line = (/** @type {string[]} */ cells) =>
    cells
      .map((cell, column) =>
        left.includes(column) ? padded(cell, widths[column]) : " ".repeat(widths[column] - widthOf(cell)) + cell,
      )
      .join("  ")
      .trimEnd();
  return [line(titles), widths.map((width) => "─".repeat(width)).join("──"), ...rows.map(line)];
}
