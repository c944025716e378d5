// @ts-check
/** What demo and bench print: safe, cut to the width, and marked. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { carries, report } from "./demo/report.mjs";
import { median, middle, percentile, spread, table } from "./support/numbers.mjs";
import { sideBySide } from "./support/side_by_side.mjs";
import { terminalOf } from "./support/terminal.mjs";
import { differingPart, visible, widthOf, wrapped } from "./support/text.mjs";
import { sizesInZip } from "./support/zip.mjs";

/** @typedef {import("./support/text.mjs").Part} Part */

/**
 * Parts of a text in which [[…]] is what changed.
 * @param {string} text
 * @returns {Part[]}
 */
function parts(text) {
  const pieces = text.split(/\[\[|\]\]/).map((piece, index) => ({ text: piece, isChanged: index % 2 === 1 }));
  return pieces.filter((piece) => piece.text !== "");
}

describe("text for a terminal", () => {
  test("what a terminal would obey is spelled out", () => {
    assert.equal(visible("a\x1b[31m\r\tb"), "a␛[31m␍␉b");
    assert.equal(visible("\u202ecod\u200b\x85"), "<U+202E>cod<U+200B><U+0085>");
    assert.equal(visible("Ünï 顧客 😀"), "Ünï 顧客 😀");
  });

  test("width is counted in columns", () => {
    assert.equal(widthOf("abc"), 3);
    assert.equal(widthOf("顧客"), 4);
    assert.equal(widthOf("e\u0301"), 1);
  });

  test("sentences break between words, and long words anywhere", () => {
    assert.deepEqual(wrapped("one two three", 8), ["one two", "three"]);
    assert.deepEqual(wrapped("one", 3), ["one"]);
    assert.deepEqual(wrapped("a abcdefgh", 3), ["a", "abc", "def", "gh"]);
    assert.deepEqual(wrapped("", 3), [""]);
  });

  test("the differing part is what is between the shared beginning and end", () => {
    const check = (/** @type {string} */ other, /** @type {string} */ expected) =>
      assert.deepEqual(differingPart(expected.replace(/\[\[|\]\]/g, ""), other), parts(expected));
    check('{"id": 1}', '{"id": [[25]]}');
    check("{}", '{[["id":1]]}');
    check("aa", "aa[[a]]");
    check("same", "same");
    check("", "[[new]]");
  });
});

describe("two bodies beside each other", () => {
  /** @type {(left: string, right: string, width: number, expected: string[]) => void} */
  const check = (left, right, width, expected) => {
    const side = (/** @type {string} */ title, /** @type {string} */ body) => ({ title, parts: parts(body) });
    const terminal = { ...terminalOf({}, {}), width };
    assert.deepEqual(sideBySide(side("L", left), side("R", right), terminal).slice(2), expected);
  };

  test("without colour, markers stand under what changed", () => {
    check('{\n "id": [[1]]\n}', '{\n "id": [["CRM"]]\n}', 80, [
      "{        │ {",
      ' "id": 1 │  "id": "CRM"',
      "       ^ │        ^^^^^",
      "}        │ }",
    ]);
  });

  test("long lines wrap in their column, marks too", () => {
    check("[[abcdef]]gh", "abcdefgh", 13, [
      "abcde │ abcde",
      "^^^^^ │",
      "↳ fgh │ ↳ fgh",
      "  ^   │",
    ]);
  });

  test("added lines leave a gap on the other side, and the rest stays in line", () => {
    check("{\n}", "{\n[[a]]\n}", 80, ["{ │ {", "  │ a", "  │ ^", "} │ }"]);
    check("{\na\nb\n}", "{\n}", 80, ["{ │ {", "a │", "b │", "} │ }"]);
  });

  test("in colour, marks are inverse and there are no markers", () => {
    const terminal = terminalOf({ isTTY: true, columns: 80 }, {});
    const side = { title: "T", parts: parts("a[[b]]c") };
    assert.deepEqual(sideBySide(side, side, terminal).slice(2), [
      "a\x1b[1;7mb\x1b[0mc\x1b[2m │ \x1b[0ma\x1b[1;7mb\x1b[0mc",
    ]);
  });
});

test("colour needs a terminal that wants it", () => {
  assert.equal(terminalOf({ isTTY: true }, {}).isColoured, true);
  assert.equal(terminalOf({ isTTY: true }, { NO_COLOR: "1" }).isColoured, false);
  assert.equal(terminalOf({}, {}).isColoured, false);
  assert.equal(terminalOf({}, { COLUMNS: "132" }).width, 132);
  assert.equal(terminalOf({}, {}).width, 80);
});

describe("the demo's report", () => {
  const body = (/** @type {string} */ text) => ({ label: "", note: "", parts: text === "" ? [] : parts(text) });
  const shown = (/** @type {string} */ before, /** @type {string} */ after) => ({
    time: "14:03:22.125",
    vendor: "Genesys web chat",
    request: "POST http://127.0.0.1/api",
    result: "200 Accepted",
    delivery: "Sent.",
    findings: [{ severity: "warning", sentence: "S", cause: "C", remedy: "R" }],
    before: body(before),
    after: body(after),
  });
  /** @type {(arrived: string, shown: import("./demo/panel.mjs").ShownStart | undefined, isGood: boolean, last: RegExp) => void} */
  const check = (arrived, start, isGood, last) => {
    const arrival = { path: "/api", headers: [], body: arrived };
    const result = report(1, arrival, start, "CRM-1", terminalOf({}, {}));
    assert.equal(result.isGood, isGood);
    assert.match(result.lines.join("\n"), last);
    assert.ok(result.lines.every((line) => widthOf(line) <= 80));
  };

  test("a start is good when the server has the CRM ID and the panel says the same", () => {
    check('{"id":"CRM-1"}', shown('{"id":[["WEB"]]}', '{"id":[["CRM-1"]]}'), true, /✓ The server received the CRM ID/);
    check('{"id":"CRM-1"}', shown('{"id":"CRM-1"}', ""), true, /✓/);
    check('{"id":"WEB"}', shown('{"id":"WEB"}', ""), false, /✗ .* without the CRM ID CRM-1\.$/);
    check('{"id":"CRM-1" }', shown('{"id":"WEB"}', '{"id":"CRM-1"}'), false, /✗ .* something else than the panel/);
    check('{"id":"WEB"}', undefined, false, /did\s+not\s+catch it\.$/);
  });

  test("findings come with cause and remedy", () => {
    check('{"id":"CRM-1"}', shown('{"id":"CRM-1"}', ""), true, /warning {2}S\n +C\n +What to do: R/);
  });

  test("the CRM ID counts where it is a value", () => {
    assert.equal(carries('{"a":{"b":"CRM-1"}}', "CRM-1"), true);
    assert.equal(carries('{"CRM-1":"x"}', "CRM-1"), false);
    assert.equal(carries('{"a":"xCRM-1"}', "CRM-1"), false);
    assert.equal(carries("CRM-1", "CRM-1"), false);
  });
});

describe("the bench's numbers", () => {
  test("a median is the middle", () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([10, 9, 1, 2]), 5.5);
    assert.throws(() => median([]));
    assert.deepEqual(spread([3, 1, 2]), [1, 3]);
  });

  test("what is far off counts for nothing in the mean of the middle half", () => {
    assert.equal(middle([900, 3, 1, 2]), 2.5);
    assert.equal(middle([4]), 4);
    assert.throws(() => middle([]));
  });

  test("a percentile is a value that was measured", () => {
    assert.equal(percentile([3, 1, 2], 0.5), 2);
    assert.equal(percentile([1, 2, 3, 4], 0.95), 4);
    assert.throws(() => percentile([], 0.5));
  });

  test("a table's columns are as wide as their widest cell", () => {
    assert.deepEqual(table(["What", "ms"], [["fetch", "1"], ["a", "150"]]), [
      "What    ms",
      "──────────",
      "fetch    1",
      "a      150",
    ]);
  });

  test("sizes are read from a zip's directory", () => {
    // Made by Python's zipfile: a.txt, 3 bytes, and d/b.txt, 1,000 bytes, with a comment at the end.
    const zip = Buffer.from(ZIP, "base64");
    assert.deepEqual([...sizesInZip(zip)], [["a.txt", 3], ["d/b.txt", 1000]]);
    assert.throws(() => sizesInZip(Buffer.from("no zip, but long enough to be one")), /no zip/);
  });
});

const ZIP =
  "UEsDBBQAAAAIAAAAIQDCQSQ1BQAAAAMAAAAFAAAAYS50eHRLTEoGAFBLAwQUAAAACAAAACEA5slBOwsAAADoAwAABwAAAGQvYi50" +
  "eHSrqBgFo2AUDHcAAFBLAQIUAxQAAAAIAAAAIQDCQSQ1BQAAAAMAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBLAQIUAxQAAAAI" +
  "AAAAIQDmyUE7CwAAAOgDAAAHAAAAAAAAAAAAAACAASgAAABkL2IudHh0UEsFBgAAAAACAAIAaAAAAFgAAAACAGhp";
