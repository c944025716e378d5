// @ts-check
/** What a page does around a start comes out as it would without us, and the panel tells it truthfully. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED } from "./support/injecting.mjs";
import { stage } from "./support/stage.mjs";

const API = "/api/v2/conversations/webchat";
const BODY = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001-ABC","tier":"gold"}}';
const INJECTED = BODY.replace("WEB-0001-ABC", WANTED);

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    afterEach(() => on.closePages());

    /** The panel, emptied, so that the next row is the next start. */
    async function emptyPanel() {
      const panel = await on.panel(on.site);
      if ((await panel.read()).rows.length > 0) {
        await panel.click("Clear");
      }
      await panel.shows(({ rows }) => rows.length === 0);
      return panel;
    }

    test("a start made while the page is being left goes out, as without us", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const [entry] = await on.receivedDuring(() =>
        page.evaluate(
          (api, body) => {
            addEventListener("pagehide", () => fetch(api, { method: "POST", body, keepalive: true }));
            location.href = "/echo";
          },
          API,
          BODY,
        ),
      );
      assert.equal(entry.body, BODY);
    });

    test("a request whose body does not end fails as without us", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const seen = await page.evaluate(async (api) => {
        const endless = () => new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) });
        const attempt = async (/** @type {string} */ address) => {
          try {
            const init = /** @type {any} */ ({ method: "POST", body: endless(), duplex: "half" });
            const signal = AbortSignal.timeout(3_500);
            await fetch(new Request(address, init), { signal });
            return "answered";
          } catch (error) {
            return /** @type {Error} */ (error).name;
          }
        };
        return [await attempt(api), await attempt("/echo")];
      }, API);
      assert.equal(seen[0], seen[1]);
    });

    test("a request aborted before it is made rejects with the abort, as without us", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const seen = await page.evaluate(
        async (api, body) => {
          const attempt = async (/** @type {string} */ address, /** @type {boolean} */ isInInit) => {
            const controller = new AbortController();
            controller.abort();
            const init = isInInit ? { signal: controller.signal } : undefined;
            const own = isInInit ? {} : { signal: controller.signal };
            const error = await fetch(new Request(address, { method: "POST", body, ...own }), init).catch((reason) => reason);
            return error.name;
          };
          return [await attempt(api, false), await attempt("/echo", false), await attempt(api, true)];
        },
        API,
        BODY,
      );
      assert.deepEqual(seen, ["AbortError", "AbortError", "AbortError"]);
    });

    test("an XMLHttpRequest that its page uses again keeps the start's own answer in the panel", async () => {
      const page = await on.open(`${on.site}/xhr`);
      const panel = await emptyPanel();
      await page.bringToFront();
      const second = await page.evaluate(
        (api, body) =>
          new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.timeout = 5_000;
            request.open("POST", api);
            request.onload = () => {
              const { timeout } = request;
              request.onload = () => resolve({ text: request.responseText, timeout });
              request.open("GET", "/echo");
              request.send();
            };
            request.send(body);
          }),
        API,
        BODY,
      );
      assert.deepEqual(second, { text: "ok", timeout: 5_000 });
      const { detail } = await panel.shows(({ rows }) => rows.at(-1)?.status === "200 Accepted");
      assert.ok(detail?.findings.some((finding) => finding.includes("Accepted, conversation ID")));
    });

    test("an XMLHttpRequest opened anew before the answer is shown as given up", async () => {
      const page = await on.open(`${on.site}/xhr`);
      const panel = await emptyPanel();
      await page.bringToFront();
      await page.evaluate(
        (api, body) =>
          new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.open("POST", api);
            request.send(body.replace("config-live", "config-slow-5000"));
            request.open("GET", "/echo");
            request.onload = resolve;
            request.send();
          }),
        API,
        BODY,
      );
      await panel.shows(({ rows }) => rows.length === 1 && rows[0].status === "Given up");
    });

    test("the errors of an XMLHttpRequest that is on its way are the platform's", async () => {
      const page = await on.open(`${on.site}/xhr`);
      const seen = await page.evaluate(
        (api, body) =>
          [api, "/echo"].map((address) => {
            const request = new XMLHttpRequest();
            request.open("POST", address);
            request.send(body);
            const name = (/** @type {() => void} */ act) => {
              try {
                act();
                return "no error";
              } catch (error) {
                return /** @type {Error} */ (error).name;
              }
            };
            return [name(() => request.send(body)), name(() => request.setRequestHeader("x-a", "1"))];
          }),
        API,
        BODY,
      );
      assert.deepEqual(seen[0], ["InvalidStateError", "InvalidStateError"]);
      assert.deepEqual(seen[0], seen[1]);
    });

    test("a start given up while it waits is not shown as sent", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await emptyPanel();
      await page.bringToFront();
      const last = await on.playground.last();
      const error = await page.evaluate(
        async (api, body) => {
          const controller = new AbortController();
          const answer = fetch(api, { method: "POST", body, signal: controller.signal });
          controller.abort(new Error("changed my mind"));
          return answer.catch((reason) => reason.message);
        },
        API,
        BODY,
      );
      assert.equal(error, "changed my mind");
      const { rows, detail } = await panel.shows(({ rows: seen }) => seen.at(-1)?.status === "Not sent");
      assert.ok(!rows[0].crmId.includes(WANTED), rows[0].crmId);
      assert.ok(detail?.attributes.every((row) => row[2] === "—"), JSON.stringify(detail?.attributes));
      await fetch(`${on.site}/echo`, { method: "POST", body: "end" });
      const arrived = await on.playground.received(last);
      assert.ok(arrived.every(({ path }) => path === "/echo"));
    });

    test("fetch called on another object sends nothing and leaves no record", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await emptyPanel();
      await page.bringToFront();
      const [entry] = await on.receivedDuring(() =>
        page.evaluate(
          async (api, body) => {
            const stray = { fetch: window.fetch };
            const error = await (async () => stray.fetch(api, { method: "POST", body }))().catch((reason) => reason);
            if (!(error instanceof TypeError)) {
              throw new Error(`it should have failed: ${error}`);
            }
            await fetch(api, { method: "POST", body });
          },
          API,
          BODY,
        ),
      );
      assert.equal(entry.body, INJECTED);
      const { rows } = await panel.shows(({ rows: seen }) => seen.at(-1)?.status === "200 Accepted");
      assert.equal(rows.length, 1);
    });

    test("what an address may tell is hidden until values are asked for", async () => {
      const page = await on.open(`${on.site}/fetch?customer=secret-77`);
      const panel = await emptyPanel();
      await page.bringToFront();
      await page.evaluate((api, body) => fetch(`${api}?token=SECRET`, { method: "POST", body }), API, BODY);
      await panel.showValues(false);
      const { detail } = await panel.shows(({ rows }) => rows.length === 1);
      assert.ok(!JSON.stringify(detail).includes("SECRET") && !JSON.stringify(detail).includes("secret-77"));
      await panel.showValues(true);
      const shown = await panel.read();
      assert.ok(shown.detail?.request.endsWith(`${API}?token=SECRET`), `${shown.detail?.request}`);
    });
  });
}
