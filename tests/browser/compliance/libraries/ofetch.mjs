// @ts-check
/** What ofetch 1 reports and sends. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const OFETCH = [
  {
    name: "ofetch: every verb, JSON, forms, queries, and types of response",
    async run(on) {
      const { ofetch } = /** @type {any} */ (window);
      const form = new FormData();
      form.append("file", new File(["file 名"], "a b.txt", { type: "text/plain" }));
      const one = ofetch.create({ baseURL: on.site, query: { reply: "json" }, headers: { Authorization: "Bearer abc" } });
      const seen = [
        await one("/echo", { query: { a: "ä b", list: [1, 2], none: undefined } }),
        await one("/echo", { method: "DELETE" }),
        await one("/echo", { method: "post", body: { name: "名", list: [1, null] } }),
        await one("/echo", { method: "PUT", body: [1, 2] }),
        await one("/echo", { method: "PATCH", body: "text" }),
        await one("/echo", { method: "POST", body: new URLSearchParams({ a: "ä b" }) }),
        await one("/echo", { method: "POST", body: { a: 1, b: "x y" }, headers: { "content-type": "application/x-www-form-urlencoded" } }),
        await one("/echo", { method: "POST", body: form }),
        await one("/echo", { method: "POST", body: new Uint8Array([1, 2, 250]) }),
        await one("/echo", { method: "POST", baseURL: on.other, body: { far: true }, credentials: "include" }),
      ];
      for (const responseType of ["json", "text", "blob", "arrayBuffer", "stream"]) {
        const data = await ofetch("/echo?type=text/x-mine", { method: "POST", body: '{"a": "ä"}', responseType });
        const isRead = data instanceof Blob || data instanceof ArrayBuffer || data instanceof ReadableStream;
        seen.push([responseType, Object.prototype.toString.call(data), isRead ? await new Response(data).text() : data]);
      }
      const raw = await ofetch.raw("/echo?status=201&type=text/plain", { method: "POST", body: "text" });
      const parsed = await ofetch("/echo", { method: "POST", body: "1,2", parseResponse: (/** @type {string} */ text) => text.split(",") });
      return [seen, raw._data, raw.status, [...raw.headers.keys()], parsed, await ofetch.native("/echo").then(on.response)];
    },
  },
  {
    name: "ofetch: errors by status, retries and interceptors",
    async run(on) {
      const { ofetch } = /** @type {any} */ (window);
      /** @type {unknown[]} */
      const log = [];
      const hooks = {
        onRequest: async (/** @type {any} */ { options }) => {
          await on.later();
          options.headers.set("X-Token", `token-${log.push("asks")}`);
        },
        onRequestError: (/** @type {any} */ { error }) => log.push(["fails", error.name]),
        onResponse: (/** @type {any} */ { response }) => log.push(["answered", response.status, response._data]),
        onResponseError: (/** @type {any} */ { response }) => log.push(["refused", response.status]),
      };
      const seen = [];
      for (const [path, options] of [
        ["/echo?status=404", {}],
        ["/echo?status=422&type=application/json", { method: "POST", body: { a: 1 } }],
        ["/echo?status=503", { retry: 2, retryDelay: 5 }],
        ["/echo?status=503", { method: "POST", body: "x", retry: 1, retryStatusCodes: [503], retryDelay: () => 5 }],
        ["/echo?status=500", { retry: false, ignoreResponseError: true }],
        ["/echo?status=204", {}],
      ]) {
        const outcome = await ofetch(path, { ...hooks, .../** @type {any} */ (options) }).catch((/** @type {any} */ error) => error);
        seen.push([path, outcome?.name, outcome?.message, outcome?.statusCode, outcome?.data ?? outcome]);
      }
      return [seen, log];
    },
  },
  {
    name: "ofetch: timeouts, aborts, failures, and a stream that is read as it comes",
    isRace: true,
    async run(on) {
      const { ofetch } = /** @type {any} */ (window);
      const early = new AbortController();
      early.abort();
      const seen = [
        await on.settled(ofetch("/echo", { signal: early.signal, retry: 0 })),
        await on.settled(ofetch("/echo?delay=8000", { timeout: 150, retry: 0 })),
        await on.settled(ofetch("/echo?delay=8000", { timeout: 150, retry: 1, retryDelay: 5 })),
        await on.settled(ofetch("/echo?fail=head", { method: "POST", body: {}, retry: 0 })),
        await on.settled(ofetch("/echo?fail=body&size=5000", { retry: 0 })),
      ];
      for (const wait of [0, 5, 200]) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), wait);
        seen.push(await on.settled(ofetch("/echo?delay=8000", { method: "POST", body: {}, signal: controller.signal })));
      }
      let bytes = 0;
      for await (const piece of await ofetch("/echo?size=4000&pace=30", { responseType: "stream" })) {
        bytes += piece.length;
      }
      return [seen, bytes];
    },
  },
];
