// @ts-check
/** What Rust alone takes to decide and to edit, natively and in wasm, beside what JavaScript takes for the edit. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { given } from "../support/processes.mjs";
import { alone } from "./result.mjs";
import { CRM_ID } from "./starts.mjs";

/** @typedef {import("./pairs.mjs").Round} Round */
/** @typedef {(body: string) => string} Edit */
/** @typedef {{program: string, rust: Edit}} Edits */

const KEY = "externalId";
const BODY = smallBody();
const SAMPLES = 60;
const WARM_UP = 20;
const TIMES = 200;

const WASM_IS_SMALL =
  "the module is compiled for size, not speed; what JavaScript takes in the same minutes says how fast the machine was: where that was 11 µs, this was 38";

/** The native program, and the module in this Node.js. @returns {Promise<Edits>} */
export async function loadEdits() {
  const folder = given("CALLSIGN_BENCH_WASM");
  const { initSync, bench_edit: edit } = await import(pathToFileURL(join(folder, "callsign_bench.js")).href);
  initSync({ module: readFileSync(join(folder, "callsign_bench_bg.wasm")) });
  const rust = (/** @type {string} */ body) => edit(body, KEY, CRM_ID);
  if (rust(BODY) !== inJavaScript(BODY)) {
    throw new Error("Rust and JavaScript edit the same body to different ones");
  }
  return { program: given("CALLSIGN_BENCH"), rust };
}

/**
 * One round of all.
 * @param {Edits} edits
 * @returns {Record<string, Round>}
 */
export function editRound({ program, rust }) {
  const { decide, edit } = JSON.parse(execFileSync(program, [BODY, KEY, CRM_ID], { encoding: "utf8" }));
  /** @type {Required<Pick<Round, "with" | "without">>} */
  const wasm = { with: [], without: [] };
  for (let index = -WARM_UP; index < SAMPLES; index += 1) {
    const times = { with: microseconds(rust), without: microseconds(inJavaScript) };
    if (index >= 0) {
      wasm.with.push(times.with);
      wasm.without.push(times.without);
    }
  }
  return { decide: { with: decide }, "edit-native": { with: edit, without: wasm.without }, "edit-wasm": wasm };
}

/**
 * @param {(name: string) => Round[]} roundsOf
 */
export function editResults(roundsOf) {
  const unit = /** @type {const} */ ("µs");
  return [
    alone({ name: "decide", what: "Rust alone, a call is none of 30 profiles", unit, bar: 5 }, roundsOf("decide")),
    alone({ name: "edit-native", what: "Rust alone, a start of 2 KB edited", unit, bar: 20 }, roundsOf("edit-native")),
    alone({ name: "edit-wasm", what: "  in wasm", unit, bar: 60, why: WASM_IS_SMALL }, roundsOf("edit-wasm")),
  ];
}

/** @param {string} body */
function inJavaScript(body) {
  const start = JSON.parse(body);
  start.attributes[KEY] = CRM_ID;
  return JSON.stringify(start);
}

/** @param {Edit} edit */
function microseconds(edit) {
  const begin = performance.now();
  for (let index = 0; index < TIMES; index += 1) {
    edit(BODY);
  }
  return ((performance.now() - begin) * 1000) / TIMES;
}

/** A start of 2 KB: two dozen attributes, and what was said before and after them. */
function smallBody() {
  const said = { from: "Ada Lovelace", text: "Hello, I have asked for help with my order before." };
  const more = Array.from({ length: 20 }, (_, index) => [`attribute${index}`, `value ${index} of it`]);
  const attributes = { [KEY]: "WEB-0001", customerName: "Ada Lovelace", customerTier: "gold", ...Object.fromEntries(more) };
  const routing = { queue: "support", skills: ["orders", "English"], language: "en-GB" };
  return JSON.stringify({
    configurationId: "config-live",
    routing,
    before: new Array(8).fill(said),
    attributes,
    after: new Array(6).fill(said),
  });
}
