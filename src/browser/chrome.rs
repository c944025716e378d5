//! `chrome.*` as this extension uses it, in Chromium and Firefox.

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::Fault;
use super::task::Asked;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = sendMessage)]
    fn send_message(message: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    fn get_url(path: &str) -> JsValue;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = sendMessage)]
    fn send_tab_message(tab: f64, message: &str, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    fn query_tabs(query: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    fn get_tab(tab: f64) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = reload)]
    fn reload(tab: f64) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = create)]
    fn create_tab(properties: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeText)]
    fn set_badge_text(details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor)]
    fn set_badge_background_color(details: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = request)]
    fn request_permissions(permissions: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = contains)]
    fn contains_permissions(permissions: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = remove)]
    fn remove_permissions(permissions: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = getRegisteredContentScripts)]
    fn registered_scripts() -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = registerContentScripts)]
    fn register_scripts(scripts: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = updateContentScripts)]
    fn update_scripts(scripts: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = unregisterContentScripts)]
    fn unregister_scripts(filter: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "storage", "onChanged"], js_name = addListener)]
    fn on_storage_changed(listener: &Function);
}

/// Sends a message to the background and gives its answer.
pub(crate) async fn tell_background(message: &str) -> Result<String, Fault> {
    let answer = Asked::from(send_message(message)).answer().await?;
    answer.as_string().ok_or_else(|| Fault::new("the background gave no answer"))
}

/// Whether a tab's own page, whatever its frames, has a relay of this extension in it.
pub(crate) async fn has_relay(tab: i64) -> bool {
    let Ok(own_page) = JSON::parse(r#"{"frameId":0}"#) else {
        return false;
    };
    Asked::from(send_tab_message(js_number(tab), "ping", &own_page))
        .answer()
        .await
        .is_ok_and(|answer| answer.is_string())
}

/// The address of a tab; none where the browser does not show it.
pub(crate) async fn tab_url(tab: i64) -> Option<String> {
    let tab = Asked::from(get_tab(js_number(tab))).answer().await.ok()?;
    text_property(&tab, "url")
}

/// Which tab is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tab<'q> {
    /// The one that the tester looks at.
    Active,
    /// One that shows a page of this match pattern.
    Showing(&'q str),
}

/// A tab of this kind.
pub(crate) async fn tab(which: Tab<'_>) -> Result<i64, Fault> {
    let query = match which {
        Tab::Active => object(&[("active", &true.into()), ("currentWindow", &true.into())]),
        Tab::Showing(pattern) => object(&[("url", &pattern.into())]),
    };
    let tabs = Array::from(&Asked::from(query_tabs(&query)).answer().await?);
    integer(&property(&tabs.get(0), "id")).ok_or_else(|| Fault::new("there is no such tab"))
}

/// Loads a tab's page again.
pub(crate) fn reload_tab(tab: i64) -> Asked {
    reload(js_number(tab)).into()
}

/// Opens one of the extension's own pages in a tab.
pub(crate) fn open_page(path: &str) -> Asked {
    create_tab(&object(&[("url", &get_url(path))])).into()
}

/// Shows a text on a tab's badge, in a colour.
pub(crate) fn show_badge(tab: i64, text: &str, color: &str) -> Asked {
    let with = |name, value: &str| object(&[("tabId", &js_number(tab).into()), (name, &value.into())]);
    let shown = set_badge_text(&with("text", text));
    let colored = set_badge_background_color(&with("color", color));
    shown.and_then(|shown| Ok(Promise::all(&Array::of2(&shown.into(), &colored?.into())))).into()
}

/// Asks the tester for the permission for a site. Must be called in a click.
pub(crate) async fn ask_permission(pattern: &str) -> Result<bool, Fault> {
    let answer = Asked::from(request_permissions(&origins(pattern))).answer().await?;
    Ok(answer.as_bool().unwrap_or_default())
}

/// Whether the browser lets the extension see a site.
pub(crate) async fn has_permission(pattern: &str) -> bool {
    let answer = Asked::from(contains_permissions(&origins(pattern))).answer().await;
    answer.is_ok_and(|answer| answer.as_bool() == Some(true))
}

/// Gives the permission for a site back.
pub(crate) fn give_permission_back(pattern: &str) -> Asked {
    remove_permissions(&origins(pattern)).into()
}

/// Runs these content scripts from now on, and no others but the manifest's;
/// those that run already do so all the while. `scripts` is a list as JSON.
pub(crate) async fn run_scripts(scripts: &str) -> Result<(), Fault> {
    let registered = Array::from(&Asked::from(registered_scripts()).answer().await?);
    let mut gone: Vec<_> = registered.iter().map(|script| text_property(&script, "id")).collect();
    let (known, new, ids) = (Array::new(), Array::new(), Array::new());
    for script in Array::from(&JSON::parse(scripts)?).iter() {
        let place = gone.iter().position(|id| *id == text_property(&script, "id"));
        let is_known = place.map(|place| gone.swap_remove(place)).is_some();
        if is_known { &known } else { &new }.push(&script);
    }
    for id in gone.into_iter().flatten() {
        ids.push(&id.into());
    }
    if known.length() > 0 {
        Asked::from(update_scripts(&known)).done().await?;
    }
    if new.length() > 0 {
        Asked::from(register_scripts(&new)).done().await?;
    }
    if ids.length() > 0 {
        Asked::from(unregister_scripts(&object(&[("ids", &ids)]))).done().await?;
    }
    Ok(())
}

/// Calls back whenever something stored changes.
pub(crate) fn on_storage(changed: fn()) {
    let listener = Closure::<dyn Fn()>::new(changed).into_js_value();
    on_storage_changed(listener.unchecked_ref());
}

/// The tab that a DevTools panel inspects.
pub(crate) fn inspected_tab() -> Option<i64> {
    let chrome = property(&js_sys::global(), "chrome");
    let window = property(&property(&chrome, "devtools"), "inspectedWindow");
    integer(&property(&window, "tabId"))
}

/// A plain object.
pub(super) fn object(members: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A new object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// A text property of an object.
pub(super) fn text_property(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string()
}

fn property(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() { Reflect::get(object, &name.into()).unwrap_or_default() } else { JsValue::UNDEFINED }
}

fn origins(pattern: &str) -> JsValue {
    object(&[("origins", &Array::of1(&pattern.into()))])
}

#[expect(clippy::cast_possible_truncation, reason = "tab IDs are small integers")]
fn integer(value: &JsValue) -> Option<i64> {
    value.as_f64().map(|number| number as i64)
}

#[expect(clippy::cast_precision_loss, reason = "tab IDs are small integers")]
fn js_number(tab: i64) -> f64 {
    tab as f64
}
