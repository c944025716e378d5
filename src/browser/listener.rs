//! Listening to what a person does on one of the extension's own pages.

use wasm_bindgen::prelude::*;
use web_sys::Event;

use super::{Fault, page};

/// Calls back for every event of a type on an element by ID, for as long as
/// the page lives.
pub(crate) fn on(id: &str, kind: &str, act: fn(Event)) -> Result<(), Fault> {
    let listener = Closure::<dyn Fn(Event)>::wrap(Box::new(act)).into_js_value();
    page::element(id)?.add_event_listener_with_callback(kind, listener.unchecked_ref())?;
    Ok(())
}
