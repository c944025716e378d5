//! A start that the page got no answer to. A browser tells a page little
//! about why, so that no page learns about networks and servers; what can be
//! known is told apart here: offline, a policy, mixed content, another origin.

use super::{Ends, Reason};
use crate::start::candidate::{host_of, origin_of};
use crate::start::finding::{Finding, rules, text};

rules! {
    RULES:
    /// The browser said that it was offline.
    OFFLINE = "offline", Problem, "The start did not leave this machine.",
        "Connect to the network, or switch Offline off in the Network tab of the developer tools.";
    /// The page's Content-Security-Policy forbids the service's address.
    POLICY = "blocked-by-policy", Problem, "The start did not leave the browser.",
        "Add the service's origin to connect-src in the page's Content-Security-Policy.";
    /// A page with https called an address without.
    MIXED = "mixed-content", Problem, "Browsers forbid such calls. The start did not leave the browser.",
        "Use the service's https or wss address.";
    /// No answer came from a service on another origin than the page: most often refused by CORS.
    OTHER_ORIGIN = "no-answer-cross-origin", Problem,
        "Most often the page's origin is not among the allowed ones of the configuration: then the answer has no CORS \
         headers, and the page may not read it. Or the connection was lost, or an ad blocker is at work.",
        "Look at the console for the browser's reason; if it names CORS, add the page's origin to the configuration's \
         allowed origins, save and publish.";
    /// No answer came from a service on the page's own origin, or over a socket.
    NO_ANSWER = "no-answer", Problem,
        "The connection was lost, the service is not running, or an ad blocker is at work.",
        "Look at the console for the browser's reason, and whether the service can be reached from here.";
}

/// What can be known about why no answer came.
pub(super) fn finding(message: &str, reason: Option<Reason>, ends: Ends<'_>) -> Finding {
    let (page, service) = (origin_of(ends.page), origin_of(ends.service));
    let is_secure = |origin: &str| origin.starts_with("https:") || origin.starts_with("wss:");
    let is_local = is_loopback(host_of(ends.service));
    match reason {
        Some(Reason::Offline) if !is_local => OFFLINE.says("The browser is offline".to_owned()),
        Some(Reason::Policy) => POLICY.says(text(&["The page's Content-Security-Policy forbids ", service])),
        Some(Reason::Offline) | None if is_secure(page) && !is_secure(service) && !service.is_empty() && !is_local => {
            MIXED.says(text(&["The page is ", page, " and calls ", service, ", which is not encrypted"]))
        }
        Some(Reason::Offline) | None => {
            let rule = if service.starts_with("http") && service != page { &OTHER_ORIGIN } else { &NO_ANSWER };
            rule.says(text(&["No answer reached the page: ", message]))
        }
    }
}

/// Whether browsers trust a host without encryption, because it is this machine.
fn is_loopback(host: &str) -> bool {
    let is_127 =
        |rest: &str| rest.split('.').count() == 3 && rest.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.strip_prefix("127.").is_some_and(is_127)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, service: &str, reason: Option<Reason>, expected: &str) {
        let finding = finding("TypeError: Failed to fetch", reason, Ends { page, service });
        assert_eq!(text(&[&finding.id, ": ", &finding.sentence]), expected);
    }

    #[test]
    fn what_can_be_known_is_told_apart() {
        let (page, service) = ("https://shop.example/help?x#y", "https://api.example/chat/start?z");
        let other = "no-answer-cross-origin: No answer reached the page: TypeError: Failed to fetch";
        let own = "no-answer: No answer reached the page: TypeError: Failed to fetch";
        check(page, service, None, other);
        check(page, "https://shop.example/chat", None, own);
        check(page, "https://shop.example:8443/chat", None, other);
        check(page, "wss://api.example/chat", None, own);
        check(page, service, Some(Reason::Offline), "offline: The browser is offline");
        check("http://localhost/", "http://localhost:8080/chat", Some(Reason::Offline), other);
        check(
            page,
            service,
            Some(Reason::Policy),
            "blocked-by-policy: The page's Content-Security-Policy forbids https://api.example",
        );
        check(
            page,
            "http://api.example/chat",
            None,
            "mixed-content: The page is https://shop.example and calls http://api.example, which is not encrypted",
        );
        for own in ["localhost:8080", "chat.localhost", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:8080"] {
            check(page, &text(&["http://", own, "/chat"]), None, other);
        }
        for far in ["127.chat.example", "127.0.0.1.example", "localhost.example", "[2001:db8::1]", "[2001:db8::1]:80"] {
            let mixed =
                ["mixed-content: The page is https://shop.example and calls http://", far, ", which is not encrypted"];
            check(page, &text(&["http://", far, "/chat"]), None, &text(&mixed));
        }
        check("http://shop.example/", "http://api.example/chat", None, other);
    }
}
