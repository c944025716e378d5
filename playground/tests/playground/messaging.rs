//! What a messenger sees of Web Messaging: for each message the frames that come back, and what is recorded of it.

use crate::{
    socket::{End, Socket},
    support::{body_of, received, send},
};
use playground::{Playground, serve};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

const TOKEN: &str = "2f6c7e3a-52a4-4f4f-8f3c-0c4a9d1f7b11";

fn configure(id: &str, start_new: bool) -> Value {
    json!({ "action": "configureSession", "token": TOKEN, "deploymentId": id, "startNew": start_new, "tracingId": "t-1" })
}

fn message(message: Value) -> Value {
    json!({ "action": "onMessage", "token": TOKEN, "message": message, "tracingId": "t-2" })
}

fn text(attributes: Value) -> Value {
    message(json!({
        "type": "Text",
        "text": "hi",
        "channel": { "metadata": { "customAttributes": attributes } },
    }))
}

fn presence(kind: &str) -> Value {
    message(json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": kind } }] }))
}

async fn open(playground: &Playground) -> Socket {
    Socket::open(playground.site(), "/v1?deploymentId=config-live&application=test").await
}

/// A socket of this deployment with a configured session.
async fn configured(playground: &Playground, id: &str) -> Socket {
    let mut socket = Socket::open(playground.site(), &format!("/v1?deploymentId={id}")).await;
    assert_eq!(socket.ask(&configure(id, true)).await["code"], 200, "{id}");
    socket
}

#[track_caller]
fn check_failure(answer: &Value, code: u16, body: &str) {
    assert_eq!((&answer["type"], &answer["class"]), (&json!("response"), &json!("string")));
    assert_eq!((&answer["code"], &answer["body"]), (&json!(code), &json!(body)));
}

#[tokio::test]
async fn a_token_resumes_its_session_over_every_socket() {
    let playground = serve().await.unwrap();
    for (start_new, is_new, is_cleared) in
        [(false, true, false), (false, false, false), (true, true, true), (false, false, false)]
    {
        let mut socket = Socket::open(playground.widget(), "/v1?deploymentId=config-live").await;
        let answer = socket.ask(&configure("config-live", start_new)).await;
        assert_eq!(answer["class"], "SessionResponse");
        assert_eq!(answer["tracingId"], "t-1");
        let body = &answer["body"];
        assert_eq!((&body["newSession"], &body["clearedExistingSession"]), (&json!(is_new), &json!(is_cleared)));
        assert_eq!((&body["connected"], &body["readOnly"]), (&json!(true), &json!(false)));
        assert_eq!(body["maxCustomDataBytes"], 2048);
        assert!(body["expirationDate"].as_u64() > body["durationSeconds"].as_u64());
    }
}

#[tokio::test]
async fn the_first_message_of_a_session_is_welcomed() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-live").await;
    let typing = message(json!({ "type": "Event", "events": [{ "eventType": "Typing", "typing": { "type": "On" } }] }));
    assert_eq!(socket.ask(&typing).await["body"]["direction"], "Inbound");

    let inbound = socket.ask(&text(json!({ "externalId": "CRM-1" }))).await;
    assert_eq!((&inbound["type"], &inbound["class"]), (&json!("message"), &json!("StructuredMessage")));
    assert_eq!((&inbound["code"], &inbound["tracingId"]), (&json!(200), &json!("t-2")));
    let body = &inbound["body"];
    assert_eq!((&body["type"], &body["text"]), (&json!("Text"), &json!("hi")));
    assert_eq!(body["channel"]["metadata"]["customAttributes"], json!({ "externalId": "CRM-1" }));
    assert_eq!((&body["direction"], &body["channel"]["messageId"]), (&json!("Inbound"), &body["id"]));
    let outbound = socket.receive_json().await;
    assert_eq!(outbound["body"]["direction"], "Outbound");
    assert_eq!(outbound["body"]["originatingEntity"], "Bot");
    assert_eq!(outbound["tracingId"], Value::Null);

    for again in [text(json!({})), presence("Join")] {
        assert_eq!(socket.ask(&again).await["body"]["direction"], "Inbound");
    }
    let echo =
        json!({ "action": "echo", "token": TOKEN, "message": { "type": "Text", "text": "ping" }, "tracingId": "h" });
    let answer = socket.ask(&echo).await;
    assert_eq!((&answer["type"], &answer["class"]), (&json!("response"), &json!("StructuredMessage")));
    assert_eq!((&answer["tracingId"], &answer["body"]["text"]), (&json!("h"), &json!("ping")));
}

#[tokio::test]
async fn a_join_starts_a_conversation_too() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-live").await;
    let inbound = socket.ask(&presence("Join")).await;
    assert_eq!(inbound["body"]["events"], json!([{ "eventType": "Presence", "presence": { "type": "Join" } }]));
    assert_eq!(socket.receive_json().await["body"]["direction"], "Outbound");
}

#[tokio::test]
async fn a_cleared_session_is_forgotten_and_a_closed_one_is_not() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-live").await;
    let closed = socket.ask(&json!({ "action": "closeSession", "token": TOKEN })).await;
    assert_eq!(closed, json!({ "type": "message", "class": "ConnectionClosedEvent", "code": 200, "body": {} }));
    assert_eq!(socket.end().await, End::Closed(1000, String::new()));

    let mut socket = open(&playground).await;
    assert_eq!(socket.ask(&configure("config-live", false)).await["body"]["newSession"], false);
    assert_eq!(socket.ask(&presence("Clear")).await["class"], "SessionClearedEvent");
    assert_eq!(socket.receive_json().await["class"], "ConnectionClosedEvent");
    assert_eq!(socket.end().await, End::Closed(1000, String::new()));

    let mut socket = open(&playground).await;
    assert_eq!(socket.ask(&configure("config-live", false)).await["body"]["newSession"], true);
}

#[tokio::test]
async fn a_session_has_a_token_to_show() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-live").await;
    let answer = socket.ask(&json!({ "action": "getJwt", "token": TOKEN })).await;
    assert_eq!(answer["class"], "JwtResponse");
    assert_eq!(answer["body"]["jwt"].as_str().unwrap().split('.').count(), 3);
    assert!(answer["body"]["exp"].as_u64().unwrap() > 1_700_000_000);
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let playground = serve().await.unwrap();
    let mut socket = open(&playground).await;
    check_failure(&socket.ask(&presence("Join")).await, 4007, "Session not found");
    check_failure(&socket.ask(&json!({ "action": "getJwt", "token": TOKEN })).await, 4007, "Session not found");
    for (request, code, body) in [
        (json!({ "action": "dance", "token": TOKEN }), 400, "Request failed."),
        (json!({ "token": TOKEN }), 400, "Request failed."),
        (json!([]), 400, "Request failed."),
        (json!({ "action": "configureSession", "deploymentId": "config-live" }), 4020, "Missing parameter: token"),
        (json!({ "action": "configureSession", "token": TOKEN }), 4020, "Missing parameter: deploymentId"),
    ] {
        check_failure(&socket.ask(&request).await, code, body);
    }
    for message in [Message::text("{"), Message::binary(configure("config-live", false).to_string())] {
        socket.send(message).await;
        check_failure(&socket.receive_json().await, 400, "Request failed.");
    }

    assert_eq!(socket.ask(&configure("config-live", true)).await["code"], 200);
    let other = json!({ "action": "onMessage", "token": "other", "message": { "type": "Text", "text": "hi" } });
    for (request, code, body) in [
        (other, 4007, "Session not found"),
        (json!({ "action": "onMessage", "token": TOKEN }), 4020, "Missing parameter: message"),
        (message(json!({ "text": "hi" })), 4020, "Missing parameter: type"),
        (message(json!({ "type": "Text" })), 4020, "Missing parameter: text"),
        (message(json!({ "type": "Event", "events": [] })), 4020, "Missing parameter: eventType"),
        (message(json!({ "type": "Dance" })), 400, "Request failed."),
        (message(json!({ "type": "Text", "text": "é".repeat(4097) })), 4011, "message too long"),
    ] {
        check_failure(&socket.ask(&request).await, code, body);
    }
    let longest = socket.ask(&message(json!({ "type": "Text", "text": "é".repeat(4096) }))).await;
    assert_eq!(longest["code"], 200);
}

#[tokio::test]
async fn attributes_are_strings_of_2048_bytes_in_all() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-live").await;
    let too_large = "Custom Attributes in channel metadata is larger than 2048 bytes";
    for (attributes, code, body) in [
        (json!({ "key": "é".repeat(1022), "é": "" }), 4013, too_large),
        (json!({ "visits": 7 }), 400, "Request failed."),
        (json!({ "nested": { "a": "b" } }), 400, "Request failed."),
        (json!(["a"]), 400, "Request failed."),
        (json!("a"), 400, "Request failed."),
    ] {
        check_failure(&socket.ask(&text(attributes)).await, code, body);
    }
    let largest = json!({ "key": "é".repeat(1022), "b": "" });
    assert_eq!(socket.ask(&text(largest)).await["code"], 200);
}

#[tokio::test]
async fn each_deployment_id_has_its_answer() {
    let playground = serve().await.unwrap();
    for (id, code, body) in [
        ("config-unknown", 404, "Deployment not found"),
        ("whatever", 404, "Deployment not found"),
        ("config-invalid", 400, "Request failed."),
        ("config-disabled", 403, "Turn on the Feature Toggle or fix the configuration."),
        ("config-unauthorized", 401, "User is unauthorized"),
        ("config-forbidden", 403, "HTTP authorization error"),
    ] {
        let mut socket = Socket::open(playground.site(), &format!("/v1?deploymentId={id}")).await;
        check_failure(&socket.ask(&configure(id, false)).await, code, body);
        check_failure(&socket.ask(&presence("Join")).await, 4007, "Session not found");
    }
    for (id, code, body) in [
        ("config-expired", 4006, "Session has expired"),
        ("config-too-large", 4013, "Custom Attributes in channel metadata is larger than 2048 bytes"),
        ("config-server-error", 5000, "Request failed."),
    ] {
        check_failure(&configured(&playground, id).await.ask(&presence("Join")).await, code, body);
    }
}

#[tokio::test]
async fn a_rate_limit_says_when_to_try_again() {
    let playground = serve().await.unwrap();
    let answer = configured(&playground, "config-rate-limited").await.ask(&presence("Join")).await;
    assert_eq!((&answer["class"], &answer["code"]), (&json!("TooManyRequestsErrorMessage"), &json!(429)));
    let body = json!({ "retryAfter": 3, "errorCode": 4029, "errorMessage": "Message rate too high for this session" });
    assert_eq!(answer["body"], body);
}

#[tokio::test]
async fn a_slow_deployment_answers_the_first_message_late() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-slow-300").await;
    let before = Instant::now();
    assert_eq!(socket.ask(&presence("Join")).await["code"], 200);
    assert!(before.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_dropped_message_ends_the_connection_without_a_close() {
    let playground = serve().await.unwrap();
    let mut socket = configured(&playground, "config-dropped").await;
    socket.send(Message::text(presence("Join").to_string())).await;
    assert_eq!(socket.end().await, End::Dropped);
    let last = received(playground.site(), "").await.pop().unwrap();
    assert_eq!(last["status"], Value::Null);
}

#[tokio::test]
async fn a_handshake_names_a_deployment_that_allows_the_origin() {
    let playground = serve().await.unwrap();
    for (target, status) in [("/v1?deploymentId=config-origin-refused", 403), ("/v1?application=test", 400)] {
        assert_eq!(Socket::refused(playground.site(), target).await, status, "{target}");
    }
    let answer = send(playground.site(), "GET /v1?deploymentId=config-live", &[], b"").await.unwrap();
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn every_message_is_recorded_in_order() {
    let playground = serve().await.unwrap();
    let mut first = configured(&playground, "config-live").await;
    let target = "/v1?deploymentId=config-live&application=a%20b";
    let mut second = Socket::open(playground.widget(), target).await;
    let join = format!("{}\r\n", presence("Join"));
    first.send(Message::text(join.clone())).await;
    first.receive().await;
    second.send(Message::binary(vec![0, 255])).await;
    second.receive().await;

    let all = received(playground.site(), "?after=1").await;
    assert_eq!(all.len(), 2);
    let (frame, binary) = (&all[0], &all[1]);
    assert_eq!((&frame["number"], &frame["method"]), (&json!(2), &json!("FRAME")));
    assert_eq!((&frame["path"], &frame["query"]), (&json!("/v1"), &json!("deploymentId=config-live")));
    assert_eq!((&frame["connection"], &frame["frameKind"]), (&json!(1), &json!("text")));
    assert_eq!((&frame["status"], body_of(frame)), (&json!(200), join.into_bytes()));
    assert_eq!(frame["listener"], "site");
    let upgrade = json!(["upgrade", "websocket"]);
    assert!(frame["headers"].as_array().unwrap().contains(&upgrade), "{frame}");
    assert_eq!((&binary["connection"], &binary["frameKind"]), (&json!(2), &json!("binary")));
    assert_eq!((&binary["status"], body_of(binary)), (&json!(400), vec![0, 255]));
    assert_eq!(
        (&binary["listener"], &binary["query"]),
        (&json!("widget"), &json!("deploymentId=config-live&application=a%20b"))
    );
}
