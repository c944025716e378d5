// @ts-check
/** A tester's own profiles hold from the first call of a page, before any of its scripts could wait for them. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { stage } from "./support/stage.mjs";

const WANTED = "CRM-12345-XYZ";
const SITES = { "http://127.0.0.1": { enabled: true, mode: "inject", crmId: WANTED } };
const ATTRIBUTES = { attributes: { path: ["who"], values: ["string"] }, crmId: { key: "customer" } };
const VENDOR = {
  vendor: "Ours",
  profiles: [
    {
      id: "our-talk",
      name: "Our talk",
      start: { transports: ["fetch", "xhr"], method: "PUT", paths: ["/talk/*/open"] },
      ...ATTRIBUTES,
    },
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
      ...ATTRIBUTES,
    },
  ],
};

/** What the page's first script does. */
const SCRIPT = (/** @type {string} */ socket) => `
  fetch("/talk/17/open", { method: "PUT", body: '{"who": {"customer":"WEB-1"}}' });
  fetch("/elsewhere", { method: "POST", body: '{"who": {"customer":"WEB-2"}}' });
  const socket = new WebSocket("${socket}");
  socket.onopen = () => {
    socket.send('{"what":"open","who":{}}');
    socket.send('{"what":"more","who":{}}');
  };
`;

/** A site whose page starts a chat at once, and what it received, by path. */
async function startSite() {
  /** @type {Map<string, string>} */
  const received = new Map();
  /** @type {() => void} */
  let heard = () => {};
  let socket = "";
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) {
      body += chunk;
    }
    if (request.method !== "GET") {
      received.set(String(request.url), body);
      heard();
    }
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><script>${SCRIPT(socket)}</script>`);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    /** @param {string} address */
    setSocket: (address) => {
      socket = address;
    },
    /** Waits for this many requests, and forgets them. @param {number} count */
    async took(count) {
      while (received.size < count) {
        await new Promise((resolve) => (heard = () => resolve(undefined)));
      }
      const took = Object.fromEntries(received);
      received.clear();
      return took;
    },
    stop: () => new Promise((stopped) => server.close(stopped) && server.closeAllConnections()),
  };
}

for (const name of BROWSERS) {
  for (const way of ["added by the tester", "built in with the settings"]) {
    describe(`${name}: ${way}`, () => {
      const isBuiltIn = way === "built in with the settings";
      const settings = { version: 1, sites: SITES, ...(isBuiltIn ? { vendors: [VENDOR] } : {}) };
      const on = stage(name, isBuiltIn ? { grant: ["http://127.0.0.1"], settings } : { permit: ["http://127.0.0.1"], settings });
      /** @type {Awaited<ReturnType<typeof startSite>>} */
      let site;
      before(async () => {
        site = await startSite();
        site.setSocket(`${on.site.replace("http", "ws")}/ws/echo`);
      });
      after(() => site.stop());
      afterEach(() => on.closePages());

      /** @param {string} customer @param {object} frame */
      async function assertReceived(customer, frame) {
        const frames = await on.receivedDuring(async () => {
          await on.open(site.address);
          assert.deepEqual(await site.took(2), {
            "/talk/17/open": `{"who": {"customer":"${customer}"}}`,
            "/elsewhere": '{"who": {"customer":"WEB-2"}}',
          });
        }, 2);
        assert.deepEqual(
          frames.map(({ body }) => JSON.parse(body)),
          [{ what: "open", who: frame }, { what: "more", who: {} }],
        );
      }

      test("the first call and the first frame of a page carry the CRM ID", async () => {
        if (!isBuiltIn) {
          const popup = await on.popup(on.site);
          const tell = (/** @type {object} */ message) =>
            popup.page.evaluate((text) => chrome.runtime.sendMessage(text), JSON.stringify(message));
          await assertReceived("WEB-1", {});
          assert.equal(JSON.parse(await tell({ kind: "addVendor", text: JSON.stringify(VENDOR) })).kind, "done");
          await assertReceived(WANTED, { customer: WANTED });
          assert.equal(JSON.parse(await tell({ kind: "removeVendor", vendor: "Ours" })).kind, "done");
          await assertReceived("WEB-1", {});
        } else {
          await assertReceived(WANTED, { customer: WANTED });
        }
      });
    });
  }
}
