// @ts-check
/**
 * `navigator.sendBeacon`: the page is told at once what the native function
 * would say; the beacon itself goes out when its verdict is there, and as
 * written where the page is left first.
 */

/** Beacons under way may have this many bytes together (Fetch standard, keepalive); more, and the native one says no. */
const MAX_BEACON_BYTES = 65_536;
/** What a part of a form takes beside its name and value, at most, in bytes. */
const PART_BYTES = 256;

/** Content types that need no preflight (Fetch standard). */
const SIMPLE_TYPE = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)(;|$)/i;

const nativeFetch = fetch;
let beaconBytes = 0;

/** @returns {void} */
function patchBeacon() {
  patch(Navigator.prototype, "sendBeacon", (native, self, args) => {
    const address = self === navigator && isStartMethod("POST") ? startAddress(args[0]) : undefined;
    return address !== undefined && string.startsWith(address, "http")
      ? sendBeacon(native, args, address)
      : apply(native, self, args);
  });
}

/**
 * @param {Function} native
 * @param {any[]} args
 * @param {string} url
 */
function sendBeacon(native, args, url) {
  const number = ++candidates;
  const body = args[1];
  const known = atHand(body);
  const content = known === undefined ? opened(body) : undefined;
  const type = typeof body === "string" ? "text/plain;charset=UTF-8" : (content?.type ?? null);
  /** @type {any} */
  const candidate = bare({ transport: "beacon", method: "POST", url, contentType: type });
  const bytes = beaconSize(body);
  if (bytes === undefined || beaconBytes + bytes > MAX_BEACON_BYTES) {
    judge(number, candidate, known ?? UNREAD, undefined);
    const isQueued = apply(native, navigator, args);
    tellBeacon(number, candidate, PASS_THROUGH, isQueued);
    return isQueued;
  }
  beaconBytes += bytes;
  (async () => {
    const { verdict } = await judge(number, candidate, known, content?.read);
    beaconBytes -= bytes;
    const isEdited = verdict.kind === "replace";
    const isBytes = isEdited && content !== undefined;
    const sent = isBytes ? bytesOf(verdict.body, candidate.body) : isEdited ? verdict.body : (content?.copy ?? body);
    // Bytes bring no content type, and the native function takes none beside them.
    const isQueued = !(isBytes && type !== null) && apply(native, navigator, [url, sent]);
    if (!isQueued) {
      fetchBeacon(url, sent, type, isBytes);
    }
    tellSent(number, candidate, verdict, isEdited);
  })();
  return true;
}

/**
 * @param {any} body
 * @returns {number | undefined} nothing where the native function must say what it thinks of it
 */
function beaconSize(body) {
  if (body === undefined || body === null) {
    return 0;
  }
  if (typeof body === "string") {
    return textEncoder.encode(encoder, body).length;
  }
  let parts = 0;
  attempt((form) => forms.forEach(form, () => parts++), body);
  const size = sizeOf(body);
  return size === undefined ? undefined : size + parts * PART_BYTES;
}

/**
 * The request that a beacon makes, by fetch.
 * @param {string} url
 * @param {any} body
 * @param {string | null} type its content type
 * @param {boolean} isTyped whether the type must be named, because the body does not bring it
 */
function fetchBeacon(url, body, type, isTyped) {
  const isSimple = type === null || regExp.test(SIMPLE_TYPE, type);
  const init = bare({
    method: "POST",
    body,
    mode: isSimple ? "no-cors" : "cors",
    credentials: "include",
    keepalive: true,
    priority: "low",
    headers: bare(isTyped && type !== null ? { "content-type": type } : {}),
  });
  promises.then(
    apply(nativeFetch, window, [url, init]),
    () => {},
    () => {},
  );
}

/**
 * @param {number} number
 * @param {Candidate} candidate
 * @param {Verdict} verdict
 * @param {boolean} isQueued
 */
function tellBeacon(number, candidate, verdict, isQueued) {
  tellSent(number, candidate, verdict, false);
  if (!isQueued) {
    tellOutcome(number, { kind: "failed", message: "the browser did not take the beacon" });
  }
}
