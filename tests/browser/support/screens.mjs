// @ts-check
/** The popup and the panel as a person has them: what they show, and what can be done in them. */

import { until } from "./wait.mjs";

/** @typedef {import("puppeteer-core").Page} Page */

/**
 * The popup.
 * @param {Page} page
 */
export function popupOn(page) {
  const read = () => page.evaluate(readPopup);
  return {
    page,
    read,
    /**
     * Waits until the popup shows what fits.
     * @param {(seen: PopupSeen) => unknown} fits
     */
    shows: (fits) => until("the popup", read, fits),
    /** @param {string} name */
    click: (name) => press(page, "button", name),
    /** @param {"Observe" | "Inject"} mode */
    choose: (mode) => press(page, "radio", mode),
    /**
     * Replaces what stands in a text field at once, as pasting does, and leaves the field.
     * @param {"CRM ID" | "Attribute"} name
     * @param {string} text
     */
    async paste(name, text) {
      const field = await found(page, "textbox", name);
      await field.evaluate((element, pasted) => {
        const input = /** @type {HTMLInputElement} */ (element);
        input.focus();
        input.select();
        document.execCommand(pasted === "" ? "delete" : "insertText", false, pasted);
        input.blur();
      }, text);
    },
    /**
     * Types into a text field, key by key.
     * @param {"CRM ID" | "Attribute"} name
     * @param {string} text
     */
    async type(name, text) {
      const field = await found(page, "textbox", name);
      await field.evaluate((element) => /** @type {HTMLInputElement} */ (element).select());
      await field.type(text);
    },
    /**
     * Waits until the settings of a site are kept, which no screen says.
     * @param {string} address
     * @param {Record<string, unknown>} expected
     */
    async keeps(address, expected) {
      const site = new URL(address);
      const key = `${site.protocol}//${site.hostname}`;
      const kept = async () => {
        const text = await page.evaluate(async () => (await chrome.storage.local.get("settings")).settings);
        return JSON.parse(String(text)).sites[key] ?? {};
      };
      const isKept = (/** @type {Record<string, unknown>} */ settings) =>
        Object.entries(expected).every(([name, value]) => settings[name] === value);
      await until(`the settings of ${key}`, kept, isKept);
    },
  };
}

/**
 * The panel.
 * @param {Page} page
 */
export function panelOn(page) {
  const read = () => page.evaluate(readPanel);
  return {
    page,
    read,
    /**
     * Waits until the panel shows what fits.
     * @param {(seen: PanelSeen) => unknown} fits
     */
    shows: (fits) => until("the panel", read, fits),
    /** @param {string} name */
    click: (name) => press(page, "button", name),
    /**
     * Chooses a row, and gives what is shown of its start.
     * @param {number} index
     */
    async choose(index) {
      await page.bringToFront();
      await page.locator(`::-p-xpath((//*[@role="grid"]//tbody//*[@role="row"])[${index + 1}])`).click();
      const { detail } = await until("the panel", read, (seen) => seen.rows[index]?.isSelected && seen.detail);
      return /** @type {DetailSeen} */ (detail);
    },
    /**
     * Shows or hides the values, which the panel remembers.
     * @param {boolean} wanted
     */
    async showValues(wanted) {
      if ((await read()).showsValues !== wanted) {
        await press(page, "button", "Show values");
      }
      await until("the panel", read, ({ showsValues }) => showsValues === wanted);
    },
  };
}

/**
 * The options page.
 * @param {Page} page
 */
export function optionsOn(page) {
  const read = () => page.evaluate(readOptions);
  return {
    page,
    read,
    /**
     * Waits until the page shows what fits.
     * @param {(seen: OptionsSeen) => unknown} fits
     */
    shows: (fits) => until("the options page", read, fits),
    /** @param {string} name */
    click: (name) => press(page, "button", name),
    /**
     * Puts a text into the editor in place of what stands there, as pasting does.
     * @param {string} text
     */
    async paste(text) {
      const field = await found(page, "textbox", "Profile file (JSON)");
      await field.evaluate((element, pasted) => {
        const input = /** @type {HTMLTextAreaElement} */ (element);
        input.focus();
        input.select();
        document.execCommand("insertText", false, pasted);
      }, text);
    },
  };
}

/**
 * Clicks what has a role and a name, on a page that is brought to the front for it: browsers hold still the others.
 * @param {Page} page
 * @param {string} role
 * @param {string} name
 */
export async function press(page, role, name) {
  await page.bringToFront();
  await page.locator(byRole(role, name)).click();
}

/**
 * @param {string} role
 * @param {string} name
 */
export function byRole(role, name) {
  return `::-p-aria([name="${name}"][role="${role}"])`;
}

/**
 * @param {Page} page
 * @param {string} role
 * @param {string} name
 */
async function found(page, role, name) {
  await page.bringToFront();
  const element = await page.waitForSelector(byRole(role, name));
  if (element === null) {
    throw new Error(`there is no ${role} "${name}"`);
  }
  return element;
}

/**
 * @typedef {object} FieldSeen
 * @property {string} value
 * @property {string} placeholder
 * @property {boolean} isInvalid
 * @property {string} note what stands under it
 */

/**
 * @typedef {object} PopupSeen
 * @property {string} site
 * @property {string} state
 * @property {string} siteNote
 * @property {string[]} buttons the names of those that are shown
 * @property {string | undefined} mode none where it is not shown
 * @property {FieldSeen | undefined} crmId
 * @property {FieldSeen | undefined} attribute
 * @property {string[]} last the lines about the last start
 * @property {string} notice
 * @property {string} fault
 */

/** Runs in the popup. @returns {PopupSeen} */
function readPopup() {
  /** @param {Element | null} element */
  const isShown = (element) => element instanceof HTMLElement && element.checkVisibility();
  /** @param {Element | null} element */
  const textOf = (element) => (isShown(element) ? /** @type {HTMLElement} */ (element).innerText.trim() : "");
  /** @param {string} label */
  const field = (label) => {
    const labels = [...document.querySelectorAll("label")];
    const input = /** @type {HTMLInputElement | null} */ (
      labels.find((element) => element.textContent?.trim() === label)?.control ?? null
    );
    if (input === null || !isShown(input)) {
      return undefined;
    }
    return {
      value: input.value,
      placeholder: input.placeholder,
      isInvalid: input.getAttribute("aria-invalid") === "true",
      note: textOf(document.getElementById(input.getAttribute("aria-describedby") ?? "")),
    };
  };
  const site = document.querySelector('[aria-label="Site"]');
  const modes = [...document.querySelectorAll('[role="radiogroup"] label')];
  const chosen = modes.find((label) => isShown(label) && label.querySelector("input")?.checked);
  return {
    site: textOf(site?.querySelector("strong") ?? null),
    state: textOf(site?.querySelector(".badge") ?? null),
    siteNote: textOf(site?.querySelector('[role="status"]') ?? null),
    buttons: [...document.querySelectorAll("button")].filter(isShown).map((button) => button.innerText.trim()),
    mode: chosen?.textContent?.trim(),
    crmId: field("CRM ID"),
    attribute: field("Attribute"),
    last: textOf(document.querySelector('[aria-label="Last start"]')).split(/\s*\n\s*/),
    notice: textOf(document.querySelector('[aria-label="Notice"] p')),
    fault: textOf(document.querySelector('[role="alert"]')),
  };
}

/**
 * @typedef {object} RowSeen
 * @property {string} time
 * @property {string} vendor
 * @property {string} crmId
 * @property {string} status
 * @property {boolean} isSelected
 */

/**
 * @typedef {object} BodySeen
 * @property {string} label its length or status
 * @property {string} text
 * @property {string[]} marked the parts that differ from the other side
 * @property {string} note
 */

/**
 * @typedef {object} DetailSeen
 * @property {string} request
 * @property {string} result
 * @property {string} delivery
 * @property {string[]} findings each one's lines
 * @property {string[][]} attributes key, before, after
 * @property {BodySeen} before
 * @property {BodySeen} after
 * @property {BodySeen} answer
 * @property {Record<string, string>} facts
 */

/**
 * @typedef {object} PanelSeen
 * @property {string} count
 * @property {boolean} showsValues
 * @property {RowSeen[]} rows
 * @property {DetailSeen | undefined} detail
 * @property {string} empty what is shown in place of a list
 * @property {string} fault
 */

/** Runs in the panel. @returns {PanelSeen} */
function readPanel() {
  /** @param {Element | null | undefined} element */
  const isShown = (element) => element instanceof HTMLElement && element.checkVisibility();
  /** @param {Element | null | undefined} element */
  const textOf = (element) =>
    isShown(element) ? /** @type {HTMLElement} */ (element).innerText.replace(/[^\S\n]+/g, " ").trim() : "";
  /**
   * The text as a screen reader says it.
   * @param {Element} element
   */
  const spoken = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let all = "";
    while (texts.nextNode()) {
      const parent = texts.currentNode.parentElement;
      all += isShown(parent) && !parent?.closest('[aria-hidden="true"]') ? ` ${texts.currentNode.textContent}` : "";
    }
    return all.replace(/\s+/g, " ").trim();
  };
  /** @param {string} name */
  const region = (name) =>
    [...document.querySelectorAll("section[aria-labelledby]")].find(
      (section) => document.getElementById(section.getAttribute("aria-labelledby") ?? "")?.textContent === name,
    );
  /** @param {string} name @returns {BodySeen} */
  const body = (name) => {
    const section = region(name);
    const pre = section?.querySelector("pre");
    return {
      label: textOf(section?.querySelector("h2 .quiet")),
      text: isShown(pre) ? pre?.textContent ?? "" : "",
      marked: isShown(pre) ? [...(pre?.querySelectorAll("mark") ?? [])].map((mark) => mark.textContent ?? "") : [],
      note: textOf(section?.querySelector("p")),
    };
  };
  const rows = [...document.querySelectorAll('[role="grid"] tbody [role="row"]')].filter(isShown);
  const detail = document.querySelector('article[aria-label="Selected start"]');
  const facts = [...(region("Details")?.querySelectorAll("dl > div") ?? [])];
  return {
    count: textOf(document.querySelector('[role="status"]')),
    showsValues: document.querySelector('[role="toolbar"] [aria-pressed="true"]')?.textContent === "Show values",
    rows: rows.map((row) => {
      const [time, vendor, crmId, status] = [...row.querySelectorAll('[role="gridcell"]')].map(spoken);
      return { time, vendor, crmId, status, isSelected: row.getAttribute("aria-selected") === "true" };
    }),
    detail: !isShown(detail)
      ? undefined
      : {
          request: textOf(detail?.querySelector("#request")),
          result: textOf(detail?.querySelector("#result")),
          delivery: textOf(detail?.querySelector("#delivery")),
          findings: [...(region("Findings")?.querySelectorAll("li") ?? [])].map(textOf),
          attributes: [...(region("Attributes")?.querySelectorAll("tbody tr") ?? [])].map((row) =>
            [...row.children].map(textOf),
          ),
          before: body("Body as the page wrote it"),
          after: body("Body as sent"),
          answer: body("Answer"),
          facts: Object.fromEntries(
            facts.map((fact) => [textOf(fact.querySelector("dt")), textOf(fact.querySelector("dd"))]),
          ),
        },
    empty: textOf(document.querySelector("#empty h2")),
    fault: textOf(document.querySelector('[role="alert"]')),
  };
}

/**
 * @typedef {object} OptionsSeen
 * @property {Record<string, string[][]>} own each vendor's profiles: name and ID, way, CRM ID's attribute, remark
 * @property {Record<string, string[][]>} builtIn
 * @property {boolean} isEmpty whether it says that there are none of the tester's own
 * @property {string} editor
 * @property {boolean} isInvalid
 * @property {string[]} wrong
 * @property {string} saved
 * @property {boolean} canUndo
 */

/**
 * Runs in the options page.
 * @returns {OptionsSeen}
 */
function readOptions() {
  const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const isShown = (/** @type {Element} */ element) => element.checkVisibility();
  const vendors = (/** @type {string} */ id) =>
    Object.fromEntries(
      [...byId(id).querySelectorAll(":scope > li")].map((row) => [
        row.querySelector("strong")?.textContent ?? "",
        [...row.querySelectorAll(".profile")].map((profile) =>
          [...profile.querySelectorAll("[data-slot]")].map((part) => part.textContent ?? ""),
        ),
      ]),
    );
  const editor = /** @type {HTMLTextAreaElement} */ (byId("profile"));
  return {
    own: vendors("own"),
    builtIn: vendors("built-in"),
    isEmpty: isShown(byId("no-own")),
    editor: editor.value,
    isInvalid: editor.getAttribute("aria-invalid") === "true",
    wrong: isShown(byId("refused")) ? [...byId("wrong").children].map((line) => line.textContent ?? "") : [],
    saved: isShown(byId("saved")) ? (byId("saved").textContent ?? "") : "",
    canUndo: isShown(byId("undo")),
  };
}
