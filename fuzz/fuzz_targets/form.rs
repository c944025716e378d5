//! Is any form edited in place, and read as the URL standard says?

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/properties/mod.rs"]
mod properties;

fuzz_target!(|bytes: &[u8]| {
    properties::read_form(bytes);
    properties::edit_form(bytes, &["a"], "k", "CRM 1&é=%+");
    properties::edit_form(bytes, &["a", "b"], "k", "1");
    properties::edit(bytes, None, &["a"], "k", "1");
});
