//! The elements of one of the extension's own pages: found by ID, filled with
//! text, copied from `<template>`s. Text is never parsed as HTML.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlTemplateElement, Window};

use super::Fault;

/// The page's window.
pub(crate) fn window() -> Result<Window, Fault> {
    web_sys::window().ok_or_else(|| Fault::new("there is no window here"))
}

fn document() -> Result<Document, Fault> {
    window()?.document().ok_or_else(|| Fault::new("there is no document here"))
}

/// An element by its ID.
pub(crate) fn element<T: JsCast>(id: &str) -> Result<T, Fault> {
    let found = document()?.get_element_by_id(id).ok_or_else(|| Fault::new(format!("the page has no #{id}")))?;
    found.dyn_into().map_err(|_| Fault::new(format!("#{id} is another kind of element")))
}

/// A copy of the one element in a template.
pub(crate) fn copy(template: &str) -> Result<HtmlElement, Fault> {
    let template: HtmlTemplateElement = element(template)?;
    let first = template.content().first_element_child().ok_or_else(|| Fault::new("the template is empty"))?;
    first.clone_node_with_deep(true)?.dyn_into().map_err(|_| Fault::new("the template has no HTML element"))
}

/// Fills the part of an element that is named `data-slot`.
pub(crate) fn fill(element: &Element, slot: &str, text: &str) -> Result<(), Fault> {
    let part = part(element, slot)?;
    set_text(&part, text);
    Ok(())
}

/// The part of an element that is named `data-slot`.
pub(crate) fn part(element: &Element, slot: &str) -> Result<HtmlElement, Fault> {
    let found = element.query_selector(&format!("[data-slot={slot}]"))?;
    let found = found.ok_or_else(|| Fault::new(format!("there is no part {slot}")))?;
    found.dyn_into().map_err(|_| Fault::new(format!("the part {slot} is not HTML")))
}

/// Sets the text of an element, where it differs: an unchanged one keeps the
/// tester's selection and is not announced again.
pub(crate) fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets the text of an element by ID, and hides it where there is none.
pub(crate) fn say(id: &str, text: &str) -> Result<(), Fault> {
    let element: HtmlElement = element(id)?;
    set_text(&element, text);
    element.set_hidden(text.is_empty());
    Ok(())
}

/// Hides or shows an element by ID.
pub(crate) fn show(id: &str, is_shown: bool) -> Result<(), Fault> {
    element::<HtmlElement>(id)?.set_hidden(!is_shown);
    Ok(())
}

/// Writes into a text field, unless the tester is in it.
pub(crate) fn write(id: &str, text: &str) -> Result<(), Fault> {
    let input: HtmlInputElement = element(id)?;
    let is_in_use = document()?.active_element().is_some_and(|active| active.id() == id);
    if !is_in_use && input.value() != text {
        input.set_value(text);
    }
    Ok(())
}

/// A parameter of the page's own address.
pub(crate) fn parameter(name: &str) -> Result<Option<String>, Fault> {
    let search = window()?.location().search()?;
    let mut pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.find(|(key, _)| *key == name).map(|(_, value)| value);
    Ok(value.and_then(|value| js_sys::decode_uri_component(value).ok()).map(String::from))
}

/// The time zone's offset in minutes.
#[expect(clippy::cast_possible_truncation, reason = "a time zone is within a day")]
pub(crate) fn offset_minutes() -> i32 {
    js_sys::Date::new_0().get_timezone_offset() as i32
}
