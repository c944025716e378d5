// @ts-check
/**
 * `XMLHttpRequest`: an asynchronous start waits between `send()` and the
 * native `send()`; anything else goes to the native functions at once.
 */

const xhr = own(XMLHttpRequest);
const nativeSend = XMLHttpRequest.prototype.send;
/** @type {any} */
const { set: setTimeLimit } = getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout");
const regExp = own(RegExp);

/**
 * A start between `open()` and its end. `release` is there while it waits for
 * its verdict, `end` while it waits for its outcome.
 * @typedef {{url: string, isSent?: boolean, release?: () => void, end?: () => void}} XhrStart
 */

/** The starts among the page's requests. */
const xhrStarts = new WeakMap();

/** @returns {void} */
function patchXhr() {
  const prototype = XMLHttpRequest.prototype;
  patch(prototype, "open", (native, self, args) => {
    // Sent, and then ended by this: as it would be without us.
    const start = startOf(self);
    start?.release?.();
    const result = apply(native, self, args);
    start?.end?.();
    noteOpen(self, args);
    return result;
  });
  patch(prototype, "send", (native, self, args) => {
    const start = startOf(self);
    if (start === undefined || start.isSent) {
      return apply(native, start?.release === undefined ? self : new NativeXMLHttpRequest(), args);
    }
    start.isSent = true;
    return sendXhr(self, args, start);
  });
  patch(prototype, "setRequestHeader", (native, self, args) => {
    // What the native function throws once a request is on its way.
    return apply(native, startOf(self)?.release === undefined ? self : new NativeXMLHttpRequest(), args);
  });
  patch(prototype, "abort", (native, self, args) => {
    startOf(self)?.release?.();
    return apply(native, self, args);
  });
}

/**
 * @param {any} self
 * @returns {XhrStart | undefined}
 */
function startOf(self) {
  return weakMap.get(xhrStarts, self);
}

/**
 * @param {any} self
 * @param {any[]} args
 */
function noteOpen(self, args) {
  const method = args[0];
  const url = (args.length < 3 || args[2]) && startAddress(args[1]);
  const isStart = url && typeof method === "string" && isStartMethod(method);
  weakMap.set(xhrStarts, self, isStart ? bare({ url }) : undefined);
}

/**
 * @param {any} self
 * @param {any[]} args
 * @param {XhrStart} start
 */
function sendXhr(self, args, start) {
  const number = ++candidates;
  const body = carried(args[0]);
  /** @type {Candidate} */
  const candidate = bare({ transport: "xhr", method: "POST", url: start.url, body });
  const limit = xhr.timeout(self);
  const began = now();
  /** @param {Verdict} verdict */
  const send = (verdict) => {
    if (start.release === undefined) {
      return;
    }
    delete start.release;
    if (limit > 0) {
      // The page's time limit counts from its own send().
      const left = limit - (now() - began);
      apply(setTimeLimit, self, [left > 1 ? left : 1]);
    }
    watchXhr(self, number, start, limit);
    const isEdited = verdict.kind === "replace";
    apply(nativeSend, self, isEdited ? [verdict.body] : args);
    if (body.kind === "text") {
      tellSent(number, candidate, verdict, isEdited);
    } else {
      show(number, candidate);
    }
  };
  start.release = () => {
    send({ kind: "passThrough" });
    stopWaiting(number);
  };
  if (body.kind === "text") {
    (async () => send(await ask(number, candidate)))();
  } else {
    start.release();
  }
}

/**
 * Tells what comes of a request, once: the page may open the same object again.
 * @param {any} self
 * @param {number} number
 * @param {XhrStart} start
 * @param {number} limit the page's own time limit
 */
function watchXhr(self, number, start, limit) {
  /** @param {() => void} report */
  const once = (report) => () => {
    if (start.end !== undefined) {
      delete start.end;
      apply(setTimeLimit, self, [limit]);
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
