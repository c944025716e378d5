// @ts-check
/** Starts the programs a test needs, and ends them again. */

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * What `cargo xtask` told this script in its environment.
 * @param {string} name
 */
export function given(name) {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: run this through cargo xtask test, demo or bench`);
  }
  return value;
}

/** A new empty folder, and how to remove it. */
export function scratchFolder() {
  const path = mkdtempSync(join(tmpdir(), "callsign-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * The unpacked extension, built for a test.
 * @param {{grant?: string[], permit?: string[], settings?: object, everyCall?: boolean}} options `everyCall`: each call
 * of a page waits for a verdict, whatever its address
 */
export function buildExtension({ grant = [], permit = [], settings, everyCall = false }) {
  const folder = scratchFolder();
  const out = join(folder.path, "extension");
  // The page script as it is packed: what is tested is what is shipped.
  const args = ["build", "--no-compile", "--minify", "--out", out];
  for (const pattern of grant) {
    args.push("--grant", pattern);
  }
  for (const pattern of permit) {
    args.push("--permit", pattern);
  }
  if (everyCall) {
    args.push("--every-call");
  }
  if (settings !== undefined) {
    const file = join(folder.path, "settings.json");
    writeFileSync(file, JSON.stringify(settings));
    args.push("--settings", file);
  }
  execFileSync(given("CALLSIGN_XTASK"), args, { stdio: ["ignore", "ignore", "inherit"] });
  return { path: out, remove: folder.remove };
}

/**
 * @typedef {{number: number, method: string, path: string, headers: [string, string][], body: string, listener: string, status: number | null}} Received
 */

/**
 * The local chat service, and what it received.
 * @param {{isQuiet?: boolean}} [options] whether it keeps the list of its pages to itself
 */
export async function startPlayground({ isQuiet = false } = {}) {
  const child = spawn(given("CALLSIGN_PLAYGROUND"), ["--until-stdin-closes"], {
    stdio: ["pipe", "pipe", isQuiet ? "ignore" : "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the playground ended at once, with ${code}`)));
  });
  /** @type {{site: string, widget: string}} */
  const { site, widget } = JSON.parse(first);

  /**
   * What arrived after a number; waits for at least `count` of them.
   * @param {number} after
   * @param {number} [count]
   * @returns {Promise<Received[]>}
   */
  async function received(after, count = 1) {
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const answer = await fetch(`${site}/received?after=${after}&wait=5000`);
      /** @type {any[]} */
      const entries = await answer.json();
      if (entries.length >= count) {
        return entries.map((entry) => ({ ...entry, body: Buffer.from(entry.bodyBase64 ?? "", "base64").toString() }));
      }
      after = Math.min(after, after);
    }
    throw new Error(`fewer than ${count} starts arrived within 20 s`);
  }

  /** The number of the last thing that arrived. */
  async function last() {
    const answer = await fetch(`${site}/received`);
    /** @type {any[]} */
    const entries = await answer.json();
    return entries.at(-1)?.number ?? 0;
  }

  return {
    site,
    widget,
    received,
    last,
    stop: () =>
      new Promise((resolve) => {
        // Ctrl+C in a terminal ends it too.
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve(undefined);
          return;
        }
        child.once("exit", resolve);
        child.stdin.end();
      }),
  };
}
