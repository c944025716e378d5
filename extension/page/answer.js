// @ts-check
/**
 * What came of a start, told to the background: status, the answer's
 * beginning, or why there is none.
 */

/** This much of an answer is told, and of a frame all if it has no more, in UTF-16 code units. */
const MAX_ANSWER = 65_536;

const [streamGetReader, streamLocked] = own(ReadableStream, "getReader locked");
const [readerCancel, readerRead] = own(ReadableStreamDefaultReader, "cancel read");
const [decoderDecode] = own(TextDecoder, "decode");
const [exceptionName] = own(DOMException, "name");
const [violationBlockedURI, violationDisposition] = own(SecurityPolicyViolationEvent, "blockedURI disposition");
const [navigatorOnLine] = own(Navigator, "onLine");

/** The addresses of the starts that have no answer yet, by number; empty where the page's policy forbids one. @type {any} */
const addresses = bare({});

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
  addresses[number] = before(url, "#");
  // Once more does nothing.
  targetAddEventListener(document, "securitypolicyviolation", hearViolation, true);
};

/** @param {Event} event */
const hearViolation = (event) => {
  if (event.isTrusted && violationDisposition(event) === "enforce") {
    for (const number in addresses) {
      if (addresses[number] === violationBlockedURI(event)) {
        addresses[number] = "";
      }
    }
  }
};

/**
 * Why no answer came, as far as a page can know.
 * @param {number} number
 */
const reasonOf = (number) =>
  addresses[number] === "" ? "policy" : navigatorOnLine(nativeNavigator) ? undefined : "offline";

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
 * @param {string | undefined} text nothing where it is not read, such as a document
 * @param {string | null} retryAfter
 */
const tellAnswered = (number, status, text, retryAfter) => {
  const isCut = text === undefined || text.length > MAX_ANSWER;
  const body = textToWellFormed(textSlice(text ?? "", 0, MAX_ANSWER));
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
      text += decoderDecode(decoder, value, { stream: true });
    }
    readerCancel(reader);
  } catch {
    // The connection broke in the middle: what came is told.
  }
  return text;
};

/** @param {any} blob @returns {Promise<string | undefined>} nothing where it is none, or cannot be read */
const textOfBlob = async (blob) => {
  try {
    return await blobText(blob);
  } catch {}
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
