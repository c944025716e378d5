// @ts-check
/** Published chat clients, unmodified: each starts its chats and says what was refused; with the extension only the CRM ID differs. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import {
  PLACES,
  assertRefused,
  assertStarted,
  clientPage,
  comparable,
  configured,
  sayMoreOn,
  startOn,
  tabsFor,
} from "./support/client_page.mjs";
import { CLIENTS, CRM_ID, OWN_VENDORS, REFUSALS } from "./support/clients.mjs";
import { stage } from "./support/stage.mjs";

/** @typedef {import("./support/clients.mjs").Client} Client */
/** @typedef {import("./support/clients.mjs").Written} Written */
/** @typedef {ReturnType<typeof stage>} Stage */

/**
 * What arrives of a client's starts, by what is special about each: where the client is, how the page writes it, how it is refused.
 * The client is told what comes of each, and the page shows it.
 * @param {Stage} on
 * @param {Client} client
 * @param {import("puppeteer-core").Page} tab
 */
async function starts(on, client, tab) {
  /** @type {Map<string, string[]>} */
  const seen = new Map();
  for (const [whereabouts, place] of Object.entries(PLACES)) {
    const where = await clientPage(on, client, tab, place);
    const started = async (/** @type {string} */ what, /** @type {Written["change"]} */ change = undefined) => {
      const result = await startOn(on, client, where, change);
      assertStarted(client, result);
      seen.set(what, comparable(on, result.arrived));
    };
    await started(whereabouts);
    if (place !== "") {
      continue;
    }
    if (client.goesOn) {
      const result = await sayMoreOn(on, client, where);
      assertStarted(client, result);
      seen.set(ONE_MORE, comparable(on, result.arrived));
    }
    for (const { what, change } of client.writes) {
      await started(what, change);
    }
    for (const [id, status] of REFUSALS) {
      const result = await startOn(on, client, where, configured(id));
      assertRefused(client, status, result);
      seen.set(id, comparable(on, result.arrived));
    }
  }
  return seen;
}

/** What follows a start. */
const ONE_MORE = "one more message";

/** All clients at once: none waits for what another does. */
const AT_ONCE = { concurrency: CLIENTS.length };

for (const name of BROWSERS) {
  describe(name, () => {
    /** What arrived without the extension. @type {Map<Client, Map<string, string[]>>} */
    const without = new Map();

    describe("without the extension", () => {
      const on = stage(name, undefined, { hasVendorHosts: true });
      const tabs = tabsFor(on, CLIENTS);

      describe("a client starts in a page, under a strict policy and in a frame, and is refused", AT_ONCE, () => {
        for (const client of CLIENTS) {
          test(client.name, async () => {
            const seen = await starts(on, client, tabOf(tabs, client));
            without.set(client, seen);
            for (const what of ["in a page", ...(client.goesOn ? [ONE_MORE] : [])]) {
              const start = seen.get(what)?.at(-1);
              assert.ok(start?.includes(client.attributes), `${what}: ${start}`);
            }
          });
        }
      });
    });

    describe("with the extension", () => {
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
        { hasVendorHosts: true },
      );
      const tabs = tabsFor(on, CLIENTS);

      describe("the CRM ID is in each start, in the vendor's shape, and all else is what it was", AT_ONCE, () => {
        for (const client of CLIENTS) {
          test(client.name, async () => {
            const seen = await starts(on, client, tabOf(tabs, client));
            const expected = without.get(client);
            assert.ok(expected, "there is nothing to compare with");
            for (const [what, arrived] of expected) {
              const { injected } = client.writes.find((written) => written.what === what) ?? client.writes[0];
              assert.deepEqual(seen.get(what), withCrmId(arrived, injected), what);
            }
          });
        }
      });

      for (const client of CLIENTS) {
        const { startsOn429: attempts = 1 } = client;
        if (attempts > 1) {
          test(`${client.name}: each further attempt carries the CRM ID, and is shown as one at the same start`, async () => {
            const tab = tabOf(tabs, client);
            const where = await clientPage(on, client, tab);
            const result = await startOn(on, client, where, configured("config-rate-limited"));
            assertRefused(client, 429, result);
            const [, injected] = client.writes[0].injected;
            const carried = result.arrived.slice(-attempts).map(({ body }) => body.includes(injected));
            assert.deepEqual(carried, new Array(attempts).fill(true));

            const panel = await on.panel(await on.numberOf(tab));
            await panel.showValues(true);
            const { rows } = await panel.shows(({ rows }) =>
              rows.slice(-attempts).every(({ status, crmId }) => status === "429 Refused" && crmId === `WEB-0001 set to ${CRM_ID}`),
            );
            const first = rows.length - attempts;
            for (let attempt = 1; attempt <= attempts; attempt++) {
              const detail = await panel.choose(first + attempt - 1);
              assert.equal(detail.facts.Attempt, attempt === 1 ? undefined : `${attempt}`);
              const says = detail.findings.some((finding) =>
                finding.includes(`This is attempt ${attempt} at the same start: the one before was refused`),
              );
              assert.equal(says, attempt > 1, JSON.stringify(detail.findings));
            }
          });
        }
      }
    });
  });
}

/**
 * The same with the CRM ID in the start, however often it was tried.
 * @param {string[]} arrived
 * @param {Written["injected"]} injected
 */
function withCrmId(arrived, [without, within]) {
  const start = arrived.length - 1;
  assert.ok(arrived[start].includes(without), arrived[start]);
  return arrived.map((text) => text.replace(without, within));
}

/**
 * @param {Map<Client, import("puppeteer-core").Page>} tabs
 * @param {Client} client
 */
function tabOf(tabs, client) {
  const tab = tabs.get(client);
  assert.ok(tab, `${client.name} has no tab`);
  return tab;
}
