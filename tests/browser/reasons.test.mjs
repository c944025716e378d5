// @ts-check
/** Why no answer came: what a page can know is told apart from what it cannot. */

import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { stage } from "./support/stage.mjs";

const PATH = "/api/v2/conversations/webchat";

/** Nothing listens on this port, which only root may open. */
const UNREACHABLE = "http://localhost:2";

/** How a page starts a chat, whatever comes of it. */
const CALLS = {
  fetch: (/** @type {string} */ url) => {
    fetch(url, { method: "POST", body: '{"attributes":{"externalId":"WEB-1"}}' }).catch(() => undefined);
  },
  xhr: (/** @type {string} */ url) => {
    const request = new XMLHttpRequest();
    // As a page keeps it that waits for its answer; Firefox forgets one that nobody holds.
    Object.assign(window, { request });
    request.open("POST", url);
    request.send('{"attributes":{"externalId":"WEB-1"}}');
  },
};

/** Hosts that are no loopback, so that what holds for those does not hold for them. */
const [SHOP, SERVICE] = ["https://hosts.callsign.test", "https://api.callsign.test"];

for (const name of BROWSERS) {
  describe(`${name}, over TLS`, () => {
    const on = stage(name, { grant: [SHOP] }, { hasVendorHosts: true });
    afterEach(() => on.closePages());

    /**
     * What the panel says of a start that a page cannot make.
     * @param {(url: string) => void} call
     * @param {string} service
     * @param {string} sentence
     * @param {(page: import("puppeteer-core").Page) => Promise<void>} [before]
     */
    async function check(call, service, sentence, before) {
      const page = await on.open(`${SHOP}/fetch`);
      await before?.(page);
      await page.evaluate(call, service + PATH);
      const panel = await on.panel(SHOP);
      await panel.shows(({ detail }) => detail?.findings.some((shown) => shown.includes(sentence)));
      await panel.click("Clear");
      await panel.shows(({ rows }) => rows.length === 0);
    }

    for (const [how, call] of Object.entries(CALLS)) {
      test(`${how}: a service without encryption is told from one that refuses`, async () => {
        const plain = SERVICE.replace("https", "http");
        await check(call, plain, `The page is ${SHOP} and calls ${plain}, which is not encrypted`);
      });

      // Only Chromium's driver can take a page off the network.
      if (name === "chromium") {
        test(`${how}: being offline is told from a service that refuses`, () =>
          check(call, SERVICE, "The browser is offline", (page) => page.setOfflineMode(true)));
      }
    }
  });

  describe(name, () => {
    const on = stage(name, { grant: ["http://127.0.0.1"] });
    afterEach(() => on.closePages());

    for (const [how, call] of Object.entries(CALLS)) {
      test(`${how}: an address that the page's policy forbids is named, and another that fails is not`, async () => {
        const page = await on.open(`${on.site}/csp/fetch`);
        await page.evaluate(call, on.widget + PATH);
        const panel = await on.panel(on.site);
        await panel.shows(({ detail }) =>
          detail?.findings.some((shown) => shown.includes(`The page's Content-Security-Policy forbids ${on.widget}`)),
        );
        await panel.click("Clear");
        await panel.shows(({ rows }) => rows.length === 0);
      });

      test(`${how}: a service that cannot be reached is told from a policy`, async () => {
        const page = await on.open(`${on.site}/fetch`);
        await page.evaluate(call, `${UNREACHABLE}${PATH}`);
        const panel = await on.panel(on.site);
        await panel.shows(({ detail }) => detail?.findings.some((shown) => shown.includes("No answer reached the page: ")));
        await panel.click("Clear");
        await panel.shows(({ rows }) => rows.length === 0);
      });
    }
  });
}
