// @ts-check
/** `XMLHttpRequest` looks the same to a page with and without the extension: events, states, refusals, answers. */

import { WHY } from "./support/known.mjs";
import { threeWays } from "./support/three_ways.mjs";

threeWays([
  {
    name: "the events of a post, and what is read in between",
    known: [
      {
        why: WHY.uploadLate, way: "every call waits",
        at: [
          '.saw.saw.log lacks "upload loadstart in 1 true 0/4"',
          '.saw.saw.log has "upload loadstart in 1 true 0/4"',
        ],
      },
    ],
    async run(on) {
      const request = new XMLHttpRequest();
      const log = on.watched(request);
      request.open("POST", "/echo");
      log.push("opened");
      const end = on.next(request, "loadend");
      request.send("text");
      log.push("sent");
      const states = [on.state(request)];
      await end;
      states.push(on.state(request));
      await on.later(20);
      return { log, states };
    },
  },
  {
    name: "the events of a get, of a large body up and down, and across origins",
    known: [
      {
        why: WHY.uploadLate, way: "every call waits",
        at: [
          '.saw.saw[2][2] lacks "upload loadstart in 1 true 0/500000"',
          '.saw.saw[2][2] has "upload loadstart in 1 true 0/500000"',
          '.saw.saw[3][2] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[3][2] has "upload loadstart in 1 true 0/1"',
          '.saw.saw[5][2] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[5][2] has "upload loadstart in 1 true 0/1"',
          '.saw.saw[6][2] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[6][2] has "upload loadstart in 1 true 0/1"',
          '.saw.saw[7][2] lacks "upload loadstart in 1 true 0/0"',
          '.saw.saw[7][2] has "upload loadstart in 1 true 0/0"',
        ],
      },
    ],
    async run(on) {
      const seen = [];
      for (const [method, address, body, isUploadSeen] of /** @type {const} */ ([
        ["GET", "/echo", undefined, true],
        ["GET", "/echo?size=300000", undefined, true],
        ["POST", "/echo?status=204", "x".repeat(500_000), true],
        ["POST", "/echo?size=400&pace=20", "x", true],
        ["POST", `${on.other}/echo`, "x", false],
        ["POST", `${on.other}/echo`, "x", true],
        ["POST", "/redirect?code=307", "x", true],
        ["POST", "/echo?status=500", "", true],
      ])) {
        const request = new XMLHttpRequest();
        const log = on.watched(request, isUploadSeen);
        request.open(method, address);
        const end = on.next(request, "loadend");
        request.send(body);
        log.push("sent");
        await end;
        seen.push([method, address, log, on.state(request)]);
      }
      return seen;
    },
  },
  {
    name: "every event is the browser's own",
    known: [
      { why: WHY.trust, way: "every call waits", at: [".saw.saw[0][1]"] },
    ],
    async run(on) {
      const request = new XMLHttpRequest();
      /** @type {unknown[]} */
      const log = [];
      const note = (/** @type {Event} */ event) => log.push([event.type, event.isTrusted, event.constructor.name, event.bubbles, event.cancelable, event.composed]);
      for (const type of ["loadstart", "load", "loadend"]) {
        request.addEventListener(type, note);
        request.upload.addEventListener(type, note);
      }
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send("x");
      await end;
      return log;
    },
  },
  {
    name: "handlers as properties come in their turn among listeners",
    async run(on) {
      const request = new XMLHttpRequest();
      /** @type {string[]} */
      const log = [];
      request.addEventListener("load", () => log.push("first"));
      request.onload = () => log.push("property");
      request.addEventListener("load", { handleEvent: () => log.push("object") });
      request.onreadystatechange = function (event) {
        log.push(`state ${request.readyState} ${this === request} ${event.currentTarget === request} ${event.eventPhase}`);
      };
      request.open("POST", "/echo");
      request.addEventListener("load", () => log.push("once"), { once: true });
      const end = on.next(request, "loadend");
      request.send("x");
      request.addEventListener("load", () => log.push("added after send"));
      await end;
      return log;
    },
  },
  {
    name: "listeners that add, remove and stop",
    async run(on) {
      const request = new XMLHttpRequest();
      /** @type {string[]} */
      const log = [];
      const removed = () => log.push("removed");
      request.addEventListener("readystatechange", (event) => {
        log.push(`stops at ${request.readyState}`);
        request.removeEventListener("load", removed);
        request.addEventListener("load", () => log.push("added"), { once: true });
        event.stopImmediatePropagation();
      });
      request.addEventListener("readystatechange", () => log.push("never"));
      request.addEventListener("load", removed);
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send("x");
      await end;
      return log;
    },
  },
  {
    name: "an abort in the task of send",
    known: [
      {
        why: WHY.uploadLate, way: "every call waits",
        at: [
          '.saw.saw[1][0] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[1][0] has "upload loadstart in 1 true 0/1"',
        ],
      },
    ],
    isRace: true,
    async run(on) {
      const seen = [];
      for (const body of [undefined, "x"]) {
        const request = new XMLHttpRequest();
        const log = on.watched(request);
        request.open("POST", "/echo?delay=300");
        request.send(body);
        log.push("sent");
        request.abort();
        log.push("aborted");
        const state = on.state(request);
        await on.later(60);
        seen.push([log, state]);
      }
      return seen;
    },
  },
  {
    name: "an abort while the request is on its way",
    known: [
      {
        why: WHY.uploadLate, way: "every call waits",
        at: [
          '.saw.saw[0][0] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[0][0] has "upload loadstart in 1 true 0/1"',
        ],
      },
    ],
    isRace: true,
    async run(on) {
      const seen = [];
      for (const wait of [5, 300]) {
        const request = new XMLHttpRequest();
        // How far the upload is by then is chance.
        const log = on.watched(request, wait < 10);
        request.open("POST", "/echo?delay=900");
        request.send("x");
        await on.later(wait);
        log.push("aborts");
        request.abort();
        log.push("aborted");
        await on.later(60);
        seen.push([log, on.state(request)]);
      }
      return seen;
    },
  },
  {
    name: "an abort before send, after the end, twice, and in handlers",
    known: [
      {
        why: WHY.uploadLate, way: "every call waits",
        at: [
          '.saw.saw[2][0][1] has "upload loadstart in 1 true 0/1"',
          '.saw.saw[2][1][1] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[2][1][1] has "upload loadstart in 1 true 0/1"',
          '.saw.saw[2][2][1] lacks "upload loadstart in 1 true 0/1"',
          '.saw.saw[2][2][1] has "upload loadstart in 1 true 0/1"',
        ],
      },
    ],
    isRace: true,
    async run(on) {
      const before = new XMLHttpRequest();
      const beforeLog = on.watched(before, false);
      before.abort();
      before.open("POST", "/echo");
      before.setRequestHeader("X-A", "1");
      before.abort();
      beforeLog.push(`aborted in ${before.readyState}`);
      const end = on.next(before, "loadend");
      before.send("x");
      await end;
      before.abort();
      before.abort();
      beforeLog.push(`aborted in ${before.readyState}`);
      const seen = [];
      for (const type of ["loadstart", "readystatechange", "load"]) {
        const request = new XMLHttpRequest();
        const log = on.watched(request);
        request.open("POST", "/echo?delay=20");
        request.addEventListener(type, () => request.readyState < 2 || type !== "readystatechange" ? request.abort() : undefined);
        request.addEventListener(type, () => log.push(`after the abort: ${request.readyState}`), { once: true });
        request.send("x");
        log.push(`sent: ${request.readyState}`);
        await on.later(150);
        seen.push([type, log]);
      }
      return [beforeLog, on.state(before), seen];
    },
  },
  {
    name: "what is refused when, with which error",
    async run(on) {
      const request = new XMLHttpRequest();
      /** @type {Record<string, () => unknown>} */
      const acts = {
        send: () => request.send("x"),
        header: () => request.setRequestHeader("X-A", "1"),
        credentials: () => (request.withCredentials = true),
        type: () => (request.responseType = "text"),
        mime: () => request.overrideMimeType("text/plain"),
        timeout: () => (request.timeout = 5_000),
        xml: () => request.responseXML,
        text: () => request.responseText,
        header2: () => request.getResponseHeader("content-type"),
      };
      const all = () => Object.entries(acts).filter(([name]) => name !== "send").map(([name, act]) => [name, on.thrown(act)]);
      const seen = [[on.thrown(acts.send), all()]];
      request.open("POST", "/echo?delay=80");
      seen.push([{ returned: "opened" }, all()]);
      const end = on.next(request, "loadend");
      request.send("body");
      seen.push([on.thrown(acts.send), all()]);
      await on.later(5);
      seen.push([on.thrown(acts.send), all()]);
      await on.later(45);
      seen.push([on.thrown(acts.send), all()]);
      await end;
      seen.push([on.thrown(acts.send), all()]);
      return seen;
    },
  },
  {
    name: "wrong arguments",
    isUnasked: true,
    run(on) {
      const open = (/** @type {any[]} */ ...args) => {
        const request = new XMLHttpRequest();
        return [on.thrown(() => Reflect.apply(request.open, request, args)), request.readyState];
      };
      const opened = () => {
        const request = new XMLHttpRequest();
        request.open("POST", "/echo");
        return /** @type {any} */ (request);
      };
      const failing = { toString: () => { throw new RangeError("mine"); } };
      return {
        none: open(),
        one: open("POST"),
        method: open("PO ST", "/echo"),
        forbidden: open("TRACE", "/echo"),
        address: open("POST", "http://["),
        symbol: open(Symbol("x"), "/echo"),
        symbolAddress: open("POST", Symbol("x")),
        failing: open("POST", failing),
        header: on.thrown(() => opened().setRequestHeader("X-A")),
        headerName: on.thrown(() => opened().setRequestHeader("a b", "1")),
        headerValue: on.thrown(() => opened().setRequestHeader("a", "x\ny")),
        headerForbidden: on.thrown(() => opened().setRequestHeader("Host", "x")),
        body: on.thrown(() => opened().send(Symbol("x"))),
        failingBody: on.thrown(() => opened().send(failing)),
        called: on.thrown(() => /** @type {any} */ (XMLHttpRequest)()),
        newSend: on.thrown(() => Reflect.construct(XMLHttpRequest.prototype.send, [])),
        otherThis: ["open", "send", "setRequestHeader", "abort", "getResponseHeader", "overrideMimeType"].map((name) => [
          on.thrown(() => Reflect.apply(Reflect.get(XMLHttpRequest.prototype, name), {}, ["POST", "/echo"])),
          on.thrown(() => Reflect.apply(Reflect.get(XMLHttpRequest.prototype, name), undefined, ["POST", "/echo"])),
          on.thrown(() => Reflect.apply(Reflect.get(XMLHttpRequest.prototype, name), XMLHttpRequest.prototype, ["POST", "/echo"])),
        ]),
      };
    },
  },
  {
    name: "a body that refuses to be a text leaves the request as it was",
    async run(on) {
      const request = new XMLHttpRequest();
      const log = on.watched(request);
      request.open("POST", "/echo");
      const reason = new RangeError("mine");
      let thrown;
      try {
        request.send(/** @type {any} */ ({ toString: () => { throw reason; } }));
      } catch (error) {
        thrown = error === reason;
      }
      const end = on.next(request, "loadend");
      request.send("after all");
      await end;
      return [thrown, log, on.state(request)];
    },
  },
  {
    name: "objects are asked for their text once, in the call",
    async run(on) {
      /** @type {string[]} */
      const log = [];
      const text = (/** @type {string} */ name, /** @type {string} */ value) =>
        /** @type {any} */ ({ toString: () => (log.push(name), value) });
      const request = new XMLHttpRequest();
      request.open(text("method", "POST"), text("address", "/echo?reply=json"), true, text("user", ""), text("password", ""));
      log.push("opened");
      request.setRequestHeader(text("name", "X-A"), text("value", "1"));
      const end = on.next(request, "loadend");
      request.send(text("body", "said"));
      log.push("sent");
      await end;
      return [log, JSON.parse(request.responseText)];
    },
    // To know such an address it would have to be asked for its text.
    isUnasked: true,
  },
  {
    name: "a time limit that passes while the request is on its way",
    isRace: true,
    async run(on) {
      const seen = [];
      for (const limit of [1, 15, 150]) {
        const request = new XMLHttpRequest();
        // How far the upload is by then is chance.
        const log = on.watched(request, false);
        request.open("POST", "/echo?delay=900");
        request.timeout = limit;
        const end = on.next(request, "loadend");
        request.send("x");
        log.push(`sent: ${request.timeout}`);
        await end;
        seen.push([log, on.state(request)]);
      }
      return seen;
    },
  },
  {
    name: "a time limit is read as it was set, and set anew, at any time",
    isRace: true,
    async run(on) {
      const request = new XMLHttpRequest();
      const log = on.watched(request, false);
      request.timeout = 7_000;
      request.open("POST", "/echo?delay=700");
      const limits = [request.timeout];
      const end = on.next(request, "loadend");
      request.send("x");
      limits.push(request.timeout);
      await on.later(10);
      limits.push(request.timeout);
      await on.later(60);
      limits.push(request.timeout);
      request.timeout = 120;
      limits.push(request.timeout);
      await end;
      limits.push(request.timeout);
      const early = new XMLHttpRequest();
      const earlyLog = on.watched(early, false);
      early.open("POST", "/echo?delay=700");
      const earlyEnd = on.next(early, "loadend");
      early.send("x");
      early.timeout = 150;
      const read = early.timeout;
      await earlyEnd;
      const undone = new XMLHttpRequest();
      undone.open("POST", "/echo?delay=400");
      undone.timeout = 200;
      const undoneLog = on.watched(undone, false);
      const undoneEnd = on.next(undone, "loadend");
      undone.send("x");
      undone.timeout = 0;
      await undoneEnd;
      return { log, limits, earlyLog, read, after: early.timeout, undoneLog, undone: undone.timeout };
    },
  },
  {
    name: "what is set right after send counts as it would",
    async run(on) {
      const seen = [];
      /** @type {Record<string, (request: XMLHttpRequest) => void>} */
      const acts = {
        type: (request) => (request.responseType = "arraybuffer"),
        mime: (request) => request.overrideMimeType("text/plain; charset=utf-16le"),
        credentials: (request) => (request.withCredentials = true),
        header: (request) => request.setRequestHeader("X-Late", "1"),
      };
      for (const [name, act] of Object.entries(acts)) {
        const request = new XMLHttpRequest();
        request.open("POST", "/echo");
        const end = on.next(request, "loadend");
        request.send("abcd");
        const thrown = on.thrown(() => act(request));
        await end;
        seen.push([name, thrown, on.state(request)]);
      }
      return seen;
    },
  },
  {
    name: "upload listeners that come after send hear nothing, and ask for no preflight",
    known: [
      {
        why: WHY.uploadListeners, way: "every call waits",
        at: [
          '.saw.saw[0] has "loadstart"',
          '.saw.saw[0] has "progress"',
          '.saw.saw[0] has "load"',
          '.saw.saw[0] has "loadend"',
        ],
      },
      // Not where the browser remembers the answer that it got for another case.
      { why: WHY.uploadListeners, way: "every call waits", sometimes: true, at: [".arrived*"] },
    ],
    async run(on) {
      const request = new XMLHttpRequest();
      /** @type {string[]} */
      const log = [];
      request.open("POST", `${on.other}/echo`);
      const end = on.next(request, "loadend");
      request.send("x");
      for (const type of ["loadstart", "progress", "load", "loadend"]) {
        request.upload.addEventListener(type, () => log.push(type));
      }
      await end;
      return [log, on.state(request)];
    },
  },
  {
    name: "every kind of answer",
    async run(on) {
      const seen = [];
      for (const type of /** @type {const} */ (["", "text", "json", "arraybuffer", "blob", "document"])) {
        for (const [query, body] of [["type=application/json", '{"a":1}'], ["type=text/xml", "<a>b</a>"], ["type=text/html", "<p>c"]]) {
          const request = new XMLHttpRequest();
          request.responseType = type;
          request.open("POST", `/echo?${query}`);
          const end = on.next(request, "loadend");
          request.send(body);
          await end;
          const { response } = request;
          const value =
            type === "json" ? response
            : type === "arraybuffer" ? [...new Uint8Array(response)]
            : type === "blob" ? [response.type, await response.text()]
            : response?.documentElement?.outerHTML;
          seen.push([type, query, on.plain(value), on.state(request), request.response === response]);
          seen.push([on.thrown(() => request.responseText), on.thrown(() => request.responseXML?.documentElement.outerHTML)]);
        }
      }
      return seen;
    },
  },
  {
    name: "overrideMimeType, withCredentials and headers",
    async run(on) {
      document.cookie = "mine=1; path=/";
      const seen = [];
      /** @type {((request: XMLHttpRequest) => void)[]} */
      const acts = [
        (request) => request.overrideMimeType("text/xml"),
        (request) => request.overrideMimeType("text/plain; charset=x-user-defined"),
        (request) => (request.withCredentials = true),
        (request) => ["X-Zulu", "x-alpha", "X-Zulu", "X-MIXED"].forEach((name, index) => request.setRequestHeader(name, `${index}`)),
        (request) => request.setRequestHeader("Content-Type", "text/plain;charset=iso-8859-1"),
        (request) => request.setRequestHeader("content-type", "application/json"),
        (request) => request.setRequestHeader("Accept", "a/b"),
        (request) => request.setRequestHeader("Cookie", "forbidden"),
      ];
      for (const act of acts) {
        const request = new XMLHttpRequest();
        request.open("POST", "/echo?reply=json");
        act(request);
        const end = on.next(request, "loadend");
        request.send("ä");
        await end;
        seen.push([JSON.parse(request.responseText), request.responseXML === null, on.state(request), request.getResponseHeader("CONTENT-TYPE")]);
      }
      document.cookie = "mine=1; path=/; max-age=0";
      return seen;
    },
  },
  {
    name: "every kind of body",
    async run(on) {
      const bytes = new Uint8Array([0, 1, 127, 128, 255, 10, 13, 34]).buffer;
      const form = new FormData();
      form.append("a", "zwei\r\nZeilen");
      form.append("file", new File(["in the file"], 'a "file".txt', { type: "text/x-mine" }));
      const xml = document.implementation.createDocument("urn:x", "root", null);
      xml.documentElement.textContent = "名 & ä";
      /** @type {Record<string, any>} */
      const bodies = {
        text: "text äö 名 \ud800 \u0000",
        empty: "",
        null: null,
        undefined: undefined,
        params: new URLSearchParams([["a", "1 2"], ["b", "ä&="]]),
        form,
        blob: new Blob(["a", bytes]),
        "a typed blob": new Blob(['{"a":1}'], { type: "application/json" }),
        file: new File(["file"], "name.json", { type: "application/json" }),
        buffer: bytes,
        view: new DataView(bytes, 2, 3),
        Uint8Array: new Uint8Array(bytes, 4),
        Int16Array: new Int16Array(bytes, 2, 1),
        Float64Array: new Float64Array(bytes),
        BigInt64Array: new BigInt64Array(bytes),
        xml,
        html: document.implementation.createHTMLDocument("title"),
        "a stream": new ReadableStream(),
        "an object": { a: 1 },
        number: 5,
        "a String": new String("object"),
      };
      /** @type {Record<string, unknown>} */
      const seen = {};
      for (const [kind, body] of Object.entries(bodies)) {
        const request = new XMLHttpRequest();
        request.open("POST", "/echo?reply=json");
        const end = on.next(request, "loadend");
        request.send(body);
        await end;
        seen[kind] = JSON.parse(request.responseText);
      }
      for (const method of ["GET", "HEAD", "DELETE", "put", "patch", "Patch", "OPTIONS", "mine"]) {
        const request = new XMLHttpRequest();
        request.open(method, "/echo?reply=json");
        const end = on.next(request, "loadend");
        request.send("a body");
        await end;
        seen[method] = [request.responseText, on.state(request).headers];
      }
      const bare = new XMLHttpRequest();
      bare.open("POST", "/echo?reply=json");
      const end = on.next(bare, "loadend");
      bare.send();
      await end;
      return [seen, bare.responseText];
    },
  },
  {
    name: "a body that its page changes right after send is sent as it was",
    async run(on) {
      /** @type {[any, () => void][]} */
      const bodies = [];
      const bytes = new Uint8Array([65, 66, 67]);
      bodies.push([bytes, () => bytes.fill(90)]);
      const buffer = new Uint8Array([65, 66, 67]).buffer;
      bodies.push([buffer, () => structuredClone(buffer, { transfer: [buffer] })]);
      const form = new FormData();
      form.set("a", "1");
      bodies.push([form, () => form.set("a", "2")]);
      const params = new URLSearchParams("a=1");
      bodies.push([params, () => params.set("a", "2")]);
      const xml = document.implementation.createDocument(null, "before", null);
      bodies.push([xml, () => xml.replaceChild(xml.createElement("after"), xml.documentElement)]);
      const seen = [];
      for (const [body, change] of bodies) {
        const request = new XMLHttpRequest();
        request.open("POST", "/echo?reply=json");
        const end = on.next(request, "loadend");
        request.send(body);
        change();
        await end;
        seen.push(JSON.parse(request.responseText).body);
      }
      return seen;
    },
  },
  {
    name: "a synchronous request",
    async run(on) {
      const request = new XMLHttpRequest();
      const log = on.watched(request);
      request.open("POST", "/echo?reply=json", false);
      request.setRequestHeader("X-A", "1");
      request.send("sync");
      log.push("sent");
      const failing = new XMLHttpRequest();
      failing.open("GET", "/echo?fail=head", false);
      const failed = on.thrown(() => failing.send());
      const strict = new XMLHttpRequest();
      strict.open("POST", "/echo", false);
      return {
        log,
        state: on.state(request),
        echo: JSON.parse(request.responseText),
        failed,
        failedState: on.state(failing),
        type: on.thrown(() => (strict.responseType = "json")),
        timeout: on.thrown(() => (strict.timeout = 5)),
        again: on.thrown(() => request.send("x")),
      };
    },
    isUnasked: true,
    isRace: true,
  },
  {
    name: "failures: no connection, a broken answer, a refused origin, an unknown scheme",
    isRace: true,
    async run(on) {
      const seen = [];
      for (const address of ["/echo?fail=head", "/echo?fail=body&size=1000", "nope://x", "http://127.0.0.1:1/", "/redirect?code=307&to=nope:x"]) {
        const request = new XMLHttpRequest();
        const log = on.watched(request);
        request.open("GET", address);
        const end = on.next(request, "loadend");
        const thrown = on.thrown(() => request.send());
        log.push("sent");
        await end;
        seen.push([address, thrown, log, on.state(request)]);
      }
      return seen;
    },
  },
  {
    name: "one object used again and again",
    async run(on) {
      const request = new XMLHttpRequest();
      const log = on.watched(request);
      for (const body of ["one", "two", "three"]) {
        request.open("POST", "/echo");
        request.setRequestHeader("X-Body", body);
        const end = on.next(request, "loadend");
        request.send(body);
        await end;
        log.push(request.responseText);
      }
      request.open("POST", "/echo?number=4");
      request.open("POST", "/echo?number=5");
      const end = on.next(request, "loadend");
      request.send("five");
      await end;
      return [log, on.state(request)];
    },
  },
  {
    name: "opened anew while a request is on its way, and from its handlers",
    known: [
      {
        why: WHY.uploadLate, way: "every call waits",
        at: [
          '.saw.saw.log lacks "upload loadstart in 1 true 0/3"',
          '.saw.saw.log has "upload loadstart in 1 true 0/3"',
          '.saw.saw.againLog lacks "upload loadstart in 1 true 0/4"',
          '.saw.saw.againLog has "upload loadstart in 1 true 0/4"',
        ],
      },
    ],
    isRace: true,
    async run(on) {
      const request = new XMLHttpRequest();
      const log = on.watched(request);
      request.open("POST", "/echo?delay=300&number=1");
      request.send("one");
      log.push("sent");
      request.open("POST", "/echo?number=2");
      log.push("opened anew");
      const end = on.next(request, "loadend");
      request.send("two");
      await end;
      const again = new XMLHttpRequest();
      const againLog = on.watched(again);
      const chained = new Promise((resolve) => {
        again.onload = () => {
          again.onload = resolve;
          again.open("POST", "/echo?number=4");
          again.send("four");
          againLog.push("sent four");
        };
      });
      again.open("POST", "/echo?number=3");
      again.send("three");
      await chained;
      await on.later(20);
      const nested = new XMLHttpRequest();
      /** @type {unknown[]} */
      const nestedLog = [];
      nested.onreadystatechange = () => nested.readyState === 1 && nestedLog.push(on.thrown(() => nested.send("in the handler")));
      const nestedEnd = on.next(nested, "loadend");
      nested.open("POST", "/echo?number=5");
      nestedLog.push(on.thrown(() => nested.send("after")));
      await nestedEnd;
      return { log, text: request.responseText, againLog, againText: again.responseText, nestedLog, nested: on.state(nested) };
    },
  },
  {
    name: "send in loadstart is refused",
    async run(on) {
      const request = new XMLHttpRequest();
      /** @type {unknown[]} */
      const log = [];
      request.onloadstart = () => {
        log.push(["loadstart", on.thrown(() => request.send("again")), on.thrown(() => request.setRequestHeader("X-A", "1"))]);
      };
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send("x");
      log.push("sent");
      await end;
      return log;
    },
  },
  {
    name: "a subclass, with methods of its own",
    async run(on) {
      /** @type {string[]} */
      const log = [];
      class Own extends XMLHttpRequest {
        mine = 1;
        open(/** @type {any[]} */ ...args) {
          log.push(`open ${args.length}`);
          return Reflect.apply(super.open, this, args);
        }
        send(/** @type {any} */ body) {
          log.push("send");
          super.send(`${body}, by its own`);
        }
        get responseText() {
          return `own ${super.responseText}`;
        }
      }
      const request = new Own();
      const events = on.watched(request);
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send("x");
      await end;
      return [log, events, request.responseText, request.response, request instanceof XMLHttpRequest, Object.keys(request), request.constructor.name];
    },
  },
  {
    name: "functions that a page put in the place of methods are called",
    async run(on) {
      /** @type {string[]} */
      const log = [];
      const { open, send } = XMLHttpRequest.prototype;
      XMLHttpRequest.prototype.open = function (/** @type {any[]} */ ...args) {
        log.push("open");
        return Reflect.apply(open, this, args);
      };
      XMLHttpRequest.prototype.send = function (body) {
        log.push("send");
        return send.call(this, body);
      };
      const request = new XMLHttpRequest();
      Object.defineProperty(request, "own", { value: 1 });
      request.open("POST", "/echo");
      const end = on.next(request, "loadend");
      request.send("x");
      await end;
      Object.assign(XMLHttpRequest.prototype, { open, send });
      return [log, request.responseText];
    },
  },
  {
    name: "addresses: relative, with a base, with a user, with parts",
    async run(on) {
      const seen = [];
      const base = document.createElement("base");
      base.href = "/based/";
      for (const [address, isBased] of /** @type {const} */ ([
        ["echo?reply=json", true],
        ["echo?reply=json#part", false],
        ["", true],
        ["?reply=json", false],
      ])) {
        if (isBased) {
          document.head.append(base);
        }
        const request = new XMLHttpRequest();
        request.open("POST", address);
        base.remove();
        const end = on.next(request, "loadend");
        request.send("x");
        await end;
        seen.push(on.state(request));
      }
      const user = new XMLHttpRequest();
      user.open("POST", "/echo?reply=json", true, "ada", "secret");
      const end = on.next(user, "loadend");
      user.send("x");
      await end;
      return [seen, user.responseText, user.responseURL];
    },
  },
  {
    name: "what a page does right after send does not change the request",
    known: [
      {
        why: WHY.referrer, way: "every call waits",
        at: [
          '.saw.saw.headers lacks "Referer: *"',
          '.saw.saw.headers has "Referer: *elsewhere"',
          '.arrived[0].headers lacks "Referer: *"',
          '.arrived[0].headers has "Referer: *elsewhere"',
        ],
      },
    ],
    async run(on) {
      const before = location.href;
      const request = new XMLHttpRequest();
      request.open("POST", "/echo?reply=json");
      const end = on.next(request, "loadend");
      request.send("x");
      history.pushState({}, "", "/say?elsewhere");
      await end;
      history.replaceState({}, "", before);
      return JSON.parse(request.responseText);
    },
  },
  {
    name: "an object that nobody keeps is answered all the same",
    async run(on) {
      const texts = await Promise.all(
        [1, 2, 3].map(
          (number) =>
            new Promise((resolve) => {
              const request = new XMLHttpRequest();
              request.onload = () => resolve(request.responseText);
              request.open("POST", `/echo?number=${number}`);
              request.send(`${number}`);
            }),
        ),
      );
      return texts;
    },
    isRace: true,
  },
  {
    name: "requests made one after the other leave so",
    async run(on) {
      const requests = [1, 2].map((number) => {
        const request = new XMLHttpRequest();
        request.open("POST", `/echo?delay=50&number=${number}`);
        return request;
      });
      /** @type {number[]} */
      const order = [];
      const ends = requests.map((request, index) => on.next(request, "loadend").then(() => order.push(index)));
      requests[0].send("x");
      await on.later(40);
      requests[1].send("x");
      await Promise.all(ends);
      return order;
    },
  },
]);
