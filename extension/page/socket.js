// @ts-check
/**
 * `WebSocket`: on a socket that might carry a start, a frame that might be one
 * waits for its verdict; whatever the page does after it waits behind it, in
 * order. On any other socket nothing waits.
 */

const [socketReadyState, socketSend, socketUrl] = own(window.WebSocket, "readyState send url");

/** Of one session so many frames of the service are told. */
const MAX_HEARD = 32;

/**
 * A socket that might carry a start, and the line of what waits on it; `held`
 * are the bytes of that, and what was dropped after a `close()`; `begun` is the session that has had its start.
 * @typedef {{number: number, url: string, among?: Patterns[], sought: SocketPattern[], sessions: number, session: string | null, begun: number,
 *   left: number, held: number, isClosing?: boolean} & Line<WaitingFrame>} Talk
 * @typedef {{data?: any, size: number, asked?: any, about?: any, closing?: () => void}} WaitingFrame the number and candidate that it is asked about by
 */

/** The sockets that were looked at; `null` for those that carry no start. */
const lines = new WeakMap();
let lineCount = 0;

/** @returns {void} */
const patchSocket = () => {
  const { prototype } = window.WebSocket;
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
    sendLater(self, line, bare({ data, size: byteSize(data), ...(isCandidate && judgeFrame(line, data)) }));
  });
  patch(prototype, "close", (native, self, args) => {
    const line = weakGet(lines, self);
    if (!line?.first || !isCloseable(args)) {
      return apply(native, self, args);
    }
    if (!line.isClosing) {
      sendLater(self, line, bare({ closing: () => apply(native, self, args), size: 0 }));
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
  /** @type {Talk} */
  const line = bare({
    number: ++lineCount,
    url: address,
    sought: [],
    sessions: 0,
    session: null,
    begun: -1,
    left: MAX_HEARD,
    held: 0,
  });
  if (!soughtOn(line).length) {
    return null;
  }
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
  return isText(text) ? some(sought, ({ s: sent }) => hasOneOf(text, sent)) : isBlob(data);
};

/**
 * What a frame is made of, as it is at this moment. Of what is neither a `Blob` nor bytes the native function sends the text.
 * @param {any} data
 */
const frozen = (data) => {
  const kind = kindOf(data);
  return kind && !kind[2] ? kind[1](data) : `${data}`;
};

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
    enqueue(line, waiting, ({ data, size, closing, asked, about }, verdict) => {
      line.held -= size;
      if (closing) {
        closing();
      } else {
        socketSend(self, !isEdit(verdict) ? data : isText(data) ? verdict.edited : bytesOf(verdict.edited, about.body));
      }
      if (verdict?.begins || verdict?.kind === "begins") {
        line.begun = about.socket.sessions;
      }
      if (about) {
        line.left = MAX_HEARD;
        tellSent(asked, about, verdict);
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
  const asked = ++candidates;
  const about = newCandidate("webSocket", "FRAME", line.url, null, { socket: toldOf(line) });
  return { asked, about, judged: judge(asked, about, atHand(data), () => opened(data).read()) };
};

/**
 * What Rust wants to know of a socket.
 * @param {Talk} line
 */
const toldOf = ({ number, sessions, session, begun }) => bare({ number, sessions, session, hasBegun: begun === sessions });

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
  const text = isText(data) ? data : isBlob(data) ? await blobText(data) : textOfBytes(data);
  if (!isText(text) || text.length > MAX_ANSWER || !some(sought, ({ h: heard }) => hasOneOf(text, heard))) {
    return;
  }
  if (some(sought, ({ n: sessions }) => hasOneOf(text, sessions))) {
    line.sessions++;
    line.session = text;
    line.left = MAX_HEARD;
  }
  if (line.left-- > 0) {
    tell("heard", ++candidates, { url: line.url, socket: toldOf(line), frame: textToWellFormed(text) });
  }
};
