//! Traffic that is no chat start: it comes back as it was sent, or goes wrong as it was asked to.

use crate::{
    socket::Socket,
    support::{body_of, get, post, received},
};
use playground::serve;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn the_echo_gives_the_body_back() {
    let playground = serve().await.unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(post(playground.site(), "/echo", &bytes).await.body, bytes);
    assert_eq!(get(playground.site(), "/echo").await.text(), "ok");
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
