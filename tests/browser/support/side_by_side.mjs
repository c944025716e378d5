// @ts-check
/** Two bodies beside each other, line by line, with what differs marked. */

import { linesOf, padded, rowsOf, shared, widthOf } from "./text.mjs";

/** @typedef {import("./text.mjs").Part} Part */
/** @typedef {import("./text.mjs").Cell} Cell */
/** @typedef {import("./terminal.mjs").Terminal} Terminal */

const BETWEEN = " │ ";

/**
 * Two columns under their titles, as lines that the terminal's width takes.
 * @param {{title: string, parts: Part[]}} left
 * @param {{title: string, parts: Part[]}} right
 * @param {Pick<Terminal, "width" | "isColoured" | "bold" | "quiet" | "mark">} terminal
 * @returns {string[]}
 */
export function sideBySide(left, right, terminal) {
  const [leftLines, rightLines] = [linesOf(left.parts), linesOf(right.parts)];
  const widest = (/** @type {string} */ title, /** @type {Cell[][]} */ lines) =>
    Math.max(widthOf(title), ...lines.map(cellsWidth));
  const most = Math.floor((terminal.width - BETWEEN.length) / 2);
  const leftWidth = Math.min(most, widest(left.title, leftLines));
  const rightWidth = Math.min(most, widest(right.title, rightLines));

  const bar = terminal.quiet(BETWEEN);
  const out = [
    terminal.bold(padded(left.title, leftWidth)) + bar + terminal.bold(right.title),
    terminal.quiet(`${"─".repeat(leftWidth)}─┼─${"─".repeat(rightWidth)}`),
  ];
  for (const [one, other] of aligned(leftLines, rightLines)) {
    const oneRows = one === undefined ? [] : rowsOf(one, leftWidth);
    const otherRows = other === undefined ? [] : rowsOf(other, rightWidth);
    for (let index = 0; index < Math.max(oneRows.length, otherRows.length); index += 1) {
      const [oneRow, otherRow] = [oneRows[index] ?? [], otherRows[index] ?? []];
      const gap = " ".repeat(Math.max(0, leftWidth - cellsWidth(oneRow)));
      out.push(`${painted(oneRow, terminal)}${gap}${bar}${painted(otherRow, terminal)}`);
      if (!terminal.isColoured && [...oneRow, ...otherRow].some((cell) => cell.isChanged)) {
        out.push(`${padded(markers(oneRow), leftWidth)}${BETWEEN}${markers(otherRow)}`);
      }
    }
  }
  return out.map((line) => line.trimEnd());
}

/**
 * The lines in pairs: what both begin and end with stands beside itself, what is between them from the top.
 * @param {Cell[][]} left
 * @param {Cell[][]} right
 * @returns {[Cell[] | undefined, Cell[] | undefined][]}
 */
function aligned(left, right) {
  const text = (/** @type {Cell[]} */ line) => line.map((cell) => cell.text).join("");
  const isSame = (/** @type {Cell[]} */ one, /** @type {Cell[]} */ other) => text(one) === text(other);
  const start = shared(left, right, isSame);
  const end = shared(left.slice(start).reverse(), right.slice(start).reverse(), isSame);
  const [leftMiddle, rightMiddle] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const missing = (/** @type {number} */ count) => new Array(Math.max(0, count)).fill(undefined);
  const rightAligned = [
    ...right.slice(0, start),
    ...rightMiddle,
    ...missing(leftMiddle.length - rightMiddle.length),
    ...right.slice(right.length - end),
  ];
  return [
    ...left.slice(0, start),
    ...leftMiddle,
    ...missing(rightMiddle.length - leftMiddle.length),
    ...left.slice(left.length - end),
  ].map((line, index) => [line, rightAligned[index]]);
}

/** @param {Cell[]} cells */
function cellsWidth(cells) {
  return cells.reduce((width, cell) => width + cell.width, 0);
}

/**
 * A row's text, with each run of changed cells marked.
 * @param {Cell[]} row
 * @param {Pick<Terminal, "mark">} terminal
 */
function painted(row, terminal) {
  let out = "";
  for (let index = 0; index < row.length; ) {
    const { isChanged } = row[index];
    let run = "";
    for (; index < row.length && row[index].isChanged === isChanged; index += 1) {
      run += row[index].text;
    }
    out += isChanged ? terminal.mark(run) : run;
  }
  return out;
}

/**
 * What stands under a row where there is no colour to mark with.
 * @param {Cell[]} row
 */
function markers(row) {
  return row.map((cell) => (cell.isChanged ? "^" : " ").repeat(cell.width)).join("").trimEnd();
}
