// @ts-check
/**
 * The quick test: might this call be a chat start? It looks at the address
 * alone and is cheap for the many that are not; only Rust decides.
 */

/** More than this many UTF-16 code units stay in the page; see candidate.rs. */
const MAX_BODY_CHARACTERS = 4_000_000;

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
    return undefined;
  }
  let isWorthResolving = false;
  for (let index = 0; index < LAST_SEGMENTS.length; index++) {
    isWorthResolving ||= string.includes(text, LAST_SEGMENTS[index]);
  }
  if (!isWorthResolving) {
    return undefined;
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
  return undefined;
}

/**
 * A body as a candidate carries it.
 * @param {unknown} body
 * @returns {CarriedBody}
 */
function carried(body) {
  if (body === undefined || body === null) {
    return bare({ kind: "nothing" });
  }
  if (typeof body !== "string") {
    return unsupported(body);
  }
  return body.length > MAX_BODY_CHARACTERS
    ? bare({ kind: "tooLarge", characters: body.length })
    : bare({ kind: "text", text: string.toWellFormed(body) });
}

/**
 * A body of a kind that is shown and never edited.
 * @param {any} body
 * @returns {CarriedBody}
 */
function unsupported(body) {
  let name = "object";
  try {
    name = string.slice(`${body.constructor.name}`, 0, 64);
  } catch {
    // A page's own object may refuse to be asked.
  }
  return bare({ kind: "unsupported", name });
}

/**
 * Shows a candidate that cannot be edited: it has gone out already.
 * @param {Candidate} candidate
 * @returns {number}
 */
function show(candidate) {
  const number = ++candidates;
  tell({ kind: "candidate", number, candidate });
  tellSent(number, candidate, { kind: "passThrough" }, false);
  return number;
}
