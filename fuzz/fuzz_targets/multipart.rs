//! Is any multipart body edited in place or refused, with its boundary as the
//! page says it? The first line is the content type, the rest is the body.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/properties/mod.rs"]
mod properties;

fuzz_target!(|bytes: &[u8]| {
    properties::edit(bytes, Some(properties::MULTIPART), &["a"], "k", "--B");
    properties::edit(bytes, Some(properties::MULTIPART), &["a", "b"], "k\"", "CRM 1&é=%+");
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    if let (Some(Ok(content_type)), Some(body)) = (lines.next().map(str::from_utf8), lines.next()) {
        properties::edit(body, Some(&format!("multipart/form-data{content_type}")), &["a"], "k", "1");
        properties::edit(body, Some(content_type), &["a"], "k", "1");
    }
});
