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

const { fetch: nativeFetch, navigator: nativeNavigator } = window;
let beaconBytes = 0;
/** What sends the beacons that wait, by number. @type {any} */
const waitingBeacons = bare({});

/** @returns {void} */
function patchBeacon() {
  const takesPost = isStartMethod("POST");
  patch(Navigator.prototype, "sendBeacon", (native, self, args) => {
    const address = self === nativeNavigator && takesPost ? startAddress(args[0]) : undefined;
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
    // What waits goes out first, so that the native function counts it.
    const numbers = ownKeys(waitingBeacons);
    for (let index = 0; index < numbers.length; index++) {
      waitingBeacons[numbers[index]](PASS_THROUGH);
    }
    judge(number, candidate, known ?? UNREAD, undefined);
    const isQueued = apply(native, navigator, args);
    tellBeacon(number, candidate, isQueued);
    return isQueued;
  }
  beaconBytes += bytes;
  /** @param {Verdict} verdict */
  waitingBeacons[number] = (verdict) => {
    delete waitingBeacons[number];
    beaconBytes -= bytes;
    const isEdited = verdict.kind === "replace";
    const given = content?.copy ?? body;
    const isText = typeof body === "string";
    const sent = !isEdited ? given : isText ? verdict.body : likeWritten(verdict.body, candidate.body, type);
    const isTyped = !isEdited || sent !== undefined;
    if (!isTyped || !apply(native, navigator, [url, sent])) {
      fetchBeacon(url, isTyped ? sent : bytesOf(/** @type {any} */ (verdict).body, candidate.body), type, isTyped);
    }
    tellSent(number, candidate, verdict, isEdited);
    stopWaiting(number);
  };
  (async () => {
    const { verdict } = await judge(number, candidate, known, content?.read);
    waitingBeacons[number]?.(verdict);
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
 * The edited body as an object that brings the content type of the page's own.
 * @param {string} edited
 * @param {CarriedBody} written
 * @param {string | null} type
 * @returns {any} nothing where no object brings this type
 */
function likeWritten(edited, written, type) {
  const bytes = bytesOf(edited, written);
  if (type === null) {
    return bytes;
  }
  // A Blob writes its type in lower case.
  if (string.toLowerCase(type) === type) {
    return new NativeBlob([bytes], bare({ type }));
  }
  const params = new NativeURLSearchParams(edited);
  return string.startsWith(type, "application/x-www-form-urlencoded") && paramsText(params) === edited ? params : undefined;
}

/**
 * The request that a beacon makes, by fetch.
 * @param {string} url
 * @param {any} body
 * @param {string | null} type its content type
 * @param {boolean} isTyped whether the body brings the type itself
 */
function fetchBeacon(url, body, type, isTyped) {
  const isSimple = type === null || regExp.test(SIMPLE_TYPE, type);
  const init = bare({
    method: "POST",
    body,
    mode: isSimple ? "no-cors" : "cors",
    credentials: "include",
    keepalive: true,
    headers: bare(isTyped || type === null ? {} : { "content-type": type }),
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
 * @param {boolean} isQueued
 */
function tellBeacon(number, candidate, isQueued) {
  tellSent(number, candidate, PASS_THROUGH, false);
  if (!isQueued) {
    tellOutcome(number, { kind: "failed", message: "the browser did not take the beacon" });
  }
}
