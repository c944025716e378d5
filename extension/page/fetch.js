// @ts-check
/**
 * `fetch`: a start waits here for its verdict; anything else goes to the
 * native function in the same tick with the same arguments.
 */

const [
  requestArrayBuffer,
  requestBodyUsed,
  requestClone,
  requestHeaders,
  requestMethod,
  requestReferrer,
  requestReferrerPolicy,
  requestSignal,
  requestUrl,
] = own(Request, "arrayBuffer bodyUsed clone headers method referrer referrerPolicy signal url");
const [signalAborted] = own(AbortSignal, "aborted");
const [documentURL] = own(Document, "URL");
const objectPrototype = Object.prototype;

/** @returns {void} */
const patchFetch = () => {
  patch(window, "fetch", (native, self, args) => {
    // Called on another object it sends nothing.
    const start = (self === undefined || self === window) && fetchStart(args);
    if (!start) {
      return apply(native, self, args);
    }
    const { request, isStart } = start;
    return isStart && !signalAborted(requestSignal(request))
      ? sendFetch(native, self, start)
      : apply(native, self, [request]);
  });
};

/**
 * The start that a call makes: the request as it is at this moment, and its
 * body where that is at hand. Nothing is touched unless the address fits and,
 * as far as that is seen without asking the page's objects, the method too.
 * @param {any[]} args
 * @returns {{request: Request, isStart: boolean, written: unknown, isBodyKnown: boolean, page: string} | undefined}
 */
const fetchStart = (args) => {
  const input = args[0];
  const init = args[1];
  const requested = isText(input) ? undefined : attempt(requestUrl, input);
  const isRequest = requested !== undefined;
  if (!startAddress(requested ?? input) || (isRequest && requestBodyUsed(input))) {
    return;
  }
  const method = peek(init, "method", isRequest ? requestMethod(input) : "GET");
  if (isText(method) && !isStartMethod(method)) {
    return;
  }
  try {
    // What the page changes from here on does not change the request, as in the native function.
    const request = new NativeRequest(input, init);
    const written = peek(init, "body", null);
    const isBodyKnown = isText(written) || (written === null && !isRequest);
    return { request, isStart: isStartMethod(requestMethod(request)), written, isBodyKnown, page: pageUrl() };
  } catch {
    // The native function has the right error for the page.
  }
  return;
};

/**
 * A property of a page's object, where it can be read without the page
 * knowing: not a getter, not inherited.
 * @param {any} object
 * @param {string} name
 * @param {any} missing what stands for a property that is not there
 */
const peek = (object, name, missing) => {
  if (object == null) {
    return missing;
  }
  const own = attempt((given) => getOwnPropertyDescriptor(given, name), object);
  if (!own) {
    return attempt((given) => getPrototypeOf(given) === objectPrototype, object) ? missing : undefined;
  }
  return own.value === undefined && !own.get ? missing : own.value;
};

/** The address of the page, which the header `Referer` is made of. */
const pageUrl = () => documentURL(document);

/**
 * @param {Function} native
 * @param {any} self
 * @param {{request: Request, written: unknown, isBodyKnown: boolean, page: string}} start
 */
const sendFetch = async (native, self, { request, written, isBodyKnown, page }) => {
  const number = ++candidates;
  const signal = requestSignal(request);
  targetAddEventListener(signal, "abort", () => stopWaiting(number));
  const given = requestHeaders(request);
  const signature = signatureOf(given);
  const type = headerGet(given, "content-type");
  const candidate = newCandidate("fetch", requestMethod(request), requestUrl(request), type, { signature });
  const verdict = await judgeInTurn(
    number,
    candidate,
    isBodyKnown || (sizeOf(written) ?? 0) > MAX_BODY_CHARACTERS ? atHand(written) : undefined,
    () => requestArrayBuffer(requestClone(request)),
  );
  let used = verdict;
  let sent = request;
  try {
    if (isEdit(verdict)) {
      const bytes = bytesOf(verdict.edited, candidate.body);
      // Bytes bring no content type, so that of the request stays. What was a stream goes out in chunks.
      const isStream = attempt(streamLocked, written) !== undefined;
      sent = likeRequest(request, page, { body: isStream ? responseBody(new NativeResponse(bytes)) : bytes, duplex: "half" });
    } else if (page !== pageUrl()) {
      sent = likeRequest(request, page);
    }
  } catch (error) {
    used = editFailed(error);
  }
  try {
    const answer = apply(native, self, [sent]);
    if (!signalAborted(signal)) {
      tellSent(number, candidate, used);
    }
    const response = await answer;
    tellAnswer(number, response);
    return response;
  } catch (error) {
    tellOutcome(number, failure(error, signalAborted(signal)));
    hideTrack(error);
    throw error;
  }
};

/**
 * The same request with what an init names. An init resets the referrer, so
 * it is named again: the page's address as it was at the page's call.
 * @param {Request} request
 * @param {string} page
 * @param {object} [init]
 */
const likeRequest = (request, page, init) => {
  const named = requestReferrer(request);
  const referrer = named === "about:client" ? page : named;
  return new NativeRequest(request, bare({ ...init, referrer, referrerPolicy: requestReferrerPolicy(request) }));
};
