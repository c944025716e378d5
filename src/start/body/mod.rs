//! Bodies, read and edited in place: every byte outside an edit stays.
//!
//! A [`document::Document`] is a body in one of the encodings that starts come
//! in: [`json`], or named [`fields`] as a [`form`] or in [`multipart`]. In
//! [`packets`] there is JSON too, with something around it.

pub mod document;
pub mod fields;
pub mod form;
pub mod json;
pub mod multipart;
pub mod packets;
pub mod readable;

use std::ops::Range;

/// One change to a body: what stands at `range` becomes `replacement`.
///
/// Positions are bytes of the body before the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where something is inserted.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub replacement: String,
}

/// The body with all edits made. The edits must be in order and apart.
pub fn splice(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut spliced = Vec::with_capacity(bytes.len() + 64);
    let mut end_of_last = 0;
    for edit in edits {
        spliced.extend_from_slice(&bytes[end_of_last..edit.range.start]);
        spliced.extend_from_slice(edit.replacement.as_bytes());
        end_of_last = edit.range.end;
    }
    spliced.extend_from_slice(&bytes[end_of_last..]);
    spliced
}

/// Where the edits' replacements stand in the body that [`splice`] made.
pub fn ranges_after(edits: &[Edit]) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(edits.len());
    let mut end_of_last = 0;
    let mut length = 0;
    for edit in edits {
        length += edit.range.start - end_of_last;
        ranges.push(length..length + edit.replacement.len());
        length += edit.replacement.len();
        end_of_last = edit.range.end;
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: Range<usize>, replacement: &str) -> Edit {
        Edit { range, replacement: replacement.to_owned() }
    }

    #[test]
    fn everything_outside_the_edits_stays() {
        let edits = [edit(0..1, ""), edit(3..3, "++"), edit(5..6, "F")];
        let after = splice(b"abcdefg", &edits);
        assert_eq!(after, b"bc++deFg");
        let marked: Vec<_> = ranges_after(&edits).into_iter().map(|range| &after[range]).collect();
        assert_eq!(marked, [b"".as_slice(), b"++", b"F"]);
    }
}
