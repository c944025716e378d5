//! Attributes as members of an object in JSON text.

use super::{Attribute, Untouchable, place_of};
use crate::start::body::Edit;
use crate::start::body::json::{Kind, Value, quoted};

/// The object that holds the attributes, or the innermost one on the way
/// there that exists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'v, 'p> {
    innermost: Value<'v>,
    /// The keys that lead on from there; none where it holds the attributes.
    missing: &'p [String],
}

impl<'v, 'p> Object<'v, 'p> {
    /// Follows a path from its key `from` on.
    pub(super) fn find(root: Value<'v>, path: &'p [String], from: usize) -> Result<Self, Untouchable> {
        let mut innermost = root;
        for index in from..path.len() {
            must_be_object(innermost, &path[..index])?;
            let mut found = innermost.members();
            found.retain(|member| member.key == path[index].as_str());
            match found.as_slice() {
                [] => return Ok(Self { innermost, missing: &path[index..] }),
                [member] => innermost = member.value,
                several => {
                    return Err(Untouchable::Ambiguous { place: place_of(&path[..=index]), times: several.len() });
                }
            }
        }
        must_be_object(innermost, path)?;
        Ok(Self { innermost, missing: &[] })
    }

    /// The attributes in the order written, duplicates included.
    pub(super) fn attributes(&self) -> Vec<Attribute> {
        if !self.missing.is_empty() {
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

    /// The edits that set an attribute.
    pub(super) fn set(&self, key: &str, value: &str) -> Vec<Edit> {
        let value = quoted(value);
        match self.missing.split_first() {
            Some((container, rest)) => {
                let attributes = format!("{{{}:{value}}}", quoted(key));
                let nested =
                    rest.iter().rev().fold(attributes, |inside, name| format!("{{{}:{inside}}}", quoted(name)));
                vec![self.innermost.with_member(container, &nested)]
            }
            None => {
                let members = self.innermost.members();
                let same = members.iter().filter(|member| member.key == key);
                let replaced: Vec<_> = same.map(|member| member.value.replaced_by(value.clone())).collect();
                if replaced.is_empty() { vec![self.innermost.with_member(key, &value)] } else { replaced }
            }
        }
    }
}

fn must_be_object(value: Value<'_>, path: &[String]) -> Result<(), Untouchable> {
    match value.kind() {
        Kind::Object => Ok(()),
        other @ (Kind::Array | Kind::String | Kind::Number | Kind::Boolean | Kind::Null) => {
            Err(Untouchable::NotAnObject { place: place_of(path), found: other.name() })
        }
    }
}
