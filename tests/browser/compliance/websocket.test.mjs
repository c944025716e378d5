// @ts-check
/** `WebSocket` looks the same to a page with and without the extension: order, states, closing, what arrives. */

import { threeWays } from "./support/three_ways.mjs";

threeWays([
  {
    name: "texts, bytes, views and blobs leave in their order",
    arrivals: 1,
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      const log = on.heard(socket);
      await on.next(socket, "open");
      const bytes = new Uint8Array([1, 2, 3, 250]).buffer;
      const sent = ["one", new Blob(["two"]), bytes, "three", new Uint8Array(bytes, 1), new DataView(bytes, 2, 1), new Blob([]), "", "name 名 \ud800"];
      for (const data of sent) {
        socket.send(/** @type {any} */ (data));
      }
      await on.count(socket, "message", sent.length);
      socket.close(1000, "done");
      await on.next(socket, "close");
      return log;
    },
  },
  {
    name: "binaryType, before and between messages",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      const seen = [socket.binaryType, on.thrown(() => (socket.binaryType = /** @type {any} */ ("bad"))), socket.binaryType];
      socket.binaryType = "arraybuffer";
      const log = on.heard(socket);
      await on.next(socket, "open");
      socket.send(new Uint8Array([1, 2]));
      await on.next(socket, "message");
      socket.binaryType = "blob";
      socket.send(new Uint8Array([3, 4]));
      await on.next(socket, "message");
      socket.close();
      await on.next(socket, "close");
      return [seen, log];
    },
  },
  {
    name: "what a new socket is",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo?x=1"));
      const opening = on.described(socket);
      await on.next(socket, "open");
      const open = on.described(socket);
      socket.close();
      const closing = on.described(socket);
      await on.next(socket, "close");
      return [opening, open, closing, on.described(socket), Object.keys(socket), `${socket}`, socket instanceof WebSocket, socket instanceof EventTarget];
    },
    isUnasked: true,
  },
  {
    name: "wrong arguments",
    isUnasked: true,
    isRace: true,
    run(on) {
      const make = (/** @type {any[]} */ ...args) =>
        on.thrown(() => (Reflect.construct(/** @type {any} */ (WebSocket), args).close(), "made"));
      const reason = new RangeError("mine");
      const failing = { toString: () => { throw reason; } };
      return {
        none: make(),
        symbol: make(Symbol("x")),
        scheme: make("ftp://127.0.0.1/"),
        bad: make("ws://["),
        fragment: make(`${on.socket("/ws/none")}#part`),
        relative: make("/ws/none"),
        http: make(`${on.site}/ws/none`),
        protocol: make(on.socket("/ws/none"), "a b"),
        twice: make(on.socket("/ws/none"), ["a", "a"]),
        empty: make(on.socket("/ws/none"), ""),
        failing: make(failing),
        called: on.thrown(() => /** @type {any} */ (WebSocket)(on.socket("/ws/none"))),
        other: on.thrown(() => Reflect.apply(WebSocket.prototype.send, {}, ["x"])),
        onPrototype: on.thrown(() => WebSocket.prototype.send("x")),
        readOnly: on.thrown(() => Reflect.get(WebSocket.prototype, "readyState", {})),
      };
    },
  },
  {
    name: "send before it is open, with wrong arguments, and after its end",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      const log = on.heard(socket);
      const early = on.thrown(() => socket.send("x"));
      await on.next(socket, "open");
      const failing = { toString: () => { throw new RangeError("mine"); } };
      const wrong = [
        on.thrown(() => Reflect.apply(socket.send, socket, [])),
        on.thrown(() => socket.send(/** @type {any} */ (Symbol("x")))),
        on.thrown(() => socket.send(/** @type {any} */ (failing))),
      ];
      for (const data of /** @type {any[]} */ ([null, undefined, 5, { a: 1 }, ["a", "b"], true])) {
        socket.send(data);
      }
      Reflect.apply(socket.send, socket, ["more", "arguments"]);
      await on.count(socket, "message", 7);
      socket.close();
      const closing = [on.thrown(() => socket.send("late")), socket.bufferedAmount];
      await on.next(socket, "close");
      const closed = [on.thrown(() => socket.send("too late")), socket.bufferedAmount, socket.readyState];
      return { early, wrong, closing, closed, log };
    },
  },
  {
    name: "bufferedAmount right after send, and once all is gone",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      await on.next(socket, "open");
      const amounts = [socket.bufferedAmount];
      for (const data of ["text", "名", new Blob(["blob"]), new Uint8Array(10), new ArrayBuffer(5), ""]) {
        socket.send(data);
        amounts.push(socket.bufferedAmount);
      }
      await on.count(socket, "message", 6);
      amounts.push(socket.bufferedAmount);
      socket.send("one");
      socket.close();
      amounts.push(socket.bufferedAmount);
      socket.send("refused");
      amounts.push(socket.bufferedAmount);
      await on.next(socket, "close");
      return amounts;
    },
  },
  {
    name: "close codes and reasons, those that are allowed and those that are not",
    arrivals: 7,
    isUnasked: true,
    async run(on) {
      const seen = [];
      /** @type {any[][]} */
      const all = [[], [1000], [1000, "reason"], [3000, "名"], [4999], [undefined, "alone"], [null], [999], [1001], [1006], [2999], [5000], ["x"], [1000, "x".repeat(124)], [1000, "x".repeat(123)]];
      for (const args of all) {
        const socket = new WebSocket(on.socket("/ws/echo"));
        await on.next(socket, "open");
        const thrown = on.thrown(() => Reflect.apply(socket.close, socket, args));
        if ("thrown" in thrown) {
          socket.close(4000, "after all");
        }
        const { code, reason, wasClean } = await on.next(socket, "close");
        seen.push([args, thrown, code, reason.length, wasClean]);
      }
      return seen;
    },
  },
  {
    name: "close while sends wait: all of them arrive first",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      const log = on.heard(socket);
      await on.next(socket, "open");
      socket.send("one");
      socket.send(new Blob(["two"]));
      socket.send("three");
      socket.close(4001, "enough");
      log.push(`closed: ${socket.readyState}`);
      socket.close(4002, "again");
      await on.next(socket, "close");
      // Whether an echo comes before the end is chance; what arrived at the service is not.
      return [log.filter((event) => !event.startsWith("message")), socket.readyState];
    },
  },
  {
    name: "close before it is open",
    isRace: true,
    isUnasked: true,
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo?opens=300"));
      const log = on.heard(socket);
      socket.close(1000, "early");
      log.push(`closed: ${socket.readyState}`);
      await on.next(socket, "close");
      // The service opens it all the same.
      await on.later(400);
      return log;
    },
  },
  {
    name: "the service closes after a message, at once, with a code and a reason",
    async run(on) {
      const seen = [];
      for (const [query, count] of /** @type {const} */ ([["closeAfter=1&code=4005&reason=enough", 1], ["closeAfter=2&code=1000", 2], ["closeAfter=0&code=1011&reason=x", 0]])) {
        const socket = new WebSocket(on.socket(`/ws/echo?${query}`));
        const log = on.heard(socket);
        const end = on.next(socket, "close");
        await on.next(socket, "open");
        for (let index = 0; index < count; index += 1) {
          socket.send(`message ${index}`);
        }
        await end;
        seen.push([log, on.thrown(() => socket.send("late")), socket.bufferedAmount]);
      }
      return seen;
    },
  },
  {
    name: "the service closes while a send waits",
    isRace: true,
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo?closeAfter=1&code=4006&reason=enough"));
      const log = on.heard(socket);
      const end = on.next(socket, "close");
      await on.next(socket, "open");
      socket.send("first");
      await on.next(socket, "message");
      log.push(on.told(() => socket.send("second")));
      await end;
      await on.later(60);
      return log;
    },
  },
  {
    name: "protocols",
    isUnasked: true,
    async run(on) {
      const seen = [];
      for (const [query, protocols] of /** @type {const} */ ([["", undefined], ["", "a"], ["", ["a", "b"]], ["protocol=b", ["a", "b"]], ["protocol=c", ["a", "b"]], ["", []]])) {
        const socket = new WebSocket(on.socket(`/ws/echo?${query}`), /** @type {any} */ (protocols));
        const log = on.heard(socket);
        const before = socket.protocol;
        const end = on.next(socket, "close");
        await Promise.race([on.next(socket, "open"), end]);
        seen.push([protocols, query, before, socket.protocol, socket.extensions]);
        socket.close();
        await end;
        seen.push(log);
      }
      return seen;
    },
  },
  {
    name: "a socket that cannot be opened",
    isUnasked: true,
    isRace: true,
    async run(on) {
      const seen = [];
      for (const address of ["ws://127.0.0.1:1/", on.socket("/echo").replace("ws:", "wss:"), on.socket("/refused")]) {
        const socket = new WebSocket(address);
        const log = on.heard(socket);
        await on.next(socket, "close");
        seen.push([log, socket.readyState]);
      }
      return seen;
    },
  },
  {
    name: "properties and listeners hear in their turn",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      /** @type {string[]} */
      const log = [];
      socket.addEventListener("message", () => log.push("first"));
      const heard = new Promise((resolve) => {
        socket.onmessage = (event) => resolve(note(event));
      });
      const note = (/** @type {MessageEvent} */ event) => log.push(`property ${event.data} ${event.origin === on.socket("")} ${event.target === socket} ${event.isTrusted} ${event.lastEventId} ${event.ports.length}`);
      socket.addEventListener("message", { handleEvent: () => log.push("object") });
      socket.addEventListener("message", (event) => event.stopImmediatePropagation());
      socket.addEventListener("message", () => log.push("never"));
      socket.onopen = () => socket.send("x");
      await heard;
      const { onmessage } = socket;
      socket.onmessage = null;
      socket.close();
      socket.onclose = (event) => log.push(`close ${event.constructor.name}`);
      await on.next(socket, "close");
      return [log, typeof onmessage];
    },
  },
  {
    name: "the messages in between sends that wait",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      const log = on.heard(socket);
      socket.addEventListener("message", ({ data }) => {
        if (data.length < 5) {
          socket.send(`${data}+`);
          log.push(`answered ${data}`);
        }
      });
      await on.next(socket, "open");
      socket.send("a");
      await on.count(socket, "message", 5);
      socket.close();
      await on.next(socket, "close");
      return log;
    },
  },
  {
    name: "bytes that their page changes right after send are sent as they were",
    arrivals: 1,
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      socket.binaryType = "arraybuffer";
      const log = on.heard(socket);
      await on.next(socket, "open");
      const bytes = new Uint8Array([65, 66, 67]);
      socket.send(bytes);
      bytes.fill(90);
      const moved = new Uint8Array([68, 69]).buffer;
      socket.send(moved);
      structuredClone(moved, { transfer: [moved] });
      await on.count(socket, "message", 2);
      socket.close();
      await on.next(socket, "close");
      return log;
    },
  },
  {
    name: "a subclass, and `Reflect.construct`",
    async run(on) {
      class Own extends WebSocket {
        mine = 1;
        /** @type {string[]} */
        log = [];
        send(/** @type {any} */ data) {
          this.log.push(`send ${data}`);
          super.send(`${data}, by its own`);
        }
      }
      const socket = new Own(on.socket("/ws/echo"));
      await on.next(socket, "open");
      socket.send("x");
      const { data } = await on.next(socket, "message");
      socket.close();
      await on.next(socket, "close");
      class Plain {}
      const constructed = Reflect.construct(WebSocket, [on.socket("/ws/echo")], Plain);
      const constructedEnd = new Promise((resolve) => EventTarget.prototype.addEventListener.call(constructed, "close", resolve));
      const seen = [constructed instanceof Plain, constructed instanceof WebSocket, on.thrown(() => Reflect.apply(WebSocket.prototype.close, constructed, []))];
      // It may reach the service before it is closed, and must not do so in the next case.
      await constructedEnd;
      const old = /** @type {any} */ (function (/** @type {string} */ address) {
        return Reflect.construct(WebSocket, [address], old);
      });
      old.prototype = Object.create(WebSocket.prototype);
      const late = new old(on.socket("/ws/echo"));
      const lateEnd = on.next(late, "close");
      late.close();
      await lateEnd;
      return [socket.log, data, socket instanceof Own, socket instanceof WebSocket, socket.constructor.name, Object.keys(socket), seen, late instanceof WebSocket];
    },
    isRace: true,
  },
  {
    name: "the constructor's own parts",
    isUnasked: true,
    run(on) {
      const own = Reflect.ownKeys(WebSocket).map((key) => [String(key), on.described(Object.getOwnPropertyDescriptor(WebSocket, key))]);
      const { CONNECTING, OPEN, CLOSING, CLOSED } = WebSocket;
      return [
        own,
        [CONNECTING, OPEN, CLOSING, CLOSED],
        WebSocket.prototype.constructor === WebSocket,
        Object.getPrototypeOf(WebSocket) === EventTarget,
        Reflect.ownKeys(WebSocket.prototype).map(String),
        on.thrown(() => (/** @type {any} */ (WebSocket).OPEN = 7)),
        WebSocket.OPEN,
      ];
    },
  },
  {
    name: "a large message, and many small ones",
    async run(on) {
      const socket = new WebSocket(on.socket("/ws/echo"));
      await on.next(socket, "open");
      /** @type {number[]} */
      const lengths = [];
      const all = on.count(socket, "message", 41);
      socket.addEventListener("message", ({ data }) => lengths.push(data.length));
      socket.send("x".repeat(500_000));
      for (let index = 0; index < 40; index += 1) {
        socket.send("y".repeat(index));
      }
      await all;
      socket.close();
      await on.next(socket, "close");
      return lengths;
    },
  },
  {
    name: "two sockets do not wait for each other's order",
    arrivals: 2,
    async run(on) {
      const sockets = [1, 2].map((number) => new WebSocket(on.socket(`/ws/echo?number=${number}`)));
      await Promise.all(sockets.map((socket) => on.next(socket, "open")));
      const logs = sockets.map((socket) => on.heard(socket));
      for (let index = 0; index < 3; index += 1) {
        sockets.forEach((socket, number) => socket.send(`${number}: ${index}`));
      }
      await Promise.all(sockets.map((socket) => on.count(socket, "message", 3)));
      sockets.forEach((socket) => socket.close());
      await Promise.all(sockets.map((socket) => on.next(socket, "close")));
      return logs;
    },
    isRace: true,
  },
]);
