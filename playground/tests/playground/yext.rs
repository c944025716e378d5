//! What a client of Yext Chat sees: an answer to each message of a conversation, or why there is none.

use crate::support::{body_of, post, received};
use playground::serve;
use serde_json::{Value, json};

fn message(conversation: Option<&str>, context: &Value) -> Vec<u8> {
    let messages = json!([{ "source": "USER", "text": "hi" }]);
    json!({ "conversationId": conversation, "messages": messages, "context": context }).to_string().into_bytes()
}

fn path(id: &str) -> String {
    format!("/v2/accounts/me/chat/{id}/message?v=20230101")
}

#[tokio::test]
async fn a_conversation_starts_with_its_first_message_and_goes_on() {
    let playground = serve().await.unwrap();
    let first = message(None, &json!({ "externalId": "CRM-1" }));
    let started = post(playground.site(), &path("config-live"), &first).await.json();
    let id = started["response"]["conversationId"].as_str().unwrap();
    assert_eq!(started["response"]["message"]["source"], "BOT");
    assert_eq!(started["meta"]["errors"], json!([]));
    let next = message(Some(id), &Value::Null);
    let answer = post(playground.site(), &path("config-live"), &next).await.json();
    assert_eq!(answer["response"]["conversationId"], id);
    let bodies: Vec<_> = received(playground.site(), "").await.iter().map(body_of).collect();
    assert_eq!(bodies, [first, next]);
}

#[tokio::test]
async fn each_bot_has_its_answer() {
    let playground = serve().await.unwrap();
    for (id, status, retry_after) in [
        ("config-invalid", 400, None),
        ("config-unauthorized", 401, None),
        ("config-forbidden", 403, None),
        ("config-unknown", 404, None),
        ("config-rate-limited", 429, Some("3")),
        ("config-server-error", 500, None),
    ] {
        let answer = post(playground.site(), &path(id), &message(None, &Value::Null)).await;
        assert_eq!((answer.status, answer.header("retry-after")), (status, retry_after), "{id}");
        assert_eq!(answer.json()["meta"]["errors"][0]["code"], status);
        assert_eq!(answer.json()["response"], json!({}));
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let playground = serve().await.unwrap();
    for body in [&message(None, &json!("CRM-1")), &b"{}".to_vec(), &b"hi".to_vec()] {
        assert_eq!(post(playground.site(), &path("config-live"), body).await.status, 400);
    }
}
