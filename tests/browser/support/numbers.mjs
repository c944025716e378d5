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
