// @ts-check
/**
 * The background's shell: registers every listener at once, as browsers
 * demand, and awaits Rust inside them. It decides nothing.
 */

import { rust } from "./rust.js";

const HOME = chrome.runtime.getURL("");

const started = rust.then(async (engine) => {
  await engine.background_start();
  return engine;
});
// Each listener reports the failure to whoever asked; it is not unhandled.
started.catch(() => {});

chrome.runtime.onMessage.addListener((text, sender, answer) => {
  const { url, origin, frameId, tab } = sender;
  const from = JSON.stringify({ url, origin, frameId, tab: tab && { id: tab.id, url: tab.url } });
  started
    .then((engine) => engine.background_hear(text, from, HOME, Date.now()))
    .then(answer, (error) => answer(failed(error)));
  return true;
});

/** @param {unknown} error */
function failed(error) {
  const why = { kind: "backgroundFailed", reason: `${error}` };
  return JSON.stringify({ kind: "noVerdict", why });
}

chrome.runtime.onInstalled.addListener(() => notice("started", []));
chrome.runtime.onStartup.addListener(() => notice("started", []));
chrome.permissions.onAdded.addListener(({ origins = [] }) => notice("permissionsAdded", origins));
chrome.permissions.onRemoved.addListener(({ origins = [] }) => notice("permissionsRemoved", origins));

/**
 * @param {string} what
 * @param {string[]} origins
 */
function notice(what, origins) {
  started
    .then((engine) => engine.background_notice(what, JSON.stringify(origins)))
    .catch((error) => console.error(error));
}
