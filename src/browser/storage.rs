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

impl Area {
    /// A text, if it is there.
    pub(crate) async fn text(self, key: &str) -> Result<Option<String>, Fault> {
        Ok(text_property(&self.get(&key.into()).answer().await?, key))
    }

    /// All texts whose key begins with a prefix.
    pub(crate) async fn texts(self, prefix: &str) -> Result<Vec<String>, Fault> {
        let found = self.get(&JsValue::NULL).answer().await?;
        let mut texts = Vec::new();
        for key in Object::keys(found.unchecked_ref::<Object>()).iter() {
            let key = key.as_string().unwrap_or_default();
            if key.starts_with(prefix) {
                texts.extend(text_property(&found, &key));
            }
        }
        Ok(texts)
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

    fn get(self, keys: &JsValue) -> Asked {
        self.area().get(keys).into()
    }

    fn area(self) -> StorageArea {
        match self {
            Self::Local => LOCAL.with(StorageArea::clone),
            Self::Session => SESSION.with(StorageArea::clone),
        }
    }
}
