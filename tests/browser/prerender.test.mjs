// @ts-check
/** A page that Chromium makes ready before it is shown has its starts injected, each with one record. Firefox makes none ready. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { stage } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const BODY = '{"attributes":{"externalId":"WEB-0001"}}';
const INJECTED = BODY.replace("WEB-0001", "CRM-12345-XYZ");

/** It says itself when it is shown: while it takes the place of the page before, the driver knows neither. */
const READY = `<!doctype html><title>made ready</title><script>
  const post = (address, body) => fetch(address, { method: "POST", body });
  new Worker("/script");
  post("/conversations/webchat?held", '${BODY}');
  document.addEventListener("prerenderingchange", () => {
    const [{ activationStart }] = performance.getEntriesByType("navigation");
    post("/shown", activationStart > 0 ? "made ready" : "not made ready");
    post("/conversations/webchat?later", '${BODY}');
  });
</script>`;

describe("chromium", () => {
  const on = stage("chromium", {
    grant: ["http://127.0.0.1"],
    settings: { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: "CRM-12345-XYZ" } } },
  });
  /** What arrived: path and body. @type {[path: string, body: string][]} */
  const arrived = [];
  /** Answers the start that is held. @type {() => void} */
  let release = () => {};
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) {
      body += chunk;
    }
    if (request.method === "POST") {
      arrived.push([String(request.url), body]);
    }
    if (request.url?.endsWith("?held")) {
      await new Promise((done) => (release = () => done(undefined)));
    }
    const isScript = request.url === "/script";
    response.setHeader("content-type", request.method === "POST" ? "application/json" : isScript ? "text/javascript" : "text/html");
    response.end(request.method === "POST" ? '{"id":"c-1"}' : request.url === "/ready" ? READY : isScript ? "0" : "<!doctype html><title>first</title>");
  });
  let site = "";
  before(async () => {
    await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
    site = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  afterEach(() => on.closePages());

  test("a start made before the page is shown, and answered after, is one record with its outcome", async () => {
    const page = await on.open(`${site}/first`);
    await page.evaluate(() => {
      const rules = document.createElement("script");
      rules.type = "speculationrules";
      rules.textContent = JSON.stringify({ prerender: [{ source: "list", urls: ["/ready"], eagerness: "immediate" }] });
      document.head.append(rules);
    });
    await until("the start of the page that is made ready", async () => arrived, ({ length }) => length === 1);
    assert.deepEqual(arrived, [["/conversations/webchat?held", INJECTED]]);
    assert.equal(await page.title(), "first", "it is not shown yet");

    await page.evaluate(() => {
      setTimeout(() => location.assign("/ready"));
    });
    const later = await until("what the page sends once it is shown", async () => arrived.slice(1), ({ length }) => length === 2);
    assert.deepEqual(later.toSorted(), [["/conversations/webchat?later", INJECTED], ["/shown", "made ready"]]);
    release();
    const panel = await on.panel(site);
    const { rows } = await panel.shows(({ rows }) => rows.length >= 2 && rows.every(({ status }) => status !== "Waiting" && status !== "Sent"));
    assert.deepEqual(rows.map(({ status }) => status), ["200 Accepted", "200 Accepted"]);
    for (const row of [1, 2]) {
      await panel.page.click(`[role="grid"] tbody [role="row"]:nth-of-type(${row})`);
      const { detail } = await panel.shows(({ rows, detail }) => rows[row - 1]?.isSelected && detail !== undefined);
      assert.equal(detail?.delivery, "Sent with externalId set by Callsign.");
      assert.equal(detail?.facts["Made by"], `fetch on ${site}/ready`);
    }
    await panel.page.waitForSelector('::-p-aria([name="Not seen"]) ::-p-text("This page runs a worker")');
  });
});
