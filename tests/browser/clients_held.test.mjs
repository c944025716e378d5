// @ts-check
/** Published chat clients, unmodified, whose start waits for 45 s, as one does that a tester is asked about first. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { assertStarted, clientPage, startOn, tabsFor } from "./support/client_page.mjs";
import { CLIENTS, CRM_ID, OWN_VENDORS } from "./support/clients.mjs";
import { buildLateExtension } from "./support/faulty.mjs";
import { stage, startChat } from "./support/stage.mjs";

const HELD_MS = 45_000;

/** The clients that wait less long by themselves, once more, in tabs of their own. */
const IMPATIENT = CLIENTS.flatMap(({ timeLimit, ...client }) => (timeLimit === undefined ? [] : [{ ...client, timeLimit }]));

/** All of them wait at once. */
describe("a start that waits for 45 s", { concurrency: BROWSERS.length }, () => {
  for (const name of BROWSERS) {
    describe(name, { concurrency: CLIENTS.length + IMPATIENT.length }, () => {
      const on = stage(
        name,
        {
          grant: ["http://127.0.0.1", "http://localhost"],
          settings: {
            version: 1,
            sites: { "http://127.0.0.1": { mode: "inject", crmId: CRM_ID, attribute: "externalId" } },
            vendors: OWN_VENDORS,
          },
        },
        {
          hasVendorHosts: true,
          builder: (options) => buildLateExtension(options, HELD_MS),
          // It would end a background that hears nothing for 30 s.
          preferences: { "extensions.background.idle.timeout": 4 * HELD_MS },
        },
      );
      const tabs = tabsFor(on, [...CLIENTS, ...IMPATIENT]);

      for (const client of CLIENTS) {
        test(`${client.name}: arrives then, once, with the CRM ID, and the client says that it started`, async () => {
          const tab = /** @type {import("puppeteer-core").Page} */ (tabs.get(client));
          const page = client.timeLimit === undefined ? client.page : `${client.page}?timeLimit=${4 * HELD_MS}`;
          const where = await clientPage(on, { ...client, page }, tab);
          const began = performance.now();
          const result = await startOn(on, client, where);
          const took = performance.now() - began;
          // The same clients with their own time limits are in frames of the other site.
          const isHere = (/** @type {{listener: string}} */ { listener }) => client.timeLimit === undefined || listener === "site";
          const arrived = result.arrived.filter(isHere);
          assertStarted(client, { ...result, arrived });
          const [, injected] = client.writes[0].injected;
          const start = `${arrived.at(-1)?.body}`;
          assert.ok(start.includes(injected), start);
          assert.ok(took >= HELD_MS, `${took} ms`);
        });
      }

      for (const client of IMPATIENT) {
        test(`${client.name} with its own time limit: is told at that time that there is no answer, as it is without Callsign`, async () => {
          const tab = /** @type {import("puppeteer-core").Page} */ (tabs.get(client));
          const where = await clientPage(on, client, tab, "/frame");
          const { ms, says } = client.timeLimit;
          const began = performance.now();
          const told = await startChat(where);
          const took = performance.now() - began;
          assert.match(JSON.stringify(told), says);
          assert.ok(took >= ms, `${took} ms`);
        });
      }
    });
  }
});
