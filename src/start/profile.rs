//! Profiles: what is known about one vendor's chat start, as data.
//!
//! One JSON file a vendor in `profiles/`, described by `docs/profile.schema.json`.
//! It says how a start is recognised ([`StartPattern`]), where its attributes
//! sit ([`Attributes`]), what the service's errors mean. Adding a vendor
//! touches data, not code. Where the facts are from stands in `source`, which
//! the build takes out.

mod clause;
mod layout;
mod pattern;
mod quick_test;
mod start;
mod vendor_file;

use std::sync::Arc;

use super::candidate::{Candidate, TokenHeader};
use super::finding::Severity;
use crate::wire::{Mismatches, Wire, wire_names, wire_struct};
pub(crate) use clause::{Clause, all_hold, said};
pub use layout::{Attributes, Limits, Shape, Step, ValueKind, With};
pub use pattern::{HostPattern, PathPattern, TooLoose};
pub use quick_test::patterns;
#[cfg(not(target_family = "wasm"))]
pub use quick_test::{every_call, quick_test};
pub use start::{Call, Condition, Framing, SocketPattern, StartPattern};
pub use vendor_file::VendorFile;

/// One vendor's file. A copy shares all but the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// The vendor's name as testers say it.
    pub vendor: String,
    /// The starts it has.
    pub profiles: Vec<Arc<Profile>>,
    /// Where an answer that refuses a start says why.
    pub error_body: Arc<ErrorBody>,
    /// What its errors mean; the first that fits holds, codes before statuses.
    pub errors: Arc<Vec<KnownError>>,
}

wire_struct!(Vendor {
    vendor: "vendor",
    profiles: "profiles",
    error_body: "errorBody" or Arc::default(),
    errors: "errors" or Arc::default(),
});

/// How one kind of start looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// A stable name, such as `genesys-webchat`.
    pub id: String,
    /// The name on screen.
    pub name: String,
    /// How sure that is; a tester's own profile may leave it out.
    pub confidence: Option<Confidence>,
    /// Where its facts are from; the build leaves it out.
    pub source: Option<String>,
    /// What makes a call this start.
    pub start: StartPattern,
    /// Whether it opens a conversation; one that does not only says who the
    /// customer is, and may be sent as often as the page likes.
    pub opens_chat: bool,
    /// Where the attributes sit.
    pub attributes: Attributes,
    /// Which attribute is the CRM ID.
    pub crm_id: CrmIdKeys,
    /// What else of the body is worth showing.
    pub context: Vec<Labelled>,
    /// What its body says where it goes on with an earlier chat: all of at
    /// least one list.
    pub resumed: Vec<Vec<Condition>>,
    /// What of it is signed, and so must not be edited.
    pub signed: Vec<Signed>,
    /// Headers that bring attributes in a signed token, which must not be edited either.
    pub tokens: Vec<Token>,
    /// How an answer looks that accepts the start.
    pub accepted: Accepted,
    /// What is worth knowing about every start of this kind.
    pub notes: Vec<Note>,
}

wire_struct!(Profile {
    id: "id",
    name: "name",
    confidence: "confidence",
    source: "source",
    start: "start",
    opens_chat: "opensChat" or true,
    attributes: "attributes",
    crm_id: "crmId",
    context: "context" or vec![],
    resumed: "resumed" or vec![],
    signed: "signed" or vec![],
    tokens: "tokens" or vec![],
    accepted: "accepted" or Accepted::default(),
    notes: "notes" or vec![],
});

/// How sure a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Seen with a real client, run unmodified.
    Confirmed,
    /// Read in the vendor's own source or reference.
    Source,
    /// Told by others; to be checked.
    Lead,
}

wire_names!(Confidence { Confirmed: "confirmed", Source: "source", Lead: "lead" });

/// Which attribute is the CRM ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmIdKeys {
    /// Where the CRM ID goes unless the tester names another attribute.
    pub key: String,
    /// Other names in use for it.
    pub other_keys: Vec<String>,
}

wire_struct!(CrmIdKeys { key: "key", other_keys: "otherKeys" or vec![] });

impl CrmIdKeys {
    /// Whether it is one of the names in use for the CRM ID.
    pub(crate) fn includes(&self, name: &str) -> bool {
        self.key == name || self.other_keys.iter().any(|other| other == name)
    }
}

/// A value with a name for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The name on screen.
    pub label: String,
    /// The keys that lead to the value in the body.
    pub path: Vec<String>,
    /// The query parameter that it is, where it stands in the address.
    pub query: Option<String>,
    /// Whether it is the address' host, which names the region.
    pub is_host: bool,
}

wire_struct!(Labelled { label: "label", path: "path" or vec![], query: "query", is_host: "host" or false });

/// A signature in the body, and what it seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The keys that lead to the signature.
    pub path: Vec<String>,
    /// The attributes that it seals; all where there are none.
    pub keys: Vec<String>,
}

wire_struct!(Signed { path: "path", keys: "keys" or vec![] });

/// A signed token (JWT) in a header, which brings attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The header.
    pub header: TokenHeader,
    /// The keys that lead to the attributes in what the token claims: an object, or one as JSON in a text.
    pub claims: Vec<String>,
}

wire_struct!(Token { header: "header", claims: "claims" });

/// How an answer looks that accepts the start, beside a status of 200 to 299.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// What it says; anything where this is empty.
    pub body: Vec<Condition>,
    /// The keys that lead to the conversation's ID; none where the service names none.
    pub conversation_id: Vec<String>,
}

wire_struct!(Accepted { body: "body" or vec![], conversation_id: "conversationId" or vec![] });

/// Something to know about every start of a kind, told as a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The finding's ID.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is so.
    pub sentence: String,
    /// Why.
    pub cause: String,
    /// What to do.
    pub remedy: String,
}

wire_struct!(Note { id: "id", severity: "severity", sentence: "sentence", cause: "cause", remedy: "remedy" });

/// Where an answer that refuses a start says why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// Paths to the vendor's code; the first that leads somewhere counts.
    pub code: Vec<Vec<String>>,
    /// Paths to the vendor's sentence, in the same way.
    pub message: Vec<Vec<String>>,
}

wire_struct!(ErrorBody { code: "code" or vec![], message: "message" or vec![] });

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
    codes: "codes" or vec![],
    statuses: "statuses" or vec![],
    sentence: "sentence",
    cause: "cause",
    remedy: "remedy",
});

impl Profile {
    /// Whether a candidate is this kind of start, its attributes aside.
    pub fn matches(&self, candidate: &Candidate) -> bool {
        self.start.matches(candidate, self.attributes.first_key())
    }

    /// Where the attributes sit in an object whose key the profile does not
    /// know, a tester may name it: the same profile with that key, and the
    /// attribute's own name, of a name such as `shop.customerId`.
    pub(crate) fn within_namespace(&self, name: &str) -> Option<(Self, String)> {
        let place = self.attributes.path.iter().position(|step| *step == Step::Any)?;
        let (namespace, key) = name.split_once('.')?;
        let mut named = self.clone();
        named.attributes.path[place] = Step::Key(namespace.to_owned());
        Some((named, key.to_owned()))
    }
}

/// The vendors that come with Callsign.
///
/// In the extension they are a file beside the module (`profiles.json`), which
/// is read when it starts; so this is for all that runs natively.
#[cfg(not(target_family = "wasm"))]
pub fn built_in() -> Vec<Vendor> {
    read_all(BUILT_IN).unwrap_or_default()
}

/// All built-in vendors as one JSON text, as the build puts it beside the module.
#[cfg(not(target_family = "wasm"))]
pub const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/profiles.json"));

/// Reads vendors from the JSON list of them, or says all that is not as it should be.
pub fn read_all(text: &str) -> Result<Vec<Vendor>, Mismatches> {
    Wire::from_text(text)
}

/// The vendors with a tester's own before them. A profile that has the ID of
/// an earlier one stands for it.
pub fn with_own(built_in: &[Vendor], own: &[VendorFile]) -> Vec<Vendor> {
    // What was written later counts more.
    let mut vendors: Vec<_> = own.iter().rev().map(|file| file.vendor.clone()).collect();
    vendors.extend_from_slice(built_in);
    for place in (1..vendors.len()).rev() {
        let (earlier, later) = vendors.split_at_mut(place);
        later[0].profiles.retain(|profile| by_id(earlier, &profile.id).is_none());
    }
    vendors
}

/// The first profile that a candidate matches, with its vendor.
pub fn find<'p>(vendors: &'p [Vendor], candidate: &Candidate) -> Option<(&'p Vendor, &'p Profile)> {
    first(vendors, &|profile| profile.matches(candidate))
}

/// The first profile whose starts go out on a socket of this address, with
/// its vendor and what is said on such a socket.
pub fn of_socket<'p>(vendors: &'p [Vendor], url: &str) -> Option<(&'p Vendor, &'p Profile, &'p SocketPattern)> {
    let is_at = |profile: &Profile| profile.start.socket.is_some() && profile.start.is_at(url);
    let (vendor, profile) = first(vendors, &is_at)?;
    Some((vendor, profile, profile.start.socket.as_ref()?))
}

/// The profile of a name, with its vendor.
pub fn by_id<'p>(vendors: &'p [Vendor], id: &str) -> Option<(&'p Vendor, &'p Profile)> {
    first(vendors, &|profile| profile.id == id)
}

/// The first profile of which this is so, with its vendor. One function for
/// all who ask, because the module has it once then.
fn first<'p>(vendors: &'p [Vendor], is_meant: &dyn Fn(&Profile) -> bool) -> Option<(&'p Vendor, &'p Profile)> {
    for vendor in vendors {
        for profile in &vendor.profiles {
            if is_meant(profile) {
                return Some((vendor, profile));
            }
        }
    }
    None
}

/// All profiles, each with its vendor.
pub fn all(vendors: &[Vendor]) -> impl Iterator<Item = (&Vendor, &Profile)> {
    vendors.iter().flat_map(|vendor| vendor.profiles.iter().map(move |profile| (vendor, &**profile)))
}

#[cfg(test)]
mod tests {
    use super::super::candidate::{Body, FRAME, Transport};
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
            signature: None,
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
        assert_eq!(read_all(BUILT_IN).err(), None);
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
    fn a_profile_that_is_wrong_is_refused_with_all_that_is() {
        let wrong = BUILT_IN.replace("\"/conversations/webchat\"", "\"/\"").replace("\"onMessage\"", "7");
        let why = read_all(&wrong).unwrap_err().to_string();
        assert!(why.starts_with("0.profiles.0.start.paths.0: a path begins with a slash"), "{why}");
        assert!(why.contains("\n0.profiles.2.start.body.0.0.is.0: a text belongs here"), "{why}");
    }

    #[test]
    fn a_tester_s_own_profile_comes_first_and_stands_for_one_of_its_id() {
        let mut vendor = built_in().remove(0);
        vendor.profiles.truncate(1);
        Arc::make_mut(&mut vendor.profiles[0]).name = "Ours".to_owned();
        let own = VendorFile::parse(&vendor.to_text()).unwrap();
        let vendors = with_own(&built_in(), &[own]);
        assert_eq!(by_id(&vendors, "genesys-webchat").map(|(_, profile)| profile.name.as_str()), Some("Ours"));
        assert_eq!(all(&vendors).filter(|(_, profile)| profile.id == "genesys-webchat").count(), 1);
    }
}
