//! A request that a tester pasted: recognised by how it begins, and read as
//! the candidates that the page script would have made of it.
//!
//! One file a format. Most of them are read by hand, and not by a crate: what
//! browsers copy is no clean cURL, HTTP or JavaScript. `httparse` knows no
//! `HTTP/2` in a request's first line, `shlex` no `$'…'`; JSON is read by
//! [`json`](super::body::json), which is there already.

mod curl;
mod fetch_call;
mod har;
mod http;
mod url_and_body;

use thiserror::Error;

use super::candidate::{Body, Candidate, MAX_BODY_CHARACTERS, SIGNATURES, Transport, origin_of};

/// A sample that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it was recognised as.
    pub format: Format,
    /// Its requests and frames in the order written; at least one.
    pub candidates: Vec<Candidate>,
}

/// How a request may be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `POST /path HTTP/1.1`, headers, an empty line, the body.
    Http,
    /// A cURL command, for bash or for cmd.
    Curl,
    /// A call of `fetch()` in JavaScript.
    FetchCall,
    /// A HAR file, or one entry of it.
    Har,
    /// The address on a line, and the body behind it.
    UrlAndBody,
}

/// Why a sample was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotUnderstood {
    /// Nothing but white space.
    #[error("the sample is empty; paste {ALL_FORMATS}")]
    Empty,
    /// It begins like nothing that is known.
    #[error("the sample begins with `{beginning}`, which is none of what can be read; paste {ALL_FORMATS}")]
    Unknown {
        /// Its first words.
        beginning: String,
    },
    /// It begins like something else that browsers copy.
    #[error("this looks like {what}, which cannot be read; choose {instead} where it was copied")]
    Other {
        /// What it looks like.
        what: &'static str,
        /// What can be read instead.
        instead: &'static str,
    },
    /// It was recognised, and cannot be read to its end.
    #[error("this looks like {format}, and at line {line}, column {column} {problem}; {remedy}", format = format.name())]
    Broken {
        /// What it was recognised as.
        format: Format,
        /// Counted from 1.
        line: usize,
        /// In characters, counted from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
        /// What would be right.
        remedy: &'static str,
    },
}

const ALL_FORMATS: &str = "a raw HTTP request, a cURL command (bash or cmd), a call of fetch(), a HAR or an entry of \
                           one, or the address on a line and the body behind it";

/// What is wrong with a sample, and where, in bytes.
#[derive(Debug)]
struct Fault {
    at: usize,
    problem: String,
    remedy: &'static str,
}

/// A request as all formats write it.
#[derive(Debug, Default)]
struct Request {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Format {
    /// The format in a tester's words, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "a raw HTTP request",
            Self::Curl => "a cURL command",
            Self::FetchCall => "a call of fetch()",
            Self::Har => "a HAR",
            Self::UrlAndBody => "an address with a body",
        }
    }

    /// Whether it says by which function of the page the request went out;
    /// where it does not, candidates are said to come by `fetch`.
    pub fn names_function(self) -> bool {
        matches!(self, Self::FetchCall | Self::Har)
    }
}

impl Sample {
    /// Reads what was pasted, or says what it was taken for and where that breaks.
    pub fn parse(text: &str) -> Result<Self, NotUnderstood> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let format = format_of(text)?;
        let parsed = match format {
            Format::Http => http::parse(text),
            Format::Curl => curl::parse(text),
            Format::FetchCall => fetch_call::parse(text),
            Format::Har => har::parse(text),
            Format::UrlAndBody => url_and_body::parse(text),
        };
        match parsed {
            Ok(candidates) => Ok(Self { format, candidates }),
            Err(fault) => Err(fault.of(format, text)),
        }
    }
}

fn format_of(text: &str) -> Result<Format, NotUnderstood> {
    let start = text.trim_start();
    let first_line = start.lines().next().unwrap_or_default().trim_end();
    let unknown = || Err(NotUnderstood::Unknown { beginning: first_line.chars().take(40).collect() });
    if first_line.is_empty() {
        Err(NotUnderstood::Empty)
    } else if curl::begins(start) {
        Ok(Format::Curl)
    } else if start.starts_with(['{', '[']) {
        Ok(Format::Har)
    } else if url_and_body::begins(start) {
        Ok(Format::UrlAndBody)
    } else if http::begins(first_line) {
        Ok(Format::Http)
    } else if first_line.contains("Invoke-WebRequest") || first_line.starts_with("$session") {
        Err(NotUnderstood::Other { what: "a PowerShell command", instead: "\"Copy as cURL\"" })
    } else if fetch_call::is_in(start) {
        Ok(Format::FetchCall)
    } else {
        unknown()
    }
}

impl Fault {
    fn new(at: usize, problem: impl Into<String>, remedy: &'static str) -> Self {
        Self { at, problem: problem.into(), remedy }
    }

    fn of(self, format: Format, text: &str) -> NotUnderstood {
        let before = text.get(..self.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        NotUnderstood::Broken {
            format,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            problem: self.problem,
            remedy: self.remedy,
        }
    }
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The candidate that the page script makes of such a request.
    fn candidate(mut self, transport: Transport) -> Candidate {
        // Browsers write scheme and host in lower case.
        let origin = origin_of(&self.url).len();
        self.url[..origin].make_ascii_lowercase();
        let signature = SIGNATURES.iter().find_map(|(name, begins)| {
            let value = self.header(name).filter(|value| value.starts_with(begins))?;
            Some(format!("{name}:{value}"))
        });
        Candidate {
            transport,
            method: self.method.to_uppercase(),
            content_type: self.header("content-type").map(str::to_owned),
            signature,
            url: self.url,
            body: self.body.map_or(Body::Nothing, body_of),
            not_editable: None,
            socket: None,
        }
    }
}

/// A body as the page script carries it.
fn body_of(bytes: Vec<u8>) -> Body {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let is_long = text.len() > usize::try_from(MAX_BODY_CHARACTERS).unwrap_or(usize::MAX);
            let characters = if is_long { text.encode_utf16().count() } else { 0 };
            match u64::try_from(characters) {
                Ok(characters) if characters > MAX_BODY_CHARACTERS => Body::TooLarge { characters },
                Ok(_) | Err(_) => Body::Text { text },
            }
        }
        Err(error) => Body::Binary { bytes: error.as_bytes().iter().map(|byte| char::from(*byte)).collect() },
    }
}

/// Whether a text is a method as HTTP writes it.
fn is_method(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
}

/// Whether a text has scheme and host of an address that pages use.
fn is_absolute(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    ["http://", "https://", "ws://", "wss://"].iter().any(|scheme| lower.starts_with(scheme))
}

/// A body without the line end that copying adds; multipart form data has one of its own.
fn without_last_line_end<'b>(body: &'b str, content_type: Option<&str>) -> &'b str {
    let stripped = body.strip_suffix('\n').map(|body| body.strip_suffix('\r').unwrap_or(body));
    stripped.filter(|_| !is_multipart(content_type)).unwrap_or(body)
}

/// A body that went through a text field, which turned each CRLF into LF:
/// multipart form data has none of these alone.
fn with_line_ends(body: &str, content_type: Option<&str>) -> String {
    if is_multipart(content_type) && !body.contains('\r') { body.replace('\n', "\r\n") } else { body.to_owned() }
}

fn is_multipart(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/"))
}

/// Puts the halves of surrogate pairs together that escapes spell as one character each.
#[derive(Debug, Default)]
struct Utf16 {
    high: Option<u32>,
}

impl Utf16 {
    /// Takes one code unit or code point, and adds to a text what it completes.
    fn take(&mut self, code: u32, text: &mut String) {
        match (self.high.take(), code) {
            (Some(high), 0xDC00..=0xDFFF) => {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (code - 0xDC00);
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (before, code) => {
                if before.is_some() {
                    text.push(char::REPLACEMENT_CHARACTER);
                }
                match code {
                    0xD800..=0xDBFF => self.high = Some(code),
                    _ => text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
        }
    }

    /// Ends what was taken: half a pair that no other half follows is no character.
    fn end(&mut self, text: &mut String) {
        if self.high.take().is_some() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}
