//! Profiles: what is known about one vendor's chat start, as data.
//!
//! One JSON file a vendor in `profiles/`. It says how a start is recognised,
//! where its attributes sit, what the service's errors mean. Adding a vendor
//! touches data, not code. Where the facts are from stands in `source`, which
//! the build takes out.

use thiserror::Error;

use super::body::document::{Document, bytes_of};
use super::body::json::{Json, quoted, value_at};
use super::candidate::{Candidate, MAX_BODY_CHARACTERS, Transport, has_query, path_of};
use crate::wire::{Wire, wire_names, wire_struct};

const BUILT_IN: [&str; 1] = [include_str!(concat!(env!("OUT_DIR"), "/genesys.json"))];

/// One vendor's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// The vendor's name as testers say it.
    pub vendor: String,
    /// The starts it has.
    pub profiles: Vec<Profile>,
    /// Where an answer that refuses a start says why.
    pub error_body: ErrorBody,
    /// What its errors mean; the first that fits holds, codes before statuses.
    pub errors: Vec<KnownError>,
}

wire_struct!(Vendor { vendor: "vendor", profiles: "profiles", error_body: "errorBody", errors: "errors" });

/// How one kind of start looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// A stable name, such as `genesys-webchat`.
    pub id: String,
    /// The name on screen.
    pub name: String,
    /// What makes a call this start.
    pub start: StartPattern,
    /// Where the attributes sit.
    pub attributes: Attributes,
    /// Which attribute is the CRM ID.
    pub crm_id: CrmIdKeys,
    /// What else of the body is worth showing.
    pub context: Vec<Labelled>,
    /// How an answer looks that accepts the start.
    pub accepted: Accepted,
}

wire_struct!(Profile {
    id: "id",
    name: "name",
    start: "start",
    attributes: "attributes",
    crm_id: "crmId",
    context: "context",
    accepted: "accepted",
});

/// What makes a call this start; all of it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartPattern {
    /// The page's functions it may come by.
    pub transports: Vec<Transport>,
    /// Its method, in upper case; [`FRAME`] for a frame of a WebSocket.
    pub method: String,
    /// The end of its path, beginning with a slash.
    pub path_ends_with: String,
    /// Query parameters that its address has.
    pub query: Vec<String>,
    /// What its body says, where that is needed to tell it from others: all
    /// conditions of at least one list hold.
    pub body: Vec<Vec<Condition>>,
    /// How the socket tells what a start is, if it goes out on one.
    pub socket: Option<SocketPattern>,
}

wire_struct!(StartPattern {
    transports: "transports",
    method: "method",
    path_ends_with: "pathEndsWith",
    query: "query" or vec![],
    body: "body" or vec![],
    socket: "socket",
});

/// What one value of a body must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The keys, and in arrays the positions, that lead to the value.
    pub path: Vec<String>,
    /// What the value may be, as text.
    pub is: Vec<String>,
}

wire_struct!(Condition { path: "path", is: "is" });

impl Condition {
    fn allows(&self, value: Option<String>) -> bool {
        value.is_some_and(|value| self.is.contains(&value))
    }
}

/// What is said on a WebSocket before and after a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketPattern {
    /// A frame of the page is looked at where it has one of these texts in it.
    pub sent: Vec<String>,
    /// A frame of the service is looked at where it has one of these texts in it.
    pub heard: Vec<String>,
    /// The text that marks the service's announcement of a session.
    pub session: String,
    /// Where the announcement says that the session is a new one.
    pub is_new: Vec<String>,
    /// Where it says how many UTF-8 bytes all attributes may have together, keys and values.
    pub max_bytes: Vec<String>,
    /// What an answer says that accepts the start.
    pub accepted: Vec<Condition>,
    /// What an answer says that has the status in `status`, and refuses.
    pub refused: Vec<Condition>,
    /// Where a refusal has its status.
    pub status: Vec<String>,
    /// Where a refusal says how long to wait.
    pub retry_after: Vec<String>,
}

wire_struct!(SocketPattern {
    sent: "sent",
    heard: "heard",
    session: "session",
    is_new: "isNew",
    max_bytes: "maxBytes",
    accepted: "accepted",
    refused: "refused",
    status: "status",
    retry_after: "retryAfter",
});

/// Where the attributes sit, and what they may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// The keys that lead to the object that holds them; created where missing.
    pub path: Vec<String>,
    /// The kinds of value that the service keeps.
    pub values: Vec<ValueKind>,
}

wire_struct!(Attributes { path: "path", values: "values" });

/// A kind of attribute value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    String,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

wire_names!(ValueKind { String: "string", Number: "number", Boolean: "boolean" });

/// Which attribute is the CRM ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmIdKeys {
    /// Where the CRM ID goes unless the tester names another attribute.
    pub key: String,
    /// Other names in use for it.
    pub other_keys: Vec<String>,
}

wire_struct!(CrmIdKeys { key: "key", other_keys: "otherKeys" });

/// A value of the body with a name for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The name on screen.
    pub label: String,
    /// The keys that lead to the value.
    pub path: Vec<String>,
}

wire_struct!(Labelled { label: "label", path: "path" });

/// How an answer looks that accepts the start, beside a status of 200 to 299.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The keys that lead to the conversation's ID.
    pub conversation_id: Vec<String>,
}

wire_struct!(Accepted { conversation_id: "conversationId" });

/// Where an answer that refuses a start says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorBody {
    /// Paths to the vendor's code; the first that leads somewhere counts.
    pub code: Vec<Vec<String>>,
    /// Paths to the vendor's sentence, in the same way.
    pub message: Vec<Vec<String>>,
}

wire_struct!(ErrorBody { code: "code", message: "message" });

/// What one of the vendor's errors means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownError {
    /// The vendor's codes that mean this.
    pub codes: Vec<String>,
    /// HTTP statuses that mean this where no code is known.
    pub statuses: Vec<u16>,
    /// What is so.
    pub sentence: String,
    /// Why.
    pub cause: String,
    /// What to do.
    pub remedy: String,
}

wire_struct!(KnownError {
    codes: "codes",
    statuses: "statuses" or vec![],
    sentence: "sentence",
    cause: "cause",
    remedy: "remedy",
});

/// Why a vendor's file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unusable {
    /// It is not the JSON of a [`Vendor`].
    #[error("the profile does not parse: {0}")]
    Unreadable(String),
    /// A profile's pattern could match anything.
    #[error("the profile {id}: `pathEndsWith` must begin with a slash and name at least one segment")]
    PathTooLoose {
        /// The profile.
        id: String,
    },
    /// A profile has nowhere to put attributes.
    #[error("the profile {id}: `attributes.path` must name at least one key")]
    NoAttributes {
        /// The profile.
        id: String,
    },
}

impl Vendor {
    /// Reads one vendor's file.
    pub fn parse(json: &str) -> Result<Self, Unusable> {
        let vendor = Self::from_text(json).map_err(|error| Unusable::Unreadable(error.to_string()))?;
        for profile in &vendor.profiles {
            let id = profile.id.clone();
            let path = &profile.start.path_ends_with;
            if !path.starts_with('/') || path.len() < 2 || path.ends_with('/') {
                return Err(Unusable::PathTooLoose { id });
            }
            if profile.attributes.path.is_empty() {
                return Err(Unusable::NoAttributes { id });
            }
        }
        Ok(vendor)
    }
}

impl Profile {
    /// Whether a candidate is this kind of start, its attributes aside.
    pub fn matches(&self, candidate: &Candidate) -> bool {
        let start = &self.start;
        start.transports.contains(&candidate.transport)
            && candidate.method == start.method
            && start.is_at(&candidate.url)
            && (start.body.is_empty() || self.says(candidate))
    }

    fn says(&self, candidate: &Candidate) -> bool {
        let Ok(bytes) = bytes_of(&candidate.body) else {
            return false;
        };
        let first_key = self.attributes.path.first().map(String::as_str);
        let Ok(document) = Document::of(bytes, candidate.content_type.as_deref(), first_key) else {
            return false;
        };
        self.start.body.iter().any(|conditions| match &document {
            Document::Json(json) => all_hold(conditions, json),
            Document::Fields(fields) => {
                conditions.iter().all(|condition| condition.allows(fields.value_at(&condition.path)))
            }
        })
    }
}

impl StartPattern {
    fn is_at(&self, url: &str) -> bool {
        path_of(url).ends_with(&self.path_ends_with) && self.query.iter().all(|name| has_query(url, name))
    }
}

/// Whether all conditions hold for a JSON text.
pub(crate) fn all_hold(conditions: &[Condition], json: &Json<'_>) -> bool {
    conditions.iter().all(|condition| condition.allows(value_at(json.root(), &condition.path)))
}

/// The vendors that come with Callsign.
pub fn built_in() -> Vec<Vendor> {
    BUILT_IN.iter().filter_map(|json| Vendor::parse(json).ok()).collect()
}

/// The first profile that a candidate matches, with its vendor.
pub fn find<'p>(vendors: &'p [Vendor], candidate: &Candidate) -> Option<(&'p Vendor, &'p Profile)> {
    all(vendors).find(|(_, profile)| profile.matches(candidate))
}

/// The first profile whose starts go out on a socket of this address, with
/// its vendor and what is said on such a socket.
pub fn of_socket<'p>(vendors: &'p [Vendor], url: &str) -> Option<(&'p Vendor, &'p Profile, &'p SocketPattern)> {
    all(vendors).find_map(|(vendor, profile)| {
        let socket = profile.start.socket.as_ref()?;
        profile.start.is_at(url).then_some((vendor, profile, socket))
    })
}

/// The profile of a name, with its vendor.
pub fn by_id<'p>(vendors: &'p [Vendor], id: &str) -> Option<(&'p Vendor, &'p Profile)> {
    all(vendors).find(|(_, profile)| profile.id == id)
}

/// All profiles, each with its vendor.
pub fn all(vendors: &[Vendor]) -> impl Iterator<Item = (&Vendor, &Profile)> {
    vendors.iter().flat_map(|vendor| vendor.profiles.iter().map(move |profile| (vendor, profile)))
}

/// What the page script's quick test is made of, as JavaScript: which
/// methods, ends of paths and sockets might be a start, from all built-in
/// profiles, and how long a body may be.
///
/// It is looser than [`find`]: the page asks "might this be ours?", and only
/// Rust decides.
pub fn quick_test() -> String {
    let vendors = built_in();
    let mut methods = Vec::new();
    let mut ends = Vec::new();
    let mut sockets = Vec::new();
    for (_, Profile { start, .. }) in all(&vendors) {
        match &start.socket {
            Some(socket) => sockets.push(format!(
                "{{end: {}, query: [{}], sent: [{}], heard: [{}], session: {}}}",
                quoted(&start.path_ends_with),
                list(start.query.clone()),
                list(socket.sent.clone()),
                list(socket.heard.clone()),
                quoted(&socket.session)
            )),
            None => {
                methods.push(start.method.clone());
                ends.push(start.path_ends_with.clone());
            }
        }
    }
    quick_test_of(methods, ends, &sockets)
}

/// A quick test that every call passes. For tests: nothing that a page can
/// see may change even then.
pub fn every_call() -> String {
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(str::to_owned);
    let socket = r#"{end: "", query: [], sent: [""], heard: [""], session: ""}"#;
    quick_test_of(methods.to_vec(), vec![String::new()], &[socket.to_owned()])
}

fn quick_test_of(methods: Vec<String>, ends: Vec<String>, sockets: &[String]) -> String {
    format!(
        "const METHODS = [{}];\nconst PATH_ENDS = [{}];\nconst SOCKETS = [{}];\nconst MAX_BODY_CHARACTERS = \
         {MAX_BODY_CHARACTERS};",
        list(methods),
        list(ends),
        sockets.join(", ")
    )
}

/// Texts as the items of a JavaScript array, each once.
fn list(mut texts: Vec<String>) -> String {
    texts.sort();
    texts.dedup();
    let quoted: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::candidate::{Body, FRAME};
    use super::*;

    fn candidate(transport: Transport, method: &str, url: &str) -> Candidate {
        Candidate {
            transport,
            method: method.to_owned(),
            url: url.to_owned(),
            content_type: None,
            body: Body::Text { text: "{}".to_owned() },
            not_editable: None,
            socket: None,
        }
    }

    #[track_caller]
    fn check_frame(frame: &str, expected: Option<&str>) {
        let vendors = built_in();
        let url = "wss://webmessaging.mypurecloud.com/v1?deploymentId=d&application=a";
        let body = Body::Text { text: frame.to_owned() };
        let found = Candidate { body, ..candidate(Transport::WebSocket, FRAME, url) };
        assert_eq!(find(&vendors, &found).map(|(_, profile)| profile.id.as_str()), expected, "{frame}");
        let elsewhere = Candidate { url: "wss://webmessaging.mypurecloud.com/v1?deployment=d".to_owned(), ..found };
        assert_eq!(find(&vendors, &elsewhere), None);
    }

    #[test]
    fn a_messenger_s_first_words_are_told_from_all_others() {
        let start = Some("genesys-web-messaging");
        check_frame(r#"{"action":"onMessage","token":"t","message":{"type":"Text","text":"hi"}}"#, start);
        check_frame(r#"{"message":{"type":"Structured"},"action":"onMessage"}"#, start);
        let event = |name: &str, kind: &str| {
            format!(
                r#"{{"action":"onMessage","message":{{"type":"Event","events":[{{"eventType":"{name}","presence":{{"type":"{kind}"}}}}]}}}}"#
            )
        };
        check_frame(&event("Presence", "Join"), start);
        check_frame(&event("Presence", "Clear"), None);
        check_frame(&event("Typing", "Join"), None);
        check_frame(r#"{"action":"configureSession","token":"t","message":{"type":"Text"}}"#, None);
        check_frame(r#"{"action":"echo","message":{"type":"Text","text":"onMessage"}}"#, None);
        check_frame("onMessage", None);
    }

    #[track_caller]
    fn check(method: &str, url: &str, expected: Option<&str>) {
        let vendors = built_in();
        let found = find(&vendors, &candidate(Transport::Fetch, method, url));
        assert_eq!(found.map(|(_, profile)| profile.id.as_str()), expected);
    }

    #[test]
    fn every_built_in_profile_can_be_used() {
        for json in BUILT_IN {
            assert_eq!(Vendor::parse(json).err(), None);
        }
    }

    #[test]
    fn starts_are_told_from_near_misses() {
        check("POST", "https://api.mypurecloud.com/api/v2/conversations/webchat", Some("genesys-webchat"));
        check("POST", "https://shop.example/proxy/conversations/webchat?x=1#y", Some("genesys-webchat"));
        check("POST", "https://api.mypurecloud.com/api/v2/webchat/guest/conversations", Some("genesys-guest-chat"));
        check("GET", "https://api.mypurecloud.com/api/v2/conversations/webchat", None);
        check("POST", "https://api.mypurecloud.com/api/v2/conversations/webchat/", None);
        check("POST", "https://api.mypurecloud.com/api/v2/conversations/webchats", None);
        check("POST", "https://api.mypurecloud.com/api/v2/conversations", None);
        check("POST", "https://shop.example/track?to=/conversations/webchat", None);
        check("PATCH", "https://api.mypurecloud.com/api/v2/conversations/chats/1/participants/2/attributes", None);
    }

    #[test]
    fn the_quick_test_knows_every_path() {
        assert_eq!(
            quick_test(),
            "const METHODS = [\"POST\"];\n\
             const PATH_ENDS = [\"/conversations/webchat\", \"/webchat/guest/conversations\"];\n\
             const SOCKETS = [{end: \"/v1\", query: [\"deploymentId\"], sent: [\"onMessage\"], heard: \
             [\"SessionResponse\", \"StructuredMessage\", \"TooManyRequests\", \"response\"], session: \"SessionResponse\"}];\n\
             const MAX_BODY_CHARACTERS = 4000000;"
        );
    }

    #[test]
    fn a_profile_that_would_match_anything_is_refused() {
        let loose = BUILT_IN[0].replace("\"/conversations/webchat\"", "\"/\"");
        assert_eq!(
            Vendor::parse(&loose).unwrap_err().to_string(),
            "the profile genesys-webchat: `pathEndsWith` must begin with a slash and name at least one segment"
        );
    }
}
