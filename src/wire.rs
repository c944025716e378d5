//! The JSON form of everything that is stored or sent.
//!
//! `serde_json` reads and writes the text; a type says here, in one line a
//! field, how it stands in a [`Value`]. That is not serde's derive for one
//! reason, measured: derived readers made more than half of the wasm module
//! (265 of 485 KB), because each type is compiled for each way to read it.
//!
//! An enum is an object with `kind`, or a text where no variant has fields.
//! Keys that a type does not know are refused.

mod forms;

use serde_json::{Map, Value};
use thiserror::Error;

/// Something with a JSON form.
pub trait Wire: Sized {
    /// Whether it may be missing; `null` stands for it then.
    const MAY_BE_MISSING: bool = false;

    /// The JSON form.
    fn to_json(&self) -> Value;

    /// Reads the JSON form. What does not fit is told to the reader, and
    /// anything may stand in its place: nobody sees it.
    fn read(json: &Value, reader: &mut Reader) -> Self;

    /// Reads the JSON form, or says all that does not fit.
    fn from_json(json: &Value) -> Result<Self, Mismatches> {
        let mut reader = Reader::default();
        let read = Self::read(json, &mut reader);
        if reader.found.is_empty() { Ok(read) } else { Err(Mismatches(reader.found)) }
    }

    /// The JSON form as text.
    fn to_text(&self) -> String {
        text_of(&self.to_json())
    }

    /// Reads the JSON form from text.
    fn from_text(text: &str) -> Result<Self, Mismatches> {
        Self::from_json(&parse(text)?)
    }
}

/// Everything about a JSON value that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", .0.join("; "))]
pub struct Mismatches(Vec<String>);

/// Keeps the place while a value is read, and what does not fit.
///
/// What all types share is in here and not generic, so that it is compiled
/// once: a type only names its members.
#[derive(Debug, Default)]
pub struct Reader {
    place: String,
    found: Vec<String>,
    is_mute: bool,
}

/// Where the reader was before it went one level down.
#[derive(Debug)]
pub struct Level {
    length: usize,
    was_mute: bool,
}

/// Stands for what is missing.
static NOTHING: Value = Value::Null;

impl Reader {
    /// Tells that the value at this place does not fit.
    pub fn mismatch(&mut self, what: &str) {
        if !self.is_mute {
            let colon = if self.place.is_empty() { "" } else { ": " };
            self.found.push([&self.place, colon, what].concat());
        }
    }

    /// The members of an object none of whose keys may be unknown.
    pub fn members<'j>(&mut self, json: &'j Value, known: &[&str]) -> Option<&'j Map<String, Value>> {
        let members = json.as_object();
        match members {
            None => self.mismatch("an object belongs here"),
            Some(members) => {
                for key in members.keys() {
                    if !known.contains(&key.as_str()) {
                        self.mismatch(&["`", key, "` is not known here"].concat());
                    }
                }
            }
        }
        members
    }

    /// One member.
    #[inline(never)]
    pub fn member<T: Wire>(&mut self, members: Option<&Map<String, Value>>, key: &str) -> T {
        let (json, level) = self.enter_member(members, key, T::MAY_BE_MISSING);
        let read = T::read(json, self);
        self.leave(level);
        read
    }

    /// One member, or a default where it is missing.
    pub fn member_or<T: Wire>(&mut self, members: Option<&Map<String, Value>>, key: &str, default: T) -> T {
        if members.is_some_and(|members| members.contains_key(key)) { self.member(members, key) } else { default }
    }

    /// The items of a list.
    pub fn items<'j>(&mut self, json: &'j Value) -> &'j [Value] {
        json.as_array().map_or_else(
            || {
                self.mismatch("a list belongs here");
                [].as_slice()
            },
            Vec::as_slice,
        )
    }

    /// Tells that a text is none of those that are known.
    pub fn none_of(&mut self, json: &Value, known: &[&str]) {
        if json.is_null() {
            self.mismatch("a text belongs here");
        } else {
            self.mismatch(&[&text_of(json), " is not one of ", &known.join(", ")].concat());
        }
    }

    /// Goes one level down.
    fn enter(&mut self, key: &str) -> Level {
        let level = Level { length: self.place.len(), was_mute: self.is_mute };
        if level.length > 0 {
            self.place.push('.');
        }
        self.place.push_str(key);
        level
    }

    /// Goes down to a member. Where there is none, nothing is read in its
    /// place, and that no text or number belongs there needs no telling.
    fn enter_member<'j>(
        &mut self,
        members: Option<&'j Map<String, Value>>,
        key: &str,
        may_be_missing: bool,
    ) -> (&'j Value, Level) {
        let member = members.and_then(|members| members.get(key));
        if member.is_none() && members.is_some() && !may_be_missing {
            self.mismatch(&["`", key, "` is missing"].concat());
        }
        let level = self.enter(key);
        self.is_mute |= member.is_none();
        (member.unwrap_or(&NOTHING), level)
    }

    /// Comes back up.
    fn leave(&mut self, level: Level) {
        self.place.truncate(level.length);
        self.is_mute = level.was_mute;
    }
}

/// JSON from text.
pub fn parse(text: &str) -> Result<Value, Mismatches> {
    serde_json::from_str(text).map_err(|error| Mismatches(vec![error.to_string()]))
}

/// JSON as text.
pub fn text_of(json: &Value) -> String {
    // Nothing in a value cannot be written. `to_string` would do as well, and
    // compiles the writer a second and third time, for `{}` and `{:#}`.
    serde_json::to_string(json).unwrap_or_default()
}

/// Puts one more member into an object, unless there is nothing to put.
#[inline(never)]
pub fn put<T: Wire>(members: &mut Map<String, Value>, key: &str, value: &T) {
    put_json(members, key, value.to_json());
}

/// The same for JSON.
pub fn put_json(members: &mut Map<String, Value>, key: &str, json: Value) {
    if !json.is_null() {
        members.insert(key.to_owned(), json);
    }
}

/// Says how a struct stands in JSON: `field: "key"`, or `field: "key" or
/// default` where it may be missing.
macro_rules! wire_struct {
    ($type:ident { $($field:ident: $key:literal $(or $default:expr)?),+ $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn to_json(&self) -> serde_json::Value {
                let mut members = serde_json::Map::new();
                $($crate::wire::put(&mut members, $key, &self.$field);)+
                serde_json::Value::Object(members)
            }

            fn read(json: &serde_json::Value, reader: &mut $crate::wire::Reader) -> Self {
                let members = reader.members(json, &[$($key),+]);
                Self { $($field: $crate::wire::wire_struct!(@member reader members $key $($default)?)),+ }
            }
        }
    };
    (@member $reader:ident $members:ident $key:literal) => { $reader.member($members, $key) };
    (@member $reader:ident $members:ident $key:literal $default:expr) => {
        $reader.member_or($members, $key, $default)
    };
}

/// Says how an enum whose variants have no fields stands in JSON: `Variant: "text"`.
macro_rules! wire_names {
    ($type:ident { $first:ident: $first_name:literal $(, $variant:ident: $name:literal)* $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn to_json(&self) -> serde_json::Value {
                let name = match self { Self::$first => $first_name, $(Self::$variant => $name),* };
                serde_json::Value::String(name.to_owned())
            }

            fn read(json: &serde_json::Value, reader: &mut $crate::wire::Reader) -> Self {
                match json.as_str() {
                    Some($first_name) => Self::$first,
                    $(Some($name) => Self::$variant,)*
                    _ => {
                        reader.none_of(json, &[$first_name, $($name),*]);
                        Self::$first
                    }
                }
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
            fn to_json(&self) -> serde_json::Value {
                let mut members = serde_json::Map::new();
                let kind = match self {
                    Self::$first => $first_kind,
                    $(Self::$variant $({ $($field),+ })? => {
                        $($($crate::wire::put(&mut members, $key, $field);)+)?
                        $kind
                    })*
                };
                $crate::wire::put_json(&mut members, "kind", serde_json::Value::String(kind.to_owned()));
                serde_json::Value::Object(members)
            }

            fn read(json: &serde_json::Value, reader: &mut $crate::wire::Reader) -> Self {
                let kind = &json["kind"];
                match kind.as_str() {
                    Some($first_kind) => {
                        reader.members(json, &["kind"]);
                        Self::$first
                    }
                    $(Some($kind) => {
                        let members = reader.members(json, &["kind", $($($key),+)?]);
                        let _ = members;
                        Self::$variant $({ $($field: reader.member(members, $key)),+ })?
                    })*
                    _ => {
                        reader.none_of(kind, &[$first_kind, $($kind),*]);
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
            fn to_json(&self) -> serde_json::Value {
                serde_json::Value::String(self.as_str().to_owned())
            }

            fn read(json: &serde_json::Value, reader: &mut $crate::wire::Reader) -> Self {
                let text: String = $crate::wire::Wire::read(json, reader);
                Self::try_from(text).unwrap_or_else(|refused| {
                    reader.mismatch(&refused.to_string());
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
        check_both_ways(&Shape::Dot { at }, r#"{"at":{"name":"é\"","sizes":[7],"x":-1},"kind":"dot"}"#);
        let short = Shape::from_text(r#"{"kind":"dot","at":{"x":1,"sizes":[]}}"#);
        assert_eq!(short, Ok(Shape::Dot { at: Point { x: 1, name: None, sizes: vec![] } }));
    }

    #[test]
    fn a_mismatch_says_where_and_why() {
        check_refused("[]", "a text belongs here");
        check_refused(r#"{"kind":"line"}"#, "\"line\" is not one of nothing, dot");
        check_refused(r#"{"kind":"nothing","at":1}"#, "`at` is not known here");
        check_refused(r#"{"kind":"dot"}"#, "`at` is missing");
        check_refused(
            r#"{"kind":"dot","at":{"x":1.5,"y":0},"of":[]}"#,
            "`of` is not known here; at: `y` is not known here; at.x: a whole number (i64) belongs here; \
             at: `sizes` is missing",
        );
        check_refused(r#"{"kind":"dot","at":{"x":1,"sizes":[1,-1]}}"#, "at.sizes.1: a whole number (u32) belongs here");
        check_refused("{", "EOF while parsing an object at line 1 column 1");
    }
}
