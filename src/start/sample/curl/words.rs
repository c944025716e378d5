//! The words of a command line, without its quotes and escapes: bash's, and
//! cmd's as the programs of Windows split them.

use super::super::{Fault, Utf16};

const UNCLOSED: &str = "copy the command whole, up to its last quote";

/// One word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// The bytes that it is, where its escapes name bytes that are no UTF-8.
    pub(super) bytes: Option<Vec<u8>>,
    /// Where it begins.
    pub(super) at: usize,
}

impl Word {
    /// What is behind the beginning of a word that is plain until there.
    pub(super) fn from(&self, start: usize) -> Self {
        let bytes = self.bytes.as_ref().and_then(|bytes| bytes.get(start..)).map(<[u8]>::to_vec);
        Self { text: self.text[start..].to_owned(), bytes, at: self.at + start }
    }

    /// What goes out. Firefox writes `\xe9` both for a byte and for the
    /// character é; bash knows the byte alone.
    pub(super) fn as_bytes(&self, is_bytes: bool) -> Vec<u8> {
        match &self.bytes {
            Some(bytes) if is_bytes => bytes.clone(),
            Some(_) | None => self.text.as_bytes().to_vec(),
        }
    }
}

/// The commands of a text, each as its words.
pub(super) fn commands(text: &str) -> Result<Vec<Vec<Word>>, Fault> {
    let mut reader = Reader {
        text,
        at: 0,
        commands: vec![vec![]],
        word: None,
        is_redirected: false,
        quote_end: 0,
        is_doubled: ["{\"\"", "\"\":"].iter().any(|json| text.contains(json)),
    };
    if is_for_cmd(text) {
        reader.read_cmd()?
    } else {
        reader.read_bash()?
    }
    reader.end_command();
    reader.commands.retain(|command| !command.is_empty());
    Ok(reader.commands)
}

/// Whether a command is for cmd: the first quote tells, which in bash may be
/// a double one too.
fn is_for_cmd(text: &str) -> bool {
    match text.find(['\'', '"']).map(|at| (&text[..at], &text[at..])) {
        Some((before, quoted)) if quoted.starts_with('"') => {
            before.ends_with('^') || text.lines().any(|line| line.trim_end().ends_with(" ^"))
        }
        Some(_) => false,
        None => text.lines().any(|line| line.trim_end().ends_with(" ^")),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    commands: Vec<Vec<Word>>,
    word: Option<Building>,
    /// Whether the next word is a file that something goes to or comes from.
    is_redirected: bool,
    /// Where the last quoted part ended.
    quote_end: usize,
    /// Whether `""` between double quotes is a quote, as cmd and PowerShell
    /// write it: bash has no use for what JSON looks like then.
    is_doubled: bool,
}

/// A word that is not complete.
#[derive(Default)]
struct Building {
    at: usize,
    /// As bash reads it.
    bytes: Vec<u8>,
    /// The same with each `\xHH` as one character.
    text: String,
    halves: Utf16,
}

impl Building {
    fn push(&mut self, character: char) {
        self.push_code(u32::from(character));
    }

    fn push_code(&mut self, code: u32) {
        let before = self.text.len();
        self.halves.take(code, &mut self.text);
        self.bytes.extend_from_slice(&self.text.as_bytes()[before..]);
    }

    fn push_byte(&mut self, byte: u8) {
        self.end_halves();
        self.bytes.push(byte);
        self.text.push(char::from(byte));
    }

    fn end_halves(&mut self) {
        let before = self.text.len();
        self.halves.end(&mut self.text);
        self.bytes.extend_from_slice(&self.text.as_bytes()[before..]);
    }

    fn word(mut self) -> Word {
        self.end_halves();
        match String::from_utf8(self.bytes) {
            Ok(text) => Word { text, bytes: None, at: self.at },
            Err(error) => Word { text: self.text, bytes: Some(error.into_bytes()), at: self.at },
        }
    }
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Passes over a line end, if one is next.
    fn skip_line_end(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\n', '\r'])) };
        self.at += length;
        length > 0
    }

    /// The word that is being read, or a new one that begins here.
    fn word(&mut self, at: usize) -> &mut Building {
        self.word.get_or_insert_with(|| Building { at, ..Building::default() })
    }

    fn end_word(&mut self) {
        if let (Some(word), Some(command)) = (self.word.take(), self.commands.last_mut()) {
            if !self.is_redirected {
                command.push(word.word());
            }
            self.is_redirected = false;
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.is_redirected = false;
        self.commands.push(vec![]);
    }

    /// Passes over `>`, `2>&1` and the like; the next word goes with them. The
    /// `>` of `/chat/<id>` is none, and one at the beginning of a line is the shell's.
    fn skip_redirection(&mut self, at: usize) -> bool {
        let before = &self.text[..at];
        if before.trim().is_empty() || before.ends_with('\n') {
            return true;
        }
        match &self.word {
            Some(word) if matches!(word.text.as_str(), "1" | "2") => self.word = None,
            Some(_) if self.quote_end != at => return false,
            Some(_) | None => self.end_word(),
        }
        while matches!(self.peek(), Some('<' | '>' | '&' | '|')) {
            self.at += 1;
        }
        self.is_redirected = true;
        true
    }

    fn read_bash(&mut self) -> Result<(), Fault> {
        while let Some(character) = self.peek() {
            let at = self.at;
            self.at += character.len_utf8();
            match character {
                '\\' if self.skip_line_end() => {}
                '\\' => {
                    let escaped = self.next().unwrap_or('\\');
                    self.word(at).push(escaped);
                }
                '\'' => self.read_literal(at)?,
                '"' => self.read_double(at)?,
                '$' if self.peek() == Some('\'') => {
                    self.at += 1;
                    self.read_ansi(at)?;
                    self.quote_end = self.at;
                }
                '<' | '>' if self.skip_redirection(at) => {}
                '&' if self.peek() == Some('>') => self.end_word(),
                ';' | '&' | '|' => self.end_command(),
                '\n' | '\r' => self.end_command(),
                character if character.is_whitespace() => self.end_word(),
                character => self.word(at).push(character),
            }
        }
        Ok(())
    }

    /// `'…'`: everything stands for itself.
    fn read_literal(&mut self, at: usize) -> Result<(), Fault> {
        let rest = &self.text[self.at..];
        let end = rest.find('\'').ok_or_else(|| Fault::new(at, "a ' has no end", UNCLOSED))?;
        let word = self.word.get_or_insert_with(|| Building { at, ..Building::default() });
        rest[..end].chars().for_each(|character| word.push(character));
        self.at += end + 1;
        self.quote_end = self.at;
        Ok(())
    }

    /// `"…"`: a backslash escapes what bash would expand.
    fn read_double(&mut self, at: usize) -> Result<(), Fault> {
        self.word(at);
        loop {
            match self.next() {
                Some('"') if self.is_doubled && self.peek() == Some('"') => {
                    self.at += 1;
                    self.word(at).push('"');
                }
                Some('"') => {
                    self.quote_end = self.at;
                    return Ok(());
                }
                Some('\\') if self.skip_line_end() => {}
                Some('\\') if matches!(self.peek(), Some('"' | '\\' | '$' | '`')) => {
                    let escaped = self.next().unwrap_or_default();
                    self.word(at).push(escaped);
                }
                Some(character) => self.word(at).push(character),
                None => return Err(Fault::new(at, "a \" has no end", UNCLOSED)),
            }
        }
    }

    /// `$'…'`: escapes as in C.
    fn read_ansi(&mut self, at: usize) -> Result<(), Fault> {
        self.word(at);
        let unclosed = || Fault::new(at, "a $' has no end", UNCLOSED);
        loop {
            match self.next().ok_or_else(unclosed)? {
                '\'' => return Ok(()),
                '\\' => {
                    let escape = self.next().ok_or_else(unclosed)?;
                    self.read_escape(at, escape);
                }
                character => self.word(at).push(character),
            }
        }
    }

    fn read_escape(&mut self, at: usize, escape: char) {
        let plain = match escape {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' | 'E' => '\u{1B}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            '\\' | '\'' | '"' | '?' => escape,
            'x' | 'u' | 'U' => {
                let longest = match escape {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                match self.digits(16, longest) {
                    Some(code) if escape == 'x' => self.word(at).push_byte(u8::try_from(code).unwrap_or_default()),
                    Some(code) => self.word(at).push_code(code),
                    None => {
                        self.word(at).push('\\');
                        self.word(at).push(escape);
                    }
                }
                return;
            }
            '0'..='7' => {
                self.at -= 1;
                let code = self.digits(8, 3).unwrap_or_default() & 0xFF;
                self.word(at).push_byte(u8::try_from(code).unwrap_or_default());
                return;
            }
            other => {
                self.word(at).push('\\');
                other
            }
        };
        self.word(at).push(plain);
    }

    /// A number of at most so many digits.
    fn digits(&mut self, radix: u32, longest: usize) -> Option<u32> {
        let mut code = None;
        for _ in 0..longest {
            let Some(digit) = self.peek().and_then(|digit| digit.to_digit(radix)) else { break };
            code = Some(code.unwrap_or(0) * radix + digit);
            self.at += 1;
        }
        code
    }

    /// cmd takes its carets out first, and the program its quotes and
    /// backslashes then. All browsers double every backslash for it.
    fn read_cmd(&mut self) -> Result<(), Fault> {
        // Where the quote began that a program, and that cmd itself, is in.
        let mut quote = None;
        let mut is_quoted_for_cmd = false;
        while let Some(at) = Some(self.at).filter(|at| *at < self.text.len()) {
            let Some((character, is_escaped)) = self.next_of_cmd(is_quoted_for_cmd) else { continue };
            is_quoted_for_cmd ^= character == '"' && !is_escaped;
            match character {
                '"' if quote.is_some() && self.is_next_of_cmd('"', is_quoted_for_cmd) => {
                    let next = self.next_of_cmd(is_quoted_for_cmd);
                    is_quoted_for_cmd ^= next == Some(('"', false));
                    self.word(at).push('"');
                }
                '"' => {
                    self.word(at);
                    quote = if quote.is_some() { None } else { Some(at) };
                }
                '\\' if self.is_next_of_cmd('"', is_quoted_for_cmd) || self.is_next_of_cmd('\\', is_quoted_for_cmd) => {
                    if let Some((escaped, was_escaped)) = self.next_of_cmd(is_quoted_for_cmd) {
                        is_quoted_for_cmd ^= escaped == '"' && !was_escaped;
                        self.word(at).push(escaped);
                    }
                }
                '\n' if is_escaped => self.word(at).push('\n'),
                '<' | '>' if quote.is_none() && !is_escaped && self.skip_redirection(at) => {}
                '&' | '|' | '\n' | '\r' if quote.is_none() && !is_escaped => self.end_command(),
                character if character.is_whitespace() && quote.is_none() => self.end_word(),
                character => self.word(at).push(character),
            }
        }
        match quote {
            Some(at) => Err(Fault::new(at, "a \" has no end", UNCLOSED)),
            None => Ok(()),
        }
    }

    /// The next character that cmd hands on, and whether a caret was before
    /// it; none where a caret joins two lines.
    fn next_of_cmd(&mut self, is_quoted: bool) -> Option<(char, bool)> {
        match self.next()? {
            '^' if !is_quoted => {
                if self.skip_line_end() {
                    // A caret and two line ends are one line end.
                    return self.skip_line_end().then_some(('\n', true));
                }
                self.next().map(|escaped| (escaped, true))
            }
            other => Some((other, false)),
        }
    }

    fn is_next_of_cmd(&self, wanted: char, is_quoted: bool) -> bool {
        let mut ahead = Reader { text: self.text, at: self.at, commands: vec![], word: None, ..*self };
        ahead.next_of_cmd(is_quoted).is_some_and(|(next, _)| next == wanted)
    }
}
