// @ts-check
//! The three ways in which a chat does not start: the service says no, there is no answer, the client is gone.

/** The service answered, and the answer is no. */
export class ChatRefused extends Error {
  /**
   * @param {number} status
   * @param {string | null} retryAfter the header, in seconds
   * @param {{ code?: string, message?: string, contextId?: string }} body
   */
  constructor(status, retryAfter, { code = "unknown", message = "The chat was refused", contextId }) {
    super(message);
    this.name = "ChatRefused";
    this.status = status;
    this.code = code;
    this.contextId = contextId;
    this.retryAfterSeconds = retryAfter === null ? undefined : Number(retryAfter);
  }
}

/** There was no answer that a page may read. */
export class ChatUnreachable extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("The chat service gave no readable answer", { cause });
    this.name = "ChatUnreachable";
  }
}

/** The client was destroyed before the chat had started. */
export class ChatDestroyed extends Error {
  constructor() {
    super("The chat client is destroyed");
    this.name = "ChatDestroyed";
  }
}
