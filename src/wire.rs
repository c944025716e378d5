//! The JSON form of everything that is stored or sent.
//!
//! `serde_json` reads and writes the text; a type says here, in one line a
//! field, how it stands in a [`Value`]. That is not serde's derive for one
//! reason, measured: derived readers made more than half of the wasm module
//! (265 of 485 KB), because each type is compiled for each way to read it.
//!
//! An enum is an object with `kind`, or a text where no variant has fields.
//! Keys that a type does not know are refused.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value};
use thiserror::Error;

/// Something with a JSON form.
pub trait Wire: Sized {
    /// The JSON form.
    fn to_json(&self) -> Value;

    /// Reads the JSON form. What does not fit is told to the reader, and
    /// anything may stand in its place: nobody sees it.
    fn read(json: &Value, reader: &mut Reader) -> Self;

    /// What stands for a value that is missing, if anything may.
    fn when_missing() -> Option<Self> {
        None
    }

    /// Reads the JSON form, or says all that does not fit.
    fn from_json(json: &Value) -> Result<Self, Mismatches> {
        let mut reader = Reader::default();
        let read = Self::read(json, &mut reader);
        if reader.found.is_empty() { Ok(read) } else { Err(Mismatches(reader.found)) }
    }

    /// The JSON form as text.
    fn to_text(&self) -> String {
        self.to_json().to_string()
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
#[derive(Debug, Default)]
pub struct Reader {
    place: String,
    found: Vec<String>,
    is_mute: bool,
}

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
    pub fn member<T: Wire>(&mut self, members: Option<&Map<String, Value>>, key: &str) -> T {
        match members.and_then(|members| members.get(key)) {
            Some(json) => self.inside(key, |reader| T::read(json, reader)),
            None => T::when_missing().unwrap_or_else(|| {
                if members.is_some() {
                    self.mismatch(&["`", key, "` is missing"].concat());
                }
                self.blank()
            }),
        }
    }

    /// One member, or a default where it is missing.
    pub fn member_or<T: Wire>(&mut self, members: Option<&Map<String, Value>>, key: &str, default: T) -> T {
        match members.and_then(|members| members.get(key)) {
            Some(json) => self.inside(key, |reader| T::read(json, reader)),
            None => default,
        }
    }

    /// Tells that a text is none of those that are known.
    pub fn none_of(&mut self, json: &Value, known: &[&str]) {
        if json.is_null() {
            self.mismatch("a text belongs here");
        } else {
            self.mismatch(&[&json.to_string(), " is not one of ", &known.join(", ")].concat());
        }
    }

    /// Reads something one level down.
    fn inside<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.place.len();
        if length > 0 {
            self.place.push('.');
        }
        self.place.push_str(key);
        let read = read(self);
        self.place.truncate(length);
        read
    }

    /// Something in the place of what could not be read.
    fn blank<T: Wire>(&mut self) -> T {
        let was_mute = std::mem::replace(&mut self.is_mute, true);
        let blank = T::read(&Value::Null, self);
        self.is_mute = was_mute;
        blank
    }
}

/// JSON from text.
pub fn parse(text: &str) -> Result<Value, Mismatches> {
    serde_json::from_str(text).map_err(|error| Mismatches(vec![error.to_string()]))
}

/// An object with one more member.
pub fn put(members: &mut Map<String, Value>, key: &str, json: Value) {
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
                $($crate::wire::put(&mut members, $key, $crate::wire::Wire::to_json(&self.$field));)+
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
                        $($($crate::wire::put(&mut members, $key, $crate::wire::Wire::to_json($field));)+)?
                        $kind
                    })*
                };
                $crate::wire::put(&mut members, "kind", serde_json::Value::String(kind.to_owned()));
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

impl Wire for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        json.as_str().map_or_else(
            || {
                reader.mismatch("a text belongs here");
                Self::new()
            },
            str::to_owned,
        )
    }
}

impl Wire for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        json.as_bool().unwrap_or_else(|| {
            reader.mismatch("true or false belongs here");
            false
        })
    }
}

macro_rules! wire_integers {
    ($($type:ty),+) => {
        $(impl Wire for $type {
            fn to_json(&self) -> Value {
                Value::from(*self)
            }

            fn read(json: &Value, reader: &mut Reader) -> Self {
                let number = json.as_i64().and_then(|number| Self::try_from(number).ok());
                number.unwrap_or_else(|| {
                    reader.mismatch(concat!("a whole number (", stringify!($type), ") belongs here"));
                    0
                })
            }
        })+
    };
}

wire_integers!(u16, u32, u64, i64, usize);

impl<T: Wire> Wire for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        if json.is_null() { None } else { Some(T::read(json, reader)) }
    }

    fn when_missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn to_json(&self) -> Value {
        let mut items = Vec::with_capacity(self.len());
        for item in self {
            items.push(item.to_json());
        }
        Value::Array(items)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        let Some(items) = json.as_array() else {
            reader.mismatch("a list belongs here");
            return Self::new();
        };
        let mut read = Self::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            read.push(reader.inside(&index.to_string(), |reader| T::read(item, reader)));
        }
        read
    }
}

impl<K: Wire + Ord + ToString, V: Wire> Wire for BTreeMap<K, V> {
    fn to_json(&self) -> Value {
        let mut members = Map::new();
        for (key, value) in self {
            members.insert(key.to_string(), value.to_json());
        }
        Value::Object(members)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        let mut read = Self::new();
        let Some(members) = json.as_object() else {
            reader.mismatch("an object belongs here");
            return read;
        };
        for (key, value) in members {
            let name = K::read(&Value::String(key.clone()), reader);
            read.insert(name, reader.inside(key, |reader| V::read(value, reader)));
        }
        read
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn to_json(&self) -> Value {
        Value::Array(vec![self.0.to_json(), self.1.to_json()])
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        if json.as_array().is_none_or(|items| items.len() != 2) {
            reader.mismatch("a list of two belongs here");
        }
        (A::read(&json[0], reader), B::read(&json[1], reader))
    }
}

impl Wire for Range<usize> {
    fn to_json(&self) -> Value {
        (self.start, self.end).to_json()
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        let (start, end) = Wire::read(json, reader);
        start..end
    }
}

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
