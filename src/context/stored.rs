//! What the background keeps and the screens read, by the keys it is kept
//! under.

use crate::browser::Fault;
use crate::browser::chrome::own_file;
use crate::browser::storage::Area;
use crate::browser::task::Asked;
use crate::session::engine::Found;
use crate::session::log::Log;
use crate::session::record::{Record, RecordId};
use crate::session::settings::{Settings, UnreadableSettings};
use crate::session::site::SitePattern;
use crate::session::uncovered::Uncovered;
use crate::wire::{Wire, wire_struct};

const SETTINGS: &str = "settings";
const UNREADABLE: &str = "unreadableSettings";
const RECORD: &str = "start:";
const UNCOVERED: &str = "uncovered:";

/// What the build put beside the extension's files.
struct Baked {
    settings: Option<Settings>,
    grants: Vec<SitePattern>,
}

wire_struct!(Baked { settings: "settings", grants: "grants" });

async fn baked() -> Result<Baked, Fault> {
    let text = own_file("baked.json").await?;
    Baked::from_text(&text).map_err(|mismatch| Fault::new(format!("baked.json: {mismatch}")))
}

/// What there is when the background starts.
pub(super) async fn found() -> Result<Found, Fault> {
    let baked = baked().await?;
    Ok(Found {
        settings: Area::Local.text(SETTINGS).await?,
        baked: baked.settings.unwrap_or_default(),
        grants: baked.grants,
        records: records(RECORD.to_owned()).await?,
        uncovered: uncovered().await?,
    })
}

/// The sites enabled at build time.
pub(super) async fn grants() -> Result<Vec<SitePattern>, Fault> {
    Ok(baked().await?.grants)
}

/// The settings; the defaults where there are none, or none that parse.
pub(super) async fn settings() -> Result<Settings, Fault> {
    let text = Area::Local.text(SETTINGS).await?.unwrap_or_default();
    Ok(Settings::parse(&text).unwrap_or_default())
}

/// Keeps the settings.
pub(super) fn keep_settings(json: &str) -> Asked {
    Area::Local.keep(SETTINGS, json)
}

/// The stored settings that could not be read.
pub(super) async fn unreadable() -> Result<Option<UnreadableSettings>, Fault> {
    let text = Area::Local.text(UNREADABLE).await?;
    Ok(text.and_then(|text| UnreadableSettings::from_text(&text).ok()))
}

/// Keeps settings that could not be read.
pub(super) fn keep_unreadable(settings: &UnreadableSettings) -> Asked {
    Area::Local.keep(UNREADABLE, &settings.to_text())
}

/// Forgets them.
pub(super) fn forget_unreadable() -> Asked {
    Area::Local.forget(&[UNREADABLE.to_owned()])
}

/// The records of a tab, oldest first.
pub(super) async fn records_of_tab(tab: i64) -> Result<Vec<Record>, Fault> {
    Ok(Log::of(records(format!("{RECORD}{tab}.")).await?).into_records())
}

/// What is known of pages with workers.
async fn uncovered() -> Result<Vec<Uncovered>, Fault> {
    let mut uncovered = Vec::new();
    for text in Area::Session.texts(UNCOVERED).await? {
        uncovered.extend(Uncovered::from_text(&text).ok());
    }
    Ok(uncovered)
}

/// How many workers the documents of a tab have started.
pub(super) async fn workers_of_tab(tab: i64) -> Result<u32, Fault> {
    let uncovered = uncovered().await?;
    Ok(uncovered.iter().filter(|uncovered| uncovered.tab == tab).map(|uncovered| uncovered.workers).sum())
}

/// Keeps how many workers a document has.
pub(super) fn keep_uncovered(uncovered: &Uncovered) -> Asked {
    Area::Session.keep(&[UNCOVERED, &uncovered.document].concat(), &uncovered.to_text())
}

/// Forgets that for some documents.
pub(super) fn forget_uncovered(documents: &[String]) -> Asked {
    let keys: Vec<_> = documents.iter().map(|document| [UNCOVERED, document].concat()).collect();
    Area::Session.forget(&keys)
}

async fn records(prefix: String) -> Result<Vec<Record>, Fault> {
    let mut records = Vec::new();
    for text in Area::Session.texts(&prefix).await? {
        records.extend(Record::from_text(&text).ok());
    }
    Ok(records)
}

/// Keeps a record.
pub(super) fn keep_record(record: &Record) -> Asked {
    Area::Session.keep(&key(&record.id), &record.to_text())
}

/// Forgets records.
pub(super) fn forget_records(ids: &[RecordId]) -> Asked {
    let keys: Vec<_> = ids.iter().map(key).collect();
    Area::Session.forget(&keys)
}

fn key(id: &RecordId) -> String {
    [RECORD, &id.0].concat()
}
