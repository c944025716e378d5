//! A chat service on this machine that starts, refuses, delays or drops a web chat, as its configuration ID says.
//!
//! [`serve`] opens two origins that serve the same routes. The *site* is `http://127.0.0.1:PORT`, the *widget* is
//! `http://localhost:PORT`: another host and another port, so that a page of the one that talks to the other, or
//! embeds it, is cross-origin and cross-site. Nothing here leaves the loopback interface.
//!
//! # Chat service
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /api/v2/conversations/webchat` | starts a chat with `{configurationId, attributes?, ...}`, or a form of the same, urlencoded or multipart, with `attributes[NAME]=VALUE` or `attributes=JSON` |
//! | `POST /api/v2/webchat/guest/conversations` | starts a chat as the Genesys Cloud guest API does; its `deploymentId` is the configuration ID |
//! | `GET /v1?deploymentId=ID&application=NAME` | a WebSocket that speaks Genesys Web Messaging, whose `deploymentId` is the configuration ID: see `src/messaging/mod.rs` |
//! | `POST /livechatconnector/organization/ORG/widgetApp/ID/conversation`, `POST /livechatconnector/sessioninit/ORG/ID/REQUEST` | start a chat as Dynamics 365 Omnichannel does; its widget is the configuration ID: see `src/dynamics/mod.rs` |
//! | `GET /v3.5/customer/rtm/ws?organization_id=ID`, `POST /v2/customer/token` | LiveChat's WebSocket, and the token to log in with; its organisation is the configuration ID: see `src/livechat/mod.rs` |
//! | `POST /v2/accounts/me/chat/ID/message` | a message as Yext Chat takes it; its bot is the configuration ID: see `src/yext/mod.rs` |
//! | `GET`, `POST /echo` | `ok`, or the body that was sent: traffic that is no chat start |
//! | `/echo?reply=json` | what arrived: `{method, path, query, headers: [[NAME, VALUE], ...], bodyBase64}`, with the headers as they were written |
//! | `/echo?status=NNN` | the same with this status, 200 to 599 |
//! | `/echo?delay=MS` | the same after as long, at most 10,000 ms |
//! | `/echo?size=BYTES&pace=MS` | as many bytes instead, at most 16 MiB, in ten pieces with at most 1,000 ms before each |
//! | `GET`, `POST /redirect?to=ADDRESS&code=NNN` | a redirect with the status 301, 302 (the default), 303, 307 or 308 |
//! | `GET`, `POST /drop` | the connection closes without an answer, once the body has arrived |
//! | `GET /empty` | a page with nothing but one script in it, which keeps the time at which it ran |
//! | `GET /ws/echo` | a WebSocket that echoes every text and binary message |
//! | `/ws/echo?delay=MS` | each echo as late, at most 10,000 ms |
//! | `/ws/echo?closeAfter=N` | closes with the code 1001 and a reason after the Nth echo |
//! | `/ws/echo?protocol=NAME` | selects this subprotocol for a client that offers it |
//! | `GET /ws/graphql` | a WebSocket that speaks `graphql-transport-ws`: see `src/graphql.rs` |
//! | `GET /received?after=N&wait=MS` | every body, and every message over a WebSocket, that arrived, as JSON: see [`received::Received`] |
//! | `DELETE /received` | forgets them; numbers go on counting |
//!
//! Bodies may have up to 16 MiB. Every answer carries CORS headers for the origin that asked, but for
//! `config-origin-refused`.
//!
//! # Configuration IDs
//!
//! | ID | what comes of the start | over `/v1`, of a session or a message |
//! | --- | --- | --- |
//! | `config-live` | 200, a conversation | 200 |
//! | `config-slow-N` | 200 after N milliseconds, at most 60,000 | the first message is answered as late |
//! | `config-unknown`, and any other | 404 `not.found` | session: 404 |
//! | `config-invalid` | 400 `invalid.value` | session: 400 |
//! | `config-disabled` | 400 `chat.deployment.disabled` | session: 403 |
//! | `config-unauthorized` | 401 `authentication.required` | session: 401 |
//! | `config-expired` | 401 `credentials.expired` | message: 4006 |
//! | `config-forbidden` | 403 `not.authorized` | session: 403 |
//! | `config-origin-refused` | 403 `origin.not.allowed`, without CORS headers, although the preflight was fine | handshake: HTTP 403 |
//! | `config-too-large` | 413 `request.entity.too.large` | message: 4013 |
//! | `config-rate-limited` | 429 `too.many.requests` with `Retry-After: 3` | message: 429 with `retryAfter: 3` |
//! | `config-server-error` | 500 `internal.server.error` | message: 5000 |
//! | `config-dropped` | the connection closes without an answer | message: the same, without a close frame |
//!
//! The stand-ins for other vendors refuse with the same statuses, in their own words: Dynamics 365 without a body and with
//! `Retry-After: 0`, LiveChat in a frame with a type instead of a status, Yext in its own shape.
//!
//! A body that is neither JSON nor such a form, or has another shape than the API's, gets a 400 before its configuration is looked at.
//! Other failures carry Genesys' `ErrorBody`, see [`chat::ErrorBody`].

mod answer;
pub mod chat;
mod cors;
mod dynamics;
mod echo;
mod graphql;
mod head;
mod livechat;
mod messaging;
mod pages;
pub mod received;
mod routes;
mod server;
mod service;
mod socket;
mod ws_echo;
mod yext;

pub use pages::page_list;
pub use server::{Playground, Ports, serve, serve_on};
