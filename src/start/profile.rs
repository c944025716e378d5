//! Profiles: what is known about one vendor's chat start, as data.
//!
//! One JSON file a vendor in `profiles/`. It says how a start is recognised,
//! where its attributes sit, what the service's errors mean. Adding a vendor
//! touches data, not code.

use thiserror::Error;

use super::body::json::quoted;
use super::candidate::{Candidate, MAX_BODY_CHARACTERS, Transport};
use crate::wire::{Wire, wire_names, wire_struct};

const BUILT_IN: [&str; 1] = [include_str!("profiles/genesys.json")];

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
    /// Where the facts come from and how sure they are.
    pub source: String,
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
    source: "source",
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
    /// Its method, in upper case.
    pub method: String,
    /// The end of its path, beginning with a slash.
    pub path_ends_with: String,
}

wire_struct!(StartPattern { transports: "transports", method: "method", path_ends_with: "pathEndsWith" });

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
    /// The keys that lead to the vendor's code.
    pub code: Vec<String>,
    /// The keys that lead to the vendor's sentence.
    pub message: Vec<String>,
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
    /// Whether a candidate is this kind of start, its body aside.
    pub fn matches(&self, candidate: &Candidate) -> bool {
        self.start.transports.contains(&candidate.transport)
            && candidate.method == self.start.method
            && candidate.path().ends_with(&self.start.path_ends_with)
    }
}

/// The vendors that come with Callsign.
pub fn built_in() -> Vec<Vendor> {
    BUILT_IN.iter().filter_map(|json| Vendor::parse(json).ok()).collect()
}

/// The first profile that a candidate matches, with its vendor.
pub fn find<'p>(vendors: &'p [Vendor], candidate: &Candidate) -> Option<(&'p Vendor, &'p Profile)> {
    all(vendors).find(|(_, profile)| profile.matches(candidate))
}

/// The profile of a name, with its vendor.
pub fn by_id<'p>(vendors: &'p [Vendor], id: &str) -> Option<(&'p Vendor, &'p Profile)> {
    all(vendors).find(|(_, profile)| profile.id == id)
}

/// All profiles, each with its vendor.
pub fn all(vendors: &[Vendor]) -> impl Iterator<Item = (&Vendor, &Profile)> {
    vendors.iter().flat_map(|vendor| vendor.profiles.iter().map(move |profile| (vendor, profile)))
}

/// What the page script's quick test is made of, as JavaScript: the ends of
/// paths that might be a start, from all built-in profiles, and how long a
/// body may be.
///
/// It is looser than [`find`]: the page asks "might this be ours?", and only
/// Rust decides.
pub fn quick_test() -> String {
    let vendors = built_in();
    let mut ends: Vec<String> = all(&vendors).map(|(_, profile)| quoted(&profile.start.path_ends_with)).collect();
    ends.sort();
    ends.dedup();
    format!("const PATH_ENDS = [{}];\nconst MAX_BODY_CHARACTERS = {MAX_BODY_CHARACTERS};", ends.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::candidate::Body;
    use super::*;

    fn candidate(transport: Transport, method: &str, url: &str) -> Candidate {
        Candidate {
            transport,
            method: method.to_owned(),
            url: url.to_owned(),
            body: Body::Text { text: "{}".to_owned() },
        }
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
            "const PATH_ENDS = [\"/conversations/webchat\", \"/webchat/guest/conversations\"];\n\
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
