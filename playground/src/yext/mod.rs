//! Yext Chat: every message of a conversation is a `POST` with all messages so far and the context; the first one starts it.
//!
//! `POST /v2/accounts/me/chat/{botId}/message`, whose bot is the configuration ID, with `{messages, conversationId?, notes?, context?}`.
//! The answer is `{meta, response: {conversationId, message, notes}}`, a refusal `{meta: {errors: [{code, type, message}]}, response: {}}`:
//! what `@yext/chat-core` 0.9.1 reads. What an error's code and type are is the playground's own.

use crate::{
    chat::{Configuration, Decision, Refusal, json_object, uuid},
    received::now_ms,
};
use serde_json::{Value, json};

const BEFORE: &str = "/v2/accounts/me/chat/";
const AFTER: &str = "/message";

/// A message as far as its answer depends on it.
#[derive(Debug)]
pub(crate) struct Message {
    conversation: Option<String>,
}

/// What comes of a request; `None` where it is for another service.
pub(crate) fn decide(path: &str, body: &[u8]) -> Option<(Message, Decision)> {
    let bot = path.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let message = json_object(body).map(Value::Object).and_then(checked);
    Some(match message {
        Ok(message) => (message, Configuration::from(bot).into_decision()),
        Err(refusal) => (Message { conversation: None }, Decision::Refuse(refusal)),
    })
}

fn checked(body: Value) -> Result<Message, Refusal> {
    if !body["messages"].is_array() {
        return Err(Refusal::invalid_field("bad.request", "messages", "must be a list"));
    }
    match &body["context"] {
        Value::Null | Value::Object(_) => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err(Refusal::invalid_field("bad.request", "context", "must be an object"));
        }
    }
    Ok(Message { conversation: body["conversationId"].as_str().map(str::to_owned) })
}

impl Message {
    /// The bot's answer to the request with this number.
    pub(crate) fn answer(self, number: u64) -> Value {
        let message = json!({
            "messageId": uuid('d', number),
            "timestamp": now_ms(),
            "source": "BOT",
            "text": "Welcome. Whatever you say, this is the answer.",
        });
        let conversation = self.conversation.unwrap_or_else(|| uuid('a', number));
        json!({
            "meta": { "uuid": uuid('c', number), "errors": [] },
            "response": { "conversationId": conversation, "message": message, "notes": {} },
        })
    }
}

/// The body of the refusal of the request with this number.
pub(crate) fn refused(refusal: &Refusal, number: u64) -> Value {
    let error = json!({ "code": refusal.status, "type": "FATAL_ERROR", "message": refusal.message });
    json!({ "meta": { "uuid": uuid('c', number), "errors": [error] }, "response": {} })
}
