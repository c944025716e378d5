// @ts-check
/**
 * `XMLHttpRequest`: an asynchronous start waits between `send()` and the
 * native `send()`; anything else goes to the native functions at once.
 */

const xhr = own(XMLHttpRequest, "getAllResponseHeaders", "readyState", "response", "responseText", "responseType", "status", "timeout");
const nativeSend = XMLHttpRequest.prototype.send;
const nativeSetHeader = XMLHttpRequest.prototype.setRequestHeader;
/** @type {any} */
const { set: setTimeLimit } = getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout");

/**
 * A start between `open()` and its end. `release` is there while it waits for
 * its verdict, `end` while it waits for its outcome. Times are in milliseconds:
 * `limit` is the page's own, and `waited` what of it was over at the native `send()`.
 * @typedef {{method: string, url: string, isSync: boolean, type: string | null, signature?: string, limit: number, waited: number,
 *   isSent?: boolean, isSilent?: boolean, release?: (verdict?: Verdict) => void, end?: () => void}} XhrStart
 */

const isFirefox = getOwnPropertyDescriptor(XMLHttpRequest.prototype, "mozAnon") !== undefined;

/** The starts among the page's requests. */
const xhrStarts = keepMethods(new WeakMap(), "get", "set");

/** @returns {void} */
function patchXhr() {
  const prototype = XMLHttpRequest.prototype;
  patchConstructor("XMLHttpRequest", (made) => eventTarget.addEventListener(made, "loadstart", hearLoadStart));
  patch(prototype, "open", (native, self, args) => {
    // Sent, and then ended by this: as it would be without us.
    const start = startOf(self);
    start?.release?.();
    // Noted first, because a page may send in an event of the native function.
    const next = startOfOpen(args);
    // An event that nobody listens for costs nothing.
    const listen = next === undefined ? eventTarget.removeEventListener : eventTarget.addEventListener;
    attempt((request) => listen(request, "loadstart", hearLoadStart), self);
    if (next === start) {
      // Neither before nor now: it is none of ours.
      return apply(native, self, args);
    }
    note(self, next);
    try {
      const result = apply(native, self, args);
      start?.end?.();
      return result;
    } catch (error) {
      note(self, start);
      throw error;
    }
  });
  patch(prototype, "send", (native, self, args) => {
    const start = startOf(self);
    if (start === undefined || start.isSent) {
      return refuse(native, self, args, start, "send");
    }
    start.isSent = true;
    return sendXhr(self, args, start);
  });
  patch(prototype, "setRequestHeader", (native, self, args) => {
    const start = startOf(self);
    const result = refuse(native, self, args, start, "setRequestHeader");
    noteHeader(start, args[0], args[1]);
    return result;
  });
  patch(prototype, "abort", (native, self, args) => {
    startOf(self)?.release?.();
    return apply(native, self, args);
  });
  patchWithCredentials(prototype);
  patchTimeout(prototype);
}

/**
 * Not to be set any more once a request is on its way.
 * @param {XMLHttpRequest} prototype
 */
function patchWithCredentials(prototype) {
  const message =
    "Failed to set the 'withCredentials' property on 'XMLHttpRequest': " +
    "The value may only be set if the object's state is UNSENT or OPENED.";
  patch(
    prototype,
    "withCredentials",
    (native, self, args) => {
      if (startOf(self)?.release !== undefined) {
        throw busy("withCredentials setter") ?? new NativeDOMException(message, "InvalidStateError");
      }
      return apply(native, self, args);
    },
    "set",
  );
}

/**
 * The page's time limit counts from its own `send()`, so the native one is
 * shorter by what was waited; the page sees the one that it set.
 * @param {XMLHttpRequest} prototype
 */
function patchTimeout(prototype) {
  patch(
    prototype,
    "timeout",
    (native, self, args) => {
      const start = startOf(self);
      return start?.waited ? start.limit : apply(native, self, args);
    },
    "get",
  );
  patch(
    prototype,
    "timeout",
    (native, self, args) => {
      const result = apply(native, self, args);
      const start = startOf(self);
      if (start?.waited) {
        start.limit = xhr.timeout(self);
        shortenTimeLimit(self, start);
      }
      return result;
    },
    "set",
  );
}

/**
 * @param {any} self
 * @param {XhrStart} start
 */
function shortenTimeLimit(self, { limit, waited }) {
  if (limit > 0 && waited > 0) {
    apply(setTimeLimit, self, [limit > waited + 1 ? limit - waited : 1]);
  }
}

/**
 * Calls a native function, but on a request that waits: then it refuses as it
 * does once a request is on its way.
 * @param {Function} native
 * @param {any} self
 * @param {any[]} args
 * @param {XhrStart | undefined} start
 * @param {string} name the function's
 */
function refuse(native, self, args, start, name) {
  if (start?.release === undefined) {
    return apply(native, self, args);
  }
  const error = busy(name);
  if (error !== undefined) {
    throw error;
  }
  return apply(native, new NativeXMLHttpRequest(), args);
}

/**
 * What Firefox throws for a request that is on its way; nothing in another browser.
 * @param {string} name
 */
function busy(name) {
  return isFirefox
    ? new NativeDOMException(`XMLHttpRequest.${name}: XMLHttpRequest must not be sending.`, "InvalidStateError")
    : undefined;
}

/**
 * @param {any} self
 * @returns {XhrStart | undefined}
 */
function startOf(self) {
  return xhrStarts.get(self);
}

/**
 * @param {any} self which may be no object, if the page calls it wrongly
 * @param {XhrStart | undefined} start
 */
function note(self, start) {
  attempt((request) => xhrStarts.set(request, start), self);
}

/**
 * @param {any[]} args of `open()`
 * @returns {XhrStart | undefined}
 */
function startOfOpen(args) {
  const url = startAddress(args[1]);
  const method = url === undefined || typeof args[0] !== "string" ? "" : string.toUpperCase(args[0]);
  if (url === undefined || !isStartMethod(method)) {
    return;
  }
  return bare({ method, url, isSync: args.length > 2 && !args[2], type: null, limit: 0, waited: 0 });
}

/**
 * @param {XhrStart | undefined} start
 * @param {unknown} name
 * @param {unknown} value
 */
function noteHeader(start, name, value) {
  if (start === undefined || typeof name !== "string") {
    return;
  }
  const lower = string.toLowerCase(name);
  if (lower === "content-type") {
    const given = typeof value === "string" ? value : "";
    start.type = start.type === null ? given : `${start.type}, ${given}`;
  } else if (isOneOf(lower, SIGNATURES)) {
    start.signature = lower;
  }
}

/**
 * @param {any} self
 * @param {any[]} args
 * @param {XhrStart} start
 */
function sendXhr(self, args, start) {
  const { method, url, isSync } = start;
  const number = ++candidates;
  const body = method === "GET" || method === "HEAD" ? null : args[0];
  const known = isSync && typeof body !== "string" ? unsupported(body) : atHand(body);
  const content = known === undefined ? opened(body) : undefined;
  const ownType = typeof body === "string" ? "text/plain;charset=UTF-8" : (content?.type ?? null);
  /** @type {any} */
  const candidate = bare({ transport: "xhr", method, url, contentType: start.type ?? ownType, signature: start.signature });
  /** @type {(verdict: Verdict) => void} */
  const send = (verdict) => {
    const isEdited = verdict.kind === "replace";
    watchXhr(self, number, start);
    try {
      if (isEdited && content !== undefined) {
        sendBytes(self, bytesOf(verdict.body, candidate.body), start.type === null ? ownType : null);
      } else {
        apply(nativeSend, self, isEdited ? [verdict.body] : content === undefined ? args : [content.copy]);
      }
    } finally {
      tellSent(number, candidate, verdict, isEdited);
    }
  };
  if (isSync) {
    candidate.notEditable = "synchronous";
  }
  if (isSync || known?.kind === "unsupported" || known?.kind === "tooLarge") {
    judge(number, candidate, known, undefined);
    send(PASS_THROUGH);
  } else {
    hold(self, start, number, send);
    begin(self);
    (async () => {
      const { verdict } = await judge(number, candidate, known, content?.read);
      start.release?.(verdict);
    })();
  }
}

/**
 * Keeps a start until its verdict is there, or something in the page ends the wait.
 * @param {any} self
 * @param {XhrStart} start
 * @param {number} number
 * @param {(verdict: Verdict) => void} send
 */
function hold(self, start, number, send) {
  const began = now();
  const limit = xhr.timeout(self);
  const timer = limit > 0 ? later(() => start.release?.(), limit) : undefined;
  start.release = (verdict = PASS_THROUGH) => {
    delete start.release;
    cancelLater(timer);
    start.limit = xhr.timeout(self);
    start.waited = now() - began;
    shortenTimeLimit(self, start);
    start.isSilent = true;
    try {
      send(verdict);
    } finally {
      start.isSilent = false;
      stopWaiting(number);
    }
  };
}

/**
 * @param {any} self
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string | null} type the content type that the page's object would have brought
 */
function sendBytes(self, bytes, type) {
  if (type !== null) {
    apply(nativeSetHeader, self, ["Content-Type", type]);
  }
  apply(nativeSend, self, [bytes]);
}

/**
 * What `send()` tells a page at once: that loading has begun. The native
 * function says it too late, so it is kept from saying it again.
 *
 * The same event of `upload` stays late: a listener of ours on it would make
 * the browser ask the service for permission first (a preflight).
 * @param {any} self
 */
function begin(self) {
  eventTarget.dispatchEvent(self, new NativeProgressEvent("loadstart"));
}

/** Listens before the page does, so that it hears of loading once. @param {Event} event */
function hearLoadStart(event) {
  if (startOf(events.currentTarget(event))?.isSilent) {
    events.stopImmediatePropagation(event);
  }
}

/**
 * Tells what comes of a request, once: the page may open the same object again.
 * @param {any} self
 * @param {number} number
 * @param {XhrStart} start
 */
function watchXhr(self, number, start) {
  /** @param {() => void} report */
  const once = (report) => () => {
    if (start.end !== undefined) {
      delete start.end;
      if (start.waited > 0) {
        start.waited = 0;
        apply(setTimeLimit, self, [start.limit]);
      }
      report();
    }
  };
  /** @param {object} outcome */
  const telling = (outcome) => once(() => tellOutcome(number, outcome));
  /** @param {string} type @param {() => void} report */
  const on = (type, report) => eventTarget.addEventListener(self, type, report);
  const answered = once(() => tellXhrAnswer(self, number));
  start.end = telling({ kind: "aborted" });
  // Before `load`, in whose handlers a page may use the object anew.
  on("readystatechange", () => xhr.readyState(self) === 4 && xhr.status(self) > 0 && answered());
  on("error", telling({ kind: "failed", message: "network error" }));
  on("abort", start.end);
  on("timeout", telling({ kind: "timedOut" }));
}

/**
 * @param {any} self
 * @param {number} number
 */
function tellXhrAnswer(self, number) {
  const type = xhr.responseType(self);
  const text =
    type === "" || type === "text"
      ? xhr.responseText(self)
      : type === "json" && attempt((answer) => stringify(xhr.response(answer)), self);
  tellAnswered(number, xhr.status(self), text || "", retryAfterOf(xhr.getAllResponseHeaders(self)));
}

/**
 * Asking for the header by name would put an error into the page's console
 * where the service does not expose it.
 * @param {string} headers
 * @returns {string | null}
 */
function retryAfterOf(headers) {
  const found = regExp.exec(/^retry-after: *(.*?)\r?$/im, headers);
  return found === null ? null : found[1];
}
