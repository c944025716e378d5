//! The panel: the starts of one tab as a list, and one of them in detail. The
//! same page is the DevTools panel and, with `?tab=7`, a tab of its own.

use std::cell::RefCell;

use gloo_storage::{LocalStorage, Storage};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, KeyboardEvent};

use super::screen::{follow, named_tab, report, report_any, severity_name};
use super::stored::Stored;
use crate::browser::listener::on;
use crate::browser::task::{promise, run, text_of};
use crate::browser::{Fault, chrome, page};
use crate::message::{FromScreen, Reply};
use crate::session::record::{Record, RecordId};
use crate::start::finding::named;
use crate::view::panel::{Appearance, BodyView, Detail, Row};
use crate::view::text;
use crate::view::words::Words;
use crate::wire::Wire;

/// Under this name the panel remembers whether values are shown.
const SHOWS_VALUES: &str = "showsValues";

/// That they are.
const YES: &str = "true";

struct Panel {
    tab: i64,
    records: Vec<Record>,
    selected: Option<RecordId>,
    look: Appearance,
    /// What the detail shows, as it is stored, and how, so that it is not built again for
    /// nothing: a tester may be selecting text in it.
    shown: Option<(String, Appearance)>,
    words: Words,
}

thread_local! {
    static PANEL: RefCell<Panel> = const { RefCell::new(Panel::NEW) };
}

/// Shows the panel, about the tab that DevTools inspects or that the page's
/// address names, by `?tab=7` or `?site=https://shop.example`. `words` gives
/// the text of `words.json`.
#[wasm_bindgen]
pub fn panel(words: Promise) -> Promise {
    promise(Box::pin(open(words)))
}

async fn open(words: Promise) -> Result<(), Fault> {
    let tab = match chrome::inspected_tab() {
        Some(tab) => tab,
        None => match named_tab().await {
            Ok(Some(tab)) => tab,
            Ok(None) => return page::say("fault", "This page needs a tab to show: open it from the popup."),
            Err(why) => return page::say("fault", &why.to_string()),
        },
    };
    let look = Appearance {
        shows_values: LocalStorage::raw().get_item(SHOWS_VALUES).is_ok_and(|kept| kept.as_deref() == Some(YES)),
        offset_minutes: page::offset_minutes(),
    };
    let words = Words::new(text_of(words).await?);
    PANEL.with_borrow_mut(|panel| (panel.tab, panel.look, panel.words) = (tab, look, words));
    listen()?;
    read().await?;
    look_for_relay().await?;
    chrome::on_storage(|| follow(|| Box::pin(read())));
    Ok(())
}

fn listen() -> Result<(), Fault> {
    on("show-values", "click", |_| {
        PANEL.with_borrow_mut(|panel| {
            panel.look.shows_values = !panel.look.shows_values;
            // A browser that keeps nothing still shows what was asked for.
            let _ = LocalStorage::raw().set_item(SHOWS_VALUES, if panel.look.shows_values { YES } else { "false" });
        });
        report_any(render());
    })?;
    // The page may have been reloaded since the tester last looked.
    on("panel", "pointerenter", |_| run(Box::pin(look_for_relay()), report))?;
    on("clear", "click", |_| run(Box::pin(clear()), report))?;
    on("starts", "click", |event| select(named_by(&event, "data-id").map(RecordId)))?;
    on("findings", "click", |event| report_any(show_attribute(&event)))?;
    on("starts", "keydown", |event| {
        let key = event.dyn_ref().map(KeyboardEvent::key).unwrap_or_default();
        if let Some(id) = PANEL.with_borrow(|panel| panel.neighbour(&key)) {
            event.prevent_default();
            select(Some(id));
            report_any(focus_selected());
        }
    })
}

/// What the clicked element, or one around it, has under such a name.
fn named_by(event: &Event, name: &str) -> Option<String> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest(&format!("[{name}]")).ok()??;
    element.get_attribute(name)
}

/// Marks the row of the attribute that a finding is about, and goes there.
fn show_attribute(event: &Event) -> Result<(), Fault> {
    let Some(wanted) = named_by(event, "data-attribute") else {
        return Ok(());
    };
    let mut next = page::element("attribute-rows")?.first_element_child();
    while let Some(row) = next {
        let is_meant = row.get_attribute("data-key").as_ref() == Some(&wanted);
        row.set_attribute("aria-current", if is_meant { YES } else { "false" })?;
        next = row.next_element_sibling();
        if is_meant {
            row.unchecked_into::<web_sys::HtmlElement>().focus()?;
        }
    }
    Ok(())
}

async fn clear() -> Result<(), Fault> {
    let tab = PANEL.with_borrow(|panel| panel.tab);
    tell(FromScreen::Clear { tab }, "fault").await?;
    read().await
}

/// Says where the tab's page is not covered.
async fn look_for_relay() -> Result<(), Fault> {
    let tab = PANEL.with_borrow(|panel| panel.tab);
    tell(FromScreen::FindRelay { tab }, "coverage").await
}

/// Tells the background something, and says where it refuses why.
async fn tell(message: FromScreen, place: &'static str) -> Result<(), Fault> {
    let answer = chrome::tell_background(&message.to_text()).await?;
    match Reply::from_text(&answer) {
        Ok(Reply::Refused { why }) => page::say(place, &why),
        Ok(Reply::Done) | Err(_) => page::say(place, ""),
    }
}

fn select(id: Option<RecordId>) {
    if id.is_some() {
        PANEL.with_borrow_mut(|panel| panel.selected = id);
        report_any(render());
    }
}

impl Panel {
    /// A constant, so that nothing must see to it at its first use.
    const NEW: Self = Self {
        tab: -1,
        records: Vec::new(),
        selected: None,
        look: Appearance { shows_values: false, offset_minutes: 0 },
        shown: None,
        words: Words::new(String::new()),
    };

    /// Takes new records. Who looks at the newest one goes on to look at it.
    fn take(&mut self, records: Vec<Record>) {
        let follows_newest = self.selected.is_none() || self.place() == self.records.len().checked_sub(1);
        self.records = records;
        if follows_newest || self.place().is_none() {
            self.selected = self.records.last().map(|last| last.id.clone());
        }
    }

    /// The place of the selected record.
    fn place(&self) -> Option<usize> {
        self.records.iter().position(|record| Some(&record.id) == self.selected.as_ref())
    }

    fn show(&mut self) -> Result<(), Fault> {
        let is_empty = self.records.is_empty();
        page::mark("show-values", "aria-pressed", if self.look.shows_values { "true" } else { "false" })?;
        page::show("empty", is_empty)?;
        page::show("list", !is_empty)?;
        page::element("clear")?.toggle_attribute_with_force("disabled", is_empty)?;
        let count = match self.records.iter().filter(|record| record.is_start()).count() {
            0 => String::new(),
            1 => "1 start".to_owned(),
            count => format!("{count} starts"),
        };
        page::text("count", &count)?;
        show_rows(self)?;
        let selected = self.place().map(|place| &self.records[place]);
        let shown = selected.map(|record| (record.to_text(), self.look));
        if shown != self.shown {
            let detail = selected.map(|record| Detail::of(record, self.look));
            show_detail(detail.as_ref(), &self.words)?;
            self.shown = shown;
        }
        Ok(())
    }

    /// The record that a key moves to from the selected one.
    fn neighbour(&self, key: &str) -> Option<RecordId> {
        let last = self.records.len().checked_sub(1)?;
        let to = match (key, self.place()) {
            ("ArrowDown", Some(at)) => (at + 1).min(last),
            ("ArrowUp", Some(at)) => at.saturating_sub(1),
            ("Home", _) | ("ArrowDown", None) => 0,
            ("End", _) | ("ArrowUp", None) => last,
            _ => return None,
        };
        Some(self.records[to].id.clone())
    }
}

async fn read() -> Result<(), Fault> {
    let tab = PANEL.with_borrow(|panel| panel.tab);
    let stored = Stored::read().await?;
    page::say("uncovered", &text::uncovered(&stored.uncovered_of_tab(tab)))?;
    PANEL.with_borrow_mut(|panel| panel.take(stored.records_of_tab(tab)));
    render()
}

fn render() -> Result<(), Fault> {
    PANEL.with_borrow_mut(Panel::show)
}

/// Brings the list's rows in line with the records; rows that stay keep their
/// element, and so the keyboard focus.
fn show_rows(panel: &Panel) -> Result<(), Fault> {
    let list = page::element("starts")?;
    let mut next = list.first_element_child();
    for record in &panel.records {
        let row = Row::of(record, panel.look);
        while let Some(stale) = next.clone().filter(|element| !is_of(element, &panel.records)) {
            next = stale.next_element_sibling();
            stale.remove();
        }
        let element = match next.take() {
            Some(element) => element,
            None => {
                let element: Element = page::copy_into(&list, "start-row")?.into();
                element.set_attribute("data-id", &row.id.0)?;
                element
            }
        };
        next = element.next_element_sibling();
        show_row(&element, &row, panel.selected.as_ref() == Some(&row.id))?;
    }
    while let Some(stale) = next {
        next = stale.next_element_sibling();
        stale.remove();
    }
    Ok(())
}

fn is_of(element: &Element, records: &[Record]) -> bool {
    let id = element.get_attribute("data-id");
    records.iter().any(|record| Some(record.id.0.as_str()) == id.as_deref())
}

fn show_row(element: &Element, row: &Row, is_selected: bool) -> Result<(), Fault> {
    page::fill(element, "time", &row.time)?;
    page::fill(element, "vendor", &row.vendor)?;
    page::fill(element, "before", &row.before)?;
    page::fill(element, "after", row.after.as_deref().unwrap_or_default())?;
    page::part(element, "arrow")?.set_hidden(row.after.is_none());
    page::fill(element, "status", &row.status)?;
    page::part(element, "status")?.set_attribute("data-severity", severity_name(row.severity))?;
    element.set_attribute("aria-selected", if is_selected { "true" } else { "false" })?;
    element.set_attribute("tabindex", if is_selected { "0" } else { "-1" })?;
    Ok(())
}

fn focus_selected() -> Result<(), Fault> {
    let list = page::element("starts")?;
    if let Some(row) = list.query_selector("[aria-selected=true]")? {
        row.unchecked_into::<web_sys::HtmlElement>().focus()?;
    }
    Ok(())
}

fn show_detail(detail: Option<&Detail>, words: &Words) -> Result<(), Fault> {
    page::show("detail", detail.is_some())?;
    let Some(detail) = detail else {
        return Ok(());
    };
    page::text("request", &detail.request)?;
    page::say("delivery", &detail.delivery)?;
    page::text("result", &detail.result.0)?;
    page::mark("result", "data-severity", severity_name(detail.result.1))?;
    show_facts(&detail.facts)?;
    show_findings(detail, words)?;
    show_attributes(detail)?;
    show_body(&["before-label", "before-note", "before-body"], &detail.before)?;
    show_body(&["after-label", "after-note", "after-body"], &detail.after)?;
    show_body(&["answer-label", "answer-note", "answer-body"], &detail.answer)
}

fn show_facts(facts: &[(String, String)]) -> Result<(), Fault> {
    let list = page::emptied("facts")?;
    for (name, value) in facts {
        let fact = page::copy_into(&list, "fact")?;
        page::fill(&fact, "name", name)?;
        page::fill(&fact, "value", value)?;
    }
    Ok(())
}

fn show_findings(detail: &Detail, words: &Words) -> Result<(), Fault> {
    page::show("no-findings", detail.findings.is_empty())?;
    let list = page::emptied("findings")?;
    for finding in &detail.findings {
        let severity = severity_name(finding.severity);
        let element = page::copy_into(&list, "finding")?;
        element.set_attribute("data-severity", severity)?;
        element.set_attribute("data-finding", &finding.id)?;
        page::fill(&element, "severity", severity)?;
        page::tell(&element, "sentence", &finding.sentence)?;
        let (cause, remedy) = words.of(finding);
        page::tell(&element, "cause", &cause)?;
        page::tell(&element, "remedy", &remedy)?;
        if let Some(key) = detail.link_of(finding) {
            let link = page::part(&element, "link")?;
            link.set_attribute("data-attribute", key)?;
            link.set_hidden(false);
            page::prose(&link, &format!("Show {}", named(key)))?;
        }
    }
    Ok(())
}

fn show_attributes(detail: &Detail) -> Result<(), Fault> {
    page::say("attributes-note", &detail.attributes_note)?;
    page::show("attributes", !detail.attributes.is_empty())?;
    let list = page::emptied("attribute-rows")?;
    for row in &detail.attributes {
        let element = page::copy_into(&list, "attribute-row")?;
        page::fill(&element, "key", &row.key)?;
        element.set_attribute("data-key", &row.key)?;
        page::part(&element, "crm-id")?.set_hidden(!row.is_crm_id);
        page::fill(&element, "before", row.before.as_deref().unwrap_or("—"))?;
        page::fill(&element, "after", row.after.as_deref().unwrap_or("—"))?;
        element.set_attribute("data-changed", if row.is_changed { "yes" } else { "no" })?;
    }
    Ok(())
}

/// Shows a body by the IDs of its label, its note and its text.
fn show_body([label, note, text]: &[&str; 3], body: &BodyView) -> Result<(), Fault> {
    page::say(label, &body.label)?;
    page::say(note, &body.note)?;
    page::show(text, !body.parts.is_empty())?;
    let text = page::emptied(text)?;
    for part in &body.parts {
        let element = page::copy_into(&text, if part.is_changed { "changed-part" } else { "part" })?;
        page::set_text(&element, &part.text);
    }
    Ok(())
}
