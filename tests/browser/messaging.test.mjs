// @ts-check
/** Genesys Web Messaging: the start is the first message of a session, and all that is said before and after stays. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { stage, startChat } from "./support/stage.mjs";

const WANTED = "CRM-12345-XYZ";
const TEXT = '{"action":"onMessage","token":"{{token}}","message":{ "type":"Text","text":"hi" }}';
const TEXT_INJECTED = `{"action":"onMessage","token":"{{token}}","message":{ "type":"Text","text":"hi","channel":{"metadata":{"customAttributes":{"externalId":"${WANTED}"}}} }}`;

/** What the pages send, and what must arrive; `{{token}}` stands for the session's own. */
const STARTS = [
  ["a text without attributes", TEXT, TEXT_INJECTED],
  [
    "a join with attributes",
    '{"token":"{{token}}","action":"onMessage","message":{"events":[{"eventType":"Presence","presence":{"type":"Join"}}],"channel":{"metadata":{"customAttributes":{"externalId":  "WEB","b":"2"}}},"type":"Event"}}',
    `{"token":"{{token}}","action":"onMessage","message":{"events":[{"eventType":"Presence","presence":{"type":"Join"}}],"channel":{"metadata":{"customAttributes":{"externalId":  "${WANTED}","b":"2"}}},"type":"Event"}}`,
  ],
  [
    "a structured message with empty attributes",
    '{"action":"onMessage","token":"{{token}}","message":{"type":"Structured","content":[],"channel":{"metadata":{"customAttributes":{}}}}}',
    `{"action":"onMessage","token":"{{token}}","message":{"type":"Structured","content":[],"channel":{"metadata":{"customAttributes":{"externalId":"${WANTED}"}}}}}`,
  ],
];

/** Pages with a messenger, each with what its frame's address begins with, if it is in a frame. */
const PAGES = ["/messaging", "/csp/messaging", "/frame/messaging"];

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, {
      grant: ["http://127.0.0.1", "http://localhost"],
      settings: { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: WANTED } } },
    });
    afterEach(() => on.closePages());

    /** @param {string} path */
    async function messenger(path) {
      const page = await on.open(on.site + path);
      return path.startsWith("/frame") ? page.waitForFrame((frame) => frame.url().startsWith(on.widget)) : page;
    }

    for (const path of PAGES) {
      test(`${path}: the first message of a session carries the CRM ID, and no other byte changes`, async () => {
        const page = await messenger(path);
        for (const [what, written, wanted] of STARTS) {
          const [configured, started] = await on.receivedDuring(async () => {
            const told = await startChat(page, written);
            assert.equal("status" in told && told.status, 200, JSON.stringify(told));
          }, 2);
          const { token } = JSON.parse(configured.body);
          assert.equal(JSON.parse(configured.body).action, "configureSession", what);
          assert.equal(started.body, wanted.replace("{{token}}", token), what);
        }
      });
    }

    test("what follows the start is left alone, unless it names attributes again", async () => {
      const page = await messenger("/messaging");
      const [, , second, third, echo] = await on.receivedDuring(async () => {
        await startChat(page, TEXT);
        const send = (/** @type {string} */ frame) =>
          page.evaluate((text) => /** @type {any} */ (window).playground.send(text), frame);
        await send(TEXT);
        await send(STARTS[1][1]);
        await send('{"action":"echo","token":"{{token}}","tracingId":"onMessage"}');
      }, 5);
      const { token } = JSON.parse(second.body);
      assert.equal(second.body, TEXT.replace("{{token}}", token));
      assert.equal(third.body, STARTS[1][2].replace("{{token}}", token));
      assert.equal(echo.body, `{"action":"echo","token":"${token}","tracingId":"onMessage"}`);
      const panel = await on.panel(on.site);
      const { rows } = await panel.shows(({ rows }) => rows.length === 2 && rows.every(({ status }) => status === "200 Accepted"));
      assert.deepEqual(
        rows.map(({ vendor }) => vendor),
        ["Genesys Web Messaging", "Genesys Web Messaging"],
      );
    });

    test("a message in the middle of a chat is left alone, though the list was cleared", async () => {
      const page = await messenger("/messaging");
      const panel = await on.panel(on.site);
      await startChat(page, TEXT);
      // All that is reported of it is in.
      await panel.shows(({ rows }) => rows.length === 1 && rows[0].status === "200 Accepted");
      await panel.click("Clear");
      await panel.shows(({ rows }) => rows.length === 0);
      const [message] = await on.receivedDuring(
        () => page.evaluate((text) => /** @type {any} */ (window).playground.send(text), TEXT),
        1,
      );
      assert.equal(message.body, TEXT.replace("{{token}}", JSON.parse(message.body).token));
      await startChat(page, TEXT);
      await panel.shows(({ rows }) => rows.length === 1);
    });

    test("a message that names the service's announcement of a session announces none", async () => {
      const page = await messenger("/messaging");
      const frames = [TEXT, TEXT.replace('"hi"', '"What does \\"SessionResponse\\" mean? SessionResponse."'), TEXT];
      const [, started, ...sent] = await on.receivedDuring(async () => {
        await startChat(page, frames[0]);
        for (const frame of frames.slice(1)) {
          // Its answer says it again.
          await page.evaluate((text) => /** @type {any} */ (window).playground.send(text), frame);
        }
      }, 4);
      const { token } = JSON.parse(started.body);
      assert.deepEqual(sent.map(({ body }) => body), frames.slice(1).map((frame) => frame.replace("{{token}}", token)));
    });

    test("a resumed chat is shown as one, and nothing of it changes", async () => {
      const page = await messenger("/messaging");
      await startChat(page, TEXT);
      await page.select('select[name="session"]', "resume");
      const [, message] = await on.receivedDuring(() => startChat(page, TEXT), 2);
      assert.equal(message.body, TEXT.replace("{{token}}", JSON.parse(message.body).token));
      const panel = await on.panel(on.site);
      const { detail } = await panel.shows(({ rows }) => rows.some(({ status }) => status === "Resumed"));
      assert.match(JSON.stringify(detail?.findings), /This chat is resumed, and so the page sends no start/);
    });

    test("refusals of the service become the start's result, with cause and remedy", async () => {
      const page = await messenger("/messaging");
      const panel = await on.panel(on.site);
      for (const [id, status, sentence] of [
        ["config-rate-limited", "429 Refused", "The service takes no more messages for now (429)"],
        ["config-too-large", "4013 Refused", "The service says that the attributes are larger than it takes (4013)"],
        ["config-unauthorized", "401 Refused", "The service did not accept who is asking (401)"],
        ["config-server-error", "5000 Refused", "The service failed (5000)"],
        ["config-expired", "4006 Refused", "The service does not know this session any more (4006)"],
      ]) {
        await page.$eval('input[name="configurationId"]', (input, value) => {
          input.value = value;
        }, id);
        await startChat(page, TEXT);
        const { detail } = await panel.shows(({ rows }) => rows.at(-1)?.status === status);
        assert.ok(JSON.stringify(detail?.findings).includes(sentence), `${id}: ${JSON.stringify(detail)}`);
      }
    });

    test("attributes over the session's limit are found before they are refused", async () => {
      const page = await messenger("/messaging");
      const frame = TEXT.replace(
        '"text":"hi"',
        `"text":"hi","channel":{"metadata":{"customAttributes":{"a":"${"x".repeat(2100)}"}}}`,
      );
      await startChat(page, frame);
      const panel = await on.panel(on.site);
      const { detail } = await panel.shows(({ rows }) => rows[0]?.status === "4013 Refused");
      assert.match(JSON.stringify(detail?.findings), /The attributes have 2124 bytes, 76 more than this session takes \(2048\)/);
    });

    test("frames behind the start wait for it, in order, and the page cannot tell", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const frames = ["onMessage a", "b", "onMessage c", "d"];
      const run = async (/** @type {string} */ address, /** @type {string[]} */ texts) => {
        const socket = new WebSocket(address);
        socket.binaryType = "arraybuffer";
        await new Promise((done) => (socket.onopen = done));
        const seen = [];
        const buffer = new TextEncoder().encode(texts[1]);
        socket.send(texts[0]);
        seen.push(socket.bufferedAmount > 0, socket.readyState);
        socket.send(buffer);
        buffer.fill(0);
        socket.send(new Blob([texts[2]]));
        socket.send(texts[3]);
        seen.push(socket.bufferedAmount, socket.readyState);
        socket.close(1000, "done");
        seen.push(socket.readyState);
        socket.send("never");
        seen.push(socket.bufferedAmount);
        await new Promise((done) => (socket.onclose = (event) => done(seen.push(event.code, event.reason, event.wasClean))));
        seen.push(socket.readyState);
        return seen;
      };
      const address = `${on.site.replace("http", "ws")}/v1?deploymentId=config-live`;
      /** @type {any} */
      let seen;
      const received = await on.receivedDuring(async () => {
        seen = await page.evaluate(run, address, frames);
      }, 4);
      assert.deepEqual(
        received.map(({ body }) => body),
        frames,
      );
      assert.deepEqual(
        received.map((/** @type {any} */ { frameKind }) => frameKind),
        ["text", "binary", "binary", "text"],
      );
      assert.deepEqual(seen, [true, 1, 24, 1, 2, 29, 1000, "done", true, 3]);
    });
  });
}
