// @ts-check
/**
 * The relay stands between a page and the background: it checks the form of
 * what they say and sends it on, as much as a page may say, nothing else.
 */

(() => {
  /** A page's message may be this long, in UTF-16 code units: a start of 4 million, and an address of 2 million, escaped. */
  const MAX_CHARACTERS = 16_000_000;
  const KINDS = /^(candidate|sent|unasked|outcome|heard|uncovered)$/;
  const { parse, stringify } = JSON;

  /**
   * A page may say so much at once, and so much a millisecond from then on; each message counts as one, and as one more
   * for every 50,000 of its characters.
   */
  const BUDGET = 1000;
  const BUDGET_PER_MS = 0.03;

  /** Reports wait this long, so that the request that they are about has the machine to itself as it leaves. */
  const PATIENCE_MS = 30;
  /** What ends the wait of each that waits. @type {((end: void) => void)[]} */
  const patient = [];
  /** @type {boolean | undefined} */
  let isLeaving;
  /** @type {(end: void) => void} */
  let noteLeft;
  /** The first time that this page is left. @type {Promise<void>} */
  const left = new Promise((end) => (noteLeft = end));

  /** What the background knows this document by; made when it first hears of it. */
  let token = "";

  /**
   * The way to the background: one port for all, because one for each message, as the browser makes it, takes twice as
   * long.
   * @type {{port: chrome.runtime.Port, answers: ((answer: string) => void)[]} | undefined}
   */
  let way;

  /** A browser lets a background sleep 30 s after the last message; it is not woken more often than this. */
  const AWAKE_MS = 15_000;
  let wokenAt = -AWAKE_MS;

  /** @type {(type: string, act: (event: any) => void, options?: object | boolean) => void} */
  const listen = (type, act, options) => addEventListener(type, act, options);

  /** The last candidate, and what it carried. @type {{carried?: unknown, start?: Start}} */
  let last = {};

  let budget = BUDGET;
  let countedAt = 0;
  let dropped = 0;
  /**
   * The candidates that were sent on, and how many reports of each go on whatever is left of the budget.
   * @typedef {{candidate?: object, carried?: string, reports: number, replacements?: object[], told?: Promise<void>}} Start
   * @type {Map<number, Start>}
   */
  const asked = new Map();

  listen("callsign-port", connect, { capture: true, once: true });

  // A click may start a chat: a background that sleeps wakes while the click is still on its way.
  listen("pointerdown", wake, true);

  listen("pagehide", leave, true);

  // A page that is made ready is the tab's own only once it is shown: the browser's word about it is another from then on.
  document.addEventListener("prerenderingchange", () => {
    way = undefined;
    send({ kind: "hello" });
  });

  // Later than the page's first script, which would wait for it; but before all else that is said of this page.
  setTimeout(greet);

  function greet() {
    if (!token) {
      token = crypto.getRandomValues(new Uint32Array(4)).join("-");
      if (window === top) {
        send({ kind: "hello" });
      }
    }
  }

  /** Who leaves has no patience; and who comes back may find the way closed. @param {Event} event */
  function leave({ isTrusted }) {
    if (isTrusted) {
      isLeaving = true;
      noteLeft();
      endPatience();
      listen("pageshow", () => {
        isLeaving = false;
        close(way);
      }, { once: true });
    }
  }

  function endPatience() {
    patient.splice(0).forEach((end) => end());
  }

  /** @param {any} event */
  function connect(event) {
    event.stopImmediatePropagation();
    event.preventDefault();
    // The background asks whether this page is covered: it is once a page script has come.
    chrome.runtime.onMessage.addListener((_, __, answer) => answer("here"));
    const port = event.ports[0];
    /** @type {(message: MessageEvent) => void} */
    port.onmessage = ({ data }) => relay(port, Object(data));
    /** What own_patterns.js left, where it ran; what has its name in the page is none of it. */
    const bringPatterns = async () => {
      if (Object.hasOwn(globalThis, "callsignOwn")) {
        dispatchEvent(new Event(event.data));
        const kept = await callsignOwn.catch(() => {});
        port.postMessage(`{"patterns":${kept?.ownPatterns ?? "null"}}`);
      }
    };
    listen("callsign-own", bringPatterns, { once: true });
    bringPatterns();
  }

  /** @param {Event} event */
  function wake({ isTrusted, timeStamp }) {
    if (isTrusted && timeStamp - wokenAt > AWAKE_MS) {
      wokenAt = timeStamp;
      send({ kind: "wake" });
    }
  }

  /**
   * @param {MessagePort} port
   * @param {{text?: unknown, carried?: unknown}} said a message as JSON text, and beside it what its candidate carries
   */
  async function relay(port, { text, carried }) {
    const characters = charactersOf(text) + charactersOf(carried);
    const message = characters <= MAX_CHARACTERS && checked(text);
    if (!message) {
      return;
    }
    const { kind, number, candidate } = message;
    const start = asked.get(number) ?? { reports: 0 };
    const isAsked = kind === "candidate";
    if (isAsked) {
      if (carried === last.carried) {
        // Whether this is another try at the last start depends on what came of that one.
        endPatience();
        await last.start?.told;
      }
      last = { carried };
    }
    const isHeard = isWithin(1 + characters / 50_000, !isAsked && start.reports-- > 0);
    if (isAsked) {
      const verdict = isHeard ? await judge(message, carried) : { kind: "passThrough" };
      port.postMessage(stringify({ number, verdict }));
    } else if (isHeard) {
      start.told = tell(message, carried, start);
    }
    if (!isHeard && candidate && !(++dropped & (dropped - 1))) {
      // Told at 1, 2, 4, 8 …, so that telling it is bounded too.
      send({ kind: "dropped", starts: dropped });
    }
  }

  /**
   * Whether a message may still be sent on.
   * @param {number} price
   * @param {boolean} isExpected
   */
  function isWithin(price, isExpected) {
    const now = performance.now();
    budget = Math.min(BUDGET, budget + (now - countedAt) * BUDGET_PER_MS);
    countedAt = now;
    const isHeard = isExpected || price <= budget;
    budget -= isHeard ? price : 0;
    return isHeard;
  }

  /**
   * The background's verdict on a candidate, or why there is none.
   * @param {any} message
   * @param {any} carried
   */
  async function judge(message, carried) {
    /** @type {Start} */
    const start = { candidate: message.candidate, carried, reports: 2 };
    asked.set(message.number, (last.start = start));
    const answer = await send(message, carried);
    try {
      const verdict = parse(answer);
      start.replacements = verdict.replacements;
      if (verdict.kind === "replace" ? Array.isArray(verdict.replacements) : /^(passThrough|begins|noVerdict)$/.test(verdict.kind)) {
        return verdict;
      }
    } catch {
      // As one of another form.
    }
    return noVerdict("backgroundFailed", "it gave no verdict");
  }

  /**
   * Sends a report on, after those before it. A background that has stopped or failed meanwhile is told again, and one
   * that knows nothing of the start is told of that too; hearing it twice does no harm.
   * @param {any} message
   * @param {any} carried
   * @param {Start} start
   */
  async function tell(message, carried, start) {
    const { told, candidate, replacements } = start;
    if (!isLeaving) {
      await new Promise((end) => patient.push(end) > 1 || setTimeout(endPatience, PATIENCE_MS));
    }
    // Who leaves cannot wait for an answer either; the port keeps the order.
    await (isLeaving || Promise.race([told, left]));
    const { kind, number, isEdited } = message;
    if (kind === "outcome") {
      asked.delete(number);
    }
    for (let tries = 5; tries-- && (await send(message, carried)) !== ""; ) {
      if (kind === "sent" && candidate) {
        message = { kind: "retold", number, candidate, replacements: isEdited ? replacements : null };
        carried = start.carried;
      }
    }
    // Told: a beacon or a frame has no outcome of its own that would end its keeping.
    start.candidate = start.carried = start.replacements = undefined;
  }

  /**
   * Sends a message to the background, and gives its answer.
   * @param {object} message
   * @param {string} [carried]
   * @returns {Promise<string>}
   */
  async function send(message, carried) {
    greet();
    try {
      const { port, answers } = wayNow();
      const text = stringify({ document: token, age: Math.round(performance.now()), message });
      return await new Promise((answer) => {
        port.postMessage({ number: answers.push(answer) - 1, text, carried });
      });
    } catch (error) {
      // This relay is left over from before an update.
      return unanswered(`${error}`);
    }
  }

  /** The way to the background, a new one where there is none. */
  function wayNow() {
    if (!way) {
      const port = chrome.runtime.connect();
      /** @type {((answer: string) => void)[]} */
      const answers = [];
      const opened = (way = { port, answers });
      port.onMessage.addListener(({ number, answer }) => {
        answers[number](answer);
        delete answers[number];
      });
      port.onDisconnect.addListener(() => close(opened));
    }
    return way;
  }

  /** Ends a way to the background; who waits for an answer hears so, and asks again. @param {typeof way} closed */
  function close(closed) {
    way = way === closed ? undefined : way;
    closed?.answers.forEach((answer) => answer(unanswered("it stopped")));
  }

  /** @param {string} reason */
  function unanswered(reason) {
    return stringify(chrome.runtime?.id ? noVerdict("backgroundGone") : noVerdict("backgroundFailed", reason));
  }

  /**
   * @param {string} kind
   * @param {string} [reason]
   */
  function noVerdict(kind, reason) {
    return { kind: "noVerdict", why: { kind, reason } };
  }

  /** @param {unknown} text */
  function charactersOf(text) {
    return typeof text === "string" ? text.length : text === undefined ? 0 : Infinity;
  }

  /**
   * The message, if it has the form of one.
   * @param {any} text
   */
  function checked(text) {
    try {
      const message = parse(text);
      return KINDS.test(message.kind) && Number.isInteger(message.number ?? 0) && message;
    } catch {}
  }
})();
