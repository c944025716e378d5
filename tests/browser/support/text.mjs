// @ts-check
/** Text for a terminal: what a page wrote shown safely, cut to a width, and its changed parts marked. */

/**
 * A piece of a body, and whether it differs from the other side.
 * @typedef {{text: string, isChanged: boolean}} Part
 */

/**
 * One character of a terminal's line, as it is shown.
 * @typedef {{text: string, width: number, isChanged: boolean}} Cell
 */

const COMBINING = /^\p{M}$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
const INVISIBLE = /^[\p{C}\p{Zl}\p{Zp}]$/u;

/** What marks the rest of a line that was too long. */
const CONTINUED = "↳ ";

/**
 * A text with everything that a terminal would obey, or not show, spelled out: page text moves no cursor.
 * @param {string} text
 */
export function visible(text) {
  return Array.from(text, shown).join("");
}

/**
 * The columns that a text takes.
 * @param {string} text
 */
export function widthOf(text) {
  return Array.from(text).reduce((width, character) => width + characterWidth(character), 0);
}

/**
 * A text with spaces up to a width.
 * @param {string} text
 * @param {number} width
 */
export function padded(text, width) {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/**
 * A sentence in lines of at most a width, broken between words; a longer word is broken anywhere.
 * @param {string} text
 * @param {number} width
 */
export function wrapped(text, width) {
  const lines = [""];
  for (const word of visible(text).split(/ +/).filter(Boolean)) {
    const line = lines[lines.length - 1];
    if (line === "") {
      lines[lines.length - 1] = word;
    } else if (widthOf(line) + 1 + widthOf(word) <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else {
      lines.push(word);
    }
    while (widthOf(lines[lines.length - 1]) > width) {
      const characters = Array.from(lines[lines.length - 1]);
      const end = fitting(characters.map(characterWidth), width);
      lines.splice(-1, 1, characters.slice(0, end).join(""), characters.slice(end).join(""));
    }
  }
  return lines;
}

/**
 * The lines of a body, each as cells.
 * @param {Part[]} parts
 * @returns {Cell[][]}
 */
export function linesOf(parts) {
  /** @type {Cell[][]} */
  const lines = [[]];
  for (const { text, isChanged } of parts) {
    for (const character of text) {
      if (character === "\n") {
        lines.push([]);
        continue;
      }
      const text = shown(character);
      lines[lines.length - 1].push({ text, width: widthOf(text), isChanged });
    }
  }
  return lines;
}

/**
 * One line in rows of at most a width; the rows after the first begin with an arrow.
 * @param {Cell[]} line
 * @param {number} width
 * @returns {Cell[][]}
 */
export function rowsOf(line, width) {
  const arrow = { text: CONTINUED, width: widthOf(CONTINUED), isChanged: false };
  const first = fitting(line.map((cell) => cell.width), width);
  const rows = [line.slice(0, first)];
  for (let rest = line.slice(first); rest.length > 0; ) {
    const count = fitting(rest.map((cell) => cell.width), width - arrow.width);
    rows.push([arrow, ...rest.slice(0, count)]);
    rest = rest.slice(count);
  }
  return rows;
}

/**
 * The part of a text that another one does not have: what is left between the beginning and the end they share.
 * @param {string} text
 * @param {string} other
 * @returns {Part[]}
 */
export function differingPart(text, other) {
  const [characters, others] = [Array.from(text), Array.from(other)];
  const start = shared(characters, others);
  const end = shared(characters.slice(start).reverse(), others.slice(start).reverse());
  const cut = (/** @type {number} */ from, /** @type {number} */ to) => characters.slice(from, to).join("");
  const until = characters.length - end;
  return [
    { text: cut(0, start), isChanged: false },
    { text: cut(start, until), isChanged: true },
    { text: cut(until, characters.length), isChanged: false },
  ].filter(({ text }) => text !== "");
}

/**
 * How many items two lists have in common at their beginning.
 * @template T
 * @param {T[]} one
 * @param {T[]} other
 * @param {(one: T, other: T) => boolean} [isSame]
 */
export function shared(one, other, isSame = Object.is) {
  let count = 0;
  while (count < one.length && count < other.length && isSame(one[count], other[count])) {
    count += 1;
  }
  return count;
}

/**
 * How many of these widths fit, at least one.
 * @param {number[]} widths
 * @param {number} width
 */
function fitting(widths, width) {
  let count = 0;
  for (let left = width; count < widths.length && widths[count] <= left; count += 1) {
    left -= widths[count];
  }
  return Math.max(1, count);
}

/** @param {string} character */
function shown(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  if (code < 0x20) {
    return String.fromCodePoint(0x2400 + code);
  }
  return INVISIBLE.test(character) ? `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>` : character;
}

/** @param {string} character */
function characterWidth(character) {
  return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
