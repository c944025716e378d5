// @ts-check
//! Starts a chat by `fetch` for whoever asks, as a dedicated worker and as a shared one.

/**
 * Answers each message `{address, body}` with `{answer}`, or with `{error}` where there is no answer.
 * @param {{ onmessage: ((event: MessageEvent) => void) | null, postMessage: (message: unknown) => void }} port
 */
function serve(port) {
  port.onmessage = async ({ data: { address, body } }) => {
    try {
      const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      const { status } = response;
      port.postMessage({ answer: { status, body: await response.text(), retryAfter: response.headers.get("Retry-After") } });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      port.postMessage({ error: { name, message } });
    }
  };
}

const scope = /** @type {any} */ (self);
if ("onconnect" in scope) {
  scope.onconnect = (/** @type {MessageEvent} */ { ports: [port] }) => serve(port);
} else {
  serve(scope);
}
