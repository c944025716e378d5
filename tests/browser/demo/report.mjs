// @ts-check
/** What the demo says about one start: both bodies beside each other, the findings, and what came of it. */

import { sideBySide } from "../support/side_by_side.mjs";
import { differingPart, visible, wrapped } from "../support/text.mjs";

/** @typedef {import("../support/terminal.mjs").Terminal} Terminal */
/** @typedef {import("../support/text.mjs").Part} Part */
/** @typedef {import("./panel.mjs").ShownStart} ShownStart */
/** @typedef {import("./panel.mjs").ShownBody} ShownBody */

/** What the service received. @typedef {{path: string, body: string, headers: [string, string][]}} Arrival */

/**
 * A start, judged.
 * @typedef {object} Report
 * @property {string[]} lines
 * @property {boolean} isGood whether the service received the CRM ID, and what the panel shows as sent
 */

/**
 * @param {number} number counted from 1
 * @param {Arrival} arrival
 * @param {ShownStart | undefined} shown
 * @param {string} crmId
 * @param {Terminal} terminal
 * @returns {Report}
 */
export function report(number, arrival, shown, crmId, terminal) {
  const verdict = judged(arrival, shown, crmId);
  const sign = verdict.isGood ? terminal.good("✓") : terminal.bad("✗");
  const [first, ...others] = wrapped(verdict.sentence, terminal.width - 2);
  return {
    lines: [
      ...heading(number, arrival, shown, terminal),
      "",
      ...sideBySide(pageSide(shown), serverSide(arrival, shown), terminal),
      "",
      ...(shown === undefined ? [] : [...findings(shown, terminal), ""]),
      `${sign} ${terminal.bold(first)}`,
      ...others.map((line) => `  ${terminal.bold(line)}`),
    ],
    isGood: verdict.isGood,
  };
}

/**
 * @param {Arrival} arrival
 * @param {ShownStart | undefined} shown
 * @param {string} crmId
 */
function judged(arrival, shown, crmId) {
  const has = carries(arrival.body, crmId);
  if (shown === undefined) {
    const sentence = has
      ? `The server received the CRM ID ${crmId}, but the panel lists no such start.`
      : `The server received this start without the CRM ID ${crmId}: Callsign did not catch it.`;
    return { isGood: false, sentence };
  }
  if (!isAsShown(arrival, shown)) {
    return { isGood: false, sentence: "The server received something else than the panel shows as sent." };
  }
  return has
    ? { isGood: true, sentence: `The server received the CRM ID ${crmId}, byte for byte as shown.` }
    : { isGood: false, sentence: `The server received this start without the CRM ID ${crmId}.` };
}

/**
 * Whether a JSON body has a value that is this CRM ID.
 * @param {string} body
 * @param {string} crmId
 */
export function carries(body, crmId) {
  let isFound = false;
  try {
    JSON.parse(body, (_, value) => {
      isFound ||= value === crmId;
      return value;
    });
  } catch {
    return false;
  }
  return isFound;
}

/**
 * Whether the panel's body as sent is what arrived. Of a body that the panel keeps only in part, that part is compared.
 * @param {Arrival} arrival
 * @param {ShownStart} shown
 */
function isAsShown(arrival, { before, after }) {
  const sent = after.parts.length > 0 ? after : before;
  const text = textOf(sent);
  return sent.note === "" ? arrival.body === text : arrival.body.startsWith(text);
}

/**
 * @param {number} number
 * @param {Arrival} arrival
 * @param {ShownStart | undefined} shown
 * @param {Terminal} terminal
 */
function heading(number, arrival, shown, terminal) {
  const title = terminal.bold(`Start ${number}`);
  if (shown === undefined) {
    return [title, ...wrapped(`POST ${arrival.path}`, terminal.width)];
  }
  return [
    `${title}  ${terminal.quiet(visible(`${shown.time}  ${shown.vendor}`))}`,
    ...wrapped(shown.request, terminal.width),
    ...wrapped(`${shown.delivery} ${shown.result}.`, terminal.width),
  ];
}

/** @param {ShownStart | undefined} shown */
function pageSide(shown) {
  if (shown === undefined) {
    return { title: "What the page wrote", parts: [plain("Callsign does not know.")] };
  }
  return { title: titled("What the page wrote", shown.before.label), parts: noted(shown.before) };
}

/**
 * @param {Arrival} arrival
 * @param {ShownStart | undefined} shown
 */
function serverSide(arrival, shown) {
  const bytes = Buffer.byteLength(arrival.body);
  const title = titled("What the server received", `${bytes} bytes`);
  if (shown === undefined || arrival.body === textOf(shown.before)) {
    return { title, parts: [plain(arrival.body)] };
  }
  const isKnown = arrival.body === textOf(shown.after);
  return { title, parts: isKnown ? shown.after.parts : differingPart(arrival.body, textOf(shown.before)) };
}

/**
 * @param {ShownStart} shown
 * @param {Terminal} terminal
 */
function findings(shown, terminal) {
  if (shown.findings.length === 0) {
    return [terminal.bold("Findings"), "  Nothing to remark."];
  }
  const widest = Math.max(...shown.findings.map(({ severity }) => severity.length));
  const indent = " ".repeat(widest + 4);
  const indented = (/** @type {string} */ text) =>
    text === "" ? [] : wrapped(text, terminal.width - indent.length).map((line) => indent + line);
  const lines = shown.findings.flatMap(({ severity, sentence, cause, remedy }) => {
    const [first, ...others] = indented(sentence);
    const paint = severity === "problem" ? terminal.bad : severity === "warning" ? terminal.warning : terminal.quiet;
    return [
      `  ${paint(severity)}${first.slice(severity.length + 2)}`,
      ...others,
      ...indented(cause).map(terminal.quiet),
      ...indented(remedy === "" ? "" : `What to do: ${remedy}`),
    ];
  });
  return [terminal.bold("Findings"), ...lines];
}

/** @param {ShownBody} body */
function noted({ parts, note }) {
  return note === "" ? parts : [...parts, plain(parts.length === 0 ? note : `\n(${note})`)];
}

/** @param {ShownBody} body */
function textOf({ parts }) {
  return parts.map(({ text }) => text).join("");
}

/** @param {string} text @returns {Part} */
function plain(text) {
  return { text, isChanged: false };
}

/**
 * @param {string} title
 * @param {string} label
 */
function titled(title, label) {
  return label === "" ? title : `${title}, ${label}`;
}
