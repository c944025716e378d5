//! What a screen shows, as plain data.
