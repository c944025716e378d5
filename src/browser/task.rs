//! Work that waits for the browser.
//!
//! A future is compiled anew wherever a generic function takes one. So all
//! of them go through [`run`] and [`promise`] in a box, and all promises of
//! the browser through [`answer`] and [`done`].

use std::pin::Pin;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

use super::Fault;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Function, milliseconds: i32);
}

/// Work that waits, and may fail.
pub(crate) type Task = Pin<Box<dyn Future<Output = Result<(), Fault>>>>;

/// Something that the browser was asked to do, or its refusal at once.
#[derive(Debug)]
pub(crate) struct Asked(Result<Promise, Fault>);

impl Asked {
    /// Waits until it is done.
    pub(crate) async fn done(self) -> Result<(), Fault> {
        self.answer().await?;
        Ok(())
    }

    /// Waits for the answer.
    pub(super) async fn answer(self) -> Result<JsValue, Fault> {
        Ok(JsFuture::from(self.0?).await?)
    }
}

impl From<Promise> for Asked {
    fn from(promise: Promise) -> Self {
        Self(Ok(promise))
    }
}

impl From<Result<Promise, JsValue>> for Asked {
    fn from(asked: Result<Promise, JsValue>) -> Self {
        Self(asked.map_err(Fault::from))
    }
}

/// A time, in milliseconds.
pub(crate) fn pause(milliseconds: i32) -> Asked {
    Asked::from(Promise::new(&mut |then, _| set_timeout(&then, milliseconds)))
}

/// The text that a promise gives.
pub(crate) async fn text_of(promise: Promise) -> Result<String, Fault> {
    let text = Asked::from(promise).answer().await?;
    text.as_string().ok_or_else(|| Fault::new("a text belongs here"))
}

/// Does the work; who listens is told what fails.
pub(crate) fn run(task: Task, failed: fn(Fault)) {
    spawn_local(async move {
        if let Err(fault) = task.await {
            failed(fault);
        }
    });
}

/// Does the work, for a script that waits for it.
pub(crate) fn promise(task: Task) -> Promise {
    future_to_promise(async move {
        task.await?;
        Ok(JsValue::UNDEFINED)
    })
}
