//! Builds, tests, packs and shows Callsign.
fn main() {}
