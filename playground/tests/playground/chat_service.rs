//! What a page sees of the chat service: for each configuration ID the status, the headers and the body.

use crate::support::{GUEST, SHOP, WEBCHAT, body_of, post, received, send};
use playground::{Playground, serve};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn webchat(id: &str) -> Vec<u8> {
    json!({ "configurationId": id, "attributes": { "externalId": "CRM-1" } }).to_string().into_bytes()
}

fn guest(id: &str) -> Vec<u8> {
    json!({
        "organizationId": "org",
        "deploymentId": id,
        "routingTarget": { "targetType": "QUEUE", "targetAddress": "Support" },
        "memberInfo": { "displayName": "Ada", "customFields": { "externalId": "CRM-1" } },
    })
    .to_string()
    .into_bytes()
}

async fn check(playground: &Playground, id: &str, status: u16, code: &str) {
    for (path, body) in [(WEBCHAT, webchat(id)), (GUEST, guest(id))] {
        let answer = post(playground.site(), path, &body).await;
        let answered = answer.json();
        assert_eq!(answer.status, status, "{path} {id}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answered["code"].as_str().unwrap_or(""), code, "{path} {id}");
        if status != 200 {
            check_error_body(&answered, status);
        }
    }
}

#[track_caller]
fn check_error_body(body: &Value, status: u16) {
    assert_eq!(body["status"], status);
    assert!(!body["message"].as_str().unwrap().is_empty());
    assert_eq!(body["contextId"].as_str().unwrap().len(), 36);
    assert!(body["messageParams"].is_object());
    assert!(body["details"].is_array());
    assert_eq!(body["errors"], json!([]));
}

#[tokio::test]
async fn each_configuration_id_has_its_answer() {
    let playground = serve().await.unwrap();
    check(&playground, "config-live", 200, "").await;
    check(&playground, "config-slow-1", 200, "").await;
    check(&playground, "config-unknown", 404, "not.found").await;
    check(&playground, "whatever", 404, "not.found").await;
    check(&playground, "config-invalid", 400, "invalid.value").await;
    check(&playground, "config-disabled", 400, "chat.deployment.disabled").await;
    check(&playground, "config-unauthorized", 401, "authentication.required").await;
    check(&playground, "config-expired", 401, "credentials.expired").await;
    check(&playground, "config-forbidden", 403, "not.authorized").await;
    check(&playground, "config-origin-refused", 403, "origin.not.allowed").await;
    check(&playground, "config-too-large", 413, "request.entity.too.large").await;
    check(&playground, "config-rate-limited", 429, "too.many.requests").await;
    check(&playground, "config-server-error", 500, "internal.server.error").await;
}

#[tokio::test]
async fn a_start_may_be_a_form() {
    let playground = serve().await.unwrap();
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"configurationId\"\r\n\r\nconfig-live\r\n\
        --x\r\nContent-Disposition: form-data; name=\"attributes[externalId]\"\r\n\r\nCRM-1\r\n--x--\r\n";
    for (content_type, body) in [
        (
            "application/x-www-form-urlencoded;charset=UTF-8",
            "configurationId=config-live&attributes%5BexternalId%5D=CRM-1",
        ),
        ("multipart/form-data; boundary=x", multipart),
    ] {
        let headers = [("Content-Type", content_type)];
        let answer = send(playground.site(), &format!("POST {WEBCHAT}"), &headers, body.as_bytes()).await.unwrap();
        assert_eq!(answer.status, 200, "{content_type}");
        assert!(answer.json()["member"].is_object());
        let last = received(playground.site(), "").await.pop().unwrap();
        assert_eq!(body_of(&last), body.as_bytes());
    }
}

#[tokio::test]
async fn a_started_chat_has_a_conversation_and_a_member() {
    let playground = serve().await.unwrap();
    let first = post(playground.site(), WEBCHAT, &webchat("config-live")).await.json();
    let second = post(playground.widget(), GUEST, &guest("config-live")).await.json();
    assert_eq!(first["id"], "0000000a-0000-4000-8000-000000000001");
    assert_eq!(second["id"], "0000000a-0000-4000-8000-000000000002");
    assert_eq!(first["member"]["id"], "0000000b-0000-4000-8000-000000000001");
    assert_eq!(first["jwt"].as_str().unwrap().split('.').count(), 3);
    let stream = playground.widget().replace("http://", "ws://") + "/ws/echo";
    assert_eq!(second["eventStreamUri"], stream);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let playground = serve().await.unwrap();
    let body = br#"{"configurationId":"config-live","attributes":7}"#;
    let details = &post(playground.site(), WEBCHAT, body).await.json()["details"];
    assert_eq!(*details, json!([{ "errorCode": "bad.request", "fieldName": "attributes" }]));
}

#[tokio::test]
async fn only_a_rate_limit_says_when_to_retry() {
    let playground = serve().await.unwrap();
    for (id, seconds) in [("config-rate-limited", Some("3")), ("config-server-error", None)] {
        let answer = post(playground.site(), WEBCHAT, &webchat(id)).await;
        assert_eq!(answer.header("retry-after"), seconds);
    }
}

#[tokio::test]
async fn every_origin_may_read_the_answers() {
    let playground = serve().await.unwrap();
    for id in ["config-live", "config-unknown", "config-rate-limited"] {
        let answer = post(playground.widget(), WEBCHAT, &webchat(id)).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP), "{id}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{id}");
        assert_eq!(answer.header("access-control-expose-headers"), Some("Retry-After"), "{id}");
        assert_eq!(answer.header("vary"), Some("Origin"), "{id}");
    }
}

#[tokio::test]
async fn a_preflight_allows_what_it_asks_for() {
    let playground = serve().await.unwrap();
    let headers = [
        ("Origin", SHOP),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type,x-tenant"),
    ];
    let answer = send(playground.widget(), &format!("OPTIONS {WEBCHAT}"), &headers, b"").await.unwrap();
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("content-type,x-tenant"));
}

#[tokio::test]
async fn a_refused_origin_gets_no_cors_headers() {
    let playground = serve().await.unwrap();
    let answer = post(playground.widget(), WEBCHAT, &webchat("config-origin-refused")).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("access-control-expose-headers"), None);
}

#[tokio::test]
async fn a_slow_start_is_answered_after_its_delay() {
    let playground = serve().await.unwrap();
    let before = Instant::now();
    let answer = post(playground.site(), WEBCHAT, &webchat("config-slow-300")).await;
    assert_eq!(answer.status, 200);
    assert!(before.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_dropped_start_arrives_and_has_no_answer() {
    let playground = serve().await.unwrap();
    let line = format!("POST {WEBCHAT}");
    let answer = send(playground.site(), &line, &[], &webchat("config-dropped")).await;
    assert!(answer.is_none(), "{answer:?}");
    let received = received(playground.site(), "").await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["status"], Value::Null);
}

#[tokio::test]
async fn stopping_does_not_wait_for_a_slow_start() {
    let playground = serve().await.unwrap();
    let site = playground.site().to_owned();
    let body = webchat("config-slow-60000");
    let start = tokio::spawn(async move { post(&site, WEBCHAT, &body).await.status });
    received(playground.site(), "?wait=30000").await;
    playground.stop().await;
    assert_eq!(start.await.unwrap(), 200);
}
