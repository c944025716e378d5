//! Traffic that is no chat start: it comes back as it was sent, or goes wrong as it was asked to.

use crate::{
    socket::{End, Socket},
    support::{SHOP, body_of, get, post, received, send},
};
use playground::serve;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn the_echo_gives_the_body_back() {
    let playground = serve().await.unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(post(playground.site(), "/echo", &bytes).await.body, bytes);
    let answer = get(playground.site(), "/echo").await;
    assert_eq!((answer.text(), answer.header("content-type")), ("ok", Some("text/plain; charset=utf-8")));
}

#[tokio::test]
async fn a_web_socket_echoes_text_and_bytes() {
    let playground = serve().await.unwrap();
    let mut socket = Socket::open(playground.site(), "/ws/echo?a=b").await;
    for message in [Message::text("{\"action\": \"start\"}"), Message::binary(vec![0, 255])] {
        socket.send(message.clone()).await;
        assert_eq!(socket.receive().await, message);
    }
    socket.send(Message::Close(None)).await;
    assert!(matches!(socket.receive().await, Message::Close(_)));

    let all = received(playground.site(), "").await;
    assert_eq!(all.iter().map(body_of).collect::<Vec<_>>(), [b"{\"action\": \"start\"}".to_vec(), vec![0, 255]]);
    let kinds: Vec<&Value> = all.iter().map(|entry| &entry["frameKind"]).collect();
    assert_eq!(kinds, ["text", "binary"]);
    for entry in &all {
        assert_eq!((&entry["method"], &entry["path"]), (&json!("FRAME"), &json!("/ws/echo")));
        assert_eq!((&entry["query"], &entry["status"]), (&json!("a=b"), &Value::Null));
        assert_eq!(entry["connection"], 1);
    }
}

#[tokio::test]
async fn an_echo_tells_what_arrived() {
    let playground = serve().await.unwrap();
    let target = "/echo?reply=json&a=%20";
    let answer = post(playground.widget(), target, &[0, 255]).await.json();
    let headers = json!([
        ["Host", playground.widget().trim_start_matches("http://")],
        ["Connection", "close"],
        ["Origin", SHOP],
        ["Content-Type", "application/json"],
        ["Content-Length", "2"],
    ]);
    let told = json!({
        "method": "POST",
        "path": "/echo",
        "query": "reply=json&a=%20",
        "headers": headers,
        "bodyBase64": "AP8=",
    });
    assert_eq!(answer, told);
    assert_eq!(get(playground.site(), "/echo?reply=json").await.json()["method"], "GET");
}

#[tokio::test]
async fn an_echo_is_as_late_as_it_should_be_and_has_the_status_that_it_should_have() {
    let playground = serve().await.unwrap();
    let before = Instant::now();
    let answer = post(playground.site(), "/echo?delay=200&status=503", b"a").await;
    assert!(before.elapsed() >= Duration::from_millis(200));
    assert_eq!((answer.status, answer.text()), (503, "a"));
    assert_eq!(received(playground.site(), "").await[0]["status"], 503);
    assert_eq!(get(playground.site(), "/echo?status=404").await.status, 404);
}

#[tokio::test]
async fn an_echo_has_the_size_that_it_should_have() {
    let playground = serve().await.unwrap();
    for size in [0, 1, 25, 100_000] {
        let answer = get(playground.site(), &format!("/echo?size={size}")).await;
        assert_eq!((answer.body.len(), answer.header("content-length")), (size, Some(&*size.to_string())));
    }
    let before = Instant::now();
    let answer = post(playground.site(), "/echo?size=25&pace=20", b"").await;
    // Nine pieces of three bytes, but for the last one.
    assert!(before.elapsed() >= Duration::from_millis(180));
    assert_eq!(answer.body, [b'x'; 25]);
}

#[tokio::test]
async fn a_wish_that_cannot_be_granted_is_refused() {
    let playground = serve().await.unwrap();
    for target in [
        "/echo?delay=soon",
        "/echo?status=100",
        "/echo?status=600",
        "/echo?size=16777217",
        "/echo?reply=xml",
        "/redirect",
        "/redirect?to=/echo&code=200",
        "/redirect?to=%0A",
    ] {
        assert_eq!(get(playground.site(), target).await.status, 400, "{target}");
        assert_eq!(post(playground.site(), target, b"").await.json()["code"], "bad.request", "{target}");
    }
}

#[tokio::test]
async fn a_redirect_leads_elsewhere() {
    let playground = serve().await.unwrap();
    let to = format!("{}/echo?a=b", playground.widget());
    let encoded = to.replace(':', "%3A").replace('?', "%3F");
    for (code, status) in [("", 302), ("&code=301", 301), ("&code=303", 303), ("&code=307", 307), ("&code=308", 308)] {
        let target = format!("/redirect?to={encoded}{code}");
        for answer in [get(playground.site(), &target).await, post(playground.site(), &target, b"a").await] {
            assert_eq!((answer.status, answer.header("location")), (status, Some(&*to)));
        }
        assert_eq!(received(playground.site(), "").await.pop().unwrap()["status"], status);
    }
    let answer = post(playground.site(), "/redirect?to=/echo", b"a").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP));
}

#[tokio::test]
async fn a_request_is_dropped_once_its_body_has_arrived() {
    let playground = serve().await.unwrap();
    for line in ["POST /drop", "GET /drop"] {
        assert!(send(playground.site(), line, &[], b"a").await.is_none(), "{line}");
    }
    let all = received(playground.site(), "").await;
    assert_eq!(all.len(), 1);
    assert_eq!((body_of(&all[0]), &all[0]["status"]), (b"a".to_vec(), &Value::Null));
}

#[tokio::test]
async fn a_web_socket_closes_after_as_many_messages() {
    let playground = serve().await.unwrap();
    let mut socket = Socket::open(playground.site(), "/ws/echo?closeAfter=2").await;
    for text in ["a", "b"] {
        socket.send(Message::text(text)).await;
        assert_eq!(socket.receive().await, Message::text(text));
    }
    let reason = "closed after as many messages as was asked for";
    assert_eq!(socket.end().await, End::Closed(1001, reason.to_owned()));
}

#[tokio::test]
async fn a_web_socket_echoes_as_late_as_it_should() {
    let playground = serve().await.unwrap();
    let mut socket = Socket::open(playground.site(), "/ws/echo?delay=200").await;
    let before = Instant::now();
    socket.send(Message::text("a")).await;
    assert_eq!(socket.receive().await, Message::text("a"));
    assert!(before.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_web_socket_selects_a_subprotocol_that_is_offered() {
    let playground = serve().await.unwrap();
    let (_, selected) = Socket::open_with(playground.site(), "/ws/echo?protocol=chat.v1", Some("a, chat.v1")).await;
    assert_eq!(selected.as_deref(), Some("chat.v1"));
    let (_, selected) = Socket::open_with(playground.site(), "/ws/echo?protocol=chat.v1", None).await;
    assert_eq!(selected, None);
}
