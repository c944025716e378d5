// @ts-check
/**
 * Runs before the relay where a tester has profiles of their own: their
 * patterns, which the relay brings to the page script.
 */

/** @type {any} */ (globalThis).callsignPatterns = chrome.storage.local.get("ownPatterns");
