//! What a chat start is: how it is recognised, read, edited and judged.
//!
//! In reading order: a [`candidate`] is matched against the [`profile`]s; the
//! profile says where the [`attributes`] sit in the [`body`]; [`lint`] and
//! [`outcome`] turn what is seen into [`finding`]s. [`explain`] says why a
//! candidate is a start or none; a [`sample`] is one that a tester pasted.

pub mod attributes;
pub mod body;
pub mod candidate;
pub mod explain;
pub mod finding;
pub mod lint;
pub mod outcome;
pub mod profile;
pub mod replacement;
pub mod sample;
pub mod socket;
pub mod token;
