// @ts-check
/** What is said of an answer is true, in whatever form the page takes it. */

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { startService } from "./compliance/support/service.mjs";
import { BROWSERS } from "./support/browsers.mjs";
import { stage } from "./support/stage.mjs";

/** A service that says in a success that it refuses, as several do. */
const VENDOR = {
  vendor: "Ours",
  profiles: [
    {
      id: "our-talk",
      name: "Our talk",
      start: { transports: ["xhr"], method: "POST", paths: ["/talk"] },
      attributes: { path: ["attributes"], values: ["string"] },
      crmId: { key: "customer" },
      accepted: { body: [{ path: ["statusCode"], is: ["0"] }], conversationId: ["id"] },
    },
  ],
};

const ACCEPTED = '{"statusCode":0,"id":"c-é-1","attributes":{}}';
const REFUSED = '{"statusCode":7,"message":"closed","attributes":{}}';
const NO_JSON = "<p>no JSON</p>";
/** What is told of an answer has so many characters at most. */
const LONG = ACCEPTED.replace('"attributes":{}', `"attributes":{"long":"${"x".repeat(65_536)}"}`);

const UNREAD = ["200 Not read", "The service answered HTTP 200, and Callsign did not read what it says", "Not read."];
const TAKEN = (/** @type {string} */ body) => ["200 Accepted", "Accepted, conversation ID c-é-1", body];
const NOT_TAKEN = ["200 Refused", "The service puts its errors into answers that say success", REFUSED];

/**
 * The answer, how the page takes it, and what the panel says: result, finding, and the answer.
 * @type {[answer: string, type: XMLHttpRequestResponseType, said: string[]][]}
 */
const CASES = [
  ...(/** @type {const} */ (["", "text", "json", "arraybuffer", "blob"])).flatMap((type) => [
    /** @type {any} */ ([ACCEPTED, type, TAKEN(ACCEPTED)]),
    /** @type {any} */ ([REFUSED, type, NOT_TAKEN]),
  ]),
  [ACCEPTED, "document", UNREAD],
  [REFUSED, "document", UNREAD],
  [NO_JSON, "json", UNREAD],
  [NO_JSON, "blob", ["200 Accepted", "Accepted, without a conversation ID", NO_JSON]],
  [LONG, "text", ["200 Not read", UNREAD[1], `${LONG.slice(0, 65_536)} Only the first 65.5 kB are kept.`]],
];

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, {
      grant: ["http://127.0.0.1"],
      settings: { version: 1, sites: { "http://127.0.0.1": { mode: "observe" } }, vendors: [VENDOR] },
    });
    /** @type {Awaited<ReturnType<typeof startService>>} */
    let service;
    before(async () => {
      service = await startService();
    });
    after(() => service.stop());
    afterEach(() => on.closePages());

    test("an XMLHttpRequest's answer, as each type of response", async () => {
      const page = await on.open(`${service.site}/say`);
      const panel = await on.panel(service.site);
      await panel.showValues(true);
      for (const [answer, responseType, said] of CASES) {
        await page.bringToFront();
        await page.evaluate(
          (body, type) =>
            new Promise((done) => {
              const request = new XMLHttpRequest();
              request.onload = done;
              request.open("POST", type === "document" ? "/talk?type=text/html" : "/talk");
              request.responseType = type;
              request.send(body);
            }),
          answer,
          responseType,
        );
        await panel.page.bringToFront();
        const { detail } = await panel.shows(({ rows, detail }) => rows.length === 1 && detail?.result && !/^(Waiting|Sent)$/.test(detail.result));
        const what = JSON.stringify({ answer: answer.slice(0, 80), responseType });
        assert.equal(detail?.result, said[0], what);
        assert.ok(detail?.findings.some((finding) => finding.includes(said[1])), `${what} ${JSON.stringify(detail?.findings)}`);
        assert.equal(`${detail?.answer.text} ${detail?.answer.note}`.trim(), said[2], what);
        await panel.click("Clear");
        await panel.shows(({ rows }) => rows.length === 0);
      }
    });
  });
}
