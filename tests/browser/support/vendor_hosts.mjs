// @ts-check
/**
 * Takes a vendor's hosts to the playground, for clients that know no others: a proxy on this machine that answers for them itself.
 *
 * Page and client are as they would be: the address, the TLS and the origin are the vendor's. The browser takes the certificate
 * because it is told to, and reaches every other host as ever.
 */

import { createServer } from "node:http";
import { connect } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { certificate } from "./certificate.mjs";

/**
 * LiveChat's `accounts`, `api`, and `queue`, which takes its statistics; and where the playground says that Azure Communication
 * Services are, which a client of Dynamics 365 asks over TLS only; its `hosts` tells a page that it is here.
 */
const DOMAINS = [".livechatinc.com", ".callsign.test"];

/**
 * A proxy that takes the vendors' hosts to an origin.
 * @param {string} origin of the playground
 */
export async function startVendorHosts(origin) {
  const { hostname, port } = new URL(origin);
  /** @type {Set<import("node:net").Socket>} */
  const open = new Set();
  const keep = (/** @type {import("node:net").Socket} */ socket) => {
    open.add(socket);
    // Browsers go without a word, and what was open then ends in an error.
    socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
    return socket;
  };

  const tls = createTlsServer(certificate(DOMAINS.map((domain) => `*${domain}`)), (secure) => {
    const plain = keep(connect(Number(port), hostname));
    keep(secure).pipe(plain).pipe(secure);
  });
  tls.on("tlsClientError", (_, socket) => socket.destroy());

  const proxy = createServer((_, answer) => answer.writeHead(502).end());
  proxy.on("connect", (request, /** @type {import("node:net").Socket} */ socket) => {
    const host = (request.url ?? "").replace(/:443$/, "");
    keep(socket);
    if (!DOMAINS.some((domain) => host.endsWith(domain))) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    tls.emit("connection", socket);
  });
  await new Promise((listening) => proxy.listen(0, "127.0.0.1", () => listening(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (proxy.address());

  return {
    /** What tells a browser when to ask the proxy (proxy auto-configuration), as an address. */
    pac: pac(address.port),
    async stop() {
      open.forEach((socket) => socket.destroy());
      await new Promise((closed) => proxy.close(closed));
    },
  };
}

/** @param {number} port */
function pac(port) {
  const isVendors = DOMAINS.map((domain) => `dnsDomainIs(host, "${domain}")`).join(" || ");
  const script = `function FindProxyForURL(url, host) { return ${isVendors} ? "PROXY 127.0.0.1:${port}" : "DIRECT"; }`;
  return `data:application/x-ns-proxy-autoconfig;base64,${Buffer.from(script).toString("base64")}`;
}
