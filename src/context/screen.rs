//! What the popup and the panel have in common.

use std::cell::Cell;

use crate::browser::chrome::{self, Tab};
use crate::browser::task::{Task, run};
use crate::browser::{Fault, page};
use crate::session::site::Site;
use crate::start::finding::Severity;

/// The tab that the page's own address names, by `?tab=7` or
/// `?site=https://shop.example`.
pub(super) async fn named_tab() -> Result<Option<i64>, Fault> {
    if let Some(tab) = page::parameter("tab")? {
        return match tab.parse() {
            Ok(tab) => Ok(Some(tab)),
            Err(_) => Err(Fault::new(format!("?tab={tab} is not a tab's number."))),
        };
    }
    let Some(said) = page::parameter("site")? else {
        return Ok(None);
    };
    let Some(site) = Site::of_url(&said) else {
        return Err(Fault::new(format!("?site={said} is no site: write it as ?site=https://shop.example.")));
    };
    let shown = chrome::tab(Tab::Showing(&site.pattern())).await;
    let none = |_| {
        Fault::new(format!(
            "No tab shows {} that Callsign may see. Open the page, then reload this one.",
            site.as_str()
        ))
    };
    shown.map(Some).map_err(none)
}

thread_local! {
    static IS_READING: Cell<bool> = const { Cell::new(false) };
    static IS_STALE: Cell<bool> = const { Cell::new(false) };
}

/// Reads what is stored, because it has changed. What changes while it is
/// read is read once, afterwards, however often it changes.
pub(super) fn follow(read: fn() -> Task) {
    IS_STALE.set(true);
    if !IS_READING.replace(true) {
        run(Box::pin(catch_up(read)), report);
    }
}

async fn catch_up(read: fn() -> Task) -> Result<(), Fault> {
    let mut done = Ok(());
    while IS_STALE.replace(false) {
        done = read().await;
    }
    IS_READING.set(false);
    done
}

/// A severity as the style sheets know it.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Problem => "problem",
    }
}

/// Says a fault on the page.
pub(super) fn report(fault: Fault) {
    // Where even this fails there is no page any more to say it on.
    let _ = page::say("fault", &format!("Something went wrong: {fault}"));
}

/// Says it if there is one.
pub(super) fn report_any(result: Result<(), Fault>) {
    if let Err(fault) = result {
        report(fault);
    }
}
