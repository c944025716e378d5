// @ts-check
/**
 * Runs small pieces of page code in three browsers, and asserts that the page saw the same in each: without the
 * extension, with it where no call is a candidate, and with it where every call waits for its verdict and is passed
 * through. What the service received is part of what is compared.
 *
 * A case that is not steady by itself is told from one that the extension disturbs with `CALLSIGN_THREE_WAYS=without`:
 * all three browsers are then without the extension.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BROWSERS, startBrowser } from "../../support/browsers.mjs";
import { buildExtension } from "../../support/processes.mjs";
import { until } from "../../support/wait.mjs";
import { differences } from "./differences.mjs";
import { unexpected } from "./known.mjs";
import { startService } from "./service.mjs";
import { tools } from "./tools.mjs";
import { addWitness, VERDICT_DELAY_MS } from "./witness.mjs";

/**
 * One thing that a page does and sees.
 *
 * - `run` is page code. It is sent as source, so it uses nothing but the tools that it is given, and resolves with
 *   plain data. It runs in the page that the cases of a file share, and keeps to objects of its own.
 * - `drive` runs here instead, with a page of its own that shows `/say`.
 * - `arrivals`: so many requests and sockets are awaited at the service, for those whose end no page sees.
 * - `isRace`: whether a request arrives that is given up is chance, and is not compared.
 * - `isUnordered`: requests that are under way together arrive in an order that is chance.
 * - `isUnasked`: nothing in this case waits for a verdict, so no candidate has to reach the background.
 * - `known`: what a page can tell here, and will be able to; everything else is compared.
 * @typedef {{
 *   name: string,
 *   run?: (on: import("./tools.mjs").Tools) => unknown,
 *   drive?: (page: import("puppeteer-core").Page, on: Driven) => unknown,
 *   arrivals?: number,
 *   isRace?: boolean,
 *   isUnordered?: boolean,
 *   isUnasked?: boolean,
 *   known?: import("./known.mjs").Known[],
 * }} Case
 */

/**
 * What a driven case has beside its page.
 * @typedef {{
 *   browser: "chromium" | "firefox",
 *   service: Awaited<ReturnType<typeof startService>>,
 *   site: string,
 *   other: string,
 *   evaluate: (page: import("puppeteer-core").Page | import("puppeteer-core").Frame, run: (on: import("./tools.mjs").Tools) => unknown) => Promise<any>,
 *   open: (address: string) => Promise<import("puppeteer-core").Page>,
 * }} Driven
 */

/**
 * A service beside the harness's own; `arrived` resolves when nothing is under way any more.
 * @typedef {{
 *   origin: string,
 *   arrived: () => Promise<{path: string}[]>,
 *   forget: () => unknown,
 *   stop: () => unknown,
 * }} Beside
 */

/** How the extension is there. @type {["without it", "no candidate", "every call waits"]} */
const WAYS = ["without it", "no candidate", "every call waits"];

/** Whether no browser has the extension, so that nothing may differ. */
const IS_ALL_WITHOUT = process.env.CALLSIGN_THREE_WAYS === "without";

/** What does not come within this time counts as never. */
const LIMIT_MS = 9_000;

/**
 * @param {Case[]} cases
 * @param {{
 *   browsers?: ("chromium" | "firefox")[],
 *   scripts?: string[],
 *   prepare?: (page: import("puppeteer-core").Page) => Promise<unknown>,
 *   beside?: Record<string, () => Promise<Beside>>,
 * }} [options] `scripts`: bundled clients that the shared page loads first, such as `/clients/axios.js`; `prepare`: what
 *   is done to a new page before it shows anything; `beside`: other services that are started for each way, which
 *   page code finds by name in `on.beside`
 */
export function threeWays(cases, { browsers = BROWSERS, scripts = [], prepare = async () => {}, beside = {} } = {}) {
  for (const name of browsers) {
    describe(name, () => {
      /** @type {Awaited<ReturnType<typeof openWay>>[]} */
      let ways = [];
      before(async () => {
        const started = await startedWays(name);
        ways = await Promise.all(started.map((way) => openWay(way, scripts, prepare, beside)));
      });
      after(() => Promise.all(ways.map((way) => way.close())));

      for (const one of cases) {
        test(one.name, async () => {
          const [without, ...withIt] = await Promise.all(ways.map((way) => way.observe(one)));
          const told = withIt.flatMap(({ way, isHeard, ...observed }) => {
            const { way: _way, isHeard: _isHeard, ...expected } = without;
            const lines = isHeard ? [] : ["no candidate reached the background"];
            const known = (one.known ?? []).filter((entry) => (entry.browser ?? name) === name && (entry.way ?? way) === way);
            lines.push(...unexpected([...differences(expected, observed)], IS_ALL_WITHOUT ? [] : known));
            return lines.length === 0 ? [] : [`${way}:`, ...lines.map((line) => `  ${line}`)];
          });
          assert.ok(told.length === 0, `a page can tell:\n${told.join("\n")}`);
        });
      }

      test("calls were candidates that waited one way, and none was the other way", async () => {
        const [, none, every] = ways;
        assert.deepEqual(none.started.service.witnessed, []);
        await every.assertWaits();
      });
    });
  }
}

/** The browsers that run, by name: all that is tested in this process shares them. @type {Map<string, Promise<Started[]>>} */
const running = new Map();

after(async () => {
  for (const started of running.values()) {
    await Promise.all((await started).map((way) => way.stop()));
  }
});

/** @param {"chromium" | "firefox"} name */
function startedWays(name) {
  const started = running.get(name) ?? Promise.all(WAYS.map((way) => startWay(name, way)));
  running.set(name, started);
  return started;
}

/** @typedef {Awaited<ReturnType<typeof startWay>>} Started */

/**
 * A browser of one way, and its service.
 * @param {"chromium" | "firefox"} name
 * @param {typeof WAYS[number]} way
 */
async function startWay(name, way) {
  const isWithout = way === "without it" || IS_ALL_WITHOUT;
  const service = await startService();
  const { path, remove } = isWithout ? { path: undefined, remove: () => {} } : built(way === "every call waits", service);
  const { browser, stop } = await startBrowser(name, path, { seesNetwork: false });
  return {
    name,
    way,
    isWithout,
    service,
    browser,
    async stop() {
      await stop();
      service.stop();
      remove();
    },
  };
}

/**
 * The pages of one way.
 * @param {Started} started
 * @param {string[]} scripts
 * @param {(page: import("puppeteer-core").Page) => Promise<unknown>} prepare
 * @param {Record<string, () => Promise<Beside>>} beside
 */
async function openWay(started, scripts, prepare, beside) {
  const { name, way, isWithout, service, browser } = started;
  const others = await Promise.all(Object.values(beside).map((start) => start()));
  const origins = Object.fromEntries(Object.keys(beside).map((key, index) => [key, others[index].origin]));
  const ports = [service.site, ...Object.values(origins)].map((origin) => new URL(origin).port);
  /** @type {import("puppeteer-core").Page | undefined} */
  let shared;

  /** @param {string} address */
  async function open(address) {
    const page = await browser.newPage();
    await prepare(page);
    await page.goto(address);
    return page;
  }

  /** The page that the cases share; a new one where the last case did not end. */
  async function sharedPage() {
    shared ??= await open(`${service.site}/say?text=${encodeURIComponent(documentWith(scripts))}`);
    return shared;
  }

  /**
   * What a piece of page code gives, and the errors that nothing in the page took meanwhile.
   * @param {import("puppeteer-core").Page | import("puppeteer-core").Frame} page
   * @param {(on: any) => unknown} run
   */
  async function evaluate(page, run) {
    const given = `(${tools})(${[service.site, service.other, origins].map((value) => JSON.stringify(value))})`;
    return JSON.parse(/** @type {string} */ (await page.evaluate(`(${inPage})(${given}, ${sourceOf(run)})`)));
  }

  /** @type {Driven} */
  const driven = { browser: name, service, site: service.site, other: service.other, evaluate, open };

  /** @param {Case} one */
  async function observed(one) {
    if (one.drive === undefined) {
      return evaluate(await sharedPage(), one.run ?? (() => {}));
    }
    const page = await open(`${service.site}/say`);
    service.forget();
    try {
      return await one.drive(page, driven);
    } finally {
      await page.close();
    }
  }

  return {
    started,
    /**
     * What a case sees, and what arrived at the service.
     * @param {Case} one
     */
    async observe(one) {
      await sharedPage();
      service.forget();
      await Promise.all(others.map((other) => other.forget()));
      const heard = service.witnessed.length;
      const saw = await within(observed(one));
      if (saw === "never ends") {
        await shared?.close();
        shared = undefined;
      }
      const { arrivals = 0 } = one;
      await until("what arrives", async () => service.arrived(), ({ length }) => length >= arrivals);
      const isAsked = way === "every call waits" && !isWithout && !one.isUnasked;
      const isHeard = !isAsked || (await comes(() => service.witnessed.length > heard));
      await comes(() => service.openSockets() === 0);
      const elsewhere = await Promise.all(others.map((other) => other.arrived()));
      const arrived = one.isRace ? [] : [...service.arrived(), ...elsewhere.flat()];
      if (one.isUnordered) {
        arrived.sort((left, right) => left.path.localeCompare(right.path));
      }
      return steady(ports, { way, isHeard, saw, arrived });
    },
    /** Asserts that a call arrives after its verdict was given, which is late. */
    async assertWaits() {
      if (isWithout) {
        return;
      }
      const page = await sharedPage();
      const heard = service.witnessed.length;
      await evaluate(page, (on) => fetch(`${on.site}/echo?waited`, { method: "POST", body: "{}" }).then(() => 0));
      const told = service.witnessed.slice(heard).filter(({ url }) => url?.endsWith("/echo?waited"));
      assert.deepEqual(told.map(({ what }) => what), ["heard", "verdict"]);
      const [asked, verdict] = told.map(({ at }) => at);
      assert.ok(verdict - asked >= VERDICT_DELAY_MS - 1, "the verdict was late");
      assert.ok(/** @type {number} */ (service.times.get("/echo?waited")) > verdict, "the call waited for it");
    },
    async close() {
      await shared?.close();
      await Promise.all(others.map((other) => other.stop()));
    },
  };
}

/**
 * @param {boolean} everyCall
 * @param {Awaited<ReturnType<typeof startService>>} service
 */
function built(everyCall, service) {
  const grant = ["http://127.0.0.1", "http://localhost"];
  const sites = Object.fromEntries(grant.map((site) => [site, { mode: "inject", crmId: "CRM-12345-XYZ" }]));
  const extension = buildExtension({ grant, settings: { version: 1, sites }, everyCall });
  addWitness(extension.path, service.site);
  return extension;
}

/**
 * A function as an expression: a method's own source is none.
 * @param {Function} run
 */
function sourceOf(run) {
  const source = `${run}`;
  return /^(async )?run\(/.test(source) ? `({ ${source} }).run` : source;
}

/**
 * Runs in the page.
 * @param {import("./tools.mjs").Tools} on
 * @param {(on: import("./tools.mjs").Tools) => unknown} run
 */
async function inPage(on, run) {
  /** @type {unknown[]} */
  const untaken = [];
  const note = (/** @type {any} */ event) => untaken.push([event.type, on.error(event.reason ?? event.error)]);
  addEventListener("error", note);
  addEventListener("unhandledrejection", note);
  const saw = await run(on);
  await on.later();
  removeEventListener("error", note);
  removeEventListener("unhandledrejection", note);
  return JSON.stringify({ saw: on.plain(saw), untaken });
}

/** @param {string[]} scripts */
function documentWith(scripts) {
  const tags = scripts.map((script) => `<script type="module" src="${script}"></script>`);
  return `<!doctype html><title>compliance</title>${tags.join("")}<body></body>`;
}

/**
 * Whether something comes true within a second.
 * @param {() => boolean} is
 */
async function comes(is) {
  for (const end = Date.now() + 1_000; !is() && Date.now() < end; ) {
    await pause(10);
  }
  return is();
}

/** @param {Promise<unknown>} promise */
async function within(promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, "never ends");
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}

/**
 * The same without what is chance: ports, keys, and the boundaries of forms, and so the length of a form.
 * @template T
 * @param {string[]} ports
 * @param {T} observed
 * @returns {T}
 */
function steady(ports, observed) {
  const text = JSON.stringify(observed)
    .replaceAll(new RegExp(`(:|%3A)(?:${ports.join("|")})`, "g"), "$1PORT")
    .replaceAll(/Sec-WebSocket-Key: [^"]*/g, "Sec-WebSocket-Key: KEY")
    .replaceAll(/----WebKitFormBoundary\w{16}|-+geckoformboundary\w+|-{20,}\d{20,}/g, "BOUNDARY");
  return JSON.parse(text, (_, value) => (isForm(value) ? value.filter((/** @type {string} */ line) => !/^content-length:/i.test(line)) : value));
}

/** @param {unknown} value */
function isForm(value) {
  return Array.isArray(value) && value.some((line) => /^content-type: multipart\/form-data; boundary=/i.test(line));
}
