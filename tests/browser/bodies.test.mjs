// @ts-check
/** A start in any kind of body that browsers send leaves with the chosen CRM ID, as the same kind with the same content type. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED } from "./support/injecting.mjs";
import { stage, startChat } from "./support/stage.mjs";

const START = "/api/v2/conversations/webchat";
const JSON_TEXT = '{ "configurationId":"config-live","attributes":{"externalId":"WEB-0001", "n":1e2} }';

/**
 * Code of a page that makes a body; `json` is the text of a start. The value of `kind` is what it is called.
 * @type {[kind: string, code: string][]}
 */
const JSON_BODIES = [
  ["a string", "json"],
  ["a Blob with a type", "new Blob([json], { type: 'application/json' })"],
  ["a Blob without a type", "new Blob([json])"],
  ["an ArrayBuffer", "bytes.buffer"],
  ["a Uint8Array inside a larger buffer", "new Uint8Array(new Uint8Array([0, 0, ...bytes, 0]).buffer, 2, bytes.length)"],
  ["a Uint8ClampedArray", "new Uint8ClampedArray(bytes)"],
  ["a DataView", "new DataView(bytes.buffer)"],
  ["a DataView inside a larger buffer", "new DataView(new Uint8Array([0, 0, ...bytes, 0]).buffer, 2, bytes.length)"],
  ...["Int8", "Int16", "Uint16", "Int32", "Uint32", "Float16", "Float32", "Float64", "BigInt64", "BigUint64"].map(
    (kind) => /** @type {[string, string]} */ ([`${kind}Array`, `new ${kind}Array(eight.buffer)`]),
  ),
];

/**
 * What sends a body; `done` settles when the answer is there. A beacon has none.
 * @type {[how: string, code: string][]}
 */
const SENDERS = [
  ["fetch", "fetch(address, { method: 'POST', body })"],
  ["fetch with a Request", "fetch(new Request(address, { method: 'POST', body }))"],
  ["fetch with a Request and an init", "fetch(new Request(address, { method: 'POST' }), { body })"],
  [
    "XMLHttpRequest",
    "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done; x.send(body); })",
  ],
  ["sendBeacon", "Promise.resolve(navigator.sendBeacon(address, body))"],
];

/** Runs in the page. @param {string} make @param {string} send @param {string} address @param {string} json */
async function run(make, send, address, json) {
  const bytes = new TextEncoder().encode(json);
  const eight = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(32);
  eight.set(bytes);
  const body = new Function("json", "bytes", "eight", `return ${make}`)(json, bytes, eight);
  await new Function("address", "body", `return ${send}`)(address, body);
}

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    afterEach(() => on.closePages());

    for (const [how, send] of SENDERS) {
      test(`${how}: JSON in every kind of body`, async () => {
        const page = await on.open(`${on.site}/fetch`);
        for (const [kind, make] of JSON_BODIES) {
          const [other] = await on.receivedDuring(() => page.evaluate(run, make, send, "/echo", JSON_TEXT));
          const [start] = await on.receivedDuring(() => page.evaluate(run, make, send, START, JSON_TEXT));
          assert.equal(start.body, other.body.replace("WEB-0001", WANTED), kind);
          assert.deepEqual(headersOf(start), headersOf(other), kind);
        }
      });

      test(`${how}: forms`, async () => {
        const page = await on.open(`${on.site}/fetch`);
        for (const make of [
          "new URLSearchParams('configurationId=config-live&attributes[externalId]=WEB-0001&attributes[name]=Ada+L%C3%B6v')",
          "new URLSearchParams({ configurationId: 'config-live', attributes: '{\"externalId\":\"WEB-0001\", \"n\": 1e2}' })",
        ]) {
          const [other] = await on.receivedDuring(() => page.evaluate(run, make, send, "/echo", ""));
          const [start] = await on.receivedDuring(() => page.evaluate(run, make, send, START, ""));
          assert.equal(start.body, other.body.replace("WEB-0001", WANTED), make);
          assert.deepEqual(headersOf(start), headersOf(other), make);
        }
      });

      test(`${how}: a form with a file in it keeps its boundary and its bytes`, async () => {
        const page = await on.open(`${on.site}/fetch`);
        const make = `(() => { const form = new FormData();
          form.append("configurationId", "config-live");
          form.append("attributes[externalId]", "WEB-0001");
          form.append("attributes[name]", "Löv");
          form.append("photo", new File([new Uint8Array([0, 255, 254, 13, 10, 45, 45])], "ü.png", { type: "image/png" }));
          return form; })()`;
        const bytesOf = (/** @type {any} */ received) => Buffer.from(received.bodyBase64, "base64").toString("latin1");
        const [other] = await on.receivedDuring(() => page.evaluate(run, make, send, "/echo", ""));
        const [start] = await on.receivedDuring(() => page.evaluate(run, make, send, START, ""));
        const plain = (/** @type {any} */ received) => bytesOf(received).replaceAll(boundaryOf(received), "BOUNDARY");
        assert.equal(plain(start), plain(other).replace("WEB-0001", WANTED));
        assert.match(plain(start), /\0\xFF\xFE\r\n--\r\n--BOUNDARY--/);
      });
    }

    test("fetch: a stream over HTTP/1.1, which carries none, is refused by Chromium and sent as its name by Firefox, as ever", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const told = await page.evaluate(
        async (address, json) => {
          const stream = () => new Blob([json]).stream();
          const post = async (/** @type {string} */ to) => {
            const init = /** @type {any} */ ({ method: "POST", body: stream(), duplex: "half" });
            return fetch(to, init).then(
              (answer) => `answered ${answer.status}`,
              (error) => `${error}`,
            );
          };
          return [await post("/echo"), await post(address)];
        },
        START,
        JSON_TEXT,
      );
      // The service refuses what is no JSON with 400.
      const refused = "TypeError: Failed to fetch";
      assert.deepEqual(told, name === "chromium" ? [refused, refused] : ["answered 200", "answered 400"]);
    });

    test("XMLHttpRequest: a Document is shown, goes out as written, and the panel says why", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const make = "new DOMParser().parseFromString('<start><externalId>WEB-0001</externalId></start>', 'application/xml')";
      const send = SENDERS[3][1];
      const [other] = await on.receivedDuring(() => page.evaluate(run, make, send, "/echo", ""));
      const [start] = await on.receivedDuring(() => page.evaluate(run, make, send, START, ""));
      assert.match(start.body, /<externalId>WEB-0001<\/externalId>/);
      assert.equal(start.body, other.body);
      assert.deepEqual(headersOf(start), headersOf(other));
      const panel = await on.panel(on.site);
      const { detail } = await panel.shows(({ rows, detail }) => rows.length === 1 && detail?.delivery === "Sent as the page wrote it.");
      assert.ok(
        detail?.findings.some((finding) => finding.includes("The body is a XMLDocument, which Callsign does not read yet")),
        JSON.stringify(detail?.findings),
      );
    });

    test("XMLHttpRequest: the content type that the page names stays", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const send = `new Promise((done) => { const x = new XMLHttpRequest(); x.open("POST", address);
        x.setRequestHeader("content-type", "text/json"); x.setRequestHeader("Content-Type", "x/y"); x.onloadend = done; x.send(body); })`;
      for (const [kind, make] of JSON_BODIES) {
        const [other] = await on.receivedDuring(() => page.evaluate(run, make, send, "/echo", JSON_TEXT));
        const [start] = await on.receivedDuring(() => page.evaluate(run, make, send, START, JSON_TEXT));
        assert.equal(start.body, other.body.replace("WEB-0001", WANTED), kind);
        assert.deepEqual(headersOf(start), headersOf(other), kind);
      }
    });

    test("a start whose body must be read first is not overtaken by the next one, and both are injected", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const received = await on.receivedDuring(async () => {
        const times = await page.evaluate(
          async (address, json) => {
            const sent = (/** @type {any} */ body, /** @type {number} */ turn) =>
              new Promise((done) => {
                const request = new XMLHttpRequest();
                request.onloadend = done;
                request.open("POST", `${address}?turn=${turn}`);
                request.send(body);
              });
            const posted = (/** @type {any} */ body, /** @type {number} */ turn) => fetch(`${address}?turn=${turn}`, { method: "POST", body }).then((answer) => answer.text());
            await Promise.all([
              posted(new Blob([json]), 1),
              sent(json, 2),
              sent(new Blob([json]), 3),
              posted(json, 4),
            ]);
            const entries = () => performance.getEntriesByType("resource").filter(({ name }) => /turn=\d$/.test(name));
            // The browser notes a request when all of it is read, or a moment later.
            while (entries().length < 4) {
              await new Promise((later) => setTimeout(later, 10));
            }
            return entries().sort((left, right) => left.name.localeCompare(right.name)).map(({ startTime }) => startTime);
          },
          START,
          JSON_TEXT,
        );
        // The browser's clock is coarse: those that leave at once have the same time.
        assert.deepEqual(times, times.toSorted((left, right) => left - right), "in the order of their calls");
      }, 4);
      for (const { body } of received) {
        assert.equal(body, JSON_TEXT.replace("WEB-0001", WANTED));
      }
    });

    test("a body that the page changes right after the call goes out as it was", async () => {
      const page = await on.open(`${on.site}/fetch`);
      for (const [, send] of SENDERS) {
        const [start] = await on.receivedDuring(() =>
          page.evaluate(
            async (call, address, json) => {
              const body = new TextEncoder().encode(json);
              const sent = new Function("address", "body", `return ${call}`)(address, body);
              body.fill(65);
              await sent;
            },
            send,
            START,
            JSON_TEXT,
          ),
        );
        assert.equal(start.body, JSON_TEXT.replace("WEB-0001", WANTED));
      }
    });

    test("a synchronous XMLHttpRequest is seen, goes out as written, and says why", async () => {
      const page = await on.open(`${on.site}/sync-xhr`);
      const [start] = await on.receivedDuring(() =>
        page.evaluate(
          (address, json) => {
            const x = new XMLHttpRequest();
            x.open("POST", address, false);
            x.send(json);
          },
          START,
          JSON_TEXT,
        ),
      );
      assert.equal(start.body, JSON_TEXT);
      const panel = await on.panel(on.site);
      const { detail } = await panel.shows(({ rows, detail }) => rows.length === 1 && detail?.result === "200 Accepted");
      assert.match(JSON.stringify(detail?.findings), /synchronous/i);
    });

    test("a page's workers are counted in the panel and the popup", async () => {
      const page = await on.open(`${on.site}/worker`);
      await startChat(page);
      const panel = await on.panel(on.site);
      await panel.page.waitForSelector('::-p-aria([name="Not seen"]) ::-p-text("This page runs a worker")');
      const popup = await on.popup(on.site);
      await popup.page.waitForSelector('::-p-aria([name="Coverage"]) ::-p-text("This page runs a worker")');
    });
  });
}

/** @param {{headers: [string, string][]}} received */
function headersOf({ headers }) {
  const kept = headers.filter(([name]) => name !== "content-length");
  return kept.map(([name, value]) => [name, value.replace(/boundary=.*/, "boundary=…")]).sort();
}

/** @param {{headers: [string, string][]}} received */
function boundaryOf({ headers }) {
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  const boundary = /boundary=(.*)/.exec(type)?.[1];
  assert.ok(boundary, type);
  return boundary;
}
