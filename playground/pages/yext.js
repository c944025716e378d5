// @ts-check
//! Starts the chat by Yext's published client, which sends the context with every message.

import { chatPage } from "./chat-page.js";
// @ts-expect-error: the bundle has this address in the playground only.
import { say, startChat } from "/clients/yext.js";

/** What is handed to the client: whose bot, what it should know of the customer, and the first message. */
const YEXT_BODY = `{
  "botId": "config-live",
  "context": {
    "externalId": "WEB-0001",
    "customerTier": "gold",
    "visits": 7
  },
  "text": "Hello, I need help."
}`;

chatPage(YEXT_BODY, (api, body) => startChat(api, JSON.parse(String(body))), "botId");
Object.assign(/** @type {any} */ (window).playground, { say });
