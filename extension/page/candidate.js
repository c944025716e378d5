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
  let isLikely = false;
  for (let index = 0; index < LAST_SEGMENTS.length; index++) {
    isLikely ||= string.includes(text, LAST_SEGMENTS[index]);
  }
  if (!isLikely) {
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
 * Whether a method is one that starts come by.
 * @param {string} method
 */
function isStartMethod(method) {
  const upper = string.toUpperCase(method);
  let isOne = false;
  for (let index = 0; index < METHODS.length; index++) {
    isOne ||= upper === METHODS[index];
  }
  return isOne;
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
  // A page's own object may refuse to be asked.
  const name = attempt(() => string.slice(`${body.constructor.name}`, 0, 64), body);
  return bare({ kind: "unsupported", name: name ?? "object" });
}

/**
 * Shows a candidate that cannot be edited: it goes out as written.
 * @param {number} number
 * @param {Candidate} candidate
 */
function show(number, candidate) {
  tell({ kind: "candidate", number, candidate });
  tellSent(number, candidate, { kind: "passThrough" }, false);
}
