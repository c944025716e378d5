//! A cURL command, as browsers copy it for bash or for cmd, and as people
//! write it.
//!
//! Several in a row ("Copy all as cURL") are as many candidates. What is not
//! about the request (`--compressed`, `-o file`) is passed over; what cannot
//! be known here, such as a body in a file, is an error.

mod words;

use super::{Fault, Request, is_absolute};
use crate::start::body::json::quoted;
use crate::start::candidate::{Candidate, Transport};
use words::{Word, commands};

const FORM: &str = "application/x-www-form-urlencoded";
/// As cURL makes them, but the same each time.
const BOUNDARY: &str = "------------------------callsign";

const NO_OPTION: &str = "leave it out, or copy the command again with \"Copy as cURL\"";
const NO_FILE: &str = "put what is in the file into the command, behind --data-raw";
const NO_ADDRESS: &str = "put the address in quotes right behind `curl`";

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
                if data.text.starts_with('@') {
                    return Err(Fault::new(data.at, format!("the body is in the file {}", &data.text[1..]), NO_FILE));
                }
                self.is_json |= name == "--json";
                self.data.push(data);
            }
            "--data-raw" => self.data.push(argument()?),
            "--data-urlencode" => {
                let data = argument()?;
                let (name, value) = data.text.split_once('=').unwrap_or(("", &data.text));
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
                self.parts.push(part_of(name, value, is_literal));
            }
            "-T" | "--upload-file" | "-K" | "--config" => {
                let file = argument()?;
                return Err(Fault::new(
                    file.at,
                    format!("a part of the request is in the file {}", file.text),
                    NO_FILE,
                ));
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

fn is_flag(name: &str) -> bool {
    FLAGS.contains(&name) || matches!(name, "-G" | "--get" | "-I" | "--head")
}

/// A part's headers and value, of what stands behind `-F name=`.
fn part_of(name: &str, value: &str, is_literal: bool) -> (String, String) {
    let mut headers = format!("Content-Disposition: form-data; name=\"{}\"", name.replace('"', "%22"));
    if is_literal {
        return (headers, value.to_owned());
    }
    let (value, parameters) = match value.split_once(";type=").or_else(|| value.split_once("; type=")) {
        Some((value, kind)) => (value, Some(kind.split(';').next().unwrap_or_default())),
        None => (value, None),
    };
    // What is in a file is not known here; that there is one, is.
    let (value, file) = match value.strip_prefix('@') {
        Some(file) => ("", Some(file.split(';').next().unwrap_or_default())),
        None => (value, None),
    };
    if let Some(file) = file {
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
        headers.push_str(&format!("; filename={}", quoted(file)));
    }
    if let Some(kind) = parameters {
        headers.push_str(&format!("\r\nContent-Type: {kind}"));
    }
    (headers, value.to_owned())
}

fn multipart(parts: &[(String, String)]) -> String {
    let mut body = String::new();
    for (headers, value) in parts {
        body.push_str(&format!("--{BOUNDARY}\r\n{headers}\r\n\r\n{value}\r\n"));
    }
    body + "--" + BOUNDARY + "--\r\n"
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
