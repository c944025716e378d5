// @ts-check
/**
 * Lets the background of a built extension say to the test's service that a candidate reached it, and that it now
 * gives its verdict. It also makes every verdict late by a moment, so that "while it waits" is a time that a page can
 * act in, and a call that did not wait is at the service before its verdict.
 */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How late a verdict is. */
export const VERDICT_DELAY_MS = 25;

/**
 * Puts the witness before the background's own script, and lets it reach the service; the rest of the extension stays
 * as it was built.
 * @param {string} extension its folder
 * @param {string} service the service's origin
 */
export function addWitness(extension, service) {
  renameSync(join(extension, "background.js"), join(extension, "background_shell.js"));
  writeFileSync(join(extension, "background.js"), 'import "./witness.js";\nimport "./background_shell.js";\n');
  writeFileSync(join(extension, "witness.js"), `(${witness})(${JSON.stringify(service)}, ${VERDICT_DELAY_MS});\n`);
  const manifest = join(extension, "manifest.json");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace("connect-src 'self'", `connect-src 'self' ${service}`));
}

/**
 * Runs in the background.
 * @param {string} service
 * @param {number} delay
 */
function witness(service, delay) {
  const { chrome } = /** @type {any} */ (globalThis);
  const { onMessage } = chrome.runtime;
  const addListener = onMessage.addListener.bind(onMessage);
  const say = (/** @type {string} */ what, /** @type {any} */ { candidate }) =>
    fetch(`${service}/witness?${new URLSearchParams({ what, url: candidate.url })}`, { method: "POST" });
  onMessage.addListener = (/** @type {Function} */ listener) =>
    addListener((/** @type {any} */ sent, /** @type {any} */ sender, /** @type {Function} */ answer) => {
      const { message } = JSON.parse(sent.text ?? sent);
      if (message?.kind !== "candidate") {
        return listener(sent, sender, answer);
      }
      const heard = say("heard", message);
      return listener(sent, sender, async (/** @type {unknown} */ verdict) => {
        await heard;
        await new Promise((resolve) => setTimeout(resolve, delay));
        await say("verdict", message);
        answer(verdict);
      });
    });
}
