//! Literals of JavaScript: texts in any quotes, numbers, lists, objects, and
//! `JSON.stringify` of one.

use super::super::{Fault, Utf16};
use super::WRITE_OUT;
use crate::joined::joined;
use crate::start::body::json::{Json, quoted};

/// Deeper nesting than this is refused, so that nothing recurses further.
const MAX_DEPTH: usize = 100;

/// A value that is spelled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    /// A number as written, `true`, `false`, `null` or `undefined`.
    Word(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

impl Literal {
    /// What `JSON.stringify` makes of it; none for `undefined`.
    fn json(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(quoted(text)),
            Self::Word(word) => (word != "undefined").then(|| word.clone()),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| item.json().unwrap_or("null".to_owned())).collect();
                let items: Vec<_> = items.iter().map(String::as_str).collect();
                Some(format!("[{}]", joined(&items, ",")))
            }
            Self::Object(members) => {
                let member = |(key, value): &(String, Self)| Some(format!("{}:{}", quoted(key), value.json()?));
                let members: Vec<_> = members.iter().filter_map(member).collect();
                let members: Vec<_> = members.iter().map(String::as_str).collect();
                Some(format!("{{{}}}", joined(&members, ",")))
            }
        }
    }
}

/// Walks over JavaScript.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Passes over white space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let (end, length) = if trimmed.starts_with("//") {
                (trimmed.find('\n'), 1)
            } else if trimmed.starts_with("/*") {
                (trimmed.find("*/"), 2)
            } else {
                return;
            };
            self.at = end.map_or(self.text.len(), |end| self.at + end + length);
        }
    }

    /// Whether this is next, white space aside.
    pub(super) fn is_next(&mut self, character: char) -> bool {
        self.skip_space();
        self.rest().starts_with(character)
    }

    /// Passes over this, if it is next.
    pub(super) fn takes(&mut self, character: char) -> bool {
        let is_next = self.is_next(character);
        self.at += if is_next { character.len_utf8() } else { 0 };
        is_next
    }

    pub(super) fn must_take(&mut self, character: char, remedy: &'static str) -> Result<(), Fault> {
        if self.takes(character) { Ok(()) } else { Err(self.unexpected(&format!("`{character}`"), remedy)) }
    }

    fn unexpected(&self, wanted: &str, remedy: &'static str) -> Fault {
        let found: String = self.rest().chars().take_while(|character| !character.is_whitespace()).take(20).collect();
        let found = if found.is_empty() { "its end".to_owned() } else { format!("`{found}`") };
        Fault::new(self.at, format!("it has {found} where {wanted} belongs"), remedy)
    }

    /// The next value; `depth` levels are open around it.
    pub(super) fn value(&mut self, depth: usize) -> Result<Literal, Fault> {
        self.skip_space();
        if depth > MAX_DEPTH {
            return Err(Fault::new(self.at, format!("it nests deeper than {MAX_DEPTH} levels"), WRITE_OUT));
        }
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => self.string(quote).map(Literal::Text),
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some(_) | None => self.word(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Literal, Fault> {
        self.at += 1;
        let mut members = Vec::new();
        while !self.takes('}') {
            let key = match self.rest().chars().next() {
                Some(quote @ ('"' | '\'')) => self.string(quote)?,
                Some(_) | None => self.name().to_owned(),
            };
            if key.is_empty() && !self.text[..self.at].ends_with(['"', '\'']) {
                return Err(self.unexpected("a key or }", "copy the call whole"));
            }
            self.must_take(':', "write each option as name: value")?;
            members.push((key, self.value(depth + 1)?));
            if !self.takes(',') && !self.is_next('}') {
                return Err(self.unexpected("a comma or }", WRITE_OUT));
            }
        }
        Ok(Literal::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Literal, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.takes(']') {
            items.push(self.value(depth + 1)?);
            if !self.takes(',') && !self.is_next(']') {
                return Err(self.unexpected("a comma or ]", WRITE_OUT));
            }
        }
        Ok(Literal::List(items))
    }

    /// An identifier or number.
    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '.' | '+' | '-');
        let end = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn word(&mut self, depth: usize) -> Result<Literal, Fault> {
        let start = self.at;
        match self.name() {
            "JSON.stringify" => {
                self.must_take('(', WRITE_OUT)?;
                let text = self.value(depth + 1)?.json();
                self.takes(',');
                self.must_take(')', "JSON.stringify with one value can be read, without spaces or a replacer")?;
                Ok(text.map_or(Literal::Word("undefined".to_owned()), Literal::Text))
            }
            word if word == "undefined" || Json::parse(word).is_ok() => Ok(Literal::Word(word.to_owned())),
            _ => {
                self.at = start;
                Err(self.unexpected("a value that is spelled out", WRITE_OUT))
            }
        }
    }

    fn string(&mut self, quote: char) -> Result<String, Fault> {
        let start = self.at;
        let unclosed = || Fault::new(start, format!("a {quote} has no end"), "copy the call whole");
        self.at += 1;
        let mut text = String::new();
        let mut halves = Utf16::default();
        loop {
            let code = match self.next().ok_or_else(unclosed)? {
                end if end == quote => {
                    halves.end(&mut text);
                    return Ok(text);
                }
                '\\' => match self.escape() {
                    Some(code) => code,
                    None => continue,
                },
                '$' if quote == '`' && self.rest().starts_with('{') => {
                    return Err(Fault::new(self.at - 1, "a template has ${…} in it", WRITE_OUT));
                }
                '\n' if quote != '`' => return Err(unclosed()),
                other => u32::from(other),
            };
            halves.take(code, &mut text);
        }
    }

    /// What an escape stands for; none where it joins two lines.
    fn escape(&mut self) -> Option<u32> {
        let escape = self.next()?;
        Some(match escape {
            'b' => 8,
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            '0' => 0,
            '\r' => {
                self.at += usize::from(self.rest().starts_with('\n'));
                return None;
            }
            '\n' | '\u{2028}' | '\u{2029}' => return None,
            'x' => self.digits(2),
            'u' if self.rest().starts_with('{') => {
                self.at += 1;
                let code = self.digits(6);
                self.at += usize::from(self.rest().starts_with('}'));
                code
            }
            'u' => self.digits(4),
            other => u32::from(other),
        })
    }

    fn digits(&mut self, longest: usize) -> u32 {
        let mut code = 0;
        for _ in 0..longest {
            let Some(digit) = self.rest().chars().next().and_then(|digit| digit.to_digit(16)) else { break };
            code = code * 16 + digit;
            self.at += 1;
        }
        code
    }
}
