// @ts-check
//! A small chat client, as a vendor would ship one: create it, start a chat with attributes, destroy it.

import { ChatDestroyed, ChatRefused, ChatUnreachable } from "./errors.js";

export { ChatDestroyed, ChatRefused, ChatUnreachable };

/**
 * @typedef {string | number | boolean} AttributeValue
 * @typedef {{ attributes?: Record<string, AttributeValue> }} StartOptions
 * @typedef {{ conversationId: string, memberId: string }} Chat
 */

/**
 * @param {{ configurationId: string, origin?: string }} options `origin` is the chat service's, by default the page's
 */
export function createClient({ configurationId, origin = location.origin }) {
  return new ChatClient(configurationId, origin);
}

class ChatClient {
  #configurationId;
  #origin;
  #life = new AbortController();

  /**
   * @param {string} configurationId
   * @param {string} origin
   */
  constructor(configurationId, origin) {
    this.#configurationId = configurationId;
    this.#origin = origin;
  }

  /**
   * Starts a chat.
   * Rejects with `ChatRefused`, `ChatUnreachable` or, once the client is destroyed, `ChatDestroyed`.
   * @param {StartOptions} [options]
   * @returns {Promise<Chat>}
   */
  async startChat({ attributes = {} } = {}) {
    const response = await this.#post({
      configurationId: this.#configurationId,
      attributes,
      locale: navigator.language,
      pageUrl: location.href,
    });
    const answer = await this.#read(response);
    if (!response.ok) {
      throw new ChatRefused(response.status, response.headers.get("Retry-After"), answer);
    }
    return { conversationId: answer.id, memberId: answer.member.id };
  }

  /** Gives up whatever is under way. May be called more than once. */
  destroy() {
    this.#life.abort();
  }

  /** @param {object} body */
  async #post(body) {
    this.#checkAlive();
    try {
      return await fetch(`${this.#origin}/api/v2/conversations/webchat`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
        signal: this.#life.signal,
      });
    } catch (error) {
      this.#checkAlive();
      throw new ChatUnreachable(error);
    }
  }

  /** @param {Response} response */
  async #read(response) {
    try {
      return await response.json();
    } catch (error) {
      this.#checkAlive();
      throw new ChatUnreachable(error);
    }
  }

  #checkAlive() {
    if (this.#life.signal.aborted) {
      throw new ChatDestroyed();
    }
  }
}
