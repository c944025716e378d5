// @ts-check
/** What graphql-ws 6 reports and sends; the playground's `/ws/graphql` answers it. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const GRAPHQL_WS = [
  {
    name: "graphql-ws: subscriptions, one that is left, and a query, with parameters of the connection and of each",
    async run(on) {
      const { graphqlWs } = /** @type {any} */ (window);
      /** @type {unknown[]} */
      const log = [];
      const events = ["connecting", "opened", "connected", "message", "closed", "error"];
      const told = (/** @type {any} */ value) => value instanceof WebSocket ? `${value.protocol} ${value.readyState}` : value instanceof CloseEvent ? [value.code, value.reason, value.wasClean] : value;
      let id = 0;
      let end = (/** @type {unknown} */ _) => {};
      const closed = new Promise((resolve) => (end = resolve));
      const client = graphqlWs.createClient({
        url: `${on.beside.graphql.replace("http", "ws")}/ws/graphql?x=1`,
        connectionParams: async () => ({ token: await on.later().then(() => "名") }),
        generateID: () => `id-${++id}`,
        lazyCloseTimeout: 50,
        on: Object.fromEntries(events.map((name) => [name, (/** @type {any[]} */ ...args) => (log.push([name, ...args.map(told)]), name === "closed" && end(0))])),
      });
      const all = await Promise.all([1, 2].map((number) => new Promise((resolve) => {
        /** @type {unknown[]} */
        const seen = [];
        client.subscribe({ query: "subscription Starts($n: Int) { started }", operationName: "Starts", variables: { n: number, text: "ä" }, extensions: { e: 1 } }, {
          next: (/** @type {any} */ result) => seen.push(result),
          error: (/** @type {any} */ error) => resolve([seen, on.error(error)]),
          complete: () => resolve([seen, "complete"]),
        });
      })));
      const results = [];
      for await (const result of client.iterate({ query: "subscription { started }" })) {
        results.push(result);
      }
      const left = await new Promise((resolve) => {
        /** @type {unknown[]} */
        const seen = [];
        const leave = client.subscribe({ query: "subscription { left }" }, {
          next: (/** @type {any} */ result) => (seen.push(result), leave()),
          error: (/** @type {any} */ error) => resolve([seen, on.error(error)]),
          complete: () => resolve([seen, "complete"]),
        });
      });
      const query = await client.iterate({ query: "{ started }" }).next();
      await closed;
      return [all, results, left, query, log];
    },
  },
  {
    name: "graphql-ws: pings that keep it alive, and the end",
    async run(on) {
      const { graphqlWs } = /** @type {any} */ (window);
      const url = `${on.beside.graphql.replace("http", "ws")}/ws/graphql`;
      let pongs = 0;
      /** @type {unknown[]} */
      const log = [];
      let end = (/** @type {unknown} */ _) => {};
      const closed = new Promise((resolve) => (end = resolve));
      const client = graphqlWs.createClient({
        url,
        lazy: false,
        keepAlive: 40,
        generateID: () => "one",
        on: {
          ping: (/** @type {boolean} */ isReceived) => log.push(["ping", isReceived]),
          pong: (/** @type {boolean} */ isReceived) => (log.push(["pong", isReceived]), ++pongs === 3 && client.dispose()),
          closed: (/** @type {CloseEvent} */ { code, reason }) => end([code, reason]),
        },
      });
      return [await closed, log];
    },
  },
  {
    name: "graphql-ws: a server that closes at first, is unknown, or lost, is tried again",
    async run(on) {
      const { graphqlWs } = /** @type {any} */ (window);
      const ws = on.beside.graphql.replace("http", "ws");
      /** @type {unknown[]} */
      const log = [];
      let tries = 0;
      const urls = [on.socket("/ws/echo?closeAfter=0&code=1012&reason=restarts"), on.socket("/ws/echo?closeAfter=0&code=4403&reason=not+yet"), `${ws}/ws/graphql`, `${ws}/ws/graphql`];
      let left = 1;
      const client = graphqlWs.createClient({
        url: () => urls[tries++],
        // The first two are closed before anything is sent.
        connectionParams: () => on.later(tries < 3 ? 200 : 0),
        retryAttempts: 3,
        retryWait: async (/** @type {number} */ retries) => void log.push(["waits", retries]),
        generateID: () => `id-${log.push("asks")}`,
        on: {
          connecting: (/** @type {boolean} */ isRetry) => log.push(["connecting", isRetry]),
          connected: (/** @type {unknown} */ _, /** @type {unknown} */ payload, /** @type {boolean} */ isRetry) => {
            log.push(["connected", payload, isRetry]);
            left-- > 0 && client.terminate();
          },
          closed: (/** @type {CloseEvent} */ { code, reason, wasClean }) => log.push(["closed", code, reason, wasClean]),
        },
      });
      const seen = [];
      for await (const result of client.iterate({ query: "subscription { started }" })) {
        seen.push(result);
      }
      await client.dispose();
      return [seen, log, tries];
    },
  },
  {
    name: "graphql-ws: what is fatal",
    async run(on) {
      const { graphqlWs } = /** @type {any} */ (window);
      const ws = on.beside.graphql.replace("http", "ws");
      const seen = [];
      for (const [url, more] of [
        [on.socket("/ws/echo"), {}],
        [on.socket("/ws/echo?closeAfter=0&code=4401&reason=who"), {}],
        [`${ws}/nothing`, {}],
        [`${ws}/ws/graphql`, { connectionParams: () => Promise.reject(new RangeError("mine")) }],
        [on.socket("/ws/echo?delay=400"), { connectionAckWaitTimeout: 100, retryAttempts: 0 }],
        [`${ws}/ws/graphql`, { on: { opened: (/** @type {WebSocket} */ socket) => socket.send('{"type":"subscribe","id":"early"}') } }],
      ]) {
        const client = graphqlWs.createClient({ url, retryAttempts: 0, generateID: () => "one", .../** @type {any} */ (more) });
        const outcome = await client.iterate({ query: "{ a }" }).next().catch((/** @type {any} */ error) => error);
        const { code, reason } = outcome;
        seen.push([outcome instanceof CloseEvent, outcome instanceof Event, code, reason, on.error(outcome)]);
      }
      return seen;
    },
    isRace: true,
  },
];
