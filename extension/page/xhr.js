// @ts-check
/**
 * `XMLHttpRequest`: an asynchronous start waits between `send()` and the
 * native `send()`; anything else goes to the native functions at once.
 */

/** @type {any} */
const { prototype: xhrPrototype } = window.XMLHttpRequest ?? { prototype: {} };
const [xhrHeaders, xhrReadyState, xhrResponse, xhrResponseType, xhrSetHeader, xhrStatus, xhrTimeout] = own(
  window.XMLHttpRequest,
  "getAllResponseHeaders readyState response responseType setRequestHeader status timeout",
);
const { send: nativeSend } = xhrPrototype;
/** @type {any} */
const { set: setTimeLimit } = { ...getOwnPropertyDescriptor(xhrPrototype, "timeout") };

/**
 * A start between `open()` and its end. `release` is there while it waits for
 * its verdict, `end` while it waits for its outcome. Times are in milliseconds:
 * `limit` is the page's own, and `waited` what of it was over at the native `send()`.
 * @typedef {{method: string, url: string, isSync: boolean, mime: string | null, signed?: string, limit: number, waited: number,
 *   isSent?: boolean, isSilent?: boolean, release?: (verdict?: Verdict) => void, end?: () => void}} XhrStart
 */

const isFirefox = getOwnPropertyDescriptor(xhrPrototype, "mozAnon") !== undefined;

/**
 * The starts among the page's requests. Every call of a page is looked up here, so `get` is its own, whatever a page does
 * to its prototype: a plain call is the cheapest.
 */
const xhrStarts = new WeakMap();
xhrStarts.get = xhrStarts.get;

/**
 * The start that a request is, if it is one, stands as a parameter: a function around each trap would take a line of the
 * page's from the ten that Chromium keeps of an error's stack.
 */
const patchXhr = () => {
  patchConstructor("XMLHttpRequest", (made) => targetAddEventListener(made, "loadstart", hearLoadStart));
  patch(xhrPrototype, "open", (native, self, args, start = startOf(self)) => {
    // Sent, and then ended by this: as it would be without us.
    start?.release?.();
    // Noted first, because a page may send in an event of the native function.
    const next = startOfOpen(args);
    // An event that nobody listens for costs nothing.
    const listen = next ? targetAddEventListener : targetRemoveEventListener;
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
  patch(xhrPrototype, "send", (native, self, args, start = startOf(self)) => {
    if (!start || start.isSent) {
      return refuse(native, self, args, start, "send");
    }
    start.isSent = true;
    return sendXhr(self, args, start);
  });
  patch(xhrPrototype, "setRequestHeader", (native, self, args, start = startOf(self)) => {
    const result = refuse(native, self, args, start, "setRequestHeader");
    noteHeader(start, args[0], args[1]);
    return result;
  });
  patch(xhrPrototype, "abort", (native, self, args, start = startOf(self)) => {
    start?.release?.();
    return apply(native, self, args);
  });
  // Not to be set any more once a request is on its way.
  const message =
    "Failed to set the 'withCredentials' property on 'XMLHttpRequest': " +
    "The value may only be set if the object's state is UNSENT or OPENED.";
  patch(
    xhrPrototype,
    "withCredentials",
    (native, self, args, start = startOf(self)) => refuse(native, self, args, start, "withCredentials setter", message),
    "set",
  );
  // The page's time limit counts from its own `send()`, so the native one is shorter by what was waited; the page sees
  // the one that it set.
  patch(xhrPrototype, "timeout", (native, self, args, start = startOf(self)) => (start?.waited ? start.limit : apply(native, self, args)), "get");
  patch(
    xhrPrototype,
    "timeout",
    (native, self, args, start = startOf(self)) => {
      const result = apply(native, self, args);
      if (start?.waited) {
        shortenTimeLimit(self, start);
      }
      return result;
    },
    "set",
  );
};

/**
 * Notes the limit that the page has set, and sets what is left of it.
 * @param {any} self
 * @param {XhrStart} start
 */
const shortenTimeLimit = (self, start) => {
  const { waited } = start;
  const limit = (start.limit = xhrTimeout(self));
  if (limit > 0 && waited > 0) {
    apply(setTimeLimit, self, [limit > waited + 1 ? limit - waited : 1]);
  }
};

/**
 * Calls a native function, but on a request that waits: then it refuses as it
 * does once a request is on its way.
 * @param {Function} native
 * @param {any} self
 * @param {any[]} args
 * @param {XhrStart | undefined} start
 * @param {string} name the function's, as Firefox says it
 * @param {string} [message] Chromium's, where it is not the same for a request that was not opened
 */
const refuse = (native, self, args, start, name, message) => {
  if (!start?.release) {
    return apply(native, self, args);
  }
  const said = isFirefox ? `XMLHttpRequest.${name}: XMLHttpRequest must not be sending.` : message;
  if (said) {
    throw new NativeDOMException(said, "InvalidStateError");
  }
  return apply(native, new NativeXMLHttpRequest(), args);
};

/**
 * @param {any} self
 * @returns {XhrStart | undefined}
 */
const startOf = (self) => xhrStarts.get(self);

/**
 * @param {any} self which may be no object, if the page calls it wrongly
 * @param {XhrStart | undefined} start
 */
const note = (self, start) => {
  attempt((request) => weakSet(xhrStarts, request, start), self);
};

/**
 * @param {any[]} args of `open()`
 * @returns {XhrStart | undefined}
 */
const startOfOpen = (args) => {
  const url = startAddress(args[1]);
  const method = url && isText(args[0]) ? textToUpperCase(args[0]) : "";
  if (!url || !isStartMethod(method)) {
    return;
  }
  return bare({ method, url, isSync: args.length > 2 && !args[2], mime: null, limit: 0, waited: 0 });
};

/**
 * @param {XhrStart | undefined} start
 * @param {unknown} name
 * @param {unknown} value
 */
const noteHeader = (start, name, value) => {
  if (!start || !isText(name)) {
    return;
  }
  const lower = textToLowerCase(name);
  if (lower === "content-type") {
    const given = isText(value) ? value : "";
    start.mime = start.mime === null ? given : `${start.mime}, ${given}`;
  } else {
    some(SIGNATURES, (known) => {
      // What seals the body counts more than a token beside it, whichever comes first.
      const header = signing(known, lower, value);
      start.signed = start.signed && textEndsWith(known, ":eyJ") ? start.signed : (header ?? start.signed);
    });
  }
};

/**
 * @param {any} self
 * @param {any[]} args
 * @param {XhrStart} start
 */
const sendXhr = (self, args, start) => {
  const { method, url, isSync } = start;
  const number = ++candidates;
  const body = method === "GET" || method === "HEAD" ? null : args[0];
  const { known, copy, mime, read } = kept(body, isSync && !isText(body) ? unsupported(body) : atHand(body));
  const candidate = newCandidate("xhr", method, url, start.mime ?? mime, { signature: start.signed });
  /** @param {any} verdict */
  const send = (verdict) => {
    watchXhr(self, number, start);
    try {
      const isEdited = isEdit(verdict);
      if (isEdited && read && start.mime === null && mime !== null) {
        // What the page's object would have brought.
        xhrSetHeader(self, "Content-Type", mime);
      }
      const edited = isEdited && (read ? bytesOf(verdict.edited, candidate.body) : verdict.edited);
      apply(nativeSend, self, isEdited ? [edited] : read ? [copy] : args);
    } finally {
      tellSent(number, candidate, verdict);
    }
  };
  if (isSync) {
    candidate.notEditable = "synchronous";
  }
  if (isSync || (known && !isCarried(known))) {
    judge(number, candidate, known);
    send(PASS_THROUGH);
  } else {
    hold(self, start, number, send);
    // What `send()` tells a page at once: that loading has begun. The native function says it too late, so it is kept from
    // saying it again. The same event of `upload` stays late: a listener of ours on it would make the browser ask the
    // service for permission first (a preflight).
    targetDispatchEvent(self, new NativeProgressEvent("loadstart"));
    (async () => {
      const verdict = await judgeInTurn(number, candidate, known, read);
      start.release?.(verdict);
    })();
  }
};

/**
 * Keeps a start until its verdict is there, or something in the page ends the wait.
 * @param {any} self
 * @param {XhrStart} start
 * @param {number} number
 * @param {(verdict: Verdict) => void} send
 */
const hold = (self, start, number, send) => {
  const began = now();
  const limit = xhrTimeout(self);
  const timer = limit > 0 ? later(() => start.release?.(), limit) : undefined;
  start.release = (verdict = PASS_THROUGH) => {
    delete start.release;
    cancelLater(timer);
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
};

/** Listens before the page does, so that it hears of loading once. @param {Event} event */
const hearLoadStart = (event) => {
  if (startOf(eventCurrentTarget(event))?.isSilent) {
    eventStopImmediatePropagation(event);
  }
};

/**
 * Tells what comes of a request, once: the page may open the same object again.
 * @param {any} self
 * @param {number} number
 * @param {XhrStart} start
 */
const watchXhr = (self, number, start) => {
  /** @param {() => void} report */
  const once = (report) => () => {
    if (start.end) {
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
  const on = (type, report) => targetAddEventListener(self, type, report);
  const answered = once(() => tellXhrAnswer(self, number));
  start.end = telling({ kind: "aborted" });
  // Before `load`, in whose handlers a page may use the object anew.
  on("readystatechange", () => xhrReadyState(self) === 4 && xhrStatus(self) > 0 && answered());
  on("error", telling(failed("network error")));
  on("abort", start.end);
  on("timeout", telling({ kind: "timedOut" }));
};

/**
 * Reads all that there is now: the page may do with the request, and with its answer, what it wants.
 * @param {any} self
 * @param {number} number
 */
const tellXhrAnswer = async (self, number) => {
  const type = xhrResponseType(self);
  // Asking for the header by name would put an error into the page's console where the service does not expose it.
  const found = regExpExec(/^retry-after: *(.*?)\r?$/im, xhrHeaders(self));
  const status = xhrStatus(self);
  const answer = xhrResponse(self);
  const text = isText(answer)
    ? answer
    : type === "json"
      ? attempt(stringify, answer ?? undefined)
      : (textOfBytes(answer) ?? (await textOfBlob(answer)));
  tellAnswered(number, status, text, found && found[1]);
};
