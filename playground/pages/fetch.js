// @ts-check
//! Starts the chat by `fetch(url, init)`.

import { answerOf, chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, async (api, body) => {
  const response = await fetch(api + WEBCHAT_PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  return answerOf(response);
});
