// @ts-check
/** A browser with the extension in it and a chat service beside it, shared by the tests of one `describe`. */

import { after, before } from "node:test";
import { startBrowser } from "./browsers.mjs";
import { buildExtension, startPlayground } from "./processes.mjs";
import { optionsOn, panelOn, popupOn } from "./screens.mjs";
import { Started } from "./started.mjs";
import { startVendorHosts } from "./vendor_hosts.mjs";

/**
 * What a page was told: the answer, or the error that it saw instead. A client may tell no status.
 * @typedef {{status: number | null, body: string, retryAfter: string | null} | {error: string, message: string}} Told
 */

/** @typedef {Awaited<ReturnType<typeof startBrowser>>} StartedBrowser */

/**
 * Sets the stage before the tests of the surrounding `describe`, and clears it after them.
 * @param {"chromium" | "firefox"} name
 * @param {Parameters<typeof buildExtension>[0] | undefined} build none for a browser without the extension
 * @param {{hasVendorHosts?: boolean, builder?: typeof buildExtension, preferences?: Record<string, unknown>}} [options] `hasVendorHosts`: whether the browser takes vendors'
 * hosts to the playground; `builder`: what builds the extension, if it is not to be as it is packed; `preferences`: Firefox' own
 */
export function stage(name, build, { hasVendorHosts = false, builder = buildExtension, preferences } = {}) {
  /** @type {{browser: StartedBrowser, playground: Awaited<ReturnType<typeof startPlayground>>}} */
  let set;
  /** Pages that a test opened. @type {import("puppeteer-core").Page[]} */
  let opened = [];

  const started = new Started();
  before(async () => {
    const playground = started.add(await startPlayground(), ({ stop }) => stop());
    const hosts = hasVendorHosts ? started.add(await startVendorHosts(playground.widget), ({ stop }) => stop()) : undefined;
    const extension = build === undefined ? undefined : started.add(builder(build), ({ remove }) => remove());
    const browser = started.add(await startBrowser(name, extension?.path, { pac: hosts?.pac, preferences }), ({ stop }) => stop());
    set = { browser, playground };
  });
  // Also where not all of it could be started: what is left running would keep the tests from ending.
  after(() => started.end());

  return {
    name,
    get browser() {
      return set.browser;
    },
    get playground() {
      return set.playground;
    },
    /** The address of the playground's first origin, 127.0.0.1. */
    get site() {
      return set.playground.site;
    },
    /** The address of its other origin, localhost. */
    get widget() {
      return set.playground.widget;
    },
    /**
     * A new page, ready to start chats.
     * @param {string} address
     */
    async open(address) {
      const page = await set.browser.open(address);
      opened.push(page);
      return page;
    },
    /**
     * The popup about the tab that shows a site.
     * @param {string | number} about
     */
    async popup(about) {
      const page = await set.browser.screen("popup", about);
      opened.push(page);
      return popupOn(page);
    },
    /**
     * The panel about the tab that shows a site, or has a number.
     * @param {string | number} about
     */
    async panel(about) {
      const page = await set.browser.screen("panel", about);
      opened.push(page);
      return panelOn(page);
    },
    /**
     * The number of the tab that a page is in; no other tab may show the same address.
     * @param {import("puppeteer-core").Page} page
     */
    async numberOf(page) {
      const screen = await set.browser.screen("options");
      const number = await screen.evaluate(async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url)?.id, page.url());
      await screen.close();
      return Number(number);
    },
    /** The options page. */
    async options() {
      const page = await set.browser.screen("options");
      opened.push(page);
      return optionsOn(page);
    },
    /** Closes the pages that were opened, so that the next test begins with none. */
    async closePages() {
      await Promise.all(opened.map((page) => page.isClosed() || page.close()));
      opened = [];
    },
    /**
     * What the service received while something was done.
     * @param {() => Promise<unknown>} act
     * @param {number} [count]
     */
    async receivedDuring(act, count = 1) {
      const last = await set.playground.last();
      await act();
      return set.playground.received(last, count);
    },
  };
}

/**
 * Starts a chat by the page's own means.
 * @param {import("puppeteer-core").Page | import("puppeteer-core").Frame} page
 * @param {string} [body] the page's default without it
 * @returns {Promise<Told>}
 */
export async function startChat(page, body) {
  await page.waitForFunction(() => "playground" in window);
  return page.evaluate((given) => /** @type {any} */ (window).playground.start(given), body);
}
