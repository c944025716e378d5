// @ts-check
/** Callsign's Rust, once it runs. */

import load, * as exported from "./wasm/callsign.js";

/** @type {Promise<typeof exported>} */
export const rust = load({ module_or_path: chrome.runtime.getURL("wasm/callsign_bg.wasm") }).then(() => exported);
