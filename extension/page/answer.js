// @ts-check
/**
 * What came of a start, told to the background: status, the answer's
 * beginning, or why there is none.
 */

/** This much of an answer is told, in UTF-16 code units. */
const MAX_ANSWER = 65_536;

const streams = own(ReadableStream, "getReader", "locked");
const reading = own(ReadableStreamDefaultReader, "cancel", "read");
const textDecoder = own(TextDecoder, "decode");
const domException = own(DOMException, "name");
const violations = own(SecurityPolicyViolationEvent, "blockedURI", "disposition");
const navigators = own(Navigator, "onLine");

/** The addresses of the starts that have no answer yet, by number. @type {any} */
const addresses = bare({});
/** Those of them that the page's policy forbids. @type {any} */
const forbidden = bare({});
let hearsPolicy = false;

/**
 * Hears from the first start on which of them the page's policy forbids.
 * Called in the task that a start goes out in.
 * @param {number} number
 * @param {Candidate} candidate
 */
function expectAnswer(number, { transport, url }) {
  if (transport !== "fetch" && transport !== "xhr") {
    return;
  }
  const hash = string.indexOf(url, "#");
  addresses[number] = hash < 0 ? url : string.slice(url, 0, hash);
  if (!hearsPolicy) {
    hearsPolicy = true;
    eventTarget.addEventListener(document, "securitypolicyviolation", hearViolation, true);
  }
}

/** @param {Event} event */
function hearViolation(event) {
  if (event.isTrusted && violations.disposition(event) === "enforce") {
    for (const number in addresses) {
      forbidden[number] ||= addresses[number] === violations.blockedURI(event);
    }
  }
}

/**
 * Why no answer came, as far as a page can know.
 * @param {number} number
 */
function reasonOf(number) {
  return forbidden[number] ? "policy" : navigators.onLine(navigator) ? undefined : "offline";
}

/** @param {number} number */
function forgetAddress(number) {
  delete addresses[number];
  delete forbidden[number];
}

/**
 * Tells a fetch's answer. The copy is made at once, before the page reads its own.
 * @param {number} number
 * @param {Response} response
 */
async function tellAnswer(number, response) {
  const retryAfter = headers.get(responses.headers(response), "retry-after");
  // A copy of an answer without a body is not made: it is not quite like it.
  const text = responses.body(response) === null ? "" : await textOf(responses.body(responses.clone(response)));
  tellAnswered(number, responses.status(response), text, retryAfter);
}

/**
 * @param {number} number
 * @param {number} status
 * @param {string} text
 * @param {string | null} retryAfter
 */
function tellAnswered(number, status, text, retryAfter) {
  const isCut = text.length > MAX_ANSWER;
  const body = string.toWellFormed(isCut ? string.slice(text, 0, MAX_ANSWER) : text);
  tellOutcome(number, { kind: "answered", status, body, isCut, retryAfter });
}

/**
 * The beginning of a stream as text; reading stops where enough is read.
 * @param {ReadableStream} stream
 */
async function textOf(stream) {
  let text = "";
  try {
    const reader = streams.getReader(stream);
    const decoder = new NativeTextDecoder();
    for (;;) {
      const { done, value } = await reading.read(reader);
      if (done) {
        return text;
      }
      text += textDecoder.decode(decoder, value, bare({ stream: true }));
      if (text.length > MAX_ANSWER) {
        reading.cancel(reader);
        return text;
      }
    }
  } catch {
    // The connection broke in the middle: what came is told.
    return text;
  }
}

/**
 * @param {unknown} error
 * @param {boolean} isAborted
 */
function failure(error, isAborted) {
  const name = attempt(domException.name, error);
  if (name === "TimeoutError") {
    return { kind: "timedOut" };
  }
  return isAborted || name === "AbortError"
    ? { kind: "aborted" }
    : { kind: "failed", message: string.slice(`${error}`, 0, 500) };
}
