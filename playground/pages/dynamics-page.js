// @ts-check
//! Wires a page's form to the published client of Dynamics 365 Omnichannel, in either of its ways to start a chat.

import { chatPage } from "./chat-page.js";
// @ts-expect-error: the bundle has this address in the playground only.
import { startChat } from "/clients/dynamics.js";

/** What is handed to the client: whose widget, and what its `startChat` takes. */
const DYNAMICS_BODY = `{
  "orgId": "12b1a3fe-7a80-4b50-a5f5-df88c0f9efad",
  "widgetId": "config-live",
  "customContext": {
    "externalId": { "value": "WEB-0001", "isDisplayable": true },
    "customerTier": { "value": "gold", "isDisplayable": false },
    "visits": { "value": 7, "isDisplayable": true }
  }
}`;

/** @param {{ isOlder: boolean }} way */
export function dynamicsPage(way) {
  chatPage(DYNAMICS_BODY, (api, body) => startChat(api, JSON.parse(String(body)), way), "widgetId");
}
