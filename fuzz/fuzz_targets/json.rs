//! Is any JSON edited in place, and any other text refused?

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/properties/mod.rs"]
mod properties;

fuzz_target!(|text: &str| {
    properties::read_json(text);
    properties::edit_json(text, &["a"], "k", "CRM-\"1\\é");
    properties::edit_json(text, &["a", "b"], "k", "1");
});
