// @ts-check
//! Starts the chat by `fetch` in a worker that all pages of the origin share.

import { chatPage, WEBCHAT_BODY, WEBCHAT_PATH } from "./chat-page.js";

chatPage(WEBCHAT_BODY, (api, body) => new Promise((resolve, reject) => {
  const worker = new SharedWorker("/assets/chat-worker.js");
  worker.port.onmessage = ({ data: { answer, error } }) => {
    worker.port.close();
    if (error === undefined) {
      resolve(answer);
    } else {
      reject(new DOMException(error.message, error.name));
    }
  };
  worker.onerror = () => reject(new DOMException("the worker failed", "OperationError"));
  worker.port.postMessage({ address: api + WEBCHAT_PATH, body });
}));
