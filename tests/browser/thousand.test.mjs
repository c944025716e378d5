// @ts-check
/**
 * A thousand starts, each with a fault of its own: each reaches the service exactly once, and its record says truthfully
 * what was sent.
 *
 * `CALLSIGN_SEED` repeats a run; the seed of each run is printed. Which faults are staged, and how, says
 * support/faulty.mjs; backgrounds that end, extensions that are switched off and on, storage that is full, pages that are
 * left and starts that are aborted are real.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, startBrowser } from "./support/browsers.mjs";
import { buildFaultyExtension, emptyStorage, endBackground, faultWord, fillStorage } from "./support/faulty.mjs";
import { startPlayground } from "./support/processes.mjs";
import { panelOn } from "./support/screens.mjs";
import { until } from "./support/wait.mjs";

const INJECTED = "CRM-12345-XYZ";
const SEED = Number(process.env.CALLSIGN_SEED ?? Date.now() % 1_000_000);
/** So many batches of so many starts. @type {Record<string, {batches: number, size: number}>} */
const RUNS = { chromium: { batches: 20, size: 50 }, firefox: { batches: 8, size: 25 } };

const TRANSPORTS = ["fetch", "xhr", "beacon", "webSocket"];
/** What may go wrong with one start; the first ones are more frequent. */
const FAULTS = ["none", "none", "trap", "twice", "late", "other", "malformed", "abort"];
/** What may go wrong for all starts that wait at a moment, and the word by which starts wait for it. */
const EVENTS = /** @type {const} */ ([
  "none",
  "asleep",
  "deciding",
  "decided",
  "answering",
  "full",
  "left",
  "reloaded",
]);

/**
 * One start; `isLost` is whether the page itself gave it up.
 * @typedef {{name: string, transport: string, fault: string, delay: number, body: string}} Start
 * @typedef {{id: string, delivery: {kind: string}, before: {body: {text: string}}, after: {body: {text: string}} | null, outcome?: {kind: string, status?: number} | null}} Kept
 */

/**
 * Numbers from 0 to 1, the same ones for a seed (mulberry32).
 * @param {number} seed
 */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The starts of a batch.
 * @param {() => number} random
 * @param {string} event
 * @param {number} batch
 * @param {number} size
 * @returns {Start[]}
 */
function startsOf(random, event, batch, size) {
  const one = (/** @type {readonly string[]} */ of) => of[Math.floor(random() * of.length)];
  return Array.from({ length: size }, (_, index) => {
    const transport = one(TRANSPORTS);
    const isHeld = ["deciding", "decided", "left", "reloaded"].includes(event) && random() < 0.6;
    const fault = isHeld ? (event === "decided" ? "decided" : "deciding") : one(FAULTS);
    const name = `WEB-${batch}-${index}-END`;
    const attributes = { externalId: name, name, fault: faultWord(fault) };
    const body =
      transport === "webSocket"
        ? { action: "onMessage", token: "{{token}}", message: { type: "Text", text: "hi", channel: { metadata: { customAttributes: attributes } } } }
        : { configurationId: event === "answering" ? "config-slow-1000" : "config-live", attributes };
    return { name, transport, fault, delay: Math.floor(random() * 30), body: JSON.stringify(body) };
  });
}

/**
 * Makes all starts at once; runs in the page. What it gives is when all have their answers.
 * @param {Start[]} starts
 * @param {string} api
 * @param {string} socketApi
 */
async function makeAll(starts, api, socketApi) {
  /** @type {Record<string, (start: Start, signal: AbortSignal) => Promise<unknown>>} */
  const makers = {
    fetch: ({ body }, signal) => fetch(api, { method: "POST", body, signal }),
    xhr: ({ body }, signal) =>
      new Promise((done) => {
        const request = new XMLHttpRequest();
        request.open("POST", api);
        request.onloadend = done;
        signal.onabort = () => request.abort();
        request.send(body);
      }),
    beacon: async ({ body }) => navigator.sendBeacon(api, body),
    webSocket: ({ body }, signal) =>
      new Promise((done) => {
        const socket = new WebSocket(socketApi);
        const token = crypto.randomUUID();
        let answers = 0;
        socket.onclose = done;
        socket.onopen = () => {
          const deploymentId = "config-live";
          const customer = { customer: { id: token, idType: "cookie" }, customerSession: { id: "", type: "web" } };
          socket.send(JSON.stringify({ action: "configureSession", token, deploymentId, startNew: false, journeyContext: customer }));
        };
        socket.onmessage = ({ data }) => {
          if (JSON.parse(data).body?.direction === "Outbound") {
            return;
          }
          answers += 1;
          if (answers === 1) {
            socket.send(body.replace("{{token}}", token));
            signal.onabort = () => socket.close();
          } else {
            socket.close();
          }
        };
      }),
  };
  const make = async (/** @type {Start} */ start) => {
    const abort = new AbortController();
    if (start.fault === "abort") {
      setTimeout(() => abort.abort(), start.delay);
    }
    await makers[start.transport](start, abort.signal).catch(() => {});
  };
  /** @type {any} */ (window).all = Promise.all(starts.map(make)).then(() => true);
}

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startPlayground>>} */
    let playground;
    /** @type {ReturnType<typeof buildFaultyExtension>} */
    let extension;
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => {
      playground = await startPlayground();
      const injects = { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: INJECTED } } };
      extension = buildFaultyExtension({ grant: ["http://127.0.0.1"], settings: injects });
      browser = await startBrowser(name, extension.path, { seesNetwork: false });
    });
    after(async () => {
      await browser.stop();
      await playground.stop();
      extension.remove();
    });

    /** @param {import("puppeteer-core").Page} screen @returns {Promise<Kept[]>} */
    async function records(screen) {
      const texts = await screen.evaluate(async () => {
        const all = await chrome.storage.session.get(null);
        return Object.entries(all).flatMap(([key, text]) => (key.startsWith("start:") ? [String(text)] : []));
      });
      return texts.map((text) => JSON.parse(text));
    }

    /**
     * What the service received since a number, by the name of the start.
     * @param {number} last
     */
    async function receivedSince(last) {
      await fetch(`${playground.site}/echo`, { method: "POST", body: "end" });
      /** @type {Map<string, string[]>} */
      const byName = new Map();
      for (const { body } of await playground.received(last)) {
        const found = /"name":"(WEB-[^"]*)"/.exec(body)?.[1];
        if (found !== undefined) {
          byName.set(found, [...(byName.get(found) ?? []), body]);
        }
      }
      return byName;
    }

    /**
     * Makes what goes wrong for all happen.
     * @param {string} event
     * @param {import("puppeteer-core").Page} page
     * @param {import("puppeteer-core").Page} screen
     */
    async function happen(event, page, screen) {
      if (["deciding", "decided", "answering"].includes(event)) {
        await endBackground(browser, screen);
      } else if (event === "left") {
        await page.goto(`${playground.site}/echo`);
      } else if (event === "reloaded") {
        await browser.switchOffAndOn();
      }
    }

    const { batches, size } = RUNS[name];

    test(`${batches * size} starts, seed ${SEED}`, { timeout: 300_000 }, async (t) => {
      t.diagnostic(`CALLSIGN_SEED=${SEED}`);
      const random = randomFrom(SEED);
      const first = await playground.last();
      /** @type {Record<string, number>} */
      const tally = {};
      for (let batch = 0; batch < batches; batch += 1) {
        const event = EVENTS[batch % EVENTS.length];
        const starts = startsOf(random, event, batch, size);
        const began = Date.now();
        await runBatch(event, starts, tally);
        t.diagnostic(`batch ${batch}, ${event}: ${Date.now() - began} ms`);
      }
      const all = await receivedSince(first);
      assert.deepEqual(
        [...all].filter(([, bodies]) => bodies.length > 1),
        [],
        "none is doubled, however late",
      );
      t.diagnostic(JSON.stringify(tally));
    });

    /**
     * @param {string} event
     * @param {Start[]} starts
     * @param {Record<string, number>} tally
     */
    async function runBatch(event, starts, tally) {
      const last = await playground.last();
      const page = await browser.open(`${playground.site}/fetch`);
      // About no tab: it reads nothing by itself.
      let screen = await browser.screen("panel", "");
      if (event === "asleep") {
        await browser.stopBackground();
      }
      if (event === "full") {
        await fillStorage(screen);
      }
      await page.bringToFront();
      const socketApi = `${playground.site.replace("http", "ws")}/v1?deploymentId=config-live`;
      await page.evaluate(makeAll, starts, "/api/v2/conversations/webchat", socketApi);
      await happen(event, page, screen);
      if (screen.isClosed() || event === "reloaded") {
        // Switching off takes the extension's own pages with it.
        screen = await browser.screen("panel", "");
        await page.bringToFront();
      }
      const isLeft = event === "left";
      if (!isLeft) {
        await page.evaluate(() => /** @type {any} */ (window).all);
      }
      if (event === "decided") {
        // For the starts that came to the next background.
        await endBackground(browser, screen);
      }
      /** @param {Start} start */
      const mayBeGivenUp = ({ fault, transport }) => (fault === "abort" && transport !== "beacon") || (isLeft && transport !== "beacon");
      const due = starts.filter((start) => !mayBeGivenUp(start));
      const received = await until(
        `the starts at the service, ${event}`,
        () => receivedSince(last),
        (byName) => due.every((start) => byName.has(start.name)),
      ).catch(async (error) => {
        const byName = await receivedSince(last);
        throw new Error(`lost: ${JSON.stringify(due.filter((start) => !byName.has(start.name)))}`, { cause: error });
      });
      for (const start of starts) {
        const bodies = received.get(start.name) ?? [];
        assert.ok(bodies.length <= 1, `${event}: doubled: ${JSON.stringify({ start, bodies })}`);
        checkBody(start, bodies[0]);
      }
      await checkRecords(event, starts, received, screen, tally);
      await empty(screen);
      await page.close();
      await screen.close();
    }

    /**
     * What arrived is what the page wrote, or that with the CRM ID, and nothing else.
     * @param {Start} start
     * @param {string | undefined} body
     */
    function checkBody({ name: written, body: whole }, body) {
      if (body === undefined) {
        return;
      }
      const token = JSON.parse(body).token;
      const asWritten = token === undefined ? whole : whole.replace("{{token}}", token);
      const edited = asWritten.replace(`"externalId":"${written}"`, `"externalId":"${INJECTED}"`);
      assert.ok(body === asWritten || body === edited, `a body that nobody wrote: ${body}`);
    }

    /**
     * @param {string} event
     * @param {Start[]} starts
     * @param {Map<string, string[]>} received
     * @param {import("puppeteer-core").Page} screen
     * @param {Record<string, number>} tally
     */
    async function checkRecords(event, starts, received, screen, tally) {
      /**
       * Whether the record of a start has to say how it went out. It need not where it cannot:
       *
       * - the page was left: what its relay says then may be lost with it;
       * - the extension was switched off and on: the page's relay is of the one before, and reaches nobody;
       * - the storage was full: the record was refused, which the panel says (below);
       * - the page gave the start up before it left: of that nothing is reported a second time, so it may have gone with a background.
       * @param {Start} start
       */
      const isDue = (start) =>
        !["left", "reloaded", "full"].includes(event) && (received.has(start.name) || start.fault !== "abort");
      /** What is answered to its page; a beacon is not, and to a page that gave it up it is not either. @param {Start} start */
      const isAnswered = (start) => isDue(start) && ["fetch", "xhr"].includes(start.transport) && start.fault !== "abort";
      const nameOf = (/** @type {Kept} */ record) => /"name":"(WEB-[^"]*)"/.exec(record.before.body.text)?.[1];
      const read = async () => {
        const found = await records(screen);
        return new Map(found.map((record) => [nameOf(record), record]));
      };
      const isTold = (/** @type {Start} */ start, /** @type {Kept | undefined} */ record) =>
        (!isDue(start) || !["waiting", undefined].includes(record?.delivery.kind)) &&
        (!isAnswered(start) || (record?.outcome?.kind === "answered" && record.outcome.status === 200));
      const byName = await until(`the records, ${event}`, read, (found) => starts.every((start) => isTold(start, found.get(start.name)))).catch(
        async () => {
          const found = await read();
          const untold = starts.filter((start) => !isTold(start, found.get(start.name)));
          const lines = untold.map((start) => {
            const record = found.get(start.name);
            return { ...start, delivery: record?.delivery, outcome: record?.outcome, received: received.get(start.name) };
          });
          throw new Error(`${event}: no word of ${JSON.stringify(lines)}`);
        },
      );
      if (event === "full") {
        const panel = panelOn(await browser.screen("panel", playground.site));
        const found = await read();
        const lost = starts.filter((start) => !found.has(start.name)).length;
        assert.ok(lost > 0, "the storage was full");
        await panel.page.waitForSelector('::-p-aria([name="Not seen"]) ::-p-text("There was no room to keep")');
        await panel.page.close();
      }
      for (const start of starts) {
        const body = received.get(start.name)?.[0];
        const record = byName.get(start.name);
        const isInjected = body?.includes(`"externalId":"${INJECTED}"`) ?? false;
        const kind = record?.delivery.kind ?? "no record";
        tally[`${kind}${isInjected ? " injected" : ""}`] = (tally[`${kind}${isInjected ? " injected" : ""}`] ?? 0) + 1;
        const what = JSON.stringify({ event, start, kind, body });
        if (kind === "edited") {
          assert.ok(isInjected || (body === undefined && !isDue(start)), what);
          assert.ok(body === undefined || record?.after?.body.text === body, what);
        } else if (kind === "asWritten" || kind === "unasked") {
          assert.ok(!isInjected, what);
          assert.equal(record?.after ?? null, null, what);
        }
      }
    }

    /** @param {import("puppeteer-core").Page} screen */
    async function empty(screen) {
      await emptyStorage(screen);
      await screen.evaluate(async () => {
        for (const tab of await chrome.tabs.query({})) {
          await chrome.runtime.sendMessage(JSON.stringify({ kind: "clear", tab: tab.id }));
        }
      });
    }
  });
}
