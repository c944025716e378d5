//! What survives: `local` stays on disk, `session` stays in memory until the
//! browser closes. Every value is a text.

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::Fault;
use super::chrome::{js, names, text_property};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    async fn get_local(keys: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = set)]
    async fn set_local(items: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = remove)]
    async fn remove_local(keys: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = get)]
    async fn get_session(keys: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = set)]
    async fn set_session(items: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = remove)]
    async fn remove_session(keys: &JsValue) -> Result<JsValue, JsValue>;
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
        Ok(text_property(&self.get(&key.into()).await?, key))
    }

    /// All texts whose key begins with a prefix.
    pub(crate) async fn texts(self, prefix: &str) -> Result<Vec<String>, Fault> {
        let found = self.get(&JsValue::NULL).await?;
        let keys = names(&found).into_iter().filter(|key| key.starts_with(prefix));
        Ok(keys.filter_map(|key| text_property(&found, &key)).collect())
    }

    /// Keeps a text.
    pub(crate) async fn keep(self, key: String, text: String) -> Result<(), Fault> {
        let items = js(&json!({ key: text }))?;
        match self {
            Self::Local => set_local(&items).await?,
            Self::Session => set_session(&items).await?,
        };
        Ok(())
    }

    /// Forgets texts.
    pub(crate) async fn forget(self, keys: &[String]) -> Result<(), Fault> {
        let keys = js(&Value::from(keys))?;
        match self {
            Self::Local => remove_local(&keys).await?,
            Self::Session => remove_session(&keys).await?,
        };
        Ok(())
    }

    async fn get(self, keys: &JsValue) -> Result<JsValue, Fault> {
        Ok(match self {
            Self::Local => get_local(keys).await?,
            Self::Session => get_session(keys).await?,
        })
    }
}
