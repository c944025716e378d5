//! The packets that socket.io writes around an event: a few digits before its
//! JSON, and in long polling the length of each packet before that.
//!
//! From the protocols of Engine.IO 3 and 4 and of socket.io 2 to 5, which are
//! public: `42["start",{…}]` is a message (4) that is an event (2); behind the
//! digits may stand a namespace and the number of an acknowledgement, as in
//! `42/support,7["start",{…}]`. Engine.IO 3 writes `19:42["start",{"a":1}]` in
//! long polling, where 19 counts UTF-16 code units; Engine.IO 4 puts U+001E
//! between packets.

use std::ops::Range;

use super::Edit;
use super::json::Json;

/// The event of a packet, in a text that may have more of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where its JSON stands, a list of the event's name and what it carries.
    pub json: Range<usize>,
    /// Whether it answers one of the other side.
    pub is_answer: bool,
    /// Where the packet's length stands, and the length, if it has one.
    length: Option<(Range<usize>, usize)>,
}

/// The events in what goes out or comes in, in order; none where it is no
/// text of socket.io.
pub fn events(text: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let Some((packet, length)) = packet_at(text, start) else { return vec![] };
        let from = packet.start;
        start = packet.end + usize::from(length.is_none() && packet.end < text.len());
        if let Some(before) = before_json(&text[packet.clone()]) {
            let json = from + before..packet.end;
            // A list, so the digits before it cannot be a part of it.
            if Json::parse(&text[json.clone()]).is_ok() {
                // 3, or 6 where attachments follow.
                let is_answer = matches!(text.as_bytes()[from + 1], b'3' | b'6');
                events.push(Event { json, is_answer, length });
            }
        }
    }
    events
}

/// The JSON of a text: that of its first event, or else the text itself.
pub fn json_of(text: &str) -> &str {
    match events(text).first() {
        Some(event) => &text[event.json.clone()],
        None => text,
    }
}

impl Event {
    /// The edits of the whole text that make these edits of the event's JSON,
    /// its length mended.
    pub fn edits(&self, text: &str, inside: Vec<Edit>) -> Vec<Edit> {
        let from = self.json.start;
        let inside: Vec<_> = inside
            .into_iter()
            .map(|edit| Edit { range: from + edit.range.start..from + edit.range.end, ..edit })
            .collect();
        let Some((range, length)) = self.length.clone() else { return inside };
        let added: usize = inside.iter().map(|edit| code_units(&edit.replacement)).sum();
        let removed: usize = inside.iter().map(|edit| code_units(&text[edit.range.clone()])).sum();
        let replacement = (length + added - removed).to_string();
        if text[range.clone()] == replacement {
            return inside;
        }
        [vec![Edit { range, replacement }], inside].concat()
    }
}

type Length = (Range<usize>, usize);

/// The packet that begins at a place, with its length where it has one.
fn packet_at(text: &str, start: usize) -> Option<(Range<usize>, Option<Length>)> {
    let rest = &text[start..];
    let digits = digits(rest);
    if !rest[digits..].starts_with(':') || digits == 0 {
        let end = rest.find('\u{1E}').map_or(text.len(), |end| start + end);
        return Some((start..end, None));
    }
    let length = rest[..digits].parse().ok()?;
    let start_of_packet = start + digits + 1;
    let end = start_of_packet + bytes_of(&text[start_of_packet..], length)?;
    Some((start_of_packet..end, Some((start..start + digits, length))))
}

/// How many bytes of a packet stand before the JSON of its event, or of the
/// answer to one; none where it is no such packet.
fn before_json(packet: &str) -> Option<usize> {
    let kind = packet.strip_prefix('4')?;
    let mut rest = kind.strip_prefix(['2', '3', '5', '6'])?;
    if kind.starts_with(['5', '6']) {
        // How many attachments follow in packets of their own.
        rest = rest[digits(rest)..].strip_prefix('-')?;
    }
    if rest.starts_with('/') {
        rest = rest.split_once(',')?.1;
    }
    rest = &rest[digits(rest)..];
    rest.starts_with('[').then(|| packet.len() - rest.len())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// How many bytes the first code units of a text have.
fn bytes_of(text: &str, length: usize) -> Option<usize> {
    let mut left = length;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(character.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

fn code_units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = events(text).into_iter().map(|event| &text[event.json]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_events_of_a_text_are_found() {
        check(r#"42["start",{"a":1}]"#, &[r#"["start",{"a":1}]"#]);
        check(r#"42/support,7["start",{}]"#, &[r#"["start",{}]"#]);
        check(r#"4213["start"]"#, &[r#"["start"]"#]);
        check(r#"451-["photo",{"_placeholder":true,"num":0}]"#, &[r#"["photo",{"_placeholder":true,"num":0}]"#]);
        check(r#"437["done"]"#, &[r#"["done"]"#]);
        check("19:42[\"start\",{\"a\":1}]", &[r#"["start",{"a":1}]"#]);
        check("2:4011:42[\"é😀\",1]1:3", &["[\"é😀\",1]"]);
        check("40/support,\u{1E}42[\"a\"]\u{1E}42[\"b\"]", &["[\"a\"]", "[\"b\"]"]);
    }

    #[test]
    fn what_is_no_event_has_none() {
        for other in [
            "",
            "2probe",
            "3",
            "40",
            "41",
            "42",
            "42[",
            "42{}",
            "[1]",
            "{}",
            "4:42[]",
            "5:42[]",
            "99999999999999999999:42[]",
        ] {
            check(other, &if other == "4:42[]" { vec!["[]"] } else { vec![] });
        }
        assert_eq!(json_of(r#"42["a"]"#), r#"["a"]"#);
        assert_eq!(json_of(r#"{"a":1}"#), r#"{"a":1}"#);
    }
}
