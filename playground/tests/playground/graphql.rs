//! What a client of `graphql-transport-ws` sees of a subscription, and of its own mistakes.

use crate::{
    socket::{End, Socket},
    support::received,
};
use playground::{Playground, serve};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn open(playground: &Playground) -> Socket {
    let (socket, selected) = Socket::open_with(playground.site(), "/ws/graphql", Some("graphql-transport-ws")).await;
    assert_eq!(selected.as_deref(), Some("graphql-transport-ws"));
    socket
}

async fn acknowledged(playground: &Playground) -> Socket {
    let mut socket = open(playground).await;
    assert_eq!(socket.ask(&json!({ "type": "connection_init" })).await, json!({ "type": "connection_ack" }));
    socket
}

fn subscribe(query: &str) -> Value {
    let payload = json!({ "query": query, "variables": { "externalId": "CRM-1" } });
    json!({ "id": "1", "type": "subscribe", "payload": payload })
}

fn next(number: u64) -> Value {
    let started = json!({ "number": number, "variables": { "externalId": "CRM-1" } });
    json!({ "id": "1", "type": "next", "payload": { "data": { "started": started } } })
}

#[tokio::test]
async fn a_subscription_has_three_events_and_a_query_has_one() {
    let playground = serve().await.unwrap();
    let mut socket = acknowledged(&playground).await;
    for (query, events) in [("subscription { started }", 3), ("{ started }", 1), ("mutation { start }", 1)] {
        socket.send(Message::text(subscribe(query).to_string())).await;
        for number in 1..=events {
            assert_eq!(socket.receive_json().await, next(number));
        }
        assert_eq!(socket.receive_json().await, json!({ "id": "1", "type": "complete" }));
    }
    let all = received(playground.site(), "").await;
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|entry| entry["path"] == "/ws/graphql" && entry["frameKind"] == "text"));
}

#[tokio::test]
async fn a_ping_is_answered_and_a_pong_is_not() {
    let playground = serve().await.unwrap();
    let mut socket = acknowledged(&playground).await;
    for quiet in [json!({ "type": "pong" }), json!({ "id": "1", "type": "complete" })] {
        socket.send(Message::text(quiet.to_string())).await;
    }
    let ping = json!({ "type": "ping", "payload": { "a": 1 } });
    assert_eq!(socket.ask(&ping).await, json!({ "type": "pong", "payload": { "a": 1 } }));
}

async fn check_closed(mut socket: Socket, message: &str, code: u16, reason: &str) {
    socket.send(Message::text(message)).await;
    assert_eq!(socket.end().await, End::Closed(code, reason.to_owned()), "{message}");
}

#[tokio::test]
async fn what_the_protocol_forbids_closes_the_connection() {
    let playground = serve().await.unwrap();
    let init = r#"{"type":"connection_init"}"#;
    let query = subscribe("{ started }").to_string();
    check_closed(open(&playground).await, &query, 4401, "Unauthorized").await;
    check_closed(acknowledged(&playground).await, init, 4429, "Too many initialisation requests").await;
    for message in ["{", "[]", r#"{"type":"dance"}"#, r#"{"type":"subscribe","payload":{"query":"{ a }"}}"#] {
        check_closed(acknowledged(&playground).await, message, 4400, "Invalid message received").await;
    }
    let mut socket = Socket::open(playground.site(), "/ws/graphql").await;
    assert_eq!(socket.end().await, End::Closed(4406, "Subprotocol not acceptable".to_owned()));
}
