// @ts-check
/**
 * What came of a start, told to the background: status, the answer's
 * beginning, or why there is none.
 */

/** This much of an answer is told, in UTF-16 code units. */
const MAX_ANSWER = 65_536;

const [streamGetReader, streamLocked] = own(ReadableStream, "getReader locked");
const [readerCancel, readerRead] = own(ReadableStreamDefaultReader, "cancel read");
const [decoderDecode] = own(TextDecoder, "decode");
const [exceptionName] = own(DOMException, "name");
const [violationBlockedURI, violationDisposition] = own(SecurityPolicyViolationEvent, "blockedURI disposition");
const [navigatorOnLine] = own(Navigator, "onLine");

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
const expectAnswer = (number, { transport, url }) => {
  if (transport !== "fetch" && transport !== "xhr") {
    return;
  }
  const hash = textIndexOf(url, "#");
  addresses[number] = hash < 0 ? url : textSlice(url, 0, hash);
  if (!hearsPolicy) {
    hearsPolicy = true;
    targetAddEventListener(document, "securitypolicyviolation", hearViolation, true);
  }
};

/** @param {Event} event */
const hearViolation = (event) => {
  if (event.isTrusted && violationDisposition(event) === "enforce") {
    for (const number in addresses) {
      forbidden[number] ||= addresses[number] === violationBlockedURI(event);
    }
  }
};

/**
 * Why no answer came, as far as a page can know.
 * @param {number} number
 */
const reasonOf = (number) =>
  forbidden[number] ? "policy" : navigatorOnLine(navigator) ? undefined : "offline";

/** @param {number} number */
const forgetAddress = (number) => {
  delete addresses[number];
  delete forbidden[number];
};

/**
 * Tells a fetch's answer. The copy is made at once, before the page reads its own.
 * @param {number} number
 * @param {Response} response
 */
const tellAnswer = async (number, response) => {
  const retryAfter = headerGet(responseHeaders(response), "retry-after");
  // A copy of an answer without a body is not made: it is not quite like it.
  const text = responseBody(response) === null ? "" : await textOf(responseBody(responseClone(response)));
  tellAnswered(number, responseStatus(response), text, retryAfter);
};

/**
 * @param {number} number
 * @param {number} status
 * @param {string} text
 * @param {string | null} retryAfter
 */
const tellAnswered = (number, status, text, retryAfter) => {
  const isCut = text.length > MAX_ANSWER;
  const body = textToWellFormed(isCut ? textSlice(text, 0, MAX_ANSWER) : text);
  tellOutcome(number, { kind: "answered", status, body, isCut, retryAfter });
};

/**
 * The beginning of a stream as text; reading stops where enough is read.
 * @param {ReadableStream} stream
 */
const textOf = async (stream) => {
  let text = "";
  try {
    const reader = streamGetReader(stream);
    const decoder = new NativeTextDecoder();
    while (text.length <= MAX_ANSWER) {
      const { done, value } = await readerRead(reader);
      if (done) {
        return text;
      }
      text += decoderDecode(decoder, value, bare({ stream: true }));
    }
    readerCancel(reader);
  } catch {
    // The connection broke in the middle: what came is told.
  }
  return text;
};

/** @param {string} message */
const failed = (message) => ({ kind: "failed", message });

/**
 * @param {unknown} error
 * @param {boolean} isAborted
 */
const failure = (error, isAborted) => {
  const name = attempt(exceptionName, error);
  if (name === "TimeoutError") {
    return { kind: "timedOut" };
  }
  return isAborted || name === "AbortError"
    ? { kind: "aborted" }
    : failed(textSlice(`${error}`, 0, 500));
};
