//! The popup: shows its view, and tells the background what the tester sets.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::stored;
use crate::browser::listener::on;
use crate::browser::{Fault, chrome, page};
use crate::message::{FromScreen, Reply};
use crate::session::policy::Mode;
use crate::session::site::Site;
use crate::start::finding::Severity;
use crate::view::popup::{LastStart, PopupState, PopupView, SiteState, attribute_note, crm_id_note};
use crate::wire::Wire;

thread_local! {
    /// The tab that the popup is about.
    static TAB: RefCell<i64> = const { RefCell::new(-1) };
    /// What is shown.
    static VIEW: RefCell<Option<PopupView>> = const { RefCell::new(None) };
}

/// Shows the popup. It is about the tab in front; as a page of its own about
/// the one that its address names, by `?tab=7` or `?site=https://shop.example`.
#[wasm_bindgen]
pub async fn popup() -> Result<(), JsValue> {
    TAB.set(tab().await?);
    listen()?;
    render().await?;
    chrome::on_storage(render_soon);
    Ok(())
}

async fn tab() -> Result<i64, Fault> {
    if let Some(tab) = page::parameter("tab")? {
        return tab.parse().map_err(|_| Fault::new(format!("?tab={tab} is not a tab's number")));
    }
    let site = page::parameter("site")?.and_then(|site| Site::of_url(&site));
    match site {
        Some(site) => chrome::tab_showing(&site.pattern()).await,
        None => chrome::active_tab().await,
    }
}

fn listen() -> Result<(), Fault> {
    let button = |id: &str| page::element::<HtmlElement>(id);
    on(&button("enable")?.into(), "click", |_| {
        if let Some(site) = site() {
            spawn_local(async { report(enable(site).await) });
        }
    })?;
    on(&button("disable")?.into(), "click", |_| tell_of_site(|site| FromScreen::Disable { site }))?;
    on(&button("reload")?.into(), "click", |_| spawn_local(async { report(reload().await) }))?;
    on(&button("open-log")?.into(), "click", |_| {
        spawn_local(async {
            report(chrome::open_page(&format!("panel.html?tab={}", TAB.with_borrow(|tab| *tab))).await)
        });
    })?;
    on(&button("forget-unreadable")?.into(), "click", |_| tell(FromScreen::ForgetUnreadable))?;
    for (id, mode) in [("mode-observe", Mode::Observe), ("mode-inject", Mode::Inject)] {
        on(&button(id)?.into(), "change", move |_| tell_of_site(|site| FromScreen::SetMode { site, mode }))?;
    }
    on(&button("crm-id")?.into(), "input", |_| report(crm_id_typed()))?;
    on(&button("attribute")?.into(), "input", |_| report(attribute_typed()))
}

async fn enable(site: Site) -> Result<(), Fault> {
    // Asked first of all: the browser takes the question only as part of the click.
    if chrome::ask_permission(&site.pattern()).await? {
        send(FromScreen::Enable { site }).await?;
    } else {
        page::say("fault", "The browser was not allowed to let Callsign see this site.")?;
    }
    Ok(())
}

async fn reload() -> Result<(), Fault> {
    chrome::reload_tab(TAB.with_borrow(|tab| *tab)).await?;
    page::say("site-note", "Reloaded. Starts on this page are seen from now on.")?;
    page::show("reload", false)
}

fn crm_id_typed() -> Result<(), Fault> {
    let input: HtmlInputElement = page::element("crm-id")?;
    let text = input.value();
    let in_use = VIEW.with_borrow(|view| view.as_ref().map(|view| view.crm_id.clone()).unwrap_or_default());
    let note = crm_id_note(&text, &in_use).err();
    mark(&input, "crm-id-note", note.as_deref())?;
    if note.is_none() {
        tell_of_site(|site| FromScreen::SetCrmId { site, text });
    }
    Ok(())
}

fn attribute_typed() -> Result<(), Fault> {
    let input: HtmlInputElement = page::element("attribute")?;
    let text = input.value();
    let in_use = VIEW.with_borrow(|view| view.as_ref().map(|view| view.attribute.clone()).unwrap_or_default());
    let note = attribute_note(&text, &in_use).err();
    mark(&input, "attribute-note", note.as_deref())?;
    if note.is_none() {
        tell_of_site(|site| FromScreen::SetAttribute { site, text });
    }
    Ok(())
}

/// Marks a field as refused with the reason, or as taken.
fn mark(input: &HtmlInputElement, note_id: &str, note: Option<&str>) -> Result<(), Fault> {
    input.set_attribute("aria-invalid", if note.is_some() { "true" } else { "false" })?;
    page::say(note_id, note.unwrap_or_default())
}

/// Whether a field holds a text that was refused, and that the tester may want to correct.
fn is_refused(id: &str) -> Result<bool, Fault> {
    let input: HtmlInputElement = page::element(id)?;
    Ok(input.get_attribute("aria-invalid").as_deref() == Some("true"))
}

fn site() -> Option<Site> {
    VIEW.with_borrow(|view| match view.as_ref().map(|view| &view.site) {
        Some(SiteState::Enabled { site, .. } | SiteState::Disabled(site)) => Some(site.clone()),
        Some(SiteState::OutOfReach) | None => None,
    })
}

fn tell_of_site(message: impl FnOnce(Site) -> FromScreen) {
    if let Some(site) = site() {
        tell(message(site));
    }
}

fn tell(message: FromScreen) {
    spawn_local(async { report(send(message).await) });
}

async fn send(message: FromScreen) -> Result<(), Fault> {
    let answer = chrome::tell_background(&message.to_text()).await?;
    match Reply::from_text(&answer) {
        Ok(Reply::Done) => page::say("fault", "")?,
        Ok(Reply::Refused { why }) => page::say("fault", &why)?,
        Err(_) => page::say("fault", &format!("Callsign's background could not do it: {answer}"))?,
    }
    render().await
}

fn render_soon() {
    spawn_local(async { report(render().await) });
}

async fn render() -> Result<(), Fault> {
    let tab = TAB.with_borrow(|tab| *tab);
    let records = stored::records_of_tab(tab).await?;
    let view = PopupView::of(&PopupState {
        tab_url: chrome::tab_url(tab).await,
        settings: stored::settings().await?,
        grants: stored::grants().await?,
        unreadable: stored::unreadable().await?,
        count: records.len(),
        last: records.into_iter().next_back(),
        has_relay: chrome::has_relay(tab).await,
        offset_minutes: page::offset_minutes(),
    });
    show(&view)?;
    VIEW.set(Some(view));
    Ok(())
}

fn show(view: &PopupView) -> Result<(), Fault> {
    let (name, is_enabled, needs_reload, can_disable) = match &view.site {
        SiteState::OutOfReach => ("No site".to_owned(), false, false, false),
        SiteState::Disabled(site) => (site.to_string(), false, false, false),
        SiteState::Enabled { site, needs_reload, is_granted } => (site.to_string(), true, *needs_reload, !is_granted),
    };
    page::set_text(&page::element::<Element>("site")?, &name);
    let state = match (&view.site, is_enabled) {
        (SiteState::OutOfReach, _) => "",
        (_, true) => "Enabled",
        (_, false) => "Not enabled",
    };
    page::say("site-state", state)?;
    page::element::<HtmlElement>("site-state")?.set_attribute("data-enabled", if is_enabled { "yes" } else { "no" })?;
    page::say("site-note", &view.site_note)?;
    page::show("enable", matches!(view.site, SiteState::Disabled(_)))?;
    page::show("reload", needs_reload)?;
    page::show("disable", can_disable)?;
    page::show("settings", is_enabled)?;
    page::element::<HtmlInputElement>("mode-observe")?.set_checked(view.mode == Mode::Observe);
    page::element::<HtmlInputElement>("mode-inject")?.set_checked(view.mode == Mode::Inject);
    page::element::<HtmlInputElement>("attribute")?.set_placeholder(&view.attribute_default);
    if !is_refused("crm-id")? {
        page::write("crm-id", &view.crm_id)?;
        page::say("crm-id-note", &view.crm_id_note)?;
    }
    if !is_refused("attribute")? {
        page::write("attribute", &view.attribute)?;
    }
    page::say("notice-text", &view.notice)?;
    page::show("notice", !view.notice.is_empty())?;
    page::show("last", is_enabled)?;
    show_last(view.last.as_ref())
}

fn show_last(last: Option<&LastStart>) -> Result<(), Fault> {
    page::show("last-start", last.is_some())?;
    page::show("no-start", last.is_none())?;
    let Some(last) = last else {
        return Ok(());
    };
    let element: HtmlElement = page::element("last-start")?;
    for (slot, text) in [
        ("time", &last.time),
        ("vendor", &last.vendor),
        ("result", &last.result),
        ("sentence", &last.sentence),
        ("finding", &last.finding),
    ] {
        page::fill(&element, slot, text)?;
    }
    page::part(&element, "result")?.set_attribute("data-severity", severity_name(last.severity))?;
    let count = if last.count == 1 { String::new() } else { format!("the last of {} on this tab", last.count) };
    page::fill(&element, "count", &count)
}

/// A severity as the style sheets know it.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Problem => "problem",
    }
}

fn report(result: Result<(), Fault>) {
    if let Err(fault) = result {
        // Where even this fails there is no page any more to say it on.
        let _ = page::say("fault", &format!("Something went wrong: {fault}"));
    }
}
