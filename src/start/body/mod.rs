//! Bodies, read and edited in place: every byte outside an edit stays.
//!
//! JSON is the only encoding so far; form and multipart bodies get their own
//! file beside it and the same [`Edit`].

pub mod json;

use std::ops::Range;

/// One change to a text: what stands at `range` becomes `replacement`.
///
/// Positions are UTF-8 bytes of the text before the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where something is inserted.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub replacement: String,
}

/// The text with all edits made. The edits must be in order and apart.
pub fn splice(text: &str, edits: &[Edit]) -> String {
    let mut spliced = String::with_capacity(text.len() + 64);
    let mut end_of_last = 0;
    for edit in edits {
        spliced.push_str(&text[end_of_last..edit.range.start]);
        spliced.push_str(&edit.replacement);
        end_of_last = edit.range.end;
    }
    spliced.push_str(&text[end_of_last..]);
    spliced
}

/// Where the edits' replacements stand in the text that [`splice`] made.
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
        let after = splice("abcdefg", &edits);
        assert_eq!(after, "bc++deFg");
        let marked: Vec<_> = ranges_after(&edits).into_iter().map(|range| &after[range]).collect();
        assert_eq!(marked, ["", "++", "F"]);
    }
}
