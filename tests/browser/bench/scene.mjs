// @ts-check
/**
 * Where calls are measured: one page with a frame for each side, of which the extension is enabled in one.
 *
 * The frames are of one site (`*.bench.localhost`), so Chromium runs them in one process on one thread. Two browsers
 * that are started alike differ by up to 4 % for as long as they run, which is more than what is looked for here; two
 * frames of one process share whatever luck it has.
 */

import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { startBrowser } from "../support/browsers.mjs";

/** @typedef {"with" | "without" | "interceptors" | "floor" | "empty"} Side */
/** @typedef {Awaited<ReturnType<typeof startBrowser>>} StartedBrowser */
/** @typedef {Awaited<ReturnType<typeof import("../support/processes.mjs").startPlayground>>} Playground */
/**
 * @typedef {object} Scene
 * @property {(side: Side) => import("puppeteer-core").Frame} frameOf
 * @property {() => Promise<void>} stopBackground
 * @property {() => Promise<unknown>} forget what the service received
 * @property {(count: number) => Promise<{body: string}[]>} received
 * @property {() => Promise<void>} close
 */

/** With the extension, without it, and without it but with `@mswjs/interceptors`. @type {Side[]} */
export const SIDES = ["with", "without", "interceptors"];
/** Those that have a frame in a scene; with the last, a start waits for an extension that does nothing. @type {Side[]} */
const IN_FRAMES = [...SIDES, "floor"];

const TESTS = fileURLToPath(new URL("../../", import.meta.url));

/** Applies all interceptors that there are for a browser, and lets everything through. */
const INTERCEPTORS = `
  import { FetchInterceptor } from "@mswjs/interceptors/fetch";
  import { XMLHttpRequestInterceptor } from "@mswjs/interceptors/XMLHttpRequest";
  import { WebSocketInterceptor } from "@mswjs/interceptors/WebSocket";
  const [http, xhr, socket] = [new FetchInterceptor(), new XMLHttpRequestInterceptor(), new WebSocketInterceptor()];
  http.on("request", () => {});
  xhr.on("request", () => {});
  socket.on("connection", ({ server }) => server.connect());
  export const applied = Promise.all([http.apply(), xhr.apply(), socket.apply()]);`;

/** The address of a side's own host; all of them are the playground. @param {Side | "top"} side */
export function hostOf(side) {
  return `${side}.bench.localhost`;
}

/**
 * A Chromium for scenes.
 * @param {string[]} extensions
 */
export function startSceneBrowser(extensions) {
  return startBrowser("chromium", extensions.join(), {
    leavesSignals: true,
    // A driver that is told of every request would be measured too.
    seesNetwork: false,
    args: ["--host-resolver-rules=MAP *.bench.localhost 127.0.0.1"],
  });
}

/** `@mswjs/interceptors` as one script for a page. */
export async function bundleInterceptors() {
  const { outputFiles } = await build({
    stdin: { contents: INTERCEPTORS, resolveDir: TESTS },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "interceptors",
    platform: "browser",
    target: "es2022",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/**
 * A new page with its frames.
 * @param {StartedBrowser} browser
 * @param {Playground} playground
 * @param {string} interceptors the script
 * @returns {Promise<Scene>}
 */
export async function openScene(browser, playground, interceptors) {
  const { port } = new URL(playground.site);
  const address = (/** @type {Side | "top"} */ side) => `http://${hostOf(side)}:${port}/empty`;
  const page = await browser.open(address("top"));
  await page.evaluate(addFrames, IN_FRAMES.map(address));
  const frameOf = (/** @type {Side} */ side) => {
    const frame = page.frames().find((frame) => frame.url() === address(side));
    if (frame === undefined) {
      throw new Error(`the page has no frame ${side}`);
    }
    return frame;
  };
  await frameOf("interceptors").evaluate(`${interceptors}; interceptors.applied.then(() => {})`);
  return {
    frameOf,
    stopBackground: browser.stopBackground,
    forget: () => fetch(`${playground.site}/received`, { method: "DELETE" }),
    received: (count) => playground.received(0, count),
    close: () => page.close(),
  };
}

/** Runs in the page. @param {string[]} addresses */
async function addFrames(addresses) {
  for (const address of addresses) {
    const frame = document.createElement("iframe");
    frame.src = address;
    await new Promise((resolve) => {
      frame.onload = resolve;
      document.body.append(frame);
    });
  }
}
