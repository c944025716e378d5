//! Patterns of addresses, checked once: the end of a path, and a host.

use thiserror::Error;

use crate::wire::wire_text;

/// The end of a path, such as `/sessioninit/*/*`; a `*` stands for one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(String);

wire_text!(PathPattern);

/// A host, such as `*.five9.com`; a `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern(String);

wire_text!(HostPattern);

/// Why a text is no pattern of a profile: it could match anything, or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TooLoose {
    /// A path that could match anything.
    #[error(
        "a path begins with a slash, and has at least one segment that is no `*`: write it as \
         /conversations/webchat or /chat/*/message"
    )]
    Path,
    /// A path with more behind it than a path has.
    #[error("a path ends before ? and #: name what stands behind a ? under `query`")]
    Query,
    /// A host that could match anything.
    #[error(
        "a host has at least two names with a dot between them, in lower case: write it as chat.example.com or *.example.com"
    )]
    Host,
}

impl TryFrom<String> for PathPattern {
    type Error = TooLoose;

    fn try_from(text: String) -> Result<Self, TooLoose> {
        if text.contains(['?', '#']) {
            return Err(TooLoose::Query);
        }
        let segments = text.strip_prefix('/').ok_or(TooLoose::Path)?;
        // As in socket.io's own path; the last segment is empty then.
        let segments = segments.strip_suffix('/').unwrap_or(segments);
        let is_literal = |segment: &str| !segment.contains('*');
        let is_whole =
            segments.split('/').all(|segment| !segment.is_empty() && (segment == "*" || is_literal(segment)));
        if is_whole && segments.split('/').any(is_literal) { Ok(Self(text)) } else { Err(TooLoose::Path) }
    }
}

impl TryFrom<String> for HostPattern {
    type Error = TooLoose;

    fn try_from(text: String) -> Result<Self, TooLoose> {
        let names: Vec<_> = text.split('.').collect();
        let is_name = |name: &&&str| !name.is_empty() && !name.contains('*');
        let is_plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'*'));
        let is_host =
            is_plain && names.iter().filter(is_name).count() >= 2 && names.iter().all(|name| !name.is_empty());
        if is_host { Ok(Self(text)) } else { Err(TooLoose::Host) }
    }
}

impl PathPattern {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a path ends so.
    pub fn fits(&self, path: &str) -> bool {
        if !self.0.contains('*') {
            return path.ends_with(&self.0);
        }
        let mut segments = path.rsplit('/');
        // The first of the split pattern is the nothing before its slash.
        let mut wanted: Vec<_> = self.0.split('/').skip(1).collect();
        while let Some(pattern) = wanted.pop() {
            match segments.next() {
                Some(segment) if segment == pattern || pattern == "*" && !segment.is_empty() => {}
                Some(_) | None => return false,
            }
        }
        // What is before begins with a slash.
        segments.next().is_some()
    }
}

impl HostPattern {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is such a host.
    pub fn fits(&self, host: &str) -> bool {
        let mut pieces = self.0.split('*');
        let Some(mut rest) = host.strip_prefix(pieces.next().unwrap_or_default()) else {
            return false;
        };
        let mut pieces = pieces.peekable();
        if pieces.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(piece) = pieces.next() {
            if pieces.peek().is_none() {
                return rest.len() > piece.len() && rest.ends_with(piece);
            }
            match rest.get(1..).and_then(|rest| rest.find(piece)) {
                Some(at) => rest = &rest[1 + at + piece.len()..],
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_path(pattern: &str, path: &str, expected: bool) {
        assert_eq!(PathPattern::try_from(pattern.to_owned()).unwrap().fits(path), expected, "{pattern} {path}");
    }

    #[track_caller]
    fn check_host(pattern: &str, host: &str, expected: bool) {
        assert_eq!(HostPattern::try_from(pattern.to_owned()).unwrap().fits(host), expected, "{pattern} {host}");
    }

    #[test]
    fn a_path_is_told_by_its_end() {
        check_path("/chat/start", "/api/chat/start", true);
        check_path("/chat/start", "/chat/start", true);
        check_path("/chat/start", "/webchat/start", false);
        check_path("/chat/start", "/chat/start/", false);
    }

    #[test]
    fn a_star_in_a_path_is_one_segment() {
        check_path("/chat/*/message", "/v2/chat/bot/message", true);
        check_path("/chat/*/message", "/chat/bot/message", true);
        check_path("/chat/*/message", "/chat//message", false);
        check_path("/chat/*/message", "/chat/a/b/message", false);
        check_path("/chat/*/message", "/webchat/a/message", false);
        check_path("/2/chat/*", "/genesys/2/chat/support", true);
        check_path("/2/chat/*", "/genesys/2/chat/support/17/send", false);
        check_path("/2/chat/*", "/genesys/2/chat/", false);
        check_path("/socket.io/", "/chat/socket.io/", true);
        check_path("/socket.io/", "/chat/socket.io", false);
        check_path("/*/socket.io/", "/chat/socket.io/", true);
    }

    #[test]
    fn a_star_in_a_host_is_any_text() {
        check_host("api.example.com", "api.example.com", true);
        check_host("api.example.com", "api.example.com.evil.example", false);
        check_host("*.example.com", "a.b.example.com", true);
        check_host("*.example.com", ".example.com", false);
        check_host("*.example.com", "example.com", false);
        check_host("*.execute-api.*.amazonaws.com", "a1.execute-api.eu-west-1.amazonaws.com", true);
        check_host("*.execute-api.*.amazonaws.com", "a1.execute-api.amazonaws.com", false);
        check_host("chat-gateway-de-*.niceincontact.com", "chat-gateway-de-na1.niceincontact.com", true);
    }

    #[test]
    fn what_could_match_anything_is_refused() {
        for path in ["", "/", "//", "chat", "/*", "/*/*", "/chat//a", "/cha*"] {
            assert_eq!(PathPattern::try_from(path.to_owned()), Err(TooLoose::Path), "{path}");
        }
        for host in ["", "*", "*.com", "com", "*.*", "Example.com", "a..com", "https://a.com"] {
            assert_eq!(HostPattern::try_from(host.to_owned()), Err(TooLoose::Host), "{host}");
        }
    }
}
