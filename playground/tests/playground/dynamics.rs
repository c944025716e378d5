//! What a client of Dynamics 365 Omnichannel sees: what it asks for before its start, and each way to start.

use crate::support::{body_of, get, post, received};
use playground::serve;
use serde_json::{Value, json};

fn conversation(id: &str) -> String {
    format!("/livechatconnector/organization/org/widgetApp/{id}/conversation")
}

fn session(id: &str) -> String {
    format!("/livechatconnector/sessioninit/org/{id}/request?channelId=lcw")
}

fn body() -> Vec<u8> {
    json!({ "customContextData": { "externalId": { "value": "CRM-1", "isDisplayable": true } } })
        .to_string()
        .into_bytes()
}

#[track_caller]
fn check_token(token: &Value) {
    assert_eq!(token["ChatId"].as_str().unwrap().len(), 36);
    assert_eq!(token["Token"].as_str().unwrap().split('.').count(), 3);
    assert!(token["ACSEndpoint"].as_str().unwrap().starts_with("https://"));
    assert_eq!(token["RegionGtms"], "{}");
}

#[tokio::test]
async fn a_client_learns_what_it_needs_before_its_start() {
    let playground = serve().await.unwrap();
    let settings = get(playground.site(), "/livechatconnector/config/org/config-live?requestId=r").await.json();
    assert_eq!(settings["LiveChatVersion"], 2);
    check_token(&get(playground.site(), "/livechatconnector/v2/getchattoken/org/config-live/r").await.json());
    let notifications = get(playground.site(), "/chat/config/realTimeNotifications?api-version=1").await.json();
    assert!(notifications["trouterServiceUrl"].is_string());
}

#[tokio::test]
async fn a_start_makes_a_conversation_or_a_session() {
    let playground = serve().await.unwrap();
    check_token(&post(playground.site(), &conversation("config-live"), &body()).await.json());
    assert_eq!(post(playground.site(), &session("config-live"), &body()).await.text(), "");
    for entry in received(playground.site(), "").await {
        assert_eq!((body_of(&entry), &entry["status"]), (body(), &json!(200)));
    }
}

#[tokio::test]
async fn each_widget_has_its_answer() {
    let playground = serve().await.unwrap();
    for (id, status, retry_after) in [
        ("config-invalid", 400, None),
        ("config-unauthorized", 401, None),
        ("config-forbidden", 403, None),
        ("config-unknown", 404, None),
        ("config-rate-limited", 429, Some("0")),
        ("config-server-error", 500, None),
    ] {
        for path in [conversation(id), session(id)] {
            let answer = post(playground.site(), &path, &body()).await;
            assert_eq!(
                (answer.status, answer.header("retry-after"), answer.text()),
                (status, retry_after, ""),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn an_attribute_without_a_value_is_refused() {
    let playground = serve().await.unwrap();
    let body = br#"{"customContextData":{"externalId":"CRM-1"}}"#;
    assert_eq!(post(playground.site(), &conversation("config-live"), body).await.status, 400);
}
