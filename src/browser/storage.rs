//! What survives: `local` stays on disk, `session` stays in memory until the
//! browser closes. Every value is a text.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::Fault;
use super::chrome::{object, text_property};
use super::task::Asked;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type StorageArea;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = local)]
    static LOCAL: StorageArea;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = session)]
    static SESSION: StorageArea;

    #[wasm_bindgen(method, catch)]
    fn get(this: &StorageArea, keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn set(this: &StorageArea, items: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn remove(this: &StorageArea, keys: &JsValue) -> Result<Promise, JsValue>;
}

/// Where a text is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Area {
    /// On disk, 10 MB.
    Local,
    /// In memory until the browser closes, 10 MB.
    Session,
}

/// All texts of an area, by their keys.
#[derive(Debug)]
pub(crate) struct Texts(JsValue);

impl Texts {
    /// All that an area's `get(null)` gives.
    pub(crate) async fn of(got: Asked) -> Result<Self, Fault> {
        Ok(Self(got.answer().await?))
    }

    /// A text, if it is there.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        text_property(&self.0, key)
    }

    /// All whose key begins with a prefix.
    pub(crate) fn of_prefix(&self, prefix: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for key in Object::keys(self.0.unchecked_ref::<Object>()).iter() {
            let key = key.as_string().unwrap_or_default();
            if key.starts_with(prefix) {
                texts.extend(self.text(&key));
            }
        }
        texts
    }
}

impl Area {
    /// All that is in it.
    pub(crate) async fn texts(self) -> Result<Texts, Fault> {
        Texts::of(self.area().get(&JsValue::NULL).into()).await
    }

    /// Keeps a text.
    pub(crate) fn keep(self, key: &str, text: &str) -> Asked {
        let items = object(&[(key, &text.into())]);
        self.area().set(&items).into()
    }

    /// Forgets texts.
    pub(crate) fn forget(self, keys: &[String]) -> Asked {
        let names = Array::new();
        for key in keys {
            names.push(&key.into());
        }
        self.area().remove(&names).into()
    }

    fn area(self) -> StorageArea {
        match self {
            Self::Local => LOCAL.with(StorageArea::clone),
            Self::Session => SESSION.with(StorageArea::clone),
        }
    }
}
