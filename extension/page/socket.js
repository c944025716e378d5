// @ts-check
/**
 * `WebSocket`: on a socket that might carry a start, a frame that might be one
 * waits for its verdict; whatever the page does after it waits behind it, in
 * order. On any other socket nothing waits.
 */

const sockets = own(WebSocket, "readyState", "url");
const { close: nativeSocketClose, send: nativeSocketSend } = WebSocket.prototype;

/** Of one session so many frames of the service are told, each with so many UTF-16 code units. */
const MAX_HEARD = 32;
const MAX_HEARD_CHARACTERS = 65_536;

/**
 * A socket that might carry a start. What waits is a chain from `first` to
 * `last`; `bytes` are what it holds, and what was dropped after a `close()`.
 * @typedef {{number: number, url: string, pattern: SocketPattern | undefined, sessions: number, session: string | null,
 *   left: number, bytes: number, isClosing: boolean, first?: Waiting, last?: Waiting}} Line
 * @typedef {{data?: any, size: number, number?: number, judged?: Promise<Judged>, close?: any[], next?: Waiting}} Waiting
 */

/** What a socket carries that was opened before a tester's own patterns were there. */
const ANY_SOCKET = ANYTHING.sockets[0];

/** The sockets that were looked at; `null` for those that carry no start. */
const lines = new WeakMap();
let lineCount = 0;

/** @returns {void} */
function patchSocket() {
  const prototype = WebSocket.prototype;
  // Known from the first: what the service says must be heard before the page hears it.
  patchConstructor("WebSocket", lineOf);
  patch(prototype, "send", (native, self, args) => {
    const line = lineOf(self);
    if (!line || args.length === 0 || sockets.readyState(self) !== 1) {
      return apply(native, self, args);
    }
    const isCandidate = !line.isClosing && mightStart(line, args[0]);
    if (!line.first && !isCandidate) {
      return apply(native, self, args);
    }
    const data = frozen(args[0]);
    enqueue(self, line, bare({ data, size: frameSize(data), ...(isCandidate ? judgeFrame(line, data) : undefined) }));
  });
  patch(prototype, "close", (native, self, args) => {
    const line = weakMap.get(lines, self);
    if (!line?.first || !isCloseable(args)) {
      return apply(native, self, args);
    }
    if (!line.isClosing) {
      enqueue(self, line, { close: args, size: 0 });
      line.isClosing = true;
    }
  });
  patch(
    prototype,
    "bufferedAmount",
    (native, self, args) => apply(native, self, args) + (weakMap.get(lines, self)?.bytes ?? 0),
    "get",
  );
  patch(
    prototype,
    "readyState",
    (native, self, args) => {
      const state = apply(native, self, args);
      return state < 2 && weakMap.get(lines, self)?.isClosing ? 2 : state;
    },
    "get",
  );
}

/**
 * @param {any} self
 * @returns {Line | null}
 */
function lineOf(self) {
  const known = weakMap.get(lines, self);
  if (known !== undefined) {
    return known;
  }
  const address = attempt(sockets.url, self);
  const line = address === undefined ? null : newLine(self, address);
  if (address !== undefined) {
    weakMap.set(lines, self, line);
  }
  return line;
}

/**
 * @param {any} self
 * @param {string} address
 * @returns {Line | null}
 */
function newLine(self, address) {
  const pattern = socketPattern(address);
  if (pattern === undefined) {
    return null;
  }
  /** @type {Line} */
  const line = bare({
    number: ++lineCount,
    url: address,
    pattern,
    sessions: 0,
    session: null,
    left: MAX_HEARD,
    bytes: 0,
    isClosing: false,
    first: undefined,
    last: undefined,
  });
  eventTarget.addEventListener(self, "message", (/** @type {any} */ event) => hear(line, messageEvent.data(event)));
  return line;
}

/**
 * @param {string} address
 * @returns {SocketPattern | undefined}
 */
function socketPattern(address) {
  const parsed = new NativeURL(address);
  /** @type {SocketPattern | undefined} */
  let found;
  /** @param {SocketPattern} socket */
  const isFound = (socket) => {
    found = socket;
    return fitsOne(placeOf(parsed), socket.at) && hasAll(url.searchParams(parsed), socket.query);
  };
  return some(patterns, ({ sockets }) => some(sockets, isFound)) ? found : undefined;
}

/**
 * What there is to look for on a socket.
 * @param {Line} line
 */
function patternOf(line) {
  if (line.pattern === ANY_SOCKET && patterns[1] !== ANYTHING) {
    line.pattern = socketPattern(line.url);
  }
  return line.pattern;
}

/**
 * @param {URLSearchParams} query
 * @param {string[]} names
 */
function hasAll(query, names) {
  return !some(names, (name) => !searchParams.has(query, name));
}

/**
 * The quick test for frames. A `Blob` can only be read later, so it always might.
 * @param {Line} line
 * @param {any} data
 */
function mightStart(line, data) {
  const pattern = patternOf(line);
  if (pattern === undefined) {
    return false;
  }
  const text = typeof data === "string" ? data : textOfBytes(data);
  return text === undefined ? attempt(blobs.size, data) !== undefined : hasOneOf(text, pattern.sent);
}

/**
 * @param {any} data
 * @returns {string | undefined} nothing where it is no bytes, or they are no text
 */
function textOfBytes(data) {
  return attempt((bytes) => textDecoder.decode(new NativeTextDecoder("utf-8", bare({ fatal: true })), bytes), data);
}

/**
 * What a frame is made of, as it is at this moment.
 * @param {any} data
 */
function frozen(data) {
  return typeof data === "string" ? data : sizeOf(data) === undefined ? `${data}` : copyOf(data);
}

/** @param {any} data */
function frameSize(data) {
  return exactSizeOf(data) ?? textEncoder.encode(encoder, `${data}`).length;
}

/**
 * Whether the native function takes these arguments; where not, it throws at once.
 * @param {any[]} args
 */
function isCloseable(args) {
  const code = args[0];
  const reason = args[1];
  const isCode = code === undefined || code === 1000 || (typeof code === "number" && code >= 3000 && code <= 4999);
  return isCode && (reason === undefined || (typeof reason === "string" && textEncoder.encode(encoder, reason).length <= 123));
}

/**
 * @param {any} self
 * @param {Line} line
 * @param {Waiting} waiting
 */
function enqueue(self, line, waiting) {
  line.bytes += waiting.size;
  if (line.isClosing) {
    // As on a socket that is closing: nothing is sent, and the bytes count.
    return;
  }
  if (line.last === undefined) {
    line.first = line.last = waiting;
    drain(self, line);
  } else {
    line.last = line.last.next = waiting;
  }
}

/**
 * Sends what waits, one after the other.
 * @param {any} self
 * @param {Line} line
 */
async function drain(self, line) {
  for (let waiting = line.first; waiting !== undefined; waiting = line.first = waiting.next) {
    if (waiting.close !== undefined) {
      apply(nativeSocketClose, self, waiting.close);
    } else if (waiting.judged !== undefined) {
      sendJudged(self, line, waiting, await waiting.judged);
    } else {
      line.bytes -= waiting.size;
      apply(nativeSocketSend, self, [waiting.data]);
    }
  }
  line.last = undefined;
}

/**
 * Asks about a frame that might be a start.
 * @param {Line} line
 * @param {any} data
 */
function judgeFrame(line, data) {
  const number = ++candidates;
  /** @type {any} */
  const candidate = bare({ transport: "webSocket", method: "FRAME", url: line.url, contentType: null, socket: toldOf(line) });
  return { number, judged: judge(number, candidate, atHand(data), () => opened(data).read()) };
}

/**
 * @param {any} self
 * @param {Line} line
 * @param {Waiting} waiting
 * @param {Judged} judged
 */
function sendJudged(self, line, { data, size, number = 0 }, { candidate, verdict }) {
  const isEdited = verdict.kind === "replace";
  const sent = !isEdited ? data : typeof data === "string" ? verdict.body : bytesOf(verdict.body, candidate.body);
  line.bytes -= size;
  line.left = MAX_HEARD;
  apply(nativeSocketSend, self, [sent]);
  tellSent(number, candidate, verdict, isEdited);
}

/**
 * What Rust wants to know of a socket.
 * @param {Line} line
 */
function toldOf({ number, sessions, session }) {
  return bare({ number, sessions, session });
}

/**
 * Tells what the service says, as far as a profile asks for it.
 * @param {Line} line
 * @param {any} data
 */
async function hear(line, data) {
  const pattern = patternOf(line);
  if (pattern === undefined) {
    return;
  }
  const isBlob = typeof data !== "string" && attempt(blobs.size, data) !== undefined;
  const text = typeof data === "string" ? data : isBlob ? await blobs.text(data) : textOfBytes(data);
  if (text === undefined || text.length > MAX_HEARD_CHARACTERS || !hasOneOf(text, pattern.heard)) {
    return;
  }
  if (pattern.session !== "" && string.includes(text, pattern.session)) {
    line.sessions++;
    line.session = text;
    line.left = MAX_HEARD;
  }
  if (line.left-- > 0) {
    tell({ kind: "heard", number: ++candidates, url: line.url, socket: toldOf(line), frame: string.toWellFormed(text) });
  }
}
