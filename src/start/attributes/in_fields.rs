//! Attributes in named fields: one field each, such as `attributes[tier]`, or
//! all of them as JSON text in one field.

use super::in_json::{made, read, set};
use super::{Attribute, AttributeKind, Untouchable, place_of_keys};
use crate::start::body::Edit;
use crate::start::body::fields::{Field, Fields, bracketed};
use crate::start::body::json::Json;
use crate::start::profile::{Attributes, Shape, Step};

/// Where the attributes are.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// In a field each, or nowhere yet.
    Apart,
    /// In one field's JSON.
    Together {
        /// The field's position.
        index: usize,
        /// Its value.
        json: String,
    },
    /// In one field's JSON, and that field is missing.
    Missing,
}

impl Held {
    /// Finds the attributes, or says why they must be left alone.
    pub(super) fn find(fields: &Fields<'_>, layout: &Attributes) -> Result<Self, Untouchable> {
        let path = keys_of(&layout.path);
        let mut together = None;
        let mut times = 0;
        for (index, field) in fields.all().iter().enumerate() {
            let keys = &field.keys;
            if path.starts_with(keys) {
                times += 1;
                together = together.or(Some((index, field)));
            } else if path.iter().zip(keys).all(|(wanted, key)| wanted == key)
                && keys.get(path.len()).is_some_and(String::is_empty)
            {
                return Err(Untouchable::NotAnObject { place: place_of_keys(&path), found: "an array" });
            }
        }
        let Some((index, field)) = together else {
            let is_apart = path.len() == layout.path.len() && layout.shape == Shape::Map;
            return Ok(if is_apart { Self::Apart } else { Self::Missing });
        };
        // A field of its own for something that the JSON holds as well.
        let is_inside = |other: &Field| other.keys.len() > field.keys.len() && other.keys.starts_with(&field.keys);
        times += usize::from(fields.all().iter().any(|other| is_inside(other) && !path.starts_with(&other.keys)));
        let place = place_of_keys(&field.keys);
        if times > 1 {
            return Err(Untouchable::Ambiguous { place, times });
        }
        if let Some(found) = field.sealed {
            return Err(Untouchable::NotAnObject { place, found });
        }
        let json = fields.value(field);
        let found = match json.as_str() {
            "" => "empty",
            "[object Object]" => "the text [object Object]",
            _ => "other text",
        };
        let parsed = Json::parse(&json).map_err(|_| Untouchable::NoJson { place, found })?;
        read(parsed.root(), &layout.path, inside(layout, field), &layout.shape)?;
        Ok(Self::Together { index, json })
    }

    /// The attributes in the order written, duplicates included.
    pub(super) fn attributes(&self, fields: &Fields<'_>, layout: &Attributes) -> Vec<Attribute> {
        match self {
            Self::Apart => {
                let path = keys_of(&layout.path);
                let mut attributes = Vec::new();
                for field in fields.all() {
                    if let Some(attribute) = attribute(fields, field, &path) {
                        attributes.push(attribute);
                    }
                }
                attributes
            }
            Self::Together { index, json } => {
                let held = Json::parse(json).ok();
                let from = inside(layout, &fields.all()[*index]);
                held.and_then(|json| read(json.root(), &layout.path, from, &layout.shape).ok()).unwrap_or_default()
            }
            Self::Missing => vec![],
        }
    }

    /// The edits that set an attribute.
    pub(super) fn set(
        &self,
        fields: &Fields<'_>,
        layout: &Attributes,
        key: &str,
        value: &str,
    ) -> Result<Vec<Edit>, Untouchable> {
        let path = keys_of(&layout.path);
        let mut keys: Vec<&str> = path.iter().map(String::as_str).collect();
        match self {
            Self::Together { index, json } => {
                let field = &fields.all()[*index];
                let parsed = Json::parse(json)
                    .map_err(|_| Untouchable::NoJson { place: place_of_keys(&field.keys), found: "other text" })?;
                let edits = set(parsed.root(), &layout.path, inside(layout, field), &layout.shape, key, value)?;
                return Ok(edits.iter().map(|edit| fields.replaced_inside(field, edit)).collect());
            }
            Self::Missing => {
                let steps = &layout.path[path.len()..];
                let steps = steps.strip_prefix(&[Step::Json]).unwrap_or(steps);
                let json = made(steps, &layout.shape, key, value);
                let json = json.ok_or_else(|| Untouchable::NoNameKnown { place: place_of_keys(&path) })?;
                return Ok(vec![fields.appended(&keys, &json)]);
            }
            Self::Apart => keys.push(key),
        }
        let mut edits = Vec::new();
        for field in fields.all() {
            let is_there = field.keys.len() >= keys.len() && keys.iter().zip(&field.keys).all(|(a, b)| a == b);
            let found = match field.sealed {
                _ if !is_there => continue,
                _ if field.keys.len() > keys.len() => "spread over several fields",
                Some(sealed) => sealed,
                None => {
                    edits.push(fields.replaced(field, value));
                    continue;
                }
            };
            return Err(Untouchable::NotOneValue { place: bracketed(&keys), found });
        }
        if edits.is_empty() {
            edits.push(fields.appended(&keys, value));
        }
        Ok(edits)
    }
}

/// The field as an attribute, if it is one. What is nested deeper keeps its
/// brackets: `tags[]`.
fn attribute(fields: &Fields<'_>, field: &Field, path: &[String]) -> Option<Attribute> {
    let keys = field.keys.strip_prefix(path)?;
    let (first, rest) = keys.split_first()?;
    let key = rest.iter().fold(first.clone(), |key, inner| format!("{key}[{inner}]"));
    let kind = if rest.is_empty() { AttributeKind::String } else { AttributeKind::Nested };
    match field.sealed {
        Some(_) => None,
        None => Some(Attribute { key, value: fields.value(field), kind }),
    }
}

/// The keys that the way to the attributes begins with.
fn keys_of(path: &[Step]) -> Vec<String> {
    let mut keys = Vec::new();
    for step in path {
        match step {
            Step::Key(key) => keys.push(key.clone()),
            Step::Item { .. } | Step::Any | Step::Json => break,
        }
    }
    keys
}

/// How many steps lead to what a field's JSON is.
fn inside(layout: &Attributes, field: &Field) -> usize {
    let keys = field.keys.len();
    keys + usize::from(layout.path.get(keys) == Some(&Step::Json))
}
