// @ts-check
/** The headers of an edited start arrive in the case and order in which the page's own would have, with its own values. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED, byteService } from "./support/injecting.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const JSON_TEXT = '{"attributes":{"externalId":"WEB-0001","n":1e2}}';
const FORM_TEXT = "configurationId=x&attributes[externalId]=WEB-0001";

/** Code of a page that makes a body of a text. @type {[make: string, text: string][]} */
const BODIES = [
  ["text", JSON_TEXT],
  ["new Blob([text], { type: 'Application/JSON;x=Y' })", JSON_TEXT],
  ["new TextEncoder().encode(text)", JSON_TEXT],
  ["new URLSearchParams(text)", FORM_TEXT],
];

/** Code of a page that sends a body; a promise of its end. */
const SENDERS = [
  "fetch(address, { method: 'POST', body })",
  "fetch(address, { method: 'post', body, headers: { 'X-B': '1', 'content-TYPE': 'application/json', 'x-A': '2' } })",
  "fetch(address, { method: 'POST', body, headers: [['X-Same', '1'], ['x-same', '2'], ['Accept', 'a/b']], credentials: 'omit', cache: 'no-store' })",
  "fetch(new Request(address, { method: 'POST', body, headers: { 'X-Z': 'z', 'Content-Type': 'text/JSON; charset=UTF-8', 'X-Y': 'y' } }))",
  "fetch(new Request(address, { method: 'POST', body: 'x', headers: { 'X-One': '1' } }), { body, headers: { 'X-Two': '2' }, referrerPolicy: 'no-referrer' })",
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done; x.send(body); })",
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('post', address); x.onloadend = done; x.setRequestHeader('X-b', '1');" +
    " x.setRequestHeader('CONTENT-type', 'application/JSON'); x.setRequestHeader('X-A', '2'); x.setRequestHeader('x-A', '3'); x.withCredentials = true; x.send(body); })",
  "Promise.resolve(navigator.sendBeacon(address, body))",
];

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    const service = byteService();
    afterEach(() => on.closePages());

    for (const [make, text] of BODIES) {
      test(`a body that is ${make}`, async () => {
        const page = await on.open(`${service.site}/say`);
        for (const sender of SENDERS) {
          // A page names the type that its body has.
          const send = text === FORM_TEXT ? sender.replaceAll(/(application|text)\/json[^']*/gi, "application/X-www-form-urlencoded") : sender;
          const arrivals = [];
          for (const address of ["/elsewhere/abc", "/conversations/webchat"]) {
            service.forget();
            await page.evaluate(
              async (code, call, to, given) => {
                const body = new Function("text", `return ${code}`)(given);
                await new Function("address", "body", `return ${call}`)(to, body);
              },
              make,
              send,
              address,
              text,
            );
            const [arrival] = await until("its arrival", async () => service.arrived(), ({ length }) => length === 1);
            arrivals.push(arrival);
          }
          const [written, edited] = arrivals;
          const what = `${send} with ${make}`;
          assert.equal(edited.body, written.body.replace("WEB-0001", WANTED), what);
          const expected = written.headers.map((line) => line.replace(/^(content-length: ).*/i, `$1${edited.body.length}`));
          assert.deepEqual(edited.headers, expected, what);
        }
      });
    }
  });
}
