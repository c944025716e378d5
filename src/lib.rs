//! Callsign shows, and sets, the customer ID that a web chat starts with.
