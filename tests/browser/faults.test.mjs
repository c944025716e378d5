// @ts-check
/** Whatever goes wrong, the start goes out once, as the page wrote it, and the panel says so. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { BROWSERS, startBrowser } from "./support/browsers.mjs";
import { buildFaultyExtension, emptyStorage, endBackground, faultWord, fillStorage, isDeciding } from "./support/faulty.mjs";
import { buildExtension, given, scratchFolder, startPlayground } from "./support/processes.mjs";
import { panelOn } from "./support/screens.mjs";
import { stage, startChat } from "./support/stage.mjs";

const BODY = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001-ABC","tier":"gold"}}';
const INJECTS = { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: "CRM-12345-XYZ" } } };
const STAGE = { grant: ["http://127.0.0.1"], settings: INJECTS };

/** Bodies that are left alone, and how the finding begins that says why. @type {[what: string, body: string, finding: string][]} */
const LEFT_ALONE = [
  ["is not JSON", "configurationId=config-live", "The body is not JSON: line 1, column 1 has c where a value belongs"],
  ["is cut off", BODY.slice(0, 70), "The body ends in the middle of its JSON, after 70 bytes"],
  ["is empty", "", "The body is empty"],
  ["nests 10,000 deep", `{"attributes":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "The body nests deeper than 512 levels"],
  ["is 5 MB", BODY.replace("gold", "x".repeat(5_000_000)), "The body has 5000086 characters, more than Callsign reads"],
  ["has attributes as a list", '{"attributes":[]}', "attributes is an array, not an object of attributes"],
  ["has attributes as text", '{"attributes":"x"}', "attributes is a string, not an object of attributes"],
  ["has null as attributes", '{"attributes":null}', "attributes is null, not an object of attributes"],
  ["has attributes twice", '{"attributes":{},"attributes":{"externalId":"1"}}', "attributes stands 2 times in the body"],
];

/**
 * The bodies of all starts that arrived, after the service answered something else last: no second one is under way.
 * @param {Awaited<ReturnType<typeof startPlayground>>} playground
 * @param {number} last the number of what arrived before
 */
async function arrived(playground, last) {
  await fetch(`${playground.site}/echo`, { method: "POST", body: "end" });
  const entries = await playground.received(last, 2);
  return entries.filter(({ path }) => path.endsWith("/webchat")).map(({ body }) => body);
}

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, STAGE);
    afterEach(() => on.closePages());

    for (const transport of ["fetch", "xhr"]) {
      for (const [what, body, finding] of LEFT_ALONE) {
        test(`a body that ${what} goes out by ${transport} as written`, async () => {
          const page = await on.open(`${on.site}/${transport}`);
          const last = await on.playground.last();
          await startChat(page, body);
          const bodies = await arrived(on.playground, last);
          assert.equal(bodies.length, 1);
          assert.ok(bodies[0] === body, "the service received what the page wrote");
          const panel = await on.panel(on.site);
          const { detail } = await panel.shows(({ detail: seen }) =>
            seen?.findings.some((shown) => shown.includes(finding)),
          );
          assert.equal(detail?.delivery, "Sent as the page wrote it.");
          await panel.click("Clear");
          await panel.shows(({ rows }) => rows.length === 0);
        });
      }
    }

    test("a page that is left while it waits loses nothing that it would not lose anyway", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const last = await on.playground.last();
      await page.evaluate((body) => {
        fetch("/api/v2/conversations/webchat", { method: "POST", body, keepalive: true });
        location.href = "/echo";
      }, BODY);
      const [entry] = await on.playground.received(last);
      assert.ok(entry.body === BODY || entry.body === BODY.replace("WEB-0001-ABC", "CRM-12345-XYZ"), entry.body);
      assert.equal((await arrived(on.playground, last)).length, 1);
    });

    test("wasm that traps lets this start go out as written, and the next one is decided by a new instance", async () => {
      const extension = buildFaultyExtension(STAGE);
      const browser = await startBrowser(name, extension.path);
      try {
        const page = await browser.open(`${on.site}/fetch`);
        const last = await on.playground.last();
        const trapping = BODY.replace("gold", faultWord("trap"));
        const injected = BODY.replace("WEB-0001-ABC", "CRM-12345-XYZ");
        for (const body of [BODY, trapping, BODY, trapping, trapping, BODY]) {
          await startChat(page, body);
        }
        assert.deepEqual(await arrived(on.playground, last), [injected, trapping, injected, trapping, trapping, injected]);
        const panel = panelOn(await browser.screen("panel", on.site));
        const { rows } = await panel.shows(({ rows }) => rows.length === 6 && rows.every(({ status }) => status === "200 Accepted"));
        // A record that a trap took with it is told again, and then stands behind the one that trapped.
        const isInjected = rows.map(({ crmId }) => crmId.includes("CRM-12345-XYZ"));
        assert.equal(isInjected.filter(Boolean).length, 3);
        await panel.page.click(`[role="grid"] tbody [role="row"]:nth-of-type(${isInjected.indexOf(false) + 1})`);
        await panel.shows(({ detail }) =>
          detail?.findings.some((finding) => finding.includes("Callsign's background could not decide: RuntimeError")),
        );
      } finally {
        await browser.stop();
        extension.remove();
      }
    });

    test("wasm that does not load is said in the panel and the popup", async () => {
      const extension = buildExtension(STAGE);
      writeFileSync(join(extension.path, "wasm/callsign_bg.wasm"), "not wasm");
      const browser = await startBrowser(name, extension.path);
      try {
        const page = await browser.open(`${on.site}/fetch`);
        const last = await on.playground.last();
        await startChat(page, BODY);
        assert.deepEqual(await arrived(on.playground, last), [BODY]);
        for (const which of /** @type {("panel" | "popup")[]} */ (["panel", "popup"])) {
          const screen = await browser.screen(which, on.site);
          const alert = await screen.waitForSelector('[role="alert"]:not([hidden])');
          const said = await alert?.evaluate((element) => element.textContent);
          assert.match(said ?? "", /^Callsign could not start: .+ chat starts go out as the page writes them\.$/);
        }
      } finally {
        await browser.stop();
        extension.remove();
      }
    });
  });
}

for (const name of BROWSERS) {
  describe(`${name}, with a background that`, () => {
    const on = stage(name, STAGE, { builder: buildFaultyExtension });
    afterEach(() => on.closePages());
    const injected = BODY.replace("WEB-0001-ABC", "CRM-12345-XYZ");

    /** @param {string} transport */
    async function scene(transport) {
      const screen = await on.browser.screen("panel", "");
      await emptyStorage(screen);
      const page = await on.open(`${on.site}/${transport}`);
      return { screen, page, last: await on.playground.last() };
    }

    for (const transport of ["fetch", "xhr"]) {
      test(`gives its verdict after 2 s: a start by ${transport} has gone out as written by then, once, and the panel says so`, async () => {
        const { screen, page, last } = await scene(transport);
        const late = BODY.replace("gold", faultWord("late"));
        const began = Date.now();
        await startChat(page, late);
        assert.ok(Date.now() - began >= 1_900, "it waited for the verdict");
        const panel = await on.panel(on.site);
        await panel.shows(
          ({ rows, detail }) =>
            rows.at(-1)?.status === "200 Accepted" &&
            detail?.delivery === "Sent as the page wrote it: Callsign did not decide within 2 seconds." &&
            detail.findings.some((finding) => finding.includes("Callsign did not decide within 2 seconds")) &&
            detail.after.note === "The same: sent as the page wrote it.",
        );
        await page.bringToFront();
        await startChat(page, BODY);
        assert.deepEqual(await arrived(on.playground, last), [late, injected], "the next one is decided in time");
        await screen.close();
      });

      test(`dies while it decides: a start by ${transport} goes out as written, once, and the panel says so`, async () => {
        const { screen, page, last } = await scene(transport);
        const deciding = BODY.replace("gold", faultWord("deciding"));
        await page.bringToFront();
        const told = startChat(page, deciding);
        await isDeciding(screen);
        await endBackground(on.browser, screen);
        const answer = await told;
        assert.ok("status" in answer && answer.status === 200, JSON.stringify(answer));
        const panel = await on.panel(on.site);
        await panel.shows(
          ({ rows, detail }) =>
            rows.at(-1)?.status === "200 Accepted" &&
            detail?.delivery === "Sent as the page wrote it: the browser stopped Callsign's background." &&
            detail.after.note === "The same: sent as the page wrote it.",
        );
        await page.bringToFront();
        await startChat(page, BODY);
        assert.deepEqual(await arrived(on.playground, last), [deciding, injected], "the next one is decided by a new background");
        await screen.close();
      });
    }

    test("gives the verdict for a document that is gone while the first start of the next one waits: that one has its own", async () => {
      const { screen, page, last } = await scene("fetch");
      const first = BODY.replace("{", `{"of":"the document that is left, longer than the other's","fault":"${faultWord("across")}",`);
      const second = BODY.replace("gold", faultWord("across"));
      await page.bringToFront();
      await page.evaluate((body) => {
        fetch("/api/v2/conversations/webchat", { method: "POST", body, keepalive: true });
      }, first);
      await isDeciding(screen);
      await page.goto(`${on.site}/fetch?next`);
      await startChat(page, second);
      assert.deepEqual(await arrived(on.playground, last), [first, second.replace("WEB-0001-ABC", "CRM-12345-XYZ")]);
      const panel = await on.panel(on.site);
      const { rows } = await panel.shows(({ rows }) => rows.some(({ status }) => status === "200 Accepted"));
      assert.deepEqual(rows.map(({ crmId }) => crmId.includes("CRM-12345-XYZ")), [false, true], JSON.stringify(rows));
      await screen.close();
    });

    test("has no room for a start's record: it goes out injected, and the panel says that it is not listed", async () => {
      const { screen, page, last } = await scene("fetch");
      await fillStorage(screen);
      await page.bringToFront();
      await startChat(page, BODY);
      await startChat(page, BODY);
      assert.deepEqual(await arrived(on.playground, last), [injected, injected]);
      const panel = await on.panel(on.site);
      await panel.page.waitForSelector(
        '::-p-aria([name="Not seen"]) ::-p-text("There was no room to keep 2 starts of this page: they went out, and are not listed.")',
      );
      await emptyStorage(screen);
      await screen.close();
    });
  });
}

// These hold the background still from outside, which Firefox lets no driver do.
describe("chromium, when the background", () => {
  const on = stage("chromium", STAGE);
  afterEach(() => on.closePages());

  /** A CDP session of the background that runs now. */
  async function backgroundSession() {
    const target = await on.browser.browser.waitForTarget((found) => found.type() === "service_worker");
    return target.createCDPSession();
  }

  test("is asleep, it wakes and decides", async () => {
    const page = await on.open(`${on.site}/fetch`);
    await on.browser.stopBackground();
    const last = await on.playground.last();
    await startChat(page, BODY);
    assert.deepEqual(await arrived(on.playground, last), [BODY.replace("WEB-0001-ABC", "CRM-12345-XYZ")]);
  });

  test("is asleep, a click on the page wakes it before any chat starts", async () => {
    const page = await on.open(`${on.site}/fetch`);
    await on.browser.stopBackground();
    const woken = on.browser.browser.waitForTarget((target) => target.type() === "service_worker");
    await page.mouse.click(5, 5);
    await woken;
  });

  for (const transport of ["fetch", "xhr"]) {
    test(`gives no verdict within 2 s, a start by ${transport} goes out as written and only once`, async () => {
      const page = await on.open(`${on.site}/${transport}`);
      const background = await backgroundSession();
      await background.send("Debugger.enable");
      await background.send("Debugger.pause");
      const last = await on.playground.last();
      const began = Date.now();
      await startChat(page, BODY);
      const waited = Date.now() - began;
      await background.send("Debugger.disable");
      assert.ok(waited >= 1_900, `it waited for the verdict: ${waited} ms`);
      assert.deepEqual(await arrived(on.playground, last), [BODY]);
      const panel = await on.panel(on.site);
      await panel.shows(
        ({ rows, detail }) =>
          rows.at(-1)?.status === "200 Accepted" &&
          detail?.delivery === "Sent as the page wrote it: Callsign did not decide within 2 seconds." &&
          detail.findings.some((finding) => finding.includes("Callsign did not decide within 2 seconds")) &&
          detail.after.note === "The same: sent as the page wrote it.",
      );
      assert.deepEqual(await arrived(on.playground, last), [BODY]);
      await background.detach();
    });
  }

  test("dies while it decides, the start goes out as written and only once", async () => {
    const page = await on.open(`${on.site}/fetch`);
    const screen = await on.browser.screen("popup", on.site);
    const workers = await screen.createCDPSession();
    await workers.send("ServiceWorker.enable");
    const background = await backgroundSession();
    await background.send("Debugger.enable");
    await background.send("Debugger.pause");
    const last = await on.playground.last();
    await page.bringToFront();
    const isPaused = new Promise((resolve) => background.once("Debugger.paused", resolve));
    const told = startChat(page, BODY);
    await isPaused;
    await workers.send("ServiceWorker.stopAllWorkers");
    const answer = await told;
    assert.ok("status" in answer && answer.status === 200, JSON.stringify(answer));
    assert.deepEqual(await arrived(on.playground, last), [BODY]);
    const panel = await on.panel(on.site);
    await panel.shows(({ detail }) => detail?.delivery.startsWith("Sent as the page wrote it: "));
    assert.deepEqual(await arrived(on.playground, last), [BODY]);
  });

  test("is a new one, because the extension was updated, the page's old relay lets the start go as written", async () => {
    const page = await on.open(`${on.site}/fetch`);
    // Chromium crashes where a driver reloads an extension; switching it off and on leaves the same old relay.
    const extensions = await on.open("chrome://extensions");
    await extensions.evaluate(async (id) => {
      await chrome.management.setEnabled(id, false);
      await chrome.management.setEnabled(id, true);
    }, new URL(on.browser.home).host);
    await page.bringToFront();
    const last = await on.playground.last();
    await startChat(page, BODY);
    assert.deepEqual(await arrived(on.playground, last), [BODY]);
    const popup = await on.popup(on.site);
    const { siteNote, buttons } = await popup.shows(({ state }) => state === "Enabled");
    assert.equal(siteNote, "Callsign is not in this page, so its starts are not seen. Reload it if it was open before.");
    assert.ok(buttons.includes("Reload the tab"));
    const panel = await on.panel(on.site);
    const coverage = await panel.page.waitForSelector('[role="status"][aria-label="Coverage"]:not([hidden])');
    assert.match((await coverage?.evaluate((element) => element.textContent)) ?? "", /^Callsign is not in this page/);
  });
});

describe("a settings file that does not parse", () => {
  const folder = scratchFolder();
  after(folder.remove);
  before(() => writeFileSync(join(folder.path, "settings.json"), '{"version":1,"sites":{"http://a":{"crmId":" "}}}'));

  test("stops the build with the reason, and nothing is made", () => {
    const out = join(folder.path, "extension");
    const args = ["build", "--no-compile", "--out", out, "--settings", join(folder.path, "settings.json")];
    const build = spawnSync(given("CALLSIGN_XTASK"), args, { encoding: "utf8" });
    assert.equal(build.status, 1);
    assert.match(build.stderr, /sites\.http:\/\/a\.crmId: the CRM ID is blank/);
    assert.ok(!existsSync(out));
  });
});
