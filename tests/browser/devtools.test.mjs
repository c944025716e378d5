// @ts-check
/**
 * The panel works where it belongs, in Chromium's own DevTools. Firefox offers no driver a way into its toolbox; the
 * same page in a tab of its own stands for it in the panel's other tests.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startBrowser } from "./support/browsers.mjs";
import { buildExtension, startPlayground } from "./support/processes.mjs";
import { panelOn } from "./support/screens.mjs";
import { startChat } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const WANTED = "CRM-12345-XYZ";

test("chromium: DevTools have the panel, and it shows the starts of the tab that they inspect", async (t) => {
  const playground = await startPlayground();
  t.after(() => playground.stop());
  const extension = buildExtension({
    grant: ["http://127.0.0.1"],
    settings: { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: WANTED } } },
  });
  t.after(extension.remove);
  const started = await startBrowser("chromium", extension.path, { args: ["--auto-open-devtools-for-tabs"] });
  t.after(started.stop);
  const { browser } = started;

  // The browser's first tab, which DevTools have opened for.
  const [page] = await browser.pages();
  await page.goto(`${playground.site}/fetch`);
  const body = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001-ABC","tier":"gold"}}';
  await startChat(page, body);

  const target = await browser.waitForTarget((one) => one.url().startsWith("devtools://"));
  const devtools = await target.asPage();
  await showPanel(devtools);
  const frame = await devtools.waitForFrame(`${started.home}panel.html`);
  // In DevTools the panel is a frame of theirs, and is only read here.
  const panel = panelOn(/** @type {any} */ (frame));
  const { rows, detail, count } = await panel.shows((seen) => seen.detail);
  assert.equal(count, "1 start");
  assert.deepEqual([rows[0].crmId, rows[0].status], [`••••••-ABC set to ${WANTED}`, "200 Accepted"]);
  assert.deepEqual(detail?.attributes, [
    ["externalId CRM ID", "••••••-ABC", WANTED],
    ["tier", "••••••", "••••••"],
  ]);

  // It follows the tab through a reload, and to the next start.
  await page.reload();
  await startChat(page, body.replace("config-live", "config-disabled"));
  const next = await panel.shows((seen) => seen.rows.at(-1)?.status === "400 Refused");
  assert.equal(next.count, "2 starts");
  assert.match(next.detail?.findings[0] ?? "", /^Problem\n+The service says that this configuration is disabled/);
});

/**
 * Brings the panel to the front in DevTools, as a click on its tab does. Its name there is the extension's origin with
 * the panel's title.
 * @param {import("puppeteer-core").Page} devtools
 */
async function showPanel(devtools) {
  const show = () =>
    devtools.evaluate(async () => {
      // DevTools' own module; it refuses to be asked while DevTools are starting.
      const address = "./ui/legacy/legacy.js";
      const { ViewManager } = await import(address);
      const views = ViewManager.ViewManager.instance();
      const id = [...views.views.keys()].find((name) => /^chrome-extension:\/\/[a-p]{32}Callsign$/.test(name));
      await (id && views.showView(id));
      return id;
    });
  await until("the panel's tab in DevTools", () => show().catch(() => undefined), (id) => id !== undefined);
}
