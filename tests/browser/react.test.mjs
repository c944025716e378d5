// @ts-check
/** A React app in a frame of another site: its chat starts, is refused, and is closed, as its own screen says, with the CRM ID in each start. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { buildFaultyExtension, faultWord } from "./support/faulty.mjs";
import { byRole } from "./support/screens.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const WANTED = "CRM-12345-XYZ";
const SENT = { crmCustomerId: WANTED, customerName: "Ada Lovelace", customerPriority: "high" };

const CLOSED = "The chat is closed, and its client destroyed.";

/** What the app says of a start that came to nothing. @type {[id: string, says: string][]} */
const ERRORS = [
  [
    "config-unknown",
    "404 not.found. The chat configuration or deployment was not found." +
      " Check the configuration ID: it must be copied exactly, and be published.",
  ],
  ["config-unauthorized", "401 authentication.required. No authentication bearer token specified in authorization header. Sign the customer in first, and pass on their token."],
  ["config-rate-limited", "429 too.many.requests. Rate limit exceeded the maximum. Retry the request in [3] seconds. Wait 3 s before the next start."],
  ["config-dropped", "The chat service gave no readable answer. Check the connection, and that the service allows this page's origin."],
];

/** Runs before the app: counts the clients that are destroyed, each by an abort, and notes each thing that the app's status says. */
function watch() {
  let destroyed = 0;
  const { abort } = AbortController.prototype;
  AbortController.prototype.abort = function (reason) {
    destroyed += 1;
    return abort.call(this, reason);
  };
  /** @type {string[]} */
  const said = [];
  new MutationObserver(() => {
    const status = document.querySelector('[role="status"]')?.textContent ?? "";
    const isWaiting = document.querySelector('button[type="submit"]:disabled') !== null;
    const now = `${isWaiting ? "(no further start) " : ""}${status}`;
    if (now !== "" && said.at(-1) !== now) {
      said.push(now);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  Object.assign(window, { watched: { said, destroyed: () => destroyed } });
}

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(
      name,
      {
        grant: ["http://127.0.0.1", "http://localhost"],
        settings: {
          version: 1,
          sites: { "http://127.0.0.1": { mode: "inject", crmId: WANTED, attribute: "crmCustomerId" } },
        },
      },
      { builder: buildFaultyExtension },
    );
    afterEach(() => on.closePages());

    /**
     * The app, in its frame.
     * @param {string} [address]
     */
    async function app(address = "/frame/react") {
      const page = await on.open("about:blank");
      await page.evaluateOnNewDocument(watch);
      await page.goto(on.site + address);
      const frame = await page.waitForFrame((one) => one.url().startsWith(on.widget));
      const click = async (/** @type {string} */ button) => {
        await page.bringToFront();
        await frame.locator(byRole("button", button)).click();
      };
      const shows = (/** @type {RegExp | string} */ text) =>
        until("the app", () => frame.evaluate(() => document.getElementById("root")?.textContent ?? ""), (seen) => seen.match(text));
      await shows("No chat yet.");
      return {
        frame,
        click,
        shows,
        /** What its status said, one after another. */
        said: () => frame.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).watched.said)),
        /** How many of its clients are destroyed. */
        destroyed: () => frame.evaluate(() => /** @type {number} */ (/** @type {any} */ (window).watched.destroyed())),
      };
    }

    /** @param {{body: string}} received */
    const attributesOf = ({ body }) => JSON.parse(body).attributes;

    test("a click starts a chat: the app says that it connects, lets nobody start another meanwhile, and says that it started", async () => {
      const { click, shows, said } = await app("/frame/react?configurationId=config-slow-300");
      const received = await on.receivedDuring(async () => {
        await click("Start chat");
        await shows("Chat started: conversation");
      });
      assert.deepEqual(received.map(attributesOf), [SENT]);
      assert.deepEqual((await said()).slice(0, 3).map((text) => text.replace(/ \S+-\S+$/, " ID")), [
        "No chat yet.",
        "(no further start) Connecting…",
        "Chat started: conversation ID",
      ]);
    });

    for (const [id, says] of ERRORS) {
      test(`${id}: the app says why it did not start, and lets the person start again`, async () => {
        const { click, shows, said } = await app(`/frame/react?configurationId=${id}`);
        for (const _ of ["once", "again"]) {
          const [received] = await on.receivedDuring(async () => {
            await click("Start chat");
            await shows("Not started: ");
          });
          assert.deepEqual(attributesOf(received), SENT);
          assert.equal((await said()).at(-1), `Not started: ${says}`);
        }
      });
    }

    test("a chat that is closed while the service is asked is given up, and another one can be started", async () => {
      const { frame, click, shows, destroyed } = await app("/frame/react?configurationId=config-slow-60000");
      assert.equal(await destroyed(), 0);
      const [received] = await on.receivedDuring(() => click("Start chat"));
      assert.deepEqual(attributesOf(received), SENT);
      await click("Close chat");
      await shows(CLOSED);
      assert.equal(await destroyed(), 1);
      const panel = await on.panel(on.site);
      await panel.shows(({ rows }) => rows.length === 1 && rows[0].status === "Given up");

      await click("Open chat");
      await shows("No chat yet.");
      await frame.locator('input[name="configurationId"]').fill("config-live");
      const others = await on.receivedDuring(async () => {
        await click("Start chat");
        await shows("Chat started: conversation");
      });
      assert.deepEqual(others.map(attributesOf), [SENT]);
    });

    test("a chat that is closed while its start waits for Callsign never starts, and another one can be started", async () => {
      const { frame, click, shows, destroyed } = await app();
      const received = await on.receivedDuring(async () => {
        const told = await frame.evaluate((customerName) => {
          const started = /** @type {any} */ (window).playground.start(JSON.stringify({ customerName }));
          const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Close chat");
          button?.click();
          return started;
        }, faultWord("deciding"));
        assert.deepEqual(told, { error: "ChatDestroyed", message: "The chat client is destroyed" });
        await shows(CLOSED);
        assert.equal(await destroyed(), 1);
        await click("Open chat");
        await click("Start chat");
        await shows("Chat started: conversation");
      });
      assert.deepEqual(received.map(attributesOf), [SENT]);
    });

    test("in React's strict mode, where the app is mounted twice, each click makes one start", async () => {
      const { click, shows, destroyed } = await app("/frame/react-development");
      assert.equal(await destroyed(), 1);
      const received = await on.receivedDuring(async () => {
        await click("Start chat");
        await shows("Chat started: conversation");
        await click("Close chat");
        await shows(CLOSED);
        assert.equal(await destroyed(), 2);
        await click("Open chat");
        await click("Start chat");
        await shows("Chat started: conversation");
      }, 2);
      assert.deepEqual(received.map(attributesOf), [SENT, SENT]);
    });
  });
}
