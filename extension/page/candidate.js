// @ts-check
/**
 * The quick test: might this call be a chat start? It looks at the address
 * and the method, and is cheap for the many that are not; only Rust decides.
 */

const [nodeBaseURI, nodeChildNodes, nodeNodeName] = own(Node, "baseURI childNodes nodeName");

/**
 * What a tester's own patterns may be, until they are there: anything by a
 * method that starts come by.
 * @type {Patterns}
 */
const ANYTHING = bare({
  m: ["POST", "PUT", "PATCH"],
  k: [""],
  a: ["*"],
  s: [{ a: ["*"], s: [""] }],
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
const setPatterns = (own) => {
  patterns = own === null ? [BUILT_IN] : [BUILT_IN, own];
  base = "";
};

/**
 * The address that a call would go to, if it might be a start.
 * @param {unknown} given as the page gave it: a text, or a `URL`. Another
 * object is none, because asking it for its text could be seen.
 * @returns {string | undefined}
 */
const startAddress = (given) => {
  const text = isText(given) ? given : attempt(urlHref, given);
  if (!isText(text) || !isWorthResolving(text)) {
    return;
  }
  try {
    const address = new NativeURL(text, nodeBaseURI(document));
    const place = placeOf(address);
    if (some(patterns, ({ a: addresses }) => fitsOne(place, addresses))) {
      return urlHref(address);
    }
  } catch {
    // Not an address: the native function says so to the page.
  }
  return;
};

/**
 * The cheap look at an address as it is written. Resolved, it has a mark only
 * if it has it here, or has it from what it is relative to, or is spelt so
 * that the browser writes it anew: with line breaks, or in another alphabet.
 * @param {string} text
 */
const isWorthResolving = (text) => {
  if (isMarked(text)) {
    return true;
  }
  if (!textStartsWith(text, "http:") && !textStartsWith(text, "https:")) {
    const its = nodeBaseURI(document);
    if (its !== base) {
      base = its;
      isBaseMarked = isMarked(base);
      isOriginMarked = isMarked(attempt((text) => urlHostname(new NativeURL(text)), base) ?? "");
    }
    if (textStartsWith(text, "/") ? isOriginMarked : isBaseMarked) {
      return true;
    }
  }
  const place = before(text, "?");
  return attempt(encoded, place) !== place;
};

/** @param {string} text */
const isMarked = (text) => {
  const lower = textToLowerCase(text);
  return some(patterns, ({ k: marks }) => hasOneOf(lower, marks));
};

/**
 * What of an address patterns are about.
 * @param {URL} address
 */
const placeOf = (address) => urlHostname(address) + urlPathname(address);

/**
 * @param {string} place
 * @param {string[]} addresses
 */
const fitsOne = (place, addresses) => some(addresses, (address) => fits(place, address));

/**
 * Whether a place is what an address says, with anything where a star stands.
 * @param {string} place
 * @param {string} address with one star or more
 */
const fits = (place, address) => {
  let end = 0;
  let from = 0;
  for (let star; (star = textIndexOf(address, "*", from)) >= 0; from = star + 1) {
    const at = textIndexOf(place, textSlice(address, from, star), end);
    if (at < 0 || (at > 0 && from === 0)) {
      return false;
    }
    end = at + star - from;
  }
  return end <= place.length - address.length + from && textEndsWith(place, textSlice(address, from));
};

/**
 * @param {string} text
 * @param {string[] | undefined} parts
 */
const hasOneOf = (text, parts) => some(parts, (part) => textIndexOf(text, part) >= 0);

/**
 * Whether a method is one that starts come by.
 * @param {string} method
 */
const isStartMethod = (method) => {
  const upper = textToUpperCase(method);
  return some(patterns, ({ m: methods }) => isOneOf(upper, methods));
};

/**
 * @param {string} text
 * @param {unknown[]} texts
 */
const isOneOf = (text, texts) => some(texts, (other) => other === text);

/**
 * The first header that signs a body or brings a token, as `name:value`.
 * @param {Headers} given
 */
const signatureOf = (given) => {
  /** @type {string | undefined} */
  let found;
  some(SIGNATURES, (known) => {
    const name = before(known, ":");
    return (found ??= signing(known, name, headerGet(given, name)));
  });
  return found;
};

/**
 * @param {string} known a header that may sign, and what it begins with then
 * @param {string} name in lower case
 * @param {unknown} value whose text is asked for only where the name is the header's
 * @returns {string | undefined}
 */
const signing = (known, name, value) => {
  if (value !== null && textStartsWith(known, name + ":")) {
    const header = `${name}:${value}`;
    return textStartsWith(header, known) ? header : undefined;
  }
  return;
};

/**
 * Asks what to do with a candidate whose body may have to be read first. What
 * cannot be edited is shown, and goes out as written.
 * @param {number} number
 * @param {any} candidate all but its body
 * @param {CarriedBody | undefined} atHand
 * @param {() => Promise<ArrayBuffer>} [read] where it is not at hand
 * @returns {Promise<any>} a verdict
 */
const judge = async (number, candidate, atHand, read) => {
  /** @type {any} */
  const body = atHand ?? (await wait(number, async (settle) => settle(await carriedOf(read))));
  if (candidate.body) {
    // It went out while its body was read.
    return PASS_THROUGH;
  }
  const isUnread = body.why || body === PASS_THROUGH;
  candidate.body = isUnread ? UNREAD : body;
  if (isCarried(body) && !candidate.notEditable) {
    // Awaited, not returned: a promise that an async function returns is given to the page's own `then`.
    const verdict = await wait(number, () => tellCandidate(number, candidate));
    if (isEdit(verdict)) {
      verdict.edited = replaced(carriedText(body) ?? "", verdict.replacements);
    }
    return verdict;
  }
  if (!body.why) {
    tellCandidate(number, candidate);
  }
  return isUnread ? body : PASS_THROUGH;
};

/** The end of the last wait by HTTP. @type {Promise<void> | undefined} */
let lastWait;

/**
 * The same in a line of all that waits by HTTP: one whose body is at hand must not overtake one whose body was still read.
 * @type {typeof judge}
 */
const judgeInTurn = (number, candidate, atHand, read) => {
  const before = lastWait;
  // A wait of its own beside the verdict's: it ends with it, where the call is given up or the page is left.
  const turn = before && wait(-number, async (settle) => settle(await before));
  const judged = (async () => {
    const verdict = await judge(number, candidate, atHand, read);
    await turn;
    return verdict;
  })();
  lastWait = (async () => {
    // Whoever asked hears of it first, and sends.
    await judged;
  })();
  return judged;
};

/**
 * @param {(() => Promise<ArrayBuffer>) | undefined} read
 * @returns {Promise<CarriedBody>}
 */
const carriedOf = async (read) => {
  try {
    return read ? carriedBytes(await read()) : UNREAD;
  } catch {
    // A file that is gone, a stream that broke: the native function tells the page.
    return UNREAD;
  }
};

