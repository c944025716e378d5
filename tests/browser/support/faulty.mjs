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

/** How a start asks for a fault, inside its body. @param {string} fault */
export function faultWord(fault) {
  return `fault-${fault}.`;
}

/** Answers of a background that are no verdict. */
export const MALFORMED = ["", "null", "7", "[]", "{", '"replace"', "{}", '{"kind":"replace"}', '{"kind":"replace","body":7}', '{"kind":"hold"}'];

/**
 * Stands before the relay. A verdict that was held back comes after the page's own limit of 2 s.
 */
const RELAY = `
const stagedVerdicts = new Map();
function stagedPost(port, text) {
  const { number } = JSON.parse(text);
  const word = stagedVerdicts.get(number);
  const send = (sent) => port.postMessage(sent);
  if (word === "late") {
    setTimeout(send, 2300, text);
  } else if (word === "twice") {
    send(text);
    send(text);
    send(JSON.stringify({ number, verdict: { kind: "replace", body: "FORGED" } }));
  } else if (word === "other") {
    send(JSON.stringify({ number: number + 100000, verdict: { kind: "replace", body: "FORGED" } }));
    send("{");
    send("null");
  } else {
    send(text);
  }
}
function stagedCandidate(message) {
  const word = /fault-(\\w+)\\./.exec(JSON.stringify(message.candidate.body))?.[1];
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
const stagedMalformed = ${JSON.stringify(MALFORMED)};
function stagedHear(engine, text, from, home, at) {
  const word = /fault-(\\w+)\\./.exec(text)?.[1];
  const { document, message } = JSON.parse(text);
  const id = document + message?.number;
  const never = () => new Promise(() => {});
  if (message?.kind === "candidate") {
    if (word === "deciding") {
      return never();
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
    return new Promise((resolve) => setTimeout(resolve, 1000)).then(() => engine.background_hear(text, from, home, at));
  }
  return engine.background_hear(text, from, home, at);
}
`;

/** A real trap: the module reads beyond its memory, and leaves everything in it in pieces. */
const MODULE = `
export function stagedTrap() {
  new Uint8Array(wasm.memory.buffer).fill(0xff);
  wasm.background_hear(-16, 64, -16, 64, -16, 64, 0);
}
`;

/**
 * The unpacked extension, built for a test, with its switches.
 * @param {Parameters<typeof buildExtension>[0]} options
 */
export function buildFaultyExtension(options) {
  const extension = buildExtension(options);
  /** @type {(file: string, before: string, changes: [from: string, to: string][]) => void} */
  const change = (file, before, changes) => {
    const path = join(extension.path, file);
    let text = readFileSync(path, "utf8");
    for (const [from, to] of changes) {
      if (text.split(from).length !== 2) {
        throw new Error(`${file} has not exactly one ${from}`);
      }
      text = text.replace(from, () => to);
    }
    writeFileSync(path, before + text);
  };
  change("relay.js", RELAY, [
    ["await judge(message)", "await judge(stagedCandidate(message))"],
    ["port.postMessage(JSON", "stagedPost(port, JSON"],
  ]);
  change("background.js", BACKGROUND, [["engine.background_hear(", "stagedHear(engine, "]]);
  change("wasm/callsign.js", MODULE, []);
  return extension;
}
