// @ts-check
/**
 * `navigator.sendBeacon`: the page is told at once what the native function
 * would say; the beacon itself goes out when its verdict is there, and as
 * written where the page is left first.
 */

/** Beacons under way may have this many bytes together (Fetch standard, keepalive); more, and the native one says no. */
const MAX_BEACON_BYTES = 65_536;

/** Content types that need no preflight (Fetch standard). */
const SIMPLE_TYPE = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)(;|$)/i;

let beaconBytes = 0;
/** What sends the beacons that wait, by number. @type {any} */
const waitingBeacons = bare({});

/** @returns {void} */
const patchBeacon = () => {
  patch(Navigator.prototype, "sendBeacon", (native, self, args) => {
    const address = self === nativeNavigator && startAddress(args[0]);
    return address && textStartsWith(address, "http")
      ? sendBeacon(native, args, address)
      : apply(native, self, args);
  });
};

/**
 * @param {Function} native
 * @param {any[]} args
 * @param {string} url
 */
const sendBeacon = (native, args, url) => {
  const number = ++candidates;
  const body = args[1];
  const { known, copy, mime, read } = kept(body, atHand(body));
  const candidate = newCandidate("beacon", "POST", url, mime);
  const bytes = byteSize(body);
  if (bytes === undefined || beaconBytes + bytes > MAX_BEACON_BYTES) {
    // What waits goes out first, so that the native function counts it.
    some(ownKeys(waitingBeacons), (waiting) => waitingBeacons[waiting](PASS_THROUGH));
    judge(number, candidate, known ?? UNREAD);
    const isQueued = apply(native, nativeNavigator, args);
    tellSent(number, candidate, PASS_THROUGH);
    if (!isQueued) {
      tellOutcome(number, failed("the browser did not take the beacon"));
    }
    return isQueued;
  }
  beaconBytes += bytes;
  /** @param {any} verdict */
  waitingBeacons[number] = (verdict) => {
    delete waitingBeacons[number];
    beaconBytes -= bytes;
    const isEdited = isEdit(verdict);
    const sent = !isEdited ? copy : isText(body) ? verdict.edited : likeWritten(verdict.edited, candidate.body, mime);
    const isTyped = !isEdited || sent !== undefined;
    if (!isTyped || !apply(native, nativeNavigator, [url, sent])) {
      fetchBeacon(url, isTyped ? sent : bytesOf(verdict.edited, candidate.body), mime, isTyped);
    }
    tellSent(number, candidate, verdict);
    stopWaiting(number);
  };
  (async () => {
    const verdict = await judgeInTurn(number, candidate, known, read);
    waitingBeacons[number]?.(verdict);
  })();
  return true;
};

/**
 * The edited body as an object that brings the content type of the page's own.
 * @param {string} edited
 * @param {CarriedBody} written
 * @param {string | null} type
 * @returns {any} nothing where no object brings this type
 */
const likeWritten = (edited, written, type) => {
  const bytes = bytesOf(edited, written);
  if (type === null) {
    return bytes;
  }
  // A Blob writes its type in lower case.
  if (textToLowerCase(type) === type) {
    return new NativeBlob([bytes], bare({ type }));
  }
  const params = new NativeURLSearchParams(edited);
  return textStartsWith(type, "application/x-www-form-urlencoded") && paramsText(params) === edited ? params : undefined;
};

/**
 * The request that a beacon makes, by fetch.
 * @param {string} url
 * @param {any} body
 * @param {string | null} type its content type
 * @param {boolean} isTyped whether the body brings the type itself
 */
const fetchBeacon = async (url, body, type, isTyped) => {
  const isSimple = type === null || regExpExec(SIMPLE_TYPE, type) !== null;
  const init = bare({
    method: "POST",
    body,
    mode: isSimple ? "no-cors" : "cors",
    credentials: "include",
    keepalive: true,
    headers: bare(isTyped || type === null ? {} : { "content-type": type }),
  });
  try {
    await apply(nativeFetch, window, [url, init]);
  } catch {
    // A beacon has no answer either.
  }
};
