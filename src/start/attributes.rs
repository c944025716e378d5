//! The attributes of a start: read from its body as ordered rows, and edited
//! so that one of them is the tester's CRM ID.

use thiserror::Error;

use super::body::json::{Json, Kind, NotJson, Value, quoted};
use super::body::{Edit, splice};
use super::candidate::Body;
use super::profile::Profile;
use crate::crm_id::{AttributeKey, CrmId};
use crate::wire::{wire_names, wire_struct};

/// One attribute, as it stands in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub key: String,
    /// Its value for reading: a string without quotes, anything else as written.
    pub value: String,
    /// What kind of value it is.
    pub kind: AttributeKind,
}

wire_struct!(Attribute { key: "key", value: "value", kind: "kind" });

/// The kind of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Text.
    String,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Nothing.
    Null,
    /// An object or array.
    Nested,
}

wire_names!(AttributeKind { String: "string", Number: "number", Boolean: "boolean", Null: "null", Nested: "nested" });

/// Why a start's attributes cannot be read or edited.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Untouchable {
    /// The body is not JSON.
    #[error("the body {0}")]
    NotJson(#[from] NotJson),
    /// The body is larger than the page script carries.
    #[error("the body has {characters} characters, more than Callsign reads")]
    TooLarge {
        /// In UTF-16 code units.
        characters: u64,
    },
    /// The body is an object of a kind that is not understood.
    #[error("the body is a {name}, which Callsign does not read yet")]
    Unsupported {
        /// The object's name in the page.
        name: String,
    },
    /// What should hold the attributes is something else.
    #[error("{place} is {found}, not an object of attributes")]
    NotAnObject {
        /// Which part of the body.
        place: String,
        /// What it is.
        found: &'static str,
    },
    /// A key on the way to the attributes stands more than once.
    #[error("{place} stands {times} times in the body, and services differ in which one they take")]
    Ambiguous {
        /// Which part of the body.
        place: String,
        /// How often.
        times: usize,
    },
}

/// A start's body, read through its profile.
#[derive(Clone, Debug)]
pub struct Reading<'b> {
    text: &'b str,
    /// The innermost object on the way that exists, and how many keys of the
    /// path lead to it.
    innermost: Value<'b>,
    keys_found: usize,
    root: Value<'b>,
}

/// An edited body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole text after the edits.
    pub text: String,
    /// What was changed.
    pub edits: Vec<Edit>,
}

impl<'b> Reading<'b> {
    /// Reads a body, or says why it must be left alone.
    pub fn of(body: &'b Body, profile: &Profile) -> Result<Self, Untouchable> {
        match body {
            Body::Nothing => Self::of_text("", profile),
            Body::Text { text } => Self::of_text(text, profile),
            Body::Binary { .. } => Err(Untouchable::Unsupported { name: "binary body".to_owned() }),
            Body::TooLarge { characters } => Err(Untouchable::TooLarge { characters: *characters }),
            Body::Unsupported { name } => Err(Untouchable::Unsupported { name: name.clone() }),
        }
    }

    /// The same for a text.
    pub fn of_text(text: &'b str, profile: &Profile) -> Result<Self, Untouchable> {
        let root = Json::parse(text)?.root();
        let mut innermost = root;
        let mut place = "the body".to_owned();
        for (keys_found, key) in profile.attributes.path.iter().enumerate() {
            must_be_object(innermost, &place)?;
            let found: Vec<_> = innermost.members().into_iter().filter(|member| member.key == key.as_str()).collect();
            place = format!("`{}`", profile.attributes.path[..=keys_found].join("."));
            match found.as_slice() {
                [] => return Ok(Self { text, innermost, keys_found, root }),
                [member] => innermost = member.value,
                several => return Err(Untouchable::Ambiguous { place, times: several.len() }),
            }
        }
        must_be_object(innermost, &place)?;
        Ok(Self { text, innermost, keys_found: profile.attributes.path.len(), root })
    }

    /// The body that was read.
    pub fn text(&self) -> &'b str {
        self.text
    }

    /// The attributes in the order written, duplicates included.
    pub fn attributes(&self, profile: &Profile) -> Vec<Attribute> {
        if self.keys_found < profile.attributes.path.len() {
            return Vec::new();
        }
        let members = self.innermost.members().into_iter();
        members
            .map(|member| Attribute {
                key: member.key.into_owned(),
                value: member.value.plain().into_owned(),
                kind: member.value.kind().into(),
            })
            .collect()
    }

    /// The body with an attribute set to the CRM ID: every one of that name is
    /// replaced; where there is none it becomes the last, and a missing
    /// container is made.
    pub fn inject(&self, profile: &Profile, key: &AttributeKey, crm_id: &CrmId) -> Edited {
        let value = quoted(crm_id.as_str());
        let missing = &profile.attributes.path[self.keys_found..];
        let edits = match missing.split_first() {
            Some((container, rest)) => {
                let attributes = format!("{{{}:{value}}}", quoted(key.as_str()));
                let nested =
                    rest.iter().rev().fold(attributes, |inside, name| format!("{{{}:{inside}}}", quoted(name)));
                vec![self.innermost.with_member(container, &nested)]
            }
            None => {
                let members = self.innermost.members();
                let same = members.iter().filter(|member| member.key == key.as_str());
                let replaced: Vec<_> = same.map(|member| member.value.replaced_by(value.clone())).collect();
                if replaced.is_empty() { vec![self.innermost.with_member(key.as_str(), &value)] } else { replaced }
            }
        };
        Edited { text: splice(self.text, &edits), edits }
    }

    /// The value that a path of keys leads to, for reading.
    pub fn value_at(&self, path: &[String]) -> Option<String> {
        value_at(self.root, path)
    }
}

impl From<Kind> for AttributeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::String => Self::String,
            Kind::Number => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::Null => Self::Null,
            Kind::Object | Kind::Array => Self::Nested,
        }
    }
}

/// The scalar that a path of keys leads to, for reading.
pub(crate) fn value_at(root: Value<'_>, path: &[String]) -> Option<String> {
    let value = root.at(path)?;
    match value.kind() {
        Kind::String | Kind::Number | Kind::Boolean => Some(value.plain().into_owned()),
        Kind::Null | Kind::Object | Kind::Array => None,
    }
}

fn must_be_object(value: Value<'_>, place: &str) -> Result<(), Untouchable> {
    match value.kind() {
        Kind::Object => Ok(()),
        other @ (Kind::Array | Kind::String | Kind::Number | Kind::Boolean | Kind::Null) => {
            Err(Untouchable::NotAnObject { place: place.to_owned(), found: other.name() })
        }
    }
}
