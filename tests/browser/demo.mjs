// @ts-check
/**
 * Shows the extension at work: a page starts a chat, Callsign sets its CRM ID, and what the page wrote stands beside
 * what the server received. With a display a person starts the chats; without one this script starts one by itself.
 */

import { arrivals } from "./demo/arrivals.mjs";
import { openedPanel } from "./demo/panel.mjs";
import { report } from "./demo/report.mjs";
import { hiddenPanel, profileWithPanelFirst } from "./demo/window.mjs";
import { startBrowser } from "./support/browsers.mjs";
import { buildExtension, startPlayground } from "./support/processes.mjs";
import { Started, onEndSignal } from "./support/started.mjs";
import { terminalOf } from "./support/terminal.mjs";
import { wrapped } from "./support/text.mjs";
import { startVendorHosts } from "./support/vendor_hosts.mjs";

/** @typedef {import("./demo/window.mjs").StartedBrowser} StartedBrowser */

const CRM_ID = "CRM-12345-XYZ";
const SETTINGS = { version: 1, sites: { "http://127.0.0.1": { mode: "inject", crmId: CRM_ID } } };

const USAGE = `usage: cargo xtask demo [--headless]

Opens a chat page in Chromium with Callsign in it, set to inject ${CRM_ID},
and prints what the page wrote beside what the server received.

  with a display   opens a window with DevTools, and prints every start until
                   Ctrl+C, or until the page is closed. Exit code 0 if at least
                   one start carried the CRM ID, else 1.
  without one      starts the chat by itself. Exit code 0 if the server
                   received the CRM ID, else 1.

  --headless       without a display, even if there is one; CI=true does so too`;

const terminal = terminalOf(process.stdout, process.env);
const started = new Started();
const ending = new AbortController();

const unknown = process.argv.slice(2).find((argument) => !["--headless", "--help", "-h"].includes(argument));
if (unknown !== undefined) {
  console.error(`${unknown} is no argument of the demo\n\n${USAGE}`);
  process.exitCode = 2;
} else if (process.argv.includes("--help") || process.argv.includes("-h")) {
  console.log(USAGE);
} else {
  onEndSignal(() => {
    ending.abort();
    // Without its browser, whatever is being awaited fails at once.
    started.end();
  });
  process.exitCode = await demo(!hasDisplay());
}

/**
 * @param {boolean} isHeadless
 * @returns {Promise<number>} the exit code
 */
async function demo(isHeadless) {
  try {
    const { site, browser } = await start(isHeadless);
    const page = await chatPage(browser, `${site}/fetch`);
    const panel = await openedPanel(await (isHeadless ? browser.screen("panel", site) : hiddenPanel(browser, site)));
    await introduce(site, browser, isHeadless);
    return isHeadless ? await showOne(site, page, panel) : await showAll(site, page, panel);
  } catch (error) {
    if (ending.signal.aborted) {
      say(["", "The demo was ended before it began."]);
      return 1;
    }
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await started.end();
  }
}

/** @param {boolean} isHeadless */
async function start(isHeadless) {
  const playground = started.add(await startPlayground({ isQuiet: true }), ({ stop }) => stop());
  const hosts = started.add(await startVendorHosts(playground.widget), ({ stop }) => stop());
  const build = { grant: ["http://127.0.0.1", "http://localhost"], settings: SETTINGS };
  const extension = started.add(buildExtension(build), ({ remove }) => remove());
  const profile = started.add(profileWithPanelFirst(extension.path), ({ remove }) => remove());
  const args = isHeadless ? [] : ["--auto-open-devtools-for-tabs", "--window-size=1500,950"];
  const options = { headless: isHeadless, args, profile: profile.path, leavesSignals: true, pac: hosts.pac };
  const browser = started.add(await startBrowser("chromium", extension.path, options), ({ stop }) => stop());
  return { site: playground.site, browser };
}

/**
 * The chat page, in the tab that the browser opened by itself.
 * @param {StartedBrowser} browser
 * @param {string} address
 */
async function chatPage({ browser }, address) {
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  // As large as its window, and not as a driver would have it.
  await page.setViewport(null);
  await page.goto(address);
  return page;
}

/**
 * @param {string} site
 * @param {StartedBrowser} browser
 * @param {boolean} isHeadless
 */
async function introduce(site, { browser }, isHeadless) {
  const version = (await browser.version()).replace("/", " ");
  say([
    terminal.bold("Callsign demo"),
    "",
    `  Chat page  ${site}/fetch`,
    `  Browser    ${version}${isHeadless ? ", headless" : ""}, with Callsign`,
    `  Callsign   injects the CRM ID ${CRM_ID} into every start`,
    "",
  ]);
  if (isHeadless) {
    return;
  }
  const text =
    "Press “Start chat” on the page: each start is printed here, and is listed in DevTools under “Callsign”. " +
    "Ctrl+C, or closing the page, ends the demo: with exit code 0 if at least one start carried the CRM ID, else 1.";
  say([...wrapped(text, terminal.width), ""]);
}

/**
 * Starts one chat by itself.
 * @param {string} site
 * @param {import("puppeteer-core").Page} page
 * @param {Awaited<ReturnType<typeof openedPanel>>} panel
 */
async function showOne(site, page, panel) {
  const limit = AbortSignal.timeout(20_000);
  await page.bringToFront();
  await page.locator('::-p-aria([name="Start chat"][role="button"])').click();
  for await (const arrival of arrivals(site, AbortSignal.any([ending.signal, limit]))) {
    const { lines, isGood } = report(1, arrival, await panel.next(), CRM_ID, terminal);
    say(lines);
    return isGood ? 0 : 1;
  }
  say([`${terminal.bad("✗")} ${terminal.bold("The server received no start within 20 s.")}`]);
  return 1;
}

/**
 * Shows every start until the end.
 * @param {string} site
 * @param {import("puppeteer-core").Page} page
 * @param {Awaited<ReturnType<typeof openedPanel>>} panel
 */
async function showAll(site, page, panel) {
  page.once("close", () => ending.abort());
  page.browser().once("disconnected", () => ending.abort());
  let count = 0;
  let good = 0;
  for await (const arrival of arrivals(site, ending.signal)) {
    const shown = await panel.next().catch(whileEnding);
    if (ending.signal.aborted) {
      break;
    }
    count += 1;
    const { lines, isGood } = report(count, arrival, shown, CRM_ID, terminal);
    good += isGood ? 1 : 0;
    say([...lines, ""]);
  }
  say(["", `${good > 0 ? terminal.good("✓") : terminal.bad("✗")} ${terminal.bold(summary(count, good))}`]);
  return good > 0 ? 0 : 1;
}

/** @param {unknown} error */
function whileEnding(error) {
  if (!ending.signal.aborted) {
    throw error;
  }
  return undefined;
}

/**
 * @param {number} count
 * @param {number} good
 */
function summary(count, good) {
  if (count === 0) {
    return "The demo ended before any start.";
  }
  return count === 1
    ? `The demo ended. ${good === 1 ? "Its one start carried" : "Its one start did not carry"} the CRM ID.`
    : `The demo ended. ${good} of ${count} starts carried the CRM ID.`;
}

function hasDisplay() {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.argv.includes("--headless") || CI === "true") {
    return false;
  }
  return ["darwin", "win32"].includes(process.platform) || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

/** @param {string[]} lines */
function say(lines) {
  console.log(lines.join("\n"));
}
