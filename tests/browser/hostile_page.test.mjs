// @ts-check
/**
 * A page that means harm learns nothing, forges nothing and floods nothing, and what it writes stays text.
 *
 * Settings are not the page's to read, but what its own starts are sent with is: they reach its server.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED } from "./support/injecting.mjs";
import { stage, startChat } from "./support/stage.mjs";

const API = "/api/v2/conversations/webchat";
const BODY = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001-ABC","tier":"gold"}}';
const INJECTED = BODY.replace("WEB-0001-ABC", WANTED);
const MARKUP = `<img src=x onerror="window.harmed=1"><script>window.harmed=1</script><svg onload="window.harmed=1">`;

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    afterEach(() => on.closePages());

    /** The panel, emptied. */
    async function emptyPanel() {
      const panel = await on.panel(on.site);
      if ((await panel.read()).rows.length > 0) {
        await panel.click("Clear");
      }
      await panel.shows(({ rows }) => rows.length === 0);
      return panel;
    }

    test("a page reaches no storage, no settings and no background", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const seen = await page.evaluate(async (home) => {
        const { chrome, browser } = /** @type {any} */ (window);
        const id = new URL(home).host;
        /** @param {() => any} act */
        const attempt = async (act) => {
          try {
            return `answered ${JSON.stringify(await act())}`;
          } catch {
            return "refused";
          }
        };
        return {
          storage: chrome?.storage ?? browser?.storage ?? "none",
          sent: await attempt(() => chrome.runtime.sendMessage(id, JSON.stringify({ kind: "clear", tab: 1 }))),
          connected: await attempt(() => chrome.runtime.connect(id).name),
          settings: await attempt(async () => (await fetch(`${home}baked.json`)).text()),
          module: await attempt(async () => (await fetch(`${home}wasm/callsign_bg.wasm`)).status),
          script: await attempt(() => import(`${home}background.js`)),
        };
      }, on.browser.home);
      assert.deepEqual(seen, {
        storage: "none",
        sent: "refused",
        connected: "refused",
        settings: "refused",
        module: "refused",
        script: "refused",
      });
    });

    test("a page's own ports and events are heard by nobody", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await emptyPanel();
      await page.bringToFront();
      const heard = await page.evaluate(async (body) => {
        /** @type {unknown[]} */
        const answers = [];
        const forged = (/** @type {number} */ number, /** @type {string} */ kind) => ({
          kind,
          number,
          isEdited: true,
          candidate: { transport: "fetch", method: "POST", url: "https://forged/conversations/webchat", body: { kind: "text", text: body } },
        });
        /** @param {Window} target */
        const attack = (target) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => answers.push(data);
          target.addEventListener("callsign-port", () => answers.push("the page saw the event"), true);
          target.dispatchEvent(new MessageEvent("callsign-port", { ports: [port2], cancelable: true }));
          for (const kind of ["candidate", "sent", "retold", "unasked", "outcome", "dropped"]) {
            for (const message of [forged(1, kind), { document: "0f", message: forged(1, kind) }]) {
              port1.postMessage(JSON.stringify(message));
              port1.postMessage({ text: JSON.stringify(message), carried: body });
            }
            target.postMessage(JSON.stringify(forged(1, kind)), "*");
          }
        };
        attack(window);
        const frame = document.createElement("iframe");
        frame.src = "/echo";
        const isLoaded = new Promise((resolve) => (frame.onload = resolve));
        document.body.append(frame);
        await isLoaded;
        attack(/** @type {Window} */ (frame.contentWindow));
        // A real start is asked about after all of these: what they brought would be here by its answer.
        await fetch("/api/v2/conversations/webchat", { method: "POST", body });
        return answers.filter((answer) => answer !== "the page saw the event");
      }, BODY);
      assert.deepEqual(heard, []);
      const { rows } = await panel.shows(({ rows }) => rows.some(({ status }) => status === "200 Accepted"));
      assert.equal(rows.length, 1, "the page's real start is the only record");
    });

    test("a page that plays a tester's own patterns has none of its calls wait", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const isTrusted = await page.evaluate(async () => {
        document.body.append(Object.assign(document.createElement("form"), { id: "callsignOwn" }));
        dispatchEvent(new Event("callsign-own"));
        const request = new XMLHttpRequest();
        return new Promise((resolve) => {
          // One that waits is told of its loading by the page script.
          request.onloadstart = (event) => {
            request.onloadend = () => resolve(event.isTrusted);
          };
          request.open("POST", "/echo");
          request.send("{}");
        });
      });
      assert.equal(isTrusted, true);
      const [start] = await on.receivedDuring(() => startChat(page, BODY));
      assert.equal(start.body, INJECTED);
    });

    test("a page that puts its own functions on the ports' prototypes learns and changes nothing", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const [received] = await on.receivedDuring(async () => {
        const stolen = await page.evaluate(
          async (api, body) => {
            /** @type {string[]} */
            const seen = [];
            const { postMessage } = MessagePort.prototype;
            MessagePort.prototype.postMessage = function (...args) {
              seen.push(`postMessage ${args[0]}`);
              return Reflect.apply(postMessage, this, args);
            };
            Object.defineProperty(MessagePort.prototype, "onmessage", { set: () => seen.push("onmessage"), get: () => null });
            Object.defineProperty(MessageEvent.prototype, "data", { get: () => (seen.push("data"), '{"number":1,"verdict":{"kind":"replace","replacements":[]}}') });
            JSON.stringify = () => (seen.push("stringify"), "FORGED");
            JSON.parse = () => (seen.push("parse"), { number: 1, verdict: { kind: "replace", replacements: [] } });
            await fetch(api, { method: "POST", body });
            return seen;
          },
          API,
          BODY,
        );
        assert.deepEqual(stolen, []);
      });
      assert.equal(received.body, INJECTED);
    });

    test("a page that floods is heard as much as there is room for; all goes out, and the panel says what is not listed", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await emptyPanel();
      await page.bringToFront();
      const count = 1_000;
      const last = await on.playground.last();
      await page.evaluate(
        async (api, body, many) => {
          for (let made = 0; made < many; made += 250) {
            await Promise.all(Array.from({ length: 250 }, () => fetch(api, { method: "POST", body })));
          }
        },
        API,
        BODY,
        count,
      );
      const bodies = (await on.playground.received(last, count)).map(({ body }) => body);
      assert.equal(bodies.length, count);
      assert.ok(bodies.every((body) => body === BODY || body === INJECTED));
      assert.ok(bodies.includes(BODY), "some went out as written");
      const note = await panel.page.waitForSelector("#uncovered:not([hidden])");
      const said = await note?.evaluate((element) => element.textContent);
      assert.match(said ?? "", /^This page starts more chats than Callsign looks at: \d+ or more calls went out as written/);
      assert.ok((await panel.read()).rows.length <= 500);
    });

    test("a large start is decided as ever, and a page that sends many of them is bounded", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const large = BODY.replace("gold", "x".repeat(1_000_000));
      const received = await on.receivedDuring(() => startChat(page, large));
      assert.ok(received[0].body === large.replace("WEB-0001-ABC", WANTED));
    });

    test("markup that a page writes stays text, in the panel and the popup", async () => {
      const marked = encodeURIComponent(MARKUP);
      const page = await on.open(`${on.site}/fetch?${marked}#${marked}`);
      const panel = await emptyPanel();
      await page.bringToFront();
      const body = JSON.stringify({
        configurationId: MARKUP,
        attributes: { externalId: MARKUP, [MARKUP]: MARKUP, tier: [MARKUP] },
      });
      await page.evaluate(
        async (api, text, markup) => {
          history.replaceState(null, "", `/fetch?${markup}`);
          const headers = { "content-type": "application/json" };
          await fetch(`${api}?${markup}#${markup}`, { method: "POST", body: text, headers }).catch(() => {});
          await fetch(api, { method: "POST", body: markup }).catch(() => {});
        },
        API,
        body,
        MARKUP,
      );
      await panel.showValues(true);
      await panel.shows(({ rows }) => rows.length === 2 && rows.every(({ status }) => status !== "Waiting"));
      const popup = await on.popup(on.site);
      await popup.shows(({ state }) => state === "Enabled");
      await panel.page.bringToFront();
      for (const row of [1, 2]) {
        await panel.page.click(`[role="grid"] tbody [role="row"]:nth-of-type(${row})`);
        await panel.shows(({ detail }) => detail?.before.text.includes("<script>window.harmed=1"));
        for (const screen of [panel.page, popup.page]) {
          const made = await screen.evaluate(() => ({
            elements: [...document.querySelectorAll("img, script, svg, iframe, object, [onerror], [onload]")]
              .filter((element) => !element.closest("template"))
              .map((element) => element.outerHTML)
              .filter((html) => /harmed|src="?x/.test(html)),
            harmed: "harmed" in window,
          }));
          assert.deepEqual(made, { elements: [], harmed: false });
        }
      }
    });
  });
}

test("the manifest opens nothing to pages", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../manifest.json"), "utf8"));
  assert.equal(manifest.externally_connectable, undefined);
  assert.equal(manifest.web_accessible_resources, undefined);
});
