// @ts-check
/** A stream as a body (`duplex: "half"`) over HTTP/2, which alone carries one: the edited bytes arrive where the browser sends streams. */

import assert from "node:assert/strict";
import { createSecureServer } from "node:http2";
import { after, afterEach, before, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { certificate } from "./support/certificate.mjs";
import { stage } from "./support/stage.mjs";

const START = "/api/v2/conversations/webchat";
const JSON_TEXT = '{ "configurationId":"config-live","attributes":{"externalId":"WEB-0001", "n":1e2, "name":"é"} }';
const INJECTED = JSON_TEXT.replace("WEB-0001", "CRM-12345-XYZ");

/** How a page sends a stream; `stream` is one, in pieces that end within a letter. @type {[how: string, code: string][]} */
const SENDERS = [
  ["an init", "fetch(address, { method: 'POST', body: stream, duplex: 'half', headers: { 'Content-Type': 'application/json' } })"],
  ["a Request", "fetch(new Request(address, { method: 'POST', body: stream, duplex: 'half', headers: { 'Content-Type': 'application/json' } }))"],
  ["a Request and an init", "fetch(new Request(address, { method: 'POST', headers: { 'Content-Type': 'application/json' } }), { body: stream, duplex: 'half' })"],
];

/** What Firefox sends of a stream that is given as an init's body: it takes no streams. */
const AS_TEXT = "[object ReadableStream]";

for (const name of BROWSERS) {
  describe(name, () => {
    // The proxy is not what is wanted, but that the browser takes a certificate of the test's own.
    const on = stage(
      name,
      {
        grant: ["https://127.0.0.1"],
        settings: { version: 1, sites: { "https://127.0.0.1": { mode: "inject", crmId: "CRM-12345-XYZ" } } },
      },
      { hasVendorHosts: true },
    );
    /** What arrived: path, content type, declared length and body. @type {{path: string, type?: string, length?: string, version: string, body: string}[]} */
    let arrived = [];
    const server = createSecureServer(certificate(["localhost"]), async (request, response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      if (request.method === "POST") {
        const { "content-type": type, "content-length": length } = request.headers;
        arrived.push({ path: request.url, type, length, version: request.httpVersion, body: Buffer.concat(chunks).toString() });
      }
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>secure</title>");
    });
    let site = "";
    before(async () => {
      await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
      site = `https://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    });
    after(() => server.close());
    afterEach(() => on.closePages());

    for (const [how, code] of SENDERS) {
      test(`a stream given in ${how}`, async () => {
        const page = await on.open(`${site}/`);
        arrived = [];
        for (const address of ["/elsewhere", START]) {
          await page.evaluate(
            async (send, to, text) => {
              const bytes = new TextEncoder().encode(text);
              const stream = new ReadableStream({
                start(controller) {
                  for (let at = 0; at < bytes.length; at += 7) {
                    controller.enqueue(bytes.slice(at, at + 7));
                  }
                  controller.close();
                },
              });
              await new Function("address", "stream", `return ${send}`)(to, stream);
            },
            code,
            address,
            JSON_TEXT,
          );
        }
        const [other, start] = arrived;
        const isSent = name === "chromium";
        // What a Request was made of is not known any more, so its edited body is not sent in pieces but with its length.
        const length = isSent && how === "a Request" ? { length: `${Buffer.byteLength(INJECTED)}` } : {};
        assert.equal(other.body, isSent ? JSON_TEXT : AS_TEXT);
        assert.deepEqual(start, { ...other, path: START, body: isSent ? INJECTED : AS_TEXT, ...length });
        assert.equal(start.version, "2.0");
        assert.equal(other.length, isSent ? undefined : `${AS_TEXT.length}`);
      });
    }
  });
}
