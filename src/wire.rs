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

    /// Reads the JSON form.
    fn from_json(json: &Value) -> Result<Self, Mismatch>;

    /// What stands for a value that is missing, if anything may.
    fn when_missing() -> Option<Self> {
        None
    }

    /// The JSON form as text.
    fn to_text(&self) -> String {
        self.to_json().to_string()
    }

    /// Reads the JSON form from text.
    fn from_text(text: &str) -> Result<Self, Mismatch> {
        let json = serde_json::from_str(text).map_err(|error| Mismatch::new(error.to_string()))?;
        Self::from_json(&json)
    }
}

/// Where a JSON value is not what it should be, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{what}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct Mismatch {
    /// The keys that lead to it, `sites.https://shop.example.crmId`.
    path: String,
    /// What is wrong with it.
    what: String,
}

impl Mismatch {
    /// A mismatch right here.
    pub fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into() }
    }

    /// The same, seen from one level up.
    #[must_use]
    pub fn under(self, key: &str) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{key}.{}", self.path) };
        Self { path, ..self }
    }
}

/// The members of an object while it is read.
#[derive(Debug)]
pub struct Members<'j> {
    members: &'j Map<String, Value>,
    known: usize,
}

impl<'j> Members<'j> {
    /// The members of an object.
    pub fn of(json: &'j Value) -> Result<Self, Mismatch> {
        match json {
            Value::Object(members) => Ok(Self { members, known: 0 }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(Mismatch::new("an object belongs here"))
            }
        }
    }

    /// One member.
    pub fn take<T: Wire>(&mut self, key: &str) -> Result<T, Mismatch> {
        match self.get(key) {
            Some(json) => T::from_json(json).map_err(|mismatch| mismatch.under(key)),
            None => T::when_missing().ok_or_else(|| Mismatch::new(format!("`{key}` is missing"))),
        }
    }

    /// One member, or a default where it is missing.
    pub fn take_or<T: Wire>(&mut self, key: &str, default: T) -> Result<T, Mismatch> {
        match self.get(key) {
            Some(json) => T::from_json(json).map_err(|mismatch| mismatch.under(key)),
            None => Ok(default),
        }
    }

    fn get(&mut self, key: &str) -> Option<&'j Value> {
        let found = self.members.get(key);
        self.known += usize::from(found.is_some());
        found
    }

    /// Refuses what was not taken.
    pub fn end(self, known: &[&str]) -> Result<(), Mismatch> {
        if self.members.len() == self.known {
            return Ok(());
        }
        let stranger = self.members.keys().find(|key| !known.contains(&key.as_str()));
        Err(Mismatch::new(format!("`{}` is not known here", stranger.map_or("a key", String::as_str))))
    }
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

            fn from_json(json: &serde_json::Value) -> Result<Self, $crate::wire::Mismatch> {
                let mut members = $crate::wire::Members::of(json)?;
                let read = Self { $($field: $crate::wire::wire_struct!(@take members $key $($default)?)),+ };
                members.end(&[$($key),+])?;
                Ok(read)
            }
        }
    };
    (@take $members:ident $key:literal) => { $members.take($key)? };
    (@take $members:ident $key:literal $default:expr) => { $members.take_or($key, $default)? };
}

/// Says how an enum whose variants have no fields stands in JSON: `Variant: "text"`.
macro_rules! wire_names {
    ($type:ident { $($variant:ident: $name:literal),+ $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn to_json(&self) -> serde_json::Value {
                let name = match self { $(Self::$variant => $name),+ };
                serde_json::Value::String(name.to_owned())
            }

            fn from_json(json: &serde_json::Value) -> Result<Self, $crate::wire::Mismatch> {
                match json.as_str() {
                    $(Some($name) => Ok(Self::$variant),)+
                    _ => Err($crate::wire::one_of(json, &[$($name),+])),
                }
            }
        }
    };
}

/// Says how an enum stands in JSON: `Variant { field: "key" }: "kind"`.
macro_rules! wire_enum {
    ($type:ident { $($variant:ident $({ $($field:ident: $key:literal),+ $(,)? })?: $kind:literal),+ $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn to_json(&self) -> serde_json::Value {
                let mut members = serde_json::Map::new();
                match self {
                    $(Self::$variant $({ $($field),+ })? => {
                        $crate::wire::put(&mut members, "kind", serde_json::Value::String($kind.to_owned()));
                        $($($crate::wire::put(&mut members, $key, $crate::wire::Wire::to_json($field));)+)?
                    })+
                }
                serde_json::Value::Object(members)
            }

            fn from_json(json: &serde_json::Value) -> Result<Self, $crate::wire::Mismatch> {
                let mut members = $crate::wire::Members::of(json)?;
                let kind: String = members.take("kind")?;
                match kind.as_str() {
                    $($kind => {
                        let read = Self::$variant $({ $($field: members.take($key)?),+ })?;
                        members.end(&["kind", $($($key),+)?])?;
                        Ok(read)
                    })+
                    _ => {
                        let kind = serde_json::Value::String(kind);
                        Err($crate::wire::one_of(&kind, &[$($kind),+]).under("kind"))
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

            fn from_json(json: &serde_json::Value) -> Result<Self, $crate::wire::Mismatch> {
                let text: String = $crate::wire::Wire::from_json(json)?;
                Self::try_from(text).map_err(|refused| $crate::wire::Mismatch::new(refused.to_string()))
            }
        }
    };
}

pub(crate) use {wire_enum, wire_names, wire_struct, wire_text};

/// The mismatch for a text that is none of those that are known.
pub fn one_of(json: &Value, known: &[&str]) -> Mismatch {
    Mismatch::new(format!("{json} is not one of {}", known.join(", ")))
}

impl Wire for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        json.as_str().map(str::to_owned).ok_or_else(|| Mismatch::new("a text belongs here"))
    }
}

impl Wire for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        json.as_bool().ok_or_else(|| Mismatch::new("true or false belongs here"))
    }
}

macro_rules! wire_integers {
    ($($type:ty),+) => {
        $(impl Wire for $type {
            fn to_json(&self) -> Value {
                Value::from(*self)
            }

            fn from_json(json: &Value) -> Result<Self, Mismatch> {
                let number = json.as_i64().and_then(|number| Self::try_from(number).ok());
                number.ok_or_else(|| Mismatch::new(concat!("a whole number (", stringify!($type), ") belongs here")))
            }
        })+
    };
}

wire_integers!(u16, u32, u64, i64, usize);

impl<T: Wire> Wire for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        if json.is_null() { Ok(None) } else { T::from_json(json).map(Some) }
    }

    fn when_missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(T::to_json).collect())
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        let items = json.as_array().ok_or_else(|| Mismatch::new("a list belongs here"))?;
        let read =
            |(index, item): (usize, &Value)| T::from_json(item).map_err(|mismatch| mismatch.under(&index.to_string()));
        items.iter().enumerate().map(read).collect()
    }
}

impl<K: Wire + Ord + ToString + TryFrom<String, Error: ToString>, V: Wire> Wire for BTreeMap<K, V> {
    fn to_json(&self) -> Value {
        Value::Object(self.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect())
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        let members = json.as_object().ok_or_else(|| Mismatch::new("an object belongs here"))?;
        let read = |(key, value): (&String, &Value)| {
            let name = K::try_from(key.clone()).map_err(|refused| Mismatch::new(refused.to_string()))?;
            Ok((name, V::from_json(value).map_err(|mismatch| mismatch.under(key))?))
        };
        members.iter().map(read).collect()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn to_json(&self) -> Value {
        Value::Array(vec![self.0.to_json(), self.1.to_json()])
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        match json.as_array().map(Vec::as_slice) {
            Some([first, second]) => Ok((A::from_json(first)?, B::from_json(second)?)),
            _ => Err(Mismatch::new("a list of two belongs here")),
        }
    }
}

impl Wire for Range<usize> {
    fn to_json(&self) -> Value {
        (self.start, self.end).to_json()
    }

    fn from_json(json: &Value) -> Result<Self, Mismatch> {
        let (start, end) = Wire::from_json(json)?;
        Ok(start..end)
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

    wire_struct!(Point { x: "x", name: "name", sizes: "sizes" or vec![] });

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
        let short = Shape::from_text(r#"{"kind":"dot","at":{"x":1}}"#);
        assert_eq!(short, Ok(Shape::Dot { at: Point { x: 1, name: None, sizes: vec![] } }));
    }

    #[test]
    fn a_mismatch_says_where_and_why() {
        check_refused("[]", "an object belongs here");
        check_refused(r#"{"kind":"line"}"#, "kind: \"line\" is not one of nothing, dot");
        check_refused(r#"{"kind":"nothing","at":1}"#, "`at` is not known here");
        check_refused(r#"{"kind":"dot"}"#, "`at` is missing");
        check_refused(r#"{"kind":"dot","at":{"x":1.5}}"#, "at.x: a whole number (i64) belongs here");
        check_refused(r#"{"kind":"dot","at":{"x":1,"sizes":[1,-1]}}"#, "at.sizes.1: a whole number (u32) belongs here");
        check_refused("{", "EOF while parsing an object at line 1 column 1");
    }
}
