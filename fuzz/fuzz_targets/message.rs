//! Is whatever a page says, and whatever the browser says about it, read or refused?

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/properties/mod.rs"]
mod properties;

fuzz_target!(|text: &str| {
    properties::read_message(text);
    properties::read_sender(text);
});
