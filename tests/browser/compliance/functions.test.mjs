// @ts-check
/** The functions that the extension stands in front of, looked at from every side, are the browser's own. */

import { WHY } from "./support/known.mjs";
import { threeWays } from "./support/three_ways.mjs";

threeWays([
  {
    name: "name, length, text, prototype and properties of every function",
    isUnasked: true,
    run(on) {
      /** @type {Record<string, any>} */
      const owners = { XMLHttpRequest, WebSocket, Navigator, Worker, SharedWorker, Request, Response, Headers, EventTarget, Function, MessagePort, FormData, Blob, URLSearchParams, ReadableStream };
      const names = ["fetch", "XMLHttpRequest", "WebSocket", "Worker", "SharedWorker", "Request", "Response", "EventSource"];
      return [...Object.entries(owners).flatMap(([name, owner]) => [
        [name, Reflect.ownKeys(owner).map((key) => on.portrait(owner, key))],
        [`${name}.prototype`, Reflect.ownKeys(owner.prototype).map((key) => on.portrait(owner.prototype, key))],
      ]), names.map((name) => on.portrait(window, name))];
    },
  },
  {
    name: "what the window and the document have, by name",
    isUnasked: true,
    run() {
      return [
        Reflect.ownKeys(window).map(String).sort(),
        Object.keys(window).sort(),
        Reflect.ownKeys(navigator).map(String),
        Reflect.ownKeys(document).map(String),
        document.documentElement.outerHTML,
      ];
    },
  },
  {
    name: "a function is the same at each look, and the owner says so",
    isUnasked: true,
    run() {
      return [
        fetch === window.fetch,
        Reflect.get(window, "fetch") === fetch,
        XMLHttpRequest.prototype.send === new XMLHttpRequest().send,
        XMLHttpRequest.prototype.constructor === XMLHttpRequest,
        WebSocket.prototype.constructor === WebSocket,
        Worker.prototype.constructor === Worker,
        SharedWorker.prototype.constructor === SharedWorker,
        Object.hasOwn(window, "fetch"),
        Object.hasOwn(navigator, "sendBeacon"),
        Object.isExtensible(fetch),
        Object.isFrozen(fetch),
        typeof fetch,
        Object.prototype.toString.call(fetch),
        Object.prototype.toString.call(WebSocket),
        fetch instanceof Function,
        fetch.constructor === Function,
        "prototype" in fetch,
        Object.getOwnPropertyNames(fetch.bind(null)),
        fetch.bind(null).name,
      ];
    },
  },
  {
    name: "constructed, called, extended where it does not fit",
    isUnasked: true,
    isRace: true,
    run(on) {
      const { send, open } = XMLHttpRequest.prototype;
      const { sendBeacon } = navigator;
      const functions = { fetch, send, open, sendBeacon, text: Function.prototype.toString, socketSend: WebSocket.prototype.send };
      const classes = { XMLHttpRequest, WebSocket, Worker, SharedWorker };
      return [
        Object.entries(functions).map(([name, given]) => [
          name,
          on.thrown(() => typeof Reflect.construct(given, [])),
          on.thrown(() => typeof Reflect.construct(Object, [], given)),
          on.thrown(() => typeof (class extends /** @type {any} */ (given) {})),
          on.thrown(() => ({}) instanceof /** @type {any} */ (given)),
        ]),
        Object.entries(classes).map(([name, given]) => [
          name,
          on.thrown(() => /** @type {any} */ (given)()),
          on.thrown(() => /** @type {any} */ (given).call({})),
          on.thrown(() => Reflect.construct(given, [])),
          on.thrown(() => Reflect.construct(given, [], class {}) instanceof given),
          on.thrown(() => Reflect.construct(given, [], /** @type {any} */ (() => {}))),
          on.thrown(() => Reflect.construct(Object, [], given) instanceof given),
          on.thrown(() => typeof (class extends /** @type {any} */ (given) {})),
        ]),
      ];
    },
  },
  {
    name: "Function.prototype.toString, of everything and for everything",
    isUnasked: true,
    run(on) {
      const text = Function.prototype.toString;
      const own = function  own ( /* a */ )  { return  1 ; };
      const given = [own, () => 1, class A { b() {} }, async function* c() {}, own.bind(null), new Proxy(own, {}), new Proxy(class {}, {}), Math.max, text, Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout")?.set];
      const wrong = [undefined, null, 1, {}, "text", Object.create(own), new Proxy({}, {}), document.all];
      return [
        given.map((one) => on.thrown(() => Reflect.apply(text, one, []))),
        wrong.map((one) => on.thrown(() => Reflect.apply(text, one, []))),
        [`${fetch}`, fetch.toString(), String(fetch), text.call(fetch), Reflect.apply(text, fetch, [1, 2]), `${text}`, text.toString()],
        Object.hasOwn(fetch, "toString"),
        fetch.toString === text,
        on.thrown(() => fetch.toString.call(fetch.toString)),
        on.thrown(() => Reflect.construct(text, [])),
        new Proxy(fetch, {}).name,
        on.thrown(() => text.call(new Proxy(fetch, {}))),
      ];
    },
  },
  {
    name: "the same from other realms: a frame's toString, and a frame's functions",
    isUnasked: true,
    run(on) {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const other = /** @type {any} */ (frame.contentWindow);
      const text = other.Function.prototype.toString;
      const ours = [fetch, XMLHttpRequest, XMLHttpRequest.prototype.send, WebSocket, WebSocket.prototype.send, navigator.sendBeacon, Worker, SharedWorker, Function.prototype.toString, Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout")?.get];
      const theirs = [other.fetch, other.XMLHttpRequest, other.XMLHttpRequest.prototype.open, other.WebSocket, other.navigator.sendBeacon, other.Worker, text];
      const seen = [
        ours.map((one) => on.thrown(() => text.call(one))),
        theirs.map((one) => on.thrown(() => Function.prototype.toString.call(one))),
        theirs.map((one) => on.thrown(() => text.call(one))),
        theirs.map((one) => Reflect.ownKeys(one).map(String)),
        Reflect.ownKeys(other).length === Reflect.ownKeys(window).length,
        ours.map((one) => on.thrown(() => other.Object.getOwnPropertyNames(one))),
      ];
      frame.remove();
      return seen;
    },
  },
  {
    name: "a vendor's function, queued and then brought by its script, looks and acts as written",
    isUnasked: true,
    async run(on) {
      /** @type {any} */
      const page = window;
      const queue = function  Genesys ( /** @type {unknown} */ what )  {
        (queue.q ??= []).push(arguments);
        return what;
      };
      /** @type {any[] | undefined} */
      queue.q = undefined;
      page.Genesys = queue;
      page.Genesys("subscribe", "early");
      const brought = `
        const { q } = window.Genesys;
        window.Genesys = Object.assign(function (what, ...rest) {
          if (what === "throw") throw new RangeError("mine");
          return [what, rest.length, this === window, new.target !== undefined];
        }, { q, own: 1 });`;
      const script = document.createElement("script");
      script.src = `/say?type=text/javascript&of=genesys-bootstrap/genesys&text=${encodeURIComponent(brought)}`;
      const loaded = on.next(script, "load");
      document.head.append(script);
      await Promise.resolve();
      const look = () => [
        on.portrait(window, "Genesys"),
        Reflect.ownKeys(page.Genesys).map(String),
        page.Genesys("late", 1),
        page.Genesys.call(page, "own"),
        page.Genesys.q.map((/** @type {ArrayLike<unknown>} */ call) => Array.from(call)),
        on.thrown(() => page.Genesys("throw")),
        on.thrown(() => typeof new page.Genesys("made")),
      ];
      const seen = [look()];
      await loaded;
      seen.push(look());
      script.remove();
      delete page.Genesys;
      return seen;
    },
  },
  {
    name: "the stack of an error that is thrown names the page alone",
    known: [
      { why: WHY.stackLimit, browser: "chromium", way: "every call waits", at: [".saw.saw[3][1].own"] },
    ],
    isUnasked: true,
    run(on) {
      const opened = new XMLHttpRequest();
      opened.open("POST", "/echo");
      const wrong = /** @type {any} */ (Symbol("x"));
      /** @type {Record<string, () => unknown>} */
      const acts = {
        open: () => new XMLHttpRequest().open("PO ST", "/echo"),
        openArguments: () => Reflect.apply(XMLHttpRequest.prototype.open, opened, []),
        send: () => new XMLHttpRequest().send(),
        sendBody: () => opened.send(wrong),
        header: () => opened.setRequestHeader("a b", "1"),
        timeout: () => (new XMLHttpRequest().timeout = wrong),
        beacon: () => navigator.sendBeacon("http://["),
        beaconBody: () => navigator.sendBeacon("/echo", wrong),
        socket: () => new WebSocket("ws://["),
        socketCall: () => /** @type {any} */ (WebSocket)(),
        socketSend: () => Reflect.apply(WebSocket.prototype.send, {}, ["x"]),
        worker: () => new Worker("http://["),
        sharedWorker: () => new SharedWorker("http://["),
        text: () => Function.prototype.toString.call({}),
      };
      return Object.entries(acts).map(([name, act]) => [name, on.stack(act)]);
    },
  },
  {
    name: "the stack that a page's own code sees while it is called",
    known: [
      {
        why: WHY.stack,
        at: [
          `.saw.saw.method.others has "the extension's page.js"`,
          `.saw.saw.body.others has "the extension's page.js"`,
          `.saw.saw.headers.others has "the extension's page.js"`,
          `.saw.saw.readystatechange.others has "the extension's page.js"`,
          `.saw.saw.loadstart.others has "the extension's page.js"`,
          `.saw.saw.xhr method.others has "the extension's page.js"`,
          `.saw.saw.xhr body.others has "the extension's page.js"`,
          `.saw.saw.beacon body.others has "the extension's page.js"`,
        ],
      },
    ],
    isUnasked: true,
    async run(on) {
      /** @type {Record<string, unknown>} */
      const seen = {};
      const look = (/** @type {string} */ name, /** @type {any} */ value) => {
        seen[name] = on.frames(new Error("look").stack);
        return value;
      };
      const init = {
        get method() {
          return look("method", "POST");
        },
        get body() {
          return look("body", "x");
        },
        get headers() {
          return look("headers", {});
        },
      };
      await fetch("/echo", init);
      const request = new XMLHttpRequest();
      request.onreadystatechange = () => request.readyState === 1 && look("readystatechange", 0);
      request.onloadstart = () => look("loadstart", 0);
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send(/** @type {any} */ ({ toString: () => look("xhr body", "x") }));
      await end;
      navigator.sendBeacon("/echo", /** @type {any} */ ({ toString: () => look("beacon body", "x") }));
      new XMLHttpRequest().open(/** @type {any} */ ({ toString: () => look("xhr method", "POST") }), "/echo");
      return seen;
    },
    isRace: true,
  },
  {
    name: "the stack of a rejection names the page alone",
    known: [
      { why: WHY.stack, at: [`.saw.saw[1].others has "the extension's page.js"`, `.saw.saw[2].others has "the extension's page.js"`] },
      { why: WHY.stack, way: "no candidate", at: [`.saw.saw[4].others has "the extension's page.js"`] },
      { why: WHY.stack, way: "no candidate", browser: "chromium", at: [`.saw.saw[3].others has "the extension's page.js"`] },
    ],
    isRace: true,
    async run(on) {
      const controller = new AbortController();
      const aborted = fetch("/echo?delay=500", { method: "POST", signal: controller.signal }).catch((error) => on.frames(error.stack));
      setTimeout(() => controller.abort(), 60);
      const seen = [await aborted];
      for (const [address, init] of /** @type {const} */ ([["http://[", {}], ["/echo", { method: "PO ST" }], ["/echo?fail=head", {}], ["nope://x", {}]])) {
        seen.push(await fetch(address, init).catch((error) => on.frames(error.stack)));
      }
      const response = await fetch("/echo", { method: "POST", body: "{" });
      seen.push(await response.json().catch((error) => on.frames(error.stack)));
      return seen;
    },
  },
  {
    name: "call sites, where the browser shows them",
    known: [
      {
        why: WHY.callSites, browser: "chromium",
        at: [
          `.saw.saw[0] has "the extension's"`,
          `.saw.saw[1] has "the extension's"`,
          '.saw.saw[2] lacks "run"',
          `.saw.saw[2] has "the extension's"`,
        ],
      },
    ],
    isUnasked: true,
    run() {
      const { prepareStackTrace, stackTraceLimit } = /** @type {any} */ (Error);
      /** @type {unknown[]} */
      const seen = [];
      /** @type {any} */ (Error).prepareStackTrace = (/** @type {Error} */ error, /** @type {any[]} */ sites) =>
        sites.map((site) => (/extension/.test(`${site.getFileName()}`) ? "the extension's" : `${site.getFunctionName()}${site.isNative() ? ", native" : ""}`));
      for (const limit of [100, 1]) {
        /** @type {any} */ (Error).stackTraceLimit = limit;
        try {
          new WebSocket("ws://[");
        } catch (error) {
          seen.push(typeof (/** @type {any} */ (error).stack) === "string" ? "text" : /** @type {any} */ (error).stack);
        }
        try {
          Function.prototype.toString.call({});
        } catch (error) {
          seen.push(typeof (/** @type {any} */ (error).stack) === "string" ? "text" : /** @type {any} */ (error).stack);
        }
      }
      Object.assign(Error, { prepareStackTrace, stackTraceLimit });
      return seen;
    },
  },
  {
    name: "`caller` and `arguments` of a function that is called back",
    known: [
      { why: WHY.caller, at: [".saw.saw[1][0]", ".saw.saw[2][0]"] },
    ],
    isUnasked: true,
    run(on) {
      /** @type {any} */
      const sloppy = new Function("return [typeof arguments.callee.caller, arguments.callee.caller === null, arguments.length]");
      /** @type {unknown[]} */
      const seen = [];
      const request = new XMLHttpRequest();
      request.onreadystatechange = () => seen.push(sloppy());
      Object.defineProperty(request, "x", { value: 1 });
      request.open("POST", "/echo");
      const direct = new XMLHttpRequest();
      direct.onreadystatechange = /** @type {any} */ (new Function("e", "this.seen = [arguments.callee.caller === null, arguments.length]"));
      direct.open("POST", "/echo");
      seen.push(/** @type {any} */ (direct).seen);
      const body = { toString: new Function("this.seen = [arguments.callee.caller === null, arguments.length]; return 'x'") };
      on.thrown(() => navigator.sendBeacon("http://[", /** @type {any} */ (body)));
      seen.push(/** @type {any} */ (body).seen ?? "not asked");
      return seen;
    },
  },
  {
    name: "how deep a page may call is the same error",
    // Sometimes: how much of the stack a call needs depends on what Firefox has compiled by then.
    known: [{ why: WHY.depth, browser: "firefox", sometimes: true, at: [".saw.saw[0].thrown.*"] }],
    isUnasked: true,
    run(on) {
      // A hundred calls before the limit.
      const deep = (/** @type {() => unknown} */ act) => {
        let left = 100;
        const again = () => {
          try {
            again();
          } catch (error) {
            left -= 1;
            if (left === 0) {
              act();
            }
            throw error;
          }
        };
        return on.thrown(again);
      };
      return [deep(() => new XMLHttpRequest().open("PO ST", "/echo")), deep(() => Function.prototype.toString.call({}))];
    },
  },
  {
    name: "who broke a policy is the page: source, line and address of the violation",
    known: [
      {
        why: WHY.policy,
        at: [
          '.saw.saw.sources lacks "connect-src * by the page*"',
          '.saw.saw.sources has "connect-src * by the extension"',
        ],
      },
      {
        why: WHY.policy, browser: "chromium",
        at: [
          '.saw.saw.sources lacks "worker-src * by the page*"',
          '.saw.saw.sources has "worker-src * by the extension"',
        ],
      },
      { why: WHY.refusedBeacon, browser: "firefox", way: "every call waits", at: [".saw.saw.beacon", '.saw.saw.seen has "connect-src http://127.0.0.1:PORT/echo enforce"', '.saw.saw.sources has "connect-src * by nobody"'] },
    ],
    isUnasked: true,
    isRace: true,
    async drive(page, on) {
      await page.goto(`${on.site}/say?header=${encodeURIComponent("Content-Security-Policy: connect-src 'none'; worker-src 'none'")}`);
      return on.evaluate(page, async (tools) => {
        /** @type {unknown[]} */
        const seen = [];
        /** @type {string[]} */
        const sources = [];
        document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective, sourceFile, lineNumber, columnNumber, disposition }) => {
          seen.push(`${effectiveDirective} ${blockedURI} ${disposition}`);
          const isOurs = /extension|<anonymous code>/.test(sourceFile);
          const source = isOurs ? "the extension" : sourceFile === "" ? "nobody" : `the page ${sourceFile} ${lineNumber}:${columnNumber}`;
          sources.push(`${effectiveDirective} ${blockedURI} by ${source}`);
        });
        const fetched = await tools.answer(fetch("/echo", { method: "POST", body: "x" }));
        const request = new XMLHttpRequest();
        const log = tools.watched(request);
        request.open("POST", "/echo");
        const end = tools.next(request, "loadend");
        const thrown = tools.thrown(() => request.send("x"));
        if (!("thrown" in thrown)) {
          await end;
        }
        const socket = tools.thrown(() => {
          const made = new WebSocket(tools.socket("/ws/echo"));
          return [made.readyState, made.url];
        });
        const beacon = navigator.sendBeacon("/echo", "x");
        const worker = tools.thrown(() => typeof new Worker("/say?text=1&type=text/javascript"));
        for (let left = 100; left > 0 && seen.length < 5; left -= 1) {
          await tools.later(20);
        }
        await tools.later(200);
        seen.sort();
        sources.sort();
        return { seen, sources, fetched, log, thrown, socket, beacon, worker };
      });
    },
  },
  {
    name: "Trusted Types guard workers as before",
    isUnasked: true,
    isRace: true,
    async drive(page, on) {
      await page.goto(`${on.site}/say?header=${encodeURIComponent("Content-Security-Policy: require-trusted-types-for 'script'")}`);
      return on.evaluate(page, (tools) => {
        const address = "/say?text=1&type=text/javascript";
        const { trustedTypes } = /** @type {any} */ (window);
        const trusted = trustedTypes?.createPolicy("own", { createScriptURL: (/** @type {string} */ given) => given }).createScriptURL(address);
        return [tools.thrown(() => typeof new Worker(address)), tools.thrown(() => typeof new Worker(trusted ?? address)), tools.thrown(() => typeof new SharedWorker(address))];
      });
    },
  },
  {
    name: "workers: messages, errors, names, modules, blobs, termination, importScripts, fetch in them",
    isUnasked: true,
    async run(on) {
      const make = (/** @type {string} */ text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      const worker = new Worker(make("onmessage = (e) => postMessage([e.data, name, location.protocol, `${fetch}`, Object.keys(self).length])"), { name: "own" });
      worker.postMessage("x");
      const { data } = await on.next(worker, "message");
      worker.terminate();
      const failing = new Worker(make("throw new RangeError('mine')"));
      const { message } = await on.next(failing, "error");
      const missing = new Worker("/nowhere.js");
      const { type } = await on.next(missing, "error");
      const shared = new SharedWorker(make("onconnect = (e) => e.ports[0].postMessage('shared')"), "own");
      shared.port.start();
      const { data: said } = await on.next(shared.port, "message");
      const module = new Worker(make("postMessage(typeof import.meta)"), { type: "module" });
      const { data: meta } = await on.next(module, "message");
      const fetching = new Worker(make(`fetch(${JSON.stringify(`${on.site}/echo`)}, {method: "POST", body: "of a worker"}).then((r) => r.text()).then(postMessage)`));
      const { data: fetched } = await on.next(fetching, "message");
      class Own extends Worker {
        mine = 1;
      }
      const own = new Own(make("postMessage(1)"));
      return [data, message, type, said, meta, fetched, own instanceof Worker, own instanceof Own, own.constructor.name, `${worker}`, Object.keys(own)];
    },
  },
  {
    name: "before the first script of the page nothing of the extension can be seen",
    isUnasked: true,
    async drive(page, on) {
      const script = `
        const seen = { html: document.documentElement.outerHTML, keys: Reflect.ownKeys(window).map(String), listeners: [] };
        for (const type of ["callsign-port", "message", "error"]) addEventListener(type, (e) => seen.listeners.push(e.type), true);
        seen.entries = performance.getEntries().map((e) => e.entryType + (e.entryType === "resource" ? e.name : ""));
        seen.fetch = fetch + Object.getOwnPropertyNames(fetch);
        window.seen = seen;
      `;
      await page.goto(`${on.site}/say?text=${encodeURIComponent(`<!doctype html><script>${script}</script><body>`)}`);
      const { saw } = await on.evaluate(page, (tools) => tools.later(100).then(() => /** @type {any} */ (window).seen));
      return { ...saw, keys: saw.keys.sort(), entries: saw.entries.filter((/** @type {string} */ entry) => !/paint|visibility/.test(entry)) };
    },
  },
  {
    name: "before the first script of the page the window's names are in their order",
    known: [
      { why: WHY.names, browser: "firefox", at: [".saw.order lacks *", ".saw.order has *"] },
    ],
    isUnasked: true,
    async drive(page, on) {
      await page.goto(`${on.site}/say?text=${encodeURIComponent("<!doctype html><script>var seen = Reflect.ownKeys(window)</script>")}`);
      const order = await page.evaluate(() => /** @type {any} */ (window).seen.map(String));
      return { order, names: [...order].sort() };
    },
  },
]);
