//! A local chat service, and pages to try Callsign on.
fn main() {}
