//! Where attributes sit in a body, in which shape, and within which limits.

use crate::start::body::json::Value;
use crate::wire::{Members, Raw, Reader, Wire, Writer, wire_enum, wire_names, wire_struct};

/// Where the attributes sit, and what they may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// The way to what holds them; what is missing is made.
    pub path: Vec<Step>,
    /// Ways to what may hold some too, in JSON alone; none leads into what
    /// another holds. The CRM ID is set in each place that has it; where none
    /// has it, beside another of its names; else in that of `path`.
    pub also: Vec<Vec<Step>>,
    /// How they are written there.
    pub shape: Shape,
    /// The kinds of value that the service keeps.
    pub values: Vec<ValueKind>,
    /// Attributes that the service keeps though they hold an object or list.
    pub nested: Vec<String>,
    /// How much the service takes.
    pub limits: Limits,
    /// Names that the service keeps for itself; a `*` at the end stands for any.
    pub reserved: Vec<String>,
}

wire_struct!(Attributes {
    path: "path",
    also: "also" or vec![],
    shape: "shape" or Shape::Map,
    values: "values",
    nested: "nested" or vec![],
    limits: "limits" or Limits::default(),
    reserved: "reserved" or vec![],
});

/// One step on the way to the attributes.
///
/// In JSON a text is a key or, in an array, a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the member of this key; into the item at this position.
    Key(String),
    /// `{"item": "type", "is": "ctmrinfo"}`: into the item of an array whose
    /// member `type` is `ctmrinfo`.
    Item {
        /// The member that tells items apart.
        key: String,
        /// What it is in the one that is meant.
        is: String,
    },
    /// `{"any": "object"}`: into the one member that is an object, whatever
    /// its key. It cannot be made.
    Any,
    /// `{"in": "json"}`: into the JSON that this text is.
    Json,
}

/// How attributes are written in what holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `{"tier": "gold"}`
    Map,
    /// `{"tier": {"value": "gold", "isDisplayable": true}}`
    Wrapped {
        /// The member with the value.
        value: String,
        /// What a new one has beside it.
        with: Vec<With>,
    },
    /// `[{"key": "tier", "value": "gold", "overwrite": true}]`
    Items {
        /// The member with the name.
        key: String,
        /// The member with the value.
        value: String,
        /// What a new one has beside them.
        with: Vec<With>,
    },
    /// A signed token (JWT); they are in its claims, and cannot be edited.
    Token {
        /// The keys that lead to them there.
        claims: Vec<String>,
    },
}

wire_enum!(Shape {
    Map: "map",
    Wrapped { value: "value", with: "with" }: "wrapped",
    Items { key: "key", value: "value", with: "with" }: "items",
    Token { claims: "claims" }: "token",
});

/// A member that every new attribute gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Raw,
}

wire_struct!(With { key: "key", value: "value" });

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

/// How much of attributes a service takes; what is not known is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// UTF-8 bytes of all keys and values together.
    pub bytes: Option<usize>,
    /// UTF-8 bytes of all attributes together as JSON.
    pub json_bytes: Option<usize>,
    /// How many attributes.
    pub count: Option<usize>,
    /// Characters of a key.
    pub key_length: Option<usize>,
    /// Characters of a value.
    pub value_length: Option<usize>,
    /// Which characters a key may have beside letters and digits of ASCII.
    pub key_characters: Option<String>,
}

wire_struct!(Limits {
    bytes: "bytes",
    json_bytes: "jsonBytes",
    count: "count",
    key_length: "keyLength",
    value_length: "valueLength",
    key_characters: "keyCharacters",
});

impl Wire for Step {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Key(key) => writer.text(key),
            Self::Item { key, is } => {
                writer.open_object();
                writer.member("item", key);
                writer.member("is", is);
                writer.close_object();
            }
            Self::Any => writer.word(r#"{"any":"object"}"#),
            Self::Json => writer.word(r#"{"in":"json"}"#),
        }
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        if let Some(key) = json.text() {
            return Self::Key(key.into_owned());
        }
        let members = Members::of(json);
        if members.keys().any(|key| key == "item") {
            reader.refuse_unknown(&members, &["item", "is"]);
            return Self::Item { key: reader.member(&members, "item"), is: reader.member(&members, "is") };
        }
        let says = |key: &str, word: &str| json.get(key).and_then(|value| value.text()).as_deref() == Some(word);
        match members.keys().count() {
            1 if says("any", "object") => Self::Any,
            1 if says("in", "json") => Self::Json,
            _ => {
                reader.mismatch(r#"a step is a key, {"item":"type","is":"x"}, {"any":"object"} or {"in":"json"}"#);
                Self::Any
            }
        }
    }
}

impl Attributes {
    /// Whether one of the places is another, or inside it.
    pub(super) fn has_overlap(&self) -> bool {
        let are_same = |(one, other): (&Step, &Step)| one == other || *one == Step::Any || *other == Step::Any;
        let ways: Vec<_> = [&self.path].into_iter().chain(&self.also).collect();
        let is_in_one_before =
            |(place, way): (usize, &&Vec<Step>)| ways[..place].iter().any(|other| way.iter().zip(*other).all(are_same));
        ways.iter().enumerate().any(is_in_one_before)
    }

    /// The first key on the way, where that is a key.
    pub fn first_key(&self) -> Option<&str> {
        match self.path.first()? {
            Step::Key(key) => Some(key),
            Step::Item { .. } | Step::Any | Step::Json => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Wire;

    #[track_caller]
    fn check_overlap(path: &str, also: &str, expected: bool) {
        let layout = format!(r#"{{"path":{path},"also":{also},"values":["string"]}}"#);
        assert_eq!(Attributes::from_text(&layout).unwrap().has_overlap(), expected, "{layout}");
    }

    #[test]
    fn places_that_are_one_or_inside_each_other_overlap() {
        check_overlap(r#"["a"]"#, r#"[["b"],["c","d"],["c","e"]]"#, false);
        check_overlap(r#"["a","b"]"#, r#"[["a","c"]]"#, false);
        check_overlap(r#"["a"]"#, r#"[["a"]]"#, true);
        check_overlap(r#"["a"]"#, r#"[["b"],["b"]]"#, true);
        check_overlap(r#"["a","b"]"#, r#"[["a"]]"#, true);
        check_overlap("[]", r#"[["a"]]"#, true);
        check_overlap(r#"[{"any":"object"}]"#, r#"[["a"]]"#, true);
        check_overlap(r#"["x",{"any":"object"}]"#, r#"[["a"]]"#, false);
    }
}
