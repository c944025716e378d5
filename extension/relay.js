// @ts-check
/**
 * The relay stands between a page and the background: it checks the form of
 * the page's messages and sends them on, nothing else.
 */

(() => {
  /** A page's message may be this long, in UTF-16 code units: a start of 4 million, escaped. */
  const MAX_MESSAGE_CHARACTERS = 25_000_000;
  const KINDS = ["candidate", "sent", "unasked", "outcome", "heard", "uncovered"];

  /**
   * A page may say so much at once, and so much a second from then on; each message counts as one, and as one more for
   * every so many of its characters.
   */
  const BUDGET = 1000;
  const BUDGET_PER_SECOND = 100;
  const CHARACTERS = 50_000;

  const document = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

  let budget = BUDGET;
  let countedAt = performance.now();
  let dropped = 0;
  /** How many reports may still come of a candidate that was sent on: they go on whatever is left. */
  const expected = new Map();

  window.addEventListener(
    "callsign-port",
    (event) => {
      event.stopImmediatePropagation();
      event.preventDefault();
      const port = /** @type {MessageEvent} */ (event).ports[0];
      port.onmessage = (message) => relay(port, message.data);
    },
    { capture: true, once: true },
  );

  // The background asks whether this page is covered.
  chrome.runtime.onMessage.addListener((_message, _sender, answer) => answer("here"));

  if (window === window.top) {
    send({ kind: "hello" }).catch(() => {});
  }

  /**
   * @param {MessagePort} port
   * @param {unknown} text
   */
  async function relay(port, text) {
    const message = checked(text);
    if (message === undefined) {
      return;
    }
    const isWithin = isWithinBudget(message, String(text).length);
    if (message.kind === "candidate") {
      const verdict = isWithin ? await judge(message) : { kind: "passThrough" };
      port.postMessage(JSON.stringify({ number: message.number, verdict }));
    } else if (isWithin) {
      // A report that met a dying background is said again to the next one; hearing it twice does no harm.
      await send(message)
        .catch(() => send(message))
        .catch(() => {});
    }
  }

  /**
   * The background's verdict on a candidate, or why there is none.
   * @param {object} message
   */
  async function judge(message) {
    let answer;
    try {
      answer = await send(message);
    } catch (error) {
      return gone(error);
    }
    try {
      const verdict = JSON.parse(answer);
      if (["passThrough", "noVerdict"].includes(verdict.kind) || (verdict.kind === "replace" && typeof verdict.body === "string")) {
        return verdict;
      }
    } catch {
      // As one of another form.
    }
    return noVerdict({ kind: "backgroundFailed", reason: "its answer is no verdict" });
  }

  /**
   * Sends a message to the background, and gives its answer.
   * @param {object} message
   */
  function send(message) {
    return chrome.runtime.sendMessage(JSON.stringify({ document, message }));
  }

  /**
   * Whether a message may still be sent on. What a page sends beyond that goes out as it wrote it, and is counted.
   * @param {{kind: string, number?: number}} message
   * @param {number} characters
   */
  function isWithinBudget({ kind, number }, characters) {
    const now = performance.now();
    budget = Math.min(BUDGET, budget + ((now - countedAt) / 1000) * BUDGET_PER_SECOND);
    countedAt = now;
    const price = 1 + characters / CHARACTERS;
    const isStart = kind === "candidate" || kind === "unasked";
    const isExpected = kind !== "candidate" && expected.get(number) > 0;
    if (!isExpected && price > budget) {
      dropped += isStart ? 1 : 0;
      // Told at 1, 2, 4, 8 …, so that telling it is bounded too.
      if (isStart && (dropped & (dropped - 1)) === 0) {
        send({ kind: "dropped", starts: dropped }).catch(() => {});
      }
      return false;
    }
    budget -= price;
    expected.set(number, isExpected ? expected.get(number) - 1 : 2);
    return true;
  }

  /**
   * The background stopped, or this relay is left over from before an update.
   * @param {unknown} error
   */
  function gone(error) {
    const why = chrome.runtime?.id === undefined ? { kind: "backgroundFailed", reason: `${error}` } : { kind: "backgroundGone" };
    return noVerdict(why);
  }

  /** @param {object} why */
  function noVerdict(why) {
    return { kind: "noVerdict", why };
  }

  /**
   * The message, if it has the form of one.
   * @param {unknown} text
   */
  function checked(text) {
    if (typeof text !== "string" || text.length > MAX_MESSAGE_CHARACTERS) {
      return undefined;
    }
    try {
      const message = JSON.parse(text);
      return KINDS.includes(message.kind) && Number.isInteger(message.number ?? 0) ? message : undefined;
    } catch {
      return undefined;
    }
  }
})();
