// @ts-check
//! Starts the chat by `navigator.sendBeacon`, with a Blob, since its type is then the request's content type.

import { chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, async (api, given) => {
  const body = typeof given === "string" ? new Blob([given], { type: "application/json" }) : given;
  return { isQueued: navigator.sendBeacon(api + WEBCHAT_PATH, body) };
});
