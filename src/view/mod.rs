//! What a screen shows, as plain data: [`popup`] and [`panel`].
//!
//! A view is made from settings and records alone, so that every sentence on
//! a screen can be tested without one.

pub mod options;
pub mod panel;
pub mod popup;
pub mod text;
pub mod words;
