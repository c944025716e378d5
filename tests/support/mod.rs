//! An engine in a shop's page, shared by the tests of the engine.

#![allow(dead_code, reason = "not every test needs all of it")]

use callsign::message::{FromPage, FromRelay, PageSender, Verdict};
use callsign::session::engine::{Effect, Engine, Event, Found, Step};
use callsign::session::record::Record;
use callsign::session::site::Site;
use callsign::start::candidate::Body;
use callsign::start::profile;
use callsign::start::replacement::Replacement;

pub(crate) const SHOP: &str = "https://shop.example/help";

/// An engine with stored settings.
pub(crate) fn engine(settings: &str) -> Engine {
    Engine::start(Found { vendors: profile::built_in(), settings: Some(settings.to_owned()), ..Found::default() }).0
}

/// An engine that injects a CRM ID into the shop's starts.
pub(crate) fn injecting(crm_id: &str) -> Engine {
    engine(&settings_injecting(crm_id))
}

/// Settings that inject a CRM ID into the shop's starts.
pub(crate) fn settings_injecting(crm_id: &str) -> String {
    format!(
        r#"{{"version":1,"sites":{{"https://shop.example":{{"enabled":true,"mode":"inject","crmId":"{crm_id}"}}}}}}"#
    )
}

/// A page or frame of tab 7.
pub(crate) fn sender(frame: i64, url: &str, tab_url: &str) -> PageSender {
    let tab_site = Site::of_url(tab_url);
    PageSender { tab: 7, frame, place: frame.to_string(), url: url.to_owned(), site: Site::of_url(url), tab_site }
}

/// What comes of a message of a page.
pub(crate) fn say(engine: &mut Engine, sender: PageSender, message: FromPage) -> Step {
    let message = Box::new(FromRelay { document: "d0".to_owned(), age: 0, message });
    engine.apply(Event::Page { sender, message, at: 1_000 })
}

/// What comes of a message of the shop's own page.
pub(crate) fn shop(engine: &mut Engine, message: FromPage) -> Step {
    say(engine, sender(0, SHOP, SHOP), message)
}

/// What goes out in place of what a candidate carries; nothing where it goes out as written.
pub(crate) fn sent_instead(step: &Step, body: &Body) -> Option<String> {
    match &step.verdict {
        Some(Verdict::Replace { replacements, .. }) => {
            Replacement::made_in(replacements, body)?.carried().map(str::to_owned)
        }
        Some(Verdict::PassThrough | Verdict::Begins | Verdict::Unknown) | None => None,
    }
}

/// The record that a step keeps last, if it keeps one.
pub(crate) fn record_of(step: &Step) -> Option<Record> {
    step.effects.iter().rev().find_map(|effect| {
        let Effect::KeepRecord(record) = effect else { return None };
        Some(record.as_ref().clone())
    })
}
