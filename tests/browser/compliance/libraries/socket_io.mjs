// @ts-check
/** What socket.io-client 4 reports and sends to a real server of another origin, over each of its transports. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const SOCKET_IO = [
  {
    name: "socket.io: events and acknowledgements over polling, over a WebSocket, and from one to the other",
    async run(on) {
      const { io } = /** @type {any} */ (window);
      const seen = [];
      for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
        const socket = io(on.beside.socketIo, { transports, forceNew: true, query: { of: transports.join() } });
        const { engine } = socket.io;
        /** @type {unknown[]} */
        const log = [];
        socket.onAny((/** @type {unknown[]} */ ...args) => log.push(["any", ...args]));
        socket.onAnyOutgoing((/** @type {unknown[]} */ ...args) => log.push(["outgoing", args[0], args.length]));
        const isUpgraded = transports.length === 1 || new Promise((resolve) => engine.once("upgrade", (/** @type {any} */ { name }) => resolve(name)));
        socket.emit("say", "before it is connected", 1);
        await new Promise((resolve) => socket.once("said", resolve));
        const upgraded = await isUpgraded;
        const answer = await socket.emitWithAck("echo", "名", { a: [1, null] }, 5);
        const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => new Promise((resolve) => socket.emit("echo", at, resolve))));
        socket.emit("ask");
        socket.once("asked", (/** @type {Function} */ acknowledge) => acknowledge({ mine: true }));
        const asked = await new Promise((resolve) => socket.once("answered", (/** @type {unknown[]} */ ...args) => resolve(args)));
        const end = new Promise((resolve) => socket.once("disconnect", resolve));
        seen.push([transports, upgraded, engine.transport.name, socket.connected, answer, answers, asked, log]);
        socket.disconnect();
        seen.push([await end, socket.connected, socket.active]);
      }
      return seen;
    },
  },
  {
    name: "socket.io: bytes, blobs, and a large message",
    async run(on) {
      const { io } = /** @type {any} */ (window);
      const seen = [];
      for (const transports of [["polling"], ["websocket"]]) {
        const socket = io(on.beside.socketIo, { transports, forceNew: true });
        const told = (/** @type {any} */ value) => value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value instanceof Blob ? value.size : value;
        const sent = [new Uint8Array([1, 2, 250]), { deep: [new ArrayBuffer(2)], text: "ä" }, new Blob(["blob"])];
        const [bytes, nested, blob] = await new Promise((resolve) => socket.emit("echo", ...sent, (/** @type {unknown[]} */ ...args) => resolve(args)));
        const large = await socket.emitWithAck("echo", "x".repeat(70_000));
        const plain = await socket.compress(false).timeout(5_000).emitWithAck("echo", new Uint8Array(0));
        socket.emit("say", new Uint8Array([9]).buffer);
        const said = await new Promise((resolve) => socket.once("said", resolve));
        seen.push([told(bytes), nested.deep.map(told), nested.text, told(blob), large.length, told(plain), told(said)]);
        socket.disconnect();
      }
      return seen;
    },
  },
  {
    name: "socket.io: authorization, namespaces over one connection, and who is refused",
    async run(on) {
      const { io } = /** @type {any} */ (window);
      const seen = [];
      for (const transports of [["polling"], ["websocket"]]) {
        let token = "wrong";
        const options = { transports, forceNew: true, withCredentials: true, extraHeaders: { "X-Asks": "first" }, auth: (/** @type {Function} */ give) => on.later().then(() => give({ token })) };
        const socket = io(`${on.beside.socketIo}/closed`, options);
        const refused = await new Promise((resolve) => socket.once("connect_error", resolve));
        seen.push([on.error(refused), refused.data, socket.active, socket.connected]);
        token = "right";
        socket.connect();
        await new Promise((resolve) => socket.once("connect", resolve));
        const second = socket.io.socket("/", { auth: { of: "main" } });
        seen.push(await socket.emitWithAck("echo", "in closed"), await second.emitWithAck("echo", "in main"));
        const unknown = socket.io.socket("/unknown");
        seen.push(on.error(await new Promise((resolve) => unknown.once("connect_error", resolve))));
        socket.disconnect();
        seen.push(await second.emitWithAck("echo", "still there"));
        second.disconnect();
        unknown.disconnect();
      }
      return seen;
    },
  },
  {
    name: "socket.io: a lost connection is made again, and what was emitted meanwhile is sent",
    async run(on) {
      const { io } = /** @type {any} */ (window);
      const seen = [];
      for (const transports of [["polling"], ["websocket"]]) {
        const socket = io(on.beside.socketIo, { transports, forceNew: true, reconnectionDelay: 60, randomizationFactor: 0 });
        /** @type {unknown[]} */
        const log = [];
        socket.volatile.emit("echo", "lost, since nothing is open yet", () => log.push("never"));
        for (const name of ["connect", "disconnect"]) {
          socket.on(name, (/** @type {unknown} */ reason) => log.push([name, reason]));
        }
        for (const name of ["open", "close", "error", "reconnect_attempt", "reconnect"]) {
          socket.io.on(name, (/** @type {unknown} */ told) => log.push([`manager ${name}`, typeof told === "object" ? on.error(told) : told]));
        }
        await new Promise((resolve) => socket.once("connect", resolve));
        socket.emit("drop");
        await new Promise((resolve) => socket.once("disconnect", resolve));
        const kept = await socket.emitWithAck("echo", "kept");
        seen.push([transports, log, kept, socket.recovered]);
        socket.disconnect();
      }
      return seen;
    },
  },
  {
    name: "socket.io: a server that disconnects, answers that do not come, pings, and a message to all",
    async run(on) {
      const { io } = /** @type {any} */ (window);
      const seen = [];
      for (const transports of [["polling"], ["websocket"]]) {
        const [socket, other] = [1, 2].map(() => io(on.beside.socketIo, { transports, forceNew: true, autoConnect: false }));
        const isEarly = [socket.connected, socket.active];
        socket.connect();
        await new Promise((resolve) => socket.once("connect", resolve));
        other.connect();
        await new Promise((resolve) => other.once("connect", resolve));
        const told = Promise.all([socket, other].map((one) => new Promise((resolve) => one.once("told", resolve))));
        other.emit("all", "hello");
        const unanswered = await on.settled(socket.timeout(80).emitWithAck("unknown"));
        for (const _ of ["one ping", "another"]) {
          await new Promise((resolve) => socket.io.once("ping", resolve));
        }
        socket.emit("leave");
        const reason = await new Promise((resolve) => socket.once("disconnect", resolve));
        seen.push([isEarly, await told, unanswered, reason, socket.active, socket.connected]);
        other.disconnect();
      }
      return seen;
    },
  },
  {
    name: "socket.io: what cannot be connected is tried so many times",
    isUnasked: true,
    async run(on) {
      const { io } = /** @type {any} */ (window);
      const seen = [];
      for (const transports of [["polling"], ["websocket"]]) {
        const socket = io("http://127.0.0.1:1", { transports, forceNew: true, reconnectionAttempts: 2, reconnectionDelay: 10, randomizationFactor: 0 });
        /** @type {unknown[]} */
        const log = [];
        socket.on("connect_error", (/** @type {any} */ error) => log.push([on.error(error), error.description, error.type, socket.active]));
        socket.io.on("reconnect_attempt", (/** @type {number} */ attempt) => log.push(attempt));
        await new Promise((resolve) => socket.io.once("reconnect_failed", resolve));
        seen.push([log, socket.active]);
        socket.disconnect();
      }
      return seen;
    },
  },
];
