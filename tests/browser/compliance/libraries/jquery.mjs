// @ts-check
/** What the ajax functions of jQuery 4 report and send. */

/** @type {import("../support/three_ways.mjs").Case[]} */
export const JQUERY = [
  {
    name: "jquery: $.get, $.post, $.getJSON, forms, JSON, files and authorization",
    async run(on) {
      const { $ } = /** @type {any} */ (window);
      const to = `${on.site}/echo?reply=json`;
      const form = new FormData();
      form.append("file", new File(["file 名"], "a b.txt", { type: "text/plain" }));
      const fields = $('<form><input name="a" value="1 ä"><input type="checkbox" name="b" checked></form>');
      return [
        await $.get(to, { a: "ä b", list: [1, 2], deep: { b: null } }),
        await $.getJSON(to, "x=1"),
        await $.post(to, { a: "ä b", list: [1, 2], deep: { b: true } }),
        await $.post(to, fields.serialize()),
        await $.post({ url: to, data: fields.serializeArray(), traditional: true, headers: { "X-A": "1" } }),
        await $.post(to, "a=1", null, "text"),
        await $.ajax(to, { method: "PUT", contentType: "application/json", data: JSON.stringify({ name: "名" }) }),
        await $.ajax(to, { method: "PATCH", contentType: false, data: "text" }),
        await $.ajax(to, { method: "DELETE", data: { gone: 1 } }),
        await $.ajax(to, { method: "POST", data: form, processData: false, contentType: false }),
        await $.ajax(to, { method: "POST", data: new Uint8Array([1, 2, 250]), processData: false, contentType: "x/bytes" }),
        await $.ajax(to, { username: "jo", password: "pass", headers: { Authorization: "Basic abc" } }),
      ];
    },
  },
  {
    name: "jquery: another origin, with credentials, asked first and not",
    async run(on) {
      const { $ } = /** @type {any} */ (window);
      const to = `${on.other}/echo?reply=json`;
      return [
        await $.post(to, "far=1"),
        await $.ajax(to, { method: "POST", data: "far=1", xhrFields: { withCredentials: true } }),
        await $.ajax(to, { method: "POST", data: "far=1", headers: { "X-Asks": "first" } }),
        await $.getJSON(to),
      ];
    },
  },
  {
    name: "jquery: types of data, converters, scripts and JSONP",
    async run(on) {
      const { $ } = /** @type {any} */ (window);
      const echo = (/** @type {string} */ data, /** @type {any} */ options, type = "text/plain") =>
        $.ajax(`/echo?type=${type}`, { method: "POST", contentType: "text/plain", data, ...options })
          .then((/** @type {any} */ data, /** @type {string} */ status, /** @type {any} */ request) => [data, status, request.status, request.responseText], (/** @type {any} */ _, /** @type {string} */ status, /** @type {any} */ error) => [status, on.error(error)]);
      const xml = await $.ajax("/echo", { method: "POST", data: "<a><b>ä</b></a>", contentType: "text/plain", dataType: "xml" });
      const script = encodeURIComponent("globalThis.jqueryRan = (globalThis.jqueryRan ?? 0) + 1");
      await $.ajax(`/say?type=text/javascript&text=${script}`, { dataType: "script", cache: true });
      await $.ajax(`/say?type=text/javascript&text=${script}`, { dataType: "script", cache: true, headers: { "X-Asks": "1" } });
      const jsonp = await $.ajax(`/say?type=text/javascript&text=mine({a:1})`, { dataType: "jsonp", jsonp: false, jsonpCallback: "mine", cache: true });
      const place = $("<div>");
      await new Promise((resolve) => place.load(`/say?text=${encodeURIComponent("<p>no</p><p id=x>yes</p>")} #x`, resolve));
      return [
        await echo('{"a": "ä"}', { dataType: "json" }),
        await echo('{"a": "ä"}', {}, "application/json"),
        await echo("{", { dataType: "json" }),
        await echo("<b>x</b>", { dataType: "html" }),
        await echo("1,2", { dataType: "list", converters: { "text list": (/** @type {string} */ text) => text.split(",") } }),
        await echo("raw", { dataFilter: (/** @type {string} */ text) => `${text}!` }),
        await echo("", { dataType: "json" }),
        await $.ajax("/echo?status=204", { dataType: "json" }).then(on.plain),
        $(xml).find("b").text(),
        /** @type {any} */ (globalThis).jqueryRan,
        jsonp,
        place.html(),
      ];
    },
  },
  {
    name: "jquery: handlers, global events, status by code, and the request that is given out",
    async run(on) {
      const { $ } = /** @type {any} */ (window);
      /** @type {unknown[]} */
      const log = [];
      for (const type of ["ajaxStart", "ajaxSend", "ajaxSuccess", "ajaxError", "ajaxComplete", "ajaxStop"]) {
        $(document).on(`${type}.ours`, (/** @type {any} */ event, /** @type {any} */ request, /** @type {any} */ options) => log.push([event.type, request?.status, options?.url]));
      }
      for (const status of [200, 304, 404, 500]) {
        const request = $.ajax(`/echo?status=${status}`, {
          method: "POST",
          data: { status },
          context: { mine: status },
          beforeSend: (/** @type {any} */ request) => (log.push(["beforeSend", request.readyState]), request.setRequestHeader("X-Before", "1")),
          statusCode: { 200: () => log.push("200"), 404: () => log.push("404") },
          /** @this {any} */
          success(/** @type {any} */ data, /** @type {string} */ text) {
            log.push(["success", this.mine, data, text]);
          },
          error: (/** @type {any} */ request, /** @type {string} */ text, /** @type {any} */ error) => log.push(["error", request.status, text, error, request.responseText]),
          complete: (/** @type {any} */ request, /** @type {string} */ text) => log.push(["complete", request.readyState, text, request.getResponseHeader("content-type"), request.state()]),
        });
        log.push(["called", request.readyState, request.status, request.state()]);
        await request.then(null, () => undefined);
      }
      $(document).off(".ours");
      const refused = $.ajax("/echo?refused", { beforeSend: () => false });
      return [log, await refused.then(null, (/** @type {any} */ _, /** @type {string} */ text) => text)];
    },
  },
  {
    name: "jquery: timeouts, aborts, failures, and a call that is made again",
    isRace: true,
    async run(on) {
      const { $ } = /** @type {any} */ (window);
      const told = (/** @type {any} */ call) => call.then(
        (/** @type {any} */ data) => ({ data }),
        (/** @type {any} */ request, /** @type {string} */ text, /** @type {any} */ error) => [request.status, request.readyState, request.statusText, text, error, request.state()],
      );
      const seen = [
        await told($.ajax("/echo?delay=8000", { method: "POST", timeout: 150 })),
        await told($.post("/echo?fail=head")),
        await told($.post("/echo?fail=body&size=5000")),
        await told($.ajax("http://127.0.0.1:1/")),
        await told($.ajax("/echo?delay=8000", { timeout: 150 }).then(null, () => $.get("/echo?again"))),
      ];
      for (const wait of [undefined, 0, 5, 200]) {
        const request = $.post("/echo?delay=8000", { a: 1 });
        const end = told(request);
        wait === undefined ? request.abort("mine") : setTimeout(() => request.abort(), wait);
        seen.push(await end);
      }
      const ended = $.get("/echo");
      await ended;
      ended.abort();
      return [seen, ended.state(), ended.status];
    },
  },
  {
    name: "jquery: settings for all, filters, transports, progress, and calls that wait for each other",
    async run(on) {
      const { $ } = /** @type {any} */ (window);
      let isOurs = true;
      $.ajaxPrefilter((/** @type {any} */ options, /** @type {any} */ _, /** @type {any} */ request) => isOurs && request.setRequestHeader("X-Filter", options.type));
      $.ajaxTransport("made", () => isOurs ? { send: (/** @type {any} */ _, /** @type {Function} */ complete) => complete(200, "OK", { made: "up" }), abort() {} } : undefined);
      const last = { up: "", down: "" };
      const xhr = () => {
        const request = $.ajaxSettings.xhr();
        request.upload.addEventListener("progress", (/** @type {ProgressEvent} */ event) => (last.up = `${event.loaded}/${event.total}`));
        request.addEventListener("progress", (/** @type {ProgressEvent} */ event) => (last.down = `${event.loaded}/${event.total}`));
        return request;
      };
      const text = await $.ajax("/echo", { method: "POST", data: "x".repeat(300_000), contentType: "text/plain", xhr });
      const [[first], [second]] = await new Promise((resolve) => $.when($.get("/echo?reply=json"), on.later(60).then(() => $.post("/echo", "b=2")).then((/** @type {any} */ data) => [data]))
        .done((/** @type {any} */ ...all) => resolve(all)));
      const made = await $.ajax("/echo", { dataType: "made" });
      isOurs = false;
      return [text.length, last, first, second, made];
    },
  },
];
