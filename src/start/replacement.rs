//! Edits as the page script makes them: in the units that the page counts in,
//! so that only what changes goes back to it, and never a whole body.

use super::body::Edit;
use super::candidate::Body;
use crate::wire::wire_struct;

/// One change to what a candidate carries: text in UTF-16 code units, or a
/// character a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// How many units stand before it, in the body before all changes.
    pub at: usize,
    /// How many units are replaced; 0 where something is inserted.
    pub length: usize,
    /// What stands there afterwards.
    pub text: String,
}

wire_struct!(Replacement { at: "at", length: "length", text: "text" });

impl Replacement {
    /// The edits of a body, which are in order and apart.
    pub fn all_of(edits: &[Edit], body: &Body) -> Vec<Self> {
        let (mut at, mut end_of_last) = (0, 0);
        let mut all = Vec::with_capacity(edits.len());
        for Edit { range, replacement } in edits {
            let (before, length, text) = match body {
                Body::Text { text } => {
                    let bytes = text.as_bytes();
                    let before = units_of(&bytes[end_of_last..range.start]);
                    (before, units_of(&bytes[range.clone()]), replacement.clone())
                }
                Body::Binary { .. } | Body::Nothing | Body::TooLarge { .. } | Body::Unsupported { .. } => {
                    (range.start - end_of_last, range.len(), replacement.bytes().map(char::from).collect())
                }
            };
            all.push(Self { at: at + before, length, text });
            at += before + length;
            end_of_last = range.end;
        }
        all
    }

    /// The body after all of them; none where they do not fit it.
    pub fn made_in(all: &[Self], body: &Body) -> Option<Body> {
        let (mut made, mut rest, mut at) = (String::new(), body.carried()?, 0);
        for Self { at: start, length, text } in all {
            let (kept, behind) = split(rest, start.checked_sub(at)?)?;
            (_, rest) = split(behind, *length)?;
            made.push_str(kept);
            made.push_str(text);
            at = start + length;
        }
        made.push_str(rest);
        Some(body.carrying(made))
    }
}

/// How many UTF-16 code units UTF-8 has: one a character, and one more where
/// that has four bytes.
fn units_of(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0)).sum()
}

/// A text before and behind its first units; none where it has fewer, or a
/// character is in the way.
fn split(text: &str, units: usize) -> Option<(&str, &str)> {
    let mut left = units;
    for (place, character) in text.char_indices() {
        if left == 0 {
            return Some(text.split_at(place));
        }
        left = left.checked_sub(character.len_utf16())?;
    }
    (left == 0).then_some((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: std::ops::Range<usize>, replacement: &str) -> Edit {
        Edit { range, replacement: replacement.to_owned() }
    }

    #[track_caller]
    fn check(body: &Body, edits: &[Edit], expected: &[(usize, usize, &str)], carried: &str) {
        let all = Replacement::all_of(edits, body);
        let found: Vec<_> = all.iter().map(|one| (one.at, one.length, one.text.as_str())).collect();
        assert_eq!(found, expected);
        let made = Replacement::made_in(&all, body).unwrap();
        assert_eq!(made.carried(), Some(carried));
    }

    #[test]
    fn a_text_is_counted_as_a_page_counts_it() {
        let text = Body::Text { text: "\u{FEFF}é😀a€b".to_owned() };
        let edits = [edit(9..10, "ä"), edit(13..13, "😀"), edit(13..14, "")];
        check(&text, &edits, &[(4, 1, "ä"), (6, 0, "😀"), (6, 1, "")], "\u{FEFF}é😀ä€😀");
        check(&text, &[edit(5..9, "")], &[(2, 2, "")], "\u{FEFF}éa€b");
        check(&text, &[], &[], "\u{FEFF}é😀a€b");
    }

    #[test]
    fn bytes_are_counted_as_they_are_and_take_bytes() {
        let bytes = Body::Binary { bytes: "\u{ff}\u{0}ab".to_owned() };
        check(&bytes, &[edit(2..3, "é")], &[(2, 1, "\u{c3}\u{a9}")], "\u{ff}\u{0}\u{c3}\u{a9}b");
    }

    #[track_caller]
    fn check_unfit(text: &str, all: &[(usize, usize)]) {
        let all = all.iter().map(|(at, length)| Replacement { at: *at, length: *length, text: String::new() });
        let body = Body::Text { text: text.to_owned() };
        assert_eq!(Replacement::made_in(&all.collect::<Vec<_>>(), &body), None);
    }

    #[test]
    fn what_does_not_fit_is_not_made() {
        check_unfit("ab", &[(3, 0)]);
        check_unfit("ab", &[(1, 2)]);
        check_unfit("ab", &[(1, 1), (1, 1)]);
        check_unfit("ab", &[(1, usize::MAX)]);
        check_unfit("😀", &[(1, 0)]);
    }
}
