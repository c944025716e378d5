//! The shortest sample: the address on a line, and the body behind it.
//!
//! `wss://…` makes the body a frame of a WebSocket. A name such as
//! `lpTag.sdes.push` makes it the arguments of a call of that function. All
//! else is a POST.

use super::{Fault, Request, is_absolute, without_last_line_end};
use crate::start::candidate::{CALL, Candidate, FRAME, Transport};

/// Whether a text begins with an address, or with the name of a function and JSON behind it.
pub(super) fn begins(text: &str) -> bool {
    let (line, body) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end();
    let is_call = || is_function(line) && body.trim_start().starts_with(['{', '[']);
    !line.contains(char::is_whitespace) && (is_absolute(line) || is_call())
}

/// Whether it is a name such as `lpTag.sdes.push` or `Genesys`.
fn is_function(line: &str) -> bool {
    line.split('.').all(|name| {
        let is_first = |first: char| first.is_ascii_alphabetic() || matches!(first, '_' | '$');
        name.starts_with(is_first) && name.chars().all(|rest| is_first(rest) || rest.is_ascii_digit())
    })
}

pub(super) fn parse(text: &str) -> Result<Vec<Candidate>, Fault> {
    let at = text.len() - text.trim_start().len();
    let line = text[at..].split('\n').next().unwrap_or_default();
    let mut body = text.get(at + line.len() + 1..).unwrap_or_default();
    // An empty line between them is for the eye.
    for line_end in ["\r\n", "\n"] {
        body = body.strip_prefix(line_end).unwrap_or(body);
    }
    let url = line.trim();
    let (method, transport) = if !is_absolute(url) {
        (CALL, Transport::PageApi)
    } else if url.get(..2).is_some_and(|scheme| scheme.eq_ignore_ascii_case("ws")) {
        (FRAME, Transport::WebSocket)
    } else {
        ("POST", Transport::Fetch)
    };
    if body.trim().is_empty() {
        let remedy = "put the body that goes there on the lines behind it";
        return Err(Fault::new(text.len(), "the sample ends without a body", remedy));
    }
    let body = without_last_line_end(body, None).as_bytes().to_vec();
    let request = Request { method: method.to_owned(), url: url.to_owned(), body: Some(body), ..Request::default() };
    Ok(vec![request.candidate(transport)])
}
