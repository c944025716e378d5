//! Callsign shows, and sets, the customer ID that a web chat starts with.
//!
//! In reading order: [`crm_id`] is what a tester types; [`start`] is what a
//! chat start is; [`session`] keeps and decides; [`message`] is what the
//! places where Callsign runs tell each other; [`view`] is what a screen
//! shows; [`wire`] is the JSON form of them. All of them are pure: no browser, no clock, no network. Under
//! wasm, `browser` names the browser and `context` has the entry points.

pub mod crm_id;
pub mod message;
pub mod session;
pub mod start;
pub mod view;
pub mod wire;

mod joined;

#[cfg(target_family = "wasm")]
mod browser;
#[cfg(target_family = "wasm")]
mod context;
