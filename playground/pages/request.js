// @ts-check
//! Starts the chat by `fetch(request)`: the body is inside the Request, where a page script can only read a copy.

import { answerOf, chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, async (api, body) => {
  const request = new Request(api + WEBCHAT_PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  const response = await fetch(request);
  return answerOf(response);
});
