// @ts-check
/**
 * How the screens look. The README's pictures of them, light and dark, are taken in every run and written only where
 * CALLSIGN_PICTURES=1 asks for it, because no two machines draw text alike.
 */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { WEBCHAT_BODY } from "../../playground/pages/chat-page.js";
import { byRole } from "./support/screens.mjs";
import { stage, startChat } from "./support/stage.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/pictures", import.meta.url));

describe("chromium", () => {
  const on = stage("chromium", {
    grant: ["http://127.0.0.1"],
    permit: ["http://localhost"],
    settings: { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: "CRM-12345-XYZ" } } },
  });
  afterEach(() => on.closePages());

  test("the screens of a tab with a few starts", async () => {
    const page = await on.open(`${on.site}/fetch`);
    for (const id of ["config-live", "config-rate-limited", "config-disabled", "config-live"]) {
      await startChat(page, WEBCHAT_BODY.replace("config-live", id));
    }
    const panel = await on.panel(on.site);
    await panel.showValues(true);
    await panel.shows(({ rows }) => rows.length === 4 && rows[3].status === "200 Accepted");
    const popup = await on.popup(on.site);
    await popup.shows(({ last }) => last.includes("200 Accepted"));

    for (const [name, screen, width] of /** @type {const} */ ([
      ["panel", panel.page, 1200],
      ["popup", popup.page, 340],
    ])) {
      await screen.bringToFront();
      for (const scheme of ["light", "dark"]) {
        await screen.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await screen.setViewport({ width, height: name === "panel" ? 760 : 10, deviceScaleFactor: 2 });
        // A popup is as high as what it shows.
        const height = await screen.evaluate(() => document.documentElement.scrollHeight);
        await screen.setViewport({ width, height, deviceScaleFactor: 2 });
        const picture = await screen.screenshot({ type: "png" });
        const drawn = await screen.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(drawn, scheme === "light" ? "rgb(255, 255, 255)" : "rgb(23, 25, 29)");
        assert.deepEqual(sizeOf(picture), { width: width * 2, height: height * 2 });
        if (process.env.CALLSIGN_PICTURES === "1") {
          mkdirSync(FOLDER, { recursive: true });
          writeFileSync(join(FOLDER, `${name}-${scheme}.png`), picture);
        }
      }
    }
  });

  test("every button can be read, under the pointer too", async () => {
    await on.open(`${on.site}/fetch`);
    await on.open(`${on.widget}/fetch`);
    const panel = await on.panel(on.site);
    await panel.showValues(true);
    const popup = await on.popup(on.widget);
    const areReadable = async (/** @type {import("puppeteer-core").Page} */ page, /** @type {string[]} */ names) => {
      await page.bringToFront();
      for (const scheme of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        for (const name of names) {
          await page.locator(byRole("button", name)).hover();
          const button = await page.waitForSelector(byRole("button", name));
          const ratio = contrast((await button?.evaluate(coloursOf)) ?? ["", ""]);
          assert.ok(ratio >= 4.5, `${name} has a contrast of ${ratio} in ${scheme}`);
        }
      }
    };
    await areReadable(panel.page, ["Show values"]);
    await areReadable(popup.page, ["Enable on this site", "Open the log in a tab"]);
    await popup.click("Enable on this site");
    await areReadable(popup.page, ["Reload the tab", "Disable on this site"]);
  });

  test("no screen is wider than its window, however narrow that is and however long the words", async () => {
    const page = await on.open(`${on.site}/fetch`);
    const word = "WordWithoutEnd".repeat(20);
    await startChat(page, JSON.stringify({ configurationId: word, attributes: { externalId: word, [word]: word } }));
    const panel = await on.panel(on.site);
    await panel.showValues(true);
    await panel.shows(({ rows }) => rows[0]?.status === "404 Refused");
    const popup = await on.popup(on.site);
    await popup.shows(({ last }) => last.includes("404 Refused"));
    for (const [screen, widths] of /** @type {const} */ ([
      [panel.page, [1200, 700, 420]],
      [popup.page, [340]],
    ])) {
      for (const width of widths) {
        await screen.setViewport({ width, height: 600 });
        const overflow = await screen.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll("main, main > *")]
            .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth)
            .map((element) => element.id || element.localName),
        );
        assert.deepEqual(overflow, [], `at ${width}`);
      }
    }
  });
});

/**
 * Width and height of a PNG, as its header has them.
 * @param {Uint8Array} png
 */
function sizeOf(png) {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Runs in a screen: an element's colour, and the one behind it.
 * @param {Element} element
 */
function coloursOf(element) {
  /** @type {Element | null} */
  let behind = element;
  while (behind !== null && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") {
    behind = behind.parentElement;
  }
  return [getComputedStyle(element).color, behind === null ? "" : getComputedStyle(behind).backgroundColor];
}

/**
 * The contrast of two colours as WCAG reckons it; 4.5 is what text needs.
 * @param {string[]} colours
 */
function contrast(colours) {
  const [light, dark] = colours.map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string} colour `rgb(1, 2, 3)` */
function luminance(colour) {
  const [red, green, blue] = (colour.match(/\d+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
