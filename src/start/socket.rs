//! What a chat service says on a WebSocket, read through a profile: which
//! session begins, and what came of a start.

use super::body::json::{Json, value_at};
use super::body::packets::json_of;
use super::candidate::Socket;
use super::outcome::Outcome;
use super::profile::{Condition, SocketPattern, all_hold};

/// A session, as the service announced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whether it is a new one. A resumed one carries no start.
    pub is_new: bool,
    /// How many UTF-8 bytes all attributes may have together, keys and
    /// values, where it says so.
    pub max_bytes: Option<usize>,
}

impl Session {
    /// The last session that was announced on a socket, if any was.
    pub fn of(socket: &Socket, pattern: &SocketPattern) -> Option<Self> {
        let json = Json::parse(json_of(socket.session.as_deref()?)).ok()?;
        let value = |path: &[String]| value_at(json.root(), path);
        Some(Self {
            is_new: !pattern.resumed.iter().any(|conditions| all_hold(conditions, &json)),
            max_bytes: value(&pattern.max_bytes).and_then(|bytes| bytes.parse().ok()),
        })
    }
}

/// Why a frame that looks like a start belongs to a chat that has begun, where it does.
pub fn within(socket: &Socket, pattern: &SocketPattern) -> Option<&'static str> {
    if Session::of(socket, pattern).is_some_and(|session| !session.is_new) {
        return Some("the service announced that an earlier chat goes on");
    }
    (pattern.is_only_first && socket.has_begun).then_some("the start of this session was sent before")
}

/// What came of a start, if a frame of the service says that.
pub fn outcome(frame: &str, pattern: &SocketPattern) -> Option<Outcome> {
    let json = Json::parse(json_of(frame)).ok()?;
    let value = |path: &[String]| value_at(json.root(), path);
    let status = value(&pattern.status).and_then(|status| status.parse().ok());
    let says = |conditions: &[Condition]| !conditions.is_empty() && all_hold(conditions, &json);
    let status = if says(&pattern.accepted) {
        status.unwrap_or(200)
    } else if !says(&pattern.refused) {
        return None;
    } else if pattern.status.is_empty() {
        return Some(Outcome::Refused { body: frame.to_owned() });
    } else {
        status.filter(|status| *status >= 300)?
    };
    let retry_after = value(&pattern.retry_after);
    Some(Outcome::Answered { status, body: frame.to_owned(), is_cut: false, retry_after })
}

#[cfg(test)]
mod tests {
    use super::super::profile::{self, built_in};
    use super::*;

    fn pattern() -> SocketPattern {
        let vendors = built_in();
        let (_, profile) = profile::by_id(&vendors, "genesys-web-messaging").unwrap();
        profile.start.socket.clone().unwrap()
    }

    #[track_caller]
    fn check_session(frame: Option<&str>, expected: Option<(bool, Option<usize>)>) {
        let socket = Socket { number: 1, sessions: 1, session: frame.map(str::to_owned), has_begun: false };
        let session = Session::of(&socket, &pattern());
        assert_eq!(session.map(|session| (session.is_new, session.max_bytes)), expected);
    }

    #[track_caller]
    fn check_outcome(frame: &str, expected: Option<(u16, Option<&str>)>) {
        let found = outcome(frame, &pattern()).map(|outcome| match outcome {
            Outcome::Answered { status, retry_after, .. } => (status, retry_after),
            other @ (Outcome::Refused { .. } | Outcome::Failed { .. } | Outcome::Aborted | Outcome::TimedOut) => {
                panic!("{other:?}")
            }
        });
        assert_eq!(found, expected.map(|(status, after)| (status, after.map(str::to_owned))));
    }

    #[test]
    fn a_session_is_new_or_resumed_and_says_how_much_it_takes() {
        check_session(None, None);
        check_session(
            Some(r#"{"class":"SessionResponse","code":200,"body":{"newSession":true,"maxCustomDataBytes":2048}}"#),
            Some((true, Some(2048))),
        );
        check_session(
            Some(r#"{"class":"SessionResponse","code":200,"body":{"newSession":false}}"#),
            Some((false, None)),
        );
        check_session(Some("{"), None);
    }

    #[test]
    fn an_answer_accepts_or_refuses_and_all_else_is_no_answer() {
        check_outcome(
            r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"direction":"Inbound"}}"#,
            Some((200, None)),
        );
        check_outcome(
            r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"direction":"Outbound"}}"#,
            None,
        );
        check_outcome(r#"{"type":"response","class":"string","code":4013,"body":"too large"}"#, Some((4013, None)));
        check_outcome(r#"{"type":"response","class":"string","code":200,"body":"HealthCheck"}"#, None);
        check_outcome(
            r#"{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"body":{"retryAfter":3}}"#,
            Some((429, Some("3"))),
        );
        check_outcome("no JSON", None);
    }
}
