//! Texts in a row with something between them, and the beginnings of texts.

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

/// What a text has before the first of these bytes of ASCII; all of it where it
/// has none. Standard searches are compiled anew for each kind of pattern.
pub(crate) fn until<'t>(text: &'t str, marks: &[u8]) -> &'t str {
    let end = text.bytes().position(|byte| marks.contains(&byte)).unwrap_or(text.len());
    &text[..end]
}

/// As much of a text as fits, up to a whole character.
pub(crate) fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
