// @ts-check
/**
 * What came of a start, told to the background: status, the answer's
 * beginning, or why there is none.
 */

/** This much of an answer is told, in UTF-16 code units. */
const MAX_ANSWER_CHARACTERS = 65_536;

const responseStatus = getter(Response.prototype, "status");
const responseHeaders = getter(Response.prototype, "headers");
const responseBody = getter(Response.prototype, "body");
const responseClone = method(Response.prototype, "clone");
const headerGet = method(Headers.prototype, "get");
const readerOf = method(ReadableStream.prototype, "getReader");
const read = method(ReadableStreamDefaultReader.prototype, "read");
const cancel = method(ReadableStreamDefaultReader.prototype, "cancel");
const errorName = getter(DOMException.prototype, "name");

/**
 * Tells a fetch's answer. The copy is made at once, before the page reads its own.
 * @param {number} number
 * @param {Response} response
 */
async function tellAnswer(number, response) {
  const status = responseStatus(response);
  const retryAfter = headerGet(responseHeaders(response), "retry-after");
  const text = await textOf(responseBody(responseClone(response)));
  tellAnswered(number, status, text, retryAfter);
}

/**
 * @param {number} number
 * @param {number} status
 * @param {string} text
 * @param {string | null} retryAfter
 */
function tellAnswered(number, status, text, retryAfter) {
  const isCut = text.length > MAX_ANSWER_CHARACTERS;
  const body = toWellFormed(isCut ? slice(text, 0, MAX_ANSWER_CHARACTERS) : text);
  tellOutcome(number, bare({ kind: "answered", status, body, isCut, retryAfter }));
}

/**
 * The beginning of a stream as text; reading stops where enough is read.
 * @param {ReadableStream | null} stream
 */
async function textOf(stream) {
  let text = "";
  if (stream === null) {
    return text;
  }
  try {
    const reader = readerOf(stream);
    const decoder = new NativeTextDecoder();
    for (;;) {
      const { done, value } = await read(reader);
      if (done) {
        return text;
      }
      text += decode(decoder, value, bare({ stream: true }));
      if (text.length > MAX_ANSWER_CHARACTERS) {
        cancel(reader);
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
  let name = "";
  try {
    name = errorName(error);
  } catch {
    // Not a DOMException.
  }
  if (name === "TimeoutError") {
    return bare({ kind: "timedOut" });
  }
  return isAborted || name === "AbortError"
    ? bare({ kind: "aborted" })
    : bare({ kind: "failed", message: slice(`${error}`, 0, 500) });
}
