// @ts-check
/** The panel lists the starts of its tab, and shows one of them in every detail. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { byRole, panelOn } from "./support/screens.mjs";
import { stage, startChat } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const WANTED = "CRM-12345-XYZ";

const BODY = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001-ABC","tier":"gold"}}';

/** @param {string} configurationId */
const startOf = (configurationId) => BODY.replace("config-live", configurationId);

/** What the panel says about each refusal: the list's status, and how the finding begins. @type {[id: string, status: string, finding: RegExp][]} */
const REFUSALS = [
  ["config-unknown", "404 Refused", /^The service does not know this configuration or address \(HTTP 404\)\. It says: .* \(not\.found\)\./],
  ["config-invalid", "400 Refused", /^The service did not accept what the page wrote \(HTTP 400\)\. It says: .* \(invalid\.value\)\./],
  ["config-disabled", "400 Refused", /^The service says that this configuration is disabled \(HTTP 400\)\./],
  ["config-unauthorized", "401 Refused", /^The service did not accept who is asking \(HTTP 401\)\./],
  ["config-origin-refused", "403 Refused", /^The service does not allow chats from this page's origin \(HTTP 403\)\./],
  ["config-too-large", "413 Refused", /^The service says that this start is too large \(HTTP 413\)\./],
  ["config-rate-limited", "429 Refused", /^The service takes no more starts for now \(HTTP 429\)\..* Retry-After: 3\./],
  ["config-server-error", "500 Refused", /^The service failed \(HTTP 500\)\./],
];

const INJECTED_COLOR = [11, 122, 75, 255];
const SEEN_COLOR = [91, 100, 114, 255];

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, {
      grant: ["http://127.0.0.1", "http://localhost"],
      settings: {
        version: 1,
        sites: {
          "http://127.0.0.1": { mode: "inject", crmId: WANTED },
          "http://localhost": { mode: "observe" },
        },
      },
    });
    afterEach(() => on.closePages());

    /**
     * Waits until the panel's last row has a status.
     * @param {Awaited<ReturnType<typeof on.panel>>} panel
     * @param {string} status
     */
    const showsLast = (panel, status) => panel.shows(({ rows }) => rows.at(-1)?.status === status);

    test("a finding leads to the attribute that it is about", async () => {
      const page = await on.open(`${on.site}/fetch`);
      await startChat(page, BODY.replace('"tier":"gold"', '"note":" hi","tier":""'));
      const panel = await on.panel(on.site);
      await showsLast(panel, "200 Accepted");
      const marked = () =>
        panel.page.evaluate(() => {
          const rows = [...document.querySelectorAll('table tr[aria-current="true"]')];
          return rows.map((row) => [row.querySelector("th")?.textContent?.trim().split(" ")[0], row === document.activeElement]);
        });
      for (const key of ["tier", "note"]) {
        await panel.click(`Show ${key}`);
        await until("the attribute", marked, (found) => JSON.stringify(found) === JSON.stringify([[key, true]]));
      }
    });

    test("opened after the start, it lists it and hides values until they are asked for", async () => {
      const page = await on.open(`${on.site}/fetch`);
      await startChat(page, BODY);
      const panel = await on.panel(on.site);
      await panel.showValues(false);
      const { rows, detail, count } = await showsLast(panel, "200 Accepted");
      assert.equal(count, "1 start");
      assert.match(rows[0].time, /^\d\d:\d\d:\d\d\.\d{3}$/);
      const { vendor, crmId, isSelected } = rows[0];
      assert.deepEqual([vendor, crmId, isSelected], ["Genesys web chat", `••••••-ABC set to ${WANTED}`, true]);
      assert.equal(detail?.request, `POST ${on.site}/api/v2/conversations/webchat`);
      assert.equal(detail?.delivery, "Sent with externalId set by Callsign.");
      assert.deepEqual(detail?.attributes, [
        ["externalId CRM ID", "••••••-ABC", WANTED],
        ["tier", "••••••", "••••••"],
      ]);
      const hidden = { text: "", marked: [], note: "Hidden until you choose “Show values”." };
      assert.deepEqual(detail?.before, { label: `${BODY.length} bytes`, ...hidden });
      assert.deepEqual(detail?.after, { label: `${BODY.length + 1} bytes`, ...hidden });
      assert.deepEqual(detail?.answer, { label: "HTTP 200", ...hidden });
    });

    test("it shows what the page wrote and what the service received, with what differs marked", async () => {
      const page = await on.open(`${on.site}/xhr`);
      const panel = await on.panel(on.site);
      const received = await on.receivedDuring(async () => {
        const told = await startChat(page);
        await panel.showValues(true);
        const { detail } = await panel.shows((seen) => seen.detail?.answer.text);
        assert.equal(detail?.answer.text, "body" in told && told.body);
        assert.equal(detail?.answer.label, "HTTP 200");
      });
      const { rows, detail } = await panel.read();
      assert.equal(rows[0].crmId, `WEB-0001 set to ${WANTED}`);
      assert.deepEqual(detail?.attributes, [
        ["externalId CRM ID", "WEB-0001", WANTED],
        ["customerName", "Ada Lovelace", "Ada Lovelace"],
        ["customerTier", "gold", "gold"],
        ["visits", "7", "7"],
        ["score", "1e2", "1e2"],
      ]);
      assert.equal(detail?.after.text, received[0].body);
      assert.deepEqual(detail?.after.marked, [`"${WANTED}"`]);
      assert.equal(detail?.before.text, received[0].body.replace(WANTED, "WEB-0001"));
      assert.deepEqual(detail?.before.marked, ['"WEB-0001"']);
      assert.match(detail?.facts["Made by"] ?? "", /^XMLHttpRequest on http:\/\/127\.0\.0\.1:\d+\/xhr$/);
      assert.equal(detail?.facts.Configuration, "config-live");
      assert.match(detail?.findings[0] ?? "", /^Note\n+Accepted, conversation ID 0000000a-/);

      // The choice is remembered, and can be taken back.
      const again = await on.panel(on.site);
      assert.equal((await again.shows((seen) => seen.detail)).detail?.after.text, received[0].body);
      await again.showValues(false);
      assert.equal((await again.read()).detail?.after.text, "");
    });

    test("each refusal is explained", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await on.panel(on.site);
      for (const [id, status, finding] of REFUSALS) {
        await startChat(page, startOf(id));
        const { detail } = await panel.shows((seen) => seen.detail?.facts.Configuration === id && seen.detail.result === status);
        const [severity, sentence, ...explained] = detail?.findings[0].split(/\n+/) ?? [];
        assert.equal(severity, "Problem", id);
        assert.match(sentence, finding);
        assert.equal(explained.length, 2, `${id} has a cause and a remedy`);
        assert.equal(detail?.answer.label, `HTTP ${status.slice(0, 3)}`);
      }
    });

    test("a start without an answer says so: refused by CORS, connection lost, given up, timed out", async () => {
      const page = await on.open(`${on.site}/fetch?api=${encodeURIComponent(on.widget)}`);
      const panel = await on.panel(on.site);
      for (const id of ["config-origin-refused", "config-dropped"]) {
        await startChat(page, startOf(id));
        const { detail } = await panel.shows((seen) => seen.detail?.facts.Configuration === id && seen.detail.result === "No answer");
        assert.match(detail?.findings[0] ?? "", /^Problem\n+No answer reached the page: .*/);
        assert.match(detail?.answer.note ?? "", /^None reached the page: ./);
      }
      const start = `${on.site}/api/v2/conversations/webchat`;
      // Each goes on only once the service has it, and so has been sent.
      const [given] = await on.receivedDuring(() => page.evaluate(giveUpLater, start, startOf("config-slow-60000")));
      assert.equal(JSON.parse(given.body).attributes.externalId, WANTED);
      await page.evaluate(() => /** @type {any} */ (window).giveUp());
      const { detail: aborted } = await panel.shows((seen) => seen.detail?.result === "Given up");
      assert.match(aborted?.findings[0] ?? "", /^Warning\n+The page gave up before the answer came/);
      await page.evaluate(timeOut, start, startOf("config-slow-60000"));
      const { detail: late } = await panel.shows((seen) => seen.detail?.result === "Timed out");
      assert.match(late?.findings[0] ?? "", /^Warning\n+The page's own time limit ran out/);
    });

    test("a start that is only observed is shown as sent as written", async () => {
      const page = await on.open(`${on.widget}/request`);
      await startChat(page, BODY.replace('"externalId":"WEB-0001-ABC",', ""));
      const panel = await on.panel(on.widget);
      const { rows, detail } = await showsLast(panel, "200 Accepted");
      assert.equal(rows[0].crmId, "—");
      assert.equal(detail?.delivery, "Sent as the page wrote it.");
      assert.equal(detail?.after.note, "The same: sent as the page wrote it.");
      assert.match(detail?.findings[0] ?? "", /^Warning\n+The page wrote no externalId\n/);
    });

    test("while it is open it follows the tab, and the keyboard moves through the list", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await on.panel(on.site);
      assert.equal((await panel.read()).empty, "No chat start on this tab yet");
      const ids = ["config-slow-0", "config-slow-1", "config-slow-2"];
      for (const id of ids) {
        await startChat(page, startOf(id));
        await panel.shows(({ detail }) => detail?.facts.Configuration === id && detail.result === "200 Accepted");
      }
      assert.equal((await panel.read()).count, "3 starts");
      await panel.page.bringToFront();
      await panel.page.locator('[role="grid"] [aria-selected="true"]').click();
      for (const [key, selected] of /** @type {const} */ ([
        ["ArrowUp", 1],
        ["ArrowUp", 0],
        ["ArrowUp", 0],
        ["ArrowDown", 1],
        ["End", 2],
        ["ArrowDown", 2],
        ["Home", 0],
      ])) {
        await panel.page.keyboard.press(key);
        const { rows } = await panel.shows(({ detail }) => detail?.facts.Configuration === ids[selected]);
        assert.deepEqual(rows.map(({ isSelected }) => isSelected), ids.map((_, index) => index === selected), key);
        const focused = await panel.page.evaluate(() => document.activeElement?.getAttribute("aria-selected"));
        assert.equal(focused, "true", key);
      }
      // Whoever looks at an older start is not taken away from it by a new one.
      await startChat(page, startOf("config-slow-3"));
      const { detail } = await panel.shows(({ rows }) => rows.length === 4 && rows[3].status === "200 Accepted");
      assert.equal(detail?.facts.Configuration, ids[0]);
    });

    test("a click selects, and Clear empties the list and the badge", async () => {
      const page = await on.open(`${on.site}/fetch`);
      await startChat(page, startOf("config-slow-0"));
      await startChat(page, startOf("config-slow-1"));
      const panel = await on.panel(on.site);
      await showsLast(panel, "200 Accepted");
      await panel.page.bringToFront();
      await panel.page.locator('[role="grid"] [aria-selected="false"]').click();
      await panel.shows(({ detail }) => detail?.facts.Configuration === "config-slow-0");
      await panel.click("Clear");
      const { count, detail } = await panel.shows(({ empty }) => empty);
      assert.deepEqual([count, detail], ["", undefined]);
      await until("the badge", () => badge(panel.page, on.site), ({ text }) => text === "");
      await startChat(page, BODY);
      assert.equal((await showsLast(panel, "200 Accepted")).count, "1 start");
    });

    test("the badge counts the tab's starts, and its colour says that one was injected", async () => {
      const [observed, injected] = [await on.open(`${on.widget}/fetch`), await on.open(`${on.site}/fetch`)];
      const panel = await on.panel(on.site);
      await startChat(observed, BODY);
      await startChat(observed, BODY);
      const shows = (/** @type {string} */ site, /** @type {string} */ text) =>
        until("the badge", () => badge(panel.page, site), (seen) => seen.text === text);
      assert.deepEqual((await shows(on.widget, "2")).color, SEEN_COLOR);
      await startChat(injected, BODY);
      const isInjected = (/** @type {{color: number[]}} */ { color }) => color.join() === INJECTED_COLOR.join();
      await until("the badge", () => badge(panel.page, on.site), isInjected);
      await shows(on.site, "1");
      assert.deepEqual((await shows(on.widget, "2")).color, SEEN_COLOR);
    });

    test("what a page writes is text, whatever it looks like", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const trap = "<img src=x onerror=\"document.title='caught'\"><script>document.title='caught'</script>";
      const attributes = { [trap]: trap, externalId: trap, "</td><b>": "<b>bold</b>&lt;" };
      await startChat(page, JSON.stringify({ configurationId: trap, attributes }));
      const panel = await on.panel(on.site);
      await panel.showValues(true);
      const { rows, detail } = await panel.shows((seen) => seen.detail?.result === "404 Refused");
      assert.equal(rows[0].crmId, `${trap} set to ${WANTED}`);
      assert.deepEqual(detail?.attributes, [
        [trap, trap, trap],
        ["externalId CRM ID", trap, WANTED],
        ["</td><b>", "<b>bold</b>&lt;", "<b>bold</b>&lt;"],
      ]);
      assert.equal(detail?.facts.Configuration, trap);
      // Of its own the panel has one picture, in what it shows while its list is empty.
      const made = await panel.page.evaluate(() => document.querySelectorAll("body img, body script, body b").length);
      assert.equal(made, 1);
      const popup = await on.popup(on.site);
      await popup.shows(({ last }) => last.includes("404 Refused"));
      for (const screen of [panel, popup]) {
        assert.match(await screen.page.evaluate(() => document.title), /^Callsign/);
      }
      await panel.showValues(false);
    });

    test("two tabs of one site keep apart, and the popup opens the log of its own", async () => {
      const pages = [await on.open(`${on.site}/fetch?first`), await on.open(`${on.site}/fetch?second`)];
      await startChat(pages[0], startOf("config-slow-1"));
      await startChat(pages[1], startOf("config-slow-2"));
      await startChat(pages[1], startOf("config-slow-3"));
      const home = await on.panel(on.site);
      /** @type {number[]} */
      const tabs = [];
      for (const [index, expected] of [["config-slow-1"], ["config-slow-2", "config-slow-3"]].entries()) {
        const tab = await home.page.evaluate(async (url) => (await chrome.tabs.query({})).find((one) => one.url === url)?.id, pages[index].url());
        tabs.push(Number(tab));
        const panel = await on.panel(Number(tab));
        const { rows, detail } = await showsLast(panel, "200 Accepted");
        assert.equal(rows.length, expected.length);
        assert.equal(detail?.facts.Configuration, expected.at(-1));
      }
      const popup = await on.popup(tabs[1]);
      const address = `${on.browser.home}panel.html?tab=${tabs[1]}`;
      const before = await on.browser.browser.pages();
      await popup.click("Open the log in a tab");
      // Firefox tells its driver no address for it, so the page itself is asked.
      const opened = await until(
        address,
        async () => {
          const page = (await on.browser.browser.pages()).find((one) => !before.includes(one));
          const href = await page?.evaluate(() => location.href).catch(() => "a page that is going");
          return href === address ? page : undefined;
        },
        (page) => page !== undefined,
      );
      assert.ok(opened);
      await panelOn(opened).shows(({ count }) => count === "2 starts");
      await opened.close();
    });

    test("what is listed survives the background's end, and the list goes on", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await on.panel(on.site);
      await startChat(page, startOf("config-slow-1"));
      await showsLast(panel, "200 Accepted");
      await on.browser.stopBackground();
      assert.equal((await (await on.panel(on.site)).shows((seen) => seen.detail)).count, "1 start");
      const [received] = await on.receivedDuring(() => startChat(page, startOf("config-slow-2")));
      assert.equal(JSON.parse(received.body).attributes.externalId, WANTED);
      const { count, detail } = await panel.shows((seen) => seen.detail?.facts.Configuration === "config-slow-2" && seen.detail.result === "200 Accepted");
      assert.equal(count, "2 starts");
      assert.equal(detail?.delivery, "Sent with externalId set by Callsign.");
      await until("the badge", () => badge(panel.page, on.site), ({ text }) => text === "2");
    });

    test("every part has its role and its name", async () => {
      const page = await on.open(`${on.site}/fetch`);
      await startChat(page, BODY);
      const panel = await on.panel(on.site);
      await showsLast(panel, "200 Accepted");
      await panel.page.bringToFront();
      for (const [role, label] of [
        ["toolbar", "Callsign"],
        ["button", "Show values"],
        ["button", "Clear"],
        ["grid", "Chat starts"],
        ["article", "Selected start"],
        ["region", "Findings"],
        ["table", "Attributes"],
        ["region", "Body as the page wrote it"],
        ["region", "Body as sent"],
        ["region", "Answer"],
      ]) {
        assert.notEqual(await panel.page.waitForSelector(byRole(role, label)), null, label);
      }
    });
  });
}

/**
 * Runs in the page: starts a chat that `giveUp` aborts.
 * @param {string} address
 * @param {string} body
 */
function giveUpLater(address, body) {
  const controller = new AbortController();
  fetch(address, { method: "POST", body, signal: controller.signal }).catch(() => {});
  /** @type {any} */ (window).giveUp = () => controller.abort();
}

/**
 * Runs in the page: starts a chat that it does not wait long for.
 * @param {string} address
 * @param {string} body
 */
function timeOut(address, body) {
  const xhr = new XMLHttpRequest();
  xhr.open("POST", address);
  xhr.timeout = 300;
  return new Promise((done) => {
    xhr.ontimeout = done;
    xhr.send(body);
  });
}

/**
 * The badge of the tab that shows a site.
 * @param {import("puppeteer-core").Page} screen
 * @param {string} address
 */
function badge(screen, address) {
  return screen.evaluate(async (start) => {
    const tab = (await chrome.tabs.query({})).find(({ url }) => url?.startsWith(start));
    const { id: tabId } = /** @type {chrome.tabs.Tab} */ (tab);
    const color = await chrome.action.getBadgeBackgroundColor({ tabId });
    return { text: await chrome.action.getBadgeText({ tabId }), color: [...color] };
  }, address);
}
