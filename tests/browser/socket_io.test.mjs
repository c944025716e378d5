// @ts-check
/** A chat over socket.io, known by a tester's own profile alone: its real server receives the CRM ID, by polling and by WebSocket. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { Server } from "socket.io";
import { BROWSERS } from "./support/browsers.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const WANTED = "CRM-12345-XYZ";

const ATTRIBUTES = { attributes: { path: ["1", "who"], values: ["string"] }, crmId: { key: "customer" } };
const START = { paths: ["/socket.io/"], framing: "socketIo", body: [[{ path: ["0"], is: ["start"] }]] };
const VENDOR = {
  vendor: "Ours",
  profiles: [
    { id: "our-polling", name: "Our polling", start: { ...START, transports: ["fetch", "xhr"], method: "POST" }, ...ATTRIBUTES },
    {
      id: "our-socket",
      name: "Our socket",
      start: {
        ...START,
        transports: ["webSocket"],
        method: "FRAME",
        socket: { sent: ["start"], heard: [], accepted: [], refused: [] },
      },
      ...ATTRIBUTES,
    },
  ],
};

const WHO = { customer: "WEB-é", tier: "gold" };

/** How a page starts its chat. @type {Record<string, (who: object) => unknown>} */
const STARTS = {
  polling: (who) => /** @type {any} */ (window).io({ transports: ["polling"] }).emit("start", { who }),
  websocket: (who) => /** @type {any} */ (window).io({ transports: ["websocket"] }).emit("start", { who }),
  // As clients before socket.io 3 do: each packet has its length before it, and more may follow.
  "polling, with lengths": async (who) => {
    const at = "/socket.io/?EIO=3&transport=polling";
    const sid = /"sid":"([^"]+)"/.exec(await (await fetch(at)).text())?.[1];
    const packets = [`42${JSON.stringify(["start", { who }])}`, '42["more","é"]'];
    const body = packets.map((packet) => `${packet.length}:${packet}`).join("");
    await fetch(`${at}&sid=${sid}`, { method: "POST", body, headers: { "content-type": "text/plain;charset=UTF-8" } });
  },
};

/** A site with socket.io's own server, and the events that it received. */
async function startSite() {
  /** @type {unknown[][]} */
  let events = [];
  const http = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end('<!doctype html><script src="/socket.io/socket.io.js"></script>');
  });
  const io = new Server(http, { allowEIO3: true });
  io.on("connection", (socket) => socket.onAny((...event) => events.push(event)));
  await new Promise((listening) => http.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    /** Waits for this many events, and forgets them. @param {number} count */
    async took(count) {
      const took = await until("the events", async () => events, (seen) => seen.length >= count);
      events = [];
      return took;
    },
    stop: () => io.close(),
  };
}

for (const name of BROWSERS) {
  describe(name, () => {
    const settings = { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: WANTED } }, vendors: [VENDOR] };
    const on = stage(name, { grant: ["http://127.0.0.1"], settings });
    /** @type {Awaited<ReturnType<typeof startSite>>} */
    let site;
    before(async () => {
      site = await startSite();
    });
    after(() => site.stop());
    afterEach(() => on.closePages());

    for (const [way, start] of Object.entries(STARTS)) {
      test(`${way}: the server receives the CRM ID, and all else as the page wrote it`, async () => {
        const page = await on.open(site.address);
        await page.evaluate(start, WHO);
        const rest = way.endsWith("lengths") ? [["more", "é"]] : [];
        const events = await site.took(1 + rest.length);
        assert.deepEqual(events, [["start", { who: { ...WHO, customer: WANTED } }], ...rest]);
      });
    }
  });
}
