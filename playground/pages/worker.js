// @ts-check
//! Starts the chat by `fetch` in a dedicated worker, one for each start.

import { chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, (api, body) => new Promise((resolve, reject) => {
  const worker = new Worker("/assets/chat-worker.js");
  worker.onmessage = ({ data: { answer, error } }) => {
    worker.terminate();
    if (error === undefined) {
      resolve(answer);
    } else {
      reject(new DOMException(error.message, error.name));
    }
  };
  worker.onerror = () => reject(new DOMException("the worker failed", "OperationError"));
  worker.postMessage({ address: api + WEBCHAT_PATH, body });
}));
