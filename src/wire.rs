//! The JSON form of everything that is stored or sent.
//!
//! A type says here, in one line a field, how it stands in JSON; four small
//! macros make a reader and a writer of it. That is not serde's derive for
//! one reason, measured: derived readers made more than half of the wasm
//! module (265 of 485 KB), because each type is compiled for each way to read
//! it; and a tree of `serde_json` still made 23 KB. So what is read is a text
//! that was checked once ([`Json`]), and what is written is a text at once.
//!
//! An enum is an object with `kind`, or a text where no variant has fields.
//! Keys that a type does not know are refused. Of a key that stands twice the
//! first counts.

mod forms;

use std::fmt::Display;

use thiserror::Error;

use crate::joined::joined;
use crate::start::body::json::{Json, Kind, Member, NotJson, Value, quoted};

/// Something with a JSON form.
pub trait Wire: Sized {
    /// Whether it may be missing; `null` stands for it then.
    const MAY_BE_MISSING: bool = false;

    /// Writes the JSON form.
    fn write(&self, writer: &mut Writer);

    /// Reads the JSON form. What does not fit is told to the reader, and
    /// anything may stand in its place: nobody sees it.
    fn read(json: Value<'_>, reader: &mut Reader) -> Self;

    /// The JSON form as text.
    fn to_text(&self) -> String {
        let mut writer = Writer::default();
        self.write(&mut writer);
        writer.text
    }

    /// Reads the JSON form, or says all that does not fit.
    fn from_json(json: Value<'_>) -> Result<Self, Mismatches> {
        let mut reader = Reader::default();
        let read = Self::read(json, &mut reader);
        if reader.found.is_empty() { Ok(read) } else { Err(Mismatches(reader.found)) }
    }

    /// Reads the JSON form from text.
    fn from_text(text: &str) -> Result<Self, Mismatches> {
        Self::from_json(parse(text)?)
    }
}

/// JSON from text.
pub fn parse(text: &str) -> Result<Value<'_>, Mismatches> {
    let not_json = |why: NotJson| Mismatches(format!("the text {why}"));
    Ok(Json::parse(text).map_err(not_json)?.root())
}

/// A piece of JSON as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw(pub String);

/// Everything about a JSON text that is not as it should be, a line each.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Mismatches(String);

impl Mismatches {
    /// Says what is not as it should be.
    pub fn new(lines: String) -> Self {
        Self(lines)
    }
}

/// Writes JSON, value after value.
///
/// Like the [`Reader`] it has in it what all types share.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
}

impl Writer {
    /// Writes a text as a string.
    pub fn text(&mut self, text: &str) {
        self.text.push_str(&quoted(text));
    }

    /// Writes a number, `true`, `false` or `null`.
    pub(crate) fn word(&mut self, word: &str) {
        self.text.push_str(word);
    }

    /// Begins an object.
    pub fn open_object(&mut self) {
        self.text.push('{');
    }

    /// Ends it.
    pub fn close_object(&mut self) {
        self.text.push('}');
    }

    /// One member of an object, left out where it is missing.
    #[inline(never)]
    pub fn member<T: Wire>(&mut self, key: &str, value: &T) {
        let (before, start) = self.enter_member(key);
        value.write(self);
        self.leave_member(before, start);
    }

    /// The member `kind`.
    pub fn kind(&mut self, kind: &str) {
        self.enter_member("kind");
        self.text(kind);
    }

    /// Writes a key; gives how long the text was before it, and is now.
    fn enter_member(&mut self, key: &str) -> (usize, usize) {
        let before = self.text.len();
        self.separate();
        self.text(key);
        self.text.push(':');
        (before, self.text.len())
    }

    fn leave_member(&mut self, before: usize, start: usize) {
        if &self.text[start..] == "null" {
            self.text.truncate(before);
        }
    }

    /// Puts a comma behind all but the first of an object or list.
    fn separate(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[')) {
            self.text.push(',');
        }
    }
}

/// Keeps the place while a value is read, and what does not fit.
///
/// What all types share is in here and not generic, so that it is compiled
/// once: a type only names its members.
#[derive(Debug, Default)]
pub struct Reader {
    place: String,
    found: String,
    is_mute: bool,
    above: Vec<Level>,
}

/// The members of an object; none where there is no object.
#[derive(Debug)]
pub struct Members<'j>(Option<Vec<Member<'j>>>);

/// The items of a list that are still to be read.
#[derive(Debug)]
struct Items<'j> {
    values: Vec<Value<'j>>,
    next: usize,
}

/// Where the reader was before it went one level down.
#[derive(Debug)]
struct Level {
    length: usize,
    was_mute: bool,
}

impl Reader {
    /// Tells that the value at this place does not fit.
    pub fn mismatch(&mut self, what: &str) {
        if !self.is_mute {
            if !self.found.is_empty() {
                self.found.push('\n');
            }
            self.found.push_str(&self.place);
            if !self.place.is_empty() {
                self.found.push_str(": ");
            }
            self.found.push_str(what);
        }
    }

    /// Tells why the value at this place is refused.
    pub fn refuse(&mut self, why: &dyn Display) {
        self.mismatch(&why.to_string());
    }

    /// Tells that a value further in does not fit.
    pub fn mismatch_in(&mut self, keys: &[&str], what: &str) {
        for key in keys {
            self.enter(key);
        }
        self.mismatch(what);
        for _ in keys {
            self.leave();
        }
    }

    /// Whether it was told already that something in this place, further in or
    /// on the way to it does not fit.
    pub fn is_told(&self, keys: &[&str]) -> bool {
        let mut place = self.place.clone();
        let said = |begins: &str| self.found.lines().any(|line| line.starts_with(begins));
        for key in keys {
            if said(&joined(&[&place, ": an object belongs here"], ""))
                || said(&joined(&[&place, ": `", key, "` is"], ""))
            {
                return true;
            }
            place = if place.is_empty() { (*key).to_owned() } else { joined(&[&place, key], ".") };
        }
        said(&joined(&[&place, ": "], "")) || said(&joined(&[&place, "."], ""))
    }

    /// The members of an object, whatever their keys.
    pub fn any_members<'j>(&mut self, json: Value<'j>) -> Members<'j> {
        let members = Members::of(json);
        if members.0.is_none() {
            self.mismatch("an object belongs here");
        }
        members
    }

    /// The members of an object none of whose keys may be unknown.
    pub fn members<'j>(&mut self, json: Value<'j>, known: &[&str]) -> Members<'j> {
        let members = self.any_members(json);
        self.refuse_unknown(&members, known);
        members
    }

    /// Tells of every key that is none of these.
    pub fn refuse_unknown(&mut self, members: &Members<'_>, known: &[&str]) {
        for key in members.keys() {
            if !known.contains(&key) {
                self.mismatch(&format!("`{key}` is not known here, only {}", joined(known, ", ")));
            }
        }
    }

    /// One member.
    #[inline(never)]
    pub fn member<T: Wire>(&mut self, members: &Members<'_>, key: &str) -> T {
        let json = self.enter_member(members, key, T::MAY_BE_MISSING);
        let read = T::read(json, self);
        self.leave();
        read
    }

    /// One member, or a default where it is missing.
    #[inline(never)]
    pub fn member_or<T: Wire>(&mut self, members: &Members<'_>, key: &str, default: T) -> T {
        if members.get(key).is_some() { self.member(members, key) } else { default }
    }

    /// The items of a list.
    fn items<'j>(&mut self, json: Value<'j>) -> Items<'j> {
        if json.kind() != Kind::Array {
            self.mismatch("a list belongs here");
        }
        Items { values: json.items(), next: 0 }
    }

    /// Goes from one item of a list to the next; comes back up behind the last one.
    fn next_item<'j>(&mut self, items: &mut Items<'j>) -> Option<Value<'j>> {
        if items.next > 0 {
            self.leave();
        }
        let item = *items.values.get(items.next)?;
        self.enter(&items.next.to_string());
        items.next += 1;
        Some(item)
    }

    /// Which of some names a text is: its place among them. The first one's
    /// where it is none of them.
    pub fn place_of(&mut self, json: Value<'_>, names: &[&str]) -> usize {
        let name = json.text();
        let place = names.iter().position(|known| Some(*known) == name.as_deref());
        place.unwrap_or_else(|| {
            self.none_of(json, names);
            0
        })
    }

    /// Tells that a text is none of those that are known.
    fn none_of(&mut self, json: Value<'_>, known: &[&str]) {
        if json.kind() == Kind::Null {
            self.mismatch("a text belongs here");
        } else {
            self.mismatch(&format!("{} is not one of {}", json.raw(), joined(known, ", ")));
        }
    }

    /// Tells that an object's `kind`, or what stands in its place, is none of those that are known.
    pub fn no_kind(&mut self, kind: Value<'_>, known: &[&str]) {
        if kind.kind() == Kind::Null {
            self.mismatch(&joined(&["an object whose `kind` is one of ", &joined(known, ", "), " belongs here"], ""));
        } else {
            self.none_of(kind, known);
        }
    }

    /// Goes one level down.
    fn enter(&mut self, key: &str) {
        self.above.push(Level { length: self.place.len(), was_mute: self.is_mute });
        if !self.place.is_empty() {
            self.place.push('.');
        }
        self.place.push_str(key);
    }

    /// Goes down to a member. Where there is none, nothing is read in its
    /// place, and that no text or number belongs there needs no telling.
    fn enter_member<'j>(&mut self, members: &Members<'j>, key: &str, may_be_missing: bool) -> Value<'j> {
        let member = members.get(key);
        if member.is_none() && members.0.is_some() && !may_be_missing {
            self.mismatch(&format!("`{key}` is missing"));
        }
        self.enter(key);
        self.is_mute |= member.is_none();
        member.unwrap_or(Value::NULL)
    }

    /// Comes back up.
    fn leave(&mut self) {
        if let Some(level) = self.above.pop() {
            self.place.truncate(level.length);
            self.is_mute = level.was_mute;
        }
    }
}

impl<'j> Members<'j> {
    /// The members of a value, if it is an object.
    pub fn of(json: Value<'j>) -> Self {
        Self((json.kind() == Kind::Object).then(|| json.members()))
    }

    /// The keys in the order written.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.as_deref().unwrap_or_default().iter().map(|member| member.key.as_ref())
    }

    /// The value of the member `kind`; `null` where there is none.
    pub fn kind(&self) -> Value<'j> {
        self.get("kind").unwrap_or(Value::NULL)
    }

    fn get(&self, key: &str) -> Option<Value<'j>> {
        self.0.as_ref()?.iter().find(|member| member.key == key).map(|member| member.value)
    }
}

/// Says how a struct stands in JSON: `field: "key"`, or `field: "key" or
/// default` where it may be missing.
macro_rules! wire_struct {
    ($type:ident { $($field:ident: $key:literal $(or $default:expr)?),+ $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn write(&self, writer: &mut $crate::wire::Writer) {
                writer.open_object();
                $(writer.member($key, &self.$field);)+
                writer.close_object();
            }

            fn read(json: $crate::start::body::json::Value<'_>, reader: &mut $crate::wire::Reader) -> Self {
                let members = reader.members(json, &[$($key),+]);
                Self { $($field: $crate::wire::wire_struct!(@member reader members $key $($default)?)),+ }
            }
        }
    };
    (@member $reader:ident $members:ident $key:literal) => { $reader.member(&$members, $key) };
    (@member $reader:ident $members:ident $key:literal $default:expr) => {
        $reader.member_or(&$members, $key, $default)
    };
}

/// Says how an enum whose variants have no fields stands in JSON: `Variant: "text"`.
macro_rules! wire_names {
    ($type:ident { $($variant:ident: $name:literal),+ $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn write(&self, writer: &mut $crate::wire::Writer) {
                writer.text(match self { $(Self::$variant => $name),+ });
            }

            fn read(json: $crate::start::body::json::Value<'_>, reader: &mut $crate::wire::Reader) -> Self {
                [$(Self::$variant),+][reader.place_of(json, &[$($name),+])]
            }
        }
    };
}

/// Says how an enum stands in JSON: `Variant { field: "key" }: "kind"`. The
/// first variant has no fields.
macro_rules! wire_enum {
    ($type:ident {
        $first:ident: $first_kind:literal
        $(, $variant:ident $({ $($field:ident: $key:literal),+ $(,)? })?: $kind:literal)* $(,)?
    }) => {
        impl $crate::wire::Wire for $type {
            fn write(&self, writer: &mut $crate::wire::Writer) {
                writer.open_object();
                match self {
                    Self::$first => writer.kind($first_kind),
                    $(Self::$variant $({ $($field),+ })? => {
                        writer.kind($kind);
                        $($(writer.member($key, $field);)+)?
                    })*
                }
                writer.close_object();
            }

            fn read(json: $crate::start::body::json::Value<'_>, reader: &mut $crate::wire::Reader) -> Self {
                let members = $crate::wire::Members::of(json);
                match members.kind().text().as_deref() {
                    Some($first_kind) => {
                        reader.refuse_unknown(&members, &["kind"]);
                        Self::$first
                    }
                    $(Some($kind) => {
                        reader.refuse_unknown(&members, &["kind", $($($key),+)?]);
                        Self::$variant $({ $($field: reader.member(&members, $key)),+ })?
                    })*
                    _ => {
                        reader.no_kind(members.kind(), &[$first_kind, $($kind),*]);
                        Self::$first
                    }
                }
            }
        }
    };
}

/// Says that a checked text stands in JSON as that text.
macro_rules! wire_text {
    ($type:ident) => {
        impl $crate::wire::Wire for $type {
            fn write(&self, writer: &mut $crate::wire::Writer) {
                writer.text(self.as_str());
            }

            fn read(json: $crate::start::body::json::Value<'_>, reader: &mut $crate::wire::Reader) -> Self {
                let text: String = $crate::wire::Wire::read(json, reader);
                Self::try_from(text).unwrap_or_else(|refused| {
                    reader.refuse(&refused);
                    Self(String::new())
                })
            }
        }
    };
}

pub(crate) use {wire_enum, wire_names, wire_struct, wire_text};

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Point {
        x: i64,
        name: Option<String>,
        sizes: Vec<u32>,
    }

    wire_struct!(Point { x: "x", name: "name", sizes: "sizes" });

    #[derive(Debug, PartialEq)]
    enum Shape {
        Nothing,
        Dot { at: Point },
    }

    wire_enum!(Shape { Nothing: "nothing", Dot { at: "at" }: "dot" });

    #[track_caller]
    fn check_both_ways(shape: &Shape, json: &str) {
        assert_eq!(shape.to_text(), json);
        assert_eq!(Shape::from_text(json).as_ref(), Ok(shape));
    }

    #[track_caller]
    fn check_refused(json: &str, expected: &str) {
        assert_eq!(Shape::from_text(json).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_form_goes_both_ways() {
        check_both_ways(&Shape::Nothing, r#"{"kind":"nothing"}"#);
        let at = Point { x: -1, name: Some("é\"".to_owned()), sizes: vec![7] };
        check_both_ways(&Shape::Dot { at }, r#"{"kind":"dot","at":{"x":-1,"name":"é\"","sizes":[7]}}"#);
        let short = Shape::from_text(r#"{"kind":"dot","at":{"x":1,"sizes":[]}}"#);
        assert_eq!(short, Ok(Shape::Dot { at: Point { x: 1, name: None, sizes: vec![] } }));
    }

    #[test]
    fn a_mismatch_says_where_and_why() {
        check_refused("[]", "an object whose `kind` is one of nothing, dot belongs here");
        check_refused(r#"{"kind":"line"}"#, "\"line\" is not one of nothing, dot");
        check_refused(r#"{"kind":"nothing","at":1}"#, "`at` is not known here, only kind");
        check_refused(r#"{"kind":"dot"}"#, "`at` is missing");
        check_refused(
            r#"{"kind":"dot","at":{"x":1.5,"y":0},"of":[]}"#,
            "`of` is not known here, only kind, at\nat: `y` is not known here, only x, name, sizes\nat.x: a whole number belongs here\n\
             at: `sizes` is missing",
        );
        check_refused(
            r#"{"kind":"dot","at":{"x":1,"sizes":[1,-1]}}"#,
            "at.sizes.1: a whole number from 0 to 4294967295 belongs here",
        );
        check_refused("{", "the text ends in the middle of its JSON, after 1 bytes");
    }
}
