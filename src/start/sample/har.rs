//! A HAR (HTTP Archive 1.2) or one of its entries, as the Network panels of
//! browsers save and copy them.
//!
//! Of a whole HAR those entries count that have something in their body.
//! Chromium adds the frames of WebSockets (`_webSocketMessages`), and by
//! which function a request went out (`_resourceType`).

use super::{Fault, Request};
use crate::start::body::json::{Json, Kind, NotJson, Value};
use crate::start::candidate::{Body, Candidate, FRAME, Transport};

const WHOLE: &str = "copy it whole: all of the file, or one entry from { to }";
const ADDRESS: &str = "a HAR has log.entries, and an entry has a request; for a body alone, put the address that it goes \
                       to on a line before it";
const REQUEST: &str = "an entry's request has method and url as texts";

pub(super) fn parse(text: &str) -> Result<Vec<Candidate>, Fault> {
    let json = Json::parse(text).map_err(|why| fault(&why, text))?;
    let root = json.root();
    let entries = match root.get("log").unwrap_or(root).get("entries") {
        Some(entries) => entries.items(),
        None if root.kind() == Kind::Array => root.items(),
        None => vec![root],
    };
    let mut candidates = Vec::new();
    for entry in entries {
        if entry.get("request").is_none() && entry.get("url").is_none() {
            return Err(Fault::new(entry.range().start, "there is JSON without a request in it", ADDRESS));
        }
        candidates.extend(of_entry(entry)?);
    }
    let has_body = |candidate: &Candidate| candidate.body != Body::Nothing;
    if candidates.iter().any(has_body) {
        candidates.retain(has_body);
    }
    if candidates.is_empty() {
        return Err(Fault::new(root.range().start, "there is no entry in it", "record the page's requests first"));
    }
    Ok(candidates)
}

fn fault(why: &NotJson, text: &str) -> Fault {
    let at = match why {
        NotJson::Unexpected { line, column, .. } => {
            let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            before + text[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
        }
        NotJson::Empty | NotJson::Truncated { .. } | NotJson::TooDeep => text.len(),
    };
    let problem = match why {
        NotJson::Unexpected { found, wanted, .. } => format!("it has {found} where {wanted} belongs"),
        NotJson::Empty | NotJson::Truncated { .. } | NotJson::TooDeep => format!("it {why}"),
    };
    Fault::new(at, problem, WHOLE)
}

/// The request of an entry, and the frames that went out on its socket.
fn of_entry(entry: Value<'_>) -> Result<Vec<Candidate>, Fault> {
    let told = entry.get("request").unwrap_or(entry);
    let member = |name| {
        let fault = || Fault::new(told.range().start, format!("a request has no `{name}`"), REQUEST);
        told.get(name).and_then(|value| text_of(value)).ok_or_else(fault)
    };
    let mut request = Request { method: member("method")?, url: member("url")?, ..Request::default() };
    if let Some(messages) = entry.get("_webSocketMessages") {
        let frames = messages.items().into_iter().filter_map(|message| sent(message, &request.url));
        return Ok(frames.collect());
    }
    for header in told.get("headers").map(|headers| headers.items()).unwrap_or_default() {
        let text = |name| header.get(name).and_then(text_of);
        request.headers.extend(text("name").zip(text("value")));
    }
    let transport = match entry.get("_resourceType").and_then(text_of).as_deref() {
        Some("xhr") => Transport::Xhr,
        Some("ping") => Transport::Beacon,
        _ => Transport::Fetch,
    };
    let posted = told.get("postData");
    if let Some(kind) = posted.and_then(|posted| text_of(posted.get("mimeType")?))
        && request.header("content-type").is_none()
        && kind.contains('/')
    {
        request.headers.push(("content-type".to_owned(), kind));
    }
    let text = posted.and_then(|posted| text_of(posted.get("text")?)).filter(|text| !text.is_empty());
    let has_only_fields = text.is_none()
        && posted.is_some_and(|posted| posted.get("params").is_some_and(|params| !params.items().is_empty()));
    request.body = text.map(String::into_bytes);
    let mut candidate = request.candidate(transport);
    if has_only_fields {
        // Whether they are written with escapes or without differs between those that write HARs.
        candidate.body = Body::Unsupported { name: "list of fields without its text".to_owned() };
    }
    Ok(vec![candidate])
}

/// A frame that the page sent; those of the service, and those that are no text, are no candidates.
fn sent(message: Value<'_>, url: &str) -> Option<Candidate> {
    const TEXT: i64 = 1;
    let is_text = message.get("opcode").is_none_or(|opcode| opcode.integer() == Some(TEXT));
    let is_sent = message.get("type").and_then(text_of).as_deref() == Some("send");
    let data = message.get("data").and_then(text_of).filter(|_| is_text && is_sent)?;
    let frame =
        Request { method: FRAME.to_owned(), url: url.to_owned(), body: Some(data.into_bytes()), ..Request::default() };
    Some(frame.candidate(Transport::WebSocket))
}

fn text_of(value: Value<'_>) -> Option<String> {
    value.text().map(|text| text.into_owned())
}
