// @ts-check
//! Starts a chat with `@yext/chat-headless` as published, whose endpoints are a documented option.

import { provideChatHeadless } from "@yext/chat-headless";

/** The conversation that goes on, for as long as the page is open. @type {import("@yext/chat-headless").ChatHeadless} */
let conversation;

/**
 * Starts a conversation with its first message.
 * @param {string} origin of the chat service, such as `http://127.0.0.1:1234`
 * @param {{ botId: string, context?: any, text: string }} body
 */
export function startChat(origin, { botId, context, text }) {
  const account = `${origin}/v2/accounts/me/chat/${botId}/message`;
  conversation = provideChatHeadless({
    apiKey: "0123456789abcdef",
    botId,
    endpoints: { chat: account, chatStream: `${account}/streaming` },
    // The client's own statistics would leave this machine.
    analyticsConfig: { debug: true },
    saveToLocalStorage: false,
  });
  conversation.setContext(context);
  return say(text);
}

/**
 * Sends one more message of the same conversation.
 * @param {string} text
 * @returns {Promise<{ status: number | null, body: string, retryAfter: null }>}
 */
export async function say(text) {
  try {
    const answer = await conversation.getNextMessage(text);
    return { status: 200, body: JSON.stringify({ id: answer?.conversationId }), retryAfter: null };
  } catch (error) {
    const { statusCode = null, type, message } = /** @type {any} */ (error);
    if (statusCode === null) {
      throw error;
    }
    return { status: statusCode, body: JSON.stringify({ code: type, message }), retryAfter: null };
  }
}
