// @ts-check
/**
 * The quick test: might this call be a chat start? It looks at the address
 * alone and is cheap for the many that are not; only Rust decides.
 */

const node = own(Node);

/** What an address must have in it before it is worth resolving. */
const LAST_SEGMENTS = PATH_ENDS.map((end) => end.slice(end.lastIndexOf("/") + 1));

/**
 * The address that a call would go to, if it might be a start.
 * @param {unknown} given as the page gave it: a text, or a `URL`. Another
 * object is none, because asking it for its text could be seen.
 * @returns {string | undefined}
 */
function startAddress(given) {
  const text = typeof given === "string" ? given : attempt(url.href, given);
  if (text === undefined) {
    return;
  }
  if (!hasOneOf(text, LAST_SEGMENTS)) {
    return;
  }
  try {
    const address = new NativeURL(text, node.baseURI(document));
    const path = url.pathname(address);
    for (let index = 0; index < PATH_ENDS.length; index++) {
      if (string.endsWith(path, PATH_ENDS[index])) {
        return url.href(address);
      }
    }
  } catch {
    // Not an address: the native function says so to the page.
  }
  return;
}

/**
 * @param {string} text
 * @param {string[]} parts
 */
function hasOneOf(text, parts) {
  for (let index = 0; index < parts.length; index++) {
    if (string.includes(text, parts[index])) {
      return true;
    }
  }
  return false;
}

/**
 * Whether a method is one that starts come by.
 * @param {string} method
 */
function isStartMethod(method) {
  const upper = string.toUpperCase(method);
  for (let index = 0; index < METHODS.length; index++) {
    if (METHODS[index] === upper) {
      return true;
    }
  }
  return false;
}

/**
 * Asks what to do with a candidate whose body may have to be read first. What
 * cannot be edited is shown, and goes out as written.
 * @param {number} number
 * @param {any} candidate all but its body
 * @param {CarriedBody | undefined} atHand
 * @param {(() => Promise<ArrayBuffer>) | undefined} read where it is not at hand
 * @returns {Promise<Judged>}
 */
async function judge(number, candidate, atHand, read) {
  /** @type {any} */
  const body = atHand ?? (await wait(number, async (settle) => settle(await carriedOf(read))));
  if (candidate.body !== undefined) {
    // It went out while its body was read.
    return judged(candidate, PASS_THROUGH);
  }
  const isUnread = body.kind === "noVerdict" || body === PASS_THROUGH;
  candidate.body = isUnread ? UNREAD : body;
  const isAsked = body.kind === "text" || body.kind === "binary" || body.kind === "nothing";
  if (isAsked && candidate.notEditable === undefined) {
    return judged(candidate, await ask(number, candidate));
  }
  if (body.kind !== "noVerdict") {
    tell({ kind: "candidate", number, candidate });
  }
  return judged(candidate, isUnread ? body : PASS_THROUGH);
}

/**
 * @param {(() => Promise<ArrayBuffer>) | undefined} read
 * @returns {Promise<CarriedBody>}
 */
async function carriedOf(read) {
  try {
    return read === undefined ? UNREAD : carriedBytes(await read());
  } catch {
    // A file that is gone, a stream that broke: the native function tells the page.
    return UNREAD;
  }
}

/**
 * @param {Candidate} candidate
 * @param {Verdict} verdict
 * @returns {Judged}
 */
function judged(candidate, verdict) {
  return bare({ candidate, verdict });
}
