// @ts-check
//! Says in a sentence why a chat did not start, and what a developer would look at first.

import { ChatRefused, ChatUnreachable } from "../chat-client/index.js";

/** @type {Record<string, string>} */
const ADVICE = {
  "not.found": "Check the configuration ID: it must be copied exactly, and be published.",
  "invalid.value": "Check the configuration ID: it must be copied exactly, and be published.",
  "bad.request": "The service does not understand the request; look at its body.",
  "chat.deployment.disabled": "Switch the configuration on, and publish it.",
  "authentication.required": "Sign the customer in first, and pass on their token.",
  "origin.not.allowed": "Add this page's origin to the allowed origins of the configuration.",
  "request.entity.too.large": "Send fewer or shorter attributes.",
  "internal.server.error": "Try again; if it stays, report the error to the service.",
};

/** @param {unknown} error */
export function explain(error) {
  if (error instanceof ChatRefused) {
    const { status, code, message, retryAfterSeconds } = error;
    const advice = retryAfterSeconds === undefined
      ? ADVICE[code] ?? ""
      : `Wait ${retryAfterSeconds} s before the next start.`;
    return `Not started: ${status} ${code}. ${message.replace(/\.$/, "")}. ${advice}`.trim();
  }
  if (error instanceof ChatUnreachable) {
    return `Not started: ${error.message}. Check the connection, and that the service allows this page's origin.`;
  }
  return `Not started: ${error}`;
}
