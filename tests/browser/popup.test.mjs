// @ts-check
/** The popup enables a site, sets what its starts carry, and says what came of the last one. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS, startBrowser } from "./support/browsers.mjs";
import { buildExtension, scratchFolder, startPlayground } from "./support/processes.mjs";
import { byRole, popupOn } from "./support/screens.mjs";
import { stage, startChat } from "./support/stage.mjs";
import { Started } from "./support/started.mjs";

const FIRST = "CRM-FIRST";

const BODY = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001"}}';

/** @param {string} crmId */
const withCrmId = (crmId) => BODY.replace('"WEB-0001"', JSON.stringify(crmId));

const ENABLE = "Enable on this site";
const DISABLE = "Disable on this site";
const RELOAD = "Reload the tab";

/** What is refused as a CRM ID, and what the popup says then. @type {[text: string, reason: string][]} */
const REFUSED = [
  ["", "The CRM ID is blank"],
  ["   ", "The CRM ID is blank"],
  ["9".repeat(257), "The CRM ID has 257 characters, more than 256"],
  ["CRM\u0007-1", "The CRM ID has a control character at position 4 (U+0007)"],
  ["CRM\u200B-1", "The CRM ID has an invisible character at position 4 (U+200B)"],
  [" CRM-1", "The CRM ID begins or ends with a space"],
  ["CRM-1 ", "The CRM ID begins or ends with a space"],
];

for (const name of BROWSERS) {
  describe(name, () => {
    // 127.0.0.1 is as after the browser's permission was given; localhost is enabled from the start.
    const on = stage(name, {
      permit: ["http://127.0.0.1"],
      grant: ["http://localhost"],
      settings: { version: 1, sites: { "http://localhost": { mode: "inject", crmId: FIRST } } },
    });
    afterEach(() => on.closePages());

    /**
     * Starts a chat and gives the body that the service received.
     * @param {import("puppeteer-core").Page | import("puppeteer-core").Frame} page
     * @param {string} [body]
     */
    async function sent(page, body = BODY) {
      const [received] = await on.receivedDuring(() => startChat(page, body));
      return received.body;
    }

    test("a frame's own policy holds where only the frame's site is enabled", async () => {
      const page = await on.open(`${on.site}/frame`);
      const frame = await page.waitForFrame((one) => one.url().startsWith(on.widget));
      assert.equal(await sent(frame), withCrmId(FIRST));
    });

    test("a screen that is asked about what no tab shows says so, and not that Callsign does not run", async () => {
      for (const [screen, site, said] of /** @type {const} */ ([
        ["popup", "http://nope.localhost", "No tab shows http://nope.localhost that Callsign may see. Open the page, then reload this one."],
        ["panel", "nope.localhost", "?site=nope.localhost is no site: write it as ?site=https://shop.example."],
      ])) {
        const page = await on.browser.screen(screen, site);
        const fault = await page.waitForSelector("#fault:not([hidden])");
        assert.equal(await fault?.evaluate(({ textContent }) => textContent), said);
        await page.close();
      }
    });

    test("a frame of a site that is not enabled is left alone", async () => {
      const page = await on.open(`${on.widget}/frame`);
      const frame = await page.waitForFrame((one) => one.url().startsWith(on.site));
      assert.equal(await sent(frame), BODY);
      assert.equal(await sourceOfFetch(frame), NATIVE_FETCH);
      // The page around the frame is covered, so its own list would have it.
      const panel = await on.panel(on.widget);
      assert.equal((await panel.shows(({ empty }) => empty)).empty, "No chat start on this tab yet");
    });

    test("a site is left alone until it is enabled, and again once it is disabled", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const popup = await on.popup(on.site);
      const before = await popup.shows(({ state }) => state);
      assert.equal(before.site, "http://127.0.0.1");
      assert.equal(before.state, "Not enabled");
      assert.match(before.siteNote, /sees nothing here until you enable it/);
      assert.deepEqual(before.buttons, ["Open the log in a tab", ENABLE, "Profiles"]);
      assert.equal(before.crmId, undefined);
      assert.equal(await sourceOfFetch(page), NATIVE_FETCH);
      assert.equal(await sent(page), BODY);

      await popup.click(ENABLE);
      const enabled = await popup.shows(({ state }) => state === "Enabled");
      assert.match(enabled.siteNote, /Reload it if it was open before/);
      assert.deepEqual(enabled.buttons, ["Open the log in a tab", RELOAD, "Profiles", DISABLE]);
      assert.equal(enabled.mode, "Observe");
      assert.equal(await sent(page), BODY);

      await Promise.all([page.waitForNavigation(), popup.click(RELOAD)]);
      const reloaded = await popup.shows(({ buttons }) => !buttons.includes(RELOAD));
      assert.equal(reloaded.siteNote, "Reloaded. Starts on this page are seen from now on.");

      await popup.choose("Inject");
      const injecting = await popup.shows(({ crmId }) => crmId?.note);
      assert.equal(injecting.crmId?.note, "Enter the CRM ID that starts should carry.");
      await popup.keeps(on.site, { mode: "inject" });
      assert.equal(await sent(page), BODY);
      const { last } = await popup.shows((seen) => seen.last.includes("200 Accepted"));
      assert.ok(last.includes("The mode is Inject, and no CRM ID is set"), `${last}`);

      await popup.paste("CRM ID", "CRM-2");
      await popup.keeps(on.site, { crmId: "CRM-2" });
      assert.equal(await sent(page), withCrmId("CRM-2"));
      const panel = await on.panel(on.site);
      const listed = await panel.shows(({ rows }) => rows.at(-1)?.status === "200 Accepted");
      assert.deepEqual(listed.rows.map(({ crmId }) => crmId), ["••••••", "•••••• set to CRM-2"]);

      await popup.click(DISABLE);
      await popup.shows(({ state }) => state !== "Enabled");
      assert.equal(await sent(page), BODY);
      await page.reload();
      assert.equal(await sourceOfFetch(page), NATIVE_FETCH);
      assert.equal(await sent(page), BODY);
      assert.equal((await panel.read()).rows.length, 2);
    });

    test("every control has its role and its name", async () => {
      await on.open(`${on.widget}/fetch`);
      const { page } = await on.popup(on.widget);
      await page.bringToFront();
      for (const [role, label] of [
        ["radiogroup", "Mode"],
        ["radio", "Observe"],
        ["radio", "Inject"],
        ["textbox", "CRM ID"],
        ["textbox", "Attribute"],
      ]) {
        assert.notEqual(await page.waitForSelector(byRole(role, label)), null, label);
      }
    });

    test("a site that the build enabled says so and cannot be disabled", async () => {
      await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      const seen = await popup.shows(({ state }) => state);
      assert.deepEqual([seen.site, seen.state, seen.mode], ["http://localhost", "Enabled", "Inject"]);
      assert.deepEqual(seen.buttons, ["Open the log in a tab", "Profiles"]);
      assert.deepEqual(seen.crmId, { value: FIRST, placeholder: "", isInvalid: false, note: "" });
      assert.deepEqual(seen.attribute, { value: "", placeholder: "externalId", isInvalid: false, note: "" });
      assert.deepEqual(seen.last.slice(1), ["None on this tab yet. Start the chat on the page."]);
    });

    test("a CRM ID that nobody could see or find is refused with the reason, and the last valid one stays", async () => {
      const page = await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      for (const [text, reason] of REFUSED) {
        await popup.paste("CRM ID", text);
        const { crmId } = await popup.shows((seen) => seen.crmId?.note.startsWith(reason));
        assert.deepEqual(crmId, { value: text, placeholder: "", isInvalid: true, note: `${reason}. ${FIRST} stays in use.` });
        assert.equal(await sent(page), withCrmId(FIRST), reason);
      }
      // The start that has just been listed leaves the refused text where it can be corrected.
      const { crmId } = await popup.shows(({ last }) => last.includes("200 Accepted"));
      assert.equal(crmId?.value, REFUSED.at(-1)?.[0]);
      assert.equal(crmId?.isInvalid, true);
    });

    test("a valid CRM ID is in use as soon as it is typed, and ends a refusal", async () => {
      const page = await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      await popup.paste("CRM ID", "");
      await popup.shows(({ crmId }) => crmId?.isInvalid);
      await popup.type("CRM ID", "Müller & Söhne / 7");
      await popup.keeps(on.widget, { crmId: "Müller & Söhne / 7" });
      assert.equal(await sent(page), withCrmId("Müller & Söhne / 7"));
      const { crmId } = await popup.shows((seen) => seen.crmId?.isInvalid === false);
      assert.equal(crmId?.note, "");
      const longest = "9".repeat(256);
      await popup.paste("CRM ID", longest);
      await popup.keeps(on.widget, { crmId: longest });
      assert.equal(await sent(page), withCrmId(longest));
    });

    test("an attribute of one's own carries the CRM ID, and a blank one is the profile's again", async () => {
      const page = await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      await popup.paste("CRM ID", "CRM-3");
      await popup.paste("Attribute", "crm.customer id");
      await popup.keeps(on.widget, { crmId: "CRM-3", attribute: "crm.customer id" });
      assert.equal(await sent(page), BODY.replace("}}", ',"crm.customer id":"CRM-3"}}'));
      await popup.shows(({ last }) => last.includes("crm.customer id set to CRM-3"));

      await popup.paste("Attribute", "crm\u200BId");
      const { attribute } = await popup.shows((seen) => seen.attribute?.isInvalid);
      const reason = "The attribute has an invisible character at position 4 (U+200B)";
      assert.equal(attribute?.note, `${reason}. crm.customer id stays in use.`);
      assert.equal(await sent(page), BODY.replace("}}", ',"crm.customer id":"CRM-3"}}'));

      await popup.paste("Attribute", "");
      await popup.keeps(on.widget, { attribute: undefined });
      assert.equal(await sent(page), withCrmId("CRM-3"));
    });

    test("Observe shows a start and leaves it alone", async () => {
      const page = await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      await popup.choose("Observe");
      await popup.keeps(on.widget, { mode: "observe" });
      assert.equal(await sent(page), BODY);
      const { last } = await popup.shows((seen) => seen.last.includes("200 Accepted"));
      assert.ok(last.includes("externalId as written: ••••••"), `${last}`);
      await popup.choose("Inject");
      await popup.keeps(on.widget, { mode: "inject" });
    });

    test("the last start on the tab stands there with its result", async () => {
      const page = await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      await popup.paste("CRM ID", "CRM-4");
      await popup.keeps(on.widget, { crmId: "CRM-4" });
      await startChat(page, BODY);
      const accepted = await popup.shows((seen) => seen.last.includes("200 Accepted"));
      assert.deepEqual(accepted.last.slice(0, 4), ["Last start", "Genesys web chat", "200 Accepted", "externalId set to CRM-4"]);
      assert.match(accepted.last[4], /^Accepted, conversation ID 0000000a-/);
      assert.match(accepted.last[5], /^\d\d:\d\d:\d\d\.\d{3}$/);
      await startChat(page, BODY.replace("config-live", "config-disabled"));
      const { last } = await popup.shows((seen) => seen.last.includes("400 Refused"));
      assert.match(last[4], /^The service says that this configuration is disabled \(HTTP 400\)\./);
      assert.equal(last.at(-1), "the last of 2 on this tab");
    });

    test("settings that do not parse are kept and said, and the defaults are used", async () => {
      const page = await on.open(`${on.widget}/fetch`);
      const popup = await on.popup(on.widget);
      const broken = '{"version":1,"sites":{"http://localhost":{"crmId":"CRM-LO';
      await popup.page.evaluate((settings) => chrome.storage.local.set({ settings }), broken);
      await on.browser.stopBackground();
      // The start wakes the background, which finds the text.
      assert.equal(await sent(page), withCrmId(FIRST));
      // The text is kept before the defaults are written in its place.
      const { notice, crmId } = await popup.shows((seen) => seen.notice && seen.crmId?.value !== "");
      assert.match(notice, /^Saved settings could not be read, so the defaults are in use\. The old text is kept\. \(the settings do not parse: the text ends in the middle/);
      assert.equal(crmId?.value, FIRST);
      const kept = await popup.page.evaluate(() => chrome.storage.local.get("unreadableSettings"));
      assert.equal(JSON.parse(String(kept.unreadableSettings)).text, broken);
      await popup.click("Forget the old text");
      await popup.shows((seen) => seen.notice === "" && seen.fault === "");
    });
  });
}

// A temporary add-on, the only kind that Firefox takes unsigned, is gone after a restart; so is its storage.
describe("chromium", () => {
  test("an enabled site and its settings survive a restart of the browser", async (t) => {
    const ends = new Started();
    t.after(() => ends.end());
    const playground = ends.add(await startPlayground(), ({ stop }) => stop());
    const profile = ends.add(scratchFolder(), ({ remove }) => remove());
    const extension = ends.add(buildExtension({ permit: ["http://127.0.0.1"] }), ({ remove }) => remove());
    const start = async () =>
      ends.add(await startBrowser("chromium", extension.path, { profile: profile.path }), ({ stop }) => stop());

    const first = await start();
    await first.open(`${playground.site}/fetch`);
    const popup = popupOn(await first.screen("popup", playground.site));
    await popup.click(ENABLE);
    await popup.shows(({ state }) => state === "Enabled");
    await popup.choose("Inject");
    await popup.paste("CRM ID", "CRM-KEPT");
    await popup.keeps(playground.site, { mode: "inject", crmId: "CRM-KEPT" });
    await first.stop();

    const second = await start();
    const page = await second.open(`${playground.site}/fetch`);
    const again = popupOn(await second.screen("popup", playground.site));
    // Chromium reads what is registered while its first tabs open already; of a page that was faster the popup says so.
    const { buttons } = await again.shows(({ state }) => state === "Enabled");
    if (buttons.includes(RELOAD)) {
      await Promise.all([page.waitForNavigation(), again.click(RELOAD)]);
    }
    await startChat(page, BODY);
    assert.equal((await playground.received(0))[0].body, withCrmId("CRM-KEPT"));
    const { mode, crmId } = await again.shows(({ last }) => last.includes("200 Accepted"));
    assert.deepEqual([mode, crmId?.value], ["Inject", "CRM-KEPT"]);
  });
});

/** How both browsers write out their own `fetch`; of one that was replaced they leave the name out. */
const NATIVE_FETCH = "functionfetch(){[nativecode]}";

/** @param {import("puppeteer-core").Page | import("puppeteer-core").Frame} page */
function sourceOfFetch(page) {
  return page.evaluate(() => Function.prototype.toString.call(window.fetch).replace(/\s/g, ""));
}
