//! What came of a start, and what that means for the tester.

mod refused;
mod unanswered;

use super::body::json::{Json, value_at};
#[cfg(not(target_family = "wasm"))]
use super::finding::Rule;
use super::finding::{Finding, rules, text};
use super::profile::{Profile, Vendor, all_hold};
use crate::wire::{wire_enum, wire_names};

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
        /// What the page script knows about why.
        reason: Option<Reason>,
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
    Failed { message: "message", reason: "reason" }: "failed",
    Answered { status: "status", body: "body", is_cut: "isCut", retry_after: "retryAfter" }: "answered",
});

/// Why no answer came, as far as a page can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The browser says that it is offline.
    Offline,
    /// The page's Content-Security-Policy forbids the address.
    Policy,
}

wire_names!(Reason { Offline: "offline", Policy: "policy" });

/// The two ends of a start, as addresses.
#[derive(Clone, Copy, Debug)]
pub struct Ends<'r> {
    /// The page's or frame's.
    pub page: &'r str,
    /// The service's.
    pub service: &'r str,
}

rules! {
    OWN_RULES:
    /// The service took the start.
    ACCEPTED = "accepted", Note, "",
        "If the agent does not see the attributes: let the agent's desktop show them, look for a rule that masks them, \
         and compare the names letter by letter with the expected ones.";
    /// The status says success, and the answer names no conversation.
    WITHOUT_ID = "accepted-without-id", Warning, "The answer says success, and does not look like this service's answers.",
        "Check that the address is the chat service and not something in front of it.";
    /// The status says success, and of the answer nothing or only the beginning was read.
    UNREAD = "answer-unread", Note, "It is long, or the page took it in a form that Callsign does not read.",
        "Check in the service itself whether the chat started.";
    /// The page asked without CORS, so nobody but the service knows what came of it.
    HIDDEN = "answer-hidden", Note, "It asked without CORS (`mode: \"no-cors\"`).",
        "Check in the service itself whether the chat started.";
    /// The page called abort(), or was left.
    ABORTED = "aborted", Warning, "It called abort(), or went to another page.",
        "Look for a component that is removed, or a second click, while the chat starts.";
    /// The page's own time limit ran out.
    TIMED_OUT = "timed-out", Warning, "The service was slower than the page waits.",
        "Try again; if it stays so, give the page's client more time.";
}

/// The rules about what came of a start, by module.
#[cfg(not(target_family = "wasm"))]
pub(crate) static RULES: [&[&Rule]; 3] = [OWN_RULES, refused::RULES, unanswered::RULES];

impl Outcome {
    /// Whether the service took the start: some say in the body of a success
    /// that they did not, and name no conversation.
    pub fn is_accepted(&self, vendor: &Vendor, profile: &Profile) -> bool {
        match self {
            Self::Answered { status: 200..=299, body, .. } => {
                let wanted = &profile.accepted.body;
                // What is no JSON does not come from the service, and says nothing about it.
                Json::parse(body).map_or(true, |json| match wanted.as_slice() {
                    [] => id_in(&json, profile).is_some() || !refused::is_error(&json, vendor),
                    wanted => all_hold(wanted, &json),
                })
            }
            Self::Answered { .. } | Self::Refused { .. } | Self::Failed { .. } | Self::Aborted | Self::TimedOut => {
                false
            }
        }
    }
}

/// What there is to say about an outcome.
pub fn finding(outcome: &Outcome, vendor: &Vendor, profile: &Profile, ends: Ends<'_>) -> Finding {
    match outcome {
        Outcome::Answered { status, body, is_cut, .. } if outcome.is_accepted(vendor, profile) => {
            of_accepted(*status, body, *is_cut, profile)
        }
        Outcome::Answered { status: 0, .. } => HIDDEN.says("The page is not allowed to see the answer".to_owned()),
        Outcome::Answered { status, body, retry_after, .. } => {
            let is_socket = profile.start.socket.is_some();
            refused::finding(Some((*status, is_socket)), body, retry_after.as_deref(), vendor)
        }
        Outcome::Refused { body } => refused::finding(None, body, None, vendor),
        Outcome::Failed { message, reason } => unanswered::finding(message, *reason, ends),
        Outcome::Aborted => ABORTED.says("The page gave up before the answer came".to_owned()),
        Outcome::TimedOut => TIMED_OUT.says("The page's own time limit ran out before the answer came".to_owned()),
    }
}

/// The conversation's ID in an answer that accepts the start.
pub fn conversation_id(outcome: &Outcome, vendor: &Vendor, profile: &Profile) -> Option<String> {
    match outcome {
        Outcome::Answered { body, .. } if outcome.is_accepted(vendor, profile) => {
            id_in(&Json::parse(body).ok()?, profile)
        }
        Outcome::Answered { .. }
        | Outcome::Refused { .. }
        | Outcome::Failed { .. }
        | Outcome::Aborted
        | Outcome::TimedOut => None,
    }
}

fn id_in(json: &Json<'_>, profile: &Profile) -> Option<String> {
    value_at(json.root(), &profile.accepted.conversation_id).filter(|id| !id.is_empty())
}

fn of_accepted(status: u16, body: &str, is_cut: bool, profile: &Profile) -> Finding {
    match Json::parse(body).ok().and_then(|json| id_in(&json, profile)) {
        None if is_cut => UNREAD.says(text(&[
            "The service answered HTTP ",
            &status.to_string(),
            ", and Callsign did not read what it says",
        ])),
        None if profile.accepted.conversation_id.is_empty() => ACCEPTED.says("Accepted".to_owned()),
        Some(id) => ACCEPTED.says(text(&["Accepted, conversation ID ", &id])),
        None => WITHOUT_ID.says("Accepted, without a conversation ID".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::profile::{Condition, built_in, by_id};
    use super::*;

    const ENDS: Ends<'static> = Ends { page: "https://shop.example/", service: "https://api.example/" };

    fn answer(status: u16, body: &str, retry_after: Option<&str>) -> Outcome {
        let retry_after = retry_after.map(str::to_owned);
        Outcome::Answered { status, body: body.to_owned(), is_cut: false, retry_after }
    }

    #[track_caller]
    fn check(status: u16, body: &str, expected: (&str, &str)) {
        let vendor = &built_in()[0];
        let finding = finding(&answer(status, body, None), vendor, &vendor.profiles[0], ENDS);
        assert_eq!((finding.id.as_str(), finding.sentence.as_str()), expected);
    }

    #[test]
    fn an_accepted_start_says_so_with_its_conversation() {
        check(200, r#"{"id":"c-1","jwt":"x"}"#, ("accepted", "Accepted, conversation ID c-1"));
        check(200, "<html>", ("accepted-without-id", "Accepted, without a conversation ID"));
    }

    #[test]
    fn what_was_not_read_is_neither_accepted_nor_refused() {
        let vendor = &built_in()[0];
        for body in ["", r#"{"members":["#] {
            let unread = Outcome::Answered { status: 200, body: body.to_owned(), is_cut: true, retry_after: None };
            let finding = finding(&unread, vendor, &vendor.profiles[0], ENDS);
            let said = (finding.id.as_str(), finding.sentence.as_str());
            assert_eq!(
                said,
                ("answer-unread", "The service answered HTTP 200, and Callsign did not read what it says")
            );
        }
    }

    #[test]
    fn a_refusal_is_explained_by_code_first_then_by_status() {
        check(
            400,
            r#"{"message":"Deployment disabled","code":"chat.deployment.disabled","status":400}"#,
            (
                "refused-configuration",
                "The service says that this configuration is disabled (HTTP 400). It says: Deployment disabled (chat.deployment.disabled).",
            ),
        );
        check(
            403,
            r#"{"message":"no","code":"origin.not.allowed"}"#,
            (
                "refused-not-allowed",
                "The service does not allow chats from this page's origin (HTTP 403). It says: no (origin.not.allowed).",
            ),
        );
        check(
            400,
            r#"{"message":"attribute widgetColor is invalid","code":"invalid.value"}"#,
            (
                "refused",
                "The service did not accept what the page wrote (HTTP 400). It says: attribute widgetColor is invalid (invalid.value).",
            ),
        );
        check(
            400,
            r#"{"message":"Disabled","code":"chat.deployment.disabled"}"#,
            (
                "refused-configuration",
                "The service says that this configuration is disabled (HTTP 400). It says: Disabled (chat.deployment.disabled).",
            ),
        );
        check(404, "", ("refused", "The service does not know this configuration or address (HTTP 404)."));
        check(418, r#"{"message":"teapot"}"#, ("refused", "The service answered HTTP 418. It says: teapot."));
        check(
            418,
            r#"{"message":"use `x`"}"#,
            ("refused", "The service answered HTTP 418. It says: use \u{2CB}x\u{2CB}."),
        );
        check(418, "", ("refused", "The service answered HTTP 418"));
        check(502, "<html>", ("service-failed", "The service answered HTTP 502"));
    }

    #[test]
    fn what_is_known_of_no_vendor_is_explained_by_what_it_speaks_of() {
        let vendor = Vendor { errors: Arc::default(), ..built_in().remove(0) };
        let of = |status, body| finding(&answer(status, body, None), &vendor, &vendor.profiles[0], ENDS);
        let configuration = of(404, "Unknown Deployment");
        assert_eq!(configuration.id, "refused-configuration");
        let rule = refused::RULES.iter().find(|rule| rule.id == configuration.id).unwrap();
        assert!(rule.remedy.contains("allowed origins"), "{}", rule.remedy);
        assert_eq!(of(404, "Not Found").id, "refused");
        assert_eq!(of(401, "").id, "refused-not-allowed");
        assert_eq!(of(413, "").id, "refused-too-large");
    }

    #[test]
    fn an_error_inside_a_success_is_a_refusal() {
        let mut vendor = built_in().remove(0);
        let is_accepted = |outcome: &Outcome, vendor: &Vendor| outcome.is_accepted(vendor, &vendor.profiles[0]);
        let condition = Condition { path: vec!["statusCode".to_owned()], is: vec!["0".to_owned()] };
        Arc::make_mut(&mut vendor.profiles[0]).accepted.body = vec![condition];
        let refused = answer(200, r#"{"statusCode":7,"message":"closed"}"#, None);
        assert!(!is_accepted(&refused, &vendor));
        let finding = finding(&refused, &vendor, &vendor.profiles[0], ENDS);
        assert_eq!(finding.id, "refused-in-answer");
        assert_eq!(finding.sentence, "The service answered HTTP 200. It says: closed.");
        assert_eq!(conversation_id(&refused, &vendor, &vendor.profiles[0]), None);
        assert!(is_accepted(&answer(200, r#"{"statusCode":0,"id":"c-1"}"#, None), &vendor));
        assert!(is_accepted(&answer(200, "<html>", None), &vendor), "what is no JSON says nothing");
    }

    #[track_caller]
    fn check_success(id: &str, body: &str, expected: (&str, &str)) {
        let vendors = built_in();
        let (vendor, profile) = by_id(&vendors, id).unwrap();
        let outcome = answer(200, body, None);
        let finding = finding(&outcome, vendor, profile, ENDS);
        assert_eq!((finding.id.as_str(), finding.sentence.as_str()), expected);
        assert_eq!(outcome.is_accepted(vendor, profile), expected.0.starts_with("accepted"));
    }

    #[test]
    fn a_success_that_names_an_error_and_no_conversation_is_a_refusal() {
        check_success(
            "genesys-guest-chat",
            r#"{"message":"Deployment is disabled","code":"chat.deployment.disabled","status":400}"#,
            (
                "refused-in-answer",
                "The service says that this configuration is disabled (HTTP 200). It says: Deployment is disabled (chat.deployment.disabled).",
            ),
        );
        check_success(
            "amazon-connect-chat",
            r#"{"data":{"Error":{"message":"no flow","code":"ResourceNotFoundException"}}}"#,
            (
                "refused-in-answer",
                "Amazon Connect does not know this instance or contact flow (HTTP 200). It says: no flow (ResourceNotFoundException).",
            ),
        );
        check_success(
            "chatwoot-conversation",
            r#"{"error":"inbox is gone"}"#,
            ("refused-in-answer", "The service answered HTTP 200. It says: inbox is gone."),
        );
        check_success(
            "twilio-web-channels",
            r#"{"code":20003,"message":"no"}"#,
            ("refused-in-answer", "The service did not accept who is asking (HTTP 200). It says: no (20003)."),
        );
        check_success(
            "genesys-webchat",
            r#"{"code":"some.new.code","status":400}"#,
            ("refused-in-answer", "The service answered HTTP 200. It says: some.new.code."),
        );
        check_success(
            "amazon-connect-chat",
            r#"{"data":{"Error":{"name":"X"}}}"#,
            ("refused-in-answer", "The service answered HTTP 200. It says: X."),
        );
        check_success(
            "salesforce-miaw-conversation",
            r#"{"errorCode":"INVALID","message":"x"}"#,
            ("refused-in-answer", "The service answered HTTP 200. It says: x (INVALID)."),
        );
        check_success(
            "five9-conversation",
            r#"{"five9ExceptionDetail":{"message":"no agents"}}"#,
            ("refused-in-answer", "The service answered HTTP 200. It says: no agents."),
        );
        check_success(
            "liveperson-conversation",
            r#"[{"code":200,"body":{}},{"code":400,"body":{"msg":"no skill"}}]"#,
            (
                "refused-in-answer",
                "The service did not accept what the page wrote (HTTP 200). It says: no skill (400).",
            ),
        );
    }

    #[test]
    fn a_success_is_no_refusal_for_a_word_or_a_number_that_is_none() {
        let accepted = |id| ("accepted", id);
        check_success(
            "genesys-guest-chat",
            r#"{"id":"c","code":"bad.request"}"#,
            accepted("Accepted, conversation ID c"),
        );
        let without = ("accepted-without-id", "Accepted, without a conversation ID");
        check_success("genesys-guest-chat", r#"{"message":"started"}"#, without);
        check_success("genesys-guest-chat", r#"{"code":200,"message":"OK"}"#, without);
        check_success("genesys-guest-chat", r#"{"code":"ok"}"#, without);
        for nothing in ["null", "\"\"", "false", "0"] {
            check_success("chatwoot-conversation", &format!(r#"{{"error":{nothing}}}"#), without);
        }
        check_success("genesys-guest-chat", r#"{"id":"","status":200}"#, without);
        check_success("genesys-guest-chat", r#"{"code":20000,"message":"fine"}"#, without);
        check_success("rocketchat-visitor", r#"{"success":true,"error":"none"}"#, accepted("Accepted"));
    }

    #[track_caller]
    fn check_back_off(retry_after: Option<&str>, sentence: &str, remedy: &str) {
        let vendor = &built_in()[0];
        let finding = finding(&answer(429, "", retry_after), vendor, &vendor.profiles[0], ENDS);
        assert_eq!((finding.id.as_str(), finding.sentence.as_str()), ("rate-limited", sentence));
        assert!(finding.remedy.starts_with(remedy), "{}", finding.remedy);
    }

    #[test]
    fn a_rate_limit_names_the_waits() {
        check_back_off(
            Some("3"),
            "The service takes no more starts for now (HTTP 429). Retry-After: 3.",
            "Wait 3 s before the next try, then 6, 12 and 24 s, each time longer by up to a half at random, then give up. ",
        );
        check_back_off(
            None,
            "The service takes no more starts for now (HTTP 429).",
            "Wait 1 s before the next try, then 2, 4 and 8 s, ",
        );
        check_back_off(
            Some("Wed, 21 Oct 2026 07:28:00 GMT"),
            "The service takes no more starts for now (HTTP 429). Retry-After: Wed, 21 Oct 2026 07:28:00 GMT.",
            "Wait until Wed, 21 Oct 2026 07:28:00 GMT, then back off",
        );
        for odd in ["-1", "", "5 minutes"] {
            let sentence = format!("The service takes no more starts for now (HTTP 429). Retry-After: {odd}.");
            check_back_off(Some(odd), &sentence, "Wait 1 s before the next try, then 2, 4 and 8 s, ");
        }
        check_back_off(
            Some("2.5"),
            "The service takes no more starts for now (HTTP 429). Retry-After: 2.5.",
            "Wait 2 s before the next try, ",
        );
        check_back_off(
            Some("86400"),
            "The service takes no more starts for now (HTTP 429). Retry-After: 86400.",
            "Wait for 86400 s, and do not try before. ",
        );
    }
}
