// @ts-check
/** A start made in a frame of any kind is injected: its server receives the CRM ID. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { BROWSERS } from "./support/browsers.mjs";
import { INJECTING, WANTED, byteService } from "./support/injecting.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/wait.mjs";

const BODY = '{"attributes":{"externalId":"WEB-0001"}}';
const INJECTED = BODY.replace("WEB-0001", WANTED);

/** What a frame's own first script does: a start by each way, to an absolute address, as a frame without one of its own needs. @param {string} site */
const scriptOf = (site) => `
  const [address, body] = ["${site}/conversations/webchat?by=", '${BODY}'];
  fetch(address + "fetch", { method: "POST", body }).catch(() => {});
  const request = new XMLHttpRequest();
  request.open("POST", address + "xhr");
  request.send(body);
  navigator.sendBeacon(address + "beacon", body);
`;

/** @param {string} site */
const markupOf = (site) => `<!doctype html><title>framed</title><script>${scriptOf(site)}</script>`;

/**
 * Code of a page that makes the frame, of what its document is.
 * @type {Record<string, (markup: string, script: string, site: string) => unknown>}
 */
const FRAMES = {
  "about:blank, used in the very tick of its insertion": (_, script) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    /** @type {any} */ (frame.contentWindow).eval(script);
  },
  "about:blank, by functions that the page takes out of it": (_, script) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const { fetch, XMLHttpRequest, navigator } = /** @type {any} */ (frame.contentWindow);
    new Function("fetch", "XMLHttpRequest", "navigator", script)(fetch, XMLHttpRequest, navigator);
  },
  srcdoc: (markup) => {
    document.body.append(Object.assign(document.createElement("iframe"), { srcdoc: markup }));
  },
  "blob:": (markup) => {
    const src = URL.createObjectURL(new Blob([markup], { type: "text/html" }));
    document.body.append(Object.assign(document.createElement("iframe"), { src }));
  },
  "data:": (markup) => {
    document.body.append(Object.assign(document.createElement("iframe"), { src: `data:text/html,${encodeURIComponent(markup)}` }));
  },
  "sandboxed, with an address": (markup, _, site) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.src = `${site}/say?text=${encodeURIComponent(markup)}`;
    document.body.append(frame);
  },
  "sandboxed srcdoc": (markup) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.srcdoc = markup;
    document.body.append(frame);
  },
  "document.write into a frame": (markup) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const inner = /** @type {Document} */ (frame.contentDocument);
    inner.open();
    inner.write(markup);
    inner.close();
  },
  "document.write over the page itself": (markup) => {
    document.open();
    document.write(markup);
    document.close();
  },
};

for (const name of BROWSERS) {
  describe(name, () => {
    const on = stage(name, INJECTING);
    const service = byteService();
    afterEach(() => on.closePages());

    for (const [what, make] of Object.entries(FRAMES)) {
      test(what, async () => {
        const page = await on.open(`${service.site}/say`);
        service.forget();
        await page.evaluate(
          (code, markup, script, site) => new Function("markup", "script", "site", `return (${code})(markup, script, site)`)(markup, script, site),
          `${make}`,
          markupOf(service.site),
          scriptOf(service.site),
          service.site,
        );
        const starts = () => service.arrived().filter(({ method, path }) => method === "POST" && path.startsWith("/conversations/webchat"));
        const arrived = await until("the frame's starts", async () => starts(), ({ length }) => length >= 3);
        const bodies = Object.fromEntries(arrived.map(({ path, body }) => [path.split("=")[1], body]));
        assert.deepEqual(bodies, { fetch: INJECTED, xhr: INJECTED, beacon: INJECTED });
        assert.equal(arrived.length, 3, "each once");
        const panel = await on.panel(service.site);
        const { rows } = await panel.shows(({ rows }) => rows.length >= 3);
        assert.equal(rows.length, 3);
        await panel.click("Clear");
        await panel.shows(({ rows }) => rows.length === 0);
      });
    }
  });
}
