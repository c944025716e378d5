// @ts-check
/** Services that the compliance tests start beside their own, for the protocols that it does not speak. */

import { createServer } from "node:http";
import { Server } from "socket.io";
import { startPlayground } from "../../support/processes.mjs";
import { until } from "../../support/wait.mjs";

/** What is asked for in an address by chance: a session, and a number that keeps caches out. */
const CHANCE = /&?\b(sid|t)=[^&]*/g;

/** @typedef {{path: string, [what: string]: unknown}} Arrival */

/** The playground, of which `/ws/graphql` speaks `graphql-transport-ws`; each message that it received is an arrival. */
export async function startGraphql() {
  const playground = await startPlayground({ isQuiet: true });
  let last = 0;
  return {
    origin: playground.site,
    async arrived() {
      const answer = await fetch(`${playground.site}/received?after=${last}`);
      /** @type {any[]} */
      const received = await answer.json();
      const sockets = [...new Set(received.map(({ connection }) => connection))];
      return received.map((one) => ({
        path: one.path,
        headers: one.headers.filter((/** @type {[string, string]} */ [name]) => name !== "sec-websocket-key"),
        body: Buffer.from(one.bodyBase64, "base64").toString(),
        socket: sockets.indexOf(one.connection),
      }));
    },
    async forget() {
      last = await playground.last();
    },
    stop: playground.stop,
  };
}

/**
 * A socket.io server of another origin. It answers
 *
 * | event | with |
 * | --- | --- |
 * | `echo` | an acknowledgement with the same arguments |
 * | `say` | the event `said` with the same arguments |
 * | `all` | the event `told` to every client |
 * | `ask` | the event `asked`, and the event `answered` with what that is acknowledged with |
 * | `drop` | a lost connection |
 * | `leave` | a disconnection |
 *
 * and refuses the namespace `/closed` to all whose `auth` has no `token` of `right`.
 */
export async function startSocketIo() {
  let arrivals = noArrivals();
  const http = createServer();
  const io = new Server(http, { cors: { origin: true, credentials: true }, serveClient: false, pingInterval: 150 });
  for (const what of ["request", "upgrade"]) {
    http.prependListener(what, (/** @type {import("node:http").IncomingMessage} */ request) => {
      const { method = "", url = "" } = request;
      const arrival = { path: url.replaceAll(CHANCE, (_, name) => (name === "sid" ? "&sid" : "")), method, headers: headersOf(request) };
      if (method === "OPTIONS") {
        arrivals.preflights.set(JSON.stringify(arrival), arrival);
      } else if (!url.includes("sid=") || what === "upgrade") {
        arrivals.handshakes.push(arrival);
      }
    });
  }
  io.of("/closed").use((socket, next) => {
    const error = Object.assign(new Error("not with this token"), { data: { token: socket.handshake.auth.token } });
    next(socket.handshake.auth.token === "right" ? undefined : error);
  });
  for (const namespace of [io.of("/"), io.of("/closed")]) {
    namespace.on("connection", (socket) => {
      /** @type {Arrival[]} */
      const events = [];
      arrivals.events.push(events);
      const note = (/** @type {string} */ path, /** @type {unknown[]} */ ...more) => events.push({ path: `${namespace.name} ${path}`, more });
      note("connects", socket.handshake.auth, socket.conn.transport.name);
      socket.onAny((event, ...args) => note(event, shown(args)));
      socket.on("echo", (...args) => args.pop()(...args));
      socket.on("say", (...args) => socket.emit("said", ...args));
      socket.on("all", (...args) => io.emit("told", ...args));
      socket.on("ask", () => socket.timeout(5_000).emit("asked", (/** @type {unknown} */ error, /** @type {unknown} */ answer) => socket.emit("answered", error, answer)));
      socket.on("drop", () => socket.conn.close());
      socket.on("leave", () => socket.disconnect());
      socket.on("disconnect", (reason) => note("disconnects", reason));
    });
  }
  await new Promise((resolve) => http.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    async arrived() {
      await until("the end of every connection", async () => io.engine.clientsCount, (count) => count === 0);
      const { handshakes, events, preflights } = arrivals;
      return [...handshakes, ...events.flat(), ...[...preflights.keys()].sort().map((key) => /** @type {Arrival} */ (preflights.get(key)))];
    },
    forget() {
      // Those that a case left open, since it failed.
      io.disconnectSockets(true);
      arrivals = noArrivals();
    },
    stop: () => io.close(),
  };
}

/**
 * What arrived at the socket.io server. How often it is polled is chance, so preflights are counted once; and a socket's
 * end may come after the next one's beginning, so each has its own events.
 */
function noArrivals() {
  return {
    /** @type {Arrival[]} */
    handshakes: [],
    /** @type {Arrival[][]} */
    events: [],
    /** @type {Map<string, Arrival>} */
    preflights: new Map(),
  };
}

/** @param {import("node:http").IncomingMessage} request */
function headersOf({ rawHeaders }) {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 && name !== "Sec-WebSocket-Key" ? [`${name}: ${rawHeaders[index + 1]}`] : []));
}

/**
 * What arrived as JSON can say it; bytes are told from texts.
 * @param {unknown[]} args
 */
function shown(args) {
  const plain = (/** @type {any} */ value) => (value?.type === "Buffer" ? { bytes: value.data } : value);
  return JSON.parse(JSON.stringify(args.filter((arg) => typeof arg !== "function")), (_, value) => plain(value));
}
