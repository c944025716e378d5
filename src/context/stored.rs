//! What the background keeps and the screens read, by the keys it is kept
//! under.

use js_sys::Promise;

use crate::browser::Fault;
use crate::browser::storage::{Area, Texts};
use crate::browser::task::{Asked, text_of};
use crate::session::engine::Found;
use crate::session::log::Log;
use crate::session::record::{Record, RecordId};
use crate::session::settings::{Settings, UnreadableSettings};
use crate::session::site::SitePattern;
use crate::session::uncovered::Uncovered;
use crate::start::profile::{Vendor, VendorFile};
use crate::wire::{Wire, parse, wire_struct};

const SETTINGS: &str = "settings";
const UNREADABLE: &str = "unreadableSettings";
/// Read by `own_patterns.js`.
const OWN_PATTERNS: &str = "ownPatterns";
const RECORD: &str = "start:";
const UNCOVERED: &str = "uncovered:";

/// What the build put beside the extension's files.
pub(super) struct Baked {
    settings: Option<Settings>,
    /// The sites enabled at build time.
    pub(super) grants: Vec<SitePattern>,
    /// What is known about vendors.
    pub(super) vendors: Vec<Vendor>,
}

wire_struct!(Baked { settings: "settings", grants: "grants", vendors: "vendors" });

impl Baked {
    /// Reads it from what a promise gives.
    pub(super) async fn read(text: Promise) -> Result<Self, Fault> {
        let text = text_of(text).await?;
        Self::from_text(&text).map_err(|mismatch| Fault::new(format!("baked.json: {mismatch}")))
    }
}

/// The built-in vendors, each as its file, from what gives the text of `baked.json`.
pub(super) async fn vendor_files(text: Promise) -> Result<Vec<VendorFile>, Fault> {
    let text = text_of(text).await?;
    let vendors = parse(&text).ok().and_then(|baked| baked.get("vendors"));
    Ok(vendors.and_then(|vendors| Vec::from_json(vendors).ok()).unwrap_or_default())
}

/// What there is when the background starts; see [`super::background::background_start`].
pub(super) async fn found(baked: Promise, local: Promise) -> Result<Found, Fault> {
    let baked = Baked::read(baked).await?;
    let local = Texts::of(local.into()).await?;
    Ok(Found {
        vendors: baked.vendors,
        settings: local.text(SETTINGS),
        baked: baked.settings.unwrap_or_default(),
        grants: baked.grants,
    })
}

/// What survived of the background before.
pub(super) async fn recalled() -> Result<(Log, Vec<Uncovered>), Fault> {
    let session = Area::Session.texts().await?;
    Ok((Log::of(&session.of_prefix(RECORD)), uncovered_in(&session)))
}

/// All that is kept, read at one time.
pub(super) struct Stored {
    local: Texts,
    session: Texts,
}

impl Stored {
    /// Reads it.
    pub(super) async fn read() -> Result<Self, Fault> {
        Ok(Self { local: Area::Local.texts().await?, session: Area::Session.texts().await? })
    }

    /// The settings; the defaults where there are none, or none that parse.
    pub(super) fn settings(&self) -> Settings {
        Settings::parse(&self.local.text(SETTINGS).unwrap_or_default()).unwrap_or_default()
    }

    /// The stored settings that could not be read.
    pub(super) fn unreadable(&self) -> Option<UnreadableSettings> {
        UnreadableSettings::from_text(&self.local.text(UNREADABLE)?).ok()
    }

    /// The records of a tab, oldest first.
    pub(super) fn records_of_tab(&self, tab: i64) -> Vec<Record> {
        Log::of(&self.session.of_prefix(&format!("{RECORD}{tab}."))).into_records()
    }

    /// What is not seen of the documents of a tab.
    pub(super) fn uncovered_of_tab(&self, tab: i64) -> Uncovered {
        let mut documents = uncovered_in(&self.session);
        documents.retain(|uncovered| uncovered.tab == tab);
        Uncovered::sum(&documents)
    }
}

/// What is known of what is not seen.
fn uncovered_in(session: &Texts) -> Vec<Uncovered> {
    let mut uncovered = Vec::new();
    for text in session.of_prefix(UNCOVERED) {
        if let Ok(read) = Uncovered::from_text(&text) {
            uncovered.push(read);
        }
    }
    uncovered
}

/// Keeps the settings.
pub(super) fn keep_settings(json: &str) -> Asked {
    Area::Local.keep(SETTINGS, json)
}

/// Keeps settings that could not be read.
pub(super) fn keep_unreadable(settings: &UnreadableSettings) -> Asked {
    Area::Local.keep(UNREADABLE, &settings.to_text())
}

/// Forgets them.
pub(super) fn forget_unreadable() -> Asked {
    Area::Local.forget(&[UNREADABLE.to_owned()])
}

/// Keeps what the page script looks for where the tester has profiles of their own.
pub(super) fn keep_own_patterns(patterns: Option<&str>) -> Asked {
    match patterns {
        Some(patterns) => Area::Local.keep(OWN_PATTERNS, patterns),
        None => Area::Local.forget(&[OWN_PATTERNS.to_owned()]),
    }
}

/// Keeps what is not seen of a document.
pub(super) fn keep_uncovered(uncovered: &Uncovered) -> Asked {
    Area::Session.keep(&format!("{UNCOVERED}{}", uncovered.document), &uncovered.to_text())
}

/// Forgets that for some documents.
pub(super) fn forget_uncovered(documents: &[String]) -> Asked {
    let keys: Vec<_> = documents.iter().map(|document| format!("{UNCOVERED}{document}")).collect();
    Area::Session.forget(&keys)
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
    format!("{RECORD}{}", id.0)
}
