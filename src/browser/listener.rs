//! Listening to what a person does on one of the extension's own pages.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

use super::Fault;

/// Calls back for every event of a type, for as long as the page lives.
pub(crate) fn on(target: &EventTarget, kind: &str, act: impl FnMut(Event) + 'static) -> Result<(), Fault> {
    let listener = Closure::<dyn FnMut(Event)>::new(act).into_js_value();
    target.add_event_listener_with_callback(kind, listener.unchecked_ref())?;
    Ok(())
}
