// @ts-check
/** A start on a WebSocket leaves with the chosen CRM ID as the same kind of frame, whatever kind of object it was sent as. */

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { startService } from "./compliance/support/service.mjs";
import { BROWSERS } from "./support/browsers.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const WANTED = "CRM-12345-XYZ";
const VENDOR = {
  vendor: "Ours",
  profiles: [
    {
      id: "our-socket",
      name: "Our socket",
      start: {
        transports: ["webSocket"],
        method: "FRAME",
        paths: ["/ws/echo"],
        body: [[{ path: ["what"], is: ["open"] }]],
        socket: { sent: ["open"], heard: [], accepted: [], refused: [] },
      },
      attributes: { path: ["who"], values: ["string"] },
      crmId: { key: "customer" },
    },
  ],
};

/** 64 bytes, so that views of any width have all of them. */
const START = '{"what":"open", "who":{"customer":"WEB-1","n":1e2,"name":"é 😀"}    }';

/** Code of a page that makes what is sent of a text, or of its bytes; and the kind of frame that it is. @type {[make: string, frame: string][]} */
const KINDS = [
  ["text", "text"],
  ["new Blob([text])", "binary"],
  ["new Blob([text], { type: 'application/json' })", "binary"],
  ["new File([text], 'start.json')", "binary"],
  ["bytes.buffer", "binary"],
  ["new Uint8Array(new Uint8Array([9, ...bytes, 9]).buffer, 1, bytes.length)", "binary"],
  ["new Uint8ClampedArray(bytes)", "binary"],
  ["new Int8Array(bytes)", "binary"],
  ["new Int16Array(bytes.buffer)", "binary"],
  ["new Uint16Array(bytes.buffer)", "binary"],
  ["new Int32Array(bytes.buffer)", "binary"],
  ["new Uint32Array(bytes.buffer)", "binary"],
  ["new Float32Array(bytes.buffer)", "binary"],
  ["new Float64Array(bytes.buffer)", "binary"],
  ["new BigInt64Array(bytes.buffer)", "binary"],
  ["new BigUint64Array(bytes.buffer)", "binary"],
  ["new DataView(new Uint8Array([9, ...bytes, 9]).buffer, 1, bytes.length)", "binary"],
];

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, {
      grant: ["http://127.0.0.1"],
      settings: { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: WANTED } }, vendors: [VENDOR] },
    });
    /** @type {Awaited<ReturnType<typeof startService>>} */
    let service;
    before(async () => {
      service = await startService();
    });
    after(() => service.stop());
    afterEach(() => on.closePages());

    test("a start as each kind of object, and a frame behind it", async () => {
      assert.equal(Buffer.byteLength(START) % 8, 0, "views of any width have all of it");
      const page = await on.open(`${service.site}/say`);
      for (const [make, frame] of KINDS) {
        service.forget();
        await page.evaluate(
          async (code, text) => {
            const bytes = new TextEncoder().encode(text);
            const data = new Function("text", "bytes", `return ${code}`)(text, bytes);
            const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/echo`);
            await new Promise((opened) => (socket.onopen = opened));
            socket.send(data);
            socket.send('{"what":"more"}');
            socket.close(1000);
            await new Promise((closed) => (socket.onclose = closed));
          },
          make,
          START,
        );
        const [{ body }] = await until("the socket's end", async () => service.arrived(), (sockets) => sockets.at(0)?.body.includes("close"));
        const sent = Buffer.from(START.replace("WEB-1", WANTED)).toString("latin1");
        assert.equal(body, `${frame} ${sent}\ntext {"what":"more"}\nclose 1000 \n`, make);
      }
    });
  });
}
