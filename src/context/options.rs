//! The options page: lists profiles, and takes a tester's own.

use std::cell::RefCell;

use js_sys::{JSON, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement};

use super::screen::{follow, report, report_any};
use super::stored::{self, Stored};
use crate::browser::listener::on;
use crate::browser::task::{promise, run};
use crate::browser::{Fault, chrome, page};
use crate::message::{FromScreen, Reply};
use crate::start::profile::VendorFile;
use crate::view::options::{OptionsView, VendorRow};
use crate::wire::Wire;

#[derive(Clone, Copy)]
enum List {
    Own,
    BuiltIn,
}

/// What a click took away, and "Undo" brings back.
enum Undo {
    /// A file that was removed, and its place; or that was replaced, and keeps its place.
    Add(String, Option<u32>),
    /// What stood in the editor.
    Write(String),
}

thread_local! {
    /// None where nothing was taken away since.
    static UNDO: RefCell<Option<Undo>> = const { RefCell::new(None) };
    static OWN: RefCell<Vec<VendorFile>> = const { RefCell::new(Vec::new()) };
    static BUILT_IN: RefCell<Vec<VendorFile>> = const { RefCell::new(Vec::new()) };
}

/// Shows the options page; `baked` gives the text of `baked.json`.
#[wasm_bindgen]
pub fn options(baked: Promise) -> Promise {
    promise(Box::pin(open(baked)))
}

async fn open(baked: Promise) -> Result<(), Fault> {
    BUILT_IN.set(stored::vendor_files(baked).await?);
    on("save", "click", |_| run(Box::pin(save()), report))?;
    on("undo", "click", |_| run(Box::pin(undo()), report))?;
    on("own", "click", |event| act_on(&event, List::Own))?;
    on("built-in", "click", |event| act_on(&event, List::BuiltIn))?;
    render().await?;
    chrome::on_storage(|| follow(|| Box::pin(render())));
    Ok(())
}

/// A click on one of a row's buttons.
fn act_on(event: &Event, list: List) {
    let Some(button) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let row = button.closest("[data-vendor]").ok().flatten();
    let Some(vendor) = row.and_then(|row| row.get_attribute("data-vendor")) else {
        return;
    };
    match button.get_attribute("data-slot").as_deref() {
        Some("edit") => report_any(indented(&text_of(list, &vendor)).and_then(|text| edit(&text))),
        Some("remove") => run(Box::pin(remove(vendor)), report),
        _ => {}
    }
}

/// A vendor's file, as it is written.
fn text_of(list: List, vendor: &str) -> String {
    let files = match list {
        List::Own => &OWN,
        List::BuiltIn => &BUILT_IN,
    };
    files.with_borrow(|files| {
        files.iter().find(|file| file.vendor.vendor == vendor).map(|file| file.text.clone()).unwrap_or_default()
    })
}

/// Puts a text into the editor.
fn edit(text: &str) -> Result<(), Fault> {
    let editor = page::text_area("profile")?;
    let before = editor.value();
    editor.set_value(text);
    refuse("")?;
    if !before.trim().is_empty() && before != text {
        page::say("saved", "What stood in the editor was replaced.")?;
        offer(Some(Undo::Write(before)))?;
    } else if UNDO.with_borrow(Option::is_none) {
        page::say("saved", "")?;
    }
    // A text is read from its beginning.
    editor.set_selection_range(0, 0)?;
    editor.focus()?;
    editor.set_scroll_top(0);
    editor.scroll_into_view();
    Ok(())
}

async fn remove(vendor: String) -> Result<(), Fault> {
    let undo = Undo::Add(text_of(List::Own, &vendor), place_of(&vendor));
    if tell(FromScreen::RemoveVendor { vendor }, "Removed.").await? {
        offer(Some(undo))?;
        page::element("undo")?.focus()?;
    }
    Ok(())
}

/// The place of one of the tester's own files.
fn place_of(vendor: &str) -> Option<u32> {
    let place = OWN.with_borrow(|own| own.iter().position(|file| file.vendor.vendor == vendor));
    u32::try_from(place?).ok()
}

async fn undo() -> Result<(), Fault> {
    let done = "It is back.";
    let added = UNDO.with_borrow(|undo| match undo {
        Some(Undo::Add(text, place)) => Some((text.clone(), *place)),
        Some(Undo::Write(_)) | None => None,
    });
    // It is offered until it is done.
    if let Some((text, place)) = added {
        tell(FromScreen::AddVendor { text, place }, done).await?;
    } else if let Some(Undo::Write(text)) = UNDO.take() {
        edit(&text)?;
        page::say("saved", done)?;
        offer(None)?;
    }
    // The button that was clicked may be hidden now.
    Ok(page::element("profile")?.focus()?)
}

/// Offers to take back what was just done, or nothing.
fn offer(undo: Option<Undo>) -> Result<(), Fault> {
    page::show("undo", undo.is_some())?;
    UNDO.set(undo);
    Ok(())
}

/// A tester's own file stays as it was written where it has lines of its own.
fn indented(text: &str) -> Result<String, Fault> {
    if text.contains('\n') {
        return Ok(text.to_owned());
    }
    let indented = JSON::stringify_with_replacer_and_space(&JSON::parse(text)?, &JsValue::NULL, &JsValue::from(2))?;
    Ok(indented.into())
}

async fn save() -> Result<(), Fault> {
    let text = page::text_area("profile")?.value();
    let before = OWN.with_borrow(Clone::clone);
    let message = FromScreen::AddVendor { text, place: None };
    if tell(message, "Saved. It counts from the next page load on.").await? {
        let replaced = before.into_iter().find(|file| {
            let now = text_of(List::Own, &file.vendor.vendor);
            !now.is_empty() && now != file.text
        });
        offer(replaced.map(|file| Undo::Add(file.text, None)))?;
    }
    Ok(())
}

/// Tells the background something; gives whether it was done, and says that or why it was not.
async fn tell(message: FromScreen, done: &str) -> Result<bool, Fault> {
    if UNDO.with_borrow(Option::is_none) {
        page::say("saved", "")?;
    }
    let reply = Reply::from_text(&chrome::tell_background(&message.to_text()).await?);
    let (why, is_done) = match reply {
        Ok(Reply::Done) => (String::new(), true),
        Ok(Reply::Refused { why }) => (why, false),
        Err(_) => ("Callsign's background could not do it; reload the extension".to_owned(), false),
    };
    refuse(&why)?;
    if is_done {
        render().await?;
        page::say("saved", done)?;
        offer(None)?;
    }
    Ok(is_done)
}

/// Says why a file is not taken, a line each.
fn refuse(why: &str) -> Result<(), Fault> {
    let list = page::emptied("wrong")?;
    for line in why.lines() {
        let row = page::copy_into(&list, "wrong-row")?;
        page::prose(&row, line)?;
    }
    page::show("refused", !why.is_empty())?;
    page::mark("profile", "aria-invalid", if why.is_empty() { "false" } else { "true" })
}

async fn render() -> Result<(), Fault> {
    let own = Stored::read().await?.settings().own_vendors;
    let view = BUILT_IN.with_borrow(|built_in| OptionsView::of(&own, built_in));
    OWN.set(own);
    page::show("no-own", view.own.is_empty())?;
    show("own", &view.own, true)?;
    show("built-in", &view.built_in, false)
}

fn show(id: &str, rows: &[VendorRow], is_own: bool) -> Result<(), Fault> {
    let list = page::emptied(id)?;
    for row in rows {
        let element = page::copy_into(&list, "vendor-row")?;
        element.set_attribute("data-vendor", &row.vendor)?;
        page::fill(&element, "vendor", &row.vendor)?;
        let buttons: [(&str, &str); 2] =
            [("edit", if is_own { "Edit" } else { "Copy into the editor" }), ("remove", "Remove")];
        for (slot, text) in buttons {
            let button = page::part(&element, slot)?;
            page::set_text(&button, text);
            button.set_attribute("aria-label", &format!("{text}: {}", row.vendor))?;
            button.set_hidden(slot == "remove" && !is_own);
        }
        fill(&page::part(&element, "profiles")?, row)?;
    }
    Ok(())
}

fn fill(list: &HtmlElement, row: &VendorRow) -> Result<(), Fault> {
    for profile in &row.profiles {
        let element = page::copy_into(list, "profile-row")?;
        let texts = [
            ("name", profile.name.as_str()),
            ("id", &profile.id),
            ("way", &profile.way),
            ("key", &profile.crm_key),
            ("remark", profile.remark),
        ];
        for (slot, text) in texts {
            page::fill(&element, slot, text)?;
        }
    }
    Ok(())
}
