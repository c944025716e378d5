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
//! | `POST /api/v2/conversations/webchat` | starts a chat with `{configurationId, attributes?, ...}` |
//! | `POST /api/v2/webchat/guest/conversations` | starts a chat as the Genesys Cloud guest API does; its `deploymentId` is the configuration ID |
//! | `GET`, `POST /echo` | `ok`, or the body that was sent: traffic that is no chat start |
//! | `GET /ws/echo` | a WebSocket that echoes every text and binary frame |
//! | `GET /received?after=N&wait=MS` | every body that arrived, as JSON: see [`received::Received`] |
//! | `DELETE /received` | forgets them; numbers go on counting |
//!
//! Bodies may have up to 16 MiB. Every answer carries CORS headers for the origin that asked, but for
//! `config-origin-refused`.
//!
//! # Configuration IDs
//!
//! | ID | what comes of the start |
//! | --- | --- |
//! | `config-live` | 200, a conversation |
//! | `config-slow-N` | 200 after N milliseconds, at most 60,000 |
//! | `config-unknown`, and any other | 404 `not.found` |
//! | `config-invalid` | 400 `invalid.value` |
//! | `config-disabled` | 400 `chat.deployment.disabled` |
//! | `config-unauthorized` | 401 `authentication.required` |
//! | `config-origin-refused` | 403 `origin.not.allowed`, without CORS headers, although the preflight was fine |
//! | `config-too-large` | 413 `request.entity.too.large` |
//! | `config-rate-limited` | 429 `too.many.requests` with `Retry-After: 3` |
//! | `config-server-error` | 500 `internal.server.error` |
//! | `config-dropped` | the connection closes without an answer |
//!
//! A body that is not JSON, or has another shape than the API's, gets a 400 before its configuration is looked at.
//! Failures carry the vendor's `ErrorBody`, see [`chat::ErrorBody`].

pub mod chat;
mod cors;
mod echo;
mod pages;
pub mod received;
mod routes;
mod server;

pub use pages::page_list;
pub use server::{Playground, Ports, serve, serve_on};
