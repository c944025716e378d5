//! Decides what comes of a chat start from nothing but its path, its content type and its body, before anything is
//! answered.

mod attributes_api;
mod configuration;
mod conversation;
mod form;
mod guest_api;
mod refusal;

pub use configuration::{Configuration, Listed};
pub use conversation::Conversation;
pub(crate) use conversation::{unsigned_token, uuid};
pub use refusal::{ErrorBody, ErrorDetail, Refusal};

use std::time::Duration;

/// What the service does with a request that carries a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Answers 200 with a [`Conversation`] once the delay is over.
    Start {
        /// Zero, unless the configuration is a slow one.
        after: Duration,
    },
    /// Answers with an [`ErrorBody`].
    Refuse(Refusal),
    /// Closes the connection without an answer.
    Drop,
}

impl Decision {
    /// The HTTP status of the answer, `None` when there is no answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Start { .. } => Some(200),
            Self::Refuse(refusal) => Some(refusal.status),
            Self::Drop => None,
        }
    }
}

/// Decides about a `POST` to `path` (without its query); every path that starts no chat is `not.found`.
///
/// A start with attributes may be `application/x-www-form-urlencoded` or `multipart/form-data`, with
/// `attributes[NAME]=VALUE` or `attributes=JSON`; of every other content type, and of none, the body is read as JSON.
pub fn decide(path: &str, content_type: Option<&str>, body: &[u8]) -> Decision {
    let configuration = match path {
        "/api/v2/conversations/webchat" => attributes_api::configuration(content_type, body),
        "/api/v2/webchat/guest/conversations" => guest_api::configuration(body),
        _ => Err(Refusal::no_such_path(path)),
    };
    configuration.map_or_else(Decision::Refuse, Configuration::into_decision)
}

/// The body as a JSON object. A byte order mark before it is skipped, as RFC 8259 lets a reader do.
pub(crate) fn json_object(body: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, Refusal> {
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(text).map_err(|error| Refusal::malformed(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBCHAT: &str = "/api/v2/conversations/webchat";
    const GUEST: &str = "/api/v2/webchat/guest/conversations";

    #[track_caller]
    fn check(path: &str, body: &str, status: u16, code: &str) {
        check_typed(path, None, body, status, code);
    }

    #[track_caller]
    fn check_typed(path: &str, content_type: Option<&str>, body: &str, status: u16, code: &str) {
        let decision = decide(path, content_type, body.as_bytes());
        let found = match &decision {
            Decision::Start { .. } => "",
            Decision::Refuse(refusal) => refusal.code,
            Decision::Drop => "dropped",
        };
        assert_eq!((decision.status(), found), (Some(status), code), "{body}");
    }

    #[track_caller]
    fn check_guest(organization: &str, routing_target: &str, member: &str, status: u16, code: &str) {
        let body = format!(
            r#"{{"organizationId":{organization},"deploymentId":"config-live","routingTarget":{routing_target},"memberInfo":{member}}}"#
        );
        check(GUEST, &body, status, code);
    }

    #[test]
    fn a_start_with_attributes_needs_a_configuration_id_and_an_object() {
        check(WEBCHAT, r#"{"configurationId":"config-live"}"#, 200, "");
        check(WEBCHAT, "\u{FEFF}{\"configurationId\":\"config-live\"}\r\n", 200, "");
        check(WEBCHAT, r#"{"configurationId":"config-live","attributes":{"a":{"b":[1e2]}}}"#, 200, "");
        check(WEBCHAT, r#"{"configurationId":"config-live","attributes":null}"#, 200, "");
        check(WEBCHAT, r#"{"configurationId":"config-live","attributes":["a"]}"#, 400, "bad.request");
        check(WEBCHAT, r#"{"configurationId":7}"#, 400, "bad.request");
        check(WEBCHAT, r#"{"attributes":{}}"#, 400, "bad.request");
        check(WEBCHAT, r#"["config-live"]"#, 400, "bad.request");
        check(WEBCHAT, r#"{"configurationId":"config-live",}"#, 400, "bad.request");
        check(WEBCHAT, "configurationId=config-live", 400, "bad.request");
        check(WEBCHAT, "", 400, "bad.request");
    }

    #[test]
    fn a_start_with_attributes_may_be_a_form() {
        let form = Some("application/x-www-form-urlencoded;charset=UTF-8");
        check_typed(WEBCHAT, form, "configurationId=config-live&attributes%5Ba%5D=b", 200, "");
        check_typed(WEBCHAT, form, "configurationId=config-live&attributes=%7B%22a%22%3A7%7D", 200, "");
        check_typed(WEBCHAT, form, "configurationId=config-live", 200, "");
        check_typed(WEBCHAT, form, "configurationId=config-live&attributes=b", 400, "bad.request");
        check_typed(WEBCHAT, form, "configurationId=config-disabled", 400, "chat.deployment.disabled");
        check_typed(WEBCHAT, form, r#"{"configurationId":"config-live"}"#, 400, "bad.request");
        check_typed(WEBCHAT, form, "", 400, "bad.request");
        check_typed(GUEST, form, "deploymentId=config-live", 400, "bad.request");
    }

    #[test]
    fn a_guest_start_names_organization_deployment_queue_and_member() {
        let queue = r#"{"targetType":"QUEUE","targetAddress":"Support"}"#;
        let ada = r#"{"displayName":"Ada"}"#;
        let no_target = "chat.error.createconversationrequest.routingtarget";
        let no_name = "chat.error.notnull.createconversationrequest.memberinfo.displayname";
        check_guest(r#""org""#, queue, ada, 200, "");
        check_guest("null", queue, ada, 400, "constraint.validation");
        check_guest(r#""""#, queue, ada, 400, "constraint.validation");
        check_guest(r#""org""#, "null", ada, 400, "chat.error.notnull.createconversationrequest.routingtarget");
        check_guest(r#""org""#, r#"{"targetType":"QUEUE"}"#, ada, 400, no_target);
        check_guest(r#""org""#, r#"{"targetType":"USER","targetAddress":"a"}"#, ada, 400, no_target);
        check_guest(r#""org""#, queue, "{}", 400, no_name);
        check_guest(r#""org""#, queue, "null", 400, no_name);
        check(GUEST, "{", 400, "bad.request");
        check(GUEST, r#"{"organizationId":"org"}"#, 400, "chat.error.pattern.createconversationrequest.deploymentid");
    }

    #[test]
    fn custom_fields_of_a_guest_are_strings() {
        let queue = r#"{"targetType":"QUEUE","targetAddress":"Support"}"#;
        for (fields, status, code) in [
            (r#"{"externalId":"CRM-1"}"#, 200, ""),
            ("{}", 200, ""),
            ("null", 200, ""),
            (r#"{"visits":7}"#, 400, "constraint.validation"),
            (r#"{"nested":{"a":"b"}}"#, 400, "constraint.validation"),
            (r#"["a"]"#, 400, "constraint.validation"),
        ] {
            let member = format!(r#"{{"displayName":"Ada","customFields":{fields}}}"#);
            check_guest(r#""org""#, queue, &member, status, code);
        }
    }

    #[test]
    fn no_other_path_starts_a_chat() {
        check("/api/v2/conversations", r#"{"configurationId":"config-live"}"#, 404, "not.found");
    }
}
