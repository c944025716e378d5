// @ts-check
/**
 * `WebSocket`: on a socket that might carry a start, a frame that might be one
 * waits for its verdict; whatever the page does after it waits behind it, in
 * order. On any other socket nothing waits.
 */

const [socketReadyState, socketSend, socketUrl] = own(WebSocket, "readyState send url");
const { close: nativeSocketClose } = WebSocket.prototype;

/** Of one session so many frames of the service are told, each with so many UTF-16 code units. */
const MAX_HEARD = 32;
const MAX_HEARD_CHARACTERS = 65_536;

/**
 * A socket that might carry a start, and the line of what waits on it; `held`
 * are the bytes of that, and what was dropped after a `close()`.
 * @typedef {{number: number, url: string, among: Patterns[], sought: SocketPattern[], sessions: number, session: string | null,
 *   left: number, held: number, isClosing?: boolean} & Line<WaitingFrame>} Talk
 * @typedef {{data?: any, size: number, number?: any, candidate?: any, closing?: any[]}} WaitingFrame
 */

/** The sockets that were looked at; `null` for those that carry no start. */
const lines = new WeakMap();
let lineCount = 0;

/** @returns {void} */
const patchSocket = () => {
  const prototype = WebSocket.prototype;
  // Known from the first: what the service says must be heard before the page hears it.
  patchConstructor("WebSocket", lineOf);
  patch(prototype, "send", (native, self, args) => {
    const line = lineOf(self);
    if (!line || args.length === 0 || socketReadyState(self) !== 1) {
      return apply(native, self, args);
    }
    const isCandidate = !line.isClosing && mightStart(line, args[0]);
    if (!line.first && !isCandidate) {
      return apply(native, self, args);
    }
    const data = frozen(args[0]);
    sendLater(self, line, bare({ data, size: frameSize(data), ...(isCandidate && judgeFrame(line, data)) }));
  });
  patch(prototype, "close", (native, self, args) => {
    const line = weakGet(lines, self);
    if (!line?.first || !isCloseable(args)) {
      return apply(native, self, args);
    }
    if (!line.isClosing) {
      sendLater(self, line, bare({ closing: args, size: 0 }));
      line.isClosing = true;
    }
  });
  patch(
    prototype,
    "bufferedAmount",
    (native, self, args) => apply(native, self, args) + (weakGet(lines, self)?.held ?? 0),
    "get",
  );
  patch(
    prototype,
    "readyState",
    (native, self, args) => {
      const state = apply(native, self, args);
      return state < 2 && weakGet(lines, self)?.isClosing ? 2 : state;
    },
    "get",
  );
};

/**
 * @param {any} self
 * @returns {Talk | null}
 */
const lineOf = (self) => {
  const known = weakGet(lines, self);
  if (known !== undefined) {
    return known;
  }
  const address = attempt(socketUrl, self);
  const line = address ? newLine(self, address) : null;
  if (address) {
    weakSet(lines, self, line);
  }
  return line;
};

/**
 * @param {any} self
 * @param {string} address
 * @returns {Talk | null}
 */
const newLine = (self, address) => {
  const sought = socketPatterns(address);
  if (!sought.length) {
    return null;
  }
  /** @type {Talk} */
  const line = bare({
    number: ++lineCount,
    url: address,
    among: patterns,
    sought,
    sessions: 0,
    session: null,
    left: MAX_HEARD,
    held: 0,
  });
  targetAddEventListener(self, "message", (/** @type {any} */ event) => hear(line, messageData(event)));
  return line;
};

/**
 * All that an address has: a tester may look for more than a built-in profile does.
 * @param {string} address
 * @returns {SocketPattern[]}
 */
const socketPatterns = (address) => {
  const parsed = new NativeURL(address);
  /** @type {any} */
  const sought = bare({ length: 0 });
  /** @param {SocketPattern} socket */
  const seek = (socket) => {
    if (fitsOne(placeOf(parsed), socket.a) && !some(socket.q, (name) => !paramsHas(urlSearchParams(parsed), name))) {
      sought[sought.length++] = socket;
    }
  };
  some(patterns, ({ s: sockets }) => some(sockets, seek));
  return sought;
};

/**
 * What there is to look for on a socket, also on one that was opened before a tester's own patterns were there.
 * @param {Talk} line
 */
const soughtOn = (line) => {
  if (line.among !== patterns) {
    line.among = patterns;
    line.sought = socketPatterns(line.url);
  }
  return line.sought;
};

/**
 * The quick test for frames. A `Blob` can only be read later, so it always might.
 * @param {Talk} line
 * @param {any} data
 */
const mightStart = (line, data) => {
  const sought = soughtOn(line);
  if (!sought.length) {
    return false;
  }
  const text = isText(data) ? data : textOfBytes(data);
  return isText(text) ? some(sought, ({ s: sent }) => hasOneOf(text, sent)) : attempt(blobSize, data) !== undefined;
};

/**
 * @param {any} data
 * @returns {string | undefined} nothing where it is no bytes, or they are no text
 */
const textOfBytes = (data) => attempt((bytes) => decoderDecode(new NativeTextDecoder("utf-8", bare({ fatal: true })), bytes), data);

/**
 * What a frame is made of, as it is at this moment.
 * @param {any} data
 */
const frozen = (data) =>
  isText(data) ? data : sizeOf(data) === undefined ? `${data}` : copyOf(data);

/**
 * How many bytes a frame has. Of a form the native function sends the text.
 * @param {any} data
 */
const frameSize = (data) =>
  (attempt(formSize, data) === undefined ? sizeOf(data) : undefined) ?? encoderEncode(encoder, `${data}`).length;

/**
 * Whether the native function takes these arguments; where not, it throws at once.
 * @param {any[]} args
 */
const isCloseable = (args) => {
  const code = args[0];
  const reason = args[1];
  const isCode = code === undefined || code === 1000 || (typeof code === "number" && code >= 3000 && code <= 4999);
  return isCode && (reason === undefined || (isText(reason) && encoderEncode(encoder, reason).length <= 123));
};

/**
 * @param {any} self
 * @param {Talk} line
 * @param {Linked<WaitingFrame>} waiting
 */
const sendLater = (self, line, waiting) => {
  line.held += waiting.size;
  // On a socket that is closing nothing is sent, and the bytes count.
  if (!line.isClosing) {
    enqueue(line, waiting, ({ data, size, closing, number, candidate }, verdict) => {
      line.held -= size;
      if (closing) {
        apply(nativeSocketClose, self, closing);
      } else {
        socketSend(self, !isEdit(verdict) ? data : isText(data) ? verdict.edited : bytesOf(verdict.edited, candidate.body));
      }
      if (candidate) {
        line.left = MAX_HEARD;
        tellSent(number, candidate, verdict);
      }
    });
  }
};

/**
 * Asks about a frame that might be a start.
 * @param {Talk} line
 * @param {any} data
 */
const judgeFrame = (line, data) => {
  const number = ++candidates;
  const candidate = newCandidate("webSocket", "FRAME", line.url, null, { socket: toldOf(line) });
  return { number, candidate, judged: judge(number, candidate, atHand(data), () => opened(data).read()) };
};

/**
 * What Rust wants to know of a socket.
 * @param {Talk} line
 */
const toldOf = ({ number, sessions, session }) => bare({ number, sessions, session });

/**
 * Tells what the service says, as far as a profile asks for it.
 * @param {Talk} line
 * @param {any} data
 */
const hear = async (line, data) => {
  const sought = soughtOn(line);
  if (!sought.length) {
    return;
  }
  const isBlob = !isText(data) && attempt(blobSize, data) !== undefined;
  const text = isText(data) ? data : isBlob ? await blobText(data) : textOfBytes(data);
  if (!isText(text) || text.length > MAX_HEARD_CHARACTERS || !some(sought, ({ h: heard }) => hasOneOf(text, heard))) {
    return;
  }
  if (some(sought, ({ n: sessions }) => hasOneOf(text, sessions))) {
    line.sessions++;
    line.session = text;
    line.left = MAX_HEARD;
  }
  if (line.left-- > 0) {
    tell({ kind: "heard", number: ++candidates, url: line.url, socket: toldOf(line), frame: textToWellFormed(text) });
  }
};
