// @ts-check
/** What makes Chromium's window fit the demo: the panel at hand in DevTools, and no tab that nobody asked for. */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../support/processes.mjs";

/** @typedef {Awaited<ReturnType<typeof import("../support/browsers.mjs").startBrowser>>} StartedBrowser */

/** DevTools' own panels count from here, in steps of this. */
const FIRST_PANEL = 10;

/**
 * A new profile whose DevTools have the panel "Callsign" before all others.
 * @param {string} extension its folder
 */
export function profileWithPanelFirst(extension) {
  const order = { [`chrome-extension://${idOf(extension)}Callsign`]: FIRST_PANEL / 2, elements: FIRST_PANEL };
  const preferences = { devtools: { preferences: { "panel-tab-order": JSON.stringify(order) } } };
  const profile = scratchFolder();
  mkdirSync(join(profile.path, "Default"));
  writeFileSync(join(profile.path, "Default", "Preferences"), JSON.stringify(preferences));
  return profile;
}

/**
 * The panel about a site's tab, in a page that no window shows; an old Chromium opens a tab for it.
 * @param {StartedBrowser} browser
 * @param {string} site
 */
export async function hiddenPanel({ browser, home }, site) {
  const url = `${home}panel.html?site=${encodeURIComponent(site)}`;
  // The page lives as long as this session.
  const session = await browser.target().createCDPSession();
  await session.send("Target.createTarget", { url, hidden: true });
  const target = await browser.waitForTarget((target) => target.url() === url);
  return (await target.page()) ?? target.asPage();
}

/**
 * The ID that Chromium gives an unpacked extension: made of its folder, where the manifest has no key.
 * @param {string} folder
 */
function idOf(folder) {
  const digits = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return Array.from(digits, (digit) => String.fromCharCode("a".charCodeAt(0) + parseInt(digit, 16))).join("");
}
