// @ts-check
/**
 * `fetch`: a start waits here for its verdict; anything else goes to the
 * native function in the same tick with the same arguments.
 */

const requests = own(Request);
const abortSignal = own(AbortSignal);

/** @returns {void} */
function patchFetch() {
  patch(window, "fetch", (native, self, args) => {
    // Called on another object it sends nothing.
    const start = self === undefined || self === window ? fetchStart(args) : undefined;
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
  const requested = typeof input === "string" ? undefined : attempt(requests.url, input);
  const isRequest = requested !== undefined;
  if (startAddress(requested ?? input) === undefined) {
    return;
  }
  try {
    const method = init?.method ?? (isRequest ? requests.method(input) : "GET");
    if (!isStartMethod(`${method}`) || (isRequest && requests.bodyUsed(input))) {
      return;
    }
    const body = init?.body;
    const isBodyKnown = !isRequest || (body !== undefined && body !== null);
    // What the page changes from here on does not change the request, as in the native function.
    const request = new NativeRequest(input, init);
    return { request, body, isBodyKnown };
  } catch {
    // The native function has the right error for the page.
    return;
  }
}

/**
 * @param {Function} native
 * @param {any} self
 * @param {{request: Request, body: unknown, isBodyKnown: boolean}} start
 */
async function sendFetch(native, self, { request, body, isBodyKnown }) {
  const number = ++candidates;
  const signal = requests.signal(request);
  /** @type {any} */
  const got = isBodyKnown ? carried(body) : await wait(number, async (settle) => settle(await bodyOf(request)));
  const carriedBody = got.kind === "noVerdict" ? unsupported(request) : got;
  if (abortSignal.aborted(signal)) {
    return apply(native, self, [request]);
  }
  /** @type {Candidate} */
  const candidate = bare({
    transport: "fetch",
    method: requests.method(request),
    url: requests.url(request),
    body: carriedBody,
  });
  /** @type {Verdict | undefined} */
  let verdict;
  let sent = request;
  if (carriedBody.kind === "text") {
    eventTarget.addEventListener(signal, "abort", () => stopWaiting(number), bare({ once: true }));
    verdict = await ask(number, candidate);
    if (verdict.kind === "replace") {
      try {
        sent = withBody(request, verdict.body);
      } catch (error) {
        verdict = noVerdict({ kind: "editFailed", reason: `${error}` });
      }
    }
  } else {
    show(number, candidate);
  }
  try {
    const answer = apply(native, self, [sent]);
    if (verdict !== undefined && !abortSignal.aborted(signal)) {
      tellSent(number, candidate, verdict, sent !== request);
    }
    const response = await answer;
    tellAnswer(number, response);
    return response;
  } catch (error) {
    tellOutcome(number, failure(error, abortSignal.aborted(signal)));
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
    const bytes = await requests.arrayBuffer(requests.clone(request));
    const decoder = new NativeTextDecoder("utf-8", bare({ fatal: true, ignoreBOM: true }));
    return carried(textDecoder.decode(decoder, bytes));
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
      referrer: requests.referrer(request),
      referrerPolicy: requests.referrerPolicy(request),
    }),
  );
}
