//! Texts in a row, with something between them.

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
