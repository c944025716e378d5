//! GraphQL over a WebSocket, as far as a client of `graphql-transport-ws` needs it to see a subscription through.
//!
//! | message | answer |
//! | --- | --- |
//! | `connection_init` | `connection_ack` |
//! | `subscribe {id, payload: {query, variables?}}` | [`EVENTS`] times `next {id, payload: {data: {started: {number, variables}}}}`, then `complete {id}`; one for what is no `subscription` |
//! | `ping {payload?}` | `pong {payload?}` |
//! | `complete {id}`, `pong` | none |
//!
//! What the protocol forbids closes the connection, with its codes: 4400 for what is no such message, 4401 for a
//! `subscribe` before `connection_init`, 4429 for a second `connection_init`, and 4406 where the client does not offer
//! the subprotocol. They are those of `PROTOCOL.md` of the npm package graphql-ws. Every message is recorded.

use crate::socket::{Handshake, Socket};
use axum::{extract::ws::Message, response::Response};
use serde_json::{Value, json};

const PROTOCOL: &str = "graphql-transport-ws";
/// How many events a subscription has.
const EVENTS: u64 = 3;

/// Why the service closes a connection: a code, and a reason.
type Violation = (u16, &'static str);

pub(crate) async fn web_socket(mut handshake: Handshake) -> Response {
    let is_offered = handshake.select(PROTOCOL.to_owned());
    handshake.accept(move |socket| serve(socket, is_offered))
}

async fn serve(mut socket: Socket, is_offered: bool) {
    if !is_offered {
        return socket.close(4406, "Subprotocol not acceptable").await;
    }
    let mut is_acknowledged = false;
    while let Some(message) = socket.next().await {
        socket.record(&message, None);
        match answers(&message, &mut is_acknowledged) {
            Ok(answers) => {
                for answer in answers {
                    if socket.send(Message::text(answer.to_string())).await.is_none() {
                        return;
                    }
                }
            }
            Err((code, reason)) => return socket.close(code, reason).await,
        }
    }
}

/// The messages that answer one, in order.
fn answers(message: &Message, is_acknowledged: &mut bool) -> Result<Vec<Value>, Violation> {
    let invalid = (4400, "Invalid message received");
    let text = message.to_text().map_err(|_| invalid)?;
    let message: Value = serde_json::from_str(text).map_err(|_| invalid)?;
    match message["type"].as_str().ok_or(invalid)? {
        "connection_init" if *is_acknowledged => Err((4429, "Too many initialisation requests")),
        "connection_init" => {
            *is_acknowledged = true;
            Ok(vec![json!({ "type": "connection_ack" })])
        }
        "subscribe" if !*is_acknowledged => Err((4401, "Unauthorized")),
        "subscribe" => {
            let id = message["id"].as_str().filter(|id| !id.is_empty()).ok_or(invalid)?;
            let query = message["payload"]["query"].as_str().ok_or(invalid)?;
            let events = if query.trim_start().starts_with("subscription") { EVENTS } else { 1 };
            let mut answers: Vec<Value> =
                (1..=events).map(|number| next(id, number, &message["payload"]["variables"])).collect();
            answers.push(json!({ "id": id, "type": "complete" }));
            Ok(answers)
        }
        "ping" => {
            let mut pong = message.clone();
            pong["type"] = json!("pong");
            Ok(vec![pong])
        }
        "pong" | "complete" => Ok(Vec::new()),
        _ => Err(invalid),
    }
}

fn next(id: &str, number: u64, variables: &Value) -> Value {
    let data = json!({ "started": { "number": number, "variables": variables } });
    json!({ "id": id, "type": "next", "payload": { "data": data } })
}
