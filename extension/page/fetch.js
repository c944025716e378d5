// @ts-check
/**
 * `fetch`: a start waits here for its verdict; anything else goes to the
 * native function in the same tick with the same arguments.
 */

const requestUrl = getter(Request.prototype, "url");
const requestMethod = getter(Request.prototype, "method");
const requestSignal = getter(Request.prototype, "signal");
const requestReferrer = getter(Request.prototype, "referrer");
const requestReferrerPolicy = getter(Request.prototype, "referrerPolicy");
const requestBodyUsed = getter(Request.prototype, "bodyUsed");
const requestClone = method(Request.prototype, "clone");
const requestBuffer = method(Request.prototype, "arrayBuffer");
const isAborted = getter(AbortSignal.prototype, "aborted");
const decode = method(TextDecoder.prototype, "decode");

/** @returns {void} */
function patchFetch() {
  patch(window, "fetch", (native, self, args) => {
    const start = fetchStart(args);
    return start === undefined ? apply(native, self, args) : sendFetch(native, self, start);
  });
}

/**
 * The start that a call makes: the request as it is at this moment, and its
 * body where that is at hand. Nothing is touched unless the address and the
 * method fit.
 * @param {any[]} args
 * @returns {{request: Request, body: unknown, isBodyKnown: boolean} | undefined}
 */
function fetchStart(args) {
  const input = args[0];
  const init = args[1];
  const isRequest = typeof input === "object" && input !== null && hasUrl(input);
  const address = typeof input === "string" ? input : isRequest ? requestUrl(input) : addressOf(input);
  if (address === undefined || startAddress(address) === undefined) {
    return undefined;
  }
  try {
    const method = init?.method ?? (isRequest ? requestMethod(input) : "GET");
    if (toUpperCase(`${method}`) !== "POST" || (isRequest && requestBodyUsed(input))) {
      return undefined;
    }
    const body = init?.body;
    const isBodyKnown = !isRequest || (body !== undefined && body !== null);
    // What the page changes from here on does not change the request, as in the native function.
    const request = new NativeRequest(input, init);
    return isAborted(requestSignal(request)) ? undefined : { request, body, isBodyKnown };
  } catch {
    // The native function has the right error for the page.
    return undefined;
  }
}

/**
 * @param {Function} native
 * @param {any} self
 * @param {{request: Request, body: unknown, isBodyKnown: boolean}} start
 */
async function sendFetch(native, self, { request, body, isBodyKnown }) {
  const carriedBody = isBodyKnown ? carried(body) : await bodyOf(request);
  /** @type {Candidate} */
  const candidate = bare({
    transport: "fetch",
    method: requestMethod(request),
    url: requestUrl(request),
    body: carriedBody,
  });
  const number = carriedBody.kind === "text" ? ++candidates : show(candidate);
  let sent = request;
  if (carriedBody.kind === "text") {
    const signal = requestSignal(request);
    listen(signal, "abort", () => stopWaiting(number), bare({ once: true }));
    let verdict = await ask(number, candidate);
    if (verdict.kind === "replace") {
      try {
        sent = withBody(request, verdict.body);
      } catch (error) {
        verdict = { kind: "noVerdict", why: bare({ kind: "editFailed", reason: `${error}` }) };
      }
    }
    if (!isAborted(signal)) {
      tellSent(number, candidate, verdict, sent !== request);
    }
  }
  try {
    const response = await apply(native, self, [sent]);
    tellAnswer(number, response);
    return response;
  } catch (error) {
    tellOutcome(number, failure(error, isAborted(requestSignal(request))));
    throw error;
  }
}

/**
 * The body of a request that came without an init, read from a copy.
 * @param {Request} request
 * @returns {Promise<CarriedBody>}
 */
async function bodyOf(request) {
  try {
    const bytes = await requestBuffer(requestClone(request));
    const decoder = new NativeTextDecoder("utf-8", bare({ fatal: true, ignoreBOM: true }));
    return carried(decode(decoder, bytes));
  } catch {
    return bare({ kind: "unsupported", name: "binary body" });
  }
}

/**
 * The same request with another body. An init resets the referrer, so it is
 * named again; all else is kept.
 * @param {Request} request
 * @param {string} body
 */
function withBody(request, body) {
  return new NativeRequest(
    request,
    bare({
      body,
      referrer: requestReferrer(request),
      referrerPolicy: requestReferrerPolicy(request),
    }),
  );
}

/** @param {any} input */
function hasUrl(input) {
  try {
    requestUrl(input);
    return true;
  } catch {
    return false;
  }
}

/**
 * The address of a `URL` object; of any other object none, because asking it
 * for its text could be seen.
 * @param {any} input
 * @returns {string | undefined}
 */
function addressOf(input) {
  try {
    return hrefOf(input);
  } catch {
    return undefined;
  }
}
