// @ts-check
/** No screen claims to see what is not seen: pages that the page script is not in, workers, and functions that are frozen. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED, byteService } from "./support/injecting.mjs";
import { stage } from "./support/stage.mjs";

const BODY = '{"attributes":{"externalId":"WEB-0001"}}';
const INJECTED = BODY.replace("WEB-0001", WANTED);

/** What sends a start, and gives its answer: the body as the service received it. @type {Record<string, string>} */
const SENDERS = {
  fetch: "fetch('/conversations/webchat', { method: 'POST', body }).then((answer) => answer.text())",
  XMLHttpRequest: `new Promise((done) => {
    const request = new XMLHttpRequest();
    request.onload = () => done(request.responseText);
    request.open('POST', '/conversations/webchat');
    request.send(body);
  })`,
};

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    const service = byteService();
    afterEach(() => on.closePages());

    /**
     * A page in which a script of another extension has taken something away before ours runs.
     * @param {string} global
     */
    async function openWithout(global) {
      const page = await on.open("about:blank");
      await page.evaluateOnNewDocument((gone) => Reflect.deleteProperty(window, gone), global);
      await page.goto(`${service.site}/say`);
      assert.equal(await page.evaluate((gone) => gone in window, global), false);
      return page;
    }

    test("where the page script cannot begin, popup and panel say that Callsign is not in the page", async () => {
      const page = await openWithout("FormData");
      assert.equal(await page.evaluate(sendBy, SENDERS.fetch, BODY), BODY);
      const popup = await on.popup(service.site);
      const { siteNote } = await popup.shows(({ state, siteNote }) => state === "Enabled" && siteNote !== "");
      assert.equal(siteNote, "Callsign is not in this page, so its starts are not seen. Reload it if it was open before.");
      const panel = await on.panel(service.site);
      await panel.page.waitForSelector('::-p-aria([name="Coverage"]) ::-p-text("Callsign is not in this page")');
    });

    for (const global of ["WebSocket", "XMLHttpRequest", "Worker", "MutationObserver"]) {
      test(`a page without ${global} has its other starts injected`, async () => {
        const page = await openWithout(global);
        for (const [how, send] of Object.entries(SENDERS)) {
          if (how !== global) {
            assert.equal(await page.evaluate(sendBy, send, BODY), INJECTED, how);
          }
        }
        const popup = await on.popup(service.site);
        const { siteNote } = await popup.shows(({ last }) => last.some((line) => line.includes("200")));
        assert.equal(siteNote, "");
      });
    }

    test("a page in which fetch was frozen before is said not to be covered there, and all else of it is", async () => {
      const page = await on.open("about:blank");
      await page.evaluateOnNewDocument(() => {
        Object.defineProperty(window, "fetch", { value: window.fetch, writable: false, configurable: false });
      });
      await page.goto(`${service.site}/say`);
      assert.equal(await page.evaluate(sendBy, SENDERS.fetch, BODY), BODY);
      assert.equal(await page.evaluate(sendBy, SENDERS.XMLHttpRequest, BODY), INJECTED);
      await assertSaid("This page has frozen a function that chats start by, so its calls are not seen");
    });

    test("a page in which only functions that start no chat are frozen has nothing said of it", async () => {
      const page = await on.open("about:blank");
      await page.evaluateOnNewDocument(() => {
        Object.freeze(Function.prototype);
        Object.defineProperty(window, "Worker", { value: window.Worker, writable: false, configurable: false });
      });
      await page.goto(`${service.site}/say`);
      assert.equal(await page.evaluate(sendBy, SENDERS.fetch, BODY), INJECTED);
      const popup = await on.popup(service.site);
      await popup.shows(({ last }) => last.some((line) => line.includes("200")));
      assert.equal(await popup.page.$('::-p-aria([name="Coverage"]) ::-p-text("frozen")'), null);
    });

    /**
     * Waits until panel and popup both say this of what is not seen of the page.
     * @param {string} sentence
     */
    async function assertSaid(sentence) {
      const panel = await on.panel(service.site);
      await panel.page.waitForSelector(`::-p-aria([name="Not seen"]) ::-p-text("${sentence}")`);
      const popup = await on.popup(service.site);
      await popup.page.waitForSelector(`::-p-aria([name="Coverage"]) ::-p-text("${sentence}")`);
    }

    test("dedicated and shared workers are counted", async () => {
      const page = await on.open(`${service.site}/say`);
      await page.evaluate((script) => {
        const shared = new SharedWorker(script);
        shared.port.start();
        Object.assign(window, { workers: [new Worker(script), new Worker(script), shared] });
      }, scriptOf("0"));
      await assertSaid("This page runs 3 workers, whose traffic is not seen");
    });

    /**
     * A page that has a service worker, with this code, for its own address.
     * @param {string} code
     */
    async function openServed(code) {
      const page = await on.open(`${service.site}/say?served`);
      await page.evaluate(async (script) => {
        const { installing, waiting, active } = await navigator.serviceWorker.register(script);
        const worker = /** @type {ServiceWorker} */ (installing ?? waiting ?? active);
        await new Promise((done) => {
          const look = () => worker.state === "activated" && done(undefined);
          worker.addEventListener("statechange", look);
          look();
        });
      }, scriptOf(code));
      return page;
    }

    /** @param {import("puppeteer-core").Page} page */
    async function unregister(page) {
      await page.evaluate(async () => {
        for (const registration of await navigator.serviceWorker.getRegistrations()) {
          await registration.unregister();
        }
      });
    }

    test("a service worker that comes later is counted, whether it claims the page or not, and so it is after a reload", async () => {
      for (const code of ["/* claims nothing */ 0", "onactivate = (event) => event.waitUntil(clients.claim())"]) {
        const page = await openServed(code);
        await assertSaid("This page runs a worker, whose traffic is not seen");
        await page.bringToFront();
        await page.reload();
        assert.ok(await page.evaluate(() => navigator.serviceWorker.controller !== null));
        await assertSaid("This page runs a worker, whose traffic is not seen");
        await unregister(page);
        await on.closePages();
      }
      await on.open(`${service.site}/say?after`);
      const popup = await on.popup(service.site);
      await popup.shows(({ state }) => state === "Enabled");
      assert.equal(await popup.page.$('::-p-aria([name="Coverage"]) ::-p-text("This page runs")'), null, "it is gone with its page");
    });
  });
}

/**
 * Runs in the page.
 * @param {string} send
 * @param {string} body
 */
function sendBy(send, body) {
  return new Function("body", `return ${send}`)(body);
}

/**
 * The address of a script with this code.
 * @param {string} code
 */
function scriptOf(code) {
  return `/say?type=text/javascript&text=${encodeURIComponent(code)}`;
}
