//! The panel: the starts of one tab as a list, and one of them in detail. The
//! same page is the DevTools panel and, with `?tab=7`, a tab of its own.

use std::cell::RefCell;

use gloo_storage::{LocalStorage, Storage};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::popup::severity_name;
use super::stored;
use crate::browser::listener::on;
use crate::browser::{Fault, chrome, page};
use crate::message::FromScreen;
use crate::session::record::{Record, RecordId};
use crate::session::site::Site;
use crate::view::panel::{Appearance, AttributeRow, BodyView, Detail, Row};
use crate::wire::Wire;

/// Under this name the panel remembers whether values are shown.
const SHOWS_VALUES: &str = "showsValues";

#[derive(Default)]
struct Panel {
    tab: i64,
    records: Vec<Record>,
    selected: Option<RecordId>,
    look: Appearance,
    /// What the detail shows, so that it is not built again for nothing: a
    /// tester may be selecting text in it.
    shown: Option<Detail>,
}

thread_local! {
    static PANEL: RefCell<Panel> = RefCell::new(Panel::default());
}

/// Shows the panel, about the tab that DevTools inspects or that the page's
/// address names, by `?tab=7` or `?site=https://shop.example`.
#[wasm_bindgen]
pub async fn panel() -> Result<(), JsValue> {
    let tab = tab().await?;
    let look = Appearance {
        shows_values: LocalStorage::get(SHOWS_VALUES).is_ok_and(|kept: Value| kept == Value::Bool(true)),
        offset_minutes: page::offset_minutes(),
    };
    PANEL.with_borrow_mut(|panel| (panel.tab, panel.look) = (tab, look));
    listen()?;
    read().await?;
    chrome::on_storage(|| spawn_local(async { report(read().await) }));
    Ok(())
}

async fn tab() -> Result<i64, Fault> {
    if let Some(tab) = chrome::inspected_tab() {
        return Ok(tab);
    }
    let named = page::parameter("tab")?.and_then(|tab| tab.parse().ok());
    let site = page::parameter("site")?.and_then(|site| Site::of_url(&site));
    match (named, site) {
        (Some(tab), _) => Ok(tab),
        (None, Some(site)) => chrome::tab_showing(&site.pattern()).await,
        (None, None) => Err(Fault::new("this page needs a tab to show: open it from the popup")),
    }
}

fn listen() -> Result<(), Fault> {
    on(&page::element::<HtmlElement>("show-values")?.into(), "click", |_| {
        PANEL.with_borrow_mut(|panel| {
            panel.look.shows_values = !panel.look.shows_values;
            // A browser that keeps nothing still shows what was asked for.
            let _ = LocalStorage::set(SHOWS_VALUES, Value::Bool(panel.look.shows_values));
        });
        report(render());
    })?;
    on(&page::element::<HtmlElement>("clear")?.into(), "click", |_| {
        let tab = PANEL.with_borrow(|panel| panel.tab);
        spawn_local(async move { report(clear(tab).await) });
    })?;
    let list: HtmlElement = page::element("starts")?;
    on(&list.clone().into(), "click", |event| {
        let row = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(row) = row.and_then(|target| target.closest("[data-id]").ok().flatten()) {
            select(row.get_attribute("data-id").map(RecordId));
        }
    })?;
    on(&list.into(), "keydown", |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else {
            return;
        };
        if let Some(id) = PANEL.with_borrow(|panel| panel.neighbour(&key)) {
            event.prevent_default();
            select(Some(id));
            report(focus_selected());
        }
    })
}

async fn clear(tab: i64) -> Result<(), Fault> {
    chrome::tell_background(&FromScreen::Clear { tab }.to_text()).await?;
    read().await
}

fn select(id: Option<RecordId>) {
    PANEL.with_borrow_mut(|panel| panel.selected = id);
    report(render());
}

impl Panel {
    /// The record that a key moves to from the selected one.
    fn neighbour(&self, key: &str) -> Option<RecordId> {
        let last = self.records.len().checked_sub(1)?;
        let at = self.records.iter().position(|record| Some(&record.id) == self.selected.as_ref());
        let to = match (key, at) {
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
    let records = stored::records_of_tab(tab).await?;
    PANEL.with_borrow_mut(|panel| {
        let follows_newest =
            panel.selected.is_none() || panel.selected == panel.records.last().map(|last| last.id.clone());
        let is_gone = !records.iter().any(|record| Some(&record.id) == panel.selected.as_ref());
        if follows_newest || is_gone {
            panel.selected = records.last().map(|last| last.id.clone());
        }
        panel.records = records;
    });
    render()
}

fn render() -> Result<(), Fault> {
    PANEL.with_borrow_mut(|panel| {
        let shows_values: HtmlElement = page::element("show-values")?;
        shows_values.set_attribute("aria-pressed", if panel.look.shows_values { "true" } else { "false" })?;
        page::show("empty", panel.records.is_empty())?;
        page::show("list", !panel.records.is_empty())?;
        page::element::<HtmlElement>("clear")?.toggle_attribute_with_force("disabled", panel.records.is_empty())?;
        let count = match panel.records.len() {
            0 => String::new(),
            1 => "1 start".to_owned(),
            count => format!("{count} starts"),
        };
        page::set_text(&page::element::<Element>("count")?, &count);
        show_rows(panel)?;
        let selected = panel.records.iter().find(|record| Some(&record.id) == panel.selected.as_ref());
        let detail = selected.map(|record| Detail::of(record, panel.look));
        if detail != panel.shown {
            show_detail(detail.as_ref())?;
            panel.shown = detail;
        }
        Ok(())
    })
}

/// Brings the list's rows in line with the records; rows that stay keep their
/// element, and so the keyboard focus.
fn show_rows(panel: &Panel) -> Result<(), Fault> {
    let list: HtmlElement = page::element("starts")?;
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
                let element: Element = page::copy("start-row")?.into();
                element.set_attribute("data-id", &row.id.0)?;
                list.append_child(&element)?;
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
    let list: HtmlElement = page::element("starts")?;
    if let Some(row) = list.query_selector("[aria-selected=true]")? {
        row.unchecked_into::<HtmlElement>().focus()?;
    }
    Ok(())
}

fn show_detail(detail: Option<&Detail>) -> Result<(), Fault> {
    page::show("detail", detail.is_some())?;
    let Some(detail) = detail else {
        return Ok(());
    };
    page::set_text(&page::element::<Element>("request")?, &detail.request);
    page::set_text(&page::element::<Element>("delivery")?, &detail.delivery);
    let result: HtmlElement = page::element("result")?;
    page::set_text(&result, &detail.result.0);
    result.set_attribute("data-severity", severity_name(detail.result.1))?;
    show_facts(&detail.facts)?;
    show_findings(detail)?;
    show_attributes(detail)?;
    show_body("before", &detail.before)?;
    show_body("after", &detail.after)?;
    show_body("answer", &detail.answer)
}

fn show_facts(facts: &[(String, String)]) -> Result<(), Fault> {
    refill("facts", facts, |(name, value)| {
        let fact = page::copy("fact")?;
        page::fill(&fact, "name", name)?;
        page::fill(&fact, "value", value)?;
        Ok(fact)
    })
}

fn show_findings(detail: &Detail) -> Result<(), Fault> {
    page::show("no-findings", detail.findings.is_empty())?;
    refill("findings", &detail.findings, |finding| {
        let element = page::copy("finding")?;
        element.set_attribute("data-severity", severity_name(finding.severity))?;
        element.set_attribute("data-finding", &finding.id)?;
        page::fill(&element, "severity", severity_name(finding.severity))?;
        page::fill(&element, "sentence", &finding.sentence)?;
        page::fill(&element, "cause", &finding.cause)?;
        page::fill(&element, "remedy", &finding.remedy)?;
        Ok(element)
    })
}

fn show_attributes(detail: &Detail) -> Result<(), Fault> {
    page::say("attributes-note", &detail.attributes_note)?;
    page::show("attributes", !detail.attributes.is_empty())?;
    refill("attribute-rows", &detail.attributes, |row: &AttributeRow| {
        let element = page::copy("attribute-row")?;
        page::fill(&element, "key", &row.key)?;
        page::part(&element, "crm-id")?.set_hidden(!row.is_crm_id);
        page::fill(&element, "before", row.before.as_deref().unwrap_or("—"))?;
        page::fill(&element, "after", row.after.as_deref().unwrap_or("—"))?;
        element.set_attribute("data-changed", if row.is_changed { "yes" } else { "no" })?;
        Ok(element)
    })
}

fn show_body(name: &str, body: &BodyView) -> Result<(), Fault> {
    page::say(&format!("{name}-label"), &body.label)?;
    page::say(&format!("{name}-note"), &body.note)?;
    page::show(&format!("{name}-body"), !body.parts.is_empty())?;
    refill(&format!("{name}-body"), &body.parts, |part| {
        let element = page::copy(if part.is_changed { "changed-part" } else { "part" })?;
        page::set_text(&element, &part.text);
        Ok(element)
    })
}

/// Fills an element with one new element for each item.
fn refill<T>(id: &str, items: &[T], make: impl Fn(&T) -> Result<HtmlElement, Fault>) -> Result<(), Fault> {
    let parent: HtmlElement = page::element(id)?;
    parent.set_text_content(None);
    for item in items {
        parent.append_child(&make(item)?.into())?;
    }
    Ok(())
}

fn report(result: Result<(), Fault>) {
    if let Err(fault) = result {
        // Where even this fails there is no page any more to say it on.
        let _ = page::say("fault", &format!("Something went wrong: {fault}"));
    }
}
