// @ts-check
/**
 * The relay stands between a page and the background: it checks the form of
 * the page's messages and sends them on, nothing else.
 */

(() => {
  /** A page's message may be this long, in UTF-16 code units: a start of 4 million, escaped. */
  const MAX_MESSAGE_CHARACTERS = 25_000_000;
  const KINDS = ["candidate", "sent", "unasked", "outcome", "heard", "uncovered"];

  const document = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

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
    if (message.kind === "candidate") {
      const verdict = await send(message).catch(gone);
      port.postMessage(JSON.stringify({ number: message.number, verdict }));
      return;
    }
    // A report that met a dying background is said again to the next one; hearing it twice does no harm.
    await send(message)
      .catch(() => send(message))
      .catch(() => {});
  }

  /**
   * Sends a message to the background; the answer is a verdict where the
   * message was a candidate.
   * @param {object} message
   */
  async function send(message) {
    const answer = await chrome.runtime.sendMessage(JSON.stringify({ document, message }));
    return answer === "" ? undefined : JSON.parse(answer);
  }

  /**
   * The background stopped, or this relay is left over from before an update.
   * @param {unknown} error
   */
  function gone(error) {
    const why = chrome.runtime?.id === undefined ? { kind: "backgroundFailed", reason: `${error}` } : { kind: "backgroundGone" };
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
