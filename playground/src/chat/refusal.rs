//! A refused start is answered with the vendor's error body: a code to look up, and a sentence to read.
//!
//! Codes and shape are those of `ErrorBody` in the API description that Genesys publishes for its guest chat client.

use serde::Serialize;
use std::collections::BTreeMap;

/// Why a start is refused, before it has a number of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// The vendor's code, lower case words with dots between them.
    pub code: &'static str,
    /// One English sentence.
    pub message: String,
    /// What the sentence was filled in with.
    pub message_params: BTreeMap<&'static str, String>,
    /// The field that is wrong, where there is one.
    pub details: Vec<ErrorDetail>,
    /// The `Retry-After` header, in seconds.
    pub retry_after: Option<u32>,
    /// Whether the answer carries no CORS headers, so that a page of another origin cannot read it.
    pub is_hidden: bool,
}

/// What a refusal is answered with, as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody<'a> {
    message: &'a str,
    code: &'a str,
    status: u16,
    message_params: &'a BTreeMap<&'static str, String>,
    context_id: String,
    details: &'a [ErrorDetail],
    errors: [(); 0],
}

/// A wrong field of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    error_code: &'static str,
    field_name: String,
}

impl Refusal {
    /// The body of the answer to the request with this number.
    pub fn body(&self, number: u64) -> ErrorBody<'_> {
        ErrorBody {
            message: &self.message,
            code: self.code,
            status: self.status,
            message_params: &self.message_params,
            context_id: super::conversation::uuid('c', number),
            details: &self.details,
            errors: [],
        }
    }

    /// Nothing answers at this path.
    pub fn no_such_path(path: &str) -> Self {
        Self::new(404, "not.found", format!("The requested resource {path} was not found")).with("path", path)
    }

    /// The request is larger than this number of bytes.
    pub fn too_large(maximum_bytes: usize) -> Self {
        let message = format!("The request is over the size limit. Maximum bytes: {maximum_bytes}");
        Self::new(413, "request.entity.too.large", message).with("maximumBytes", &maximum_bytes.to_string())
    }

    pub(crate) fn malformed(reason: &str) -> Self {
        Self::new(400, "bad.request", format!("The request could not be understood by the server: {reason}"))
    }

    pub(crate) fn invalid_field(code: &'static str, field_name: &str, reason: &str) -> Self {
        let detail = ErrorDetail { error_code: code, field_name: field_name.to_owned() };
        Self { details: vec![detail], ..Self::new(400, code, format!("Invalid request: {field_name} {reason}")) }
    }

    pub(super) fn unknown_configuration() -> Self {
        Self::new(404, "not.found", "The chat configuration or deployment was not found")
    }

    pub(super) fn invalid_configuration() -> Self {
        Self::new(400, "invalid.value", "Invalid configuration ID or deployment ID")
    }

    pub(super) fn disabled() -> Self {
        Self::new(400, "chat.deployment.disabled", "The chat deployment is disabled")
    }

    pub(super) fn unauthorized() -> Self {
        let message = "No authentication bearer token specified in authorization header.";
        Self::new(401, "authentication.required", message)
    }

    pub(super) fn expired() -> Self {
        Self::new(401, "credentials.expired", "The credentials are expired")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(403, "not.authorized", "You are not authorized to perform the requested action")
    }

    pub(crate) fn origin_refused() -> Self {
        let message = "The request origin is not among the allowed origins of the deployment";
        Self { is_hidden: true, ..Self::new(403, "origin.not.allowed", message) }
    }

    pub(super) fn rate_limited() -> Self {
        let message = "Rate limit exceeded the maximum. Retry the request in [3] seconds";
        Self { retry_after: Some(3), ..Self::new(429, "too.many.requests", message).with("retryAfter", "3") }
    }

    pub(super) fn server_error() -> Self {
        let message = "The server encountered an unexpected condition that prevented it from fulfilling the request";
        Self::new(500, "internal.server.error", message)
    }

    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            message_params: BTreeMap::new(),
            details: Vec::new(),
            retry_after: None,
            is_hidden: false,
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.message_params.insert(name, value.to_owned());
        self
    }
}
