// @ts-check
/**
 * Pages that replaced, froze or watch what the browser gave them, and the scripts that many sites watch themselves
 * with, see the same with and without the extension.
 *
 * What a driver adds with `evaluateOnNewDocument` runs before the extension's content scripts in both browsers (there
 * is no element in the document yet, and `fetch` is the browser's own), so it lies beneath them, as the content script
 * of another extension may; all that a page loads itself lies on top.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { poisonPrototypes, spyOnFunctions } from "./support/spies.mjs";
import { WHY } from "./support/known.mjs";
import { threeWays } from "./support/three_ways.mjs";

/** @typedef {import("./support/three_ways.mjs").Driven} Driven */
/** @typedef {import("./support/three_ways.mjs").Case} Case */
/** @typedef {import("puppeteer-core").Page} Page */

const CLIENTS = fileURLToPath(new URL("../../clients/dist/", import.meta.url));

/** @type {import("./support/known.mjs").Known[]} */
const ZONE = [
  { why: WHY.zone, at: [`.saw.saw.noted has ${JSON.stringify('"eventTask XMLHttpRequest.addEventListener:loadstart"')}`] },
  { why: WHY.zone, way: "every call waits", at: [`.saw.saw.noted lacks ${JSON.stringify('"macroTask XMLHttpRequest.send"')}`] },
];

/**
 * Runs in the page: each kind of call, well and badly.
 * @param {import("./support/tools.mjs").Tools} on
 */
async function callAround(on) {
  const { monitor } = /** @type {any} */ (window);
  const run = monitor?.run ?? ((/** @type {() => unknown} */ act) => act());
  return run(async () => {
    const post = (/** @type {string} */ query, /** @type {object} */ more = {}) =>
      on.answer(fetch(`${on.site}/echo?${query}`, { method: "POST", body: "x", ...more }));
    const aborted = async () => {
      const controller = new AbortController();
      const answer = post("delay=900", { signal: controller.signal });
      await on.later(300);
      controller.abort();
      return answer;
    };
    const echoed = async () => {
      const echo = await on.echoed(fetch(new Request(`${on.site}/echo?reply=json`, { method: "POST", body: "r" })));
      // What a monitor marks its visitors and requests with is chance.
      const marks = /^(cookie|newrelic|traceparent|tracestate|sentry-trace|baggage|x-datadog-.*):/i;
      return { ...echo, headers: echo.headers.filter((/** @type {string} */ header) => !marks.test(header)) };
    };
    const sent = async (/** @type {string} */ query) => {
      const request = new XMLHttpRequest();
      const log = on.watched(request, false);
      request.open("POST", `${on.site}/echo?${query}`);
      request.setRequestHeader("X-Mine", "1");
      const end = on.next(request, "loadend");
      request.send("y");
      await end;
      return [log, on.state(request)];
    };
    const socketed = async () => {
      const socket = new WebSocket(on.socket("/ws/echo"));
      const log = on.heard(socket);
      await on.next(socket, "open");
      socket.send("z");
      await on.next(socket, "message");
      socket.close();
      await on.next(socket, "close");
      return log;
    };
    const beacon = navigator.sendBeacon(`${on.site}/echo?beacon`, "b");
    const seen = await Promise.all([
      aborted(),
      post("number=1"),
      post("status=500"),
      echoed(),
      on.answer(fetch(`${on.site}/echo?fail=head`)),
      sent("number=2"),
      sent("status=404"),
      sent("number=3"),
      socketed(),
    ]);
    await on.later(100);
    for (const cookie of document.cookie.split("; ")) {
      document.cookie = `${cookie.split("=")[0]}=; path=/; max-age=0`;
    }
    // What was given up is noted when the browser has reported it, which may be later.
    const noted = monitor?.noted.map((/** @type {unknown} */ one) => JSON.stringify(one)).sort();
    return { beacon, seen, noted: noted?.filter((/** @type {string} */ one) => !one.includes("delay=900")) };
  });
}

/** @param {string} script */
function documentOf(script) {
  return `/say?text=${encodeURIComponent(`<!doctype html><title>hostile</title><script>${script}</script><body></body>`)}`;
}

/**
 * A case in a page that begins with a script of its own.
 * @param {string} name
 * @param {() => void} script
 * @returns {Case}
 */
function after(name, script) {
  return {
    name,
    isRace: true,
    async drive(page, on) {
      await page.goto(on.site + documentOf(`(${script})()`));
      return on.evaluate(page, callAround);
    },
  };
}

/**
 * The same where the script runs before the extension's.
 * @param {string} name
 * @param {() => void} script
 * @param {import("./support/known.mjs").Known[]} [known]
 * @returns {Case}
 */
function before(name, script, known = []) {
  return {
    name,
    known,
    isRace: true,
    async drive(page, on) {
      await page.evaluateOnNewDocument(`(${script})()`);
      await page.goto(`${on.site}/say?before`);
      return on.evaluate(page, callAround);
    },
  };
}

/**
 * The same where the page script finds not what it needs, and so patches nothing.
 * @param {string} name
 * @param {Function} script
 * @returns {Case}
 */
function beforeAndUnseen(name, script) {
  return { ...before(name, /** @type {any} */ (script)), isUnasked: true };
}

/**
 * A monitor that the page loads, and one that lies beneath.
 * @param {string} monitor
 * @returns {Case[]}
 */
function monitored(monitor) {
  return [
    {
      name: `${monitor}, loaded by the page`,
      isRace: true,
      async drive(page, on) {
        await page.goto(`${on.site}/say?text=${encodeURIComponent(`<!doctype html><title>watched</title><script type="module" src="/clients/${monitor}.js"></script>`)}`);
        await page.waitForFunction(() => "monitor" in window);
        return on.evaluate(page, callAround);
      },
    },
    {
      name: `${monitor}, beneath the extension`,
      known: monitor === "zone" ? ZONE : [],
      isRace: true,
      async drive(page, on) {
        await page.evaluateOnNewDocument(`if (location.protocol === "http:") { (() => {${readFileSync(`${CLIENTS}${monitor}.js`, "utf8")}})(); }`);
        await page.goto(`${on.site}/say?beneath`);
        return on.evaluate(page, callAround);
      },
    },
  ];
}

threeWays([
  {
    name: "nothing of the page's own functions is used by anyone else during a call",
    isUnordered: true,
    arrivals: 6,
    async drive(page, on) {
      await page.goto(on.site + documentOf(`(${spyOnFunctions})()`));
      const lines = /** @type {string[]} */ (await page.evaluate("spies()"));
      const [control, ...seen] = lines.map((line) => JSON.parse(line));
      assert.deepEqual(control, ["control", { "JSON.stringify": 1 }, { "Math.max": 1 }], "the spies hear");
      return seen;
    },
  },
  {
    name: "nothing is looked for in the prototypes that every object has",
    arrivals: 5,
    known: [
      { why: WHY.then, way: "every call waits", at: [".saw.get then"] },
    ],
    isUnordered: true,
    async drive(page, on) {
      await page.goto(
        on.site +
          documentOf(`(${poisonPrototypes})();
            const { fetch, XMLHttpRequest, WebSocket, navigator, setTimeout, JSON, poison } = window;
            window.done = new Promise((resolve) => {
              const socket = new WebSocket("ws://" + location.host + "/ws/echo");
              socket.onopen = () => {
                poison.start();
                fetch("/echo?1", { method: "POST", body: "x" });
                fetch(new Request("/echo?2", { method: "POST", body: "x" }));
                const request = new XMLHttpRequest();
                request.open("POST", "/echo?3");
                request.send("x");
                navigator.sendBeacon("/echo?4", "x");
                socket.send("x");
                setTimeout(() => { const noted = poison.end().sort(); socket.close(); resolve(JSON.stringify(noted)); }, 1_200);
              };
            });`),
      );
      const noted = JSON.parse(/** @type {string} */ (await page.evaluate("done")));
      return Object.fromEntries(noted.map((/** @type {string} */ one) => [one, noted.filter((/** @type {string} */ other) => other === one).length]));
    },
  },
  {
    name: "a call through fetch that is wrapped beneath the extension waits too",
    async drive(page, on) {
      await page.evaluateOnNewDocument(() => {
        const { fetch } = window;
        window.fetch = function (...args) {
          return fetch.apply(this, args);
        };
      });
      await page.goto(`${on.site}/say?beneath`);
      return on.evaluate(page, (tools) => tools.answer(fetch("/echo", { method: "POST", body: "x" })));
    },
  },
  {
    name: "a call through XMLHttpRequest that is wrapped beneath the extension waits too",
    async drive(page, on) {
      await page.evaluateOnNewDocument(() => {
        const { open, send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.open = function (/** @type {any[]} */ ...args) {
          return Reflect.apply(open, this, args);
        };
        XMLHttpRequest.prototype.send = function (body) {
          return send.call(this, body);
        };
      });
      await page.goto(`${on.site}/say?beneath`);
      return on.evaluate(page, async (tools) => {
        const request = new XMLHttpRequest();
        request.open("POST", "/echo");
        const end = tools.next(request, "loadend");
        request.send("x");
        await end;
        return tools.state(request);
      });
    },
  },
  after("fetch, XMLHttpRequest and WebSocket wrapped by the page", () => {
    const { fetch, XMLHttpRequest, WebSocket } = window;
    /** @type {unknown[]} */
    const noted = [];
    window.fetch = function (...args) {
      noted.push(["fetch", args.length, typeof args[0], this === undefined || this === window]);
      return fetch.apply(this, args).then((response) => (noted.push(["answered", response.status]), response));
    };
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (/** @type {any[]} */ ...args) {
      noted.push(["open", ...args]);
      this.addEventListener("load", () => noted.push(["load", this.status]));
      return Reflect.apply(open, this, args);
    };
    XMLHttpRequest.prototype.send = function (body) {
      noted.push(["send", body]);
      return send.call(this, body);
    };
    window.WebSocket = class extends WebSocket {
      send(/** @type {any} */ data) {
        noted.push(["frame", data]);
        super.send(data);
      }
    };
    Object.assign(window, { monitor: { noted } });
  }),
  after("everything frozen", () => {
    [XMLHttpRequest.prototype, WebSocket.prototype, Navigator.prototype, Request.prototype, Response.prototype, Promise, Promise.prototype, JSON, Reflect, Array.prototype, Function.prototype, EventTarget.prototype].forEach(Object.freeze);
    Object.defineProperty(window, "fetch", { value: fetch, writable: false, configurable: false });
  }),
  after("everything deleted that a call does not need", () => {
    for (const name of ["Request", "Headers", "ProgressEvent", "MessageChannel", "MessagePort", "TextEncoder", "TextDecoder", "ReadableStream", "WeakMap", "Proxy", "Reflect", "DOMException", "AbortSignal"]) {
      Object.assign(window, { [`kept${name}`]: Reflect.get(window, name) });
    }
    const { Reflect: kept } = window;
    const { Request } = window;
    for (const name of ["Headers", "ProgressEvent", "MessageChannel", "MessagePort", "TextEncoder", "TextDecoder", "ReadableStream", "WeakMap", "Proxy", "DOMException", "AbortSignal"]) {
      kept.deleteProperty(window, name);
    }
    kept.deleteProperty(MessagePort, "prototype");
    Object.assign(window, { Request });
  }),
  after("Promise replaced, and its methods", () => {
    const { Promise } = window;
    /** @type {unknown[]} */
    const noted = [];
    const { then } = Promise.prototype;
    Promise.prototype.then = function (...args) {
      noted.push("then");
      return Reflect.apply(then, this, args);
    };
    class Own extends /** @type {any} */ (Promise) {}
    window.Promise = /** @type {any} */ (Own);
    Object.assign(window, { monitor: { noted: [] } });
  }),
  after("a toJSON for every object, and a setter for every array", () => {
    Object.defineProperty(Object.prototype, "toJSON", { value: undefined, writable: true, configurable: true });
    Object.defineProperty(String.prototype, "toJSON", { value: /** @this {string} */ function () { return `${this}`; }, configurable: true });
  }),
  before("fetch wrapped beneath the extension", () => {
    const { fetch } = window;
    /** @type {unknown[]} */
    const noted = [];
    window.fetch = function (...args) {
      noted.push([args.length, typeof args[0], this === undefined || this === window]);
      return fetch.apply(this, args);
    };
    Object.assign(window, { monitor: { noted } });
  }, [{ why: WHY.beneath, way: "every call waits", at: ['.saw.saw.noted lacks "[*,\\"string\\",true]"', '.saw.saw.noted has "[1,\\"object\\",true]"'] }]),
  before("XMLHttpRequest wrapped beneath the extension", () => {
    /** @type {unknown[]} */
    const noted = [];
    for (const name of /** @type {const} */ (["open", "send", "setRequestHeader", "abort"])) {
      const native = XMLHttpRequest.prototype[name];
      Reflect.set(XMLHttpRequest.prototype, name, /** @this {XMLHttpRequest} */ function (/** @type {any} */ ...args) {
        noted.push([name, args.length, this.readyState]);
        return Reflect.apply(native, this, args);
      });
    }
    Object.assign(window, { monitor: { noted } });
  }),
  before("Request, Promise, JSON and their methods wrapped beneath the extension", () => {
    const { Request, Promise, JSON } = window;
    const wrapped = (/** @type {any} */ owner, /** @type {string} */ name) => {
      const native = owner[name];
      const descriptor = Object.getOwnPropertyDescriptor(owner, name);
      Object.defineProperty(owner, name, {
        ...descriptor,
        value: /** @this {any} */ function (/** @type {any[]} */ ...args) {
          return Reflect.apply(native, this, args);
        },
      });
    };
    wrapped(Request.prototype, "clone");
    wrapped(Request.prototype, "arrayBuffer");
    wrapped(Promise.prototype, "then");
    wrapped(JSON, "parse");
    wrapped(JSON, "stringify");
    window.Request = new Proxy(Request, {});
    window.Promise = new Proxy(Promise, {});
    window.JSON = new Proxy(JSON, {});
  }),
  beforeAndUnseen("Request replaced by a class beneath the extension", () => {
    window.Request = class extends Request {};
  }),
  beforeAndUnseen("Promise replaced by a class beneath the extension", () => {
    window.Promise = /** @type {any} */ (class extends /** @type {any} */ (Promise) {});
  }),
  before("methods and places of Array.prototype and Object.prototype replaced beneath the extension", () => {
    const { map, push } = Array.prototype;
    Array.prototype.map = /** @type {any} */ (
      /** @this {any} @param {...any} args */
      function (...args) {
        return Reflect.apply(map, this, args);
      }
    );
    Array.prototype.push = /** @type {any} */ (
      /** @this {any} @param {...any} args */
      function (...args) {
        return Reflect.apply(push, this, args);
      }
    );
    for (const name of ["0", "1", "value", "kind", "number"]) {
      const owner = /^\d/.test(name) ? Array.prototype : Object.prototype;
      Object.defineProperty(owner, name, {
        get: () => undefined,
        set(value) {
          Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
        configurable: true,
      });
    }
  }),
  ...["FormData", "SecurityPolicyViolationEvent", "ProgressEvent"].map((name) =>
    beforeAndUnseen(`${name} deleted beneath the extension`, new Function(`delete window.${name}`)),
  ),
  before("window.fetch frozen beneath the extension", () => {
    Object.defineProperty(window, "fetch", { value: window.fetch, writable: false, configurable: false });
    Object.freeze(XMLHttpRequest.prototype);
  }),
  ...["zone", "sentry", "datadog", "newrelic"].flatMap(monitored),
]);
