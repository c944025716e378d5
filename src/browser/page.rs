//! The elements of one of the extension's own pages: found by ID, filled with
//! text, copied from `<template>`s. Text is never parsed as HTML.

use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, HtmlElement, HtmlInputElement, HtmlTemplateElement, HtmlTextAreaElement, UrlSearchParams, Window,
};

use super::Fault;

/// An element by its ID.
pub(crate) fn element(id: &str) -> Result<HtmlElement, Fault> {
    cast(document()?.get_element_by_id(id), id)
}

/// Sets the text of an element, where it differs: an unchanged one keeps the
/// tester's selection and is not announced again.
pub(crate) fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Says a sentence of ours in an element: what stands between two backticks is code. In a text with an odd one it may be
/// a name with a backtick in it, and so nothing is.
pub(crate) fn prose(element: &Element, sentence: &str) -> Result<(), Fault> {
    let parts: Vec<_> = sentence.split('`').collect();
    if parts.len() % 2 == 0 {
        set_text(element, sentence);
    } else if element.text_content().as_deref() != Some(parts.concat().as_str()) {
        element.set_text_content(None);
        for (place, part) in parts.into_iter().enumerate() {
            let kind = if place % 2 == 0 { "span" } else { "code" };
            let piece = document()?.create_element(kind)?;
            piece.set_text_content(Some(part));
            element.append_child(&piece)?;
        }
    }
    Ok(())
}

/// Sets the text of an element by ID.
pub(crate) fn text(id: &str, text: &str) -> Result<(), Fault> {
    let element = element(id)?;
    set_text(&element, text);
    Ok(())
}

/// Says a sentence in an element by ID, and hides it where there is none.
pub(crate) fn say(id: &str, sentence: &str) -> Result<(), Fault> {
    let element = element(id)?;
    prose(&element, sentence)?;
    element.set_hidden(sentence.is_empty());
    Ok(())
}

/// Hides or shows an element by ID.
pub(crate) fn show(id: &str, is_shown: bool) -> Result<(), Fault> {
    element(id)?.set_hidden(!is_shown);
    Ok(())
}

/// Sets an attribute of an element by ID.
pub(crate) fn mark(id: &str, attribute: &str, value: &str) -> Result<(), Fault> {
    element(id)?.set_attribute(attribute, value)?;
    Ok(())
}

/// A text field, or another kind of input, by its ID.
pub(crate) fn input(id: &str) -> Result<HtmlInputElement, Fault> {
    cast(Some(element(id)?), id)
}

/// A text field of several lines by its ID.
pub(crate) fn text_area(id: &str) -> Result<HtmlTextAreaElement, Fault> {
    cast(Some(element(id)?), id)
}

/// Writes into a text field, unless the tester is in it.
pub(crate) fn write(id: &str, text: &str) -> Result<(), Fault> {
    let input = input(id)?;
    let is_in_use = document()?.active_element().is_some_and(|active| active.id() == id);
    if !is_in_use && input.value() != text {
        input.set_value(text);
    }
    Ok(())
}

/// Takes all out of an element by ID, to be filled again by [`copy_into`].
pub(crate) fn emptied(id: &str) -> Result<HtmlElement, Fault> {
    let element = element(id)?;
    element.set_text_content(None);
    Ok(element)
}

/// A copy of the one element in a template, as the last one of its parent.
pub(crate) fn copy_into(parent: &HtmlElement, template: &str) -> Result<HtmlElement, Fault> {
    let content = cast::<HtmlTemplateElement>(Some(element(template)?), template)?.content();
    let Some(first) = content.first_element_child() else {
        return Err(missing(template));
    };
    let copy = first.clone_node_with_deep(true)?;
    parent.append_child(&copy)?;
    cast(Some(copy), template)
}

/// The part of an element that is named `data-slot`.
pub(crate) fn part(element: &Element, slot: &str) -> Result<HtmlElement, Fault> {
    cast(element.query_selector(&format!("[data-slot={slot}]"))?, slot)
}

/// Fills the part of an element that is named `data-slot`.
pub(crate) fn fill(element: &Element, slot: &str, text: &str) -> Result<(), Fault> {
    let part = part(element, slot)?;
    set_text(&part, text);
    Ok(())
}

/// Says a sentence in the part of an element that is named `data-slot`.
pub(crate) fn tell(element: &Element, slot: &str, sentence: &str) -> Result<(), Fault> {
    let part = part(element, slot)?;
    prose(&part, sentence)
}

/// A parameter of the page's own address.
pub(crate) fn parameter(name: &str) -> Result<Option<String>, Fault> {
    Ok(UrlSearchParams::new_with_str(&window()?.location().search()?)?.get(name))
}

/// The time zone's offset in minutes.
#[expect(clippy::cast_possible_truncation, reason = "a time zone is within a day")]
pub(crate) fn offset_minutes() -> i32 {
    js_sys::Date::new_0().get_timezone_offset() as i32
}

fn window() -> Result<Window, Fault> {
    web_sys::window().ok_or_else(|| Fault::new("there is no window here"))
}

fn document() -> Result<Document, Fault> {
    window()?.document().ok_or_else(|| Fault::new("there is no document here"))
}

fn cast<T: JsCast>(found: Option<impl JsCast>, name: &str) -> Result<T, Fault> {
    found.and_then(|found| found.dyn_into().ok()).ok_or_else(|| missing(name))
}

#[cold]
fn missing(name: &str) -> Fault {
    Fault::new(format!("the page has no {name} of the right kind"))
}
