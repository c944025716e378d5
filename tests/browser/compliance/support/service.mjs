// @ts-check
/**
 * The service that the pages of the compliance tests talk to. It keeps every request as the bytes that came, names in
 * their own case and order, which the playground does not; and it answers as the address asks.
 *
 * | address | answer |
 * | --- | --- |
 * | `/echo` | the body that was sent, or `ok` |
 * | `?reply=json` | method, path, headers and body of the request |
 * | `?status=`, `&type=`, `&size=`, `&delay=`, `&pace=` | with this status, type, this many bytes, later, in four pieces |
 * | `?fail=head`, `?fail=body` | the connection ends before the answer, in its middle |
 * | `/redirect?to=&code=` | another address |
 * | `/say?text=&type=&header=` | this text, as a document or script; `header` is `name: value` |
 * | `/clients/NAME` | a bundled client of `tests/clients/dist` |
 * | `/monitor…` | as `/echo`, and not kept: for what scripts send that watch a page |
 * | `/ws/echo?protocol=&delay=&closeAfter=&code=&reason=` | a WebSocket that echoes, closed after so many messages |
 */

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
// @ts-ignore The package has no types of its own.
import { WebSocketServer } from "ws";

const CLIENTS = fileURLToPath(new URL("../../../clients/dist/", import.meta.url));

/** What asks for these is the browser, the harness, or a script that watches a page: not what is tested. */
const UNRECORDED = ["/favicon.ico", "/say", "/witness", "/clients/", "/monitor"];

/**
 * What arrived: a request, or what came over a WebSocket; each byte of a body is one character.
 * @typedef {{method: string, path: string, headers: string[], body: string}} Arrival
 */

/** Starts the service on a free port of the loopback interface. */
export async function startService() {
  /** @type {Arrival[]} */
  let arrivals = [];
  /** What the background said: it heard a candidate, it gives the verdict. @type {{what: string | null, url: string | null, at: number}[]} */
  const witnessed = [];
  /** When each request to `/echo` arrived, by path. @type {Map<string, number>} */
  const times = new Map();

  const server = createServer(async (request, response) => {
    try {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const at = performance.now();
      const body = await bytesOf(request);
      if (url.pathname === "/witness") {
        witnessed.push({ what: url.searchParams.get("what"), url: url.searchParams.get("url"), at });
        response.writeHead(204).end();
        return;
      }
      const arrival = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: pairs(request.rawHeaders),
        body: body.toString("latin1"),
      };
      if (!UNRECORDED.some((path) => url.pathname.startsWith(path))) {
        arrivals.push(arrival);
        times.set(arrival.path, at);
      }
      await answer(url, arrival, body, response, request.headers);
    } catch {
      // The page gave the request up before it had arrived.
      response.destroy();
    }
  });
  const sockets = new WebSocketServer({
    server,
    path: "/ws/echo",
    handleProtocols: (/** @type {Set<string>} */ offered, /** @type {import("node:http").IncomingMessage} */ { url }) => parameters(url).get("protocol") ?? [...offered][0] ?? false,
  });
  sockets.on("connection", (/** @type {any} */ socket, /** @type {import("node:http").IncomingMessage} */ { url, rawHeaders }) => {
    const asked = parameters(url);
    const arrival = { method: "WebSocket", path: url ?? "", headers: pairs(rawHeaders), body: "" };
    arrivals.push(arrival);
    let left = Number(asked.get("closeAfter") ?? Infinity);
    const close = () => socket.close(Number(asked.get("code") ?? 1000), asked.get("reason") ?? "");
    if (left === 0) {
      close();
    }
    socket.on("message", async (/** @type {Buffer} */ bytes, /** @type {boolean} */ isBinary) => {
      arrival.body += `${isBinary ? "binary" : "text"} ${bytes.toString("latin1")}\n`;
      await pause(Number(asked.get("delay") ?? 0));
      socket.send(bytes, { binary: isBinary });
      left -= 1;
      if (left === 0) {
        close();
      }
    });
    socket.on("close", (/** @type {number} */ code, /** @type {Buffer} */ reason) => (arrival.body += `close ${code} ${reason}\n`));
    socket.on("error", () => {});
  });

  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    port,
    /** The first origin, which the pages are of. */
    site: `http://127.0.0.1:${port}`,
    /** Another origin, and another site. */
    other: `http://localhost:${port}`,
    witnessed,
    times,
    /** What arrived so far. */
    arrived: () => arrivals,
    openSockets: () => sockets.clients.size,
    /** Forgets what arrived. */
    forget: () => (arrivals = []),
    stop() {
      server.close();
      server.closeAllConnections();
      sockets.clients.forEach((/** @type {any} */ socket) => socket.terminate());
    },
  };
}

/**
 * @param {URL} url
 * @param {Arrival} arrival
 * @param {Buffer} body
 * @param {import("node:http").ServerResponse} response
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
async function answer(url, arrival, body, response, headers) {
  const asked = url.searchParams;
  if (headers.origin !== undefined) {
    response.setHeader("Access-Control-Allow-Origin", headers.origin);
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.setHeader("Access-Control-Allow-Methods", headers["access-control-request-method"] ?? "GET");
    response.setHeader("Access-Control-Allow-Headers", headers["access-control-request-headers"] ?? "x-none");
  }
  if (arrival.method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
    response.writeHead(204).end();
  } else if (url.pathname === "/say") {
    const [name, ...value] = (asked.get("header") ?? "x-said: yes").split(": ");
    response.setHeader(name, value.join(": "));
    response.setHeader("Content-Type", asked.get("type") ?? "text/html; charset=utf-8");
    response.end(asked.get("text") ?? "<!doctype html><title>said</title>");
  } else if (url.pathname === "/redirect") {
    response.writeHead(Number(asked.get("code") ?? 302), { Location: asked.get("to") ?? "/echo" }).end();
  } else if (url.pathname.startsWith("/clients/")) {
    response.setHeader("Content-Type", "text/javascript");
    response.end(await readFile(CLIENTS + basename(url.pathname)));
  } else {
    await echo(asked, arrival, body, response);
  }
}

/**
 * @param {URLSearchParams} asked
 * @param {Arrival} arrival
 * @param {Buffer} body
 * @param {import("node:http").ServerResponse} response
 */
async function echo(asked, arrival, body, response) {
  await pause(Number(asked.get("delay") ?? 0));
  if (asked.get("fail") === "head") {
    response.destroy();
    return;
  }
  let bytes = body.length === 0 ? Buffer.from("ok") : body;
  if (asked.has("size")) {
    bytes = Buffer.alloc(Number(asked.get("size")), "x");
  }
  let type = asked.get("type") ?? "text/plain";
  if (asked.get("reply") === "json") {
    bytes = Buffer.from(JSON.stringify(arrival));
    type = "application/json";
  }
  response.statusCode = Number(asked.get("status") ?? 200);
  response.setHeader("Content-Type", type);
  if ([204, 205, 304].includes(response.statusCode)) {
    response.end();
    return;
  }
  response.setHeader("Content-Length", bytes.length);
  if (asked.get("fail") === "body") {
    response.write(bytes.subarray(0, 1), () => response.destroy());
    return;
  }
  const piece = asked.has("pace") ? Math.ceil(bytes.length / 4) : bytes.length;
  for (let start = 0; start < bytes.length; start += piece) {
    if (start > 0) {
      await pause(Number(asked.get("pace")));
    }
    response.write(bytes.subarray(start, start + piece));
  }
  response.end();
}

/** @param {string | undefined} address */
function parameters(address) {
  return new URL(address ?? "/", "http://127.0.0.1").searchParams;
}

/** @param {string[]} raw names and values, in turn */
function pairs(raw) {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1]}`] : []));
}

/** @param {import("node:http").IncomingMessage} request */
async function bytesOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
