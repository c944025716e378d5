// @ts-check
/**
 * `XMLHttpRequest`: an asynchronous start waits between `send()` and the
 * native `send()`; anything else goes to the native functions at once.
 */

const xhr = own(XMLHttpRequest);
const nativeSend = XMLHttpRequest.prototype.send;
/** @type {any} */
const { set: setTimeLimit } = getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout");
const clock = own(Performance);
const pageClock = performance;
const regExp = own(RegExp);

/**
 * A start between `open()` and its end. `release` is there while it waits.
 * @typedef {{url: string, release?: () => void}} XhrStart
 */

/** The starts among the page's requests. */
const xhrStarts = new WeakMap();

/** @returns {void} */
function patchXhr() {
  const prototype = XMLHttpRequest.prototype;
  patch(prototype, "open", (native, self, args) => {
    // Sent, and then ended by this: as it would be without us.
    startOf(self)?.release?.();
    const result = apply(native, self, args);
    noteOpen(self, args);
    return result;
  });
  patch(prototype, "send", (native, self, args) => {
    const start = startOf(self);
    if (start === undefined) {
      return apply(native, self, args);
    }
    if (start.release !== undefined) {
      throwAlreadySent();
    }
    return sendXhr(self, args, start);
  });
  patch(prototype, "setRequestHeader", (native, self, args) => {
    if (startOf(self)?.release !== undefined) {
      throwAlreadySent();
    }
    return apply(native, self, args);
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

/** What the native functions throw once a request is on its way. */
function throwAlreadySent() {
  apply(nativeSend, new NativeXMLHttpRequest(), []);
}

/**
 * @param {any} self
 * @param {any[]} args
 */
function noteOpen(self, args) {
  weakMap.delete(xhrStarts, self);
  const method = args[0];
  const isAsync = args.length < 3 || args[2];
  const start = startAddress(args[1]);
  if (start !== undefined && isAsync && typeof method === "string" && string.toUpperCase(method) === "POST") {
    weakMap.set(xhrStarts, self, bare({ url: start }));
  }
}

/**
 * @param {any} self
 * @param {any[]} args
 * @param {XhrStart} start
 */
function sendXhr(self, args, start) {
  const body = carried(args[0]);
  /** @type {Candidate} */
  const candidate = bare({ transport: "xhr", method: "POST", url: start.url, body });
  if (body.kind !== "text") {
    weakMap.delete(xhrStarts, self);
    const number = show(candidate);
    watchXhr(self, number);
    apply(nativeSend, self, args);
    return;
  }
  const number = ++candidates;
  const began = clock.now(pageClock);
  let isSent = false;
  /** @param {Verdict} verdict */
  const send = (verdict) => {
    if (isSent) {
      return;
    }
    isSent = true;
    weakMap.delete(xhrStarts, self);
    const limit = xhr.timeout(self);
    if (limit > 0) {
      // The page's time limit counts from its own send().
      const left = limit - (clock.now(pageClock) - began);
      apply(setTimeLimit, self, [left > 1 ? left : 1]);
    }
    watchXhr(self, number);
    const isEdited = verdict.kind === "replace";
    apply(nativeSend, self, isEdited ? [verdict.body] : args);
    tellSent(number, candidate, verdict, isEdited);
  };
  start.release = () => {
    send({ kind: "passThrough" });
    stopWaiting(number);
  };
  (async () => send(await ask(number, candidate)))();
}

/**
 * Tells what comes of a request.
 * @param {any} self
 * @param {number} number
 */
function watchXhr(self, number) {
  /** @param {string} type @param {() => void} report */
  const on = (type, report) => eventTarget.addEventListener(self, type, report, bare({ once: true }));
  on("load", () => tellXhrAnswer(self, number));
  on("error", () => tellOutcome(number, { kind: "failed", message: "network error" }));
  on("abort", () => tellOutcome(number, { kind: "aborted" }));
  on("timeout", () => tellOutcome(number, { kind: "timedOut" }));
}

/**
 * @param {any} self
 * @param {number} number
 */
function tellXhrAnswer(self, number) {
  const type = xhr.responseType(self);
  let text = "";
  if (type === "" || type === "text") {
    text = xhr.responseText(self);
  } else if (type === "json") {
    text = stringify(xhr.response(self)) ?? "";
  }
  tellAnswered(number, xhr.status(self), text, retryAfterOf(xhr.getAllResponseHeaders(self)));
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
