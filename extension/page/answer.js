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
