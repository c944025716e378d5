// @ts-check
//! Starts the chat by the published Genesys Cloud guest chat client, which writes the body out by itself.

import { chatPage } from "./chat-page.js";
// @ts-expect-error: the bundle has this address in the playground only.
import { createConversation } from "/clients/guest.js";

const GUEST_BODY = `{
  "organizationId": "12b1a3fe-7a80-4b50-a5f5-df88c0f9efad",
  "deploymentId": "config-live",
  "routingTarget": { "targetType": "QUEUE", "targetAddress": "Support" },
  "memberInfo": {
    "displayName": "Ada Lovelace",
    "customFields": {
      "externalId": "WEB-0001",
      "customerTier": "gold"
    }
  }
}`;

chatPage(GUEST_BODY, (api, body) => createConversation(api, JSON.parse(String(body))));
