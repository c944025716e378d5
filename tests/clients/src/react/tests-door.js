// @ts-check
//! Offers the page's way of starting a chat to tests, as `window.playground`, like the playground's other pages do.

import { ChatRefused } from "../chat-client/index.js";

/**
 * @param {(attributes?: Record<string, string>) => Promise<object>} startChat
 * @returns {() => void} takes the offer back
 */
export function offerToTests(startChat) {
  const start = async (/** @type {string | undefined} */ attributesText) => {
    try {
      const attributes = attributesText === undefined ? undefined : JSON.parse(attributesText);
      return { status: 200, body: JSON.stringify(await startChat(attributes)), retryAfter: null };
    } catch (error) {
      return refusal(error);
    }
  };
  Object.assign(window, { playground: { start } });
  return () => Reflect.deleteProperty(window, "playground");
}

/** @param {unknown} error */
function refusal(error) {
  if (error instanceof ChatRefused) {
    const { status, code, message, retryAfterSeconds } = error;
    const retryAfter = retryAfterSeconds === undefined ? null : String(retryAfterSeconds);
    return { status, body: JSON.stringify({ code, message, status }), retryAfter };
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { error: name, message };
}
