// @ts-check
//! Starts the chat by `fetch(request, init)`: the body of the Request is never sent, the one of `init` is.

import { answerOf, chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, async (api, body) => {
  const request = new Request(api + WEBCHAT_PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"configurationId":"config-unknown","attributes":{"externalId":"NEVER-SENT"}}',
  });
  const response = await fetch(request, { body });
  return answerOf(response);
});
