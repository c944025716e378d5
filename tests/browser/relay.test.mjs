// @ts-check
/** The relay's way to the background holds for as long as a page does, wherever the page goes. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED } from "./support/injecting.mjs";
import { stage, startChat } from "./support/stage.mjs";

const BODY = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001-ABC","tier":"gold"}}';
const INJECTED = BODY.replace("WEB-0001-ABC", WANTED);

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    afterEach(() => on.closePages());

    test("a page that was left and came back is covered as before", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const entries = await on.receivedDuring(async () => {
        await startChat(page, BODY);
        await page.goto(`${on.site}/empty`);
        // Firefox tells its driver nothing of a page that it kept.
        await page.evaluate(() => history.back());
        await page.waitForFunction(() => location.pathname === "/fetch");
        await startChat(page, BODY);
      }, 2);
      assert.deepEqual(
        entries.map(({ body }) => body),
        [INJECTED, INJECTED],
      );
      const panel = await on.panel(on.site);
      await panel.shows(({ rows }) => rows.length === 2 && rows.every(({ status }) => status === "200 Accepted"));
      await panel.click("Clear");
      await panel.shows(({ rows }) => rows.length === 0);
    });

    test("what went out right before a page is left is told", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const entries = await on.receivedDuring(() =>
        page.evaluate(async (body) => {
          await fetch("/api/v2/conversations/webchat", { method: "POST", body, keepalive: true });
          location.href = "/empty";
        }, BODY),
      );
      assert.equal(entries[0].body, INJECTED);
      const panel = await on.panel(on.site);
      await panel.shows(({ detail }) => detail?.delivery === "Sent with externalId set by Callsign.");
    });
  });
}
