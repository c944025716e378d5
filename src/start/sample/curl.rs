//! A cURL command, as browsers copy it for bash or for cmd, and as people
//! write it.
//!
//! Several in a row ("Copy all as cURL") are as many candidates. What is not
//! about the request (`--compressed`, `> file`, `| jq`) is passed over; what
//! cannot be known here, such as a body in a file, is an error.

mod form;
mod words;

use super::{Fault, Request, is_absolute};
use crate::start::candidate::{Candidate, Transport};
use form::{BOUNDARY, multipart, part_of};
use words::{Word, commands};

const FORM: &str = "application/x-www-form-urlencoded";
const NO_OPTION: &str = "leave it out, or copy the command again with \"Copy as cURL\"";
const NO_ADDRESS: &str = "put the address in quotes right behind `curl`";

/// What may be in a file, and what to do then.
const BODY: (&str, &str) = ("the body", "put what is in the file into the command, behind --data-raw");
const PART: (&str, &str) =
    ("a part of the request", "put what is in the file into the command, in the place of its name");

/// Options with an argument that says nothing about what is asked here.
const PASSED_OVER: [&str; 33] = [
    "-b",
    "--cookie",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "-u",
    "--user",
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-x",
    "--proxy",
    "-c",
    "--cookie-jar",
    "-D",
    "--dump-header",
    "-E",
    "--cert",
    "--cacert",
    "--key",
    "--retry",
    "--resolve",
    "--ciphers",
    "-r",
    "--range",
    "--limit-rate",
    "--aws-sigv4",
    "--oauth2-bearer",
];

/// Options without an argument that say nothing about what is asked here.
const FLAGS: [&str; 31] = [
    "--compressed",
    "--insecure",
    "-k",
    "--location",
    "-L",
    "--silent",
    "-s",
    "--show-error",
    "-S",
    "--include",
    "-i",
    "--verbose",
    "-v",
    "--fail",
    "-f",
    "--http1.0",
    "--http1.1",
    "--http2",
    "--http2-prior-knowledge",
    "--http3",
    "--globoff",
    "-g",
    "--no-buffer",
    "-N",
    "--ipv4",
    "-4",
    "--ipv6",
    "-6",
    "--path-as-is",
    "--remote-name",
    "-O",
];

/// Whether a text begins with a command.
pub(super) fn begins(text: &str) -> bool {
    let command = text.strip_prefix("$ ").or_else(|| text.strip_prefix("> ")).unwrap_or(text).trim_start();
    let rest = command.strip_prefix("curl.exe").or_else(|| command.strip_prefix("curl"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r', '^', '\\']))
}

pub(super) fn parse(text: &str) -> Result<Vec<Candidate>, Fault> {
    let mut candidates = Vec::new();
    for command in commands(text)? {
        let mut words = command.into_iter().skip_while(|word| matches!(word.text.as_str(), "$" | ">")).peekable();
        let Some(curl) = words.next() else { continue };
        if !matches!(curl.text.as_str(), "curl" | "curl.exe") {
            let (problem, remedy) = match curl.text.starts_with('-') {
                true => {
                    ("a line begins with an option".to_owned(), "end the line before it with \\ for bash, ^ for cmd")
                }
                false if is_apart(&text[..curl.at]) => continue,
                false => (format!("`{}` begins another command", curl.text), "put what has & or ; in it in quotes"),
            };
            return Err(Fault::new(curl.at, problem, remedy));
        }
        let at = curl.at;
        let mut said = Said::default();
        while let Some(word) = words.next() {
            said.take(word, &mut words)?;
        }
        candidates.push(said.candidate(at)?);
    }
    if candidates.is_empty() {
        return Err(Fault::new(text.len(), "there is no command", NO_ADDRESS));
    }
    Ok(candidates)
}

/// Whether what follows is a command of its own, as in `curl … | jq`, `&& …`
/// and `; …`, and not the rest of an address without quotes.
fn is_apart(before: &str) -> bool {
    let command = before.trim_end();
    let ended = command.trim_end_matches(['|', '&', ';']);
    ended.len() < command.len() && (command.len() < before.len() || ended.ends_with([' ', '\'', '"']))
}

/// What a command has said so far.
#[derive(Default)]
struct Said {
    url: Option<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    data: Vec<Word>,
    /// Names with what follows them: headers and value.
    parts: Vec<(String, String)>,
    is_json: bool,
    is_get: bool,
    is_head: bool,
    has_no_more_options: bool,
}

impl Said {
    /// Takes one word, and its argument if it is an option that has one.
    fn take(&mut self, word: Word, rest: &mut dyn Iterator<Item = Word>) -> Result<(), Fault> {
        let text = word.text.as_str();
        if self.has_no_more_options || !text.starts_with('-') || text == "-" {
            self.url = self.url.take().or(Some(word.text));
            return Ok(());
        }
        if text == "--" {
            self.has_no_more_options = true;
            return Ok(());
        }
        let (name, attached) = match text.char_indices().nth(2) {
            // Short options may stand together, and with their argument: -sXPOST.
            Some((end, _)) if !text.starts_with("--") => (&text[..end], Some(word.from(end))),
            Some(_) | None => (text, None),
        };
        if let (true, Some(behind)) = (is_flag(name), &attached) {
            self.take_flag(name);
            let next = Word { text: format!("-{}", behind.text), ..behind.clone() };
            return self.take(next, rest);
        }
        if is_flag(name) {
            self.take_flag(name);
            return Ok(());
        }
        let argument = attached.or_else(|| rest.next());
        let without = || Fault::new(word.at, format!("`{name}` has nothing behind it"), "copy the command whole");
        let argument = || argument.clone().ok_or_else(without);
        match name {
            "--url" => self.url = Some(argument()?.text),
            "-X" | "--request" => self.method = Some(argument()?.text),
            "-H" | "--header" => {
                let header = argument()?.text;
                // `Name;` is how cURL writes a header without a value.
                let (name, value) = header.split_once(':').unwrap_or((header.trim_end_matches(';'), ""));
                self.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            "-d" | "--data" | "--data-ascii" | "--data-binary" | "--json" => {
                let data = argument()?;
                if let Some(file) = data.text.strip_prefix('@') {
                    return Err(in_file(BODY, data.at, file));
                }
                self.is_json |= name == "--json";
                self.data.push(data);
            }
            "--data-raw" => self.data.push(argument()?),
            "--data-urlencode" => {
                let data = argument()?;
                let (name, value) = match data.text.split_once('=') {
                    Some(pair) => pair,
                    None => match data.text.split_once('@') {
                        Some((_, file)) => return Err(in_file(PART, data.at, file)),
                        None => ("", data.text.as_str()),
                    },
                };
                let equals = if name.is_empty() { "" } else { "=" };
                self.data.push(Word {
                    text: format!("{name}{equals}{}", percent_encoded(value)),
                    bytes: None,
                    at: data.at,
                });
            }
            "-F" | "--form" | "--form-string" => {
                let part = argument()?;
                let is_literal = name == "--form-string";
                let (name, value) = part.text.split_once('=').ok_or_else(|| {
                    Fault::new(part.at, "a part of the form has no name", "write it as -F 'name=value'")
                })?;
                if let Some(file) = value.strip_prefix('<').filter(|_| !is_literal) {
                    return Err(in_file(PART, part.at, file));
                }
                self.parts.push(part_of(name, value, is_literal));
            }
            "-T" | "--upload-file" | "-K" | "--config" => {
                let file = argument()?;
                return Err(in_file(PART, file.at, &file.text));
            }
            _ if PASSED_OVER.contains(&name) => drop(argument()?),
            _ => return Err(Fault::new(word.at, format!("the option `{name}` is not known"), NO_OPTION)),
        }
        Ok(())
    }

    fn take_flag(&mut self, name: &str) {
        self.is_get |= matches!(name, "-G" | "--get");
        self.is_head |= matches!(name, "-I" | "--head");
    }

    fn candidate(self, at: usize) -> Result<Candidate, Fault> {
        let Some(url) = self.url else {
            return Err(Fault::new(at, "the command has no address", NO_ADDRESS));
        };
        let mut url = if is_absolute(&url) || url.contains("://") { url } else { format!("http://{url}") };
        let mut headers = self.headers;
        let has =
            |headers: &[(String, String)], name: &str| headers.iter().any(|header| header.0.eq_ignore_ascii_case(name));
        let is_bytes = headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type")
                && !value.contains("json")
                && !value.contains("text")
                && !value.contains("form-urlencoded")
        });
        let mut body = None;
        if !self.parts.is_empty() {
            // cURL names the boundary itself, whatever a header says.
            headers.retain(|header| !header.0.eq_ignore_ascii_case("content-type"));
            headers.push(("Content-Type".to_owned(), format!("multipart/form-data; boundary={BOUNDARY}")));
            body = Some(multipart(&self.parts).into_bytes());
        } else if !self.data.is_empty() {
            let between: &[u8] = if self.is_json { b"" } else { b"&" };
            let pieces: Vec<_> = self.data.iter().map(|word| word.as_bytes(is_bytes)).collect();
            let joined = pieces.join(between);
            if self.is_get {
                let mark = if url.contains('?') { '&' } else { '?' };
                url = format!("{url}{mark}{}", String::from_utf8_lossy(&joined));
            } else {
                body = Some(joined);
                if !has(&headers, "content-type") {
                    let kind = if self.is_json { "application/json" } else { FORM };
                    headers.push(("Content-Type".to_owned(), kind.to_owned()));
                }
            }
        }
        let usual = if body.is_some() {
            "POST"
        } else if self.is_head {
            "HEAD"
        } else {
            "GET"
        };
        let method = self.method.unwrap_or_else(|| usual.to_owned());
        Ok(Request { method, url, headers, body }.candidate(Transport::Fetch))
    }
}

fn in_file((what, remedy): (&str, &'static str), at: usize, file: &str) -> Fault {
    Fault::new(at, format!("{what} is in the file {file}"), remedy)
}

fn is_flag(name: &str) -> bool {
    FLAGS.contains(&name) || matches!(name, "-G" | "--get" | "-I" | "--head")
}

/// Text as cURL escapes it: all but letters, digits and `-._~`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
