//! The entry points: one file for each place where Rust runs.
//!
//! A context performs what the engine decided and shows what a view says. It
//! decides nothing itself.

mod background;
mod panel;
mod popup;
mod screen;
mod stored;
