//! What a start must be, clause by clause: the one list that decides whether
//! a candidate is a start, and that explains why it is none.

use std::borrow::Cow;

use super::pattern::{HostPattern, PathPattern};
use super::start::{Condition, Framing, StartPattern};
use crate::start::body::document::{Document, Unreadable, bytes_of};
use crate::start::body::json::{Json, Kind};
use crate::start::body::packets::{self, Event, json_of};
use crate::start::candidate::{Candidate, Transport, has_query, host_of, path_of};

/// One thing that must hold for a start.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clause<'p> {
    /// It goes out by one of these functions of the page.
    Transports(&'p [Transport]),
    /// It has this method.
    Method(&'p str),
    /// It calls this function of the vendor's.
    Function(&'p str),
    /// Its path ends in one of these ways.
    Paths(&'p [PathPattern]),
    /// It goes to one of these hosts.
    Hosts(&'p [HostPattern]),
    /// Its address has this query parameter.
    Query(&'p str),
    /// Its body says all of at least one list.
    Body {
        /// The lists.
        lists: &'p [Vec<Condition>],
        /// The first key on the way to the attributes, by which a form is known.
        first_key: Option<&'p str>,
        /// What stands around its JSON.
        framing: Option<Framing>,
    },
}

impl StartPattern {
    /// Whether this is so of all that must hold, the cheapest to decide first.
    /// What comes after the first that is not is not asked for.
    pub(crate) fn all_clauses<'p>(
        &'p self,
        first_key: Option<&'p str>,
        is_so: &mut dyn FnMut(Clause<'p>) -> bool,
    ) -> bool {
        let (lists, framing) = (&self.body, self.framing);
        is_so(Clause::Transports(&self.transports))
            && is_so(Clause::Method(&self.method))
            && self.all_clauses_of_address(is_so)
            && (lists.is_empty() || is_so(Clause::Body { lists, first_key, framing }))
    }

    /// The same of those about where it goes. A call of a function has no address but its name.
    pub(super) fn all_clauses_of_address<'p>(&'p self, is_so: &mut dyn FnMut(Clause<'p>) -> bool) -> bool {
        match &self.call {
            Some(call) => is_so(Clause::Function(&call.function)),
            None => {
                (self.paths.is_empty() || is_so(Clause::Paths(&self.paths)))
                    && (self.hosts.is_empty() || is_so(Clause::Hosts(&self.hosts)))
                    && self.query.iter().all(|name| is_so(Clause::Query(name)))
            }
        }
    }
}

impl Clause<'_> {
    /// Whether it holds for a candidate.
    pub(crate) fn holds(&self, candidate: &Candidate) -> bool {
        match self {
            Self::Transports(transports) => transports.contains(&candidate.transport),
            Self::Method(method) => candidate.method == *method,
            Self::Body { lists, framing: Some(Framing::SocketIo), .. } => bytes_of(&candidate.body)
                .is_ok_and(|bytes| str::from_utf8(&bytes).is_ok_and(|text| !events_among(lists, text).is_empty())),
            Self::Body { lists, first_key, framing: None } => said(candidate, lists, *first_key, None)
                .is_ok_and(|said| lists.iter().any(|list| list.iter().all(|condition| condition.holds(&said)))),
            Self::Function(_) | Self::Paths(_) | Self::Hosts(_) | Self::Query(_) => self.holds_at(&candidate.url),
        }
    }

    /// Whether it holds for an address; what is not about addresses does.
    pub(super) fn holds_at(&self, url: &str) -> bool {
        match self {
            Self::Function(function) => *function == url,
            Self::Paths(patterns) => {
                let path = path_of(url);
                patterns.iter().any(|pattern| pattern.fits(path))
            }
            Self::Hosts(patterns) => {
                let host = host_of(url);
                patterns.iter().any(|pattern| pattern.fits(host))
            }
            Self::Query(name) => has_query(url, name),
            Self::Transports(_) | Self::Method(_) | Self::Body { .. } => true,
        }
    }
}

/// What the body of a candidate says, or why it cannot be read. Of several
/// events of socket.io it is the first that says all of one list, or else the first.
pub(crate) fn said<'c>(
    candidate: &'c Candidate,
    lists: &[Vec<Condition>],
    first_key: Option<&str>,
    framing: Option<Framing>,
) -> Result<Document<'c>, Unreadable> {
    let bytes = match (bytes_of(&candidate.body)?, framing) {
        (Cow::Borrowed(bytes), Some(Framing::SocketIo)) => Cow::Borrowed(str::from_utf8(bytes).map_or(bytes, |text| {
            let meant = events_among(lists, text).into_iter().next();
            meant.map_or_else(|| json_of(text), |event| &text[event.json]).as_bytes()
        })),
        (bytes, _) => bytes,
    };
    Document::of(bytes, candidate.content_type.as_deref(), first_key)
}

impl StartPattern {
    /// The events in a text of socket.io that say what a start says.
    pub(crate) fn events_in(&self, text: &str) -> Vec<Event> {
        events_among(&self.body, text)
    }
}

/// The events that say all of one list; the first one where there are no lists, as nothing tells them apart.
fn events_among(lists: &[Vec<Condition>], text: &str) -> Vec<Event> {
    let mut events = packets::events(text);
    events.retain(|event| {
        let json = Json::parse(&text[event.json.clone()]);
        let is_said = |json| lists.is_empty() || lists.iter().any(|list| all_hold(list, &json));
        !event.is_answer && json.is_ok_and(is_said)
    });
    if lists.is_empty() {
        events.truncate(1);
    }
    events
}

impl Condition {
    /// Whether a body says so.
    pub(crate) fn holds(&self, said: &Document<'_>) -> bool {
        if let (true, Document::Fields(fields)) = (self.is.is_empty(), said)
            && fields.all().iter().any(|field| field.keys.starts_with(&self.path))
        {
            return true;
        }
        self.allows(self.value_in(said).as_deref())
    }

    /// What a body says in this place; none for `null`.
    pub(crate) fn value_in<'d>(&self, said: &Document<'d>) -> Option<Cow<'d, str>> {
        match said {
            Document::Json(json) => self.value_in_json(json),
            Document::Fields(fields) => fields.value_at(&self.path).map(Cow::Owned),
        }
    }

    fn value_in_json<'d>(&self, json: &Json<'d>) -> Option<Cow<'d, str>> {
        json.root().at(&self.path).filter(|value| value.kind() != Kind::Null).map(|value| value.plain())
    }

    /// Whether this may stand in its place.
    pub(crate) fn allows(&self, value: Option<&str>) -> bool {
        value.is_some_and(|value| self.is.is_empty() || self.is.iter().any(|allowed| allowed == value))
    }
}

/// Whether all conditions hold for a JSON text.
pub(crate) fn all_hold(conditions: &[Condition], json: &Json<'_>) -> bool {
    conditions.iter().all(|condition| condition.allows(condition.value_in_json(json).as_deref()))
}
