// @ts-check
/** `fetch` looks the same to a page with and without the extension: errors, aborts, bodies, answers. */

import { WHY } from "./support/known.mjs";
import { threeWays } from "./support/three_ways.mjs";

threeWays([
  {
    name: "wrong arguments are refused with the same errors",
    known: [
      { why: WHY.keepaliveLimit, browser: "firefox", way: "every call waits", at: [".saw.saw.keepalive with too much.*", ".arrived[3]"] },
    ],
    async run(on) {
      /** @type {Record<string, () => any[]>} */
      const calls = {
        "an unknown scheme": () => ["nope://x"],
        "no address": () => ["http://["],
        "a symbol": () => [Symbol("x")],
        "a name and password": () => ["http://a:b@127.0.0.1/"],
        "a missing blob": () => ["blob:http://127.0.0.1/00000000-0000-0000-0000-000000000000"],
        "a blocked port": () => ["http://127.0.0.1:1/"],
        "an object that has no text": () => [Object.create(null)],
        "an init that is a number": () => ["/echo", 1],
        "an init that is a text": () => ["/echo", "POST"],
        "a method with a space": () => ["/echo", { method: "PO ST" }],
        "a forbidden method": () => ["/echo", { method: "TRACE" }],
        "a method that is a symbol": () => ["/echo", { method: Symbol("x") }],
        "a GET with a body": () => ["/echo", { body: "x" }],
        "a HEAD with a body": () => ["/echo", { method: "HEAD", body: "x" }],
        "headers that are a text": () => ["/echo", { method: "POST", headers: "x" }],
        "a header's bad name": () => ["/echo", { method: "POST", headers: { "a b": "x" } }],
        "a header's bad value": () => ["/echo", { method: "POST", headers: { a: "x\ny" } }],
        "a header beyond Latin-1": () => ["/echo", { method: "POST", headers: { a: "名" } }],
        "a header of one": () => ["/echo", { method: "POST", headers: [["a"]] }],
        "a bad mode": () => ["/echo", { mode: "bad" }],
        "the mode of navigations": () => ["/echo", { mode: "navigate" }],
        "bad credentials": () => ["/echo", { credentials: "bad" }],
        "a bad cache": () => ["/echo", { cache: "bad" }],
        "only-if-cached across origins": () => ["/echo", { cache: "only-if-cached", mode: "cors" }],
        "a bad redirect": () => ["/echo", { redirect: "bad" }],
        "a bad referrer": () => ["/echo", { referrer: "http://[" }],
        "a bad referrer policy": () => ["/echo", { referrerPolicy: "bad" }],
        "a bad priority": () => ["/echo", { priority: "bad" }],
        "a signal that is none": () => ["/echo", { method: "POST", signal: {} }],
        "a window": () => ["/echo", { method: "POST", window }],
        "a full duplex": () => ["/echo", { method: "POST", body: "x", duplex: "full" }],
        "a stream without duplex": () => ["/echo", { method: "POST", body: new ReadableStream() }],
        "a body that is a symbol": () => ["/echo", { method: "POST", body: Symbol("x") }],
        "no-cors with PUT": () => ["/echo", { method: "PUT", mode: "no-cors", body: "x" }],
        "keepalive with too much": () => ["/echo", { method: "POST", keepalive: true, body: "x".repeat(70_000) }],
        "same-origin to another": () => [`${on.other}/echo`, { method: "POST", mode: "same-origin", body: "x" }],
      };
      /** @type {Record<string, unknown>} */
      const seen = {};
      for (const [what, args] of Object.entries(calls)) {
        const { returned, thrown } = /** @type {any} */ (
          (() => {
            try {
              return { returned: Reflect.apply(fetch, undefined, args()) };
            } catch (reason) {
              return { thrown: on.error(reason) };
            }
          })()
        );
        seen[what] = thrown ? { thrown } : await on.answer(returned);
      }
      return seen;
    },
  },
  {
    name: "arguments that are no texts are read as texts",
    async run(on) {
      const address = () => ({ toString: () => "/echo" });
      return [
        await on.answer(/** @type {any} */ (fetch)(undefined)),
        await on.answer(/** @type {any} */ (fetch)(null)),
        await on.answer(/** @type {any} */ (fetch)(5)),
        await on.answer(/** @type {any} */ (fetch)(["/echo"], null)),
        await on.answer(/** @type {any} */ (fetch)(address(), undefined, "more", "arguments")),
        await on.answer(fetch(new URL("/echo#part", location.href), { method: "POST", body: "x" })),
        await on.answer(/** @type {any} */ (fetch)(location, { method: "POST", body: "x" })),
        await on.answer(fetch("", { method: "POST", body: "x" })),
        await on.answer(fetch("data:text/plain,of%20data")),
        await on.answer(fetch("about:blank")),
      ];
    },
  },
  {
    name: "without arguments",
    isUnasked: true,
    run: (on) => on.answer(/** @type {any} */ (fetch)()),
  },
  {
    name: "every `this` that is allowed, and those that are not",
    async run(on) {
      const call = (/** @type {any} */ self) => on.answer(Reflect.apply(fetch, self, ["/echo", { method: "POST", body: "x" }]));
      return [await call(undefined), await call(null), await call(window), await call({}), await call(document), await call(1)];
    },
  },
  {
    name: "the init is read in the same order, as often",
    known: [
      {
        why: WHY.descriptors, way: "every call waits",
        at: [
          '.saw.saw.log has "descriptor of method"',
          '.saw.saw.log has "descriptor of body"',
        ],
      },
    ],
    async run(on) {
      /** @type {string[]} */
      const log = [];
      /** @type {ProxyHandler<any>} */
      const handler = {
        get(target, key, receiver) {
          log.push(`get ${String(key)}`);
          return Reflect.get(target, key, receiver);
        },
        has(target, key) {
          log.push(`has ${String(key)}`);
          return Reflect.has(target, key);
        },
        ownKeys(target) {
          log.push("keys");
          return Reflect.ownKeys(target);
        },
        getOwnPropertyDescriptor(target, key) {
          log.push(`descriptor of ${String(key)}`);
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
        getPrototypeOf(target) {
          log.push("prototype");
          return Reflect.getPrototypeOf(target);
        },
      };
      const headers = new Proxy({ "X-B": "2", "X-A": "1" }, handler);
      const init = new Proxy({ method: "POST", body: "x", headers }, handler);
      log.push("called");
      const promise = fetch("/echo", init);
      log.push("returned");
      const answer = await on.answer(promise);
      return { log, answer };
    },
  },
  {
    name: "objects are asked for their text once, at the call",
    // To know such an address it would have to be asked for its text.
    isUnasked: true,
    async run(on) {
      /** @type {string[]} */
      const log = [];
      const text = (/** @type {string} */ name, /** @type {string} */ value) => ({
        toString() {
          log.push(name);
          return value;
        },
      });
      const init = /** @type {any} */ ({
        method: text("method", "POST"),
        body: text("body", "said"),
        referrerPolicy: text("policy", "origin"),
        headers: [[text("header", "X-A"), text("value", "1")]],
      });
      log.push("called");
      const promise = fetch(/** @type {any} */ (text("address", "/echo?reply=json")), init);
      log.push("returned");
      const echo = await on.echoed(promise);
      return { log, echo };
    },
  },
  {
    name: "what a getter of the init throws is the reason, the same object",
    async run(on) {
      const reason = { name: "Mine" };
      const seen = [];
      for (const key of ["method", "body", "headers", "signal", "mode"]) {
        const init = Object.defineProperty({ ...(key === "method" ? {} : { method: "POST" }) }, key, {
          get() {
            throw reason;
          },
        });
        try {
          await fetch("/echo", init);
          seen.push([key, "answered"]);
        } catch (error) {
          seen.push([key, error === reason]);
        }
      }
      return [seen, await on.settled(fetch("/echo", { method: "POST" }).then(({ status }) => status))];
    },
  },
  {
    name: "what an init inherits counts",
    run: (on) => on.echoed(fetch("/echo?reply=json", Object.create({ method: "POST", body: "inherited", headers: { a: "b" } }))),
  },
  {
    name: "every kind of body",
    async run(on) {
      const bytes = new Uint8Array([0, 1, 127, 128, 255, 10, 13, 34]).buffer;
      const form = () => {
        const data = new FormData();
        data.append("a", "1");
        data.append("a", "zwei\r\nZeilen");
        data.append('na"me', "名");
        data.append("file", new File(["in the file"], 'a "file".txt', { type: "text/x-mine" }));
        data.append("blob", new Blob([bytes]));
        return data;
      };
      /** @type {Record<string, any>} */
      const bodies = {
        text: "text äö 名 \ud800 \u0000",
        empty: "",
        "a String": new String("object"),
        params: new URLSearchParams([["a", "1 2"], ["b", "ä&="]]),
        form: form(),
        "an empty form": new FormData(),
        blob: new Blob(["a", bytes]),
        "a typed blob": new Blob(['{"a":1}'], { type: "application/json" }),
        file: new File(["file"], "name.json", { type: "application/json" }),
        buffer: bytes,
        view: new DataView(bytes, 2, 3),
        Int8Array: new Int8Array(bytes, 1, 2),
        Uint8Array: new Uint8Array(bytes, 4),
        Uint8ClampedArray: new Uint8ClampedArray(bytes),
        Int16Array: new Int16Array(bytes),
        Uint16Array: new Uint16Array(bytes, 2, 1),
        Int32Array: new Int32Array(bytes),
        Uint32Array: new Uint32Array(bytes),
        Float32Array: new Float32Array(bytes),
        Float64Array: new Float64Array(bytes),
        BigInt64Array: new BigInt64Array(bytes),
        BigUint64Array: new BigUint64Array(bytes),
        "an empty buffer": new ArrayBuffer(0),
        "an object": { a: 1 },
        "an array": [1, 2],
        number: 5,
        null: null,
        undefined: undefined,
        boolean: false,
        "a document": document.implementation.createDocument(null, "root", null),
        "a date": Object.assign(new Date(0), { toString: () => "a date" }),
      };
      /** @type {Record<string, unknown>} */
      const seen = {};
      for (const [kind, body] of Object.entries(bodies)) {
        seen[kind] = await on.echoed(fetch("/echo?reply=json", { method: "POST", body }));
      }
      return seen;
    },
  },
  {
    name: "a body that is a stream",
    run: (on) => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode("first "));
          await on.later(5);
          controller.enqueue(new TextEncoder().encode("second"));
          controller.close();
        },
      });
      const init = /** @type {any} */ ({ method: "POST", body, duplex: "half" });
      const promise = on.answer(fetch("/echo?reply=json", init));
      const { locked } = body;
      return promise.then((answer) => ({ locked, lockedAfter: body.locked, answer }));
    },
  },
  {
    name: "streams that cannot be sent",
    async run(on) {
      const locked = new ReadableStream();
      locked.getReader();
      const disturbed = new Response("x").body;
      await disturbed?.cancel();
      const failing = new ReadableStream({ pull: (controller) => controller.error(new RangeError("mine")) });
      const wrong = new ReadableStream({
        start(controller) {
          controller.enqueue("no bytes");
          controller.close();
        },
      });
      const seen = [];
      for (const body of [locked, disturbed, failing, wrong]) {
        seen.push(await on.answer(fetch("/echo", /** @type {any} */ ({ method: "POST", body, duplex: "half" }))));
      }
      return seen;
    },
    isRace: true,
  },
  {
    name: "a body that its page changes right after the call is sent as it was",
    async run(on) {
      const seen = [];
      const bytes = new Uint8Array([65, 66, 67]);
      let promise = on.echoed(fetch("/echo?reply=json", { method: "POST", body: bytes }));
      bytes.fill(90);
      seen.push(await promise);
      const moved = new Uint8Array([65, 66, 67]);
      promise = on.echoed(fetch("/echo?reply=json", { method: "POST", body: moved }));
      structuredClone(moved.buffer, { transfer: [moved.buffer] });
      seen.push(await promise);
      const form = new FormData();
      form.set("a", "1");
      promise = on.echoed(fetch("/echo?reply=json", { method: "POST", body: form }));
      form.set("a", "2");
      seen.push(await promise);
      const params = new URLSearchParams("a=1");
      promise = on.echoed(fetch("/echo?reply=json", { method: "POST", body: params }));
      params.set("a", "2");
      seen.push(await promise);
      const headers = new Headers({ "X-A": "1" });
      /** @type {any} */
      const init = { method: "POST", headers, body: "before" };
      promise = on.echoed(fetch("/echo?reply=json", init));
      headers.set("X-A", "2");
      init.body = "after";
      init.method = "PUT";
      seen.push(await promise);
      const address = new URL("/echo?reply=json&a", location.href);
      promise = on.echoed(fetch(address, { method: "POST", body: "x" }));
      address.search = "?b";
      seen.push(await promise);
      return seen;
    },
  },
  {
    name: "a Request, its body used and its copies",
    async run(on) {
      const seen = [];
      const make = (/** @type {object} */ init = {}) =>
        new Request("/echo?reply=json", { method: "POST", body: "of the request", headers: { "X-R": "1" }, ...init });
      let request = make();
      const before = request.bodyUsed;
      let promise = on.echoed(fetch(request));
      const during = request.bodyUsed;
      seen.push({ before, during, echo: await promise, after: request.bodyUsed });
      seen.push(await on.answer(fetch(request)));
      request = make();
      const copy = request.clone();
      seen.push(await on.echoed(fetch(request)), await on.echoed(fetch(copy)), request.bodyUsed, copy.bodyUsed);
      request = make();
      promise = on.echoed(fetch(request, { body: "of the init", headers: { "X-I": "2" } }));
      seen.push({ during: request.bodyUsed, echo: await promise, after: request.bodyUsed });
      request = make();
      promise = on.echoed(fetch(request, { method: "PUT", referrer: "", credentials: "omit" }));
      seen.push({ during: request.bodyUsed, echo: await promise });
      request = new Request("/echo?reply=json");
      seen.push({ during: request.bodyUsed, echo: await on.echoed(fetch(request)) });
      request = make();
      promise = on.echoed(fetch(request));
      seen.push(on.thrown(() => request.clone()), await on.settled(request.text()), await promise);
      request = make();
      await request.text();
      seen.push(await on.answer(fetch(request)), await on.echoed(fetch(request, { body: "anew" })));
      request = make();
      const reader = request.body?.getReader();
      seen.push(await on.answer(fetch(request)));
      reader?.releaseLock();
      request = make();
      seen.push(await on.answer(fetch(request, { method: "GET" })));
      class Own extends Request {
        get url() {
          return "http://127.0.0.1:1/own";
        }
        get method() {
          return "DELETE";
        }
      }
      seen.push(await on.echoed(fetch(new Own("/echo?reply=json", { method: "POST", body: "x" }))));
      return seen;
    },
  },
  {
    name: "a Request that its page goes on using right after the call",
    async run(on) {
      const request = new Request("/echo?reply=json", { method: "POST", body: "x", headers: { "X-A": "1" } });
      const promise = on.echoed(fetch(request));
      request.headers.set("X-A", "2");
      return promise;
    },
  },
  {
    name: "methods in any case",
    async run(on) {
      const seen = [];
      for (const method of ["post", "Post", "put", "patch", "PATCH", "delete", "DELETE", "options", "get", "mine"]) {
        seen.push(await on.answer(fetch("/echo?reply=json", { method })));
      }
      seen.push(await on.answer(fetch("/echo?reply=json", { method: "HEAD" })));
      return seen;
    },
  },
  {
    name: "headers keep their case, order and values",
    async run(on) {
      const post = (/** @type {any} */ headers) => on.echoed(fetch("/echo?reply=json", { method: "POST", body: "x", headers }));
      return [
        await post({ "X-Zulu": "1", "x-alpha": "2", "X-MIXED-case": "3" }),
        await post([["X-B", "1"], ["x-b", "2"], ["X-A", " padded "]]),
        await post(new Headers([["Content-Type", "Text/JSON; Charset=utf-8"], ["Accept", "a/b"]])),
        await post(new Map([["X-Map", "1"]])),
        await post({ "content-type": "" }),
        await post({ "Accept-Language": "xx", Range: "bytes=0-1" }),
        await post({ Host: "forbidden", Cookie: "forbidden", "Sec-Mine": "forbidden", "Content-Length": "99", Referer: "x" }),
        await post({ a: "ä\u00ff" }),
        await post(
          (function* () {
            yield ["X-Generated", "1"];
            yield ["X-Generated", "2"];
          })(),
        ),
      ];
    },
  },
  {
    name: "mode, credentials, cache, referrer and their like",
    known: [
      {
        why: WHY.keepaliveHeaders, browser: "firefox", way: "every call waits",
        at: [
          '.saw.saw[18][1].headers lacks "Content-Type: text/plain;charset=UTF-8"',
          '.saw.saw[18][1].headers has "Content-Type: text/plain;charset=UTF-8"',
          '.saw.saw[19][1].headers lacks "Content-Type: text/plain;charset=UTF-8"',
          '.saw.saw[19][1].headers has "Content-Type: text/plain;charset=UTF-8"',
          '.arrived[18].headers lacks "Content-Type: text/plain;charset=UTF-8"',
          '.arrived[18].headers has "Content-Type: text/plain;charset=UTF-8"',
          '.arrived[19].headers lacks "Content-Type: text/plain;charset=UTF-8"',
          '.arrived[19].headers has "Content-Type: text/plain;charset=UTF-8"',
        ],
      },
    ],
    async run(on) {
      document.cookie = "mine=1; path=/";
      const seen = [];
      const inits = [
        { credentials: "omit" },
        { credentials: "include" },
        { cache: "no-store" },
        { cache: "reload" },
        { cache: "no-cache" },
        { cache: "force-cache" },
        { mode: "same-origin" },
        { mode: "no-cors" },
        { referrer: "" },
        { referrer: "/some/where?else" },
        { referrer: "about:client" },
        { referrer: `${on.other}/elsewhere` },
        { referrerPolicy: "no-referrer" },
        { referrerPolicy: "origin" },
        { referrerPolicy: "unsafe-url", referrer: "/a" },
        { referrerPolicy: "same-origin" },
        { priority: "high" },
        { priority: "low" },
        { keepalive: true },
        { keepalive: true, body: "y".repeat(60_000) },
        { redirect: "error" },
        { redirect: "manual" },
        { window: null },
        { signal: null },
        { integrity: "" },
        { targetAddressSpace: "loopback" },
      ];
      for (const init of inits) {
        const given = /** @type {any} */ ({ method: "POST", body: "x", ...init });
        seen.push([init, await on.echoed(fetch("/echo?reply=json", given))]);
      }
      document.cookie = "mine=1; path=/; max-age=0";
      return seen;
    },
  },
  {
    name: "another origin, with and without a preflight",
    known: [
      {
        why: WHY.keepaliveHeaders, browser: "firefox", way: "every call waits",
        at: [
          ".saw.saw[7].text.value",
          '.arrived[9].headers lacks "Content-Type: text/plain;charset=UTF-8"',
          '.arrived[9].headers has "Content-Type: text/plain;charset=UTF-8"',
        ],
      },
    ],
    async run(on) {
      const seen = [];
      const inits = [
        {},
        { method: "POST", body: "x" },
        { method: "POST", body: "x", mode: "no-cors" },
        { method: "POST", body: "x", credentials: "include" },
        { method: "POST", body: "{}", headers: { "Content-Type": "application/json", "X-A": "1" } },
        { method: "PUT", body: "x" },
        { method: "POST", body: "x", referrerPolicy: "unsafe-url" },
        { method: "POST", body: "x", keepalive: true },
      ];
      for (const init of inits) {
        seen.push(await on.answer(fetch(`${on.other}/echo?reply=json`, /** @type {any} */ (init))));
      }
      return seen;
    },
  },
  {
    name: "redirects are followed, refused or shown",
    async run(on) {
      const seen = [];
      for (const code of [301, 302, 303, 307, 308]) {
        const address = `/redirect?code=${code}&to=${encodeURIComponent("/echo?reply=json")}`;
        seen.push(await on.answer(fetch(address, { method: "POST", body: "x" })));
      }
      for (const redirect of /** @type {const} */ (["error", "manual"])) {
        seen.push(await on.answer(fetch("/redirect?code=307", { method: "POST", body: "x", redirect })));
      }
      const elsewhere = encodeURIComponent(`${on.other}/echo?reply=json`);
      seen.push(await on.answer(fetch(`/redirect?code=307&to=${elsewhere}`, { method: "POST", body: "x" })));
      seen.push(await on.answer(fetch("/redirect?code=302&to=nope:x", { method: "POST", body: "x" })));
      return seen;
    },
  },
  {
    name: "integrity, kept and broken",
    async run(on) {
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("ok"));
      const text = btoa(String.fromCharCode(...new Uint8Array(digest)));
      const get = (/** @type {string} */ integrity) => on.answer(fetch("/echo", { integrity }));
      return [await get(`sha256-${text}`), await get(`sha256-${text.replace(/^./, "_")}`), await get("sha256-AAAA"), await get("x")];
    },
  },
  {
    name: "a signal that has aborted before the call",
    isUnasked: true,
    async run(on) {
      const reason = new RangeError("mine");
      /** @param {AbortSignal} signal */
      const attempt = async (signal) => {
        const promise = fetch("/echo", { method: "POST", body: "x", signal });
        let isRejected = false;
        promise.catch(() => (isRejected = true));
        await on.later();
        return [isRejected, await on.answer(promise)];
      };
      const own = await fetch("/echo", { method: "POST", signal: AbortSignal.abort(reason) }).catch((error) => error === reason);
      const ofRequest = new Request("/echo", { method: "POST", body: "x", signal: AbortSignal.abort("text") });
      const text = await fetch(ofRequest).catch((error) => error);
      const undone = await on.answer(fetch(ofRequest, { signal: null }));
      return [await attempt(AbortSignal.abort()), await attempt(AbortSignal.any([AbortSignal.abort()])), own, text, undone, ofRequest.bodyUsed];
    },
    isRace: true,
  },
  {
    name: "an abort right after the call",
    isRace: true,
    async run(on) {
      const seen = [];
      for (const reason of [undefined, null, "text", new RangeError("mine")]) {
        const controller = new AbortController();
        const promise = fetch("/echo?delay=300", { method: "POST", body: "x", signal: controller.signal });
        /** @type {string[]} */
        const log = [];
        controller.signal.addEventListener("abort", () => log.push("abort"));
        const caught = promise.catch((error) => {
          log.push("rejected");
          return [on.error(error), error === controller.signal.reason];
        });
        controller.abort(reason);
        log.push("called abort");
        await on.later();
        log.push("next task");
        seen.push([await caught, log]);
      }
      return seen;
    },
  },
  {
    name: "an abort while the request is on its way",
    isRace: true,
    async run(on) {
      const seen = [];
      for (const wait of [5, 15, 120]) {
        const controller = new AbortController();
        const request = new Request("/echo?delay=600", { method: "POST", body: "x", signal: controller.signal });
        const promise = fetch(request);
        /** @type {string[]} */
        const log = [];
        const caught = promise.catch((error) => {
          log.push("rejected");
          return [on.error(error), error === controller.signal.reason, request.bodyUsed, request.signal.aborted];
        });
        await on.later(wait);
        controller.abort(new RangeError("mine"));
        log.push("called abort");
        await on.later();
        log.push("next task");
        seen.push([await caught, log]);
      }
      return seen;
    },
  },
  {
    name: "an abort while the answer comes, and after it came",
    async run(on) {
      const controller = new AbortController();
      const { signal } = controller;
      const during = await fetch("/echo?size=4000&pace=100", { method: "POST", body: "x", signal });
      const reading = on.settled(during.text());
      controller.abort(new RangeError("mine"));
      const late = new AbortController();
      const after = await fetch("/echo", { method: "POST", body: "x", signal: late.signal });
      const text = await after.text();
      late.abort();
      const unread = new AbortController();
      const whole = await fetch("/echo?size=100", { method: "POST", body: "x", signal: unread.signal });
      unread.abort("reason");
      return [await reading, during.bodyUsed, text, await on.settled(whole.text()), await on.settled(after.text())];
    },
  },
  {
    name: "an abort of a clone and of a stream that is being read",
    async run(on) {
      const controller = new AbortController();
      const response = await fetch("/echo?size=4000&pace=100", { method: "POST", body: "x", signal: controller.signal });
      const clone = response.clone();
      const reader = /** @type {ReadableStream} */ (response.body).getReader();
      const first = await reader.read();
      controller.abort();
      const rest = [];
      for (let index = 0; index < 5; index += 1) {
        const read = await on.settled(reader.read());
        if ("rejected" in read || read.value.done) {
          rest.push("rejected" in read ? read : "done");
          break;
        }
      }
      return [first.done, rest, await on.settled(reader.closed), await on.settled(clone.text())];
    },
  },
  {
    name: "AbortSignal.timeout and AbortSignal.any",
    isRace: true,
    async run(on) {
      const post = (/** @type {AbortSignal} */ signal) =>
        on.answer(fetch("/echo?delay=800", { method: "POST", body: "x", signal }));
      const controller = new AbortController();
      const any = AbortSignal.any([controller.signal, AbortSignal.timeout(5_000)]);
      setTimeout(() => controller.abort("of any"), 60);
      return Promise.all([post(AbortSignal.timeout(1)), post(AbortSignal.timeout(10)), post(AbortSignal.timeout(150)), post(any)]);
    },
  },
  {
    name: "connections that end too early",
    async run(on) {
      const unanswered = await on.answer(fetch("/echo?fail=head"));
      const response = await fetch("/echo?fail=body&size=1000", { method: "POST", body: "x" });
      const clone = response.clone();
      return [unanswered, response.status, await on.settled(response.text()), await on.settled(clone.arrayBuffer())];
    },
    isRace: true,
  },
  {
    name: "statuses and types of answers",
    async run(on) {
      const seen = [];
      for (const status of [200, 201, 204, 205, 304, 400, 401, 404, 429, 500, 503]) {
        seen.push(await on.answer(fetch(`/echo?status=${status}`, { method: "POST", body: "x" })));
      }
      return seen;
    },
  },
  {
    name: "every way to read an answer",
    async run(on) {
      const post = (/** @type {string} */ query = "", body = '{"a":1}') => fetch(`/echo${query}`, { method: "POST", body });
      const bytes = new Uint8Array(await (await post()).arrayBuffer());
      const blob = await (await post("?type=text/x-mine")).blob();
      const form = await (await post("?type=application/x-www-form-urlencoded", "a=1&b=2")).formData();
      const twice = await post();
      await twice.text();
      const locked = await post();
      locked.body?.getReader();
      return {
        bytes: [...bytes],
        blob: [blob.type, blob.size, await blob.text()],
        form: [...form],
        json: await (await post()).json(),
        noJson: await on.settled((await post("", "{")).json()),
        twice: await on.settled(twice.text()),
        cloneOfUsed: on.thrown(() => twice.clone()),
        locked: [await on.settled(locked.text()), locked.bodyUsed],
        cloned: await (async () => {
          const response = await post();
          return [await response.clone().text(), await response.text(), response.bodyUsed];
        })(),
      };
    },
  },
  {
    name: "an answer as a stream, read in pieces, by bytes, given up, split",
    async run(on) {
      const post = (/** @type {string} */ query) => fetch(`/echo?${query}`, { method: "POST", body: "x" });
      const whole = async (/** @type {ReadableStream | null} */ stream) => {
        let length = 0;
        const kinds = new Set();
        const reader = /** @type {ReadableStream} */ (stream).getReader();
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          length += read.value.length;
          kinds.add(read.value.constructor.name);
        }
        return [length, [...kinds]];
      };
      const byob = await post("size=50");
      const bytes = await on.settled(
        (async () => {
          const reader = /** @type {ReadableStream} */ (byob.body).getReader({ mode: "byob" });
          const { value, done } = await reader.read(new Uint8Array(10));
          return [value?.length, done];
        })(),
      );
      const given = await post("size=100000&pace=20");
      const cancelled = await on.settled(/** @type {ReadableStream} */ (given.body).cancel("enough"));
      const split = await post("size=1000");
      const [left, right] = /** @type {ReadableStream} */ (split.body).tee();
      const piped = await post("size=1000");
      const same = await post("size=10");
      const first = same.body;
      return {
        large: await whole((await post("size=300000")).body),
        paced: await whole((await post("size=400&pace=10")).body),
        bytes,
        given: [cancelled, given.bodyUsed, await on.settled(given.text())],
        split: [await whole(left), await whole(right), split.bodyUsed],
        piped: await new Response(/** @type {ReadableStream} */ (piped.body).pipeThrough(new TransformStream())).text().then((text) => text.length),
        same: [same.body === first, first?.locked, same.bodyUsed],
        none: (await post("status=204")).body,
        kind: [same instanceof Response, Object.getPrototypeOf(same) === Response.prototype, Reflect.ownKeys(same).length],
      };
    },
  },
  {
    name: "headers of an answer cannot be changed",
    async run(on) {
      const response = await fetch("/echo", { method: "POST", body: "x" });
      return on.thrown(() => response.headers.set("a", "b"));
    },
  },
  {
    name: "a failing fetch that nobody awaits is an unhandled rejection",
    async run(on) {
      const seen = [];
      for (const [address, init] of /** @type {const} */ ([
        ["/echo?fail=head", {}],
        ["http://[", {}],
        ["nope://x", {}],
        ["/echo", { method: "PO ST" }],
        ["/echo", { method: "POST", signal: AbortSignal.abort() }],
      ])) {
        const event = on.next(window, "unhandledrejection");
        const promise = fetch(address, init);
        const { reason, promise: of } = await event;
        const again = await promise.catch((error) => error);
        seen.push([on.error(reason), of === promise, again === reason]);
      }
      return seen;
    },
    isRace: true,
  },
  {
    name: "an address that cannot be asked is refused in the same task",
    isUnasked: true,
    async run(on) {
      /** @type {string[]} */
      const log = [];
      fetch("http://[").catch(() => log.push("no address"));
      fetch("/echo", { body: "x" }).catch(() => log.push("a body"));
      fetch("/echo", { method: "POST", signal: AbortSignal.abort() }).catch(() => log.push("aborted"));
      await on.later();
      log.push("next task");
      return log;
    },
    isRace: true,
  },
  {
    name: "what a page does right after the call does not change the request",
    isUnordered: true,
    async run(on) {
      const base = document.createElement("base");
      base.href = "/based/";
      document.head.append(base);
      const based = on.echoed(fetch("echo?reply=json", { method: "POST", body: "x" }));
      base.remove();
      const before = location.href;
      const pushed = on.echoed(fetch("/echo?reply=json", { method: "POST", body: "x" }));
      history.pushState({}, "", "/say?elsewhere");
      const seen = [await based, await pushed];
      history.replaceState({}, "", before);
      document.cookie = "late=0; path=/; max-age=0";
      return seen;
    },
  },
  {
    name: "requests leave in the order of their calls",
    arrivals: 5,
    async run(on) {
      const post = (/** @type {string} */ number) => on.answer(fetch(`/echo?number=${number}`, { method: "POST", body: "x" }));
      const sent = (/** @type {string} */ number, /** @type {any} */ body) => {
        const request = new XMLHttpRequest();
        request.open("POST", `/echo?number=${number}`);
        const end = on.next(request, "loadend");
        request.send(body);
        return end;
      };
      // A connection is there that the first of the two takes; the second one needs a new one.
      const seen = [await post("0")];
      // What must be read first, and then what need not.
      await Promise.all([sent("1, bytes", new Uint8Array([120])), sent("2", "x")]);
      seen.push(...(await Promise.all([post("3"), on.later(40).then(() => post("4"))])));
      return seen;
    },
  },
  {
    name: "requests by any function leave in the order of their calls, as the browser notes it",
    // A Blob is on its way in pieces that the browser reads itself: what arrives first is chance.
    isUnordered: true,
    arrivals: 4,
    async run(on) {
      performance.clearResourceTimings();
      const request = new XMLHttpRequest();
      const end = on.next(request, "loadend");
      const blob = fetch("/echo?turn=1", { method: "POST", body: new Blob(["x"]) });
      request.open("POST", "/echo?turn=2");
      request.send("x");
      navigator.sendBeacon("/echo?turn=3", new Blob(["x"]));
      const text = fetch("/echo?turn=4", { method: "POST", body: "x" });
      await Promise.all([on.answer(blob), end, on.answer(text)]);
      const entries = () => performance.getEntriesByType("resource").filter(({ name }) => /turn=[124]/.test(name));
      while (entries().length < 3) {
        await on.later(10);
      }
      const times = entries().sort((left, right) => left.name.localeCompare(right.name)).map(({ startTime }) => startTime);
      return times.map((time, index) => index === 0 || times[index - 1] <= time);
    },
  },
  {
    name: "what the browser notes of its requests",
    async run(on) {
      performance.clearResourceTimings();
      await on.answer(fetch("/echo?noted=1", { method: "POST", body: "x" }));
      await on.answer(fetch("/echo?noted=2"));
      const request = new XMLHttpRequest();
      request.open("POST", "/echo?noted=3");
      const end = on.next(request, "loadend");
      request.send("x");
      await end;
      await on.later(50);
      const entries = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
      return entries.map(({ name, initiatorType, nextHopProtocol, decodedBodySize }) => [name, initiatorType, nextHopProtocol, decodedBodySize]);
    },
  },
]);
