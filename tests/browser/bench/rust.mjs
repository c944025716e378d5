// @ts-check
/** Rust alone: how long the background's module takes from a message to its verdict. */

import { measured } from "./result.mjs";
import { hostOf } from "./scene.mjs";
import { CRM_ID, largeBody } from "./starts.mjs";

const TIMES = 21;
const WARM_UP = 5;

/**
 * What the module takes for a start of 1 MB, asked in a page of the extension's own as the background asks it.
 * @param {import("./scene.mjs").StartedBrowser} browser
 */
export async function rustResult(browser) {
  const page = await browser.open(`${browser.home}popup.html`);
  const times = await page.evaluate(hearTimes, `http://${hostOf("with")}`, largeBody(), CRM_ID, WARM_UP + TIMES);
  await page.close();
  return measured({ name: "large-rust", what: "  Rust alone, message to verdict", unit: "ms" }, times.slice(WARM_UP));
}

/**
 * Runs in the page.
 * @param {string} origin
 * @param {string} body
 * @param {string} crmId
 * @param {number} count
 */
async function hearTimes(origin, body, crmId, count) {
  // @ts-expect-error It is there in the extension.
  const { beside, rust } = await import("./rust.js");
  const engine = await rust;
  await engine.background_start(beside("baked.json"), chrome.storage.local.get(null));
  // The records of before are read by then.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const home = new URL(".", location.href).href;
  const from = JSON.stringify({ url: `${origin}/`, origin, frameId: 0, tab: { id: 1, url: `${origin}/` } });
  const request = { transport: "fetch", method: "POST", contentType: "application/json" };
  const candidate = { ...request, url: `${origin}/api/v2/conversations/webchat`, body: { kind: "text", text: "" } };
  const carried = new TextEncoder().encode(body);
  const times = [];
  for (let number = 1; number <= count; number += 1) {
    const text = JSON.stringify({ document: "0".repeat(32), message: { kind: "candidate", number, candidate } });
    const begin = performance.now();
    const verdict = engine.background_hear(text, carried, from, home, Date.now());
    times.push(performance.now() - begin);
    if (!verdict.includes(crmId)) {
      throw new Error(`the verdict is ${verdict.slice(0, 200)}`);
    }
  }
  return times;
}
