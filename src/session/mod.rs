//! What is kept and decided between a page's call and a tester's screen.
//!
//! In reading order: a [`site`] has [`settings`], among them its [`policy`];
//! the [`engine`] applies events to them and to the [`log`] of [`record`]s;
//! `sight` is what it sees in a candidate, `earlier` compares that with the
//! starts before it, [`remarks`] are what there is to say of both, and
//! [`uncovered`] is what is not seen; [`pending`] is what is still to be done.
//! [`try_out`] looks at a pasted request in the same way.

mod earlier;
pub mod engine;
pub mod log;
pub mod pending;
pub mod policy;
pub mod record;
pub mod remarks;
pub mod settings;
mod sight;
pub mod site;
pub mod try_out;
pub mod uncovered;
