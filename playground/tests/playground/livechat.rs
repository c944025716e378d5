//! What a client of LiveChat sees: its token, and for each message over the socket the frames that come back.

use crate::{
    socket::{End, Socket},
    support::{body_of, post, received},
};
use playground::{Playground, serve};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn open(playground: &Playground, id: &str) -> Socket {
    Socket::open(playground.site(), &format!("/v3.5/customer/rtm/ws?organization_id={id}")).await
}

async fn logged_in(playground: &Playground, id: &str) -> Socket {
    let mut socket = open(playground, id).await;
    let login = json!({ "request_id": "1", "action": "login", "payload": { "token": "Bearer dal:1" } });
    let answer = socket.ask(&login).await;
    assert_eq!((&answer["request_id"], &answer["success"]), (&json!("1"), &json!(true)), "{id}");
    assert_eq!(answer["payload"]["chats"], json!([]));
    socket
}

fn start(properties: &Value) -> Value {
    json!({ "request_id": "2", "action": "start_chat", "payload": { "active": true, "chat": { "properties": properties } } })
}

#[track_caller]
fn check_refused(answer: &Value, kind: &str) {
    assert_eq!((&answer["type"], &answer["success"]), (&json!("response"), &json!(false)));
    assert_eq!(answer["payload"]["error"]["type"], kind);
    assert!(!answer["payload"]["error"]["message"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn every_customer_gets_a_token() {
    let playground = serve().await.unwrap();
    let body = br#"{"organization_id":"config-live","client_id":"c"}"#;
    let token = post(playground.widget(), "/v2/customer/token", body).await.json();
    assert!(token["access_token"].is_string() && token["entity_id"].is_string());
    assert_eq!((&token["expires_in"], &token["token_type"]), (&json!(28_800), &json!("Bearer")));
}

#[tokio::test]
async fn a_start_is_answered_and_then_told_of_with_its_properties() {
    let playground = serve().await.unwrap();
    let mut socket = logged_in(&playground, "config-live").await;
    let properties = json!({ "crm": { "externalId": "CRM-1", "visits": 7 } });
    let answer = socket.ask(&start(&properties)).await;
    assert_eq!((&answer["action"], &answer["success"]), (&json!("start_chat"), &json!(true)));
    let told = socket.receive_json().await;
    assert_eq!((&told["action"], &told["request_id"]), (&json!("incoming_chat"), &json!("2")));
    let chat = &told["payload"]["chat"];
    assert_eq!((&chat["id"], &chat["properties"]), (&answer["payload"]["chat_id"], &properties));

    let frames = received(playground.site(), "").await;
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[1]["frameKind"], "text");
    assert_eq!(body_of(&frames[1]), start(&properties).to_string().into_bytes());
}

#[tokio::test]
async fn each_organization_has_its_answer() {
    let playground = serve().await.unwrap();
    for (id, kind, status) in [
        ("config-invalid", "validation", 400),
        ("config-unauthorized", "authentication", 401),
        ("config-forbidden", "authorization", 403),
        ("config-unknown", "not_found", 404),
        ("config-too-large", "entity_too_large", 413),
        ("config-rate-limited", "too_many_requests", 429),
        ("config-server-error", "internal", 500),
    ] {
        let mut socket = logged_in(&playground, id).await;
        check_refused(&socket.ask(&start(&json!({}))).await, kind);
        assert_eq!(received(playground.site(), "").await.pop().unwrap()["status"], status, "{id}");
    }
    let mut socket = logged_in(&playground, "config-dropped").await;
    socket.send(Message::text(start(&json!({})).to_string())).await;
    assert_eq!(socket.end().await, End::Dropped);
    let refused = "/v3.5/customer/rtm/ws?organization_id=config-origin-refused";
    assert_eq!(Socket::refused(playground.site(), refused).await, 403);
    assert_eq!(Socket::refused(playground.site(), "/v3.5/customer/rtm/ws").await, 400);
}

#[tokio::test]
async fn what_is_out_of_order_or_out_of_shape_is_refused() {
    let playground = serve().await.unwrap();
    let mut socket = open(&playground, "config-live").await;
    check_refused(&socket.ask(&start(&json!({}))).await, "authorization");
    check_refused(&socket.ask(&json!({ "request_id": "1", "action": "login", "payload": {} })).await, "authentication");

    let mut socket = logged_in(&playground, "config-live").await;
    for properties in [json!([]), json!({ "crm": "CRM-1" }), json!({ "crm": { "externalId": { "value": "CRM-1" } } })] {
        check_refused(&socket.ask(&start(&properties)).await, "validation");
    }
    assert_eq!(socket.ask(&json!({ "request_id": "3", "action": "ping" })).await["success"], true);
}
