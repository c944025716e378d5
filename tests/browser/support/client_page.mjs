// @ts-check
/** A page with a published chat client in it, what a person sees of its starts, and what the service receives. */

import assert from "node:assert/strict";
import { before } from "node:test";
import { startChat } from "./stage.mjs";

/** @typedef {import("./clients.mjs").Client} Client */
/** @typedef {import("./processes.mjs").Received} Received */
/** @typedef {ReturnType<typeof import("./stage.mjs").stage>} Stage */

/** Where a client can be, and what its page's path begins with there. */
export const PLACES = { "in a page": "", "under a strict policy": "/csp", "in a frame of another site": "/frame" };

/** @typedef {import("puppeteer-core").Page | import("puppeteer-core").Frame} Where */

/**
 * A tab for each client, for the tests of the surrounding `describe`. They are opened one after another and stay open, because
 * Firefox loses a tab now and then that is opened while another one closes.
 * @param {Stage} on
 * @param {Client[]} clients
 * @returns {Map<Client, import("puppeteer-core").Page>}
 */
export function tabsFor(on, clients) {
  const tabs = new Map();
  before(async () => {
    for (const client of clients) {
      tabs.set(client, await on.open("about:blank"));
    }
  });
  return tabs;
}

/**
 * Shows a client's page in its tab, and gives where its client is, which may be a frame.
 * @param {Stage} on
 * @param {Client} client
 * @param {import("puppeteer-core").Page} tab
 * @param {string} [place]
 * @returns {Promise<Where>}
 */
export async function clientPage(on, client, tab, place = "") {
  await tab.goto(on.site + place + client.page);
  const where = place === "/frame" ? await tab.waitForFrame((one) => one.url().startsWith(on.widget)) : tab;
  await where.waitForFunction(() => "playground" in window);
  return where;
}

/**
 * Starts a chat, and gives what the client was told, what the page shows, and what of the client's requests arrived. Other clients
 * may start theirs meanwhile.
 * @param {Stage} on
 * @param {Client} client
 * @param {Where} where
 * @param {(body: any) => void} [change] what is different from the page's own body
 */
export async function startOn(on, client, where, change = () => {}) {
  const body = JSON.parse(await where.$eval('textarea[name="body"]', (area) => area.value));
  change(body);
  return arrivedDuring(on, client, where, () => startChat(where, JSON.stringify(body)));
}

/**
 * Says something more in the chat that was started last, whose conversation the page goes on to show.
 * @param {Stage} on
 * @param {Client} client
 * @param {Where} where
 */
export async function sayMoreOn(on, client, where) {
  const say = () => where.evaluate(() => /** @type {any} */ (window).playground.say("And another thing."));
  return arrivedDuring(on, client, where, say);
}

/**
 * @param {Stage} on
 * @param {Client} client
 * @param {Where} where
 * @param {() => Promise<any>} act
 */
async function arrivedDuring({ playground }, client, where, act) {
  const last = await playground.last();
  const told = await act();
  // Whatever the client waited for has arrived, and was recorded before it was answered.
  const received = await playground.received(last);
  const arrived = received.filter((entry) => client.arrivals.some((beginning) => lineOf(entry).startsWith(beginning)));
  const shown = await where.$eval('[role="status"]', (status) => status.textContent);
  return { told, shown, arrived };
}

/**
 * Checks that a chat started: the client says so, and so does the page, with the same conversation.
 * @param {Client} client
 * @param {Awaited<ReturnType<typeof startOn>>} result
 */
export function assertStarted(client, { told, shown, arrived }) {
  assert.equal(told.status, 200, `${client.name}: ${JSON.stringify(told)}`);
  assert.equal(shown, `Chat started: conversation ${JSON.parse(told.body).id}`);
  assertArrived(client, arrived, 1);
}

/**
 * Checks that a start was refused, in the client's own words.
 * @param {Client} client
 * @param {number} status
 * @param {Awaited<ReturnType<typeof startOn>>} result
 */
export function assertRefused(client, status, { told, shown, arrived }) {
  const refusal = client.refusal(status);
  assert.deepEqual({ status: told.status, code: JSON.parse(told.body).code }, refusal, client.name);
  assert.ok(shown?.startsWith(`Not started: ${refusal.status === null ? "" : `${refusal.status} `}${refusal.code}. `), `${shown}`);
  assert.equal(arrived.at(-1)?.status, status);
  assertArrived(client, arrived, status === 429 ? (client.startsOn429 ?? 1) : 1);
}

/**
 * Checks that each of the client's requests arrived, in order, and the start as often as it should.
 * @param {Client} client
 * @param {Received[]} arrived
 * @param {number} starts
 */
function assertArrived({ name, arrivals }, arrived, starts) {
  const expected = [...arrivals, ...new Array(starts - 1).fill(arrivals.at(-1))];
  assert.deepEqual(
    arrived.map((entry, index) => lineOf(entry).startsWith(expected[index]) && expected[index]),
    expected,
    name,
  );
}

/**
 * A configuration ID in place of the page's, by whatever name the vendor has for it: with a deployment an organisation is another thing.
 * @param {string} id
 */
export const configured = (id) => (/** @type {any} */ body) => {
  const name = ["widgetId", "deploymentId", "organizationId", "botId"].find((name) => name in body);
  body[/** @type {string} */ (name)] = id;
};

/**
 * What arrived, as text to compare with another run: all of it but what is random, the time, and the ports of the playground.
 * @param {Stage} on
 * @param {Received[]} arrived
 */
export function comparable({ site, widget }, arrived) {
  return arrived.map((entry) => {
    const headers = entry.headers.filter(([name]) => !["content-length", "sec-websocket-key"].includes(name));
    const lines = headers.map(([name, value]) => `${name}: ${value}`);
    const text = [lineOf(entry), ...lines, "", entry.body].join("\n");
    return text
      .replaceAll(new URL(site).host, "SITE")
      .replaceAll(new URL(widget).host, "WIDGET")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
      .replace(/"request_id":"[0-9a-z]+"/, '"request_id":"RANDOM"')
      .replace(/"\d{4}-\d\d-\d\dT[^"]*Z"/g, '"TIME"')
      .replace(/"timestamp":\d+/g, '"timestamp":0');
  });
}

/** @param {any} entry */
function lineOf({ method, path, query }) {
  return `${method} ${path}${query === null ? "" : `?${query}`}`;
}
