//! The entry points: one file for each place where Rust runs.
//!
//! A context performs what the engine decided and shows what a view says. It
//! decides nothing itself.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only, and these modules stay private")]

mod background;
mod options;
mod panel;
mod popup;
mod screen;
mod stored;

/// Takes 4 KB less of the module than the standard library's allocator.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
