//! `chrome.*` as this extension uses it, in Chromium and Firefox.

use js_sys::{Array, Function, JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::Fault;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = sendMessage)]
    async fn send_message(message: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    fn get_url(path: &str) -> String;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = sendMessage)]
    async fn send_tab_message(tab: f64, message: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    async fn query_tabs(query: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    async fn get_tab(tab: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = reload)]
    async fn reload(tab: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = create)]
    async fn create_tab(properties: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeText)]
    async fn set_badge_text(details: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor)]
    async fn set_badge_background_color(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = request)]
    async fn request_permissions(permissions: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = remove)]
    async fn remove_permissions(permissions: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = getRegisteredContentScripts)]
    async fn registered_scripts() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = registerContentScripts)]
    async fn register_scripts(scripts: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = updateContentScripts)]
    async fn update_scripts(scripts: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = unregisterContentScripts)]
    async fn unregister_scripts() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "storage", "onChanged"], js_name = addListener)]
    fn on_storage_changed(listener: &Function);

    #[wasm_bindgen(js_name = fetch)]
    fn fetch_file(address: &str) -> js_sys::Promise;
}

/// Sends a message to the background and gives its answer.
pub(crate) async fn tell_background(message: &str) -> Result<String, Fault> {
    let answer = send_message(message).await?;
    answer.as_string().ok_or_else(|| Fault::new("the background gave no answer"))
}

/// Whether a tab's page has a relay of this extension in it.
pub(crate) async fn has_relay(tab: i64) -> bool {
    send_tab_message(js_number(tab), "ping").await.is_ok_and(|answer| answer.as_string().is_some())
}

/// The address of a tab; none where the browser does not show it.
pub(crate) async fn tab_url(tab: i64) -> Option<String> {
    let tab = get_tab(js_number(tab)).await.ok()?;
    property(&tab, "url").as_string()
}

/// The tab that the tester looks at.
pub(crate) async fn active_tab() -> Result<i64, Fault> {
    first_tab(&json!({ "active": true, "currentWindow": true })).await
}

/// A tab that shows a page of these.
pub(crate) async fn tab_showing(pattern: &str) -> Result<i64, Fault> {
    first_tab(&json!({ "url": pattern })).await
}

async fn first_tab(query: &Value) -> Result<i64, Fault> {
    let tabs = Array::from(&query_tabs(&js(query)?).await?);
    integer(&property(&tabs.get(0), "id")).ok_or_else(|| Fault::new("there is no such tab"))
}

/// Loads a tab's page again.
pub(crate) async fn reload_tab(tab: i64) -> Result<(), Fault> {
    reload(js_number(tab)).await?;
    Ok(())
}

/// Opens one of the extension's own pages in a tab.
pub(crate) async fn open_page(path: &str) -> Result<(), Fault> {
    create_tab(&js(&json!({ "url": get_url(path) }))?).await?;
    Ok(())
}

/// Shows a text on a tab's badge.
pub(crate) async fn show_badge(tab: i64, text: &str, color: &str) -> Result<(), Fault> {
    set_badge_text(&js(&json!({ "tabId": tab, "text": text }))?).await?;
    set_badge_background_color(&js(&json!({ "tabId": tab, "color": color }))?).await?;
    Ok(())
}

/// Asks the tester for the permission for a site. Must be called in a click.
pub(crate) async fn ask_permission(pattern: &str) -> Result<bool, Fault> {
    let answer = request_permissions(&js(&json!({ "origins": [pattern] }))?).await?;
    Ok(answer.as_bool().unwrap_or_default())
}

/// Gives the permission for a site back.
pub(crate) async fn give_permission_back(pattern: &str) -> Result<(), Fault> {
    remove_permissions(&js(&json!({ "origins": [pattern] }))?).await?;
    Ok(())
}

/// Runs these content scripts from now on, and no others but the manifest's.
pub(crate) async fn run_scripts(scripts: &[Value]) -> Result<(), Fault> {
    let is_registered = Array::from(&registered_scripts().await?).length() > 0;
    match (scripts.is_empty(), is_registered) {
        (true, false) => {}
        (true, true) => {
            unregister_scripts().await?;
        }
        (false, true) => {
            update_scripts(&js(&Value::from(scripts))?).await?;
        }
        (false, false) => {
            register_scripts(&js(&Value::from(scripts))?).await?;
        }
    }
    Ok(())
}

/// Calls back whenever something stored changes.
pub(crate) fn on_storage(changed: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(changed).into_js_value();
    on_storage_changed(listener.unchecked_ref());
}

/// One of the extension's own files, as text.
pub(crate) async fn own_file(path: &str) -> Result<String, Fault> {
    let response = wasm_bindgen_futures::JsFuture::from(fetch_file(&get_url(path))).await?;
    let text = Reflect::get(&response, &"text".into())?.dyn_into::<Function>()?.call0(&response)?;
    let text = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(text)).await?;
    text.as_string().ok_or_else(|| Fault::new(format!("{path} cannot be read")))
}

/// A plain value as JavaScript has it.
pub(super) fn js(value: &Value) -> Result<JsValue, Fault> {
    Ok(JSON::parse(&value.to_string())?)
}

fn property(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() { Reflect::get(object, &name.into()).unwrap_or_default() } else { JsValue::UNDEFINED }
}

/// The tab that a DevTools panel inspects.
pub(crate) fn inspected_tab() -> Option<i64> {
    let chrome = property(&js_sys::global(), "chrome");
    let window = property(&property(&chrome, "devtools"), "inspectedWindow");
    integer(&property(&window, "tabId"))
}

#[expect(clippy::cast_possible_truncation, reason = "tab IDs are small integers")]
fn integer(value: &JsValue) -> Option<i64> {
    value.as_f64().map(|number| number as i64)
}

#[expect(clippy::cast_precision_loss, reason = "tab IDs are small integers")]
fn js_number(tab: i64) -> f64 {
    tab as f64
}

/// The names of an object's properties.
pub(super) fn names(object: &JsValue) -> Vec<String> {
    Object::keys(object.unchecked_ref::<Object>()).iter().filter_map(|name| name.as_string()).collect()
}

/// A text property of an object.
pub(super) fn text_property(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string()
}
