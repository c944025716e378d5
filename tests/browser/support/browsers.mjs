// @ts-check
/** Real browsers with the extension in them. */

import puppeteer from "puppeteer-core";
import { scratchFolder, given } from "./processes.mjs";
import { until } from "./wait.mjs";

/** The browsers every test runs in. @type {("chromium" | "firefox")[]} */
export const BROWSERS = ["chromium", "firefox"];

/** Firefox gives each profile a random address for an extension, unless this preference names one. */
const FIREFOX_UUID = "7c1f2d7e-0f5b-4f0e-9d38-2b6b5a1c0d11";
const FIREFOX_ID = "callsign@callsign.example";

/** As root Chromium needs the first; the others keep it from calling out. */
export const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser is there within this time, also the first one on a machine that has just compiled everything. */
const START_LIMIT_MS = 120_000;

/**
 * Starts a browser with an unpacked extension in it.
 * @param {"chromium" | "firefox"} name
 * @param {string | undefined} extension its folder; none for a browser without it
 * @param {{args?: string[], profile?: string, headless?: boolean, leavesSignals?: boolean, seesNetwork?: boolean, pac?: string, preferences?: Record<string, unknown>}} [options]
 *   `leavesSignals`: whoever starts it ends it on Ctrl+C too, and puppeteer does not end this process;
 *   `seesNetwork`: whether the driver is told of every request, which takes time;
 *   `pac`: the address of a proxy auto-configuration; the proxies' certificates are taken, whoever signed them;
 *   `preferences`: Firefox' own
 */
export async function startBrowser(name, extension, options = {}) {
  const profile = options.profile === undefined ? scratchFolder() : { path: options.profile, remove: () => {} };
  const start = name === "chromium" ? startChromium : startFirefox;
  const { browser, home } = await start(extension, profile.path, options);
  return {
    name,
    browser,
    /** What the addresses of the extension's own pages begin with. */
    home,
    /**
     * A new page at an address.
     * @param {string} address
     */
    async open(address) {
      const page = await browser.newPage();
      await page.goto(address);
      return page;
    },
    /**
     * One of the extension's pages, about the tab that shows a site or has a number, if it is about one.
     * @param {"popup" | "panel" | "options"} which
     * @param {string | number} [about]
     */
    async screen(which, about = "") {
      const page = await browser.newPage();
      await page.setViewport(which === "popup" ? { width: 340, height: 620 } : { width: 1200, height: 760 });
      const query = which === "options" ? "" : `?${typeof about === "number" ? "tab" : "site"}=${encodeURIComponent(about)}`;
      const address = `${home}${which}.html${query}`;
      if (name === "chromium") {
        await page.goto(address);
      } else {
        // Firefox tells its driver nothing of how an extension's page loads: its end is awaited in the page itself.
        page.goto(address).catch(() => {});
        const shown = () => page.evaluate(() => location.href).catch(() => "a page that is going");
        await until(address, shown, (href) => href === address);
      }
      await page.waitForSelector("#site:not(:empty), #empty:not([hidden]), #list:not([hidden]), #built-in > *, #fault:not([hidden])");
      return page;
    },
    /** Ends the extension's background, as the browser does by itself when it has been idle. */
    stopBackground: () => (name === "chromium" ? stopWorker(browser) : stopEventPage(browser)),
    /** Switches the extension off and on, as an update does; pages keep the relay that they have. */
    switchOffAndOn: () => (name === "chromium" ? switchInChromium(browser, home) : switchInFirefox(browser)),
    async stop() {
      await browser.close();
      profile.remove();
    },
  };
}

/** @param {import("puppeteer-core").Target} target */
function isBackground(target) {
  return target.type() === "service_worker" && target.url().endsWith("/background.js");
}

/** @param {import("puppeteer-core").Browser} browser */
async function stopWorker(browser) {
  const background = await browser.waitForTarget(isBackground);
  const worker = await background.worker();
  await worker?.close();
  await until("the background's end", async () => browser.targets(), (targets) => !targets.includes(background));
}

/**
 * Firefox offers this to its own windows only, which its driver reaches with `--remote-allow-system-access`.
 * @param {import("puppeteer-core").Browser} browser
 */
async function stopEventPage(browser) {
  const answer = await inFirefoxItself(
    browser,
    `(async () => {
      const { extension } = WebExtensionPolicy.getByID("${FIREFOX_ID}");
      await extension.terminateBackground();
      return extension.backgroundState;
    })()`,
  );
  if (answer.result?.value !== "stopped") {
    throw new Error(`Firefox did not stop the background: ${JSON.stringify(answer)}`);
  }
}

/**
 * Chromium crashes where a driver reloads an extension, and not where it is switched off and on.
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} home
 */
async function switchInChromium(browser, home) {
  const page = await browser.newPage();
  await page.goto("chrome://extensions");
  await page.evaluate(async (id) => {
    await chrome.management.setEnabled(id, false);
    await chrome.management.setEnabled(id, true);
  }, new URL(home).host);
  await page.close();
}

/** @param {import("puppeteer-core").Browser} browser */
async function switchInFirefox(browser) {
  const answer = await inFirefoxItself(
    browser,
    `(async () => {
      const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
      const addon = await AddonManager.getAddonByID("${FIREFOX_ID}");
      await addon.disable();
      await addon.enable();
      return addon.isActive;
    })()`,
  );
  if (answer.result?.value !== true) {
    throw new Error(`Firefox did not switch the extension off and on: ${JSON.stringify(answer)}`);
  }
}

/**
 * Runs a script in Firefox's own window; puppeteer has no call for it, so the driver's connection is used as it is.
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} expression
 */
async function inFirefoxItself(browser, expression) {
  const { connection } = /** @type {any} */ (browser);
  const { result: tree } = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const { result } = await connection.send("script.evaluate", {
    expression,
    target: { context: tree.contexts[0].context },
    awaitPromise: true,
  });
  return result;
}

/**
 * @param {string | undefined} extension
 * @param {string} profile
 * @param {{args?: string[], headless?: boolean, leavesSignals?: boolean, seesNetwork?: boolean, pac?: string}} options
 */
async function startChromium(extension, profile, options) {
  const { args = [], headless = true, leavesSignals = false, seesNetwork = true, pac } = options;
  const proxyArguments = pac === undefined ? [] : [`--proxy-pac-url=${pac}`, "--ignore-certificate-errors"];
  const extensionArguments =
    extension === undefined ? [] : [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`];
  const browser = await puppeteer.launch({
    executablePath: given("CHROMIUM"),
    timeout: START_LIMIT_MS,
    headless,
    networkEnabled: seesNetwork,
    handleSIGINT: !leavesSignals,
    handleSIGTERM: !leavesSignals,
    handleSIGHUP: !leavesSignals,
    userDataDir: profile,
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [...CHROMIUM_ARGUMENTS, ...extensionArguments, ...proxyArguments, ...args],
  });
  if (extension === undefined) {
    return { browser, home: "" };
  }
  const background = await browser.waitForTarget(isBackground, { timeout: START_LIMIT_MS });
  return { browser, home: new URL(".", background.url()).href };
}

/**
 * @param {string | undefined} extension
 * @param {string} profile
 * @param {{headless?: boolean, pac?: string, preferences?: Record<string, unknown>}} options
 */
async function startFirefox(extension, profile, { headless = true, pac, preferences }) {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: given("FIREFOX"),
    timeout: START_LIMIT_MS,
    headless,
    userDataDir: profile,
    acceptInsecureCerts: pac !== undefined,
    // Without it Firefox takes no driver to an extension's own pages.
    args: ["--remote-allow-system-access"],
    extraPrefsFirefox: {
      "extensions.webextensions.uuids": JSON.stringify({ [FIREFOX_ID]: FIREFOX_UUID }),
      // 2 is "by auto-configuration".
      ...(pac === undefined ? {} : { "network.proxy.type": 2, "network.proxy.autoconfig_url": pac }),
      ...preferences,
    },
  });
  if (extension !== undefined) {
    await browser.installExtension(extension);
  }
  return { browser, home: `moz-extension://${FIREFOX_UUID}/` };
}
