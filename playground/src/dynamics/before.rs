//! What a client asks for before its start: the widget's settings, a chat token, and where messages would be told.

use super::token::{COMMUNICATION_SERVICES, chat_token};
use crate::{received::now_ms, routes::State};
use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

/// The requests that have no body.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/livechatconnector/config/{org}/{widget}", get(async || Json(settings())))
        .route("/livechatconnector/v2/getchattoken/{org}/{widget}/{request}", get(token))
        .route("/chat/config/realTimeNotifications", get(notifications))
}

/// No attachments, so that the client loads nothing from other hosts; neither a survey nor persistent chat.
fn settings() -> Value {
    json!({
        "LiveChatVersion": 2,
        "LiveWSAndLiveChatEngJoin": {
            "msdyn_prechatenabled": "false",
            "msdyn_enablefileattachmentsforcustomers": "false",
            "msdyn_enablefileattachmentsforagents": "false",
            "msdyn_callingoptions": "",
        },
        "ChatWidgetLanguage": { "msdyn_localeid": "1033" },
        "DataMaskingInfo": { "setting": { "msdyn_maskforcustomer": false } },
    })
}

/// The thread has the time as its number: this request is not recorded, and so has none.
async fn token() -> Json<Value> {
    Json(chat_token(now_ms()))
}

/// The client connects to these in the background, and starts its chat whether they answer or not.
async fn notifications() -> Json<Value> {
    let nowhere = format!("{COMMUNICATION_SERVICES}/trouter");
    Json(json!({ "trouterServiceUrl": nowhere, "registrarServiceUrl": nowhere, "cloudType": "Public" }))
}
