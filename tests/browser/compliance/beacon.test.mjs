// @ts-check
/** `navigator.sendBeacon` looks the same to a page with and without the extension: what it returns, and what arrives. */

import { WHY } from "./support/known.mjs";
import { threeWays } from "./support/three_ways.mjs";
import { until } from "../support/wait.mjs";

threeWays([
  {
    name: "every kind of body",
    arrivals: 19,
    isUnordered: true,
    async run(on) {
      const bytes = new Uint8Array([0, 1, 127, 128, 255, 10, 13, 34]).buffer;
      const form = new FormData();
      form.append("a", "zwei\r\nZeilen");
      form.append("file", new File(["in the file"], 'a "file".txt', { type: "text/x-mine" }));
      /** @type {any[]} */
      const bodies = [
        "text äö 名 \ud800 \u0000",
        "",
        null,
        undefined,
        new URLSearchParams([["a", "1 2"], ["b", "ä&="]]),
        form,
        new Blob(["a", bytes]),
        new Blob(["typed"], { type: "text/plain" }),
        new Blob(['{"a":1}'], { type: "application/json" }),
        new File(["file"], "name", { type: "application/x-www-form-urlencoded" }),
        bytes,
        new DataView(bytes, 2, 3),
        new Uint8Array(bytes, 4),
        new Int16Array(bytes, 2, 1),
        { a: 1 },
        5,
        ["a", "b"],
      ];
      const returned = [];
      for (const body of bodies) {
        returned.push(navigator.sendBeacon(`/echo?number=${returned.length}`, body));
        await on.later(60);
      }
      returned.push(navigator.sendBeacon("/echo?alone"));
      await on.later(60);
      returned.push(Reflect.apply(navigator.sendBeacon, navigator, ["/echo?more", "x", "more", "arguments"]));
      return returned;
    },
  },
  {
    name: "wrong arguments",
    known: [
      { why: WHY.refusedBeacon, browser: "firefox", way: "every call waits", at: [".saw.saw.blockedPort.returned"] },
    ],
    isUnasked: true,
    isRace: true,
    run(on) {
      const send = (/** @type {any[]} */ ...args) => on.thrown(() => Reflect.apply(navigator.sendBeacon, navigator, args));
      const stream = new ReadableStream();
      const locked = new ReadableStream();
      locked.getReader();
      return {
        none: send(),
        address: send("http://["),
        symbol: send(Symbol("x"), "x"),
        bodySymbol: send("/echo", Symbol("x")),
        scheme: send("nope://x", "x"),
        data: send("data:text/plain,x", "x"),
        blob: send("blob:http://127.0.0.1/x", "x"),
        blockedPort: send("http://127.0.0.1:1/", "x"),
        stream: send("/echo", stream),
        locked: send("/echo", locked),
        failing: send("/echo", { toString: () => { throw new RangeError("mine"); } }),
        self: [{}, undefined, null, Navigator.prototype].map((self) => on.thrown(() => Reflect.apply(navigator.sendBeacon, self, ["/echo", "x"]))),
        constructed: on.thrown(() => Reflect.construct(navigator.sendBeacon, ["/echo"])),
      };
    },
  },
  {
    name: "sizes around the limit",
    isRace: true,
    async run(on) {
      const seen = [];
      for (const size of [65_535, 65_536, 65_537, 100_000]) {
        for (const body of ["x".repeat(size), new Blob(["x".repeat(size)]), new ArrayBuffer(size), new URLSearchParams({ a: "x".repeat(size - 2) })]) {
          seen.push([size, body.constructor.name, navigator.sendBeacon("/echo", body)]);
          await on.later(250);
        }
      }
      return seen;
    },
  },
  {
    name: "the limit counts what is under way together",
    isRace: true,
    async run(on) {
      const seen = [];
      for (const sizes of [[30_000, 30_000, 30_000], [65_536, 1], [40_000, 40_000, 20_000]]) {
        seen.push(sizes.map((size) => navigator.sendBeacon("/echo?delay=200", "x".repeat(size))));
        await on.later(600);
      }
      return seen;
    },
  },
  {
    name: "beacons and keepalive fetches share the limit",
    known: [
      { why: WHY.keepaliveQuota, browser: "chromium", way: "every call waits", at: [".saw.saw[1]"] },
    ],
    isRace: true,
    async run(on) {
      const fetched = on.answer(fetch("/echo?delay=200", { method: "POST", keepalive: true, body: "x".repeat(50_000) }));
      const beacon = navigator.sendBeacon("/echo", "x".repeat(50_000));
      const small = navigator.sendBeacon("/echo", "x".repeat(5_000));
      const { status } = /** @type {any} */ (await fetched);
      await on.later(100);
      const again = navigator.sendBeacon("/echo", "x".repeat(50_000));
      await on.later(300);
      return [status, beacon, small, again];
    },
  },
  {
    name: "another origin, with what needs a preflight and what does not",
    arrivals: 4,
    async run(on) {
      const returned = [];
      for (const body of ["text", new Blob(["x"], { type: "text/plain" }), new Blob(["{}"], { type: "application/json" })]) {
        returned.push(navigator.sendBeacon(`${on.other}/echo`, /** @type {any} */ (body)));
        await on.later(200);
      }
      return returned;
    },
  },
  {
    name: "a body that its page changes right after the call is sent as it was",
    arrivals: 4,
    async run(on) {
      const bytes = new Uint8Array([65, 66, 67]);
      const form = new FormData();
      form.set("a", "1");
      const params = new URLSearchParams("a=1");
      const moved = new Uint8Array([68, 69]).buffer;
      const returned = [navigator.sendBeacon("/echo?number=1", bytes)];
      bytes.fill(90);
      await on.later(80);
      returned.push(navigator.sendBeacon("/echo?number=2", form));
      form.set("a", "2");
      await on.later(80);
      returned.push(navigator.sendBeacon("/echo?number=3", params));
      params.set("a", "2");
      await on.later(80);
      returned.push(navigator.sendBeacon("/echo?number=4", moved));
      structuredClone(moved, { transfer: [moved] });
      return returned;
    },
  },
  {
    name: "what a page does right after the call does not change the beacon",
    known: [
      {
        // Whether the verdict is there before the page has another address is a race.
        why: WHY.referrer, way: "every call waits", sometimes: true,
        at: [
          '.arrived[1].headers lacks "Referer: *"',
          '.arrived[1].headers has "Referer: *elsewhere"',
        ],
      },
    ],
    arrivals: 2,
    async run(on) {
      const before = location.href;
      const base = document.createElement("base");
      base.href = "/based/";
      document.head.append(base);
      const returned = [navigator.sendBeacon("echo", "x")];
      base.remove();
      await on.later(80);
      returned.push(navigator.sendBeacon("/echo", "x"));
      history.pushState({}, "", "/say?elsewhere");
      await on.later(80);
      history.replaceState({}, "", before);
      return returned;
    },
  },
  {
    name: "addresses and bodies are asked for their text once, in the call",
    arrivals: 1,
    // To know such an address it would have to be asked for its text.
    isUnasked: true,
    run() {
      /** @type {string[]} */
      const log = [];
      const text = (/** @type {string} */ name, /** @type {string} */ value) =>
        /** @type {any} */ ({ toString: () => (log.push(name), value) });
      log.push(`${navigator.sendBeacon(text("address", "/echo"), text("body", "said"))}`);
      return log;
    },
  },
  {
    name: "what the browser notes of it",
    arrivals: 1,
    async run(on) {
      performance.clearResourceTimings();
      navigator.sendBeacon("/echo?noted", "x");
      await on.later(300);
      const entries = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
      return entries.filter(({ name }) => name.endsWith("?noted")).map(({ initiatorType }) => initiatorType);
    },
  },
  ...["visibilitychange", "pagehide", "unload"].map((type) => ({
    name: `a beacon in ${type}`,
    // While the page is being left nothing waits.
    isUnasked: true,
    isUnordered: true,
    /**
     * @param {import("puppeteer-core").Page} page
     * @param {import("./support/three_ways.mjs").Driven} on
     */
    async drive(page, on) {
      await page.evaluate((/** @type {string} */ type) => {
        const target = type === "visibilitychange" ? document : window;
        target.addEventListener(type, () => {
          const returned = navigator.sendBeacon("/echo?left", new Blob(["{}"], { type: "application/json" }));
          navigator.sendBeacon(`/echo?returned=${returned}`);
        });
      }, type);
      await page.goto(`${on.site}/say?next`);
      await until("both beacons", async () => on.service.arrived(), ({ length }) => length === 2);
      return 0;
    },
  })),
]);
