//! Which service a request is for, each in the words of the vendor that it stands in for.

use crate::{
    answer::refusal_of,
    chat::{self, Conversation, Decision, Refusal},
    dynamics, livechat,
    routes::State,
    yext,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};

/// The service that decided about a request, with what it needs to word its answer.
#[derive(Debug)]
pub(crate) enum Service {
    /// The start that carries a configuration ID, the guest API, and whatever is no service at all.
    Chat,
    /// Dynamics 365 Omnichannel.
    Dynamics(dynamics::Start),
    /// LiveChat's accounts, which give a customer a token; its chats are on a WebSocket.
    LiveChatAccounts,
    /// Yext Chat.
    Yext(yext::Message),
}

/// The service for a `POST` to `path` (without its query), and what it decides from nothing else.
pub(crate) fn decide(path: &str, content_type: Option<&str>, body: &[u8]) -> (Service, Decision) {
    if let Some((start, decision)) = dynamics::decide(path, body) {
        return (Service::Dynamics(start), decision);
    }
    if let Some((message, decision)) = yext::decide(path, body) {
        return (Service::Yext(message), decision);
    }
    if let Some(decision) = livechat::decide(path, body) {
        return (Service::LiveChatAccounts, decision);
    }
    (Service::Chat, chat::decide(path, content_type, body))
}

impl Service {
    /// The answer to the request with this number, whose chat starts.
    pub(crate) fn started(self, number: u64, state: &State) -> Response {
        match self {
            Self::Chat => {
                let host = state.origin().trim_start_matches("http://");
                Json(Conversation::new(number, host)).into_response()
            }
            Self::Dynamics(start) => start.started(number),
            Self::LiveChatAccounts => Json(livechat::token(number)).into_response(),
            Self::Yext(message) => Json(message.answer(number)).into_response(),
        }
    }

    /// The answer to the request with this number, which is refused.
    pub(crate) fn refused(self, refusal: &Refusal, number: u64) -> Response {
        match self {
            Self::Chat | Self::LiveChatAccounts => refusal_of(refusal, Json(refusal.body(number))),
            Self::Dynamics(_) => dynamics::refused(refusal),
            Self::Yext(_) => refusal_of(refusal, Json(yext::refused(refusal, number))),
        }
    }
}
