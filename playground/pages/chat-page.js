// @ts-check
//! Wires a page's form to one way of sending a start, and offers the same way to tests as `window.playground`.

/**
 * An answer of the chat service, whatever its status, with its text as it is; or what a client tells of it, which may be no
 * status, and is a body of the page's own.
 * @typedef {{ status: number | null, body: string, retryAfter: string | null }} Answer
 */

/**
 * The browser's word that it will send a start, where a page is never told what is answered.
 * @typedef {{ isQueued: boolean }} Queued
 */

/**
 * What came of a start: an answer, or the name and the message of the error that the page saw instead of one.
 * @typedef {Answer | Queued | { error: string, message: string }} Outcome
 */

/**
 * Sends a start to the chat service at an origin. Rejects when there is no answer.
 * @callback Send
 * @param {string} api such as `http://127.0.0.1:1234`
 * @param {BodyInit} body
 * @returns {Promise<Answer | Queued>}
 */

/** Where the start goes that carries a configuration ID and attributes. */
export const WEBCHAT_PATH = "/api/v2/conversations/webchat";

/** Spacing and numbers are unusual on purpose: whoever edits the body must leave them so. */
export const WEBCHAT_BODY = `{
  "configurationId": "config-live",
  "attributes": {
    "externalId":   "WEB-0001",
    "customerName": "Ada Lovelace",
    "customerTier": "gold",
    "visits":       7,
    "score":        1e2
  }
}`;

/** The same as a form, in the syntax of an address; a site would encode it. */
export const WEBCHAT_FORM =
  "configurationId=config-live&attributes[externalId]=WEB-0001&attributes[customerName]=Ada Lovelace" +
  "&attributes[customerTier]=gold";

/** What names the configuration in a body, unless the page's service has another name for it. */
const ID_NAMES = "configurationId|deploymentId";

/**
 * Makes the page work: its form, its query parameters `configurationId`, `api` and `body`, and `window.playground`.
 * @param {string} defaultBody
 * @param {Send} send
 * @param {string} [idName] what names the configuration in a body of this page
 */
export function chatPage(defaultBody, send, idName = ID_NAMES) {
  // In JSON, and in the syntax of an address.
  const configurationIn = new RegExp(`("(?:${idName})"\\s*:\\s*"|(?:^|&)(?:${idName})=)([^"\\\\&]*)`);
  const form = /** @type {HTMLFormElement} */ (document.getElementById("chat-form"));
  const configurationId = field(form, "configurationId", HTMLInputElement);
  const api = field(form, "api", HTMLSelectElement);
  const bodyField = field(form, "body", HTMLTextAreaElement);
  const query = new URLSearchParams(location.search);

  // A text area turns every line break into "\n", so the text that was given is kept beside it until it is edited.
  let body = query.get("body") ?? defaultBody;
  const setBody = (/** @type {string} */ text) => {
    body = text;
    bodyField.value = text;
    configurationId.value = configurationIn.exec(text)?.[2] ?? "";
  };
  const setConfigurationId = (/** @type {string} */ id) => {
    body = body.replace(configurationIn, (_, before) => before + id);
    bodyField.value = body;
    configurationId.value = id;
  };

  setBody(body);
  const wantedId = query.get("configurationId");
  if (wantedId !== null) {
    setConfigurationId(wantedId);
  }
  bodyField.addEventListener("input", () => {
    body = bodyField.value;
    configurationId.value = configurationIn.exec(body)?.[2] ?? "";
  });
  configurationId.addEventListener("input", () => setConfigurationId(configurationId.value));
  listServices(api, query.get("api"));

  const start = async (/** @type {BodyInit} */ given = body) => {
    showStatus("pending", "Connecting…");
    const outcome = await send(api.value, given).catch(
      (error) => ({ error: String(error?.name), message: String(error?.message) }),
    );
    showOutcome(outcome);
    return outcome;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });
  Object.assign(window, { playground: { start } });
}

/**
 * @param {Response} response
 * @returns {Promise<Answer>}
 */
export async function answerOf(response) {
  return {
    status: response.status,
    body: await response.text(),
    retryAfter: response.headers.get("Retry-After"),
  };
}

/**
 * The origins that the page can start its chat at: its own, the other one, and the one in the address.
 * @param {HTMLSelectElement} select
 * @param {string | null} wanted
 */
export function listServices(select, wanted) {
  const other = document.body.dataset.otherOrigin ?? "";
  select.add(new Option(`Same origin (${location.host})`, location.origin));
  select.add(new Option(`Cross-origin (${new URL(other).host})`, other));
  if (wanted === null) {
    return;
  }
  const { origin } = new URL(wanted);
  if (![location.origin, other].includes(origin)) {
    select.add(new Option(origin));
  }
  select.value = origin;
}

/** @param {Outcome} outcome */
function showOutcome(outcome) {
  if ("error" in outcome) {
    showStatus("failed", `Not started, and no answer: ${outcome.error}: ${outcome.message}`);
    showAnswer("");
    return;
  }
  if ("isQueued" in outcome) {
    if (outcome.isQueued) {
      showStatus("started", "Handed to the browser, which tells no page what is answered.");
    } else {
      showStatus("failed", "Not started: the browser takes no more beacons.");
    }
    showAnswer("");
    return;
  }
  const { status, body, retryAfter } = outcome;
  const answer = parsed(body);
  if (status === 200 && answer?.id) {
    showStatus("started", `Chat started: conversation ${answer.id}`);
  } else if (answer?.code) {
    const retry = retryAfter === null ? "" : ` (Retry-After: ${retryAfter})`;
    const what = status === null ? answer.code : `${status} ${answer.code}`;
    showStatus("failed", `Not started: ${what}. ${answer.message}${retry}`);
  } else {
    showStatus("failed", `Not started: the service answered ${status}`);
  }
  showAnswer(answer === undefined ? body : JSON.stringify(answer, null, 2));
}

/**
 * @param {"pending" | "started" | "failed"} outcome
 * @param {string} text
 */
export function showStatus(outcome, text) {
  const status = /** @type {HTMLElement} */ (document.getElementById("chat-status"));
  status.dataset.outcome = outcome;
  status.textContent = text;
}

/**
 * The text, in place of the last one; none hides the place.
 * @param {string} text
 */
export function showAnswer(text) {
  const answer = /** @type {HTMLElement} */ (document.getElementById("answer"));
  answer.hidden = text === "";
  const pre = /** @type {HTMLPreElement} */ (answer.querySelector("pre"));
  pre.textContent = text;
}

/**
 * The value of a JSON text, `undefined` where it is none.
 * @param {string} text
 */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @template {HTMLElement} Kind
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function field(form, name, kind) {
  const element = form.elements.namedItem(name);
  if (element instanceof kind) {
    return element;
  }
  throw new TypeError(`the form has no field ${name}`);
}
