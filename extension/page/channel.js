// @ts-check
/**
 * The way to the relay, and so to the background, which decides.
 *
 * A port is handed over once, before any script of the page runs: the relay
 * takes the event in the capture phase and stops it, so no page sees it. Where
 * no relay takes it, nothing is patched.
 */

/** No verdict within this time, and the start goes out as the page wrote it. */
const VERDICT_LIMIT_MS = 2000;

/**
 * @typedef {{kind: "nothing"} | {kind: "text", text: ""} | {kind: "binary", bytes: ""} | {kind: "tooLarge", characters: number} | {kind: "unsupported", name: string}} CarriedBody
 * @typedef {{transport: string, method: string, url: string, contentType: string | null, body: CarriedBody, notEditable?: "synchronous" | "atOnce", socket?: object, signature?: string}} Candidate
 * @typedef {{kind: "passThrough" | "begins"} | {kind: "replace", edited: string, begins: boolean} | {kind: "noVerdict", why: object}} Verdict with the whole body as edited, in the form of the candidate's
 * @typedef {{at: number, length: number, text: string}} Replacement of what a candidate carries, in UTF-16 code units
 */

/** @type {CarriedBody} */
const UNREAD = bare({ kind: "unsupported", name: "body that was not read" });
/** @type {Verdict} */
const PASS_THROUGH = bare({ kind: "passThrough" });

const [portPostMessage] = own(MessagePort, "postMessage");
const [messageData] = own(MessageEvent, "data");

/** @type {MessagePort | undefined} */
let relay;
let candidates = 0;
/** The candidates that wait, by number. @type {any} */
const waiting = bare({});
let isLeaving = false;

/**
 * @param {string} transport
 * @param {string} method
 * @param {string} url
 * @param {string | null} contentType
 * @param {object} [more]
 * @returns {any} a candidate without its body
 */
const newCandidate = (transport, method, url, contentType, more) => bare({ transport, method, url, contentType, ...more });

/** Whether there is a relay to ask. */
const connect = () => {
  const { port1, port2 } = new MessageChannel();
  // A tester has patterns of their own, which the relay is about to bring.
  const expectPatterns = () => {
    setPatterns(ANYTHING);
    targetAddEventListener(document, "load", noteLoaded, true);
  };
  // The relay says so by an event that no page knows.
  const secret = `${crypto.getRandomValues(new NativeUint8Array(16))}`;
  targetAddEventListener(window, secret, expectPatterns, { once: true });
  // In quotes: the browser's `data` keeps its name where ours gets a short one.
  if (dispatchEvent(new MessageEvent("callsign-port", { "data": secret, ports: [port2], cancelable: true }))) {
    return false;
  }
  port1.onmessage = (message) => {
    // Nothing of it may come from what a page puts on Object.prototype.
    const { number, verdict, patterns } = bare(parse(messageData(message)));
    if (patterns !== undefined) {
      setPatterns(patterns);
      watchTree(document, true);
    }
    waiting[number]?.(verdict && bare(verdict));
  };
  relay = port1;
  targetAddEventListener(window, "pagehide", leave);
  targetAddEventListener(window, "pageshow", () => (isLeaving = false));
  return true;
};

/** The page is being left: what waits goes out now, as without us, or never. */
const leave = () => {
  isLeaving = true;
  some(ownKeys(waiting), (number) => waiting[number](noVerdict("pageLeft")));
};

/**
 * @param {string} kind
 * @param {object} [more]
 * @returns {Verdict}
 */
const noVerdict = (kind, more) => bare({ kind: "noVerdict", why: bare({ kind, ...more }) });

/** @param {unknown} error */
const editFailed = (error) => noVerdict("editFailed", { reason: `${error}` });

/**
 * Tells the background something that has no answer. What a candidate carries
 * goes beside it: it is large, and would be quoted and read again at each hop.
 * @param {string} kind
 * @param {number | undefined} number
 * @param {{candidate?: Candidate} & Record<string, unknown>} more
 */
const tell = (kind, number, more) => {
  const carried = carriedText(bare(more).candidate?.body);
  portPostMessage(relay, bare({ text: stringify(bare({ kind, number, ...more })), carried }));
};

/** @param {any} verdict */
const isEdit = (verdict) => verdict?.kind === "replace";

/**
 * @param {number} number
 * @param {Candidate} candidate
 */
const tellCandidate = (number, candidate) => tell("candidate", number, { candidate });

/**
 * Waits for something about a candidate, 2 s at most, and not at all while the
 * page is being left. Never rejects: that nothing came is a verdict too.
 * @param {number} number
 * @param {(settle: (got: any) => void) => unknown} begin
 * @returns {Promise<any>}
 */
const wait = (number, begin) =>
  new NativePromise((settle) => {
    const limit = later(() => end(noVerdict("tooLate")), VERDICT_LIMIT_MS);
    /** @param {any} got */
    const end = (got) => {
      delete waiting[number];
      cancelLater(limit);
      settle(got ?? noVerdict("backgroundGone"));
    };
    waiting[number] = end;
    if (isLeaving) {
      leave();
    } else {
      begin(end);
    }
  });

/**
 * @param {string} carried
 * @param {Replacement[]} replacements in order and apart
 */
const replaced = (carried, replacements) => {
  let made = "";
  let end = 0;
  some(replacements, ({ at, length, text }) => {
    made += textSlice(carried, end, at) + text;
    end = at + length;
  });
  return made + textSlice(carried, end);
};

/**
 * Stops waiting for a verdict, as if there were none to come.
 * @param {number} number
 */
const stopWaiting = (number) => {
  waiting[number]?.(PASS_THROUGH);
  waiting[-number]?.();
};

/**
 * Reports how a candidate went out. Called right after the native function.
 * @param {number} number
 * @param {Candidate} candidate
 * @param {any} verdict
 */
const tellSent = (number, candidate, verdict) => {
  expectAnswer(number, candidate);
  const { why } = verdict;
  if (!candidate.body) {
    candidate.body = UNREAD;
    if (!why) {
      tellCandidate(number, candidate);
    }
  }
  if (why) {
    tell("unasked", number, { candidate, why });
  } else {
    tell("sent", number, { isEdited: isEdit(verdict) });
  }
};

/**
 * @param {number} number
 * @param {any} outcome
 */
const tellOutcome = (number, outcome) => {
  const say = () => {
    delete addresses[number];
    tell("outcome", number, { outcome: bare(outcome) });
  };
  if (outcome.kind === "failed") {
    // That a policy forbade the call comes in a task of its own: behind the failure, and before a timer.
    later(() => {
      outcome.reason = reasonOf(number);
      say();
    });
  } else {
    say();
  }
};
