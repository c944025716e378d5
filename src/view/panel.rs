//! What the DevTools panel shows: the list of the tab's starts, and one of
//! them in detail.

use std::ops::Range;

use super::text;
use crate::session::record::{Delivery, KeptText, Record, RecordId, Side};
use crate::start::attributes::Attribute;
use crate::start::candidate::Transport;
use crate::start::finding::{Finding, Severity};
use crate::start::outcome::Outcome;

/// How the tester wants to see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    /// Whether values are shown; masked otherwise.
    pub shows_values: bool,
    /// The time zone's offset in minutes.
    pub offset_minutes: i32,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which record.
    pub id: RecordId,
    /// When.
    pub time: String,
    /// Which vendor's.
    pub vendor: String,
    /// The CRM ID as the page wrote it; a dash where it wrote none.
    pub before: String,
    /// The CRM ID that was set, where one was.
    pub after: Option<String>,
    /// What came of it.
    pub status: String,
    /// How good that is.
    pub severity: Severity,
}

/// One start in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Which record.
    pub id: RecordId,
    /// Method and address.
    pub request: String,
    /// How it went out, in one sentence.
    pub delivery: String,
    /// What came of it, and how good that is.
    pub result: (String, Severity),
    /// Name and value of what else is worth knowing.
    pub facts: Vec<(String, String)>,
    /// The findings, worst first.
    pub findings: Vec<Finding>,
    /// The attributes in order.
    pub attributes: Vec<AttributeRow>,
    /// What to say in place of the attributes; may be empty.
    pub attributes_note: String,
    /// The body as the page wrote it.
    pub before: BodyView,
    /// The body as sent.
    pub after: BodyView,
    /// The answer.
    pub answer: BodyView,
}

/// One attribute before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeRow {
    /// Its name.
    pub key: String,
    /// What the page wrote.
    pub before: Option<String>,
    /// What was sent.
    pub after: Option<String>,
    /// Whether they differ.
    pub is_changed: bool,
    /// Whether it is the CRM ID.
    pub is_crm_id: bool,
}

/// A body, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyView {
    /// Its length or status, for the heading; may be empty.
    pub label: String,
    /// What to say in place of the body, or under it; may be empty.
    pub note: String,
    /// The body's parts in order; the marked ones differ from the other side.
    pub parts: Vec<Part>,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether it differs from the other side.
    pub is_changed: bool,
}

const NO_START: &str = "The page sent no start.";
const HIDDEN: &str = "Hidden until you choose “Show values”.";

impl Row {
    /// The line for a record.
    pub fn of(record: &Record, look: Appearance) -> Self {
        let (status, severity) = text::result(record);
        let before = record.before.crm_id.as_deref().map(|id| text::masked(id, look.shows_values));
        let after = record.sent_instead().and_then(|after| after.crm_id.clone());
        Self {
            id: record.id.clone(),
            time: text::clock(record.at, look.offset_minutes),
            vendor: record.profile_name.clone(),
            before: before.unwrap_or_else(|| "—".to_owned()),
            after,
            status,
            severity: severity.max(worst(record)),
        }
    }
}

impl Detail {
    /// The detail of a record.
    pub fn of(record: &Record, look: Appearance) -> Self {
        let mut findings = Vec::new();
        for severity in [Severity::Problem, Severity::Warning, Severity::Note] {
            for finding in record.all_findings() {
                if finding.severity == severity {
                    findings.push(finding.clone());
                }
            }
        }
        let attributes = attribute_rows(record, look);
        Self {
            id: record.id.clone(),
            request: match record.transport {
                Transport::PageApi => format!("{}()", record.url),
                Transport::Fetch | Transport::Xhr | Transport::Beacon | Transport::WebSocket => {
                    format!("{} {}", record.method, text::address(&record.url, look.shows_values))
                }
            },
            delivery: text::delivery(record),
            result: text::result(record),
            facts: facts(record, look),
            findings,
            attributes_note: match (&record.before.body.bytes, attributes.is_empty()) {
                (None, _) if record.delivery == Delivery::NoStart => NO_START.to_owned(),
                (_, false) => String::new(),
                (Some(_), true) => "The page wrote no attributes that Callsign could read.".to_owned(),
                (None, true) => "Callsign did not read this body.".to_owned(),
            },
            attributes,
            before: match record.delivery {
                Delivery::NoStart => note(NO_START),
                Delivery::Waiting | Delivery::Edited | Delivery::AsWritten | Delivery::Unasked { .. } => {
                    body(&record.before, look)
                }
            },
            after: match (&record.delivery, record.sent_instead()) {
                (Delivery::NoStart, _) => note(NO_START),
                (Delivery::Waiting, _) => note("Not sent, as far as the page has reported."),
                (_, Some(after)) => body(after, look),
                (_, None) => note("The same: sent as the page wrote it."),
            },
            answer: answer(record, look),
        }
    }
}

impl Detail {
    /// The attribute that a finding leads to: the one it is about, where it is among those shown.
    pub fn link_of<'f>(&self, finding: &'f Finding) -> Option<&'f str> {
        finding.attribute.as_deref().filter(|key| self.attributes.iter().any(|row| row.key == *key))
    }
}

fn worst(record: &Record) -> Severity {
    record.all_findings().map(|finding| finding.severity).max().unwrap_or(Severity::Note)
}

fn facts(record: &Record, look: Appearance) -> Vec<(String, String)> {
    let transport = match record.transport {
        Transport::Fetch => "fetch",
        Transport::Xhr => "XMLHttpRequest",
        Transport::Beacon => "sendBeacon",
        Transport::WebSocket => "WebSocket",
        Transport::PageApi => "the page's call",
    };
    let frame = if record.frame == 0 { "" } else { " (in a frame)" };
    let mut facts = vec![
        ("Time".to_owned(), text::clock(record.at, look.offset_minutes)),
        ("Vendor".to_owned(), format!("{}, {}", record.vendor, record.profile_name)),
        ("Made by".to_owned(), format!("{transport} on {}{frame}", text::address(&record.page_url, look.shows_values))),
    ];
    facts.extend(record.context.iter().cloned());
    if let Some(retry) = &record.retry {
        facts.push(("Attempt".to_owned(), retry.attempt.to_string()));
    }
    if let Some(id) = &record.conversation_id {
        facts.push(("Conversation".to_owned(), id.clone()));
    }
    facts
}

/// Pairs the attributes of both sides by name and by which one of that name
/// it is, so that duplicates stay apart.
fn attribute_rows(record: &Record, look: Appearance) -> Vec<AttributeRow> {
    let before = &record.before.attributes;
    let nothing = Vec::new();
    let after = match (&record.delivery, record.sent_instead()) {
        (Delivery::Waiting, _) => &nothing,
        (_, Some(after)) => &after.attributes,
        (_, None) => before,
    };
    let is_crm_id = |key: &str| key == record.crm_key;
    let shown = |attribute: &Attribute, is_ours: bool| text::masked(&attribute.value, look.shows_values || is_ours);
    let mut rows: Vec<_> = Vec::with_capacity(after.len());
    for (index, old) in before.iter().enumerate() {
        let new = nth_of_name(after, &old.key, count_of_name(&before[..index], &old.key));
        let is_changed = new.is_some_and(|new| new.value != old.value || new.kind != old.kind);
        rows.push(AttributeRow {
            key: old.key.clone(),
            before: Some(shown(old, false)),
            after: new.map(|new| shown(new, is_changed)),
            is_changed,
            is_crm_id: is_crm_id(&old.key),
        });
    }
    for (index, new) in after.iter().enumerate() {
        if nth_of_name(before, &new.key, count_of_name(&after[..index], &new.key)).is_none() {
            rows.push(AttributeRow {
                key: new.key.clone(),
                before: None,
                after: Some(shown(new, true)),
                is_changed: true,
                is_crm_id: is_crm_id(&new.key),
            });
        }
    }
    rows
}

fn count_of_name(attributes: &[Attribute], key: &str) -> usize {
    attributes.iter().filter(|attribute| attribute.key == key).count()
}

fn nth_of_name<'a>(attributes: &'a [Attribute], key: &str, index: usize) -> Option<&'a Attribute> {
    attributes.iter().filter(|attribute| attribute.key == key).nth(index)
}

fn body(side: &Side, look: Appearance) -> BodyView {
    let kept = &side.body;
    let Some(bytes) = kept.bytes else {
        return note("Callsign did not read this body.");
    };
    let label = text::size(bytes);
    if !look.shows_values {
        return BodyView { label, note: HIDDEN.to_owned(), parts: vec![] };
    }
    let note = if kept.is_cut() {
        format!("Only the first {} of {label} are kept.", text::size(kept.kept()))
    } else if kept.kept_bytes.is_some() {
        "Bytes that are no text are shown as \u{FFFD}.".to_owned()
    } else if bytes == 0 {
        "Empty.".to_owned()
    } else {
        String::new()
    };
    BodyView { label, note, parts: parts(kept) }
}

fn parts(kept: &KeptText) -> Vec<Part> {
    let part = |range: Range<usize>, is_changed| Part {
        text: kept.text.get(range).unwrap_or_default().to_owned(),
        is_changed,
    };
    let mut parts = Vec::new();
    let mut end = 0;
    for range in &kept.changed {
        parts.push(part(end..range.start, false));
        parts.push(part(range.clone(), true));
        end = range.end;
    }
    parts.push(part(end..kept.text.len(), false));
    parts.retain(|part| !part.text.is_empty());
    parts
}

fn answer(record: &Record, look: Appearance) -> BodyView {
    match &record.outcome {
        None if record.transport == Transport::Beacon => note("Pages get no answer to a beacon."),
        None if record.transport == Transport::PageApi => {
            note("A call is not answered: what it sets goes out with the chat's own start.")
        }
        None if record.delivery == Delivery::NoStart => note("There was nothing to answer."),
        None => note("No answer yet."),
        Some(Outcome::Answered { status: 0, .. }) => note("The page is not allowed to see the answer."),
        Some(Outcome::Answered { status, body, is_cut, .. }) => {
            let kind = if record.transport == Transport::WebSocket { "Code" } else { "HTTP" };
            answer_body(format!("{kind} {status}"), body, *is_cut, look)
        }
        Some(Outcome::Refused { body }) => answer_body("Refusal".to_owned(), body, false, look),
        Some(Outcome::Failed { message, .. }) => note(&format!("None reached the page: {message}")),
        Some(Outcome::Aborted) => note("The page gave up before it came."),
        Some(Outcome::TimedOut) => note("The page's time limit ran out before it came."),
    }
}

fn answer_body(label: String, body: &str, is_cut: bool, look: Appearance) -> BodyView {
    let parts = vec![Part { text: body.to_owned(), is_changed: false }];
    let (note, parts) = match (look.shows_values, body.is_empty(), is_cut) {
        (_, true, false) => ("Empty.".to_owned(), vec![]),
        (_, true, true) => ("Not read.".to_owned(), vec![]),
        (false, false, _) => (HIDDEN.to_owned(), vec![]),
        (true, false, true) => (format!("Only the first {} are kept.", text::size(body.len())), parts),
        (true, false, false) => (String::new(), parts),
    };
    BodyView { label, note, parts }
}

fn note(text: &str) -> BodyView {
    BodyView { note: text.to_owned(), ..BodyView::default() }
}
