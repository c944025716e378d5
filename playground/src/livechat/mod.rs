//! LiveChat's Customer Chat API: one WebSocket, over which a customer logs in and starts a chat with its properties.
//!
//! # On the wire
//!
//! `POST /v2/customer/token` with `{organization_id, client_id, …}` gives any customer a token, as the host `accounts.livechatinc.com`
//! does. `GET /v3.5/customer/rtm/ws?organization_id=ID`, upgraded, is the host `api.livechatinc.com`; the organisation is the
//! configuration ID. Each text message is `{request_id, action, payload}`, and is answered in order.
//!
//! | action | answer |
//! | --- | --- |
//! | `login {token}` | the customer, who has no chats |
//! | `start_chat {chat: {properties: {NAMESPACE: {NAME: VALUE}}, …}}` | the chat's ID, and then the chat as a push `incoming_chat` with the same `request_id`, which is what a client waits for |
//! | any other | success |
//!
//! Whatever comes before a login is refused with the type `authorization`. A refused start has the type that fits the configuration
//! ID's status. What is no such message ends the connection.
//!
//! Shapes are those that `@livechat/customer-sdk` 4.0.2 reads. Of the types of errors, it knows `validation`, `authentication`,
//! `authorization`, `entity_too_large` and `internal`; `not_found` and `too_many_requests` are the playground's own choice.

mod dialogue;

use crate::{
    answer::refusal,
    chat::{Configuration, Decision, Refusal, json_object, uuid},
    socket::{Handshake, Socket},
};
use axum::{
    extract::{Query, ws::Message},
    response::Response,
};
use dialogue::{Dialogue, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};

/// The query of the handshake.
#[derive(Debug, Deserialize)]
pub(crate) struct Organization {
    organization_id: Option<String>,
}

/// What comes of a request for a token; `None` where it is for another service.
pub(crate) fn decide(path: &str, body: &[u8]) -> Option<Decision> {
    let is_token = path == "/v2/customer/token";
    is_token.then(|| json_object(body).map_or_else(Decision::Refuse, |_| Configuration::Live.into_decision()))
}

/// The token that the request with this number gets.
pub(crate) fn token(number: u64) -> Value {
    json!({
        "access_token": format!("dal:{}", uuid('e', number)),
        "entity_id": uuid('b', number),
        "expires_in": 28_800,
        "token_type": "Bearer",
    })
}

/// Opens a socket for an organisation that allows the page's origin, which shows in the handshake alone.
pub(crate) async fn web_socket(Query(organization): Query<Organization>, handshake: Handshake) -> Response {
    let Some(id) = organization.organization_id else {
        return refusal(&Refusal::invalid_field("bad.request", "organization_id", "must be in the query"), 0);
    };
    let configuration = Configuration::from(id.as_str());
    if configuration == Configuration::OriginRefused {
        return refusal(&Refusal::origin_refused(), 0);
    }
    handshake.accept(move |socket| serve(socket, configuration))
}

async fn serve(mut socket: Socket, configuration: Configuration) {
    let mut dialogue = Dialogue::new(configuration, socket.number());
    while let Some(message) = socket.next().await {
        let outcome = match &message {
            Message::Text(text) => dialogue.answer(text),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Outcome::Drop,
        };
        socket.record(&message, outcome.status());
        let Outcome::Answer { after, frames, .. } = outcome else { return };
        socket.state().pause(after).await;
        for frame in frames {
            if socket.send(Message::text(frame.to_string())).await.is_none() {
                return;
            }
        }
    }
}
