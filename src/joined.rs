//! Texts in a row with something between them, and the beginnings of long ones.

/// What `join` of the standard library gives; that takes a kilobyte of the
/// module for each kind of text.
pub(crate) fn joined(texts: &[&str], between: &str) -> String {
    let mut row = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            row.push_str(between);
        }
        row.push_str(text);
    }
    row
}

/// As much of a text as fits, up to a whole character.
pub(crate) fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
