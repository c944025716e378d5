// @ts-check
//! Starts the chat by a synchronous `XMLHttpRequest`: when `send` returns, the answer is there.

import { chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, async (api, body) => {
  const request = new XMLHttpRequest();
  request.open("POST", api + WEBCHAT_PATH, false);
  request.setRequestHeader("Content-Type", "application/json");
  request.send(/** @type {XMLHttpRequestBodyInit} */ (body));
  return {
    status: request.status,
    body: request.responseText,
    retryAfter: request.getResponseHeader("Retry-After"),
  };
});
