//! What came of a start, and what that means for the tester.

use super::body::json::{Json, value_at};
use super::finding::{Finding, Severity};
use super::profile::{KnownError, Profile, Vendor};
use crate::wire::wire_enum;

/// What came of a start, as the page saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service answered.
    Answered {
        /// The HTTP status; 0 where the page may not see it (`no-cors`).
        status: u16,
        /// The answer's beginning, as text.
        body: String,
        /// Whether there is more of it than `body`.
        is_cut: bool,
        /// The header `Retry-After`, where the page may see it.
        retry_after: Option<String>,
    },
    /// The service refused it in a frame that has no status.
    Refused {
        /// The frame.
        body: String,
    },
    /// No answer that the page may read: refused by CORS or CSP, offline,
    /// connection lost.
    Failed {
        /// The browser's own words, often little.
        message: String,
    },
    /// The page gave up.
    Aborted,
    /// The page's own time limit ran out.
    TimedOut,
}

wire_enum!(Outcome {
    Aborted: "aborted",
    TimedOut: "timedOut",
    Refused { body: "body" }: "refused",
    Failed { message: "message" }: "failed",
    Answered { status: "status", body: "body", is_cut: "isCut", retry_after: "retryAfter" }: "answered",
});

impl Outcome {
    /// Whether the service took the start.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }
}

/// What there is to say about an outcome.
pub fn findings(outcome: &Outcome, vendor: &Vendor, profile: &Profile) -> Vec<Finding> {
    match outcome {
        Outcome::Answered { status: 200..=299, body, .. } => vec![of_accepted(body, profile)],
        Outcome::Answered { status: 0, .. } => vec![
            Finding::new("answer-hidden", Severity::Note, "The page is not allowed to see the answer")
                .because("It asked without CORS (`mode: \"no-cors\"`).")
                .remedy("Check in the service itself whether the chat started."),
        ],
        Outcome::Answered { status, body, retry_after, .. } => {
            let status_name = if profile.start.socket.is_some() { "" } else { "HTTP " };
            vec![of_refused(Some((status_name, *status)), body, retry_after.as_deref(), vendor)]
        }
        Outcome::Refused { body } => vec![of_refused(None, body, None, vendor)],
        Outcome::Failed { message } => vec![
            Finding::new("no-answer", Severity::Problem, format!("No answer reached the page: {message}"))
                .because(
                    "The service may not allow this page's origin (then its answer has no CORS headers), a \
                     Content-Security-Policy or mixed content may forbid the call, or the connection was lost.",
                )
                .remedy(
                    "Look at the console for the browser's reason; if it names CORS, add the page's origin to the \
                     configuration's allowed domains, save and publish.",
                ),
        ],
        Outcome::Aborted => vec![
            Finding::new("aborted", Severity::Warning, "The page gave up before the answer came")
                .because("It called abort(), or went to another page.")
                .remedy("Look for a component that is removed, or a second click, while the chat starts."),
        ],
        Outcome::TimedOut => vec![
            Finding::new("timed-out", Severity::Warning, "The page's own time limit ran out before the answer came")
                .because("The service was slower than the page waits.")
                .remedy("Try again; if it stays so, give the page's client more time."),
        ],
    }
}

/// The conversation's ID in an answer that accepts the start.
pub fn conversation_id(outcome: &Outcome, profile: &Profile) -> Option<String> {
    match outcome {
        Outcome::Answered { status: 200..=299, body, .. } => {
            value_at(Json::parse(body).ok()?.root(), &profile.accepted.conversation_id)
        }
        Outcome::Answered { .. }
        | Outcome::Refused { .. }
        | Outcome::Failed { .. }
        | Outcome::Aborted
        | Outcome::TimedOut => None,
    }
}

fn of_accepted(body: &str, profile: &Profile) -> Finding {
    let id = Json::parse(body).ok().and_then(|json| value_at(json.root(), &profile.accepted.conversation_id));
    match id {
        None if profile.accepted.conversation_id.is_empty() => Finding::new("accepted", Severity::Note, "Accepted"),
        Some(id) => Finding::new("accepted", Severity::Note, format!("Accepted, conversation ID {id}")),
        None => Finding::new("accepted-without-id", Severity::Warning, "Accepted, without a conversation ID")
            .because("The answer says success, and does not look like this service's answers.")
            .remedy("Check that the address is the chat service and not something in front of it."),
    }
}

fn of_refused(status: Option<(&str, u16)>, body: &str, retry_after: Option<&str>, vendor: &Vendor) -> Finding {
    let json = Json::parse(body).ok();
    let text_at = |paths: &[Vec<String>]| {
        let json = json.as_ref()?;
        paths.iter().find_map(|path| value_at(json.root(), path))
    };
    let code = text_at(&vendor.error_body.code);
    let message = text_at(&vendor.error_body.message);
    let known = known_error(vendor, status.map(|(_, status)| status), code.as_deref());
    let status = status.map(|(name, status)| format!("{name}{status}"));
    let said = match (&message, &code) {
        (Some(message), Some(code)) => format!(" It says: {message} ({code})."),
        (Some(message), None) => format!(" It says: {message}."),
        (None, Some(code)) => format!(" It says: {code}."),
        (None, None) => String::new(),
    };
    let wait = retry_after.map(|after| format!(" Retry-After: {after}.")).unwrap_or_default();
    match known {
        Some(error) => Finding::new(
            "refused",
            Severity::Problem,
            match status {
                Some(status) => format!("{} ({status}).{said}{wait}", error.sentence),
                None => format!("{}.{said}{wait}", error.sentence),
            },
        )
        .because(error.cause.clone())
        .remedy(error.remedy.clone()),
        None => Finding::new(
            "refused",
            Severity::Problem,
            match status {
                Some(status) => format!("The service answered {status}.{said}{wait}"),
                None => format!("The service refused this start.{said}{wait}"),
            },
        )
        .remedy("Look the code up in the vendor's documentation."),
    }
}

fn known_error<'v>(vendor: &'v Vendor, status: Option<u16>, code: Option<&str>) -> Option<&'v KnownError> {
    let by_code = vendor.errors.iter().find(|error| error.codes.iter().any(|known| Some(known.as_str()) == code));
    by_code.or_else(|| vendor.errors.iter().find(|error| status.is_some_and(|status| error.statuses.contains(&status))))
}

#[cfg(test)]
mod tests {
    use super::super::profile::built_in;
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, expected: &str) {
        let vendor = &built_in()[0];
        let outcome = Outcome::Answered { status, body: body.to_owned(), is_cut: false, retry_after: None };
        let findings = findings(&outcome, vendor, &vendor.profiles[0]);
        assert_eq!(findings.iter().map(|finding| finding.sentence.as_str()).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn an_accepted_start_says_so_with_its_conversation() {
        check(200, r#"{"id":"c-1","jwt":"x"}"#, "Accepted, conversation ID c-1");
        check(200, "<html>", "Accepted, without a conversation ID");
    }

    #[test]
    fn a_refusal_is_explained_by_code_first_then_by_status() {
        check(
            400,
            r#"{"message":"Deployment disabled","code":"chat.deployment.disabled","status":400}"#,
            "The service says that this configuration is disabled (HTTP 400). It says: Deployment disabled (chat.deployment.disabled).",
        );
        check(
            403,
            r#"{"message":"no","code":"origin.not.allowed"}"#,
            "The service does not allow chats from this page's origin (HTTP 403). It says: no (origin.not.allowed).",
        );
        check(404, "", "The service does not know this configuration or address (HTTP 404).");
        check(418, r#"{"message":"teapot"}"#, "The service answered HTTP 418. It says: teapot.");
    }

    #[test]
    fn a_rate_limit_names_the_wait() {
        let vendor = &built_in()[0];
        let outcome =
            Outcome::Answered { status: 429, body: String::new(), is_cut: false, retry_after: Some("3".to_owned()) };
        let finding = &findings(&outcome, vendor, &vendor.profiles[0])[0];
        assert_eq!(finding.sentence, "The service takes no more starts for now (HTTP 429). Retry-After: 3.");
    }
}
