//! Dynamics 365 Omnichannel: a chat starts by a `POST` with its attributes in `customContextData`, in one of two ways.
//!
//! # On the wire
//!
//! The `widgetId` is the configuration ID. `ORG` is any organisation.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /livechatconnector/config/ORG/{widgetId}` | the least that a client takes for a chat widget's settings |
//! | `GET /livechatconnector/v2/getchattoken/ORG/{widgetId}/{requestId}` | a chat token |
//! | `POST /livechatconnector/organization/ORG/widgetApp/{widgetId}/conversation` | a conversation, and the chat token for it |
//! | `POST /livechatconnector/sessioninit/ORG/{widgetId}/{requestId}` | 200 without a body: the session for a token that was asked for before |
//! | `POST /livechatconnector/sessionclose/ORG/{widgetId}/{requestId}` | 200 without a body |
//! | `GET /chat/config/realTimeNotifications` | where Azure Communication Services would tell of messages, which nothing here does |
//!
//! The last one is asked at the address of Azure Communication Services that the chat token names, and that must have TLS: see
//! `tests/browser/support/vendor_hosts.mjs`. Where a browser cannot get there, a chat starts, and its client says that it cannot join.
//!
//! A refusal is a status without a body. The client tries a start again five times when it is answered with 429, after as many
//! seconds as `Retry-After` names; it is 0 here, so that nobody has to wait.
//!
//! Paths, shapes and retries are those of `@microsoft/omnichannel-chat-sdk` 1.11.8 and `@microsoft/ocsdk`. That each attribute is an
//! object with a string, number or boolean as its `value`, and otherwise refused, is what the vendor's documentation asks for.

mod before;
mod token;

pub(crate) use before::routes;

use crate::{
    answer::refusal_of,
    chat::{Configuration, Decision, Refusal, json_object},
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

/// Which of the vendor's requests is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Makes a conversation and a chat token.
    Conversation,
    /// Makes a session for a chat token, or closes it.
    Session,
}

/// What comes of a request; `None` where it is for another service.
pub(crate) fn decide(path: &str, body: &[u8]) -> Option<(Start, Decision)> {
    let mut segments = path.strip_prefix("/livechatconnector/")?.split('/');
    let kind = segments.next()?;
    let segments: Vec<&str> = segments.collect();
    let (start, widget) = match (kind, segments.as_slice()) {
        ("organization", [_, "widgetApp", widget, "conversation"]) => (Start::Conversation, *widget),
        ("sessioninit", [_, widget, _]) => (Start::Session, *widget),
        ("sessionclose", [_, _, _]) => return Some((Start::Session, Configuration::Live.into_decision())),
        _ => return None,
    };
    let checked = json_object(body).and_then(|body| check_context(body.get("customContextData")));
    let decision = checked.map_or_else(Decision::Refuse, |()| Configuration::from(widget).into_decision());
    Some((start, decision))
}

fn check_context(context: Option<&Value>) -> Result<(), Refusal> {
    let invalid = |name: &str, reason: &str| Err(Refusal::invalid_field("bad.request", name, reason));
    match context {
        None => Ok(()),
        Some(Value::Object(attributes)) => {
            let is_simple = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
            match attributes.iter().find(|(_, attribute)| !is_simple(&attribute["value"])) {
                None => Ok(()),
                Some((name, _)) => invalid(&format!("customContextData.{name}"), "must have a simple value"),
            }
        }
        Some(_) => invalid("customContextData", "must be an object"),
    }
}

impl Start {
    /// The answer to the request with this number.
    pub(crate) fn started(self, number: u64) -> Response {
        match self {
            Self::Conversation => Json(token::chat_token(number)).into_response(),
            Self::Session => StatusCode::OK.into_response(),
        }
    }
}

/// The refusal of a start.
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let mut response = refusal_of(refusal, ());
    if refusal.retry_after.is_some() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("0"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONVERSATION: &str = "/livechatconnector/organization/org/widgetApp/config-live/conversation";
    const SESSION: &str = "/livechatconnector/sessioninit/org/config-live/request";

    #[track_caller]
    fn check(path: &str, body: &str, expected: Option<(Start, u16)>) {
        let decided = decide(path, body.as_bytes());
        let found = decided.map(|(start, decision)| (start, decision.status().unwrap_or_default()));
        assert_eq!(found, expected, "{path} {body}");
    }

    #[test]
    fn two_requests_start_a_chat() {
        check(CONVERSATION, "{}", Some((Start::Conversation, 200)));
        check(SESSION, "{}", Some((Start::Session, 200)));
        check("/livechatconnector/sessioninit/org/config-disabled/request", "{}", Some((Start::Session, 400)));
        check("/livechatconnector/sessionclose/org/config-disabled/request", "", Some((Start::Session, 200)));
        check("/livechatconnector/organization/org/widgetApp/config-live", "{}", None);
        check("/livechatconnector/sessioninit/org/config-live", "{}", None);
        check("/api/v2/conversations/webchat", "{}", None);
    }

    #[test]
    fn each_attribute_is_an_object_with_a_value() {
        let check = |context: &str, status| {
            check(CONVERSATION, &format!(r#"{{"customContextData":{context}}}"#), Some((Start::Conversation, status)));
        };
        check("{}", 200);
        check(r#"{"a":{"value":"b","isDisplayable":true},"c":{"value":7},"d":{"value":false}}"#, 200);
        check(r#"{"a":"b"}"#, 400);
        check(r#"{"a":{"isDisplayable":true}}"#, 400);
        check(r#"{"a":{"value":{"b":"c"}}}"#, 400);
        check(r#"["a"]"#, 400);
        check("null", 400);
    }
}
