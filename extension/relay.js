// @ts-check
/**
 * The relay stands between a page and the background: it checks the form of
 * what they say and sends it on, as much as a page may say, nothing else.
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
  let countedAt = 0;
  let dropped = 0;
  /**
   * The candidates that were sent on, and how many reports of each go on whatever is left of the budget.
   * @type {Map<number, {candidate: object, reports: number, body?: string, told?: Promise<void>}>}
   */
  const asked = new Map();

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
    const { kind, number, candidate } = message;
    const isWithin = isWithinBudget(message, String(text).length);
    if (kind === "candidate") {
      const verdict = isWithin ? await judge(message) : { kind: "passThrough" };
      port.postMessage(JSON.stringify({ number, verdict }));
    } else if (isWithin) {
      const start = asked.get(number);
      const told = tell(message, start);
      if (start) {
        start.told = told;
      }
    }
    if (!isWithin && candidate && Number.isInteger(Math.log2(++dropped))) {
      // Told at 1, 2, 4, 8 …, so that telling it is bounded too.
      send({ kind: "dropped", starts: dropped }).catch(() => {});
    }
  }

  /**
   * The background's verdict on a candidate, or why there is none.
   * @param {any} message
   */
  async function judge({ kind, number, candidate }) {
    /** @type {NonNullable<ReturnType<typeof asked.get>>} */
    const start = { candidate, reports: 2 };
    asked.set(number, start);
    let answer;
    try {
      answer = await send({ kind, number, candidate });
    } catch (error) {
      // The background stopped, or this relay is left over from before an update.
      return noVerdict(chrome.runtime?.id ? { kind: "backgroundGone" } : failed(error));
    }
    try {
      const verdict = JSON.parse(answer);
      start.body = verdict.body;
      if (verdict.kind === "replace" ? typeof verdict.body === "string" : /^(passThrough|noVerdict)$/.test(verdict.kind)) {
        return verdict;
      }
    } catch {
      // As one of another form.
    }
    return noVerdict(failed("its answer is no verdict"));
  }

  /** @param {unknown} error */
  function failed(error) {
    return { kind: "backgroundFailed", reason: `${error}` };
  }

  /** @param {object} why */
  function noVerdict(why) {
    return { kind: "noVerdict", why };
  }

  /**
   * Sends a report on, after those before it. A background that has stopped or failed meanwhile is told again, and one
   * that knows nothing of the start is told of that too; hearing it twice does no harm.
   * @param {any} message
   * @param {ReturnType<typeof asked.get>} start
   */
  async function tell(message, start) {
    if (start?.told) {
      await start.told;
    }
    if (message.kind === "outcome") {
      asked.delete(message.number);
    }
    const answer = await send(message).catch(() => "gone");
    if (answer !== "") {
      const { kind, number, isEdited } = message;
      const retold = { kind: "retold", number, candidate: start?.candidate, body: isEdited ? start?.body : null };
      await send(kind === "sent" && start ? retold : message).catch(() => {});
    }
  }

  /**
   * Sends a message to the background, and gives its answer.
   * @param {object} message
   */
  async function send(message) {
    return chrome.runtime.sendMessage(JSON.stringify({ document, message }));
  }

  /**
   * Whether a message may still be sent on.
   * @param {{kind: string, number: number}} message
   * @param {number} characters
   */
  function isWithinBudget({ kind, number }, characters) {
    const now = performance.now();
    budget = Math.min(BUDGET, budget + ((now - countedAt) / 1000) * BUDGET_PER_SECOND);
    countedAt = now;
    const start = asked.get(number);
    const price = 1 + characters / CHARACTERS;
    if (price > budget && (kind === "candidate" || !start || start.reports-- < 1)) {
      return false;
    }
    budget -= price;
    return true;
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
