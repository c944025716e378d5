// @ts-check
/** Attributes that a page hands to the vendor's own function: shown and set like those of a start, and the page cannot tell. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED } from "./support/injecting.mjs";
import { stage, startChat } from "./support/stage.mjs";

const WRITTEN = '{"messaging":{"customAttributes":{"externalId":"WEB-0001","tier":"gold"}}}';

/** @param {string} body */
function attributesOf(body) {
  return JSON.parse(body).message.channel?.metadata.customAttributes;
}

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    afterEach(() => on.closePages());

    test("the CRM ID is set in what the page hands over, and arrives with the first message", async () => {
      const page = await on.open(`${on.site}/genesys-api`);
      const [, message] = await on.receivedDuring(() => startChat(page, WRITTEN), 2);
      assert.deepEqual(attributesOf(message.body), { externalId: WANTED, tier: "gold" });
      const panel = await on.panel(on.site);
      await panel.showValues(true);
      const { rows } = await panel.shows(({ rows }) => rows.length === 2 && rows[1].status === "200 Accepted");
      assert.deepEqual(
        rows.map(({ vendor, crmId, status }) => [vendor, crmId.includes(WANTED), status]),
        [
          ["Genesys Web Messaging, attributes set by the page", true, "Sent"],
          ["Genesys Web Messaging", true, "200 Accepted"],
        ],
      );
      await panel.page.locator('::-p-xpath(//tr[contains(., "attributes set by the page")])').click();
      const { detail } = await panel.shows(({ detail }) => detail?.request === "Genesys()");
      assert.equal(detail?.before.text, `["command","Database.set",${WRITTEN}]`);
      assert.equal(detail?.after.text, `["command","Database.set",${WRITTEN.replace("WEB-0001", WANTED)}]`);
      assert.match(String(detail?.answer.note), /A call is not answered/);
    });

    /** What the page updates after it has set `WRITTEN`, what the vendor is given in its place, and what arrives altogether. */
    const UPDATES = [
      {
        what: "other attributes, and what is beside them",
        given: '{"messaging":{"customAttributes":{"visits":"7"},"markdown":true},"cart":{"items":[1,2]}}',
        handed: `{"messaging":{"customAttributes":{"visits":"7","externalId":"${WANTED}"},"markdown":true},"cart":{"items":[1,2]}}`,
        arrives: { externalId: WANTED, tier: "gold", visits: "7" },
      },
      {
        what: "the CRM ID again",
        given: '{"messaging":{"customAttributes":{"externalId":"WEB-0002","tier":"silver"}}}',
        handed: `{"messaging":{"customAttributes":{"externalId":"${WANTED}","tier":"silver"}}}`,
        arrives: { externalId: WANTED, tier: "silver" },
      },
      {
        what: "no attribute",
        given: '{"messaging":{"markdown":true}}',
        handed: undefined,
        arrives: { externalId: WANTED, tier: "gold" },
      },
    ];
    for (const { what, given, handed, arrives } of UPDATES) {
      test(`Database.update: ${what}: merged into what was set, and no attribute of it lost`, async () => {
        const page = await on.open(`${on.site}/genesys-api`);
        await page.waitForFunction(() => "playground" in window);
        /** @type {{kept: any, isUnchanged: boolean} | undefined} */
        let seen;
        const [, message] = await on.receivedDuring(async () => {
          seen = await page.evaluate(
            async (set, update) => {
              const { Genesys } = /** @type {any} */ (window);
              await new Promise((ready) => Genesys("subscribe", "Database.ready", ready));
              const mine = JSON.parse(update);
              Genesys("command", "Database.set", JSON.parse(set));
              // In the same task, so that both wait, and the second merges into what the first left.
              const kept = await new Promise((done) => Genesys("command", "Database.update", mine, done));
              const isUnchanged = JSON.stringify(mine) === update;
              await new Promise((sent, refused) => Genesys("command", "MessagingService.sendMessage", { message: "Hello." }, sent, refused));
              return { kept, isUnchanged };
            },
            WRITTEN,
            given,
          );
        }, 2);
        const { messaging, ...others } = JSON.parse(given);
        assert.deepEqual(seen?.kept, { ...others, messaging: { ...messaging, customAttributes: arrives } });
        assert.equal(seen?.isUnchanged, true, "the page's own object");
        assert.deepEqual(attributesOf(message.body), arrives);

        const panel = await on.panel(on.site);
        await panel.showValues(true);
        const count = handed === undefined ? 2 : 3;
        const { rows } = await panel.shows(({ rows }) => rows.length === count && rows.at(-1)?.status === "200 Accepted");
        assert.ok(rows.every(({ crmId }) => crmId.includes(WANTED)), JSON.stringify(rows));
        if (handed !== undefined) {
          await panel.page.locator('::-p-xpath((//tr[contains(., "attributes set by the page")])[last()])').click();
          const { detail } = await panel.shows(({ detail }) => detail?.before.text.includes("Database.update"));
          // The callback is no JSON.
          assert.equal(detail?.before.text, `["command","Database.update",${given},null]`);
          assert.equal(detail?.after.text, `["command","Database.update",${handed},null]`);
        }
      });
    }

    test("what was queued before the vendor's script came is set too", async () => {
      const page = await on.open(`${on.site}/genesys-api?queued=${encodeURIComponent(WRITTEN)}`);
      const [, message] = await on.receivedDuring(() => startChat(page, ""), 2);
      assert.deepEqual(attributesOf(message.body), { externalId: WANTED, tier: "gold" });
    });

    test("calls keep their order, functions, values without JSON and callbacks; the object of the page is not changed", async () => {
      const page = await on.open(`${on.site}/genesys-api`);
      await page.waitForFunction(() => "playground" in window);
      const seen = await page.evaluate(async () => {
        const { Genesys } = /** @type {any} */ (window);
        await new Promise((ready) => Genesys("subscribe", "Database.ready", ready));
        const when = new Date(0);
        const act = () => "act";
        const given = { messaging: { customAttributes: { tier: "gold" } }, other: { act, when, list: [undefined, Number.NaN, act] } };
        const before = JSON.stringify(given);
        /** @type {unknown[]} */
        const order = [];
        Genesys("subscribe", "Database.updated", () => order.push("updated"));
        const set = new Promise((done) => Genesys("command", "Database.set", given, (/** @type {unknown} */ kept) => done([order.push("set"), kept])));
        const got = new Promise((done) =>
          Genesys("command", "Database.get", { name: "messaging.customAttributes" }, (/** @type {unknown} */ value) => done([order.push("get"), value])),
        );
        const refused = new Promise((done) => Genesys("command", "Nothing.known", {}, undefined, done));
        order.push("called");
        const [[, kept], [, value]] = /** @type {any} */ (await Promise.all([set, got]));
        const { other } = kept;
        return {
          order,
          value,
          refused: await refused,
          isSame: [other === given.other, other.act === act, other.when === when, given.messaging !== kept.messaging],
          isUnchanged: JSON.stringify(given) === before,
        };
      });
      assert.deepEqual(seen, {
        order: ["called", "updated", "set", "get"],
        value: { tier: "gold", externalId: WANTED },
        refused: "command Nothing.known is not known",
        isSame: [true, true, true, true],
        isUnchanged: true,
      });
    });

    test("the function looks as the vendor wrote it", async () => {
      const page = await on.open(`${on.site}/genesys-api`);
      await startChat(page, WRITTEN);
      const [looks, written] = await page.evaluate(async () => {
        const { Genesys } = /** @type {any} */ (window);
        const source = await (await fetch("/genesys-bootstrap/genesys.min.js")).text();
        const descriptor = Object.getOwnPropertyDescriptor(window, "Genesys");
        const looks = [Genesys.name, Genesys.length, typeof Genesys, Genesys("subscribe", "x", () => {}) === undefined, { ...descriptor, value: 0 }];
        return [[...looks, source.includes(`${Genesys}`)], [descriptor?.get === undefined]];
      });
      assert.deepEqual(looks, ["", 2, "function", true, { value: 0, writable: true, enumerable: true, configurable: true }, true]);
      assert.deepEqual(written, [true]);
    });

    test("a function deep in the vendor's object, and a list that the script puts its object in the place of", async () => {
      const page = await on.open(`${on.site}/empty`);
      const seen = await page.evaluate(async () => {
        const any = /** @type {any} */ (window);
        const ours = { type: "ctmrinfo", info: { customerId: "WEB-1" } };
        const other = { type: "searchcontent", keywords: ["a"] };
        any.lpTag = { sdes: [] };
        any.lpTag.sdes.push(other);
        any.lpTag.sdes.push(ours);
        const script = document.createElement("script");
        // No script comes of it, which is all that the vendor's name needs.
        script.src = "/empty?lptag/tag.js";
        const loaded = new Promise((done) => (script.onload = script.onerror = done));
        document.head.append(script);
        await loaded;
        // What was queued is back once its verdicts are there.
        while (any.lpTag.sdes.length < 2) {
          await new Promise((done) => setTimeout(done));
        }
        /** @type {unknown[]} */
        const got = [...any.lpTag.sdes];
        const holder = { tag: "ours", push: function (/** @type {unknown} */ item) {
          got.push(this.tag, item);
          done(got);
        } };
        /** @type {(got: unknown[]) => void} */
        let done = () => {};
        const first = JSON.stringify(got);
        any.lpTag.sdes = holder;
        const next = document.createElement("script");
        next.src = "/assets/chat-page.js";
        next.type = "module";
        await new Promise((loaded) => {
          next.onload = loaded;
          document.head.append(next);
        });
        got.length = 0;
        const late = new Promise((resolve) => (done = resolve));
        any.lpTag.sdes.push({ type: "ctmrinfo", info: { customerId: "WEB-2" } });
        await late;
        return { first, late: JSON.stringify(got), isUnchanged: ours.info.customerId === "WEB-1", keys: Object.keys(holder) };
      });
      const set = (/** @type {string} */ id) => ({ type: "ctmrinfo", info: { customerId: id } });
      assert.deepEqual(JSON.parse(seen.late), ["ours", set(WANTED)]);
      assert.deepEqual(JSON.parse(seen.first), [{ type: "searchcontent", keywords: ["a"] }, set(WANTED)]);
      assert.deepEqual([seen.isUnchanged, seen.keys], [true, ["tag", "push"]]);
    });

    /** A page with a vendor's script in it, of which nothing comes but its name. @param {string} script */
    async function openWith(script) {
      const page = await on.open(`${on.site}/empty`);
      await page.evaluate(async (script) => {
        Object.assign(window, {
          addScript: () => {
            const element = document.createElement("script");
            element.src = `/empty?${script}`;
            const ended = new Promise((done) => (element.onload = element.onerror = done));
            document.head.append(element);
            return ended;
          },
        });
      }, script);
      return page;
    }

    test("a function whose return value the page uses is called at once, as written, and is shown", async () => {
      const page = await openWith("cxbus.min.js");
      const seen = await page.evaluate(async () => {
        const any = /** @type {any} */ (window);
        /** @type {unknown[]} */
        const order = [];
        const command = (/** @type {unknown[]} */ ...args) => {
          order.push(JSON.stringify(args));
          if (args.length > 2) {
            throw new RangeError("too many");
          }
          return { done: (/** @type {(text: string) => void} */ then) => then("opened") };
        };
        any.CXBus = { command };
        await any.addScript();
        const isWrapped = any.CXBus.command !== command;
        any.CXBus.command("WebChat.open", { userData: { customerId: "WEB-1" } }).done((/** @type {string} */ text) => order.push(text));
        try {
          any.CXBus.command("WebChat.open", {}, 1);
        } catch (error) {
          order.push(`${error}`);
        }
        return { order, isWrapped };
      });
      assert.deepEqual(seen, {
        order: ['["WebChat.open",{"userData":{"customerId":"WEB-1"}}]', "opened", '["WebChat.open",{},1]', "RangeError: too many"],
        isWrapped: true,
      });
      const panel = await on.panel(on.site);
      await panel.showValues(true);
      const { rows } = await panel.shows(({ rows }) => rows.length === 2 && rows.every(({ status }) => status === "Sent"));
      assert.match(rows[0].crmId, /WEB-1/);
      await panel.page.locator('::-p-xpath(//tr[contains(., "WEB-1")])').click();
      const { detail } = await panel.shows(({ detail }) => detail?.request === "CXBus.command()");
      assert.match(JSON.stringify(detail?.findings), /in the same moment, so nobody can be asked first/);
    });

    test("a function that another one of the vendor's must find done is called before it", async () => {
      const page = await openWith("/assets/js/bootstrap.min.js");
      const order = await page.evaluate(async () => {
        const any = /** @type {any} */ (window);
        /** @type {string[]} */
        const order = [];
        const prechatAPI = { setHiddenPrechatFields: (/** @type {object} */ fields) => order.push(JSON.stringify(fields)) };
        any.embeddedservice_bootstrap = { prechatAPI, utilAPI: { launchChat: () => order.push("launched") } };
        await any.addScript();
        prechatAPI.setHiddenPrechatFields({ CustomerId: "WEB-1" });
        any.embeddedservice_bootstrap.utilAPI.launchChat();
        return order;
      });
      assert.deepEqual(order, ['{"CustomerId":"WEB-1"}', "launched"]);
    });

    test("a waiting call goes to the function that came meanwhile, however it came", async () => {
      const page = await openWith("genesys-bootstrap/genesys.min.js");
      const [stub, vendor] = await page.evaluate(async () => {
        const any = /** @type {any} */ (window);
        /** @type {unknown[][]} */
        const stub = [];
        any.Genesys = (/** @type {unknown[]} */ ...args) => void stub.push(args);
        await any.addScript();
        any.Genesys("command", "Database.set", { messaging: { customAttributes: { externalId: "WEB-1" } } });
        any.Genesys("command", "Messenger.open");
        /** @type {unknown[][]} */
        const vendor = [];
        await new Promise((done) => {
          any.Genesys = (/** @type {unknown[]} */ ...args) => vendor.push(args) === 2 && done(undefined);
        });
        return [stub, vendor];
      });
      const set = ["command", "Database.set", { messaging: { customAttributes: { externalId: WANTED } } }];
      assert.deepEqual([stub, vendor], [[], [set, ["command", "Messenger.open"]]]);
    });

    test("a page's own toJSON changes nothing of what the function gets", async () => {
      const page = await openWith("genesys-bootstrap/genesys.min.js");
      const seen = await page.evaluate(async () => {
        const any = /** @type {any} */ (window);
        /** @type {unknown[][]} */
        const got = [];
        /** @type {(all?: unknown) => void} */
        let done = () => {};
        any.Genesys = (/** @type {unknown[]} */ ...args) => got.push(args) === 3 && done();
        await any.addScript();
        const all = new Promise((resolve) => (done = resolve));
        // As Prototype.js has it, which is still beside chats.
        const prototype = /** @type {any} */ (Array.prototype);
        prototype.toJSON = function () {
          return `[${Array.from(this, (item) => JSON.stringify(item)).join(", ")}]`;
        };
        const list = [1, 2];
        const said = { toJSON: () => "nothing" };
        let count = 0;
        const counted = { messaging: { customAttributes: { toJSON: () => ({ externalId: `WEB-${count++}` }) } } };
        any.Genesys("command", "Database.set", { messaging: { customAttributes: { externalId: "WEB-1" } }, list });
        any.Genesys("command", "Database.set", said);
        any.Genesys("command", "Database.set", counted);
        await all;
        prototype.toJSON = undefined;
        delete prototype.toJSON;
        const [[, , first], [, , second], [, , third]] = /** @type {any} */ (got);
        return { first, isSame: [first?.list === list, second === said, third === counted], isList: got.every(Array.isArray) };
      });
      assert.deepEqual(seen, {
        first: { messaging: { customAttributes: { externalId: WANTED } }, list: [1, 2] },
        isSame: [true, true, true],
        isList: true,
      });
    });

    test("a page without the vendor's script keeps its own function of that name", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const isSame = await page.evaluate(async () => {
        const own = () => 7;
        Object.assign(window, { Genesys: own });
        const script = document.createElement("script");
        script.src = "/assets/chat-page.js";
        script.type = "module";
        const loaded = new Promise((done) => script.addEventListener("load", done));
        document.head.append(script);
        await loaded;
        await new Promise((done) => setTimeout(done));
        return /** @type {any} */ (window).Genesys === own;
      });
      assert.equal(isSame, true);
    });
  });
}
