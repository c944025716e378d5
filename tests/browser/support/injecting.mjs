// @ts-check
/** The extension as most tests want it: there from a page's first request, and setting the same CRM ID. */

import { after, before } from "node:test";
import { startService } from "../compliance/support/service.mjs";

export const WANTED = "CRM-12345-XYZ";

/** Enabled at build time on the playground's first origin, and injecting. */
export const INJECTING = {
  grant: ["http://127.0.0.1"],
  settings: { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: WANTED } } },
};

/** A service on that origin which keeps every request as the bytes that came, for the surrounding `describe`. */
export function byteService() {
  /** @type {Awaited<ReturnType<typeof startService>>} */
  let service;
  before(async () => {
    service = await startService();
  });
  after(() => service.stop());
  return {
    get site() {
      return service.site;
    },
    /** All that arrived so far. */
    arrived: () => service.arrived(),
    /** Forgets it. */
    forget: () => service.forget(),
  };
}
