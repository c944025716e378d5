// @ts-check
/**
 * Measures what the extension costs a page: two Chromiums, one with it and one without, take turns on the same page of
 * the playground. Also how large the packages are. Each against the bar that the project has set itself.
 */

import { cpus, loadavg, release, type } from "node:os";
import { callTime, fetchTime, startTimes } from "./bench/in_page.mjs";
import { PAIRS, inTurn, slicedPairs } from "./bench/pairs.mjs";
import { compared, tableOf } from "./bench/result.mjs";
import { sizes } from "./bench/sizes.mjs";
import { startBrowser } from "./support/browsers.mjs";
import { median } from "./support/numbers.mjs";
import { buildExtension, given, startPlayground } from "./support/processes.mjs";
import { Started, onEndSignal } from "./support/started.mjs";
import { terminalOf } from "./support/terminal.mjs";

/** @typedef {import("./bench/pairs.mjs").Pair} Pair */
/** @typedef {import("./bench/result.mjs").Result} Result */
/**
 * @typedef {{
 *   page: import("puppeteer-core").Page,
 *   browser: import("puppeteer-core").Browser,
 *   stopBackground: () => Promise<void>,
 * }} Side
 */
/** @typedef {{with: Side, without: Side}} Sides */
/** @typedef {Awaited<ReturnType<typeof startPlayground>>} Playground */

const CRM_ID = "CRM-12345-XYZ";
const SETTINGS = { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: CRM_ID } } };

/** A sample of fetches, and of calls: so many slices of so many, one after the other. */
const FETCH_SLICES = 30;
const FETCHES = 10;
const CALL_SLICES = 5;
const CALLS = 400;
/** A sample of starts whose background is awake, in slices too, and of those that wake it. */
const START_SLICES = 8;
const STARTS = 5;
const WAKES = 3;

const USAGE = `usage: cargo xtask bench [--check] [--json]

Measures what the extension costs a page, and how large it is.

  --check   exit code 1 where something misses its bar
  --json    one JSON document for machines, and no table`;

const FLAGS = ["--check", "--json", "--help", "-h"];
const flags = process.argv.slice(2);
const started = new Started();
let isEnding = false;

const unknown = flags.find((flag) => !FLAGS.includes(flag));
if (unknown !== undefined) {
  console.error(`${unknown} is no argument of the bench\n\n${USAGE}`);
  process.exitCode = 2;
} else if (flags.includes("--help") || flags.includes("-h")) {
  console.log(USAGE);
} else {
  onEndSignal(() => {
    isEnding = true;
    // Without its browsers, whatever is being measured fails at once.
    started.end();
  });
  process.exitCode = await bench();
}

/** @returns {Promise<number>} the exit code */
async function bench() {
  const startedAt = performance.now();
  const [load] = loadavg();
  try {
    const files = sizes(given("CALLSIGN_PACK_DIR"));
    const prepared = await stage();
    const fetchResults = await fetches(prepared);
    const [startResults, version] = await withBrowsers(prepared, 0, async (sides) => [
      await starts(sides, prepared.playground),
      await sides.with.browser.version(),
    ]);
    const results = [...fetchResults, ...startResults, ...files];
    const seconds = (performance.now() - startedAt) / 1000;
    tell(circumstances(version, load, seconds), results);
    return flags.includes("--check") && results.some(({ isReached }) => isReached === false) ? 1 : 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(isEnding ? "The bench was ended." : `The bench failed: ${reason}`);
    return 1;
  } finally {
    await started.end();
  }
}

async function stage() {
  const playground = started.add(await startPlayground({ isQuiet: true }), ({ stop }) => stop());
  const build = { grant: ["http://127.0.0.1"], settings: SETTINGS };
  const extension = started.add(buildExtension(build), ({ remove }) => remove());
  return { playground, extension: extension.path };
}

/**
 * Does something with a new browser for each side, and ends both.
 * @template T
 * @param {{playground: Playground, extension: string}} stage
 * @param {number} index says which one starts first
 * @param {(sides: Sides) => Promise<T>} act
 * @returns {Promise<T>}
 */
async function withBrowsers({ playground, extension }, index, act) {
  const browsers = started.add(new Started(), (browsers) => browsers.end());
  const open = async (/** @type {string | undefined} */ folder) => {
    // A driver that is told of every request would be measured too.
    const options = { leavesSignals: true, seesNetwork: false };
    const browser = browsers.add(await startBrowser("chromium", folder, options), ({ stop }) => stop());
    const { stopBackground } = browser;
    return { page: await browser.open(`${playground.site}/fetch`), browser: browser.browser, stopBackground };
  };
  try {
    const sides = /** @type {Sides} */ ({});
    for (const side of inTurn(index)) {
      sides[side] = await open(side === "with" ? extension : undefined);
    }
    return await act(sides);
  } finally {
    await browsers.end();
  }
}

/**
 * What a fetch costs that is no candidate. Each pair has browsers of its own: two that are started alike, without any
 * extension, differ by up to 4 % for as long as they run.
 * @param {{playground: Playground, extension: string}} stage
 * @returns {Promise<Result[]>}
 */
async function fetches(stage) {
  progress("fetches that are no candidates");
  /** @type {Pair[]} */
  const fetchPairs = [];
  /** @type {Pair[]} */
  const callPairs = [];
  for (let index = 0; index < PAIRS; index += 1) {
    await withBrowsers(stage, index, async (sides) => {
      const slice = (/** @type {keyof Sides} */ side) => sides[side].page.evaluate(fetchTime, FETCHES);
      const call = (/** @type {keyof Sides} */ side) => sides[side].page.evaluate(callTime, CALLS);
      await warmUp(slice, 10);
      fetchPairs.push(...(await slicedPairs(slice, FETCH_SLICES, 1)));
      await warmUp(call, 1);
      callPairs.push(...(await slicedPairs(call, CALL_SLICES, 1)));
    });
  }
  return [
    compared(
      { name: "fetch", what: "Fetch that is no candidate", unit: "ms", compares: "ratio", bar: 1.05 },
      fetchPairs,
    ),
    compared({ name: "fetch-call", what: "  its call alone", unit: "µs", compares: "difference" }, callPairs),
  ];
}

/**
 * What a start costs.
 * @param {Sides} sides
 * @param {Playground} playground
 * @returns {Promise<Result[]>}
 */
async function starts(sides, playground) {
  progress("starts, with the background awake");
  const sample = async (/** @type {keyof Sides} */ side, /** @type {number} */ count) => {
    await fetch(`${playground.site}/received`, { method: "DELETE" });
    const times = await sides[side].page.evaluate(startTimes, count);
    await checkArrived(playground, side, count);
    return median(times);
  };
  const awake = (/** @type {keyof Sides} */ side) => sample(side, STARTS);
  await warmUp(awake, 4);
  const awakePairs = await slicedPairs(awake, START_SLICES);

  progress("starts that must wake the background");
  const woken = async (/** @type {keyof Sides} */ side) => {
    if (side === "with") {
      await sides.with.stopBackground();
    }
    return sample(side, 1);
  };
  const wokenPairs = await slicedPairs(woken, WAKES);
  return [
    compared(
      { name: "start-awake", what: "Start, background awake", unit: "ms", compares: "difference", bar: 5 },
      awakePairs,
    ),
    compared(
      { name: "start-woken", what: "Start that wakes the background", unit: "ms", compares: "difference", bar: 150 },
      wokenPairs,
    ),
  ];
}

/**
 * A start that went out as the page wrote it would be a quick one, and no measure.
 * @param {Playground} playground
 * @param {keyof Sides} side
 * @param {number} count
 */
async function checkArrived(playground, side, count) {
  const arrived = await playground.received(0, count);
  const injected = arrived.filter(({ body }) => body.includes(CRM_ID)).length;
  const expected = side === "with" ? count : 0;
  if (arrived.length !== count || injected !== expected) {
    throw new Error(
      `of ${count} starts ${side} the extension ${arrived.length} arrived, ${injected} of them with the CRM ID`,
    );
  }
}

/**
 * Lets both sides do their work before it is measured, so that neither is compiled for the first time while it is.
 * @param {(side: keyof Sides) => Promise<unknown>} sample
 * @param {number} times
 */
async function warmUp(sample, times) {
  for (let index = 0; index < times; index += 1) {
    await sample("with");
    await sample("without");
  }
}

/**
 * Where and when this was measured.
 * @param {string} version the browser's
 * @param {number} load of the machine before
 * @param {number} seconds
 */
function circumstances(version, load, seconds) {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    processor: processors[0]?.model ?? "unknown",
    cores: processors.length,
    loadBefore: Number(load.toFixed(2)),
    system: `${type()} ${release()}`,
    browser: `${version}, headless`,
    pairs: PAIRS,
    seconds: Math.round(seconds),
  };
}

/**
 * @param {ReturnType<typeof circumstances>} where
 * @param {Result[]} results
 */
function tell(where, results) {
  if (flags.includes("--json")) {
    console.log(JSON.stringify({ ...where, results }, null, 2));
    return;
  }
  const terminal = terminalOf(process.stdout, process.env);
  const missed = results.filter(({ isReached }) => isReached === false);
  const bars = results.filter(({ bar }) => bar !== undefined).length;
  const lines = [
    terminal.bold("Callsign bench"),
    "",
    `  ${where.date}, ${where.seconds} s`,
    `  ${where.processor}, ${where.cores} cores, load ${where.loadBefore} before; ${where.system}`,
    `  ${where.browser}`,
    `  medians of ${where.pairs} pairs with and without the extension; 1 KB is 1,024 bytes`,
    "",
    ...tableOf(results).map((line, index) =>
      line.endsWith("MISSED") ? terminal.bad(line) : index === 0 ? terminal.bold(line) : line,
    ),
    "",
    missed.length === 0
      ? `${terminal.good("✓")} ${terminal.bold(`All ${bars} bars are reached.`)}`
      : `${terminal.bad("✗")} ${terminal.bold(`${missed.length} of ${bars} bars ${missed.length === 1 ? "is" : "are"} missed.`)}`,
  ];
  console.log(lines.join("\n"));
}

/**
 * Says on stderr what goes on, so that stdout has the results alone.
 * @param {string} what
 */
function progress(what) {
  console.error(`bench: ${what} …`);
}
