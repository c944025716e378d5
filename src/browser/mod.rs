//! The browser as Rust needs it; knows nothing of chats.
//!
//! The only place that names `chrome.*` or a `JsValue`. What fails here says
//! so in a [`Fault`].

pub(crate) mod chrome;
pub(crate) mod fault;
pub(crate) mod listener;
pub(crate) mod page;
pub(crate) mod storage;
pub(crate) mod task;

pub(crate) use fault::Fault;
