// @ts-check
/**
 * `fetch`: a start waits here for its verdict; anything else goes to the
 * native function in the same tick with the same arguments.
 */

const requests = own(Request, "arrayBuffer", "bodyUsed", "clone", "headers", "method", "referrer", "referrerPolicy", "signal", "url");
const abortSignal = own(AbortSignal, "aborted");
const documents = own(Document, "URL");
const objectPrototype = Object.prototype;

/** @returns {void} */
function patchFetch() {
  patch(window, "fetch", (native, self, args) => {
    // Called on another object it sends nothing.
    const start = self === undefined || self === window ? fetchStart(args) : undefined;
    if (start === undefined) {
      return apply(native, self, args);
    }
    const { request, isStart } = start;
    return isStart && !abortSignal.aborted(requests.signal(request))
      ? sendFetch(native, self, start)
      : apply(native, self, [request]);
  });
}

/**
 * The start that a call makes: the request as it is at this moment, and its
 * body where that is at hand. Nothing is touched unless the address fits and,
 * as far as that is seen without asking the page's objects, the method too.
 * @param {any[]} args
 * @returns {{request: Request, isStart: boolean, body: unknown, isBodyKnown: boolean, page: string} | undefined}
 */
function fetchStart(args) {
  const input = args[0];
  const init = args[1];
  const requested = typeof input === "string" ? undefined : attempt(requests.url, input);
  const isRequest = requested !== undefined;
  if (startAddress(requested ?? input) === undefined || (isRequest && requests.bodyUsed(input))) {
    return;
  }
  const method = peek(init, "method", isRequest ? requests.method(input) : "GET");
  if (typeof method === "string" && !isStartMethod(method)) {
    return;
  }
  try {
    // What the page changes from here on does not change the request, as in the native function.
    const request = new NativeRequest(input, init);
    const body = peek(init, "body", null);
    const isBodyKnown = typeof body === "string" || (body === null && !isRequest);
    return { request, isStart: isStartMethod(requests.method(request)), body, isBodyKnown, page: pageUrl() };
  } catch {
    // The native function has the right error for the page.
    return;
  }
}

/**
 * A property of a page's object, where it can be read without the page
 * knowing: not a getter, not inherited.
 * @param {any} object
 * @param {string} name
 * @param {any} missing what stands for a property that is not there
 */
function peek(object, name, missing) {
  if (object === undefined || object === null) {
    return missing;
  }
  const own = attempt((given) => getOwnPropertyDescriptor(given, name), object);
  if (own === undefined) {
    return attempt((given) => getPrototypeOf(given) === objectPrototype, object) ? missing : undefined;
  }
  return own.value === undefined && !own.get ? missing : own.value;
}

/** The address of the page, which the header `Referer` is made of. */
function pageUrl() {
  return documents.URL(document);
}

/**
 * @param {Function} native
 * @param {any} self
 * @param {{request: Request, body: unknown, isBodyKnown: boolean, page: string}} start
 */
async function sendFetch(native, self, { request, body, isBodyKnown, page }) {
  const number = ++candidates;
  const signal = requests.signal(request);
  eventTarget.addEventListener(signal, "abort", () => stopWaiting(number), bare({ once: true }));
  const { candidate, verdict } = await judge(
    number,
    bare({
      transport: "fetch",
      method: requests.method(request),
      url: requests.url(request),
      contentType: headers.get(requests.headers(request), "content-type"),
      signature: signatureOf(requests.headers(request)),
    }),
    isBodyKnown || (sizeOf(body) ?? 0) > MAX_BODY_CHARACTERS ? atHand(body) : undefined,
    () => requests.arrayBuffer(requests.clone(request)),
  );
  let used = verdict;
  let sent = request;
  try {
    if (verdict.kind === "replace") {
      sent = withBody(request, bytesOf(verdict.body, candidate.body), attempt(streams.locked, body) !== undefined, page);
    } else if (page !== pageUrl()) {
      sent = withReferrer(request, page);
    }
  } catch (error) {
    used = noVerdict({ kind: "editFailed", reason: `${error}` });
  }
  try {
    const answer = apply(native, self, [sent]);
    if (!abortSignal.aborted(signal)) {
      tellSent(number, candidate, used, used.kind === "replace");
    }
    const response = await answer;
    tellAnswer(number, response);
    return response;
  } catch (error) {
    tellOutcome(number, failure(error, abortSignal.aborted(signal)));
    hideTrack(error);
    throw error;
  }
}

/**
 * The same request with another body. All else is kept, the content type too:
 * bytes bring none.
 * @param {Request} request
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {boolean} isStream whether the page gave a stream, which goes out in chunks
 * @param {string} page
 */
function withBody(request, bytes, isStream, page) {
  const body = isStream ? responses.body(new NativeResponse(bytes)) : bytes;
  return withReferrer(request, page, { body, duplex: "half" });
}

/**
 * The same request with what an init names. An init resets the referrer, so
 * it is named again: the page's address as it was at the page's call.
 * @param {Request} request
 * @param {string} page
 * @param {object} [init]
 */
function withReferrer(request, page, init) {
  const named = requests.referrer(request);
  const referrer = named === "about:client" ? page : named;
  return new NativeRequest(request, bare({ ...init, referrer, referrerPolicy: requests.referrerPolicy(request) }));
}
