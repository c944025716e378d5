// @ts-check
/**
 * Measures what the extension costs a page, beside a page without it and one with `@mswjs/interceptors`. Also how large
 * the packages are. Each against the bar that the project has set itself. `bench/report.mjs` says how.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { CALL_MEASUREMENTS, callResults } from "./bench/calls.mjs";
import { documentResults, documentRound } from "./bench/documents.mjs";
import { editResults, editRound, loadEdits } from "./bench/edits.mjs";
import { makeFloor } from "./bench/floor.mjs";
import { ROUNDS, roundOf } from "./bench/pairs.mjs";
import { circumstances, documentOf, machine, missedOf, textOf } from "./bench/report.mjs";
import { rustResult } from "./bench/rust.mjs";
import { bundleInterceptors, hostOf, openScene, startSceneBrowser } from "./bench/scene.mjs";
import { sizes } from "./bench/sizes.mjs";
import { CRM_ID, START_MEASUREMENTS, startResults } from "./bench/starts.mjs";
import { buildExtension, given, startPlayground } from "./support/processes.mjs";
import { Started, onEndSignal } from "./support/started.mjs";
import { terminalOf } from "./support/terminal.mjs";

/** @typedef {import("./bench/pairs.mjs").Round} Round */
/** @typedef {import("./bench/scene.mjs").Playground} Playground */
/** @typedef {import("./bench/scene.mjs").StartedBrowser} StartedBrowser */

const SITE = `http://${hostOf("with")}`;
const SETTINGS = { version: 1, sites: { [SITE]: { mode: "inject", crmId: CRM_ID } } };
const MEASUREMENTS = [...CALL_MEASUREMENTS, ...START_MEASUREMENTS];

const DOCUMENT = new URL("../../docs/benchmarks.md", import.meta.url);
const PACKAGES = new URL("../package.json", import.meta.url);

const USAGE = `usage: cargo xtask bench [--check] [--json] [--write]

Measures what the extension costs a page, and how large it is.

  --check   exit code 1 where something misses its bar
  --json    one JSON document for machines, and no table
  --write   also writes docs/benchmarks.md`;

const FLAGS = ["--check", "--json", "--write", "--help", "-h"];
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
    // Without its browser, whatever is being measured fails at once.
    started.end();
  });
  process.exitCode = await bench();
}

/** @returns {Promise<number>} the exit code */
async function bench() {
  const startedAt = performance.now();
  const before = machine();
  try {
    const files = sizes(given("CALLSIGN_PACK_DIR"));
    const { version, results } = await measure();
    const seconds = (performance.now() - startedAt) / 1000;
    const where = circumstances(before, version, interceptorsVersion(), seconds);
    const all = [...results, ...files];
    console.log(
      flags.includes("--json")
        ? JSON.stringify({ ...where, results: all }, null, 2)
        : textOf(where, all, terminalOf(process.stdout, process.env)),
    );
    if (flags.includes("--write")) {
      writeFileSync(DOCUMENT, documentOf(where, all));
    }
    return flags.includes("--check") && missedOf(all).length > 0 ? 1 : 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(isEnding ? "The bench was ended." : `The bench failed: ${reason}`);
    return 1;
  } finally {
    await started.end();
  }
}

/** Measures all that needs a browser. */
async function measure() {
  const playground = started.add(await startPlayground({ isQuiet: true }), ({ stop }) => stop());
  const extension = started.add(buildExtension({ grant: [SITE], settings: SETTINGS }), ({ remove }) => remove());
  const interceptors = await bundleInterceptors();
  const edits = await loadEdits();
  const floor = started.add(makeFloor(), ({ remove }) => remove());
  const browser = started.add(await startSceneBrowser([extension.path, floor.path]), ({ stop }) => stop());

  /** @type {Map<string, Round[]>} */
  const rounds = new Map();
  const roundsOf = (/** @type {string} */ name) => rounds.get(name) ?? [];
  const keep = (/** @type {string} */ name, /** @type {Round} */ round) => rounds.set(name, [...roundsOf(name), round]);
  for (let index = 1; index <= ROUNDS; index += 1) {
    progress(`round ${index} of ${ROUNDS}`);
    const scene = await openScene(browser, playground, interceptors);
    for (const [name, measurement] of MEASUREMENTS) {
      keep(name, await roundOf(measurement, scene));
    }
    await scene.close();
    const documents = await documentRound(browser, playground.site);
    keep("document", documents.all);
    keep("document-answer", documents.afterAnswer);
    for (const [name, round] of Object.entries(editRound(edits))) {
      keep(name, round);
    }
  }
  progress("Rust alone");
  const rust = await rustResult(browser);
  const [version, calls, documents] = [await browser.browser.version(), callResults(roundsOf), documentResults(roundsOf)];
  return { version, results: [...calls, ...documents, ...startResults(roundsOf), rust, ...editResults(roundsOf)] };
}

function interceptorsVersion() {
  return JSON.parse(readFileSync(PACKAGES, "utf8")).dependencies["@mswjs/interceptors"];
}

/**
 * Says on stderr what goes on, so that stdout has the results alone.
 * @param {string} what
 */
function progress(what) {
  console.error(`bench: ${what} …`);
}
