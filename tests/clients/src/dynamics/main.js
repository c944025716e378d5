// @ts-check
//! Starts a chat with `@microsoft/omnichannel-chat-sdk` as published, against an organisation that the playground stands in for.

import { OmnichannelChatSDK } from "@microsoft/omnichannel-chat-sdk";

/**
 * The older start is a session for a chat token that was asked for before; the newer one, the client's default, creates the
 * conversation and its token together. The page's `timeLimit`, in milliseconds, is in place of the client's own.
 * @param {string} origin of the chat service, such as `http://127.0.0.1:1234`
 * @param {{ orgId: string, widgetId: string, customContext?: object }} body
 * @param {{ isOlder: boolean }} way
 * @returns {Promise<{ status: number | null, body: string, retryAfter: null }>}
 */
export async function startChat(origin, { orgId, widgetId, ...start }, { isOlder }) {
  const chat = new OmnichannelChatSDK(
    { orgUrl: origin, orgId, widgetId },
    { telemetry: { disable: true }, useCreateConversation: { disable: isOlder } },
  );
  try {
    await chat.initialize();
    const timeLimit = new URLSearchParams(location.search).get("timeLimit");
    if (timeLimit !== null) {
      // The client has the setting, and no way in for it from here but this.
      Object.assign(/** @type {any} */ (chat.OCClient).configuration, { defaultRequestTimeout: Number(timeLimit) });
    }
    await chat.startChat(start);
    const { chatId } = await chat.getChatToken();
    return { status: 200, body: JSON.stringify({ id: chatId }), retryAfter: null };
  } catch (error) {
    return refusal(error);
  }
}

/**
 * What the client tells of a failure: a name of its own, the status of the answer where there was one, and the error beneath,
 * which is JSON where it is one of a request.
 * @param {any} error
 */
function refusal({ message, httpResponseStatusCode = null, exceptionDetails }) {
  const beneath = exceptionDetails?.errorObject ?? "";
  const reason = httpResponseStatusCode === null ? beneath : JSON.parse(beneath).message;
  return { status: httpResponseStatusCode, body: JSON.stringify({ code: message, message: reason }), retryAfter: null };
}
