//! A raw HTTP request, as proxies show it and Firefox copies its headers:
//! `POST /path HTTP/1.1`, headers, an empty line, the body.
//!
//! The version may be any, or missing. Lines may end in LF alone: a text
//! field makes them so.

use super::{Fault, Request, is_absolute, is_method, with_line_ends, without_last_line_end};
use crate::joined::until;
use crate::start::candidate::{Candidate, Transport};

const HEADERS: &str = "write each header as `Name: value`, and an empty line before the body";
const CHUNKS: &str = "copy the body whole, or as one piece without the lengths that stand before its pieces";

/// Whether a line is the first of a request.
pub(super) fn begins(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let is_target = |target: &str| target.starts_with('/') || is_absolute(target);
    words.next().is_some_and(is_method) && words.next().is_some_and(is_target)
}

pub(super) fn parse(text: &str) -> Result<Vec<Candidate>, Fault> {
    let mut at = text.len() - text.trim_start().len();
    let mut lines = text[at..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let mut words = first.split_ascii_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let version = words.next();
    if version.is_some_and(|version| !version.starts_with("HTTP/")) || words.next().is_some() {
        let remedy = "write method, address and version with one space between them: POST /path HTTP/1.1";
        return Err(Fault::new(at, "the first line is not that of a request", remedy));
    }
    at += first.len();
    let mut request = Request { method: method.to_owned(), ..Request::default() };
    for line in lines {
        at += line.len();
        let header = line.trim_end_matches(['\n', '\r']);
        if header.trim().is_empty() {
            break;
        }
        // The pseudo-headers of HTTP/2 begin with a colon.
        let colon = header.get(1..).and_then(|rest| rest.find(':')).map(|colon| colon + 1);
        let split = colon.map(|colon| (&header[..colon], &header[colon + 1..]));
        match split.filter(|(name, _)| !name.contains(char::is_whitespace) && !name.contains(['{', '"'])) {
            Some((name, value)) => request.headers.push((name.to_owned(), value.trim().to_owned())),
            None => return Err(Fault::new(at - line.len(), "a line is no header", HEADERS)),
        }
    }
    request.url = url(target, &request);
    let is_counted = request.header("content-length").is_some();
    let body =
        if is_counted { &text[at..] } else { without_last_line_end(&text[at..], request.header("content-type")) };
    let body = with_line_ends(body, request.header("content-type"));
    let body = match request.header("transfer-encoding") {
        Some(coding) if coding.eq_ignore_ascii_case("chunked") => {
            of_chunks(&body).ok_or_else(|| Fault::new(at, "a piece of the body has not its length", CHUNKS))?
        }
        Some(_) | None => cut(&body, request.header("content-length")).to_owned(),
    };
    request.body = (!body.is_empty()).then(|| body.into_bytes());
    Ok(vec![request.candidate(Transport::Fetch)])
}

/// The whole address; the path alone where no host is told.
fn url(target: &str, request: &Request) -> String {
    match request.header("host").or_else(|| request.header(":authority")) {
        Some(host) if !is_absolute(target) => format!("https://{host}{target}"),
        Some(_) | None => target.to_owned(),
    }
}

/// The body without line ends behind it that its length does not count.
fn cut<'b>(body: &'b str, length: Option<&str>) -> &'b str {
    let length = length.and_then(|length| length.parse::<usize>().ok()).unwrap_or(body.len());
    match (body.get(..length), body.get(length..)) {
        (Some(counted), Some(behind)) if behind.trim().is_empty() => counted,
        (_, _) => body,
    }
}

/// The pieces of a body in a row, each of which has its length in hexadecimal
/// on a line before it; proxies put some together, and leave the header.
fn of_chunks(body: &str) -> Option<String> {
    let length_of = |line: &str| usize::from_str_radix(until(line, b";\r").trim(), 16).ok();
    let (mut whole, mut rest) = (String::new(), body);
    if length_of(until(rest, b"\n")).is_none() {
        return Some(body.to_owned());
    }
    loop {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        let length = length_of(line)?;
        if length == 0 {
            return Some(whole);
        }
        whole.push_str(behind.get(..length)?);
        rest = behind[length..].trim_start_matches('\r').strip_prefix('\n')?;
    }
}
