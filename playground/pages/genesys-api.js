// @ts-check
//! Sets the custom attributes by the page API of Genesys' Messenger, and starts the chat with its first message.

import { chatPage } from "./chat-page.js";

const ATTRIBUTES = `{
  "messaging": {
    "customAttributes": {
      "externalId": "WEB-0001",
      "tier": "gold"
    }
  }
}`;

const page = /** @type {any} */ (window);
const query = new URLSearchParams(location.search);

// What a site's snippet does: calls are queued until the Messenger's own script is there.
page.Genesys = function () {
  (page.Genesys.q ??= []).push(arguments);
};
page.Genesys.c = { deploymentId: query.get("configurationId") ?? "config-live", api: query.get("api") ?? location.origin };
const script = document.createElement("script");
script.src = "/genesys-bootstrap/genesys.min.js";
document.head.append(script);

const ready = new Promise((resolve) => page.Genesys("subscribe", "Database.ready", resolve));
const queued = query.get("queued");
if (queued !== null) {
  page.Genesys("command", "Database.set", JSON.parse(queued));
}

chatPage(ATTRIBUTES, async (_, body) => {
  await ready;
  if (body !== "") {
    page.Genesys("command", "Database.set", JSON.parse(String(body)));
  }
  const text = await new Promise((resolve, reject) =>
    page.Genesys("command", "MessagingService.sendMessage", { message: "Hello, I need help." }, resolve, reject),
  );
  return { status: JSON.parse(text).code, body: text, retryAfter: null };
});
