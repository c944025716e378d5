// @ts-check
/** What axios 1 reports and sends, with both of its adapters for browsers. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const AXIOS = [
  {
    name: "axios: every verb, JSON, forms, files and bytes",
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        const one = axios.create({ adapter, baseURL: on.site, headers: { "X-Of": adapter }, params: { reply: "json", adapter } });
        const file = new File(["file 名"], "a b.txt", { type: "text/plain" });
        for (const answer of [
          await one.get("/echo", { params: { list: [1, 2], deep: { a: "ä b" }, at: new Date(0), none: null } }),
          await one.delete("/echo", { data: { gone: true } }),
          await one.head("/echo"),
          await one.options("/echo"),
          await one.post("/echo", { name: "名", list: [1, null] }),
          await one.put("/echo", "text"),
          await one.patch("/echo", new URLSearchParams({ a: "1", b: "ä b" })),
          await one.post("/echo", { a: 1, list: [1, 2] }, { headers: { "Content-Type": "application/x-www-form-urlencoded" } }),
          await one.postForm("/echo", { a: 1, "list[]": ["x", "y"], deep: { b: 2 }, file }),
          await one.post("/echo", new Uint8Array([1, 2, 250]).buffer),
          await one.post("/echo", new Uint8Array([0, 1, 2, 250]).subarray(1)),
          await one.post("/echo", new Blob(["<a/>"], { type: "text/xml" })),
          await one.post("/echo"),
        ]) {
          const { status, statusText, data, headers, config } = answer;
          seen.push([config.method, config.url, status, statusText, headers.get("content-type"), data]);
        }
      }
      return seen;
    },
  },
  {
    name: "axios: every type of response, and what transforms it",
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        for (const responseType of ["json", "text", "arraybuffer", "blob", ...(adapter === "xhr" ? ["document"] : ["stream", "formdata"])]) {
          const body = responseType === "formdata" ? "a=1&b=2" : '{"a": [1, "ä"]}';
          const type = { document: "text/html", formdata: "application/x-www-form-urlencoded" }[responseType] ?? "application/json";
          const { data } = await axios.post(`/echo?type=${type}`, body, { adapter, responseType });
          const text = data instanceof ArrayBuffer ? [...new Uint8Array(data)]
            : data instanceof Document ? data.body.textContent
            : data instanceof FormData ? [...data]
            : data instanceof Blob || data instanceof ReadableStream ? await new Response(data).text()
            : data;
          seen.push([adapter, responseType, Object.prototype.toString.call(data), data.type, text]);
        }
        const transformResponse = [(/** @type {string} */ text) => text.length, (/** @type {number} */ length) => ({ length })];
        seen.push((await axios.post("/echo", "12345", { adapter, transformResponse })).data);
        const transitional = { silentJSONParsing: false };
        seen.push(await axios.post("/echo", "{", { adapter, responseType: "json", transitional }).catch(on.error));
      }
      return seen;
    },
  },
  {
    name: "axios: errors by status, and what validates it",
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        for (const status of [204, 304, 400, 401, 404, 422, 429, 500, 503]) {
          const answer = await axios.post(`/echo?status=${status}`, { status }, { adapter }).catch((/** @type {any} */ error) => error);
          const { name, message, code, isAxiosError, response = answer } = answer;
          seen.push([name, message, code, isAxiosError, axios.isCancel(answer), response.status, response.statusText, response.data, { ...response.headers, date: 0 }]);
        }
        const validateStatus = (/** @type {number} */ status) => status < 500;
        seen.push((await axios.get("/echo?status=404", { adapter, validateStatus })).data);
        seen.push((await axios.get("/redirect?code=302&to=/echo", { adapter })).request.responseURL);
      }
      return seen;
    },
  },
  {
    name: "axios: what fails without an answer",
    isRace: true,
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        for (const [path, config] of /** @type {[string, object][]} */ ([
          ["/echo?fail=head", {}],
          ["/echo?fail=body&size=5000", {}],
          ["/echo?delay=8000", { timeout: 150 }],
          ["/echo?delay=8000", { timeout: 150, timeoutErrorMessage: "too late", transitional: { clarifyTimeoutError: true } }],
          ["/echo?size=5000", { maxContentLength: 1000 }],
          ["http://127.0.0.1:1/", {}],
          ["unknown:/x", {}],
        ])) {
          const error = await axios.post(path, "x", { adapter, ...config }).catch((/** @type {any} */ error) => error);
          seen.push([adapter, path, on.error(error), error.status, error.request !== undefined, error.response?.status]);
        }
      }
      return seen;
    },
  },
  {
    name: "axios: calls that are given up before, at once, while under way, and too late",
    isRace: true,
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        const told = (/** @type {Promise<any>} */ call) => call.then(
          ({ status }) => status,
          (error) => [on.error(error), axios.isCancel(error), error.config?.url],
        );
        const early = new AbortController();
        early.abort();
        seen.push(await told(axios.get("/echo", { adapter, signal: early.signal })));
        const atOnce = new AbortController();
        const call = told(axios.post("/echo?delay=8000", {}, { adapter, signal: atOnce.signal }));
        atOnce.abort("mine");
        seen.push(await call);
        for (const wait of [5, 300]) {
          const later = new AbortController();
          setTimeout(() => later.abort(), wait);
          seen.push(await told(axios.post("/echo?delay=8000", {}, { adapter, signal: later.signal })));
        }
        const source = axios.CancelToken.source();
        setTimeout(() => source.cancel("no longer wanted"), 200);
        seen.push(await told(axios.post("/echo?delay=8000", {}, { adapter, cancelToken: source.token })));
        seen.push(await told(axios.post("/echo?delay=8000", {}, { adapter, signal: AbortSignal.timeout(200) })));
        const late = new AbortController();
        seen.push(await told(axios.post("/echo", {}, { adapter, signal: late.signal })));
        late.abort();
      }
      return seen;
    },
  },
  {
    name: "axios: progress up and down",
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        /** @type {Record<string, any>} */
        const last = {};
        const note = (/** @type {any} */ { loaded, total, progress, upload, download, lengthComputable }) => {
          last[upload ? "up" : "down"] = { loaded, total, progress, upload, download, lengthComputable };
        };
        // A body that is told of while it leaves is a stream for the fetch adapter, which HTTP/1.1 has no way to carry.
        const up = adapter === "xhr" ? { onUploadProgress: note } : {};
        const { data } = await axios.post("/echo", "x".repeat(300_000), { adapter, ...up, onDownloadProgress: note });
        seen.push([adapter, data.length, { ...last }]);
        const paced = await axios.get("/echo?size=4000&pace=30", { adapter, onDownloadProgress: note });
        seen.push([paced.data.length, { ...last }]);
        const limited = await axios.get("/echo?size=4000", { adapter, maxRate: 1_000_000, responseType: "blob" });
        seen.push(limited.data.size);
      }
      const streamed = axios.post("/echo", "x".repeat(1_000), { adapter: "fetch", onUploadProgress() {} });
      return [seen, await streamed.then((/** @type {any} */ { data }) => data.length, on.error)];
    },
  },
  {
    name: "axios: interceptors, transforms, and a call that is made again",
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        /** @type {unknown[]} */
        const log = [];
        const one = axios.create({ adapter, transformRequest: [(/** @type {any} */ data) => `${JSON.stringify(data)}\n`] });
        one.interceptors.request.use((/** @type {any} */ config) => (log.push(["first", config.method]), config));
        one.interceptors.request.use(async (/** @type {any} */ config) => {
          await on.later();
          log.push("second");
          config.headers.set("X-Token", "fresh");
          return config;
        });
        one.interceptors.request.use((/** @type {any} */ config) => config, null, { synchronous: true, runWhen: () => false });
        one.interceptors.response.use(
          (/** @type {any} */ answer) => (log.push(["answered", answer.status]), { ...answer, kept: answer.data.headers.slice(-3) }),
          (/** @type {any} */ error) => {
            log.push(["refused", error.response.status, error.config.url]);
            return one.request({ ...error.config, url: "/echo?reply=json&again", data: JSON.parse(error.config.data) });
          },
        );
        const { data, kept } = await one.post("/echo?status=503", { a: 1 });
        seen.push([log, data.body, data.path, kept]);
      }
      return seen;
    },
  },
  {
    name: "axios: authorization, cookies against forgery, and other origins",
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      document.cookie = "XSRF-TOKEN=token-1; path=/";
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        for (const config of [
          { auth: { username: "jo", password: "päss" } },
          { headers: { Authorization: "Bearer abc", Accept: "application/vnd.x+json" } },
          { baseURL: on.other },
          { baseURL: on.other, withCredentials: true, headers: { "X-Asks": "first" } },
          { baseURL: on.other, withXSRFToken: true, xsrfHeaderName: "X-Mine" },
          { paramsSerializer: { indexes: null, encode: (/** @type {string} */ text) => encodeURIComponent(text) }, params: { a: ["x y", "z"] } },
        ]) {
          const { data } = await axios.post("/echo?reply=json", { a: 1 }, { adapter, ...config });
          seen.push([adapter, data]);
        }
      }
      document.cookie = "XSRF-TOKEN=; path=/; max-age=0";
      return seen;
    },
  },
  {
    name: "axios: calls that are under way together, and a stream that is read as it comes",
    isUnordered: true,
    async run(on) {
      const { axios } = /** @type {any} */ (window);
      const seen = [];
      for (const adapter of ["xhr", "fetch"]) {
        const calls = Array.from({ length: 6 }, (_, at) => axios.post(`/echo?${adapter}${at}`, { at }, { adapter }));
        seen.push((await axios.all(calls)).map((/** @type {any} */ { data }) => data));
      }
      const { data } = await axios.get("/echo?size=4000&pace=30", { adapter: "fetch", responseType: "stream" });
      let bytes = 0;
      for (const reader = data.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) {
          return [seen, bytes];
        }
        bytes += value.length;
      }
    },
  },
];
