// @ts-check
/** What reconnecting-websocket 4 reports and sends. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const RECONNECTING_WEBSOCKET = [
  {
    name: "reconnecting-websocket: messages that wait for it to open, texts, bytes, and the close",
    arrivals: 1,
    async run(on) {
      const { ReconnectingWebSocket } = /** @type {any} */ (window);
      const socket = new ReconnectingWebSocket(on.socket("/ws/echo?protocol=second"), ["first", "second"], { minUptime: 10 });
      socket.binaryType = "arraybuffer";
      const log = on.heard(socket);
      const early = [socket.readyState, socket.url, socket.retryCount];
      const sent = ["one", new Uint8Array([1, 2, 250]), "名", new Blob(["blob"]), new Uint8Array([3]).buffer];
      sent.forEach((data) => socket.send(data));
      const queued = socket.bufferedAmount;
      await on.count(socket, "message", sent.length);
      socket.send("six");
      await on.next(socket, "message");
      const open = [socket.readyState, socket.url, socket.protocol, socket.extensions, socket.bufferedAmount, socket.retryCount];
      socket.close(4001, "done");
      const closing = socket.readyState;
      await on.next(socket, "close");
      await on.later(50);
      return [early, queued, open, closing, log, socket.readyState];
    },
  },
  {
    name: "reconnecting-websocket: a server that closes after each message",
    arrivals: 3,
    async run(on) {
      const { ReconnectingWebSocket } = /** @type {any} */ (window);
      let made = 0;
      const provide = () => Promise.resolve(on.socket(`/ws/echo?closeAfter=1&code=1012&reason=restarts&number=${++made}`));
      const socket = new ReconnectingWebSocket(provide, [], { minReconnectionDelay: 10, maxReconnectionDelay: 20, minUptime: 5_000 });
      const log = on.heard(socket);
      const counts = [];
      for (const text of ["one", "two", "three"]) {
        const closed = on.next(socket, "close");
        socket.send(text);
        await closed;
        counts.push(socket.retryCount);
      }
      socket.close();
      await on.later(80);
      return [log, counts, made, socket.readyState];
    },
  },
  {
    name: "reconnecting-websocket: reconnects when asked, starts closed, and keeps so many messages",
    arrivals: 3,
    async run(on) {
      const { ReconnectingWebSocket } = /** @type {any} */ (window);
      const socket = new ReconnectingWebSocket(() => on.socket("/ws/echo"), undefined, { startClosed: true, maxEnqueuedMessages: 2 });
      /** @type {unknown[]} */
      const log = on.heard(socket);
      socket.onopen = (/** @type {Event} */ event) => log.push(`onopen ${event.type}`);
      socket.onclose = (/** @type {CloseEvent} */ { code, reason, wasClean }) => log.push(`onclose ${code} ${reason} ${wasClean}`);
      socket.onmessage = (/** @type {MessageEvent} */ { data, origin }) => log.push(`onmessage ${data} ${origin}`);
      const early = socket.readyState;
      ["kept 1", "kept 2", "lost"].forEach((text) => socket.send(text));
      socket.reconnect();
      await on.count(socket, "message", 2);
      socket.reconnect(4002, "again");
      socket.send("while it reconnects");
      await on.next(socket, "message");
      socket.close();
      await on.next(socket, "close");
      socket.reconnect();
      await on.next(socket, "open");
      socket.close();
      await on.next(socket, "close");
      return [early, log];
    },
  },
  {
    name: "reconnecting-websocket: what cannot be connected is tried so many times",
    isUnasked: true,
    async run(on) {
      const { ReconnectingWebSocket } = /** @type {any} */ (window);
      const seen = [];
      for (const url of ["ws://127.0.0.1:1/", on.socket("/nothing")]) {
        const socket = new ReconnectingWebSocket(url, [], { minReconnectionDelay: 5, maxReconnectionDelay: 10, maxRetries: 2 });
        const log = on.heard(socket);
        socket.send("never");
        await on.count(socket, "error", 3);
        await on.later(100);
        seen.push([log, socket.retryCount, socket.bufferedAmount]);
        socket.close();
      }
      return seen;
    },
  },
];
