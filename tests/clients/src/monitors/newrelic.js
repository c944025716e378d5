// @ts-check
//! Watches a page with `@newrelic/browser-agent` as published; what it would send goes to the page's own origin.

import { BrowserAgent } from "@newrelic/browser-agent/loaders/browser-agent";

const { host } = location;

new BrowserAgent({
  init: { ajax: { enabled: true, block_internal: false }, distributed_tracing: { enabled: true }, ssl: false, privacy: { cookies_enabled: false } },
  info: { beacon: `${host}/monitor`, errorBeacon: `${host}/monitor`, licenseKey: "key", applicationID: "1", sa: 1 },
  loader_config: { accountID: "1", trustKey: "1", agentID: "1", licenseKey: "key", applicationID: "1" },
});
Object.assign(window, { monitor: { noted: [] } });
