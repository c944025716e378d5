// @ts-check
//! Starts the chat by LiveChat's published client, in a browser that takes LiveChat's hosts to this playground.

import { chatPage } from "./chat-page.js";
// @ts-expect-error: the bundle has this address in the playground only.
import { startChat } from "/clients/livechat.js";

/** What is handed to the client: whose chat, and what its `startChat` takes. */
const LIVECHAT_BODY = `{
  "organizationId": "config-live",
  "clientId": "12b1a3fe7a804b50a5f5df88c0f9efad",
  "chat": {
    "properties": {
      "crm": {
        "externalId": "WEB-0001",
        "customerTier": "gold",
        "visits": 7
      }
    },
    "thread": { "events": [{ "type": "message", "text": "Hello, I need help." }] }
  }
}`;

/** Answers where a browser takes vendors' hosts to this playground, and nowhere else: its top level is reserved for tests. */
const HERE = "https://hosts.callsign.test/echo";

chatPage(LIVECHAT_BODY, async (_, body) => {
  // The client has no option for its hosts, and nothing of this page is to leave the machine.
  await fetch(HERE).catch(() => {
    throw new DOMException(
      "this browser would take the client to LiveChat itself. The window of `cargo xtask demo` takes it to the playground.",
      "NotAllowedError",
    );
  });
  return startChat(JSON.parse(String(body)));
}, "organizationId");
