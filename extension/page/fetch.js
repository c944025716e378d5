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
  eventTarget.addEventListener(signal, "abort", () => stopWaiting(number), bare({ once: true }));
  const known = isBodyKnown ? atHand(body) : undefined;
  const { candidate, verdict } = await judge(
    number,
    bare({
      transport: "fetch",
      method: requests.method(request),
      url: requests.url(request),
      contentType: headers.get(requests.headers(request), "content-type"),
    }),
    // What is no body of its own is text by now.
    known?.kind === "unsupported" ? undefined : known,
    () => requests.arrayBuffer(requests.clone(request)),
  );
  let used = verdict;
  let sent = request;
  if (verdict.kind === "replace") {
    try {
      sent = withBody(request, bytesOf(verdict.body, candidate.body), attempt(streams.locked, body) !== undefined);
    } catch (error) {
      used = noVerdict({ kind: "editFailed", reason: `${error}` });
    }
  }
  try {
    const answer = apply(native, self, [sent]);
    if (!abortSignal.aborted(signal)) {
      tellSent(number, candidate, used, sent !== request);
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
 * The same request with another body. An init resets the referrer, so it is
 * named again; all else is kept, the content type too: bytes bring none.
 * @param {Request} request
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {boolean} isStream whether the page gave a stream, which goes out in chunks
 */
function withBody(request, bytes, isStream) {
  const referrer = requests.referrer(request);
  const referrerPolicy = requests.referrerPolicy(request);
  const body = isStream ? responses.body(new NativeResponse(bytes)) : bytes;
  return new NativeRequest(request, bare({ body, referrer, referrerPolicy, duplex: "half" }));
}
