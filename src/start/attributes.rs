//! The attributes of a start: read from its body as ordered rows, and edited
//! so that one of them is the tester's CRM ID.

mod in_fields;
mod in_json;

use std::borrow::Cow;

use thiserror::Error;

use super::body::document::{Document, Unreadable, bytes_of};
use super::body::fields::{Fault, Field, Fields};
use super::body::json::{Json, Kind, value_at};
use super::body::packets::Event;
use super::body::{Edit, splice};
use super::candidate::Candidate;
use super::profile::{Attributes, Condition, Framing, Profile, Step};
use crate::crm_id::{AttributeKey, CrmId};
use crate::joined::joined;
use crate::wire::{wire_names, wire_struct};
use in_fields::Held;

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
    /// The body cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// What should hold the attributes is something else.
    #[error("{place} is {found}, not an object of attributes")]
    NotAnObject {
        /// Which part of the body.
        place: String,
        /// What it is.
        found: &'static str,
    },
    /// What should hold the attributes as a list is something else.
    #[error("{place} is {found}, not a list of attributes")]
    NotAList {
        /// Which part of the body.
        place: String,
        /// What it is.
        found: &'static str,
    },
    /// Something on the way is missing, and nothing says which name it should have.
    #[error("nothing says under which name {place} should be made")]
    NoNameKnown {
        /// Which part of the body.
        place: String,
    },
    /// Several names stand where one is meant, and nothing says which.
    #[error("{place} has several names, and nothing says under which one the attributes of this start are")]
    SeveralNames {
        /// Which part of the body.
        place: String,
    },
    /// It is signed, or what it holds is.
    #[error("{place} is signed, and the service would refuse one that is edited")]
    Signed {
        /// Which part of the start.
        place: String,
    },
    /// A field that should hold the attributes as JSON holds something else.
    #[error("{place} is {found}, not the attributes as JSON")]
    NoJson {
        /// Which field.
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
    /// What should become the CRM ID is no value that could be replaced.
    #[error("`{place}` is {found}, not one value that could be set")]
    NotOneValue {
        /// The field's name.
        place: String,
        /// What it is.
        found: &'static str,
    },
    /// The edited body would say something else.
    #[error("`{key}` cannot be set in this body: it would not read back as the CRM ID")]
    NotReadBack {
        /// The attribute's name.
        key: String,
    },
}

/// A start's body, read through its profile.
#[derive(Clone, Debug)]
pub struct Reading<'b> {
    source: Source<'b>,
    content_type: Option<&'b str>,
    profile: &'b Profile,
    layout: &'b Attributes,
    attributes: Vec<Attribute>,
    is_text: bool,
}

/// The body, and where in it the attributes are.
#[derive(Clone, Debug)]
enum Source<'b> {
    /// JSON in a text: one that is the whole of it, or events of socket.io.
    Json(&'b str, Vec<Part<'b>>),
    Fields(Fields<'b>, Held),
}

/// A JSON text, and the event that it is the JSON of.
type Part<'b> = (Json<'b>, Option<Event>);

/// An edited body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole body after the edits.
    pub bytes: Vec<u8>,
    /// What was changed.
    pub edits: Vec<Edit>,
    /// The attributes, read back.
    pub attributes: Vec<Attribute>,
}

/// The attributes that a candidate brings in the signed token of a header, for reading.
pub fn claimed(candidate: &Candidate, profile: &Profile) -> Vec<Attribute> {
    let Some((header, token)) = candidate.token() else {
        return vec![];
    };
    let known = profile.tokens.iter().find(|known| known.header == header);
    known.map(|known| in_json::of_token(token, &known.claims)).unwrap_or_default()
}

impl<'b> Reading<'b> {
    /// Reads a candidate's body, or says why it must be left alone.
    pub fn of(candidate: &'b Candidate, profile: &'b Profile) -> Result<Self, Untouchable> {
        let bytes = bytes_of(&candidate.body)?;
        Self::of_bytes(bytes, candidate.content_type.as_deref(), profile)
    }

    /// The same for a text.
    pub fn of_text(text: &'b str, content_type: Option<&'b str>, profile: &'b Profile) -> Result<Self, Untouchable> {
        Self::of_bytes(Cow::Borrowed(text.as_bytes()), content_type, profile)
    }

    fn of_bytes(
        bytes: Cow<'b, [u8]>,
        content_type: Option<&'b str>,
        profile: &'b Profile,
    ) -> Result<Self, Untouchable> {
        let layout = &profile.attributes;
        let is_text = matches!(bytes, Cow::Borrowed(_));
        let (text, parts) = match profile.start.framing {
            Some(Framing::SocketIo) => events(bytes, profile)?,
            None => match Document::of(bytes, content_type, layout.first_key())? {
                Document::Json(json) => (json.text(), vec![(json, None)]),
                Document::Fields(fields) => {
                    let held = Held::find(&fields, layout)?;
                    let attributes = held.attributes(&fields, layout);
                    let source = Source::Fields(fields, held);
                    return Ok(Self { source, content_type, profile, layout, attributes, is_text });
                }
            },
        };
        let mut attributes = Vec::new();
        for (json, _) in &parts {
            attributes.extend(in_json::read_all(json.root(), layout)?);
        }
        Ok(Self { source: Source::Json(text, parts), content_type, profile, layout, attributes, is_text })
    }

    /// The body that was read.
    pub fn bytes(&self) -> &[u8] {
        match &self.source {
            Source::Json(text, _) => text.as_bytes(),
            Source::Fields(fields, _) => fields.bytes(),
        }
    }

    /// The attributes in the order written, duplicates included.
    pub fn attributes(&self) -> Vec<Attribute> {
        self.attributes.clone()
    }

    /// The body with an attribute set to the CRM ID: every one of that name is
    /// replaced; where there is none it becomes the last, and a missing
    /// container is made. What comes out has been read back.
    pub fn inject(&self, key: &AttributeKey, crm_id: &CrmId) -> Result<Edited, Untouchable> {
        let (name, value) = (key.as_str(), crm_id.as_str());
        let edits = match &self.source {
            Source::Json(text, parts) => {
                let mut edits = Vec::new();
                for (json, event) in parts {
                    let inside = in_json::set_all(json.root(), self.profile, name, value)?;
                    edits.extend(match event {
                        Some(event) => event.edits(text, inside),
                        None => inside,
                    });
                }
                edits
            }
            Source::Fields(fields, held) => held.set(fields, self.layout, name, value)?,
        };
        let not_read_back = || Untouchable::NotReadBack { key: name.to_owned() };
        // Places inside each other cannot both be edited.
        let are_apart = |pair: &[Edit]| pair[0].range.end <= pair[1].range.start && pair[0].range != pair[1].range;
        if !edits.windows(2).all(are_apart) {
            return Err(not_read_back());
        }
        let bytes = splice(self.bytes(), &edits);
        let attributes = self.read_back(&bytes, name, value).ok_or_else(not_read_back)?;
        Ok(Edited { bytes, edits, attributes })
    }

    /// The attributes of an edited body, if this one is set and no other is another.
    fn read_back(&self, bytes: &[u8], name: &str, value: &str) -> Option<Vec<Attribute>> {
        if self.is_text && str::from_utf8(bytes).is_err() {
            return None;
        }
        let after = Reading::of_bytes(Cow::Borrowed(bytes), self.content_type, self.profile).ok()?.attributes;
        let mut ours = after.iter().filter(|attribute| attribute.key == name).peekable();
        let is_set = ours.peek().is_some() && ours.all(|attribute| attribute.value == value);
        let other = |attribute: &&Attribute| attribute.key != name;
        let is_all = after.iter().filter(other).eq(self.attributes.iter().filter(other));
        (is_set && is_all).then_some(after)
    }

    /// The value that a path of keys leads to, for reading.
    pub fn value_at(&self, path: &[String]) -> Option<String> {
        match &self.source {
            Source::Json(_, parts) => parts.iter().find_map(|(json, _)| value_at(json.root(), path)),
            Source::Fields(fields, _) => fields.value_at(path),
        }
    }

    /// Whether the body says all of at least one list. An empty text says nothing.
    pub fn says(&self, lists: &[Vec<Condition>]) -> bool {
        let is_said = |condition: &Condition| {
            condition.allows(self.value_at(&condition.path).filter(|value| !value.is_empty()).as_deref())
        };
        lists.iter().any(|conditions| conditions.iter().all(is_said))
    }

    /// The name of the first field that has a fault, if the body has fields.
    pub fn faulty(&self, fault: Fault) -> Option<String> {
        match &self.source {
            Source::Json(..) => None,
            Source::Fields(fields, _) => fields.faulty(fault).map(Field::name),
        }
    }
}

/// A text of socket.io, and the events in it that are starts.
fn events<'b>(bytes: Cow<'b, [u8]>, profile: &Profile) -> Result<(&'b str, Vec<Part<'b>>), Untouchable> {
    // Owned bytes are those of a body that is no text.
    let Cow::Borrowed(bytes) = bytes else {
        return Err(Unreadable::NotText.into());
    };
    let text = str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
    let mut parts = Vec::new();
    for event in profile.start.events_in(text) {
        let json = Json::parse(&text[event.json.clone()]).map_err(Unreadable::from)?;
        parts.push((json, Some(event)));
    }
    if parts.is_empty() { Err(Unreadable::NoEvent.into()) } else { Ok((text, parts)) }
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

/// A path of steps in a tester's words.
fn place_of(path: &[Step]) -> String {
    let mut keys = Vec::with_capacity(path.len());
    for step in path {
        match step {
            Step::Key(key) => keys.push(key.clone()),
            Step::Item { key, is } => keys.push(joined(&[key, is], "=")),
            Step::Any => keys.push("*".to_owned()),
            Step::Json => {}
        }
    }
    place_of_keys(&keys)
}

/// A path of keys in a tester's words.
fn place_of_keys(keys: &[String]) -> String {
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    if keys.is_empty() { "the body".to_owned() } else { joined(&["`", &joined(&keys, "."), "`"], "") }
}
