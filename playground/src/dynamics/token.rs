//! The chat token: which thread of Azure Communication Services the chat is, where that is, and how to get in.

use crate::{
    chat::{unsigned_token, uuid},
    received::now_ms,
};
use serde_json::{Value, json};

/// Where the client would find the messages. It takes no address without TLS, and this one, whose top level is reserved for tests,
/// is nowhere unless a browser is told where.
pub(super) const COMMUNICATION_SERVICES: &str = "https://communication.callsign.test";

/// How long a token lasts; a client fetches a new one ten minutes before its end.
const LIFETIME_SECONDS: u64 = 24 * 60 * 60;

/// The token that the request with this number gets.
pub(super) fn chat_token(number: u64) -> Value {
    let visitor = format!("acs:{}_{}", uuid('f', 0), uuid('b', number));
    let expires = now_ms() / 1_000 + LIFETIME_SECONDS;
    let token = unsigned_token(&json!({ "skypeid": visitor, "resourceId": uuid('f', 0), "exp": expires }));
    json!({
        "ChatId": uuid('a', number),
        "Token": token,
        "ExpiresIn": LIFETIME_SECONDS.to_string(),
        "VisitorId": format!("8:{visitor}"),
        // JSON in a string, and empty: it names hosts of an older messaging service.
        "RegionGtms": "{}",
        "ACSEndpoint": COMMUNICATION_SERVICES,
    })
}
