// @ts-check
/** The options page: a tester adds profiles of their own, which hold as the built-in ones do. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { stage, startChat } from "./support/stage.mjs";

const CRM_ID = "CRM-4711";

/** Like a start, at an address that no built-in profile knows. */
const BODY = '{"context": {"page": "/help"}, "botId": "config-live"}';

const OURS = {
  vendor: "Ours",
  profiles: [
    {
      id: "our-echo",
      name: "Our chat",
      start: { transports: ["fetch", "xhr"], method: "POST", paths: ["/echo"] },
      attributes: { path: ["context"], values: ["string"] },
      crmId: { key: "customerId" },
    },
  ],
};

/** How the page shows it. */
const ROW = ["Our chat", "our-echo", "POST /echo", "customerId", ""];

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, {
      permit: ["http://127.0.0.1"],
      settings: { version: 1, sites: { "http://127.0.0.1": { enabled: true, mode: "inject", crmId: CRM_ID } } },
    });
    afterEach(() => on.closePages());

    /**
     * Posts a body to the service's echo and gives the body that came back.
     * @param {import("puppeteer-core").Page} page
     */
    const echoed = (page) =>
      page.evaluate(async (body) => {
        const answer = await fetch("/echo", { method: "POST", body, headers: { "Content-Type": "application/json" } });
        return answer.text();
      }, BODY);

    test("a profile of one's own holds once it is saved, and until it is removed", async () => {
      const options = await on.options();
      const before = await options.shows(({ builtIn }) => Object.keys(builtIn).length > 10);
      assert.equal(before.isEmpty, true);
      assert.deepEqual(before.builtIn["Genesys Cloud"][0].slice(0, 4), [
        "Genesys web chat",
        "genesys-webchat",
        "POST /conversations/webchat",
        "externalId",
      ]);
      const page = await on.open(`${on.site}/fetch`);
      assert.equal(await echoed(page), BODY);

      const text = JSON.stringify(OURS, null, 2);
      await options.paste(text);
      await options.click("Save");
      const saved = await options.shows(({ own }) => own.Ours);
      assert.deepEqual(saved.own.Ours, [ROW]);
      assert.equal(saved.isEmpty, false);
      await options.shows((seen) => seen.saved !== "");

      await page.reload();
      assert.equal(await echoed(page), BODY.replace('"/help"', '"/help","customerId": "CRM-4711"'));
      const panel = await on.panel(on.site);
      const { rows } = await panel.shows((seen) => seen.rows.length === 1);
      assert.equal(rows[0].vendor, "Our chat");

      await options.click("Edit: Ours");
      assert.equal((await options.read()).editor, text);
      await options.click("Remove: Ours");
      await options.shows(({ isEmpty }) => isEmpty);
      await page.reload();
      assert.equal(await echoed(page), BODY);

      await options.shows((seen) => seen.saved === "Removed.");
      await options.click("Undo");
      await options.shows((seen) => seen.saved === "It is back.");
      await options.click("Edit: Ours");
      assert.equal((await options.read()).editor, text, "not as it was written");
      await options.click("Remove: Ours");
      await options.shows(({ isEmpty }) => isEmpty);
    });

    test("a file that is removed or replaced comes back to its place", async () => {
      const options = await on.options();
      const theirs = structuredClone(OURS);
      theirs.vendor = "Theirs";
      const changed = structuredClone(OURS);
      changed.profiles[0].name = "Changed";
      for (const [vendor, file] of /** @type {const} */ ([["Ours", OURS], ["Theirs", theirs]])) {
        await options.paste(JSON.stringify(file));
        await options.click("Save");
        await options.shows(({ own }) => own[vendor]);
      }
      const order = (/** @type {{own: object}} */ { own }) => `${Object.keys(own)}`;
      await options.click("Remove: Ours");
      await options.shows((seen) => order(seen) === "Theirs" && seen.canUndo);
      await options.click("Undo");
      await options.shows((seen) => order(seen) === "Ours,Theirs" && seen.saved === "It is back.");

      await options.paste(JSON.stringify(changed));
      await options.click("Save");
      await options.shows(({ own, canUndo }) => own.Ours[0][0] === "Changed" && canUndo);
      await options.click("Undo");
      await options.shows(({ own, canUndo }) => own.Ours[0][0] === "Our chat" && !canUndo);
      await options.click("Remove: Ours");
      await options.shows((seen) => order(seen) === "Theirs");
      await options.click("Remove: Theirs");
      await options.shows(({ isEmpty }) => isEmpty);
    });

    test("what a copy takes from the editor comes back", async () => {
      const options = await on.options();
      await options.shows(({ builtIn }) => builtIn["Genesys Cloud"]);
      assert.equal((await options.read()).canUndo, false);
      await options.paste("half a profile");
      await options.click("Copy into the editor: Genesys Cloud");
      await options.shows((seen) => seen.saved === "What stood in the editor was replaced.");
      assert.ok(JSON.parse((await options.read()).editor).profiles);
      await options.click("Undo");
      await options.shows((seen) => seen.editor === "half a profile" && seen.saved === "It is back." && !seen.canUndo);
    });

    test("a file that is wrong is not saved, and all that is wrong is said, with its place", async () => {
      const options = await on.options();
      const wrong = structuredClone(OURS);
      wrong.profiles[0].start.paths = ["echo"];
      wrong.profiles[0].start.transports = ["carrier pigeon"];
      Object.assign(wrong.profiles[0], { crmID: {} });
      await options.paste(JSON.stringify(wrong));
      await options.click("Save");
      const { wrong: lines, isInvalid, own } = await options.shows((seen) => seen.wrong.length > 0);
      assert.deepEqual(own, {});
      assert.equal(isInvalid, true);
      assert.equal(lines.length, 3);
      assert.match(lines[0], /^profiles\.0: crmID is not known here, only id, name/);
      assert.match(lines[1], /^profiles\.0\.start\.transports\.0: "carrier pigeon" is not one of fetch, xhr, beacon/);
      assert.match(lines[2], /^profiles\.0\.start\.paths\.0: a path begins with a slash/);

      await options.paste("{");
      await options.click("Save");
      await options.shows((seen) => /in the middle of its JSON/.test(seen.wrong[0]));
    });

    test("a built-in profile is copied, changed, and replaced by one's own", async () => {
      const options = await on.options();
      await options.shows(({ builtIn }) => builtIn["Genesys Cloud"]);
      await options.click("Copy into the editor: Genesys Cloud");
      const { editor } = await options.shows((seen) => seen.editor !== "");
      await options.paste(editor.replace('"key": "externalId"', '"key": "customer"'));
      await options.click("Save");
      const seen = await options.shows(({ own }) => own["Genesys Cloud"]);
      assert.equal(seen.own["Genesys Cloud"][0][4], "Replaces the built-in one");
      assert.equal(seen.builtIn["Genesys Cloud"][0][4], "Replaced by yours");

      const page = await on.open(`${on.site}/fetch`);
      const [received] = await on.receivedDuring(() =>
        startChat(page, '{"configurationId":"config-live","attributes":{"customer":"1"}}'),
      );
      assert.equal(received.body, `{"configurationId":"config-live","attributes":{"customer":"${CRM_ID}"}}`);
      await options.click("Remove: Genesys Cloud");
      await options.shows(({ isEmpty }) => isEmpty);
    });
  });
}
