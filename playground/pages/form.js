// @ts-check
//! Starts the chat by `fetch(url, init)` with a URLSearchParams, which the browser encodes and gives its type.

import { answerOf, chatPage, WEBCHAT_FORM, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_FORM, async (api, given) => {
  const body = typeof given === "string" ? new URLSearchParams(given) : given;
  const response = await fetch(api + WEBCHAT_PATH, { method: "POST", body });
  return answerOf(response);
});
