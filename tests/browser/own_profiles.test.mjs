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
    {
      // Genesys Cloud's address, where a built-in profile looks for something else.
      id: "our-socket-at-a-known-address",
      name: "Our socket at a known address",
      start: {
        transports: ["webSocket"],
        method: "FRAME",
        paths: ["/v1"],
        body: [[{ path: ["what"], is: ["open"] }]],
        socket: { sent: ["open"], heard: [], accepted: [], refused: [] },
      },
      ...ATTRIBUTES,
    },
    {
      // A command that no built-in profile looks for.
      id: "our-command",
      name: "Our command",
      start: {
        transports: ["pageApi"],
        method: "CALL",
        call: { function: "Genesys", script: "genesys-bootstrap/genesys" },
        body: [[{ path: ["0"], is: ["identify"] }]],
      },
      attributes: { path: ["1"], values: ["string"] },
      crmId: { key: "customer" },
    },
    {
      id: "our-queue",
      name: "Our queue",
      start: {
        transports: ["pageApi"],
        method: "CALL",
        call: { function: "OurChat", script: "our-chat.js" },
        body: [[{ path: ["0"], is: ["identify"] }]],
      },
      attributes: { path: ["1"], values: ["string"] },
      crmId: { key: "customer" },
    },
    {
      id: "our-mistake",
      name: "Our mistake",
      start: { transports: ["pageApi"], method: "CALL", call: { function: "structuredClone", script: "genesys-bootstrap/genesys" } },
      attributes: { path: ["0"], values: ["string"] },
      crmId: { key: "customer" },
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

/** A snippet as vendors give it, and calls that it queues; and the vendor's script, which makes them later. @param {string} called @param {string} script */
const queueing = (called, script) => `<!doctype html><script>
  window.${called} = function () { (${called}.q = ${called}.q || []).push(arguments); };
  ${called}("before", { customer: "WEB-1" });
  ${called}("identify", { customer: "WEB-1" });
  ${called}("after", 7);
  document.head.append(Object.assign(document.createElement("script"), { src: "${script}", async: true }));
</script>`;
const vendorScript = (/** @type {string} */ called) => `
  const { q } = ${called};
  window.made = [];
  window.${called} = (...args) => { made.push(args); };
  for (const args of q) { ${called}(...args); }
`;

/** A site whose page starts a chat at once, and what it received, by path. */
async function startSite() {
  /** @type {Map<string, string>} */
  const received = new Map();
  /** @type {() => void} */
  let heard = () => {};
  let socket = "";
  /** The requests for a vendor's script that wait to be answered. @type {(() => void)[]} */
  const held = [];
  /** @type {() => void} */
  let isHeld = () => {};
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) {
      body += chunk;
    }
    if (request.method !== "GET") {
      received.set(String(request.url), body);
      heard();
    }
    const { pathname, searchParams } = new URL(String(request.url), "http://site");
    const called = String(searchParams.get("called"));
    if (pathname === "/script") {
      await new Promise((done) => {
        held.push(() => done(undefined));
        isHeld();
      });
      response.setHeader("content-type", "text/javascript");
      response.end(vendorScript(called));
      return;
    }
    response.setHeader("content-type", "text/html");
    response.end(pathname === "/queueing" ? queueing(called, `/script?called=${called}&${searchParams.get("mark")}`) : `<!doctype html><script>${SCRIPT(socket)}</script>`);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    /** @param {string} address */
    setSocket: (address) => {
      socket = address;
    },
    /** Answers the request for the vendor's script, once it is there. */
    async release() {
      while (!held.length) {
        await new Promise((resolve) => (isHeld = () => resolve(undefined)));
      }
      held.splice(0).forEach((answer) => answer());
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

const ORIGINS = ["http://127.0.0.1"];
const SETTINGS = { version: 1, sites: SITES };
const WAYS = [
  { way: "added by the tester", isBuiltIn: false, build: { permit: ORIGINS, settings: SETTINGS } },
  { way: "added by the tester on a site that the build grants", isBuiltIn: false, build: { grant: ORIGINS, settings: SETTINGS } },
  { way: "built in with the settings", isBuiltIn: true, build: { grant: ORIGINS, settings: { ...SETTINGS, vendors: [VENDOR] } } },
];

for (const name of BROWSERS) {
  for (const { way, isBuiltIn, build } of WAYS) {
    describe(`${name}: ${way}`, () => {
      const on = stage(name, build);
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

      /** Does something while the profiles hold. @param {() => Promise<unknown>} act */
      async function withProfiles(act) {
        if (isBuiltIn) {
          return act();
        }
        const popup = await on.popup(on.site);
        const tell = async (/** @type {object} */ message) =>
          JSON.parse(await popup.page.evaluate((text) => chrome.runtime.sendMessage(text), JSON.stringify(message)));
        assert.equal((await tell({ kind: "addVendor", text: JSON.stringify(VENDOR) })).kind, "done");
        await act();
        assert.equal((await tell({ kind: "removeVendor", vendor: "Ours" })).kind, "done");
      }

      test("the first call and the first frame of a page carry the CRM ID", async () => {
        if (!isBuiltIn) {
          await assertReceived("WEB-1", {});
        }
        await withProfiles(() => assertReceived(WANTED, { customer: WANTED }));
        if (!isBuiltIn) {
          await assertReceived("WEB-1", {});
        }
      });

      for (const [called, mark] of [["OurChat", "our-chat.js"], ["Genesys", "genesys-bootstrap/genesys.min.js"]]) {
        test(`calls of ${called}() that were queued before the patterns are there carry the CRM ID, once and in order`, async () => {
          await withProfiles(async () => {
            const page = await on.open("about:blank");
            page.goto(`${site.address}queueing?called=${called}&mark=${mark}`).catch(() => {});
            // The vendor's script comes when they are back in its queue, with the CRM ID.
            const isBack = (/** @type {any} */ name, /** @type {any} */ wanted) => /** @type {any} */ (window)[name]?.q?.[1]?.[1].customer === wanted;
            await page.waitForFunction(isBack, { timeout: 5_000 }, called, WANTED);
            await site.release();
            const made = await page.waitForFunction(() => /** @type {any} */ (window).made?.length >= 3 && /** @type {any} */ (window).made);
            assert.deepEqual(await made.jsonValue(), [
              ["before", { customer: "WEB-1" }],
              ["identify", { customer: WANTED }],
              ["after", 7],
            ]);
          });
        });
      }

      test("a socket and a function that a built-in profile knows too are looked at for both", async () => {
        await withProfiles(async () => {
          const page = await on.open(`${on.site}/empty`);
          const frames = await on.receivedDuring(
            () =>
              page.evaluate(async () => {
                const socket = new WebSocket(`${location.origin.replace("http", "ws")}/v1?deploymentId=x&application=y`);
                await new Promise((opened) => (socket.onopen = opened));
                socket.send('{"action":"configureSession","what":"open","who":{}}');
              }),
            1,
          );
          assert.deepEqual(
            frames.map(({ body }) => JSON.parse(body)),
            [{ action: "configureSession", what: "open", who: { customer: WANTED } }],
          );
          const got = await page.evaluate(async () => {
            const any = /** @type {any} */ (window);
            /** @type {unknown[][]} */
            const got = [];
            /** @type {(all?: unknown) => void} */
            let done = () => {};
            const all = new Promise((resolve) => (done = resolve));
            any.Genesys = (/** @type {unknown[]} */ ...args) => got.push(args) === 2 && done();
            const script = document.createElement("script");
            // No script comes of it, which is all that the vendor's name needs.
            script.src = "/empty?genesys-bootstrap/genesys.min.js";
            const ended = new Promise((done) => (script.onload = script.onerror = done));
            document.head.append(script);
            await ended;
            any.Genesys("identify", { customer: "WEB-1" });
            any.Genesys("command", "Database.set", { messaging: { customAttributes: { externalId: "WEB-1" } } });
            await all;
            return { got, copy: structuredClone({ customer: "WEB-1" }) };
          });
          assert.deepEqual(got, {
            got: [
              ["identify", { customer: WANTED }],
              ["command", "Database.set", { messaging: { customAttributes: { externalId: WANTED } } }],
            ],
            // The browser's own function stays, whatever a profile names.
            copy: { customer: "WEB-1" },
          });
        });
      });
    });
  }
}
