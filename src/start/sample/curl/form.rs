//! Multipart form data, as cURL makes it of what stands behind `-F`.

use crate::joined::until;
use crate::start::body::json::quoted;

/// As cURL makes them, but the same each time.
pub(super) const BOUNDARY: &str = "------------------------callsign";

/// A part's headers and value, of what stands behind `-F name=`.
pub(super) fn part_of(name: &str, value: &str, is_literal: bool) -> (String, String) {
    let mut headers = format!("Content-Disposition: form-data; name=\"{}\"", name.replace('"', "%22"));
    if is_literal {
        return (headers, value.to_owned());
    }
    let file = value.strip_prefix('@');
    let (mut value, parameters) = value_of(file.unwrap_or(value));
    // What is in a file is not known here; that there is one, is.
    if file.is_some() {
        let name = value.rsplit(['/', '\\']).next().unwrap_or_default();
        headers.push_str(&format!("; filename={}", quoted(name)));
        value.clear();
    }
    if let Some(kind) = parameters.split(';').find_map(|parameter| parameter.trim_start().strip_prefix("type=")) {
        headers.push_str(&format!("\r\nContent-Type: {kind}"));
    }
    (headers, value)
}

/// A value, and the parameters behind it: it ends at a semicolon, or stands in
/// double quotes, with `\"` and `\\` for those that are in it.
fn value_of(text: &str) -> (String, &str) {
    let text = text.trim_start();
    let mut rest = text.strip_prefix('"').unwrap_or_default().chars();
    let mut value = String::new();
    while let Some(character) = rest.next() {
        match character {
            '"' => return (value, rest.as_str()),
            '\\' if rest.as_str().starts_with(['"', '\\']) => value.push(rest.next().unwrap_or_default()),
            character => value.push(character),
        }
    }
    let value = until(text, b";");
    (value.trim_end().to_owned(), &text[value.len()..])
}

pub(super) fn multipart(parts: &[(String, String)]) -> String {
    let mut body = String::new();
    for (headers, value) in parts {
        body.push_str(&format!("--{BOUNDARY}\r\n{headers}\r\n\r\n{value}\r\n"));
    }
    body + "--" + BOUNDARY + "--\r\n"
}
