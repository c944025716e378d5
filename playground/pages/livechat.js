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

/** The client has no option for its hosts. Only whoever opened the page can know that they are not the vendor's own. */
const areHostsHere = new URLSearchParams(location.search).get("hosts") === "here";

chatPage(LIVECHAT_BODY, (_, body) => {
  if (!areHostsHere) {
    const message =
      "this browser would take the client to LiveChat itself. Open the page with ?hosts=here in one that takes " +
      "*.livechatinc.com to this playground, as tests/browser/support/vendor_hosts.mjs does.";
    return Promise.reject(new DOMException(message, "NotAllowedError"));
  }
  return startChat(JSON.parse(String(body)));
}, "organizationId");
