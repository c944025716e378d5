//! JSON text, checked once and then read by position, so that an edit can
//! leave all the rest exactly as the page wrote it.
//!
//! A tree would respell numbers (`1e2`, 23 digits), escapes and spacing and
//! would lose duplicate keys. So nothing is built here: [`Json::parse`] walks
//! over the text once, and a [`Value`] is a range of it that is known to be
//! well formed. Nothing recurses; a page cannot overflow the stack.

mod scanner;

use std::borrow::Cow;
use std::ops::Range;
use std::str::Chars;

use super::Edit;
pub use scanner::{MAX_DEPTH, NotJson};
use scanner::{Scanner, plain};

/// A text that is one JSON value, with white space and at most one byte order
/// mark around it.
#[derive(Clone, Copy, Debug)]
pub struct Json<'t> {
    root: Value<'t>,
}

/// One value inside a [`Json`].
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// One `"key": value` of an object.
#[derive(Clone, Debug)]
pub struct Member<'t> {
    /// The key with its escapes resolved.
    pub key: Cow<'t, str>,
    /// Its value.
    pub value: Value<'t>,
    /// Where the key stands, with its quotes.
    key_range: Range<usize>,
    /// The white space before the key, behind `{` or `,`.
    gap: &'t str,
}

/// The six kinds of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// `-1.5e3`
    Number,
    /// `true`, `false`
    Boolean,
    /// `null`
    Null,
}

impl<'t> Json<'t> {
    /// Checks the whole text.
    pub fn parse(text: &'t str) -> Result<Self, NotJson> {
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let mut scanner = Scanner { text, at: start };
        scanner.skip_space();
        if scanner.at == text.len() {
            return Err(NotJson::Empty);
        }
        let start = scanner.at;
        scanner.check_value()?;
        let end = scanner.at;
        scanner.skip_space();
        if scanner.at < text.len() {
            return Err(scanner.unexpected("the end"));
        }
        Ok(Self { root: Value { text, start, end } })
    }

    /// The whole text.
    pub fn text(&self) -> &'t str {
        self.root.text
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'t> {
        self.root
    }
}

impl<'t> Value<'t> {
    /// A `null` that stands nowhere.
    pub const NULL: Value<'static> = Value { text: "null", start: 0, end: 4 };

    /// Which of the six it is.
    pub fn kind(&self) -> Kind {
        match self.text.as_bytes()[self.start] {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b't' | b'f' => Kind::Boolean,
            b'n' => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// The text as written, quotes included.
    pub fn raw(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// Where it stands in the whole text, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The characters of a string with escapes resolved; of another value its
    /// text as written. Half a surrogate pair becomes U+FFFD.
    pub fn plain(&self) -> Cow<'t, str> {
        match self.kind() {
            Kind::String => unescape(&self.text[self.start + 1..self.end - 1]),
            Kind::Object | Kind::Array | Kind::Number | Kind::Boolean | Kind::Null => Cow::Borrowed(self.raw()),
        }
    }

    /// The characters of a string, as [`Value::plain`] gives them; none for
    /// any other kind.
    pub fn text(&self) -> Option<Cow<'t, str>> {
        (self.kind() == Kind::String).then(|| self.plain())
    }

    /// A whole number of 64 bits, also written as `7.0`; none for any other number or kind.
    pub fn integer(&self) -> Option<i64> {
        let raw = self.raw();
        raw.strip_suffix(".0").unwrap_or(raw).parse().ok()
    }

    /// The members of an object in the order written, duplicates included;
    /// none for any other kind.
    pub fn members(&self) -> Vec<Member<'t>> {
        let mut members = Vec::new();
        if self.kind() != Kind::Object {
            return members;
        }
        let mut scanner = Scanner { text: self.text, at: self.start + 1 };
        loop {
            let gap_start = scanner.at;
            scanner.skip_space();
            if scanner.peek() == b'}' {
                return members;
            }
            let key_start = scanner.at;
            scanner.skip_value();
            let key_range = key_start..scanner.at;
            scanner.skip_space();
            scanner.at += 1;
            scanner.skip_space();
            let start = scanner.at;
            scanner.skip_value();
            let end = scanner.at;
            members.push(Member {
                key: unescape(&self.text[key_range.start + 1..key_range.end - 1]),
                value: Value { text: self.text, start, end },
                key_range,
                gap: &self.text[gap_start..key_start],
            });
            scanner.skip_space();
            if scanner.peek() == b'}' {
                return members;
            }
            scanner.at += 1;
        }
    }

    /// The values of an array in the order written; none for any other kind.
    pub fn items(&self) -> Vec<Value<'t>> {
        let mut items = Vec::new();
        if self.kind() != Kind::Array {
            return items;
        }
        let mut scanner = Scanner { text: self.text, at: self.start + 1 };
        loop {
            scanner.skip_space();
            if scanner.peek() == b']' {
                return items;
            }
            let start = scanner.at;
            scanner.skip_value();
            items.push(Value { text: self.text, start, end: scanner.at });
            scanner.skip_space();
            if scanner.peek() == b']' {
                return items;
            }
            scanner.at += 1;
        }
    }

    /// The first member of this key.
    pub fn get(&self, key: &str) -> Option<Value<'t>> {
        self.members().into_iter().find(|member| member.key == key).map(|member| member.value)
    }

    /// The value that a path leads to: keys, and in arrays positions from 0.
    /// Of a key that stands twice the first is taken.
    pub fn at(self, path: &[String]) -> Option<Value<'t>> {
        let mut value = self;
        for key in path {
            value = match value.kind() {
                Kind::Array => *value.items().get(usize::try_from(key.parse::<i64>().ok()?).ok()?)?,
                Kind::Object | Kind::String | Kind::Number | Kind::Boolean | Kind::Null => value.get(key)?,
            };
        }
        Some(value)
    }

    /// The edit that puts another value in this one's place.
    ///
    /// `json` must be JSON.
    pub fn replaced_by(&self, json: String) -> Edit {
        Edit { range: self.range(), replacement: json }
    }

    /// The edit that adds a last member to this object, spaced like the
    /// member before it.
    ///
    /// `json` must be JSON, and the value an object.
    pub fn with_member(&self, key: &str, json: &str) -> Edit {
        let key = quoted(key);
        let (at, replacement) = match self.members().last() {
            None => (self.start + 1, format!("{key}:{json}")),
            Some(last) => {
                let colon = &self.text[last.key_range.end..last.value.start];
                (last.value.end, format!(",{}{key}{colon}{json}", last.gap))
            }
        };
        Edit { range: at..at, replacement }
    }

    /// The edit that adds a last item to this array, spaced like the item before it.
    ///
    /// `json` must be JSON, and the value an array.
    pub fn with_item(&self, json: &str) -> Edit {
        let items = self.items();
        let (at, replacement) = match items.as_slice() {
            [] => (self.start + 1, json.to_owned()),
            [.., last] => {
                let before = items.len().checked_sub(2).map_or(self.start, |index| items[index].end);
                let space = self.text[before..last.start].rsplit(['[', ',']).next().unwrap_or_default();
                (last.end, format!(",{space}{json}"))
            }
        };
        Edit { range: at..at, replacement }
    }

    /// The edit of the whole text that makes an edit of this string's characters.
    pub fn edited_inside(&self, edit: &Edit) -> Edit {
        let inside = &self.text[self.start + 1..self.end - 1];
        let written = |place| self.start + 1 + written(inside, place);
        let quoted = quoted(&edit.replacement);
        Edit {
            range: written(edit.range.start)..written(edit.range.end),
            replacement: quoted[1..quoted.len() - 1].to_owned(),
        }
    }
}

impl Kind {
    /// The kind in a tester's words, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Null => "null",
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

/// A text as a JSON string, with quotes.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn unescape(inside: &str) -> Cow<'_, str> {
    // In a checked string nothing but a backslash stands for something else.
    let mut escape = plain(inside.as_bytes());
    if escape == inside.len() {
        return Cow::Borrowed(inside);
    }
    let (mut resolved, mut rest) = (String::with_capacity(inside.len()), inside);
    while escape < rest.len() {
        resolved.push_str(&rest[..escape]);
        let mut characters = rest[escape + 1..].chars();
        resolved.push(resolve(&mut characters));
        rest = characters.as_str();
        escape = plain(rest.as_bytes());
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

/// Where in a string as written the character stands that is at `place` once escapes are resolved.
fn written(inside: &str, place: usize) -> usize {
    let mut characters = inside.chars();
    let mut plain = 0;
    while plain < place {
        plain += match characters.next() {
            Some('\\') => resolve(&mut characters).len_utf8(),
            Some(other) => other.len_utf8(),
            None => break,
        };
    }
    inside.len() - characters.as_str().len()
}

/// The character that an escape stands for, behind its backslash.
fn resolve(characters: &mut Chars<'_>) -> char {
    match characters.next() {
        Some('u') => {
            let mut code = unit(characters);
            // Two halves of a pair are one character.
            let mut ahead = characters.clone();
            if let 0xD800..=0xDBFF = code
                && ahead.next() == Some('\\')
                && ahead.next() == Some('u')
                && let low @ 0xDC00..=0xDFFF = unit(&mut ahead)
            {
                code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                *characters = ahead;
            }
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        Some('b') => '\u{8}',
        Some('f') => '\u{C}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some(other) => other,
        None => char::REPLACEMENT_CHARACTER,
    }
}

/// The four hexadecimal digits of an escape.
fn unit(characters: &mut Chars<'_>) -> u32 {
    let digits = characters.take(4).filter_map(|digit| digit.to_digit(16));
    digits.fold(0, |unit, digit| unit * 16 + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        assert_eq!(Json::parse(text).unwrap_err().to_string(), expected);
    }

    #[track_caller]
    fn check_members(text: &str, expected: &[(&str, &str)]) {
        let json = Json::parse(text).unwrap();
        let members = json.root().members();
        let found: Vec<_> = members.iter().map(|member| (member.key.as_ref(), member.value.raw())).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_appended(text: &str, expected: &str) {
        let json = Json::parse(text).unwrap();
        let edit = json.root().with_member("k", "\"v\"");
        assert_eq!(super::super::splice(text.as_bytes(), &[edit]), expected.as_bytes());
    }

    #[test]
    fn values_keep_their_spelling_and_duplicates_stay() {
        check_members(
            "\u{FEFF} {\"a\" : 1e2,\n\"a\":12345678901234567890123, \"\\u0062\": [1, {\"c\":\"}\\\"\"}] }\r\n",
            &[("a", "1e2"), ("a", "12345678901234567890123"), ("b", "[1, {\"c\":\"}\\\"\"}]")],
        );
        check_members("{ }", &[]);
        check_members("[1]", &[]);
    }

    #[track_caller]
    fn check_at(path: &[&str], expected: Option<&str>) {
        let json = Json::parse(r#"{"a":[1, {"b":"c"},[] ],"a":2}"#).unwrap();
        let path: Vec<_> = path.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(json.root().at(&path).map(|value| value.raw()), expected);
    }

    #[test]
    fn a_path_leads_through_objects_and_arrays() {
        check_at(&["a", "0"], Some("1"));
        check_at(&["a", "1", "b"], Some("\"c\""));
        check_at(&["a", "2"], Some("[]"));
        check_at(&["a", "2", "0"], None);
        check_at(&["a", "3"], None);
        check_at(&["a", "b"], None);
        check_at(&["a", "0", "b"], None);
        check_at(&["b"], None);
    }

    #[test]
    fn a_new_member_is_spaced_like_its_neighbour() {
        check_appended("{}", r#"{"k":"v"}"#);
        check_appended("{ }", r#"{"k":"v" }"#);
        check_appended(r#"{"a":1}"#, r#"{"a":1,"k":"v"}"#);
        check_appended("{ \"a\" : 1 }\n", "{ \"a\" : 1, \"k\" : \"v\" }\n");
        check_appended("{\n  \"a\": [],\n  \"b\": {}\n}", "{\n  \"a\": [],\n  \"b\": {},\n  \"k\": \"v\"\n}");
    }

    #[test]
    fn escapes_are_resolved_for_reading() {
        let json =
            Json::parse(r#""\u00e9\ud83d\ude00\n\/\"\ud83d.\ud83d\u00e9\ude00\ud83d\ud83d\ude00\ud83d""#).unwrap();
        assert_eq!(json.root().plain(), "é😀\n/\"\u{FFFD}.\u{FFFD}é\u{FFFD}\u{FFFD}😀\u{FFFD}");
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        check_refused("", "is empty");
        check_refused(" \n", "is empty");
        check_refused("{\"a\":1", "ends in the middle of its JSON, after 6 bytes");
        check_refused("{\"a", "ends in the middle of its JSON, after 3 bytes");
        check_refused("tru", "ends in the middle of its JSON, after 3 bytes");
        check_refused("a=1&b=2", "is not JSON: line 1, column 1 has a where a value belongs");
        check_refused("{\n 'a':1}", "is not JSON: line 2, column 2 has ' where a key in double quotes belongs");
        check_refused("{\"é\":1,}", "is not JSON: line 1, column 8 has } where a key in double quotes belongs");
        check_refused("[1 2]", "is not JSON: line 1, column 4 has 2 where a comma or ] belongs");
        check_refused("{} {}", "is not JSON: line 1, column 4 has { where the end belongs");
        check_refused("[01]", "is not JSON: line 1, column 3 has 1 where a comma or ] belongs");
        check_refused(
            "\"a\nb\"",
            "is not JSON: line 1, column 3 has U+000A where a character or closing quote belongs",
        );
        check_refused(&"[".repeat(10_000), "nests deeper than 512 levels");
        check_refused("nul!", "is not JSON: line 1, column 4 has ! where null belongs");
    }
}
