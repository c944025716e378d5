//! Why a candidate is the start that it is, or none: every profile's clauses,
//! each with what was found instead.
//!
//! The clauses are those that decide; nothing is decided here again.

use std::cmp::Reverse;

use super::attributes::Reading;
use super::body::document::Document;
use super::candidate::{CALL, Candidate, FRAME, Transport, host_of, path_of};
use super::profile::{self, Clause, Condition, Profile, Vendor, said};
use super::socket::within;
use crate::joined::joined;

/// Longer values are shown by their beginning, in characters.
const MAX_SHOWN: usize = 60;

/// What one profile says about a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The vendor's name.
    pub vendor: String,
    /// The profile's ID.
    pub profile: String,
    /// Its name on screen.
    pub name: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Everything that must hold, in the order in which it is asked for.
    pub clauses: Vec<Said>,
}

/// Whether a profile is the one that a candidate is read with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Matched,
    /// All of it holds, and another profile comes first.
    AnotherWon {
        /// That profile's ID.
        profile: String,
    },
    /// Something of it does not hold.
    NotMatched,
}

/// One clause in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What must hold, such as `method is POST`.
    pub wanted: String,
    /// Whether it does.
    pub holds: bool,
    /// What was found instead, such as `it is GET`; empty where it holds, or
    /// where there is no more to say.
    pub found: String,
}

impl Said {
    /// The clause as one sentence, such as `method is POST: no, it is GET`.
    pub fn sentence(&self) -> String {
        let answer = if self.holds { "yes" } else { "no" };
        let comma = if self.found.is_empty() { "" } else { ", " };
        format!("{}: {answer}{comma}{}", self.wanted, self.found)
    }
}

impl Explained {
    /// What came of it, as one sentence.
    pub fn sentence(&self) -> String {
        match &self.verdict {
            Verdict::Matched => format!("{}: this is such a start", self.name),
            Verdict::AnotherWon { profile } => {
                format!("{}: this would be such a start, but `{profile}` comes first", self.name)
            }
            Verdict::NotMatched => {
                let first = self.clauses.iter().find(|clause| !clause.holds);
                format!("{}: {}", self.name, first.map(Said::sentence).unwrap_or_default())
            }
        }
    }

    /// How many of its clauses do not hold.
    pub fn misses(&self) -> usize {
        self.clauses.iter().filter(|clause| !clause.holds).count()
    }
}

/// What every profile says about a candidate, in the order in which they are asked.
pub fn explain(candidate: &Candidate, vendors: &[Vendor]) -> Vec<Explained> {
    let mut winner: Option<&str> = None;
    let mut explained = Vec::new();
    for (vendor, profile) in profile::all(vendors) {
        let mut one = explain_one(candidate, vendor, profile);
        match (&one.verdict, winner) {
            (Verdict::Matched, None) => winner = Some(&profile.id),
            (Verdict::Matched, Some(first)) => one.verdict = Verdict::AnotherWon { profile: first.to_owned() },
            (Verdict::AnotherWon { .. } | Verdict::NotMatched, _) => {}
        }
        explained.push(one);
    }
    explained
}

/// What one profile alone says about a candidate.
pub fn explain_one(candidate: &Candidate, vendor: &Vendor, profile: &Profile) -> Explained {
    let mut clauses = Vec::new();
    let mut matches = true;
    profile.start.all_clauses(profile.attributes.first_key(), &mut |clause| {
        let holds = clause.holds(candidate);
        matches &= holds;
        tell(&clause, holds, candidate, &mut clauses);
        true
    });
    if let (Some(pattern), Some(socket)) = (&profile.start.socket, &candidate.socket) {
        let within = within(socket, pattern);
        // Attributes that are sent again are set again.
        let holds =
            within.is_none() || Reading::of(candidate, profile).is_ok_and(|reading| !reading.attributes().is_empty());
        matches &= holds;
        let found = within.filter(|_| !holds).unwrap_or_default();
        clauses.push(Said { wanted: "opens the chat, or has attributes".to_owned(), holds, found: found.to_owned() });
    }
    Explained {
        vendor: vendor.vendor.clone(),
        profile: profile.id.clone(),
        name: profile.name.clone(),
        verdict: if matches { Verdict::Matched } else { Verdict::NotMatched },
        clauses,
    }
}

/// Puts a clause into words; that of the body is a line a condition.
fn tell(clause: &Clause<'_>, holds: bool, candidate: &Candidate, lines: &mut Vec<Said>) {
    let url = candidate.url.as_str();
    let (wanted, found) = match clause {
        Clause::Transports(transports) => {
            let names: Vec<_> = transports.iter().map(|transport| name_of(*transport)).collect();
            (format!("goes out by {}", either(&names)), format!("by {}", name_of(candidate.transport)))
        }
        Clause::Method(method) => (format!("{} {}", verb_of(method), noun_of(method)), it_is(&candidate.method)),
        Clause::Function(function) => (format!("calls {function}"), format!("it goes to {}", shown(url))),
        Clause::Paths(patterns) => {
            let ends: Vec<_> = patterns.iter().map(|pattern| pattern.as_str()).collect();
            (format!("path ends in {}", either(&ends)), it_is_or(&end_of(path_of(url)), "the address has no path"))
        }
        Clause::Hosts(patterns) => {
            let hosts: Vec<_> = patterns.iter().map(|pattern| pattern.as_str()).collect();
            (format!("host is {}", either(&hosts)), it_is_or(&shown(host_of(url)), "the address has no host"))
        }
        Clause::Query(name) => (format!("has the query parameter {name}"), String::new()),
        Clause::Body { lists, first_key, framing } => {
            match said(candidate, lists, *first_key, *framing) {
                Ok(said) => lines.extend(nearest(lists, &said).iter().map(|condition| tell_value(condition, &said))),
                Err(why) => {
                    lines.push(Said { wanted: "the body can be read".to_owned(), holds: false, found: why.to_string() })
                }
            }
            return;
        }
    };
    lines.push(Said { wanted, holds, found: if holds { String::new() } else { found } });
}

fn tell_value(condition: &Condition, said: &Document<'_>) -> Said {
    let keys: Vec<_> = condition.path.iter().map(String::as_str).collect();
    let place = joined(&keys, ".");
    let allowed: Vec<_> = condition.is.iter().map(String::as_str).collect();
    let wanted = match allowed.as_slice() {
        [] => format!("the body has `{place}`"),
        allowed => format!("the body's `{place}` is {}", either(allowed)),
    };
    let holds = condition.holds(said);
    let found = match condition.value_in(said) {
        _ if holds => String::new(),
        Some(value) => it_is_or(&shown(&value), "it is empty"),
        None if allowed.is_empty() => String::new(),
        None => "it has none".to_owned(),
    };
    Said { wanted, holds, found }
}

/// The list that a body misses the least of; of two such, the one that says more.
fn nearest<'l>(lists: &'l [Vec<Condition>], said: &Document<'_>) -> &'l [Condition] {
    let misses = |list: &&Vec<Condition>| list.iter().filter(|condition| !condition.holds(said)).count();
    lists.iter().min_by_key(|list| (misses(list), Reverse(list.len()))).map(Vec::as_slice).unwrap_or_default()
}

fn name_of(transport: Transport) -> &'static str {
    match transport {
        Transport::Fetch => "fetch",
        Transport::Xhr => "xhr",
        Transport::Beacon => "beacon",
        Transport::WebSocket => "WebSocket",
        Transport::PageApi => "a call of the vendor's function",
    }
}

fn verb_of(method: &str) -> &'static str {
    if matches!(method, FRAME | CALL) { "is" } else { "method is" }
}

/// A method, or what stands in its place.
fn noun_of(method: &str) -> &str {
    match method {
        FRAME => "a frame of a WebSocket",
        CALL => "a call of a function",
        method => method,
    }
}

fn it_is(method: &str) -> String {
    format!("it is {}", noun_of(method))
}

fn it_is_or(value: &str, nothing: &str) -> String {
    if value.is_empty() { nothing.to_owned() } else { format!("it is {value}") }
}

/// `a`, `a or b`, `a, b or c`.
fn either(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} or {last}", joined(before, ", ")),
    }
}

fn shown(value: &str) -> String {
    match value.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// The same for a text whose end decides.
fn end_of(value: &str) -> String {
    match value.char_indices().rev().nth(MAX_SHOWN - 1) {
        Some((start, _)) if start > 0 => format!("…{}", &value[start..]),
        Some(_) | None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::candidate::{Body, Socket};
    use super::super::profile::built_in;
    use super::*;

    fn candidate(transport: Transport, method: &str, url: &str, body: &str) -> Candidate {
        Candidate {
            transport,
            method: method.to_owned(),
            url: url.to_owned(),
            content_type: None,
            body: Body::Text { text: body.to_owned() },
            not_editable: None,
            socket: None,
            signature: None,
        }
    }

    #[track_caller]
    fn check(candidate: &Candidate, profile: &str, expected: &[&str]) {
        let explained = explain(candidate, &built_in());
        let one = explained.iter().find(|one| one.profile == profile).unwrap();
        assert_eq!(one.clauses.iter().map(Said::sentence).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_clause_says_what_was_found_instead() {
        let near = candidate(Transport::Fetch, "GET", "https://api.example.com/conversations/chat?a=/b", "");
        check(
            &near,
            "genesys-webchat",
            &[
                "goes out by fetch, xhr or beacon: yes",
                "method is POST: no, it is GET",
                "path ends in /conversations/webchat or /conversations/chats: no, it is /conversations/chat",
            ],
        );
        check(
            &near,
            "genesys-web-messaging",
            &[
                "goes out by WebSocket: no, by fetch",
                "is a frame of a WebSocket: no, it is GET",
                "path ends in /v1: no, it is /conversations/chat",
                "has the query parameter deploymentId: no",
                "the body can be read: no, the body is empty",
            ],
        );
    }

    #[test]
    fn of_a_long_path_the_end_is_told() {
        let url = format!("https://api.example.com/{}/conversations/chat", "a".repeat(80));
        let explained = explain(&candidate(Transport::Fetch, "POST", &url, ""), &built_in());
        let path = format!("it is …{}/conversations/chat", "a".repeat(MAX_SHOWN - "/conversations/chat".len()));
        assert_eq!(explained[0].clauses[2].found, path);
    }

    #[test]
    fn of_several_events_the_one_that_is_the_start_is_told() {
        let mut vendors = built_in();
        let profile = Arc::make_mut(&mut vendors[0].profiles[0]);
        profile.start.framing = Some(profile::Framing::SocketIo);
        profile.start.body = vec![vec![Condition { path: vec!["0".to_owned()], is: vec!["start".to_owned()] }]];
        let url = "https://api.example.com/conversations/webchat";
        let of =
            |body| explain_one(&candidate(Transport::Fetch, "POST", url, body), &vendors[0], &vendors[0].profiles[0]);
        let both = of("42[\"typing\",{}]\u{1E}42[\"start\",{}]");
        assert_eq!((both.misses(), &both.verdict), (0, &Verdict::Matched));
        let neither = of("42[\"typing\",{}]\u{1E}42[\"ping\",{}]");
        assert_eq!(neither.clauses[3].sentence(), "the body's `0` is start: no, it is typing");
    }

    #[test]
    fn of_several_ways_to_say_it_the_nearest_is_told() {
        let frame = |body| candidate(Transport::WebSocket, FRAME, "wss://a.example/v1?deploymentId=d", body);
        let yes = [
            "goes out by WebSocket: yes",
            "is a frame of a WebSocket: yes",
            "path ends in /v1: yes",
            "has the query parameter deploymentId: yes",
        ];
        let echo = [
            "the body's `action` is onMessage: no, it is echo",
            "the body's `message.type` is Text or Structured: no, it has none",
        ];
        check(&frame(r#"{"action":"echo"}"#), "genesys-web-messaging", &[yes.as_slice(), &echo].concat());
        let clear = [
            "the body's `action` is onMessage: yes",
            "the body's `message.type` is Event: yes",
            "the body's `message.events.0.eventType` is Presence: yes",
            "the body's `message.events.0.presence.type` is Join: no, it is Clear",
        ];
        check(
            &frame(
                r#"{"action":"onMessage","message":{"type":"Event","events":[{"eventType":"Presence","presence":{"type":"Clear"}}]}}"#,
            ),
            "genesys-web-messaging",
            &[yes.as_slice(), &clear].concat(),
        );
    }

    #[test]
    fn what_was_said_on_the_socket_before_counts() {
        let text = r#"{"action":"onMessage","message":{"type":"Text","text":"hi"}}"#;
        let frame = |body: &str, session: &str, has_begun| Candidate {
            socket: Some(Socket { number: 1, sessions: 1, session: Some(session.to_owned()), has_begun }),
            ..candidate(Transport::WebSocket, FRAME, "wss://a.example/v1?deploymentId=d", body)
        };
        let last = |candidate: &Candidate| {
            let explained = explain(candidate, &built_in());
            let one = explained.into_iter().find(|one| one.profile == "genesys-web-messaging").unwrap();
            (one.verdict == Verdict::Matched, one.clauses.last().unwrap().sentence())
        };
        let (new, resumed) = (r#"{"body":{"newSession":true}}"#, r#"{"body":{"newSession":false}}"#);
        let wanted = |rest: &str| format!("opens the chat, or has attributes: {rest}");
        assert_eq!(last(&frame(text, new, false)), (true, wanted("yes")));
        let begun = wanted("no, the start of this session was sent before");
        assert_eq!(last(&frame(text, new, true)), (false, begun));
        let goes_on = wanted("no, the service announced that an earlier chat goes on");
        assert_eq!(last(&frame(text, resumed, false)), (false, goes_on));
        let again = text.replace(r#""text":"hi""#, r#""channel":{"metadata":{"customAttributes":{"a":"b"}}}"#);
        assert_eq!(last(&frame(&again, new, true)), (true, wanted("yes")));
    }

    #[test]
    fn the_first_of_two_that_match_is_named() {
        let mut vendors = built_in();
        let mut second = vendors[0].profiles[0].clone();
        Arc::make_mut(&mut second).id = "ours".to_owned();
        vendors[0].profiles.push(second);
        let start = candidate(Transport::Xhr, "POST", "https://a.example/conversations/webchat", "{}");
        let explained = explain(&start, &vendors);
        let sentence = |id: &str| explained.iter().find(|one| one.profile == id).unwrap().sentence();
        assert_eq!(sentence("genesys-webchat"), "Genesys web chat: this is such a start");
        assert_eq!(sentence("ours"), "Genesys web chat: this would be such a start, but `genesys-webchat` comes first");
        assert_eq!(
            sentence("genesys-guest-chat"),
            "Genesys guest chat: path ends in /webchat/guest/conversations: no, it is /conversations/webchat"
        );
    }
}
