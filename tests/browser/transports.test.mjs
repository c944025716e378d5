// @ts-check
/** A chat start leaves with the chosen CRM ID and is otherwise what the page wrote, however the page sends it. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { press } from "./support/screens.mjs";
import { stage, startChat } from "./support/stage.mjs";

const START = "/api/v2/conversations/webchat";
const WANTED = "CRM-12345-XYZ";

/** The pages that start a chat, each by another call. */
const PAGES = ["/fetch", "/xhr", "/request", "/request-init"];

/** The same under a strict Content-Security-Policy. */
const STRICT_PAGES = ["/csp/fetch", "/csp/xhr", "/csp/request"];

/**
 * What a page writes, and where the CRM ID stands in what is sent: `«»` around it, or around all that is new.
 * @type {[what: string, sent: string, page: string][]}
 */
const BODIES = [
  ["a value", `{"configurationId":"config-live","attributes":{"externalId":«"${WANTED}"»}}`, '"WEB-0001"'],
  ["a number as the value", `{"attributes":{"externalId":«"${WANTED}"»,"b":2},"configurationId":"config-live"}`, "4711"],
  ["null as the value", `{"attributes":{"externalId":«"${WANTED}"»},"configurationId":"config-live"}`, "null"],
  ["an object as the value", `{"attributes":{"externalId":«"${WANTED}"»},"configurationId":"config-live"}`, '{"a":[1]}'],
  ["no attribute", `{"configurationId":"config-live","attributes":{"tier":"gold"«,"externalId":"${WANTED}"»}}`, ""],
  ["no attributes at all", `{"configurationId":"config-live","attributes":{«"externalId":"${WANTED}"»}}`, ""],
  ["no container", `{"configurationId":"config-live"«,"attributes":{"externalId":"${WANTED}"}»}`, ""],
  [
    "numbers that a parser respells",
    `{"configurationId":"config-live","attributes":{"a":1e2,"b":12345678901234567890123,"c":-0.0,"d":1.10,"externalId":«"${WANTED}"»,"e":1E+2}}`,
    '"WEB-0001"',
  ],
  [
    "escapes",
    String.raw`{"configurationId":"config-live","attributes":{"name":"Z\u00fcrich \/ \ud83d\ude00 \"x\" \\","externalI\u0064":«"${WANTED}"»,"t":"a\tb"}}`,
    String.raw`"WEB\u002d0001"`,
  ],
  ["other letters", `{"configurationId":"config-live","attributes":{"名":"Müller 😀","externalId":«"${WANTED}"»}}`, '"Ünïcode-😀"'],
  [
    "other keys that stand twice",
    `{"configurationId":"config-live","x":1,"x":2,"attributes":{"a":1,"a":2,"externalId":«"${WANTED}"»,"a":3}}`,
    '"WEB-0001"',
  ],
  [
    "uneven spacing",
    ` {\n\t"configurationId" :"config-live" ,\r\n  "attributes": { "externalId"\n:   «"${WANTED}"»  , "b" : [ 1,2 ] } }\n\n`,
    '"WEB-0001"',
  ],
  ["a byte order mark", `\uFEFF{"configurationId":"config-live","attributes":{"externalId":«"${WANTED}"»}}`, '"WEB-0001"'],
];

/** A start of a customer who has signed in, with the token that says so. @type {Record<string, string>} */
const SIGNED_IN_CALLS = {
  fetch: "fetch(address, { method: 'POST', body, headers: { AuthenticatedUserToken: token } }).then(() => {})",
  XMLHttpRequest: `new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.onloadend = () => done();
    xhr.open('POST', address);
    xhr.setRequestHeader('AuthenticatedUserToken', token);
    xhr.send(body);
  })`,
};

/** Calls that no page should notice a difference in; `send` runs in the page, with the address to post to. */
const CALLS = [
  "fetch(address, { method: 'POST', body })",
  "fetch(address, { method: 'post', body, headers: { 'content-type': 'application/json', 'X-Correlation-Id': 'c-1' } })",
  "fetch(new URL(address, location.href), { method: 'POST', body, headers: new Headers([['Accept', 'application/json']]) })",
  "fetch(address, { method: 'POST', body, credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' })",
  "fetch(address, { method: 'POST', body, referrer: '/somewhere/else', keepalive: true })",
  "fetch(new Request(address, { method: 'POST', body, headers: { 'Content-Type': 'text/json; charset=utf-8' } }))",
  "fetch(new Request(address, { method: 'POST', body: 'x', headers: { Accept: 'a/b' } }), { body, headers: { 'X-B': '2' } })",
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done; x.send(body); })",
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('post', address, true); x.withCredentials = true;" +
    " x.setRequestHeader('X-A', '1'); x.setRequestHeader('X-A', '2'); x.onload = done; x.send(body); })",
];

/** How AWS signs in one header alone. */
const AWS4 = "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b";

/** Calls whose body a header signs. */
const SIGNED_CALLS = [
  "fetch(address, { method: 'POST', body, headers: { 'X-Amz-Content-SHA256': 'e3b0' } })",
  "fetch(new Request(address, { method: 'POST', body, headers: [['x-amz-content-sha256', 'e3b0']] }))",
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done;" +
    " x.setRequestHeader('X-Amz-Content-Sha256', 'e3b0'); x.send(body); })",
  // A token beside it seals nothing, and hides nothing, whichever comes first.
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done;" +
    " x.setRequestHeader('AuthenticatedUserToken', 'eyJh.e30.c'); x.setRequestHeader('X-Amz-Content-Sha256', 'e3b0'); x.send(body); })",
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done;" +
    " x.setRequestHeader('X-Amz-Content-Sha256', 'e3b0'); x.setRequestHeader('AuthenticatedUserToken', 'eyJh.e30.c'); x.send(body); })",
  `fetch(address, { method: 'POST', body, headers: { Authorization: '${AWS4}' } })`,
  "new Promise((done) => { const x = new XMLHttpRequest(); x.open('POST', address); x.onloadend = done;" +
    ` x.setRequestHeader('Authorization', '${AWS4}'); x.send(body); })`,
];

const injecting = (/** @type {string} */ crmId) => ({ mode: "inject", crmId });

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, {
      grant: ["http://127.0.0.1", "http://localhost"],
      settings: {
        version: 1,
        sites: { "http://127.0.0.1": injecting(WANTED), "http://localhost": injecting("CRM-OF-THE-WIDGET") },
      },
    });
    afterEach(() => on.closePages());

    for (const path of PAGES) {
      test(`${path}: the CRM ID is replaced, and not one other byte`, async () => {
        const page = await on.open(on.site + path);
        for (const [what, marked, written] of BODIES) {
          const body = marked.replace(/«.*»/s, () => written);
          const [received, ...others] = await on.receivedDuring(async () => {
            const told = await startChat(page, body);
            assert.equal("status" in told && told.status, 200, what);
            assert.match("body" in told ? told.body : "", /^\{"id":"0000000a-.*"jwt":/, what);
          });
          assert.equal(received.body, marked.replace(/[«»]/g, ""), what);
          assert.deepEqual(others, [], what);
        }
      });
    }

    test("a strict Content-Security-Policy changes nothing", async () => {
      for (const path of STRICT_PAGES) {
        const page = await on.open(on.site + path);
        const [received] = await on.receivedDuring(() => startChat(page));
        assert.match(received.body, new RegExp(`"externalId":   "${WANTED}",\n    "customerName": "Ada`), path);
      }
    });

    test("the page gets the service's own answer, whatever it is", async () => {
      for (const path of ["/fetch", "/xhr", "/request"]) {
        const page = await on.open(on.site + path);
        for (const [id, status, code] of [
          ["config-unknown", 404, "not.found"],
          ["config-rate-limited", 429, "too.many.requests"],
          ["config-server-error", 500, "internal.server.error"],
        ]) {
          const [received] = await on.receivedDuring(async () => {
            const told = await startChat(page, `{"configurationId":"${id}","attributes":{"externalId":"WEB-1"}}`);
            assert.equal("status" in told && told.status, status, path);
            assert.equal("body" in told && JSON.parse(told.body).code, code, path);
          });
          assert.equal(received.body, `{"configurationId":"${id}","attributes":{"externalId":"${WANTED}"}}`);
        }
        const told = await startChat(page, '{"configurationId":"config-dropped"}');
        assert.deepEqual("error" in told && told.error, path === "/xhr" ? "NetworkError" : "TypeError");
      }
    });

    test("a start has the headers that the page's other requests have", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const written = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001"}}';
      const sent = written.replace("WEB-0001", WANTED);
      for (const call of CALLS) {
        const send = (/** @type {string} */ address) =>
          page.evaluate(
            async (source, given, body) => {
              await new Function("address", "body", `return ${source}`)(given, body);
            },
            call,
            address,
            written,
          );
        const [other] = await on.receivedDuring(() => send("/echo"));
        const [start] = await on.receivedDuring(() => send(START));
        const without = (/** @type {import("./support/processes.mjs").Received} */ { headers }) =>
          headers.filter(([name]) => name !== "content-length").sort();
        assert.equal(other.body, written, call);
        assert.equal(start.body, sent, call);
        assert.deepEqual(without(start), without(other), call);
      }
    });

    test("what a header signs goes out as written, and the panel says why", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const panel = await on.panel(on.site);
      const written = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001"}}';
      const { rows: before } = await panel.read();
      for (const [index, call] of SIGNED_CALLS.entries()) {
        const [received] = await on.receivedDuring(() =>
          page.evaluate(
            async (source, address, body) => {
              await new Function("address", "body", `return ${source}`)(address, body);
            },
            call,
            START,
            written,
          ),
        );
        assert.equal(received.body, written, call);
        const [signer, signature] = call.includes(AWS4) ? ["authorization", AWS4] : ["x-amz-content-sha256", "e3b0"];
        assert.ok(received.headers.some(([name, value]) => name === signer && value === signature), call);
        const { detail } = await panel.shows(
          ({ rows, detail }) => rows.length === before.length + index + 1 && detail?.delivery === "Sent as the page wrote it.",
        );
        assert.ok(JSON.stringify(detail?.findings).includes(`The body, by its header ${signer}`), call);
      }
    });

    for (const [how, send] of Object.entries(SIGNED_IN_CALLS)) {
      test(`what the token of a signed-in customer claims is shown, and goes out as it is: ${how}`, async () => {
        const page = await on.open(`${on.site}/fetch`);
        const panel = await on.panel(on.site);
        const claims = { sub: "ada", lwicontexts: JSON.stringify({ customerId: "CRM-777-SIGNED", isVip: "true" }) };
        const token = [{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".") + ".sig";
        const body = '{"locale":"en-us","channelId":"lcw"}';
        const address = "/livechatconnector/auth/organization/org-1/widgetApp/widget-1/conversation";
        const [received] = await on.receivedDuring(() =>
          page.evaluate((source, ...given) => new Function("address", "token", "body", `return ${source}`)(...given), send, address, token, body),
        );
        assert.equal(received.body, body);
        assert.ok(received.headers.some(([name, value]) => name === "authenticatedusertoken" && value === token));
        const { detail } = await panel.shows(({ detail }) => detail?.delivery === "Sent as the page wrote it.");
        const [[key, value], [other]] = detail?.attributes ?? [];
        assert.deepEqual([key, value, other], ["customerId CRM ID", "••••••GNED", "isVip"]);
        assert.ok(JSON.stringify(detail?.findings).includes("customerId, in the token of its header authenticatedusertoken, is signed"), JSON.stringify(detail?.findings));
      });
    }

    test("what is no start is left alone, and not listed", async () => {
      const page = await on.open(`${on.site}/fetch`);
      const body = '{"configurationId":"config-live","attributes":{"externalId":"WEB-0001"}}';
      const received = await on.receivedDuring(
        () =>
          page.evaluate(
            async (start, text) => {
              const put = { method: "PUT", body: text };
              const post = { method: "POST", body: text };
              await fetch(start);
              await fetch(`${start}?a=1`, { method: "GET" });
              await fetch(start, put);
              await fetch(`${start}/more`, post);
              await fetch("/echo?of=/conversations/webchat", post);
              await fetch(new Request(start.toUpperCase(), post));
              const xhr = new XMLHttpRequest();
              xhr.open("POST", "/echo");
              await new Promise((done) => {
                xhr.onload = done;
                xhr.send(text);
              });
            },
            START,
            body,
          ),
        5,
      );
      assert.deepEqual(
        received.map((entry) => [entry.method, entry.path, entry.body]),
        [
          ["PUT", START, body],
          ["POST", `${START}/more`, body],
          ["POST", "/echo", body],
          ["POST", START.toUpperCase(), body],
          ["POST", "/echo", body],
        ],
      );
      const panel = await on.panel(on.site);
      // The start is the last thing that the page does, so whatever was listed before it is seen too.
      await startChat(page, body);
      const seen = await panel.shows(({ rows }) => rows.some(({ status }) => status === "200 Accepted"));
      assert.equal(seen.rows.length, 1);
    });

    test("in a frame of another site the policy of the site in the address bar holds", async () => {
      for (const path of ["/frame", "/frame/xhr"]) {
        const page = await on.open(on.site + path);
        const frame = await page.waitForFrame((one) => one.url().startsWith(on.widget));
        const [received] = await on.receivedDuring(() => startChat(frame));
        assert.equal(received.listener, "widget");
        assert.equal(JSON.parse(received.body).attributes.externalId, WANTED);
      }
      const alone = await on.open(`${on.widget}/fetch`);
      const [received] = await on.receivedDuring(() => startChat(alone));
      assert.equal(JSON.parse(received.body).attributes.externalId, "CRM-OF-THE-WIDGET");
    });

    test("a React app's start carries the CRM ID in the attribute that the popup names", async () => {
      const page = await on.open(`${on.widget}/react`);
      const popup = await on.popup(on.widget);
      await popup.paste("Attribute", "crmCustomerId");
      await popup.keeps(on.widget, { attribute: "crmCustomerId" });
      const [received] = await on.receivedDuring(() => press(page, "button", "Start chat"));
      const sent = { crmCustomerId: "CRM-OF-THE-WIDGET", customerName: "Ada Lovelace", customerPriority: "high" };
      assert.deepEqual(JSON.parse(received.body).attributes, sent);
      await page.waitForSelector('::-p-text("Chat started: conversation")');
    });

    test("the published guest chat client's start carries it, in custom fields that are made where missing", async () => {
      const page = await on.open(`${on.site}/guest`);
      const [whole] = await on.receivedDuring(() => startChat(page));
      assert.equal(whole.path, "/api/v2/webchat/guest/conversations");
      assert.deepEqual(JSON.parse(whole.body).memberInfo.customFields, { externalId: WANTED, customerTier: "gold" });
      const target = { targetType: "QUEUE", targetAddress: "Support" };
      for (const memberInfo of [{ displayName: "Ada" }, undefined]) {
        const body = { organizationId: "12b1a3fe", deploymentId: "config-live", routingTarget: target, memberInfo };
        const [received] = await on.receivedDuring(() => startChat(page, JSON.stringify(body)));
        assert.deepEqual(JSON.parse(received.body), {
          ...body,
          memberInfo: { ...memberInfo, customFields: { externalId: WANTED } },
        });
      }
    });
  });
}
