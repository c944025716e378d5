// @ts-check
//! Starts the chat by `XMLHttpRequest`.

import { chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, (api, body) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("POST", api + WEBCHAT_PATH);
  request.setRequestHeader("Content-Type", "application/json");
  request.onload = () => resolve({
    status: request.status,
    body: request.responseText,
    retryAfter: request.getResponseHeader("Retry-After"),
  });
  request.onerror = () => reject(new DOMException("the request failed", "NetworkError"));
  request.onabort = () => reject(new DOMException("the request was aborted", "AbortError"));
  request.send(/** @type {XMLHttpRequestBodyInit} */ (body));
}));
