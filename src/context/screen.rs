//! What the popup and the panel have in common.

use crate::browser::chrome::{self, Tab};
use crate::browser::{Fault, page};
use crate::session::site::Site;
use crate::start::finding::Severity;

/// The tab that the page's own address names, by `?tab=7` or
/// `?site=https://shop.example`.
pub(super) async fn named_tab() -> Result<Option<i64>, Fault> {
    if let Some(tab) = page::parameter("tab")? {
        return match tab.parse() {
            Ok(tab) => Ok(Some(tab)),
            Err(_) => Err(Fault::new(format!("?tab={tab} is not a tab's number"))),
        };
    }
    match page::parameter("site")?.and_then(|site| Site::of_url(&site)) {
        Some(site) => Ok(Some(chrome::tab(Tab::Showing(&site.pattern())).await?)),
        None => Ok(None),
    }
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
