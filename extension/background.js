// @ts-check
/**
 * The background's shell: registers every listener at once, as browsers
 * demand, and awaits Rust inside them. It decides nothing.
 */

import { beside, rust, rustAnew } from "./rust.js";

const HOME = chrome.runtime.getURL("");

/** @typedef {typeof import("./wasm/callsign.js")} Rust */

/** @type {ReturnType<typeof start> | undefined} */
let running = start(rust);

/**
 * Rust with what is stored, and the end of it, should it trap.
 * @param {Promise<Rust>} loaded
 */
function start(loaded) {
  // Settings are read while Rust loads.
  const [built, local] = [beside("baked.json"), chrome.storage.local.get(null)];
  const engine = loaded.then(async (exported) => {
    await exported.background_start(built, local);
    return exported;
  });
  const end = Promise.withResolvers();
  // Whoever asks is told of a failure; it is not unhandled.
  engine.catch(() => {});
  end.promise.catch(() => {});
  return { engine, end };
}

/**
 * Asks Rust. A trap leaves an instance in pieces: whoever it was working for is
 * told so, and the next one gets a new instance over what is stored.
 * @param {(engine: Rust) => any} question
 * @returns {Promise<any>}
 */
async function ask(question) {
  const asked = (running ??= start(rustAnew()));
  try {
    const engine = await Promise.race([asked.engine, asked.end.promise]);
    if (running === asked) {
      return await Promise.race([question(engine), asked.end.promise]);
    }
  } catch (error) {
    if (running === asked) {
      endAfter(error);
    }
    throw error;
  }
  // It trapped in what was asked before this.
  return ask(question);
}

/** @param {unknown} error */
function endAfter(error) {
  // What Rust itself refuses is a plain error; the rest are traps: a panic, no memory left, no stack left.
  const isTrap = error instanceof WebAssembly.RuntimeError || /^(RangeError|InternalError)$/.test(Object(error).name);
  if (isTrap) {
    running?.end.reject(error);
    running = undefined;
  }
}

// A trap in work that nobody waits for.
self.addEventListener("error", ({ error }) => endAfter(error));
self.addEventListener("unhandledrejection", ({ reason }) => endAfter(reason));

const encoder = new TextEncoder();

chrome.runtime.onMessage.addListener((text, sender, answer) => {
  hear(text, undefined, JSON.stringify(sender), answer);
  return true;
});

chrome.runtime.onConnect.addListener((port) => {
  const { url, origin, frameId, documentId, tab } = /** @type {chrome.runtime.MessageSender} */ (port.sender);
  const from = JSON.stringify({ url, origin, frameId, documentId, tab: tab && { id: tab.id, url: tab.url } });
  port.onMessage.addListener(({ number, text, carried }) => {
    hear(text, carried, from, (answer) => {
      try {
        port.postMessage({ number, answer });
      } catch {
        // The page is gone.
      }
    });
  });
});

/**
 * @param {string} text a message
 * @param {unknown} carried what its candidate carries
 * @param {string} from the browser's word about who says it
 * @param {(answer: string) => void} answer
 */
function hear(text, carried, from, answer) {
  ask((engine) => {
    const bytes = typeof carried === "string" ? encoder.encode(carried) : undefined;
    const heard = engine.background_hear(text, bytes, from, HOME, Date.now());
    // A verdict is sent at once: what is stored of it is stored in later turns.
    return typeof heard === "string" ? answer(heard) : heard.then(answer);
  }).catch((error) => answer(failed(error)));
}

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
  ask((engine) => engine.background_notice(what, JSON.stringify(origins))).catch((error) => console.error(error));
}
