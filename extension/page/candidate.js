// @ts-check
/**
 * The quick test: might this call be a chat start? It looks at the address
 * and the method, and is cheap for the many that are not; only Rust decides.
 */

const node = own(Node, "baseURI", "childNodes", "nodeName");

const { encodeURI: encoded } = window;

/**
 * What a tester's own patterns may be, until they are there: anything by a
 * method that starts come by.
 * @type {Patterns}
 */
const ANYTHING = bare({
  methods: ["POST", "PUT", "PATCH"],
  marks: [""],
  addresses: [["", ""]],
  sockets: [{ at: [["", ""]], query: [], sent: [""], heard: [], session: "" }],
  calls: [],
});

/** The patterns that hold: those of this build, and a tester's own. */
let patterns = [BUILT_IN];
/** The address that the last relative one was resolved against, and whether it or its origin has a mark. */
let base = "";
let isBaseMarked = false;
let isOriginMarked = false;

/**
 * @param {Patterns | null} own none where there are none
 */
function setPatterns(own) {
  patterns = own === null ? [BUILT_IN] : [BUILT_IN, own];
  base = "";
}

/**
 * The address that a call would go to, if it might be a start.
 * @param {unknown} given as the page gave it: a text, or a `URL`. Another
 * object is none, because asking it for its text could be seen.
 * @returns {string | undefined}
 */
function startAddress(given) {
  const text = typeof given === "string" ? given : attempt(url.href, given);
  if (text === undefined || !isWorthResolving(text)) {
    return;
  }
  try {
    const address = new NativeURL(text, node.baseURI(document));
    const place = placeOf(address);
    if (some(patterns, ({ addresses }) => fitsOne(place, addresses))) {
      return url.href(address);
    }
  } catch {
    // Not an address: the native function says so to the page.
  }
  return;
}

/**
 * The cheap look at an address as it is written. Resolved, it has a mark only
 * if it has it here, or has it from what it is relative to, or is spelt so
 * that the browser writes it anew: with line breaks, or in another alphabet.
 * @param {string} text
 */
function isWorthResolving(text) {
  if (isMarked(text)) {
    return true;
  }
  if (!string.startsWith(text, "http:") && !string.startsWith(text, "https:")) {
    const its = node.baseURI(document);
    if (its !== base) {
      base = its;
      isBaseMarked = isMarked(base);
      isOriginMarked = isMarked(attempt((text) => url.hostname(new NativeURL(text)), base) ?? "");
    }
    if (string.startsWith(text, "/") ? isOriginMarked : isBaseMarked) {
      return true;
    }
  }
  const query = string.indexOf(text, "?");
  const place = query < 0 ? text : string.slice(text, 0, query);
  return attempt(encoded, place) !== place;
}

/** @param {string} text */
function isMarked(text) {
  const lower = string.toLowerCase(text);
  return some(patterns, ({ marks }) => hasOneOf(lower, marks));
}

/**
 * What of an address patterns are about.
 * @param {URL} address
 */
function placeOf(address) {
  return `${url.hostname(address)}${url.pathname(address)}`;
}

/**
 * @param {string} place
 * @param {string[][]} addresses
 */
function fitsOne(place, addresses) {
  return some(addresses, (pieces) => hasPieces(place, pieces));
}

/**
 * Whether a text has these pieces from its beginning to its end, in this order.
 * @param {string} text
 * @param {string[]} pieces two or more
 */
function hasPieces(text, pieces) {
  let end = 0;
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index];
    const at = index === 0 ? 0 : index < pieces.length - 1 ? string.indexOf(text, piece, end) : text.length - piece.length;
    if (at < end || string.slice(text, at, at + piece.length) !== piece) {
      return false;
    }
    end = at + piece.length;
  }
  return true;
}

/**
 * @param {string} text
 * @param {string[]} parts
 */
function hasOneOf(text, parts) {
  return some(parts, (part) => string.includes(text, part));
}

/**
 * Whether a method is one that starts come by.
 * @param {string} method
 */
function isStartMethod(method) {
  const upper = string.toUpperCase(method);
  return some(patterns, ({ methods }) => isOneOf(upper, methods));
}

/**
 * @param {string} text
 * @param {string[]} texts
 */
function isOneOf(text, texts) {
  return some(texts, (other) => other === text);
}

/**
 * The first header that signs a body.
 * @param {Headers} given
 */
function signatureOf(given) {
  for (let index = 0; index < SIGNATURES.length; index++) {
    if (headers.has(given, SIGNATURES[index])) {
      return SIGNATURES[index];
    }
  }
  return;
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
