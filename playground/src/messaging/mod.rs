//! Genesys Web Messaging: one WebSocket per browser, over which a session is configured and a first message starts the
//! conversation, with the attributes in it.
//!
//! # On the wire
//!
//! `GET /v1?deploymentId=ID&application=NAME`, upgraded. Each text message is a JSON object with an `action` and, but
//! for a mistake, a `token`, the secret that names the session; each is answered in order. Binary messages, text that is
//! no such object, and every other action get `400`.
//!
//! | action | answer |
//! | --- | --- |
//! | `configureSession {token, deploymentId, startNew?}` | `SessionResponse {connected, newSession, readOnly, maxCustomDataBytes, clearedExistingSession, durationSeconds, expirationDate}` |
//! | `configureAuthenticatedSession {…, data: {code}}` | the same |
//! | `onMessage {token, message}` | the message as a `StructuredMessage`, `Inbound`; after the first `Text`, `Structured` or `Presence: Join` of a session also one `Outbound` welcome |
//! | `onMessage` with `Presence: Clear` | `SessionClearedEvent`, `ConnectionClosedEvent`, then a close; the session is forgotten |
//! | `echo {token, message}` | a `StructuredMessage` with the text and the metadata, of type `response` |
//! | `getJwt {token}` | `JwtResponse {jwt, exp}`, an unsigned token |
//! | `closeSession {token}` | `ConnectionClosedEvent`, then a close; the session can be resumed |
//!
//! Each answer is `{type, class, code, tracingId?, body}`, with the `tracingId` of what it answers. A failure has the
//! type `response`, the class `string`, a code and a sentence as its body: see [`Failure`]. A token that has had a
//! session resumes it over any socket, with `newSession: false`, unless `startNew` is true: then the old one is cleared.
//!
//! The shapes, the codes and the limit of 2,048 bytes are those that Genesys publishes with its
//! `genesys-messenger-transport-mobile-sdk`, which has no text for 4007, 4011, 4020 and 404. The welcome, the order of
//! the events of a `Clear`, and the limit of 4,096 characters for a text are the playground's own.

mod dialogue;
mod failure;
mod frame;
mod sessions;

pub(crate) use sessions::Sessions;

use crate::{
    answer::refusal,
    chat::{Configuration, Refusal},
    received::now_ms,
    socket::{Handshake, Socket},
};
use axum::{
    extract::{Query, ws::Message},
    response::Response,
};
use dialogue::{Answer, Dialogue, Then};
use serde::Deserialize;

/// The query of the handshake. It may have more, such as `application`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deployment {
    deployment_id: Option<String>,
}

/// Opens a socket for a deployment that allows the page's origin, which shows in the handshake alone.
pub(crate) async fn web_socket(Query(deployment): Query<Deployment>, handshake: Handshake) -> Response {
    let Some(id) = deployment.deployment_id else {
        return refusal(&Refusal::invalid_field("bad.request", "deploymentId", "must be in the query"), 0);
    };
    if Configuration::from(id.as_str()) == Configuration::OriginRefused {
        return refusal(&Refusal::origin_refused(), 0);
    }
    handshake.accept(serve)
}

async fn serve(mut socket: Socket) {
    let mut dialogue = Dialogue::default();
    while let Some(message) = socket.next().await {
        let sessions = &socket.state().shared.sessions;
        let answer = match &message {
            Message::Text(text) => dialogue.answer(text, sessions, now_ms()),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Answer::not_understood(),
        };
        socket.record(&message, answer.code());
        socket.state().pause(answer.after).await;
        for frame in &answer.frames {
            if socket.send(Message::text(frame.to_json())).await.is_none() {
                return;
            }
        }
        match answer.then {
            Then::Stay => {}
            Then::Close => return socket.close(1000, "").await,
            Then::Drop => return,
        }
    }
}
