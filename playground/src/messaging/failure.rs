//! Why the service refuses a request: a code to look up, and a sentence to read.

use serde_json::{Value, json};

/// The most bytes that the keys and values of the custom attributes have together, in UTF-8.
pub(super) const MOST_ATTRIBUTE_BYTES: usize = 2_048;
/// The most characters of a text.
pub(super) const MOST_TEXT_CHARACTERS: usize = 4_096;

/// A refusal. Where no source has the vendor's sentence, the sentence is the playground's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// No JSON object, no known action, no deployment ID at all, or attributes that are not strings.
    NotUnderstood,
    /// The deployment takes signed-in customers only.
    Unauthorized,
    /// The customer may not do this.
    Forbidden,
    /// The deployment is switched off.
    Disabled,
    /// There is no such deployment.
    UnknownDeployment,
    /// Too many messages; to be tried again after 3 s.
    RateLimited,
    /// The session has been idle for too long.
    SessionExpired,
    /// No session with this token was configured over this socket.
    SessionNotFound,
    /// The text has more than [`MOST_TEXT_CHARACTERS`].
    MessageTooLong,
    /// The attributes have more than [`MOST_ATTRIBUTE_BYTES`].
    AttributesTooLarge,
    /// A field is missing, by its name.
    MissingParameter(&'static str),
    /// The service failed.
    ServerError,
}

impl Failure {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::NotUnderstood => 400,
            Self::Unauthorized => 401,
            Self::Forbidden | Self::Disabled => 403,
            Self::UnknownDeployment => 404,
            Self::RateLimited => 429,
            Self::SessionExpired => 4006,
            Self::SessionNotFound => 4007,
            Self::MessageTooLong => 4011,
            Self::AttributesTooLarge => 4013,
            Self::MissingParameter(_) => 4020,
            Self::ServerError => 5000,
        }
    }

    pub(super) fn body(self) -> Value {
        match self {
            Self::NotUnderstood | Self::ServerError => json!("Request failed."),
            Self::Unauthorized => json!("User is unauthorized"),
            Self::Forbidden => json!("HTTP authorization error"),
            Self::Disabled => json!("Turn on the Feature Toggle or fix the configuration."),
            Self::UnknownDeployment => json!("Deployment not found"),
            Self::RateLimited => json!({
                "retryAfter": 3,
                "errorCode": 4029,
                "errorMessage": "Message rate too high for this session",
            }),
            Self::SessionExpired => json!("Session has expired"),
            Self::SessionNotFound => json!("Session not found"),
            Self::MessageTooLong => json!("message too long"),
            Self::AttributesTooLarge => {
                json!(format!("Custom Attributes in channel metadata is larger than {MOST_ATTRIBUTE_BYTES} bytes"))
            }
            Self::MissingParameter(name) => json!(format!("Missing parameter: {name}")),
        }
    }
}
