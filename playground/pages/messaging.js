// @ts-check
//! Starts the chat as Genesys Web Messaging does: a WebSocket, a session, and then the first message.

import { field, listServices, parsed, showAnswer, showStatus } from "./chat-page.js";

/** @typedef {import("./chat-page.js").Answer} Answer */

/** Stands for the token of the session, wherever it is in a message. */
const TOKEN = "{{token}}";
const OWN_TOKEN = /"token"\s*:\s*"([^"\\{]+)"/;

const JOIN = `
    "type": "Event",
    "events": [{ "eventType": "Presence", "presence": { "type": "Join" } }]`;
const TEXT = `
    "type": "Text",
    "text": "Hello, I need help."`;
/** Spacing is unusual on purpose: whoever edits the message must leave it so. */
const CHANNEL = `,
    "channel": {
      "metadata": {
        "customAttributes": {
          "externalId":   "WEB-0001",
          "tier": "gold"
        }
      }
    }`;

/** The messages to choose from; the first one is the default. */
const MESSAGES = {
  "join": ["Join, with attributes", frameOf(JOIN + CHANNEL)],
  "join-only": ["Join, without attributes", frameOf(JOIN)],
  "text": ["Text, with attributes", frameOf(TEXT + CHANNEL)],
  "text-only": ["Text, without attributes", frameOf(TEXT)],
};

const form = /** @type {HTMLFormElement} */ (document.getElementById("chat-form"));
const deploymentId = field(form, "configurationId", HTMLInputElement);
const api = field(form, "api", HTMLSelectElement);
const session = field(form, "session", HTMLSelectElement);
const first = field(form, "first", HTMLSelectElement);
const again = field(form, "again", HTMLButtonElement);
const body = field(form, "body", HTMLTextAreaElement);

/** The token of the last session that was configured. */
let token = sessionStorage.getItem("token") ?? "";
/** @type {WebSocket | undefined} */
let socket;
/** Everything that came over the last socket. @type {string[]} */
let frames = [];

/**
 * Configures a session over a new socket and sends a message over it. A message that names a token is sent in that
 * token's session.
 * @param {string} [given] the form's message without it; its `{{token}}` is the session's
 */
async function start(given = body.value) {
  socket?.close();
  again.disabled = true;
  frames = [];
  showAnswer("");
  showStatus("pending", "Connecting…");
  const isNew = session.value === "new" || token === "";
  const wanted = OWN_TOKEN.exec(given)?.[1] ?? (isNew ? crypto.randomUUID() : token);
  return reported("Chat started", async () => {
    const opened = await connect();
    socket = opened;
    const answer = await ask(opened, JSON.stringify({
      action: "configureSession",
      token: wanted,
      deploymentId: deploymentId.value,
      startNew: false,
      journeyContext: { customer: { id: wanted, idType: "cookie" }, customerSession: { id: "", type: "web" } },
      tracingId: crypto.randomUUID(),
    }));
    if (answer.status !== 200) {
      return answer;
    }
    token = wanted;
    sessionStorage.setItem("token", token);
    again.disabled = false;
    return ask(opened, given.replaceAll(TOKEN, token));
  });
}

/**
 * Sends a message over the socket of the last start.
 * @param {string} [given] the form's message without it
 */
async function send(given = body.value) {
  return reported("Message answered", () => {
    if (socket?.readyState !== WebSocket.OPEN) {
      throw new DOMException("the connection is closed", "InvalidStateError");
    }
    return ask(socket, given.replaceAll(TOKEN, token));
  });
}

/**
 * What came of a start or of a message, shown and returned: never a rejection.
 * @param {string} done
 * @param {() => Promise<Answer>} act
 */
async function reported(done, act) {
  try {
    const answer = await act();
    const frame = parsed(answer.body);
    if (answer.status === 200) {
      showStatus("started", `${done}: ${frame?.body?.id ?? frame?.class}`);
    } else {
      const { body } = frame ?? {};
      const retry = answer.retryAfter === null ? "" : ` (retryAfter: ${answer.retryAfter})`;
      showStatus("failed", `Refused: ${answer.status}. ${body?.errorMessage ?? body}${retry}`);
    }
    return answer;
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    showStatus("failed", `No answer: ${name}: ${message}`);
    return { error: name, message };
  }
}

/** @returns {Promise<WebSocket>} */
function connect() {
  const query = new URLSearchParams({ deploymentId: deploymentId.value, application: "playground" });
  const address = `${api.value.replace(/^http/, "ws")}/v1?${query}`;
  return new Promise((resolve, reject) => {
    const opening = new WebSocket(address);
    opening.addEventListener("open", () => resolve(opening));
    opening.addEventListener("close", () => reject(new DOMException("the connection was refused", "NetworkError")));
    opening.addEventListener("close", () => {
      again.disabled = socket === opening || again.disabled;
    });
    opening.addEventListener("message", ({ data }) => {
      if (socket === opening) {
        frames.push(data);
        showAnswer(frames.map((text) => JSON.stringify(parsed(text), null, 2)).join("\n\n"));
      }
    });
  });
}

/**
 * Sends a text and waits for its answer, which is the next frame that no agent or bot wrote.
 * @param {WebSocket} to
 * @param {string} text
 * @returns {Promise<Answer>}
 */
function ask(to, text) {
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const options = { signal: listening.signal };
    to.addEventListener("message", ({ data }) => {
      const frame = parsed(data);
      if (frame?.body?.direction !== "Outbound") {
        listening.abort();
        resolve({ status: frame?.code, body: data, retryAfter: frame?.body?.retryAfter?.toString() ?? null });
      }
    }, options);
    to.addEventListener("close", ({ code }) => {
      listening.abort();
      reject(new DOMException(`the connection closed with ${code}`, "NetworkError"));
    }, options);
    to.send(text);
  });
}

/** @param {string} message */
function frameOf(message) {
  return `{
  "action": "onMessage",
  "token": "${TOKEN}",
  "message": {${message}
  }
}`;
}

const query = new URLSearchParams(location.search);
for (const [name, [title]] of Object.entries(MESSAGES)) {
  first.add(new Option(title, name));
}
const fill = () => {
  body.value = MESSAGES[/** @type {keyof typeof MESSAGES} */ (first.value)][1];
};
const wantedMessage = query.get("first");
if (wantedMessage !== null && wantedMessage in MESSAGES) {
  first.value = wantedMessage;
}
if (query.get("session") === "resume") {
  session.value = "resume";
}
fill();
body.value = query.get("body") ?? body.value;
deploymentId.value = query.get("configurationId") ?? "config-live";
listServices(api, query.get("api"));
first.addEventListener("change", fill);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
again.addEventListener("click", () => {
  send();
});
Object.assign(window, { playground: { start, send } });
