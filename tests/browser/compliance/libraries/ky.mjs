// @ts-check
/** What ky 2 reports and sends. */

import { WHY } from "../support/known.mjs";

/** @type {import("../support/three_ways.mjs").Case[]} */
export const KY = [
  {
    name: "ky: every verb, JSON, forms, bytes, and search parameters",
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      const form = new FormData();
      form.append("a", "1");
      form.append("file", new File(["file 名"], "a b.txt", { type: "text/plain" }));
      const searchParams = { reply: "json", a: "ä b", none: undefined };
      const one = ky.extend({ prefix: on.site, searchParams });
      return [
        await one.get("echo").json(),
        await one.delete("echo").json(),
        await one.post("echo", { json: { name: "名", list: [1, null] } }).json(),
        await one.put("echo", { body: "text" }).json(),
        await one.patch("/echo", { body: new URLSearchParams({ b: "ä b" }), searchParams: "reply=json&only=this" }).json(),
        await one.post("echo", { body: form }).json(),
        await one.post("echo", { body: new Uint8Array([1, 2, 250]), headers: { "Content-Type": "x/bytes" } }).json(),
        await one("echo", { method: "post", json: [1], stringifyJson: (/** @type {any} */ value) => JSON.stringify(value, null, 1) }).json(),
        await ky(new Request("/echo?reply=json", { method: "POST", body: "of a request" })).json(),
        await ky(new URL("/echo?reply=json&x=1", on.site), { searchParams: { y: 2 }, headers: { Authorization: "Bearer abc" } }).json(),
        await ky.post(`${on.other}/echo?reply=json`, { json: { far: true }, credentials: "include" }).json(),
        (await one.head("echo")).headers.get("content-type"),
      ];
    },
  },
  {
    name: "ky: every way to read an answer",
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      const call = (/** @type {string} */ type) => ky.post(`/echo?type=${type}`, { body: '{"a": "ä"}' });
      const blob = await call("text/x-mine").blob();
      const accepts = await Promise.all(["json", "text", "blob"].map(async (type) => {
        const answer = await ky.get(`/echo?reply=json&${type}`)[type]();
        return on.later().then(() => (typeof answer === "string" ? answer.length > 0 : answer.headers ?? answer.type));
      }));
      const response = await call("application/json");
      return [
        await call("application/json").json(),
        await call("text/plain").text(),
        [...new Uint8Array(await call("text/plain").arrayBuffer())],
        [blob.type, blob.size],
        [...(await ky.post("/echo?type=application/x-www-form-urlencoded", { body: "a=1&b=2" }).formData())],
        await on.response(response.clone()),
        await response.json(),
        await ky.post("/echo", { body: "{" }).json().catch(on.error),
        await ky.get("/echo?status=204").json().catch(on.error),
        await ky.post("/echo", { body: '{"at": 5}', parseJson: (/** @type {string} */ text) => [text] }).json(),
        accepts,
      ];
    },
    isUnordered: true,
  },
  {
    name: "ky: errors by status, retries, and what is told of them",
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      const seen = [];
      for (const [path, options] of [
        ["/echo?status=404&type=application/json", {}],
        ["/echo?status=422", { throwHttpErrors: false }],
        ["/echo?status=500", { throwHttpErrors: (/** @type {number} */ status) => status !== 500 }],
        ["/echo?status=503", { retry: 0 }],
        ["/echo?status=503", { method: "put", retry: { limit: 2, delay: () => 5 } }],
        ["/echo?status=418", { method: "post", retry: { limit: 1, methods: ["post"], statusCodes: [418], delay: () => 5 } }],
        ["/echo?status=500", { method: "put", retry: { limit: 3, delay: () => 5, shouldRetry: (/** @type {any} */ { retryCount }) => retryCount < 2 } }],
      ]) {
        const body = { json: { path } };
        const options_ = { method: "post", ...body, ...(/** @type {any} */ (options)) };
        const outcome = await ky(path, options_).catch((/** @type {any} */ error) => error);
        const { name, message, response = outcome, request, data } = outcome;
        seen.push([name, message, response.status, request?.method, request?.url, data]);
      }
      return seen;
    },
  },
  {
    name: "ky: hooks, and a retry that is changed on its way",
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      /** @type {unknown[]} */
      const log = [];
      const one = ky.create({
        retry: { limit: 2, methods: ["post"], delay: () => 5 },
        hooks: {
          init: [(/** @type {any} */ options) => void (options.headers = { ...options.headers, "X-Init": "1" })],
          beforeRequest: [(/** @type {any} */ { request }) => (log.push(["before", request.method, request.url]), request.headers.set("X-Token", "old"))],
          beforeRetry: [(/** @type {any} */ { request, error, retryCount }) => {
            log.push(["again", error.name, error.response?.status, retryCount]);
            request.headers.set("X-Token", `fresh-${retryCount}`);
            const { method, headers } = request;
            return retryCount === 2 ? new Request("/echo?reply=json&changed", { method, headers, body: "changed" }) : undefined;
          }],
          afterResponse: [async (/** @type {any} */ { request, response }) => {
            log.push(["answered", request.headers.get("x-token"), response.status, (await response.clone().text()).length > 0]);
          }],
          beforeError: [(/** @type {any} */ { error }) => Object.assign(error, { message: `hooked: ${error.message}` })],
        },
      });
      const data = await one.post("/echo?status=503", { json: { a: 1 } }).json();
      const failed = await one.post("/echo?status=400", { json: { b: 1 } }).catch(on.error);
      const given = await one.get("/echo", { hooks: { beforeRequest: [() => new Response("made up")] } }).text();
      const again = await one.post("/echo?status=201", {
        hooks: { afterResponse: [(/** @type {any} */ { response, retryCount }) => (response.status === 201 && retryCount === 0 ? ky.retry({ delay: 5 }) : undefined)] },
      });
      return [log, data, failed, given, again.status];
    },
  },
  {
    name: "ky: timeouts, aborts, and failures",
    isRace: true,
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      const early = new AbortController();
      early.abort();
      const seen = [
        await on.settled(ky.get("/echo", { signal: early.signal })),
        await on.settled(ky.post("/echo?delay=8000", { timeout: 150 })),
        await on.settled(ky.get("/echo?delay=8000", { timeout: 150, retry: { limit: 1, retryOnTimeout: true, delay: () => 5 } })),
        await on.settled(ky.get("/echo?fail=head", { retry: { limit: 1, delay: () => 5 } })),
        await on.settled(ky.post("/echo?fail=body&size=5000").text()),
        await on.settled(ky.get("http://127.0.0.1:1/", { retry: 0 })),
      ];
      for (const wait of [0, 5, 200]) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(wait === 5 ? new RangeError("mine") : undefined), wait);
        seen.push(await on.settled(ky.post("/echo?delay=8000", { json: {}, signal: controller.signal })));
      }
      const between = new AbortController();
      const beforeRetry = [() => between.abort()];
      const retry = { limit: 2, delay: () => 5 };
      seen.push(await on.settled(ky.get("/echo?status=503", { signal: between.signal, retry, hooks: { beforeRetry } })));
      return seen;
    },
  },
  {
    name: "ky: progress of an answer, and one that is read as it comes",
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      let last;
      const text = await ky.get("/echo?size=4000&pace=30", { onDownloadProgress: (/** @type {unknown} */ progress) => (last = progress) }).text();
      const { body } = await ky.get("/echo?size=4000&pace=30");
      let bytes = 0;
      for await (const piece of body) {
        bytes += piece.length;
      }
      return [text.length, last, bytes, await ky.get("/echo").then(on.response)];
    },
  },
  {
    // ky makes a stream of such a body, which Chromium refuses to send over HTTP/1.1; in Firefox, which has none, it tells nothing.
    name: "ky: progress of a body that is sent",
    known: [{ why: WHY.stream, browser: "chromium", way: "every call waits", at: [".saw.saw[1]"] }],
    async run(on) {
      const { ky } = /** @type {any} */ (window);
      let last;
      const options = { body: "x".repeat(1_000), retry: 0, onUploadProgress: (/** @type {unknown} */ progress) => (last = progress) };
      const text = await ky.post("/echo", options).text().catch(on.error);
      return [text, on.plain(last)];
    },
  },
];
