// @ts-check
//! Starts the chat by `fetch(url, init)` with a FormData, for which the browser makes up a boundary.

import { answerOf, chatPage, WEBCHAT_FORM, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_FORM, async (api, given) => {
  const body = typeof given === "string" ? formData(given) : given;
  const response = await fetch(api + WEBCHAT_PATH, { method: "POST", body });
  return answerOf(response);
});

/** @param {string} text in the syntax of an address */
function formData(text) {
  const data = new FormData();
  for (const [name, value] of new URLSearchParams(text)) {
    data.append(name, value);
  }
  return data;
}
