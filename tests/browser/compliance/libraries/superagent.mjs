// @ts-check
/** What superagent 10 reports and sends. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const SUPERAGENT = [
  {
    name: "superagent: every verb, JSON, forms, files, queries and authorization",
    async run(on) {
      const { superagent } = /** @type {any} */ (window);
      const to = `${on.site}/echo?reply=json`;
      const file = new File(["file 名"], "a b.txt", { type: "text/plain" });
      const answers = [
        await superagent.get(to).query({ a: "ä b", list: [1, 2] }).query("x=1&y").sortQuery(),
        await superagent.head(to),
        await superagent.delete(to).send({ gone: true }),
        await superagent.post(to).send({ name: "名" }).send({ list: [1, null] }),
        await superagent.put(to).type("form").send({ a: 1 }).send("b=x+y"),
        await superagent.patch(to).type("text/plain").send("text"),
        await superagent.post(to).field("a", "1").field({ list: ["x", "y"] }).attach("file", file).attach("blob", new Blob(["b"]), "b.bin"),
        await superagent.post(to).type("application/octet-stream").send(new Blob(["blob"])),
        await superagent.post(to).auth("jo", "pass").set({ "X-A": "1", "X-B": "2" }).unset("X-B").accept("json").send([1]),
        await superagent.post(to).auth("abc", { type: "bearer" }).serialize((/** @type {any} */ data) => `mine ${data.a}`).send({ a: 1 }),
        await superagent.post(`${on.other}/echo?reply=json`).withCredentials().send({ far: true }),
        await superagent("POST", to).send("a=1"),
      ];
      return answers.map(({ status, type, charset, ok, body, text, headers }) => [status, type, charset, ok, body, typeof text, Object.keys(headers)]);
    },
  },
  {
    name: "superagent: what is read of an answer, and who parses it",
    async run(on) {
      const { superagent } = /** @type {any} */ (window);
      const json = await superagent.post("/echo?type=application/json").send('{"a": "ä"}');
      const form = await superagent.post("/echo?type=application/x-www-form-urlencoded").send("a=1&b=x+y");
      const text = await superagent.post("/echo?type=text/plain").type("text").send("text");
      const blob = await superagent.get("/echo?type=text/x-mine").responseType("blob");
      const bytes = await superagent.get("/echo").responseType("arraybuffer");
      const parsed = await superagent.post("/echo").send("1,2").parse((/** @type {any} */ _, /** @type {string} */ all) => all.split(","));
      const bad = await superagent.post("/echo?type=application/json").send("{").catch((/** @type {any} */ error) => error);
      const called = await new Promise((resolve) => superagent.get("/echo").end((/** @type {any} */ error, /** @type {any} */ { text }) => resolve([error, text])));
      return [
        json.body, form.body, text.text, text.body, [blob.body.type, await blob.body.text()], [...new Uint8Array(bytes.body)],
        parsed.body, on.error(bad), bad.parse, bad.statusCode, bad.rawResponse, called,
      ];
    },
  },
  {
    name: "superagent: errors by status, retries, and plugins",
    async run(on) {
      const { superagent } = /** @type {any} */ (window);
      const seen = [];
      for (const status of [204, 304, 400, 401, 403, 404, 406, 422, 500]) {
        const outcome = await superagent.post(`/echo?status=${status}`).send({ status }).catch((/** @type {any} */ error) => error);
        const { message, response = outcome } = outcome;
        const { statusType, clientError, serverError, noContent, notFound, unauthorized, text } = response;
        seen.push([status, message, response.status, statusType, clientError, serverError, noContent, notFound, unauthorized, text]);
      }
      const accepted = await superagent.get("/echo?status=404").ok((/** @type {any} */ { status }) => status < 500);
      const tried = await superagent.put("/echo?status=503").send({ a: 1 }).retry(2).catch((/** @type {any} */ error) => error);
      /** @type {unknown[]} */
      const asked = [];
      const chosen = await superagent.post("/echo?status=500").send("x").retry(3, (/** @type {any} */ error, /** @type {any} */ answer) => asked.push([error?.status, answer.status]) < 2)
        .catch((/** @type {any} */ error) => error);
      /** @type {unknown[]} */
      const log = [];
      const plugged = await superagent.get("/echo?reply=json").use((/** @type {any} */ request) => {
        request.set("X-Plugin", "1");
        for (const name of ["request", "response", "error", "end", "abort"]) {
          request.on(name, () => log.push(name));
        }
      });
      return [seen, accepted.status, tried.retries, tried.message, chosen.retries, asked, log, plugged.body];
    },
  },
  {
    name: "superagent: timeouts, aborts, failures",
    isRace: true,
    async run(on) {
      const { superagent } = /** @type {any} */ (window);
      const told = (/** @type {PromiseLike<any>} */ call) => call.then(
        ({ status }) => status,
        (error) => [on.error(error), error.timeout, error.errno, error.crossDomain, error.status],
      );
      const seen = [
        await told(superagent.post("/echo?delay=8000").send({}).timeout(150)),
        await told(superagent.get("/echo?delay=8000").timeout({ response: 150, deadline: 5_000 })),
        await told(superagent.get("/echo?size=4000&pace=3000").timeout({ response: 4_000, deadline: 500 })),
        await told(superagent.get("/echo?delay=8000").timeout(150).retry(1)),
        await told(superagent.post("/echo?fail=head").send({})),
        await told(superagent.post("/echo?fail=body&size=5000").send({})),
        await told(superagent.get("http://127.0.0.1:1/")),
      ];
      for (const wait of [0, 5, 200]) {
        /** @type {string[]} */
        const log = [];
        const request = superagent.post("/echo?delay=8000").send({}).on("abort", () => log.push("abort"));
        const call = told(request);
        setTimeout(() => request.abort(), wait);
        seen.push(await call, log);
      }
      return seen;
    },
  },
  {
    name: "superagent: progress up and down",
    async run(on) {
      const { superagent } = /** @type {any} */ (window);
      /** @type {Record<string, unknown>} */
      const last = {};
      const note = (/** @type {any} */ { direction, loaded, total, lengthComputable, percent, type }) => {
        last[direction] = { loaded, total, lengthComputable, percent, type };
      };
      const up = await superagent.post("/echo").type("text").send("x".repeat(300_000)).on("progress", note);
      const both = { ...last };
      const down = await superagent.get("/echo?size=4000&pace=30").on("progress", note);
      return [up.text.length, both, down.text.length, last.download];
    },
  },
];
