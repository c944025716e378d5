//! A call of `fetch()`, as browsers copy it ("Copy as fetch", for the console
//! and for Node.js), and as people write it with literals.
//!
//! Nothing is run: an address, a method, headers and a body that are spelled
//! out are read, all else is an error with its place.

mod literal;

use super::{Fault, Request};
use crate::start::candidate::{Candidate, Transport};
use literal::{Literal, Scanner};

const WRITE_OUT: &str = "write the text itself there, or copy the call with \"Copy as fetch\"";

/// Whether a text has such a call in it.
pub(super) fn is_in(text: &str) -> bool {
    call_in(text).is_some()
}

/// Where the arguments of the next call begin.
fn call_in(text: &str) -> Option<usize> {
    let found = text.match_indices("fetch(").find(|(at, _)| {
        let before = text[..*at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || matches!(before, '_' | '$' | '"' | '\''))
    });
    found.map(|(at, name)| at + name.len())
}

pub(super) fn parse(text: &str) -> Result<Vec<Candidate>, Fault> {
    let mut candidates = Vec::new();
    let mut from = 0;
    while let Some(start) = call_in(&text[from..]) {
        let mut scanner = Scanner { text, at: from + start };
        candidates.push(call(&mut scanner)?);
        from = scanner.at;
    }
    Ok(candidates)
}

fn call(scanner: &mut Scanner<'_>) -> Result<Candidate, Fault> {
    scanner.skip_space();
    let at = scanner.at;
    let Literal::Text(url) = scanner.value(0)? else {
        return Err(Fault::new(at, "the address is no text in quotes", WRITE_OUT));
    };
    let mut request = Request { method: "GET".to_owned(), url, ..Request::default() };
    if scanner.takes(',') && !scanner.is_next(')') {
        let at = scanner.at;
        let Literal::Object(options) = scanner.value(0)? else {
            return Err(Fault::new(at, "the options are no object", "put what goes with the address in { and }"));
        };
        for (name, value) in options {
            take(&mut request, &name, value, at)?;
        }
        scanner.takes(',');
    }
    scanner.must_take(')', "close the call behind its options")?;
    if request.body.is_some() && request.header("content-type").is_none() {
        // What the browser adds to a text.
        request.headers.push(("content-type".to_owned(), "text/plain;charset=UTF-8".to_owned()));
    }
    Ok(request.candidate(Transport::Fetch))
}

fn take(request: &mut Request, name: &str, value: Literal, at: usize) -> Result<(), Fault> {
    let no_text = |what: &str| Fault::new(at, format!("the {what} is no text in quotes"), WRITE_OUT);
    match (name, value) {
        ("method", Literal::Text(method)) => request.method = method,
        ("method", _) => return Err(no_text("method")),
        ("body", Literal::Text(body)) => request.body = Some(body.into_bytes()),
        ("body", Literal::Word(word)) if matches!(word.as_str(), "null" | "undefined") => {}
        ("body", _) => return Err(no_text("body")),
        ("headers", Literal::Object(headers)) => {
            for (name, value) in headers {
                let Literal::Text(value) = value else { return Err(no_text("value of a header")) };
                request.headers.push((name, value));
            }
        }
        ("headers", Literal::List(pairs)) => {
            for pair in pairs {
                match pair {
                    Literal::List(pair) => match pair.as_slice() {
                        [Literal::Text(name), Literal::Text(value)] => {
                            request.headers.push((name.clone(), value.clone()));
                        }
                        _ => return Err(no_text("name or value of a header")),
                    },
                    Literal::Text(_) | Literal::Word(_) | Literal::Object(_) => {
                        return Err(no_text("pair of a header"));
                    }
                }
            }
        }
        ("headers", Literal::Text(_)) => return Err(no_text("name of a header")),
        _ => {}
    }
    Ok(())
}
