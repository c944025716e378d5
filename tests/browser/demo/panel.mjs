// @ts-check
/** Reads starts off the real panel, one after the other, as they come. */

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("../support/text.mjs").Part} Part */

/** @typedef {{label: string, note: string, parts: Part[]}} ShownBody */
/** @typedef {{severity: string, sentence: string, cause: string, remedy: string}} ShownFinding */

/**
 * A start as the panel shows it.
 * @typedef {object} ShownStart
 * @property {string} time
 * @property {string} vendor
 * @property {string} request
 * @property {string} result
 * @property {string} delivery
 * @property {ShownFinding[]} findings
 * @property {ShownBody} before
 * @property {ShownBody} after
 */

/** For a start to be listed that the service has received already. */
const LISTED_WITHIN_MS = 5_000;
/** For the answer; a start whose answer takes longer is shown without. */
const ANSWERED_WITHIN_MS = 10_000;

/**
 * The panel, with its values shown.
 * @param {Page} page
 */
export async function openedPanel(page) {
  await page.waitForFunction(showValues, { polling: "mutation" });
  /** @type {string[]} */
  const read = [];
  return {
    /**
     * The oldest start that was not read yet, once its answer is there; none where the panel lists none in time.
     * @returns {Promise<ShownStart | undefined>}
     */
    async next() {
      const id = await listed(page, read);
      if (id === undefined) {
        return undefined;
      }
      read.push(id);
      await page.evaluate(select, id);
      // An answer that is late is no failure: the start is shown as it is then.
      await page.waitForFunction(isAnswered, { polling: "mutation", timeout: ANSWERED_WITHIN_MS }, id).catch(() => {});
      return page.evaluate(readStart, id);
    },
  };
}

/**
 * @param {Page} page
 * @param {string[]} read
 * @returns {Promise<string | undefined>}
 */
async function listed(page, read) {
  try {
    const id = await page.waitForFunction(oldestBut, { polling: "mutation", timeout: LISTED_WITHIN_MS }, read);
    return /** @type {string} */ (await id.jsonValue());
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      return undefined;
    }
    throw error;
  }
}

/** Runs in the panel, until its values are shown. The click is the page's own, because it may be no page in front. */
function showValues() {
  const button = document.querySelector("#show-values");
  const isReady = document.querySelector("#empty:not([hidden]), #list:not([hidden])") !== null;
  if (isReady && button?.getAttribute("aria-pressed") === "false") {
    /** @type {HTMLElement} */ (button).click();
  }
  return isReady && button?.getAttribute("aria-pressed") === "true";
}

/** Runs in the panel. @param {string[]} read */
function oldestBut(read) {
  const rows = [...document.querySelectorAll("#starts [data-id]")];
  return rows.map((row) => row.getAttribute("data-id") ?? "").find((id) => !read.includes(id));
}

/** Runs in the panel. @param {string} id */
function select(id) {
  /** @type {HTMLElement | null} */ (document.querySelector(`#starts [data-id="${CSS.escape(id)}"]`))?.click();
}

/** Runs in the panel. @param {string} id */
function isAnswered(id) {
  const row = document.querySelector(`#starts [data-id="${CSS.escape(id)}"]`);
  const answer = document.querySelector("#answer-note")?.textContent;
  return row?.getAttribute("aria-selected") === "true" && answer !== "No answer yet.";
}

/** Runs in the panel. @param {string} id @returns {ShownStart} */
function readStart(id) {
  const textIn = (/** @type {ParentNode | null} */ parent, /** @type {string} */ selector) =>
    parent?.querySelector(selector)?.textContent ?? "";
  const body = (/** @type {string} */ name) => ({
    label: textIn(document, `#${name}-label`),
    note: textIn(document, `#${name}-note`),
    parts: [...document.querySelectorAll(`#${name}-body > *`)].map((part) => ({
      text: part.textContent ?? "",
      isChanged: part.localName === "mark",
    })),
  });
  const row = document.querySelector(`#starts [data-id="${CSS.escape(id)}"]`);
  return {
    time: textIn(row, '[data-slot="time"]'),
    vendor: textIn(row, '[data-slot="vendor"]'),
    request: textIn(document, "#request"),
    result: textIn(document, "#result"),
    delivery: textIn(document, "#delivery"),
    findings: [...document.querySelectorAll("#findings > li")].map((finding) => ({
      severity: textIn(finding, '[data-slot="severity"]'),
      sentence: textIn(finding, '[data-slot="sentence"]'),
      cause: textIn(finding, '[data-slot="cause"]'),
      remedy: textIn(finding, '[data-slot="remedy"]'),
    })),
    before: body("before"),
    after: body("after"),
  };
}
