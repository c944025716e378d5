//! What is kept and decided between a page's call and a tester's screen.
//!
//! In reading order: a [`site`] has [`settings`], among them its [`policy`];
//! the [`engine`] applies events to them and to the [`log`] of [`record`]s;
//! `sight` is what it sees in a candidate, and [`uncovered`] what it does not see.
//! [`try_out`] looks at a pasted request in the same way.

pub mod engine;
pub mod log;
pub mod policy;
pub mod record;
pub mod settings;
mod sight;
pub mod site;
pub mod try_out;
pub mod uncovered;
