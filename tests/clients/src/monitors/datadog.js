// @ts-check
//! Watches a page with `@datadog/browser-rum` as published; what it would send goes to the page's own origin.

import { datadogRum } from "@datadog/browser-rum";

/** @type {unknown[]} */
const noted = [];

datadogRum.init({
  applicationId: "00000000-0000-0000-0000-000000000000",
  clientToken: "pub0",
  service: "compliance",
  proxy: `${location.origin}/monitor/datadog`,
  sessionSampleRate: 100,
  sessionReplaySampleRate: 0,
  trackResources: true,
  telemetrySampleRate: 0,
  beforeSend(event) {
    const { type, resource } = /** @type {any} */ (event);
    if (type === "resource" && (resource.type === "fetch" || resource.type === "xhr")) {
      noted.push([resource.type, resource.method, resource.url, resource.status_code]);
    }
    return true;
  },
});
Object.assign(window, { monitor: { noted } });
