//! A started chat is answered with a conversation, whose ID counts up so that every run shows the same ones.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Value, json};

/// The answer to a start that went well, in the shape of the guest API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    id: String,
    jwt: String,
    event_stream_uri: String,
    member: Member,
}

#[derive(Debug, Serialize)]
struct Member {
    id: String,
}

impl Conversation {
    /// The conversation of the request with this number. Its token is unsigned; its event stream, on the host that
    /// was asked, accepts a WebSocket and echoes.
    pub fn new(number: u64, host: &str) -> Self {
        let id = uuid('a', number);
        let member = Member { id: uuid('b', number) };
        let jwt = unsigned_token(&json!({ "sub": member.id }));
        Self { id, jwt, event_stream_uri: format!("ws://{host}/ws/echo"), member }
    }
}

/// A well-formed version 4 UUID that differs by its kind, a hexadecimal digit, and by its number.
pub(crate) fn uuid(kind: char, number: u64) -> String {
    format!("0000000{kind}-0000-4000-8000-{number:012x}")
}

/// A JSON Web Token with these claims, and with no signature.
pub(crate) fn unsigned_token(claims: &Value) -> String {
    format!("{}.{}.", base64url(r#"{"alg":"none"}"#), base64url(&claims.to_string()))
}

fn base64url(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}
