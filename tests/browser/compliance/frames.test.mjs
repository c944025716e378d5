// @ts-check
/** In frames of every kind, and in pages that come back, a page sees the same with and without the extension. */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { WHY } from "./support/known.mjs";
import { until } from "../support/wait.mjs";
import { threeWays } from "./support/three_ways.mjs";

/** @typedef {import("./support/three_ways.mjs").Driven} Driven */
/** @typedef {import("puppeteer-core").Page} Page */

/**
 * Runs in a frame: what each kind of call looks like from there.
 * @param {import("./support/tools.mjs").Tools} on
 */
async function lookAround(on) {
  const native = [fetch, XMLHttpRequest, XMLHttpRequest.prototype.send, WebSocket, navigator.sendBeacon, Worker].map((one) => `${one}`);
  const fetched = await on.answer(fetch(`${on.site}/echo`, { method: "POST", body: "x" }));
  const request = new XMLHttpRequest();
  request.open("POST", `${on.site}/echo`);
  const end = on.next(request, "loadend");
  request.send("y");
  await end;
  const socket = new WebSocket(on.socket("/ws/echo"));
  const log = on.heard(socket);
  await on.next(socket, "open");
  socket.send("z");
  await on.next(socket, "message");
  socket.close();
  await on.next(socket, "close");
  // Those of the driver's search by role come when it pleases.
  const keys = Reflect.ownKeys(window).map(String).filter((key) => !key.startsWith("__aria")).sort();
  return { native, fetched, xhr: on.state(request), log, origin, protocol: location.protocol, keys };
}

/**
 * A case in the frame that a page makes.
 * @param {string} name
 * @param {(page: Page, on: Driven) => Promise<unknown>} make
 * @returns {import("./support/three_ways.mjs").Case}
 */
function inFrame(name, make) {
  return {
    name,
    async drive(page, on) {
      await make(page, on);
      const frame = await frameOf(page);
      return on.evaluate(frame, lookAround);
    },
  };
}

/** @param {Page} page */
async function frameOf(page) {
  const element = await page.waitForSelector("iframe");
  const frame = await element?.contentFrame();
  if (frame === null || frame === undefined) {
    throw new Error("there is no frame");
  }
  await frame.waitForFunction(() => document.readyState === "complete");
  return frame;
}

/**
 * Adds a frame with attributes, and waits until it has loaded.
 * @param {Page} page
 * @param {Record<string, string>} attributes
 */
async function addFrame(page, attributes) {
  await page.evaluate(async (given) => {
    const frame = document.createElement("iframe");
    Object.entries(given).forEach(([name, value]) => frame.setAttribute(name, value));
    const loaded = new Promise((resolve) => (frame.onload = resolve));
    document.body.append(frame);
    await loaded;
  }, attributes);
}

threeWays([
  inFrame("about:blank", (page) => addFrame(page, {})),
  inFrame("srcdoc", (page) => addFrame(page, { srcdoc: "<p>of the frame</p>" })),
  inFrame("blob:", async (page) => {
    const address = await page.evaluate(() => URL.createObjectURL(new Blob(["<p>blob</p>"], { type: "text/html" })));
    await addFrame(page, { src: address });
  }),
  inFrame("data:", (page) => addFrame(page, { src: "data:text/html,<p>data</p>" })),
  inFrame("sandboxed", (page) => addFrame(page, { sandbox: "allow-scripts", src: "/say?sandboxed" })),
  inFrame("sandboxed srcdoc", (page) => addFrame(page, { sandbox: "allow-scripts", srcdoc: "<p>sandboxed</p>" })),
  inFrame("the same origin", (page) => addFrame(page, { src: "/say?framed" })),
  inFrame("another origin, which is enabled too", (page, on) => addFrame(page, { src: `${on.other}/say?framed` })),
  inFrame("document.write", (page) =>
    page.evaluate(() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const inner = /** @type {Document} */ (frame.contentDocument);
      inner.open();
      inner.write("<!doctype html><title>written</title><p>written</p>");
      inner.close();
    }),
  ),
  inFrame("a frame in a frame that is detached and added again", async (page) => {
    await addFrame(page, { srcdoc: "<p>first</p>" });
    await page.evaluate(async () => {
      const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("iframe"));
      frame.remove();
      const loaded = new Promise((resolve) => (frame.onload = resolve));
      document.body.append(frame);
      await loaded;
    });
  }),
  {
    name: "functions taken from about:blank right after it was added",
    async run(on) {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const other = /** @type {any} */ (frame.contentWindow);
      const text = other.Function.prototype.toString;
      const native = [other.fetch, other.XMLHttpRequest.prototype.send, other.WebSocket, other.navigator.sendBeacon].map((one) => text.call(one));
      const fetched = await on.answer(other.fetch(`${on.site}/echo`, { method: "POST", body: "x" }));
      const bare = await on.answer(Reflect.apply(other.fetch, undefined, [`${on.site}/echo`, { method: "POST", body: "x" }]));
      const foreign = await on.answer(Reflect.apply(other.fetch, window, [`${on.site}/echo`, { method: "POST", body: "x" }]));
      const own = await on.answer(Reflect.apply(fetch, other, [`${on.site}/echo`, { method: "POST", body: "x" }]));
      const request = new other.XMLHttpRequest();
      const log = on.watched(request);
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send("y");
      await end;
      const borrowed = new XMLHttpRequest();
      other.XMLHttpRequest.prototype.open.call(borrowed, "POST", `${on.site}/echo`);
      const borrowedEnd = on.next(borrowed, "loadend");
      other.XMLHttpRequest.prototype.send.call(borrowed, "borrowed");
      await borrowedEnd;
      const socket = new other.WebSocket(on.socket("/ws/echo"));
      await on.next(socket, "open");
      WebSocket.prototype.send.call(socket, "by ours");
      const { data } = await on.next(socket, "message");
      socket.close();
      await on.next(socket, "close");
      const request2 = new other.Request("/echo", { method: "POST", body: "of another realm" });
      const crossed = await on.answer(fetch(request2));
      const signal = await on.answer(fetch("/echo", { method: "POST", body: "x", signal: other.AbortSignal.timeout(5_000) }));
      const realms = [fetched, bare].length && (await other.fetch(`${on.site}/echo`)) instanceof other.Response;
      frame.remove();
      return { native, fetched, bare, foreign, own, log, state: on.state(borrowed), data, crossed, signal, realms };
    },
  },
  {
    name: "a frame that goes while its calls are under way",
    known: [
      { why: WHY.gone, browser: "firefox", way: "every call waits", at: ['.saw.saw[0] lacks "rejected"'] },
    ],
    isRace: true,
    // The relay of a frame goes with it.
    isUnasked: true,
    async run(on) {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const other = /** @type {any} */ (frame.contentWindow);
      /** @type {string[]} */
      const log = [];
      other.fetch(`${on.site}/echo?delay=200`, { method: "POST", body: "x" }).then(
        () => log.push("answered"),
        () => log.push("rejected"),
      );
      const request = new other.XMLHttpRequest();
      for (const type of ["load", "error", "abort", "loadend"]) {
        request.addEventListener(type, () => log.push(type));
      }
      request.open("POST", `${on.site}/echo?delay=200`);
      request.send("x");
      frame.remove();
      log.push("gone");
      await on.later(400);
      const after = await Promise.race([on.answer(Reflect.apply(other.fetch, undefined, [`${on.site}/echo`])), on.later(200).then(() => "nothing")]).catch((error) => on.error(error));
      return [log, after];
    },
  },
  {
    name: "a frame that is left, by its own code, after a call",
    isRace: true,
    async drive(page, on) {
      await addFrame(page, { src: "/say?first" });
      const frame = await frameOf(page);
      await frame.evaluate(() => {
        fetch("/echo?left", { method: "POST", body: "x", keepalive: true });
        location.href = "/say?second";
      });
      await page.waitForFunction(() => /** @type {any} */ (document.querySelector("iframe")).contentWindow?.location.search === "?second");
      await pause(200);
      const second = await frameOf(page);
      return [on.service.arrived().map(({ path }) => path), await on.evaluate(second, lookAround)];
    },
  },
  {
    name: "a page that goes back: kept or not, and its calls work",
    async drive(page, on) {
      await page.goto(`${on.site}/say?kept`);
      await page.evaluate(() => {
        const seen = [`${performance.now() > 0}`];
        Object.assign(window, { seen });
        addEventListener("pagehide", ({ persisted }) => seen.push(`pagehide ${persisted}`));
        addEventListener("pageshow", ({ persisted }) => seen.push(`pageshow ${persisted}`));
      });
      await on.evaluate(page, (tools) => tools.answer(fetch("/echo", { method: "POST", body: "before" })));
      await page.goto(`${on.site}/say?between`);
      await page.evaluate(() => history.back());
      await page.waitForFunction(() => location.search === "?kept" && document.readyState === "complete");
      await pause(100);
      const seen = await page.evaluate(() => /** @type {any} */ (window).seen ?? "loaded anew");
      assert.deepEqual(seen, ["true", "pagehide true", "pageshow true"], "the browser keeps it");
      return [seen, await on.evaluate(page, lookAround)];
    },
  },
  {
    name: "a page that goes back while a call was under way",
    known: [
      { why: WHY.gone, browser: "firefox", way: "every call waits", at: [".saw"] },
    ],
    isRace: true,
    isUnasked: true,
    async drive(page, on) {
      await page.goto(`${on.site}/say?kept`);
      await page.evaluate(() => {
        Object.assign(window, { seen: [] });
        addEventListener("pageshow", ({ persisted }) => /** @type {any} */ (window).seen.push(`pageshow ${persisted}`));
        fetch("/echo?delay=300", { method: "POST", body: "x" }).then(
          () => /** @type {any} */ (window).seen.push("answered"),
          () => /** @type {any} */ (window).seen.push("rejected"),
        );
        location.href = "/say?between";
      });
      await page.waitForFunction(() => location.search === "?between" && document.readyState === "complete");
      await pause(500);
      await page.evaluate(() => history.back());
      await page.waitForFunction(() => location.search === "?kept" && document.readyState === "complete");
      await pause(200);
      return page.evaluate(() => /** @type {any} */ (window).seen ?? "loaded anew");
    },
  },
  {
    name: "a page made ready before it is shown (speculation rules)",
    isRace: true,
    async drive(_, on) {
      const page = await on.open(`${on.site}/say`);
      // It says itself what it saw: while it takes the place of the page before, the driver knows neither.
      const address = `${on.site}/say?text=${encodeURIComponent(`<!doctype html><title>made ready</title><script>
        const at = document.prerendering ?? "unknown";
        const post = (n, body) => fetch("/echo?ready=" + n, { method: "POST", body }).then((r) => r.text());
        const first = post(1, "x");
        const second = new Promise((done) => addEventListener("load", () => done(post(2, "x"))));
        const tell = async () => {
          const [{ activationStart }] = performance.getEntriesByType("navigation");
          post("told", JSON.stringify([at, await first, await second, activationStart > 0]));
        };
        if (document.prerendering) document.addEventListener("prerenderingchange", tell);
        else tell();
      </script>`)}`;
      await page.evaluate((href) => {
        const rules = document.createElement("script");
        rules.type = "speculationrules";
        rules.textContent = JSON.stringify({ prerender: [{ source: "list", urls: [href] }] });
        document.head.append(rules);
        const link = Object.assign(document.createElement("a"), { href, textContent: "go" });
        document.body.append(link);
      }, address);
      await pause(500);
      await page.evaluate(() => {
        setTimeout(() => /** @type {HTMLElement} */ (document.querySelector("a")).click());
      });
      const told = () => on.service.arrived().find(({ path }) => path.endsWith("ready=told"));
      const { body } = /** @type {any} */ (await until("the page that was made ready", async () => told(), Boolean));
      const seen = JSON.parse(body);
      assert.deepEqual([seen[0], seen[3]], on.browser === "chromium" ? [true, true] : ["unknown", false], "Chromium makes it ready");
      // The driver may not know the page that took the place of its own.
      await page.close().catch(() => {});
      return seen;
    },
  },
  {
    name: "a window that was opened",
    async run(on) {
      const other = /** @type {any} */ (window.open("about:blank"));
      const native = [other.fetch, other.XMLHttpRequest.prototype.send].map((one) => `${one}`);
      const fetched = await on.answer(other.fetch(`${on.site}/echo`, { method: "POST", body: "x" }));
      other.close();
      return [native, fetched];
    },
  },
], {});
