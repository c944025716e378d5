// @ts-check
/** What was measured, where and when: for a terminal, for `docs/benchmarks.md`, and for machines. */

import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { ROUNDS } from "./pairs.mjs";
import { markdownOf, tableOf } from "./result.mjs";

/** @typedef {import("./result.mjs").Result} Result */
/** @typedef {ReturnType<typeof circumstances>} Circumstances */
/** @typedef {import("../support/terminal.mjs").Terminal} Terminal */

/**
 * The machine, before anything is measured on it.
 */
export function machine() {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    processor: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${distribution()}${type()} ${release()}`,
    loadBefore: Number(loadavg()[0].toFixed(2)),
  };
}

/**
 * @param {ReturnType<typeof machine>} before
 * @param {string} version the browser's
 * @param {string} interceptors their version
 * @param {number} seconds
 */
export function circumstances(before, version, interceptors, seconds) {
  return {
    ...before,
    loadAfter: Number(loadavg()[0].toFixed(2)),
    browser: `${version}, headless`,
    interceptors,
    rounds: ROUNDS,
    seconds: Math.round(seconds),
  };
}

/**
 * @param {Circumstances} where
 * @param {Result[]} results
 * @param {Terminal} terminal
 */
export function textOf(where, results, terminal) {
  const missed = missedOf(results);
  return [
    terminal.bold("Callsign bench"),
    "",
    ...factsOf(where).map((fact) => `  ${fact}`),
    "",
    ...tableOf(results).map((line, index) =>
      line.endsWith("MISSED") ? terminal.bad(line) : index === 0 ? terminal.bold(line) : line,
    ),
    "",
    ...(missed.length === 0 ? [] : [...missed.map((result) => `  ${reasonOf(result, where)}`), ""]),
    `${missed.length === 0 ? terminal.good("✓") : terminal.bad("✗")} ${terminal.bold(summaryOf(results))}`,
  ].join("\n");
}

/**
 * The document: the numbers of one run, and how each came about.
 * @param {Circumstances} where
 * @param {Result[]} results
 */
export function documentOf(where, results) {
  const reasons = missedOf(results).map((result) => `- ${reasonOf(result, where)}`);
  return [
    "# Benchmarks",
    "",
    "Written by `cargo xtask bench --write`; run it again rather than edit this.",
    "",
    ...factsOf(where).map((fact) => `- ${fact}`),
    "",
    ...markdownOf(results),
    "",
    `**${summaryOf(results)}**`,
    "",
    ...(reasons.length === 0 ? [] : ["## What is missed, and why", "", ...reasons, ""]),
    HOW,
  ].join("\n");
}

/** How each row is measured. */
const HOW = `## How it is measured

In one Chromium, the extension in it and enabled on one of three hosts. All three are the playground on loopback, as
\`with\`, \`without\` and \`interceptors\` under \`bench.localhost\`: one site, so frames of all three in one page share a
process and its main thread. Two browsers that are started alike, without any extension, differ by up to 4 % for as
long as they run, and that is more than what is looked for. The frames take turns every few milliseconds, so whatever
else the machine does meets all of them. Each of ${ROUNDS} rounds has a new page, throws its first samples away, and
makes one pair: of each side the mean of the middle half of its samples. *Compared* is the median of what the pairs
differ by, *least to most* what the rounds say; *with* and *without* are medians too. Of percentiles, *compared* is the
difference of both sides' percentiles over all rounds. The driver is not told of requests.

- **End to end**: one call after the other to \`/echo\` or \`/ws/echo\`, from the call to its whole answer, its \`load\` or
  its echo. A beacon has no answer that a page sees; the browser's list of resources has its end.
- **In the calling tick**: many calls at once, and their time divided by their number. Fetches are aborted before they
  leave; an XMLHttpRequest is made, opened, given a header, sent (to a \`data:\` address, without the network) and
  aborted, and these five are one; frames have two characters, and so have beacons.
- **\`@mswjs/interceptors\`**: its interceptors for fetch, XMLHttpRequest and WebSocket from its build for browsers,
  bundled and applied in a frame without the extension, with listeners that let everything through. It has none for
  beacons. Its WebSocket answers the page itself and passes frames on later, so its \`send\` returns before anything is
  sent.
- **Document start**: navigations of one tab to the empty page of either host in turns, from the beginning of the
  navigation to its first inline script; the row below, from the first byte of the answer.
- **Empty scripts, and an extension that only asks and answers**: a second extension in the same browser. On one host it
  has empty scripts where the relay and the page script are; on another it lets each start wait for one message to its
  background and one back, over a port that is open, and changes nothing. What they take is the browser's own.
- **Start**: a start by fetch (or as the first message of a Web Messaging session, each on a socket of its own) to its
  answer. Each is of another visit: the same once more counts as another try, and waits for what came of the one
  before. That the service received the customer ID is checked in each round. What is
  reported of it later meets no other side. Asleep: the background is stopped before each.
- **Start of 1 MB**: 1,048,576 bytes of JSON: the attributes in the middle, and what was said before on both sides of
  them. The bar is on the whole way in the page; Rust alone is the module in a page of the extension's own, given the
  message as the background gets it, until it has the verdict.
- **Rust alone**: what is decided and edited, without a browser around it. Natively it is a program that cargo makes
  with \`--release\`; in wasm the extension's code with one function more, compiled as the extension's module is, in
  Node.js. *With* is Rust, and *without* JavaScript in that Node.js: \`JSON.parse\`, the change, \`JSON.stringify\`, which
  respells what it does not change, and reads nothing back. The string's way into the module and out of it counts. Each
  sample is 200 times the same, and the sides take turns.
- **Sizes**: as packed; 1 KB is 1,024 bytes.
`;

/** @param {Result[]} results */
export function missedOf(results) {
  return results.filter(({ isReached }) => isReached === false);
}

/** @param {Result[]} results */
function summaryOf(results) {
  const bars = results.filter(({ bar }) => bar !== undefined).length;
  const { length } = missedOf(results);
  const verb = length === 1 ? "is" : "are";
  return length === 0 ? `All ${bars} bars are reached.` : `${length} of ${bars} bars ${verb} missed.`;
}

/**
 * Why a bar is missed, and what speaks against the number.
 * @param {Result} result
 * @param {Circumstances} where
 */
function reasonOf({ what, bar = 0, spread, why = "larger than it may be" }, { loadBefore, cores }) {
  const doubts = [
    ...(spread !== undefined && spread[0] <= bar ? ["some rounds reach it"] : []),
    ...(spread !== undefined && loadBefore > cores / 2 ? [`the load before was ${loadBefore} on ${cores} cores`] : []),
  ];
  return `${what.trim()}: ${[why, ...doubts].join("; ")}.`;
}

/** @param {Circumstances} where */
function factsOf(where) {
  const load = `load ${where.loadBefore} before, ${where.loadAfter} after`;
  return [
    `${where.date}, ${where.seconds} s`,
    `${where.processor}, ${where.cores} cores, ${where.memoryGiB} GiB; ${load}`,
    where.system,
    `${where.browser}; @mswjs/interceptors ${where.interceptors}`,
    `medians of ${where.rounds} pairs with and without the extension; 1 KB is 1,024 bytes`,
  ];
}

/** Such as `Debian GNU/Linux 13, `; nothing where the system does not say. */
function distribution() {
  try {
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"));
    return name === null ? "" : `${name[1]}, `;
  } catch {
    return "";
  }
}
