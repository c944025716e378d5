//! The popup: shows its view, and tells the background what the tester sets.

use std::cell::{Cell, RefCell};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::Event;

use super::screen::{follow, named_tab, report, report_any, severity_name};
use super::stored::{Baked, Stored};
use crate::browser::chrome::Tab;
use crate::browser::listener::on;
use crate::browser::task::{promise, run};
use crate::browser::{Fault, chrome, page};
use crate::message::{FromScreen, Reply};
use crate::session::policy::Mode;
use crate::session::site::Site;
use crate::start::profile::with_own;
use crate::view::popup::{LastStart, PopupState, PopupView, SiteState, attribute_refusal, crm_id_refusal};
use crate::wire::Wire;

thread_local! {
    /// The tab that the popup is about.
    static TAB: Cell<i64> = const { Cell::new(-1) };
    /// What the build put beside the extension's files.
    static BAKED: RefCell<Option<Baked>> = const { RefCell::new(None) };
    /// What is shown.
    static VIEW: RefCell<Option<PopupView>> = const { RefCell::new(None) };
}

/// A text field that is checked while the tester types.
struct Field {
    id: &'static str,
    note: &'static str,
    in_use: fn(&PopupView) -> &str,
    refusal: fn(&str, &str) -> Option<String>,
    message: fn(Site, String) -> FromScreen,
}

const CRM_ID: Field = Field {
    id: "crm-id",
    note: "crm-id-note",
    in_use: |view| &view.crm_id,
    refusal: crm_id_refusal,
    message: |site, text| FromScreen::SetCrmId { site, text },
};

const ATTRIBUTE: Field = Field {
    id: "attribute",
    note: "attribute-note",
    in_use: |view| &view.attribute,
    refusal: attribute_refusal,
    message: |site, text| FromScreen::SetAttribute { site, text },
};

/// Shows the popup. It is about the tab in front; as a page of its own about
/// the one that its address names, by `?tab=7` or `?site=https://shop.example`.
///
/// `baked` gives the text of `baked.json`.
#[wasm_bindgen]
pub fn popup(baked: Promise) -> Promise {
    promise(Box::pin(open(baked)))
}

async fn open(baked: Promise) -> Result<(), Fault> {
    TAB.set(match named_tab().await {
        Ok(Some(tab)) => tab,
        Ok(None) => chrome::tab(Tab::Active).await?,
        Err(why) => return page::say("fault", &why.to_string()),
    });
    BAKED.set(Some(Baked::read(baked).await?));
    listen()?;
    render().await?;
    chrome::on_storage(|| follow(|| Box::pin(render())));
    Ok(())
}

/// A button by its ID, and what a click on it does.
type Click = (&'static str, fn(Event));

fn listen() -> Result<(), Fault> {
    let clicks: [Click; 6] = [
        ("enable", |_| {
            if let Some(site) = site() {
                run(Box::pin(enable(site)), report);
            }
        }),
        ("disable", |_| tell_of_site(|site| FromScreen::Disable { site })),
        ("reload", |_| run(Box::pin(reload()), report)),
        ("open-log", |_| run(Box::pin(chrome::open_page(&format!("panel.html?tab={}", TAB.get())).done()), report)),
        ("open-options", |_| run(Box::pin(chrome::open_page("options.html").done()), report)),
        ("forget-unreadable", |_| tell(&FromScreen::ForgetUnreadable)),
    ];
    for (id, act) in clicks {
        on(id, "click", act)?;
    }
    on("mode-observe", "change", |_| tell_of_site(|site| FromScreen::SetMode { site, mode: Mode::Observe }))?;
    on("mode-inject", "change", |_| tell_of_site(|site| FromScreen::SetMode { site, mode: Mode::Inject }))?;
    on(CRM_ID.id, "input", |_| report_any(typed(&CRM_ID)))?;
    on(ATTRIBUTE.id, "input", |_| report_any(typed(&ATTRIBUTE)))
}

async fn enable(site: Site) -> Result<(), Fault> {
    // Asked first of all: the browser takes the question only as part of the click.
    if chrome::ask_permission(&site.pattern()).await? {
        send(FromScreen::Enable { site }.to_text()).await
    } else {
        page::say("fault", "The browser was not allowed to let Callsign see this site.")
    }
}

async fn reload() -> Result<(), Fault> {
    chrome::reload_tab(TAB.get()).done().await?;
    page::say("site-note", "Reloaded. Starts on this page are seen from now on.")?;
    page::show("reload", false)
}

/// Says why what stands in a field is refused, or sends it.
fn typed(field: &Field) -> Result<(), Fault> {
    let text = page::input(field.id)?.value();
    let refusal = VIEW.with_borrow(|view| (field.refusal)(&text, view.as_ref().map_or("", field.in_use)));
    page::mark(field.id, "aria-invalid", if refusal.is_some() { "true" } else { "false" })?;
    page::say(field.note, refusal.as_deref().unwrap_or_default())?;
    if refusal.is_none()
        && let Some(site) = site()
    {
        tell(&(field.message)(site, text));
    }
    Ok(())
}

/// Whether a field holds a text that was refused, and that the tester may want to correct.
fn is_refused(id: &str) -> Result<bool, Fault> {
    Ok(page::element(id)?.get_attribute("aria-invalid").as_deref() == Some("true"))
}

fn site() -> Option<Site> {
    VIEW.with_borrow(|view| match view.as_ref().map(|view| &view.site) {
        Some(SiteState::Enabled { site, .. } | SiteState::Disabled(site)) => Some(site.clone()),
        Some(SiteState::OutOfReach) | None => None,
    })
}

fn tell_of_site(message: fn(Site) -> FromScreen) {
    if let Some(site) = site() {
        tell(&message(site));
    }
}

fn tell(message: &FromScreen) {
    run(Box::pin(send(message.to_text())), report);
}

async fn send(message: String) -> Result<(), Fault> {
    let answer = chrome::tell_background(&message).await?;
    page::say(
        "fault",
        &match Reply::from_text(&answer) {
            Ok(Reply::Done) => String::new(),
            Ok(Reply::Refused { why }) => why,
            Err(_) => "Callsign's background could not do it; reload the extension".to_owned(),
        },
    )?;
    render().await
}

async fn render() -> Result<(), Fault> {
    let tab = TAB.get();
    let stored = Stored::read().await?;
    let records = stored.records_of_tab(tab);
    let settings = stored.settings();
    let tab_url = chrome::tab_url(tab).await;
    let is_permitted = match tab_url.as_deref().and_then(Site::of_url) {
        Some(site) => chrome::has_permission(&site.pattern()).await,
        None => false,
    };
    let vendors = with_own(&of_baked(|baked| &baked.vendors), &settings.own_vendors);
    let view = PopupView::of(&PopupState {
        tab_url,
        is_permitted,
        settings,
        grants: of_baked(|baked| &baked.grants),
        vendors,
        unreadable: stored.unreadable(),
        count: records.iter().filter(|record| record.is_start()).count(),
        last: records.into_iter().next_back(),
        uncovered: stored.uncovered_of_tab(tab),
        has_relay: chrome::has_relay(tab).await,
        offset_minutes: page::offset_minutes(),
    });
    show(&view)?;
    VIEW.set(Some(view));
    Ok(())
}

fn of_baked<T: Clone>(part: fn(&Baked) -> &Vec<T>) -> Vec<T> {
    BAKED.with_borrow(|baked| baked.as_ref().map(|baked| part(baked).clone()).unwrap_or_default())
}

fn show(view: &PopupView) -> Result<(), Fault> {
    let (site, state, needs_reload, can_disable) = match &view.site {
        SiteState::OutOfReach => ("No site", "", false, false),
        SiteState::Disabled(site) => (site.as_str(), "Not enabled", false, false),
        SiteState::Enabled { site, needs_reload, is_granted } => (site.as_str(), "Enabled", *needs_reload, !is_granted),
    };
    let is_enabled = matches!(view.site, SiteState::Enabled { .. });
    page::text("site", site)?;
    page::say("site-state", state)?;
    page::mark("site-state", "data-enabled", if is_enabled { "yes" } else { "no" })?;
    page::say("site-note", &view.site_note)?;
    page::say("uncovered", &view.uncovered)?;
    page::show("enable", matches!(view.site, SiteState::Disabled(_)))?;
    page::show("reload", needs_reload)?;
    page::show("disable", can_disable)?;
    page::show("settings", is_enabled)?;
    page::input("mode-observe")?.set_checked(view.mode == Mode::Observe);
    page::input("mode-inject")?.set_checked(view.mode == Mode::Inject);
    page::mark("attribute", "placeholder", &view.attribute_default)?;
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
    let element = page::element("last-start")?;
    page::fill(&element, "time", &last.time)?;
    page::fill(&element, "vendor", &last.vendor)?;
    page::fill(&element, "result", &last.result)?;
    page::tell(&element, "sentence", &last.sentence)?;
    page::tell(&element, "finding", &last.finding)?;
    page::part(&element, "result")?.set_attribute("data-severity", severity_name(last.severity))?;
    let count = if last.count == 1 { String::new() } else { format!("the last of {} on this tab", last.count) };
    page::fill(&element, "count", &count)
}
