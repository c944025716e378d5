// @ts-check
/** Callsign's Rust, once it runs, and anew where it has trapped. */

import load, * as exported from "./wasm/callsign.js";

/** @type {Promise<typeof exported>} */
export const rust = load({ module_or_path: chrome.runtime.getURL("wasm/callsign_bg.wasm") }).then(() => exported);

/**
 * What the build put beside the module: `baked.json` or `words.json`, as text.
 * @param {string} name
 */
export async function beside(name) {
  const file = await fetch(chrome.runtime.getURL(name));
  return file.text();
}

/** A new instance with nothing in it; who waits for the one before waits in vain. */
export async function rustAnew() {
  const running = await rust;
  running.__wbg_reset_state();
  return running;
}
