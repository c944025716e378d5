// @ts-check
//! Starts a chat with `purecloud-guest-chat-client` as published, sent to the playground and not to Genesys Cloud.

import platformClient from "purecloud-guest-chat-client";

/**
 * Rejects when there is no answer, as the client does after 16 s, or after as many milliseconds as the page's `timeLimit` says.
 * @param {string} origin of the chat service, such as `http://127.0.0.1:1234`
 * @param {import("purecloud-guest-chat-client").Models.CreateWebChatConversationRequest} body
 * @returns {Promise<{ status: number, body: string, retryAfter: string | null }>}
 */
export async function createConversation(origin, body) {
  // Its published types leave out the time limit that its documentation has.
  const client = /** @type {typeof platformClient.ApiClient.instance & { timeout: number }} */ (platformClient.ApiClient.instance);
  // `setEnvironment` knows https://api.REGION only.
  client.config.basePath = origin;
  client.setReturnExtendedResponses(true);
  client.timeout = Number(new URLSearchParams(location.search).get("timeLimit") ?? client.timeout);
  const answer = await new platformClient.WebChatApi()
    .postWebchatGuestConversations(body)
    .catch(answerOrThrow);
  return {
    status: answer.status,
    body: JSON.stringify(answer.body),
    retryAfter: answer.headers["retry-after"] ?? null,
  };
}

/**
 * A refusal is an answer here, as it is for the other pages. Without an answer the client rejects with an extended
 * response as well, one that has no headers, or after its own time limit with nothing but the error.
 * @param {any} rejected
 */
function answerOrThrow(rejected) {
  if (rejected.headers === undefined) {
    throw rejected.error ?? rejected;
  }
  return rejected;
}
