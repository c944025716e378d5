//! What the playground keeps of a request, and who is told of it when.

use crate::support::{GUEST, SHOP, WEBCHAT, body_of, post, received, send};
use playground::serve;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LARGEST: usize = 16 << 20;

#[tokio::test]
async fn a_start_is_kept_as_it_arrived() {
    let playground = serve().await.unwrap();
    let body = b"\xEF\xBB\xBF{ \"configurationId\" :\"config-live\", \"attributes\":{\"score\":1e2} }\r\n";
    let target = format!("{WEBCHAT}?lang=de%20&x=");
    post(playground.widget(), &target, body).await;

    let all = received(playground.site(), "").await;
    assert_eq!(all.len(), 1);
    let start = &all[0];
    assert_eq!(body_of(start), body);
    assert_eq!(start["number"], 1);
    assert_eq!(start["listener"], "widget");
    assert_eq!(start["method"], "POST");
    assert_eq!(start["path"], WEBCHAT);
    assert_eq!(start["query"], "lang=de%20&x=");
    assert_eq!(start["status"], 200);
    assert!(start["receivedAtMs"].as_u64().unwrap() > 1_700_000_000_000);
    let headers = json!([
        ["host", playground.widget().trim_start_matches("http://")],
        ["connection", "close"],
        ["origin", SHOP],
        ["content-type", "application/json"],
        ["content-length", body.len().to_string()],
    ]);
    assert_eq!(start["headers"], headers);
}

#[tokio::test]
async fn every_body_is_kept_wherever_it_goes() {
    let playground = serve().await.unwrap();
    let site = playground.site();
    for (line, body, status) in [
        ("POST /nowhere", "a=b", 404),
        ("POST /echo", "not\0json", 200),
        ("PATCH /api/v2/conversations/chats/1/participants/2/attributes", "{}", 404),
        ("PUT /echo", "x", 404),
        (&format!("POST {WEBCHAT}"), "not json", 400),
        (&format!("POST {GUEST}"), "", 400),
    ] {
        let answer = send(site, line, &[], body.as_bytes()).await.unwrap();
        assert_eq!(answer.status, status, "{line}");
        let last = received(site, "").await.pop().unwrap();
        assert_eq!(body_of(&last), body.as_bytes(), "{line}");
        assert_eq!(last["status"], status, "{line}");
        assert_eq!(last["query"], Value::Null, "{line}");
    }
}

#[tokio::test]
async fn numbers_tell_what_is_new() {
    let playground = serve().await.unwrap();
    for body in ["a", "b", "c"] {
        post(playground.site(), "/echo", body.as_bytes()).await;
    }
    let later = received(playground.widget(), "?after=1").await;
    let bodies: Vec<Vec<u8>> = later.iter().map(body_of).collect();
    assert_eq!(bodies, [b"b", b"c"]);

    let answer = send(playground.site(), "DELETE /received", &[], b"").await.unwrap();
    assert_eq!(answer.status, 204);
    assert_eq!(received(playground.site(), "").await, Vec::<Value>::new());
    post(playground.site(), "/echo", b"d").await;
    assert_eq!(received(playground.site(), "?after=3").await[0]["number"], 4);
}

#[tokio::test]
async fn a_wait_ends_as_soon_as_something_arrives() {
    let playground = serve().await.unwrap();
    post(playground.site(), "/echo", b"a").await;
    let before = Instant::now();
    let wait = received(playground.site(), "?after=1&wait=30000");
    let post = post(playground.widget(), "/echo", b"b");
    let (later, _) = tokio::join!(wait, post);
    assert_eq!(later.len(), 1);
    assert_eq!(body_of(&later[0]), b"b");
    assert!(before.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_wait_ends_when_its_time_is_over() {
    let playground = serve().await.unwrap();
    let before = Instant::now();
    assert!(received(playground.site(), "?wait=100").await.is_empty());
    assert!(before.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn a_slow_start_is_told_of_before_it_is_answered() {
    let playground = serve().await.unwrap();
    let site = playground.site().to_owned();
    let start = tokio::spawn(async move {
        post(&site, WEBCHAT, br#"{"configurationId":"config-slow-60000"}"#).await;
    });
    let arrived = received(playground.site(), "?wait=30000").await;
    assert_eq!(arrived[0]["status"], 200);
    assert!(!start.is_finished());
}

#[tokio::test]
async fn a_body_may_have_16_mib_and_no_more() {
    let playground = serve().await.unwrap();
    let mut body = vec![b' '; LARGEST];
    let answer = post(playground.site(), "/echo", &body).await;
    assert_eq!((answer.status, answer.body.len()), (200, LARGEST));

    body.push(b' ');
    let answer = post(playground.site(), WEBCHAT, &body).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.json()["code"], "request.entity.too.large");
    let last = received(playground.site(), "?after=1").await.pop().unwrap();
    assert_eq!(last["bodyBase64"], Value::Null);
    assert_eq!(last["status"], 413);
}
