//! The entry points: one file for each place where Rust runs.
//!
//! A context performs what the engine decided and shows what a view says. It
//! decides nothing itself.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only, and these modules stay private")]

mod background;
mod panel;
mod popup;
mod screen;
mod stored;
