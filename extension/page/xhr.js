// @ts-check
/**
 * `XMLHttpRequest`: an asynchronous start waits between `send()` and the
 * native `send()`; anything else goes to the native functions at once.
 */

const nativeSend = XMLHttpRequest.prototype.send;
const xhrHeaders = method(XMLHttpRequest.prototype, "getAllResponseHeaders");
const xhrStatus = getter(XMLHttpRequest.prototype, "status");
const xhrType = getter(XMLHttpRequest.prototype, "responseType");
const xhrText = getter(XMLHttpRequest.prototype, "responseText");
const xhrResponse = getter(XMLHttpRequest.prototype, "response");
const xhrTimeout = getter(XMLHttpRequest.prototype, "timeout");
const setXhrTimeout = /** @type {any} */ (getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout")).set;

/**
 * A start between `open()` and its end. `release` is there while it waits.
 * @typedef {{method: string, url: string, release?: () => void}} XhrStart
 */

/** The starts among the page's requests. */
const xhrStarts = new NativeWeakMap();

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
  return mapGet(xhrStarts, self);
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
  mapDelete(xhrStarts, self);
  const method = args[0];
  const address = args[1];
  const isAsync = args.length < 3 || args[2];
  if (typeof address !== "string" && !(typeof address === "object" && addressOf(address) !== undefined)) {
    return;
  }
  const url = startAddress(typeof address === "string" ? address : /** @type {string} */ (addressOf(address)));
  if (url !== undefined && isAsync && typeof method === "string" && toUpperCase(method) === "POST") {
    mapSet(xhrStarts, self, bare({ method: "POST", url }));
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
  const candidate = bare({ transport: "xhr", method: start.method, url: start.url, body });
  if (body.kind !== "text") {
    const number = show(candidate);
    watchXhr(self, number);
    apply(nativeSend, self, args);
    return;
  }
  const number = ++candidates;
  const began = now();
  let isSent = false;
  /** @param {Verdict} verdict */
  const send = (verdict) => {
    if (isSent) {
      return;
    }
    isSent = true;
    delete start.release;
    const waited = now() - began;
    if (xhrTimeout(self) > 0) {
      apply(setXhrTimeout, self, [xhrTimeout(self) > waited ? xhrTimeout(self) - waited : 1]);
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
  sendWhenDecided(number, candidate, send);
}

/**
 * @param {number} number
 * @param {Candidate} candidate
 * @param {(verdict: Verdict) => void} send
 */
async function sendWhenDecided(number, candidate, send) {
  send(await ask(number, candidate));
}

/**
 * Tells what comes of a request.
 * @param {any} self
 * @param {number} number
 */
function watchXhr(self, number) {
  /** @param {string} type @param {() => void} report */
  const on = (type, report) => listen(self, type, report, bare({ once: true }));
  on("load", () => {
    tellXhrAnswer(self, number);
  });
  on("error", () => tellOutcome(number, bare({ kind: "failed", message: "network error" })));
  on("abort", () => tellOutcome(number, bare({ kind: "aborted" })));
  on("timeout", () => tellOutcome(number, bare({ kind: "timedOut" })));
}

/**
 * @param {any} self
 * @param {number} number
 */
function tellXhrAnswer(self, number) {
  const type = xhrType(self);
  let text = "";
  if (type === "" || type === "text") {
    text = xhrText(self);
  } else if (type === "json") {
    text = stringify(xhrResponse(self)) ?? "";
  }
  tellAnswered(number, xhrStatus(self), text, retryAfterOf(xhrHeaders(self)));
}

/**
 * Asking for the header by name would put an error into the page's console
 * where the service does not expose it.
 * @param {string} headers
 * @returns {string | null}
 */
function retryAfterOf(headers) {
  const found = exec(/^retry-after: *(.*?)\r?$/im, headers);
  return found === null ? null : found[1];
}
