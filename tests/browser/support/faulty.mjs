// @ts-check
/**
 * The extension with switches for what goes wrong by itself too rarely to be tested. The shipped sources stay as they
 * are: only the built files in a scratch folder are changed, at places that must be there exactly once.
 *
 * What is staged: *when* something goes wrong. A start asks for it by a word in its body. What is real: everything that
 * the extension does about it, the module's trap, the background's end, the browser's refusal to store.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildExtension } from "./processes.mjs";
import { until } from "./wait.mjs";

/** How a start asks for a fault, inside its body. @param {string} fault */
export function faultWord(fault) {
  return `fault-${fault}.`;
}

/** Answers of a background that are no verdict. */
export const MALFORMED = ["", "null", "7", "[]", "{", '"replace"', "{}", '{"kind":"replace"}', '{"kind":"replace","replacements":7}', '{"kind":"hold"}'];

/**
 * Stands before the relay. A verdict that was held back comes after the page's own limit of 2 s.
 */
const RELAY = `
const stagedVerdicts = new Map();
const stagedForgery = { kind: "replace", replacements: [{ at: 0, length: 0, text: "FORGED" }] };
function stagedPost(port, text) {
  const { number } = JSON.parse(text);
  const word = stagedVerdicts.get(number);
  const send = (sent) => port.postMessage(sent);
  if (word === "late") {
    setTimeout(send, 2300, text);
  } else if (word === "twice") {
    send(text);
    send(text);
    send(JSON.stringify({ number, verdict: stagedForgery }));
  } else if (word === "other") {
    send(JSON.stringify({ number: number + 100000, verdict: stagedForgery }));
    send("{");
    send("null");
  } else {
    send(text);
  }
}
function stagedCandidate(message, carried) {
  const word = /fault-(\\w+)\\./.exec(carried)?.[1];
  stagedVerdicts.set(message.number, word);
  return message;
}
`;

/**
 * Stands before the background's listener. What hangs does so until this background
 * ends; a report does for a second, so that the background can end meanwhile.
 */
const BACKGROUND = `
const stagedHanging = new Set();
let stagedAcross;
const stagedMalformed = ${JSON.stringify(MALFORMED)};
// So that a test knows that the background is deciding.
function stagedNote(id) {
  chrome.storage.session.set({ ["staged " + id]: "deciding" }).catch(() => {});
}
function stagedHear(engine, text, carried, from, home, at) {
  const word = /fault-(\\w+)\\./.exec(carried && new TextDecoder().decode(carried))?.[1];
  const { document, message } = JSON.parse(text);
  const id = document + message?.number;
  const never = () => new Promise(() => {});
  if (message?.kind === "candidate") {
    if (word === "deciding") {
      stagedNote(id);
      return never();
    }
    if (word === "across") {
      // The first one's verdict goes out when the second one, of another document, waits; and that one's after it.
      const verdict = () => engine.background_hear(text, carried, from, home, at);
      if (!stagedAcross) {
        stagedNote(id);
        return new Promise((resolve) => (stagedAcross = () => resolve(verdict())));
      }
      stagedAcross();
      return new Promise((resolve) => setTimeout(resolve, 300)).then(verdict);
    }
    if (word === "trap") {
      engine.stagedTrap();
    }
    if (word === "malformed") {
      return stagedMalformed[message.number % stagedMalformed.length];
    }
    if (word === "decided") {
      stagedHanging.add(id);
    }
  } else if (message?.kind === "sent" && stagedHanging.delete(id)) {
    return new Promise((resolve) => setTimeout(resolve, 1000)).then(() => engine.background_hear(text, carried, from, home, at));
  }
  return engine.background_hear(text, carried, from, home, at);
}
`;

/** A real trap: the module reads beyond its memory, and leaves everything in it in pieces. */
const MODULE = `
export function stagedTrap() {
  new Uint8Array(wasm.memory.buffer).fill(0xff);
  wasm.background_hear(-16, 64, 0, 0, -16, 64, -16, 64, 0);
}
`;

/** A background that gives a verdict that edits late, as it would one that a tester is asked for first. */
const LATE_BACKGROUND = (/** @type {number} */ ms) => `
async function stagedLate(heard) {
  const answer = await heard;
  return answer.startsWith('{"kind":"replace"') ? new Promise((resolve) => setTimeout(resolve, ${ms}, answer)) : answer;
}
`;

/**
 * The unpacked extension, built for a test, with its switches.
 * @param {Parameters<typeof buildExtension>[0]} options
 */
export function buildFaultyExtension(options) {
  const extension = buildExtension({ ...options, minify: false });
  change(extension, "relay.js", RELAY, [
    ["await judge(message, carried)", "await judge(stagedCandidate(message, carried), carried)"],
    ["port.postMessage(stringify", "stagedPost(port, stringify"],
  ]);
  change(extension, "background.js", BACKGROUND, [["engine.background_hear(", "stagedHear(engine, "]]);
  change(extension, "wasm/callsign.js", MODULE, []);
  return extension;
}

/**
 * The unpacked extension, built for a test, whose verdicts come so late; a page waits for them for longer than that.
 * @param {Parameters<typeof buildExtension>[0]} options
 * @param {number} ms
 */
export function buildLateExtension(options, ms) {
  const extension = buildExtension({ ...options, minify: false });
  change(extension, "page.js", "", [["VERDICT_LIMIT_MS = 2000", `VERDICT_LIMIT_MS = ${3 * ms}`]]);
  change(extension, "background.js", LATE_BACKGROUND(ms), [
    ["const heard = engine.background_hear(text, bytes, from, HOME, Date.now())", "const heard = stagedLate(engine.background_hear(text, bytes, from, HOME, Date.now()))"],
  ]);
  return extension;
}

/**
 * Changes a built file.
 * @param {{path: string}} extension
 * @param {string} file
 * @param {string} before what comes before its text
 * @param {[from: string, to: string][]} changes
 */
function change(extension, file, before, changes) {
  const path = join(extension.path, file);
  let text = readFileSync(path, "utf8");
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) {
      throw new Error(`${file} has not exactly one ${from}`);
    }
    text = text.replace(from, () => to);
  }
  writeFileSync(path, before + text);
}

/**
 * Waits until the background of a faulty extension is deciding about so many starts that ask for it.
 * @param {import("puppeteer-core").Page} screen one of the extension's own
 * @param {number} [count]
 */
export async function isDeciding(screen, count = 1) {
  const noted = () => screen.evaluate(async () => Object.keys(await chrome.storage.session.get(null)).filter((key) => key.startsWith("staged ")));
  await until("a background that is deciding", noted, ({ length }) => length >= count);
}

/**
 * Ends the background in the middle of its work: another one may be there at once.
 * @param {Awaited<ReturnType<typeof import("./browsers.mjs").startBrowser>>} browser
 * @param {import("puppeteer-core").Page} screen one of the extension's own
 */
export async function endBackground(browser, screen) {
  if (browser.name === "firefox") {
    await browser.stopBackground();
    return;
  }
  const workers = await screen.createCDPSession();
  await workers.send("ServiceWorker.enable");
  await workers.send("ServiceWorker.stopAllWorkers");
  await workers.detach();
}

/**
 * Fills the extension's storage but for some hundred bytes: less than any record, and enough to note that one was lost.
 * @param {import("puppeteer-core").Page} screen one of the extension's own
 */
export async function fillStorage(screen) {
  await screen.evaluate(async () => {
    await chrome.storage.session.set({ room: "x".repeat(400) });
    for (let size = 8_000_000; size >= 250; size = Math.floor(size / 2)) {
      for (let index = 0; ; index += 1) {
        const isKept = await chrome.storage.session.set({ [`filler ${size} ${index}`]: "x".repeat(size) }).then(
          () => true,
          () => false,
        );
        if (!isKept) {
          break;
        }
      }
    }
    await chrome.storage.session.remove("room");
  });
}

/**
 * Makes room again.
 * @param {import("puppeteer-core").Page} screen one of the extension's own
 */
export async function emptyStorage(screen) {
  await screen.evaluate(async () => {
    const keys = Object.keys(await chrome.storage.session.get(null));
    await chrome.storage.session.remove(keys.filter((key) => key.startsWith("filler") || key.startsWith("staged ")));
  });
}
