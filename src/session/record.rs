//! A record: everything known about one start, from first sight to outcome.

use std::ops::Range;

use crate::joined::beginning;
use crate::message::NoVerdict;
use crate::start::attributes::{Attribute, Edited};
use crate::start::body::json::Value;
use crate::start::body::ranges_after;
use crate::start::body::readable::readable;
use crate::start::candidate::Transport;
use crate::start::finding::Finding;
use crate::start::outcome::Outcome;
use crate::wire::{Reader, Wire, Writer, wire_enum, wire_struct};

/// A body longer than this is kept up to here, in UTF-8 bytes: enough for any
/// start that a service takes, and bounded whatever a page sends.
pub const MAX_KEPT_BYTES: usize = 128 * 1024;

/// An attribute's name or value longer than this is kept up to here.
pub const MAX_KEPT_VALUE_BYTES: usize = 4 * 1024;

/// One start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub id: RecordId,
    /// The tab it was made in.
    pub tab: i64,
    /// The frame it was made in; 0 is the tab's own page.
    pub frame: i64,
    /// Its place in the log: later records have greater ones.
    pub sequence: u64,
    /// When it was first seen, in milliseconds since 1970.
    pub at: u64,
    /// The address of the page or frame that made it.
    pub page_url: String,
    /// The vendor's name.
    pub vendor: String,
    /// The profile's ID.
    pub profile: String,
    /// The profile's name on screen.
    pub profile_name: String,
    /// The page's function that it came by.
    pub transport: Transport,
    /// Its method.
    pub method: String,
    /// Its address.
    pub url: String,
    /// The attribute that counts as the CRM ID here.
    pub crm_key: String,
    /// What the page wrote.
    pub before: Side,
    /// What was sent instead, if anything was.
    pub after: Option<Side>,
    /// What else of the body is worth showing: label and value.
    pub context: Vec<(String, String)>,
    /// The socket and the session on it, each counted from 1, where it is a frame.
    pub socket: Option<(u32, u32)>,
    /// Whether it went out, and how.
    pub delivery: Delivery,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Whether the service took it.
    pub is_accepted: bool,
    /// Which start it is a retry of, if it is one.
    pub retry: Option<Retry>,
    /// The conversation that it opened.
    pub conversation_id: Option<String>,
    /// What there is to say about it as it was written.
    pub findings: Vec<Finding>,
    /// What there is to say about what came of it.
    pub outcome_findings: Vec<Finding>,
}

wire_struct!(Record {
    id: "id",
    tab: "tab",
    frame: "frame",
    sequence: "sequence",
    at: "at",
    page_url: "pageUrl",
    vendor: "vendor",
    profile: "profile",
    profile_name: "profileName",
    transport: "transport",
    method: "method",
    url: "url",
    crm_key: "crmKey",
    before: "before",
    after: "after",
    context: "context",
    socket: "socket",
    delivery: "delivery",
    outcome: "outcome",
    is_accepted: "isAccepted" or false,
    retry: "retry",
    conversation_id: "conversationId",
    findings: "findings",
    outcome_findings: "outcomeFindings",
});

/// The name of a record: tab, place in it, document and the number of the start in that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordId(pub String);

/// That a start is another try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The try before it.
    pub of: RecordId,
    /// Which try it is; the first is 1.
    pub attempt: u32,
}

wire_struct!(Retry { of: "of", attempt: "attempt" });

/// One side of a start: as written, or as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The body.
    pub body: KeptText,
    /// Its attributes in order; empty where it could not be read.
    pub attributes: Vec<Attribute>,
    /// The CRM ID in it.
    pub crm_id: Option<String>,
}

wire_struct!(Side { body: "body", attributes: "attributes", crm_id: "crmId" });

/// A body as it is kept, up to [`MAX_KEPT_BYTES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptText {
    /// The body or its beginning as text; bytes that are no UTF-8 are U+FFFD.
    pub text: String,
    /// How long the whole body is, in bytes; none where it was never read.
    pub bytes: Option<usize>,
    /// How many bytes of the body `text` stands for, where some of them are no UTF-8.
    pub kept_bytes: Option<usize>,
    /// Where it differs from the other side, in bytes of `text`.
    pub changed: Vec<Range<usize>>,
}

wire_struct!(KeptText { text: "text", bytes: "bytes", kept_bytes: "keptBytes", changed: "changed" });

/// Whether a start went out, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The page has not said yet.
    Waiting,
    /// With the CRM ID set.
    Edited,
    /// As the page wrote it, on purpose.
    AsWritten,
    /// Not at all: what is recorded is that a chat goes on without a start.
    NoStart,
    /// As the page wrote it, because no verdict could be had.
    Unasked {
        /// Why there was none.
        why: NoVerdict,
    },
}

wire_enum!(Delivery {
    Waiting: "waiting",
    Edited: "edited",
    AsWritten: "asWritten",
    NoStart: "noStart",
    Unasked { why: "why" }: "unasked",
});

impl RecordId {
    /// The token of its document.
    pub fn document(&self) -> &str {
        self.0.split('.').nth(2).unwrap_or_default()
    }

    /// Whether both are of the same document.
    pub fn is_beside(&self, other: &Self) -> bool {
        let document = |id: &Self| id.0.bytes().rposition(|byte| byte == b'.');
        document(self).zip(document(other)).is_some_and(|(own, others)| self.0[..own] == other.0[..others])
    }
}

impl Wire for RecordId {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        Self(Wire::read(json, reader))
    }
}

impl KeptText {
    /// Keeps a body, with the ranges of it that are marked as changed.
    pub fn of(bytes: &[u8], changed: Vec<Range<usize>>) -> Self {
        let mut end = bytes.len().min(MAX_KEPT_BYTES);
        // Up to a whole character, if it is one.
        while end < bytes.len() && end + 3 > MAX_KEPT_BYTES && bytes[end] & 0b1100_0000 == 0b1000_0000 {
            end -= 1;
        }
        let (mut text, places) = readable(&bytes[..end]);
        text.truncate(beginning(&text, MAX_KEPT_BYTES).len());
        let kept_bytes = places.written(text.len());
        let changed = changed.into_iter().filter(|range| range.end <= kept_bytes);
        let changed = changed.map(|range| places.read(range.start)..places.read(range.end)).collect();
        let is_exact = text.as_bytes() == &bytes[..kept_bytes];
        Self { text, bytes: Some(bytes.len()), kept_bytes: (!is_exact).then_some(kept_bytes), changed }
    }

    /// How many bytes of the body are kept.
    pub fn kept(&self) -> usize {
        self.kept_bytes.unwrap_or(self.text.len())
    }

    /// Whether there is more of the body than is kept.
    pub fn is_cut(&self) -> bool {
        self.bytes.is_some_and(|bytes| bytes > self.kept())
    }
}

impl Side {
    /// What the page wrote, with the places marked that `edited` changes.
    pub fn before(bytes: &[u8], attributes: Vec<Attribute>, crm_key: &str, edited: Option<&Edited>) -> Self {
        let changed = edited.map(|edited| edited.edits.iter().map(|edit| edit.range.clone()).collect());
        Self { body: KeptText::of(bytes, changed.unwrap_or_default()), ..Self::of(attributes, crm_key) }
    }

    /// What is sent instead.
    pub fn after(edited: &Edited, crm_key: &str) -> Self {
        let body = KeptText::of(&edited.bytes, ranges_after(&edited.edits));
        Self { body, ..Self::of(edited.attributes.clone(), crm_key) }
    }

    fn of(mut attributes: Vec<Attribute>, crm_key: &str) -> Self {
        for attribute in &mut attributes {
            for text in [&mut attribute.key, &mut attribute.value] {
                text.truncate(beginning(text, MAX_KEPT_VALUE_BYTES).len());
            }
        }
        let crm_id = attributes.iter().find(|attribute| attribute.key == crm_key);
        let crm_id = crm_id.map(|attribute| attribute.value.clone());
        Self { body: KeptText::default(), attributes, crm_id }
    }
}

impl Record {
    /// Whether there was a start; a chat that goes on without one is recorded too.
    pub fn is_start(&self) -> bool {
        self.delivery != Delivery::NoStart
    }

    /// What was sent in place of what the page wrote: none until the page has
    /// said that it was.
    pub fn sent_instead(&self) -> Option<&Side> {
        self.after.as_ref().filter(|_| self.delivery == Delivery::Edited)
    }

    /// All there is to say about it.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(&self.outcome_findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_kept_up_to_a_whole_character() {
        let text = format!("a{}", "é".repeat(MAX_KEPT_BYTES));
        let kept = KeptText::of(text.as_bytes(), vec![0..1, text.len() - 2..text.len()]);
        assert_eq!(kept.text.len(), MAX_KEPT_BYTES - 1);
        assert_eq!(kept.bytes, Some(text.len()));
        assert_eq!(kept.changed, vec![0..1]);
        assert!(kept.is_cut());
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_and_counted() {
        let kept = KeptText::of(b"a\xFFb\xC3\xA9\xE2", vec![0..1, 2..5]);
        assert_eq!(kept.text, "a\u{FFFD}bé\u{FFFD}");
        assert_eq!((kept.bytes, kept.kept_bytes), (Some(6), Some(6)));
        assert_eq!(&kept.text[kept.changed[1].clone()], "bé");
        assert!(!kept.is_cut());

        let kept = KeptText::of(&[0xFF; MAX_KEPT_BYTES], vec![]);
        assert_eq!(kept.text.len(), MAX_KEPT_BYTES / 3 * 3);
        assert_eq!(kept.kept_bytes, Some(MAX_KEPT_BYTES / 3));
        assert!(kept.is_cut());
    }
}
