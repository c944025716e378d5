//! Named fields, however they are written: what a form and a multipart body
//! have in common.

use std::borrow::Cow;
use std::ops::Range;

use super::Edit;
use super::form::{self, Habits};
use super::json::{Json, value_at};
use super::multipart::{self, Frame, NotMultipart};
use super::readable::readable;

/// A body with more fields than this is left alone. PHP takes 1,000; a chat
/// start has about ten.
pub const MAX_FIELDS: usize = 10_000;

/// A body that is named fields, in the order written.
#[derive(Clone, Debug)]
pub struct Fields<'b> {
    bytes: Cow<'b, [u8]>,
    fields: Vec<Field>,
    syntax: Syntax,
}

#[derive(Clone, Debug)]
enum Syntax {
    Form(Habits),
    Multipart(Frame),
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The keys that its name is made of: `a[b][c]` is `a`, `b`, `c`.
    pub keys: Vec<String>,
    /// What it holds where that is no text to be read or edited.
    pub sealed: Option<&'static str>,
    /// Where its value stands, as written.
    value: Range<usize>,
    /// A form's field may have no `=`.
    has_equals: bool,
}

/// What is wrong with how a field is written, although it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A `%` that begins no escape.
    BrokenEscape,
    /// Bytes that are no UTF-8.
    NotUtf8,
}

impl Field {
    pub(super) fn new(name: &str, value: Range<usize>, has_equals: bool) -> Self {
        Self { keys: keys_of(name), sealed: None, value, has_equals }
    }

    /// Its name, decoded.
    pub fn name(&self) -> String {
        bracketed(&self.keys.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Where its value stands, as written.
    pub fn range(&self) -> Range<usize> {
        self.value.clone()
    }

    /// Whether it has a value, and not just a name.
    pub(super) fn has_equals(&self) -> bool {
        self.has_equals
    }
}

impl<'b> Fields<'b> {
    /// Reads a form.
    pub fn of_form(bytes: Cow<'b, [u8]>) -> Self {
        let (fields, habits) = form::parse(&bytes, MAX_FIELDS);
        Self { bytes, fields, syntax: Syntax::Form(habits) }
    }

    /// Reads multipart form data.
    pub fn of_multipart(bytes: Cow<'b, [u8]>, content_type: &str) -> Result<Self, NotMultipart> {
        let (fields, frame) = multipart::parse(&bytes, content_type, MAX_FIELDS)?;
        Ok(Self { bytes, fields, syntax: Syntax::Multipart(frame) })
    }

    /// The body as written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All fields.
    pub fn all(&self) -> &[Field] {
        &self.fields
    }

    /// A field's value, decoded; what is no UTF-8 is read as U+FFFD.
    pub fn value(&self, field: &Field) -> String {
        let raw = self.raw(field);
        match self.syntax {
            Syntax::Form(_) => readable(&form::decode(raw).0).0,
            Syntax::Multipart(_) => readable(raw).0,
        }
    }

    /// The edit that gives a field another value.
    pub fn replaced(&self, field: &Field, value: &str) -> Edit {
        let equals = if field.has_equals { "" } else { "=" };
        Edit { range: field.range(), replacement: format!("{equals}{}", self.encode(value)) }
    }

    /// The edit of the body that makes an edit of a field's value.
    pub fn replaced_inside(&self, field: &Field, edit: &Edit) -> Edit {
        let raw = self.raw(field);
        let written = |place: usize| match self.syntax {
            Syntax::Form(_) => {
                let (decoded, places) = form::decode(raw);
                places.written(readable(&decoded).1.written(place))
            }
            Syntax::Multipart(_) => readable(raw).1.written(place),
        };
        let start = field.value.start;
        let range = start + written(edit.range.start)..start + written(edit.range.end);
        Edit { range, replacement: self.encode(&edit.replacement) }
    }

    /// The edit that adds a last field.
    pub fn appended(&self, keys: &[&str], value: &str) -> Edit {
        let (at, replacement) = match &self.syntax {
            Syntax::Form(habits) => habits.appended(keys, value),
            Syntax::Multipart(frame) => frame.appended(&bracketed(keys), value),
        };
        Edit { range: at..at, replacement }
    }

    /// What a path of keys leads to: a field of that name, or a value in a
    /// field's JSON.
    pub fn value_at(&self, path: &[String]) -> Option<String> {
        let on_the_way = |field: &&Field| field.sealed.is_none() && path.starts_with(&field.keys);
        self.fields.iter().filter(on_the_way).find_map(|field| {
            let value = self.value(field);
            match &path[field.keys.len()..] {
                [] => Some(value),
                rest => value_at(Json::parse(&value).ok()?.root(), rest),
            }
        })
    }

    /// The first field that has a fault.
    pub fn faulty(&self, fault: Fault) -> Option<&Field> {
        let is_faulty = |field: &&Field| {
            let raw = self.raw(field);
            match (fault, &self.syntax) {
                (Fault::BrokenEscape, Syntax::Form(_)) => form::has_broken_escape(raw),
                (Fault::BrokenEscape, Syntax::Multipart(_)) => false,
                (Fault::NotUtf8, Syntax::Form(_)) => str::from_utf8(&form::decode(raw).0).is_err(),
                (Fault::NotUtf8, Syntax::Multipart(_)) => str::from_utf8(raw).is_err(),
            }
        };
        self.fields.iter().filter(|field| field.sealed.is_none()).find(is_faulty)
    }

    fn raw(&self, field: &Field) -> &[u8] {
        &self.bytes[field.range()]
    }

    fn encode(&self, text: &str) -> String {
        match &self.syntax {
            Syntax::Form(habits) => habits.encode(text),
            Syntax::Multipart(_) => text.to_owned(),
        }
    }
}

/// The keys of a name such as `a[b][c]`; a name of another shape is one key.
fn keys_of(name: &str) -> Vec<String> {
    let inside = name.split_once('[').and_then(|(first, rest)| Some((first, rest.strip_suffix(']')?)));
    if let Some((first, inside)) = inside {
        let keys: Vec<_> = inside.split("][").map(str::to_owned).collect();
        if !first.is_empty() && !first.contains(']') && !keys.iter().any(|key| key.contains(['[', ']'])) {
            return [vec![first.to_owned()], keys].concat();
        }
    }
    vec![name.to_owned()]
}

/// The name that is made of these keys.
pub fn bracketed(keys: &[&str]) -> String {
    match keys.split_first() {
        Some((first, rest)) => rest.iter().fold((*first).to_owned(), |name, key| format!("{name}[{key}]")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_keys(name: &str, expected: &[&str]) {
        assert_eq!(keys_of(name), expected);
        assert_eq!(bracketed(expected), name);
    }

    #[test]
    fn a_name_is_made_of_keys() {
        check_keys("a", &["a"]);
        check_keys("a[b][c d]", &["a", "b", "c d"]);
        check_keys("a[]", &["a", ""]);
        check_keys("", &[""]);
        for odd in ["[a]", "a[b", "a]b", "a[b]c", "a[b[c]]", "a[b]]", "a][b]"] {
            check_keys(odd, &[odd]);
        }
    }
}
