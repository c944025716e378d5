// @ts-check
/**
 * Runs with the relay and the page script, before or after them, where a
 * tester has profiles of their own: their patterns, which the relay brings to
 * the page script. That it is told in the same tick that they will come is why
 * they hold from a page's first call.
 */

/** @type {any} */ (globalThis).callsignOwn = chrome.storage.local.get("ownPatterns");
window.dispatchEvent(new Event("callsign-own"));
