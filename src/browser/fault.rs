//! What the browser refused to do, in its own words.

use std::fmt;

use js_sys::{Error, JsString};
use wasm_bindgen::{JsCast, JsValue};

/// What the browser refused to do.
///
/// One pointer, so that a `Result<(), Fault>` comes back in a register: there
/// are hundreds of them, and a fault is rare.
#[derive(Clone, Debug)]
pub(crate) struct Fault(Box<Words>);

#[derive(Clone, Debug)]
struct Words {
    text: String,
}

impl Fault {
    /// A fault in our words.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Box::new(Words { text: text.into() }))
    }
}

impl From<JsValue> for Fault {
    fn from(value: JsValue) -> Self {
        Self::new(match value.dyn_ref::<Error>() {
            Some(error) => String::from(error.message()),
            None => value.dyn_into::<JsString>().map_or_else(|_| "unknown fault".to_owned(), String::from),
        })
    }
}

impl From<Fault> for JsValue {
    fn from(fault: Fault) -> Self {
        Error::new(&fault.0.text).into()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}
