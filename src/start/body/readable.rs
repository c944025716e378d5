//! Bytes as text for people, with the way back from a place in the text to
//! the place in the bytes.

/// How places in what was written and places in its reading belong together.
///
/// Kept are only the places from which on the distance between the two is
/// another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// In the reading, and as written; both ascend.
    shifts: Vec<(usize, usize)>,
}

impl Places {
    /// Notes that what is read from `read` on was written from `written` on.
    pub(super) fn shift(&mut self, read: usize, written: usize) {
        self.shifts.push((read, written));
    }

    /// Where something that is read at this place was written.
    pub fn written(&self, read: usize) -> usize {
        let index = self.shifts.partition_point(|shift| shift.0 <= read);
        let (before, there) = if index == 0 { (0, 0) } else { self.shifts[index - 1] };
        there + (read - before)
    }

    /// Where something that was written at this place is read.
    pub fn read(&self, written: usize) -> usize {
        let index = self.shifts.partition_point(|shift| shift.1 <= written);
        let (there, before) = if index == 0 { (0, 0) } else { self.shifts[index - 1] };
        there + (written - before)
    }
}

/// Bytes as UTF-8 text; what is no UTF-8 is read as U+FFFD.
pub fn readable(bytes: &[u8]) -> (String, Places) {
    let mut text = String::with_capacity(bytes.len());
    let mut places = Places::default();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len() + chunk.invalid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            places.shift(text.len(), at);
        }
    }
    (text, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_both_directions() {
        let (text, places) = readable(b"a\xFFb\xE2\x82c\xC3\xA9d");
        assert_eq!(text, "a\u{FFFD}b\u{FFFD}céd");
        for (read, written) in [(0, 0), (1, 1), (4, 2), (5, 3), (8, 5), (9, 6), (11, 8), (12, 9)] {
            assert_eq!((places.written(read), places.read(written)), (written, read));
        }
    }
}
