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
  const { onConnect } = chrome.runtime;
  const addListener = onConnect.addListener.bind(onConnect);
  const say = (/** @type {string} */ what, /** @type {any} */ { candidate }) =>
    fetch(`${service}/witness?${new URLSearchParams({ what, url: candidate.url })}`, { method: "POST" });
  onConnect.addListener = (/** @type {Function} */ listener) =>
    addListener((/** @type {any} */ port) => {
      /** @type {Map<number, [message: any, heard: Promise<unknown>]>} */
      const candidates = new Map();
      listener({
        sender: port.sender,
        onMessage: {
          addListener: (/** @type {Function} */ hear) =>
            port.onMessage.addListener((/** @type {any} */ sent) => {
              const { message } = JSON.parse(sent.text);
              if (message?.kind === "candidate") {
                candidates.set(sent.number, [message, say("heard", message)]);
              }
              hear(sent);
            }),
        },
        async postMessage(/** @type {any} */ answered) {
          const asked = candidates.get(answered.number);
          if (asked) {
            const [message, heard] = asked;
            await heard;
            await new Promise((resolve) => setTimeout(resolve, delay));
            await say("verdict", message);
          }
          port.postMessage(answered);
        },
      });
    });
}
