//! The grammar of JSON, walked over once without building anything.

use thiserror::Error;

/// Deeper nesting than this is refused. Services' own parsers stop at 64 to
/// 1,000 levels; a chat start has about five.
pub const MAX_DEPTH: usize = 512;

/// Why a text is not JSON, in words that follow what it is: "the body", "the text".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotJson {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// It stops before its value is complete.
    #[error("ends in the middle of its JSON, after {bytes} bytes")]
    Truncated {
        /// The whole text's length.
        bytes: usize,
    },
    /// Something stands where it must not.
    #[error("is not JSON: line {line}, column {column} has {found} where {wanted} belongs")]
    Unexpected {
        /// Counted from 1.
        line: usize,
        /// In characters, counted from 1.
        column: usize,
        /// What stands there.
        found: String,
        /// What could stand there.
        wanted: &'static str,
    },
    /// More than [`MAX_DEPTH`] levels.
    #[error("nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Walks over a text. `check_*` trusts nothing; `skip_*` is for text that was
/// checked before.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl Scanner<'_> {
    /// The next byte; behind the last one 0, which JSON has nowhere.
    #[inline(always)]
    pub(super) fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    pub(super) fn skip_space(&mut self) {
        while let b' ' | b'\t' | b'\n' | b'\r' = self.peek() {
            self.at += 1;
        }
    }

    pub(super) fn skip_value(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        loop {
            match bytes[self.at] {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                _ => self.skip_word(),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        loop {
            self.at += plain(&self.text.as_bytes()[self.at..]);
            match self.peek() {
                b'\\' => self.at += 2,
                // A checked string has its closing quote.
                _ => {
                    self.at += 1;
                    return;
                }
            }
        }
    }

    /// A number, `true`, `false` or `null`.
    fn skip_word(&mut self) {
        while let b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.' = self.peek() {
            self.at += 1;
        }
    }

    pub(super) fn check_value(&mut self) -> Result<(), NotJson> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                bracket @ (b'{' | b'[') => {
                    if open.len() == MAX_DEPTH {
                        return Err(NotJson::TooDeep);
                    }
                    self.at += 1;
                    self.skip_space();
                    if self.peek() == closing(bracket) {
                        self.at += 1;
                    } else {
                        open.push(bracket);
                        if bracket == b'{' {
                            self.check_key()?;
                        }
                        continue;
                    }
                }
                b'"' => self.check_string()?,
                b'-' | b'0'..=b'9' => self.check_number()?,
                b't' => self.check_word("true")?,
                b'f' => self.check_word("false")?,
                b'n' => self.check_word("null")?,
                _ => return Err(self.unexpected("a value")),
            }
            // A value is complete: close what it completes, or go on to the next.
            loop {
                let Some(bracket) = open.last().copied() else {
                    return Ok(());
                };
                self.skip_space();
                match self.peek() {
                    b',' => {
                        self.at += 1;
                        if bracket == b'{' {
                            self.skip_space();
                            self.check_key()?;
                        }
                        break;
                    }
                    found if found == closing(bracket) => {
                        self.at += 1;
                        open.pop();
                    }
                    _ if bracket == b'{' => return Err(self.unexpected("a comma or }")),
                    _ => return Err(self.unexpected("a comma or ]")),
                }
            }
        }
    }

    fn check_key(&mut self) -> Result<(), NotJson> {
        if self.peek() != b'"' {
            return Err(self.unexpected("a key in double quotes"));
        }
        self.check_string()?;
        self.skip_space();
        if self.peek() != b':' {
            return Err(self.unexpected("a colon"));
        }
        self.at += 1;
        Ok(())
    }

    fn check_string(&mut self) -> Result<(), NotJson> {
        self.at += 1;
        loop {
            self.at += plain(&self.text.as_bytes()[self.at..]);
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                        b'u' => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_ascii_hexdigit() {
                                    return Err(self.unexpected("a hexadecimal digit"));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.unexpected("an escape such as \\n or \\u00e9")),
                    }
                }
                _ => return Err(self.unexpected("a character or closing quote")),
            }
        }
    }

    fn check_number(&mut self) -> Result<(), NotJson> {
        if self.peek() == b'-' {
            self.at += 1;
        }
        match self.peek() {
            b'0' => self.at += 1,
            _ => self.check_digits()?,
        }
        if self.peek() == b'.' {
            self.at += 1;
            self.check_digits()?;
        }
        if let b'e' | b'E' = self.peek() {
            self.at += 1;
            if let b'+' | b'-' = self.peek() {
                self.at += 1;
            }
            self.check_digits()?;
        }
        Ok(())
    }

    fn check_digits(&mut self) -> Result<(), NotJson> {
        if !self.peek().is_ascii_digit() {
            return Err(self.unexpected("a digit"));
        }
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    fn check_word(&mut self, word: &'static str) -> Result<(), NotJson> {
        for letter in word.bytes() {
            if self.peek() != letter {
                return Err(self.unexpected(word));
            }
            self.at += 1;
        }
        Ok(())
    }

    pub(super) fn unexpected(&self, wanted: &'static str) -> NotJson {
        let Some(found) = self.text[self.at..].chars().next() else {
            return NotJson::Truncated { bytes: self.text.len() };
        };
        let before = &self.text[..self.at];
        let line_start = before.bytes().rposition(|byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let found = if found.is_control() { format!("U+{:04X}", u32::from(found)) } else { found.to_string() };
        NotJson::Unexpected {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            found,
            wanted,
        }
    }
}

/// How many bytes of a string stand for themselves from here on: up to a
/// quote, a backslash or a control character. Most of a body is strings, so
/// this loop is the time that reading it takes: it looks at eight bytes at once.
pub(super) fn plain(bytes: &[u8]) -> usize {
    let mut at = 0;
    for eight in bytes.chunks_exact(8) {
        let special = specials(eight);
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(bytes.len() - at)
}

/// Eight bytes as one number whose lowest bit set is in the first byte that
/// does not stand for itself; 0 where all do.
fn specials(eight: &[u8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = eight.try_into().map_or(0, u64::from_le_bytes);
    // Taking a number from each byte borrows, where the byte is less, its highest bit; behind the first such byte the
    // borrow may go on, which is why only the first one counts.
    let less_than = |word: u64, least: u64| word.wrapping_sub(EACH * least) & !word;
    let is = |byte: u8| less_than(word ^ (EACH * u64::from(byte)), 1);
    (less_than(word, 0x20) | is(b'"') | is(b'\\')) & (EACH * 0x80)
}

fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_plain_up_to_the_first_byte_that_is_not() {
        let stands_for_itself = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                let mut bytes = *b"plain text, 20 bytes";
                bytes[place] = byte;
                let expected = if stands_for_itself(byte) { bytes.len() } else { place };
                assert_eq!(plain(&bytes), expected, "{byte:#x} at {place}");
                // Whatever stands behind it.
                bytes[place + 1..].fill(b'"');
                let expected = if stands_for_itself(byte) { (place + 1).min(bytes.len()) } else { place };
                assert_eq!(plain(&bytes), expected, "{byte:#x} at {place}, and then quotes");
            }
        }
        assert_eq!(plain(&[]), 0);
    }
}
