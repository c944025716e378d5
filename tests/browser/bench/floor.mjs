// @ts-check
/**
 * An extension that does nothing, in the places where Callsign does something: what is measured with it is the
 * browser's own, and no extension of this shape can take less.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../support/processes.mjs";
import { hostOf } from "./scene.mjs";

/** Lets each start wait for one answer of a background, and changes nothing. */
const PAGE = `(() => {
  const { port1, port2 } = new MessageChannel();
  dispatchEvent(new MessageEvent("floor", { ports: [port2] }));
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  const ask = (text) => new Promise((answered) => {
    waiting.push(answered);
    port1.postMessage(text);
  });
  const { fetch } = window;
  window.fetch = async (address, init) => {
    await ask(init.body);
    return fetch(address, init);
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = async function (text) {
    await ask(text);
    send.call(this, text);
  };
})();`;

const RELAY = `addEventListener("floor", ({ ports: [port] }) => {
  const background = chrome.runtime.connect();
  background.onMessage.addListener((answer) => port.postMessage(answer));
  port.onmessage = ({ data }) => background.postMessage(data);
});`;

const BACKGROUND = `chrome.runtime.onConnect.addListener((port) => {
  port.onMessage.addListener((text) => port.postMessage(text.slice(0, 100)));
});`;

/** The unpacked extension, and how to remove it. */
export function makeFloor() {
  const { path, remove } = scratchFolder();
  const scripts = (/** @type {"floor" | "empty"} */ side, /** @type {string} */ name) => {
    const everywhere = { run_at: "document_start", all_frames: true, match_origin_as_fallback: true };
    const at = { matches: [`http://${hostOf(side)}/*`], ...everywhere };
    return [
      { js: [`${name}_relay.js`], world: "ISOLATED", ...at },
      { js: [`${name}_page.js`], world: "MAIN", ...at },
    ];
  };
  const manifest = {
    manifest_version: 3,
    name: "Floor",
    version: "1",
    message_serialization: "structured_clone",
    background: { service_worker: "floor.js" },
    content_scripts: [...scripts("floor", "asking"), ...scripts("empty", "empty")],
  };
  const files = {
    "manifest.json": JSON.stringify(manifest),
    "floor.js": BACKGROUND,
    "asking_relay.js": RELAY,
    "asking_page.js": PAGE,
    "empty_relay.js": "",
    "empty_page.js": "",
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(path, name), text);
  }
  return { path, remove };
}
