//! What the popup shows: the site of the tab, what is set for it, and the
//! last start on the tab.

use super::text;
use crate::crm_id::{AttributeKey, CrmId, Refused};
use crate::session::policy::Mode;
use crate::session::record::{Delivery, Record};
use crate::session::settings::{Settings, UnreadableSettings};
use crate::session::site::{Site, SitePattern};
use crate::session::uncovered::Uncovered;
use crate::start::finding::{Severity, as_sentence};
use crate::start::profile::{self, Vendor};

/// What the popup is made from.
#[derive(Clone, Debug, Default)]
pub struct PopupState {
    /// The tab's address; none where the browser does not show it.
    pub tab_url: Option<String>,
    /// What is known about vendors.
    pub vendors: Vec<Vendor>,
    /// What is set.
    pub settings: Settings,
    /// The sites enabled at build time.
    pub grants: Vec<SitePattern>,
    /// Stored settings that could not be read.
    pub unreadable: Option<UnreadableSettings>,
    /// The last start on the tab.
    pub last: Option<Record>,
    /// How many starts the tab has.
    pub count: usize,
    /// What is not seen of its page.
    pub uncovered: Uncovered,
    /// Whether the tab's page has a relay of this Callsign in it.
    pub has_relay: bool,
    /// Whether the browser lets Callsign see the tab's site.
    pub is_permitted: bool,
    /// The time zone's offset in minutes.
    pub offset_minutes: i32,
}

/// The popup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopupView {
    /// Which site, and whether Callsign works there.
    pub site: SiteState,
    /// What to say under it; may be empty.
    pub site_note: String,
    /// What of the page's traffic is not seen; may be empty.
    pub uncovered: String,
    /// The choice in "Mode".
    pub mode: Mode,
    /// What stands in "CRM ID".
    pub crm_id: String,
    /// What to say under it; may be empty.
    pub crm_id_note: String,
    /// What stands in "Attribute".
    pub attribute: String,
    /// What stands there greyed while it is empty: the profile's own.
    pub attribute_default: String,
    /// The last start on the tab.
    pub last: Option<LastStart>,
    /// What to say about settings that could not be read; may be empty.
    pub notice: String,
}

/// A site, and whether Callsign works there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteState {
    /// Not a site that an extension can work on.
    OutOfReach,
    /// A site that is not enabled.
    Disabled(Site),
    /// A site that the tester enabled.
    Enabled {
        /// Which.
        site: Site,
        /// Whether its page must be reloaded to be covered.
        needs_reload: bool,
        /// Whether the build enabled it, so that it cannot be disabled here.
        is_granted: bool,
    },
}

/// The last start on the tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastStart {
    /// When.
    pub time: String,
    /// Which vendor's.
    pub vendor: String,
    /// What came of it.
    pub result: String,
    /// How good that is.
    pub severity: Severity,
    /// How it went out and with which CRM ID.
    pub sentence: String,
    /// The worst finding's sentence; may be empty.
    pub finding: String,
    /// Of how many.
    pub count: usize,
}

impl PopupView {
    /// The popup for a state.
    pub fn of(state: &PopupState) -> Self {
        let site = site_state(state);
        let settings = match &site {
            SiteState::OutOfReach => Default::default(),
            SiteState::Disabled(site) | SiteState::Enabled { site, .. } => state.settings.site(site),
        };
        let crm_id = settings.crm_id.map(String::from).unwrap_or_default();
        Self {
            site_note: site_note(&site),
            uncovered: match &site {
                SiteState::Enabled { needs_reload: false, .. } => text::uncovered(&state.uncovered),
                SiteState::Enabled { .. } | SiteState::Disabled(_) | SiteState::OutOfReach => String::new(),
            },
            site,
            mode: settings.mode,
            crm_id_note: match settings.mode {
                Mode::Inject if crm_id.is_empty() => "Enter the CRM ID that starts should carry.".to_owned(),
                Mode::Inject | Mode::Observe => String::new(),
            },
            crm_id,
            attribute: settings.attribute.map(String::from).unwrap_or_default(),
            attribute_default: default_attribute(state.last.as_ref(), &state.vendors),
            last: state.last.as_ref().map(|record| LastStart::of(record, state)),
            notice: state.unreadable.as_ref().map(notice).unwrap_or_default(),
        }
    }
}

impl LastStart {
    fn of(record: &Record, state: &PopupState) -> Self {
        let (result, severity) = text::result(record);
        let sentence = match (record.sent_instead(), &record.before.crm_id) {
            _ if record.delivery == Delivery::NoStart => text::delivery(record),
            (Some(after), _) => format!("{} set to {}", record.crm_key, after.crm_id.as_deref().unwrap_or_default()),
            (None, Some(id)) => format!("{} as written: {}", record.crm_key, text::masked(id, false)),
            (None, None) => format!("{} was not written", record.crm_key),
        };
        let worst = record.all_findings().max_by_key(|finding| finding.severity);
        Self {
            time: text::clock(record.at, state.offset_minutes),
            vendor: record.profile_name.clone(),
            result,
            severity,
            sentence,
            finding: worst.map(|finding| finding.sentence.clone()).unwrap_or_default(),
            count: state.count,
        }
    }
}

/// Why a CRM ID is refused as it is typed, and what stays in use; nothing
/// where it is taken.
pub fn crm_id_refusal(typed: &str, in_use: &str) -> Option<String> {
    let refused = CrmId::try_from(typed.to_owned()).err()?;
    Some(still_in_use(&refused, in_use))
}

/// The same for an attribute; blank means the profile's own.
pub fn attribute_refusal(typed: &str, in_use: &str) -> Option<String> {
    if typed.trim().is_empty() {
        return None;
    }
    let refused = AttributeKey::try_from(typed.to_owned()).err()?;
    Some(still_in_use(&refused, in_use))
}

fn still_in_use(refused: &Refused, in_use: &str) -> String {
    let sentence = as_sentence(refused);
    if in_use.is_empty() { format!("{sentence}.") } else { format!("{sentence}. {in_use} stays in use.") }
}

fn site_state(state: &PopupState) -> SiteState {
    let Some(site) = state.tab_url.as_deref().and_then(Site::of_url) else {
        return SiteState::OutOfReach;
    };
    let is_granted = state.grants.iter().any(|grant| grant.covers(&site));
    if state.is_permitted && (is_granted || state.settings.site(&site).is_enabled) {
        SiteState::Enabled { site, needs_reload: !state.has_relay, is_granted }
    } else {
        SiteState::Disabled(site)
    }
}

fn site_note(site: &SiteState) -> String {
    match site {
        SiteState::OutOfReach => "Callsign works on pages that begin with http:// or https://. Open the page with \
                                  the chat, then open this again."
            .to_owned(),
        SiteState::Disabled(_) => {
            "Callsign sees nothing here until you enable it. The browser will ask you once.".to_owned()
        }
        SiteState::Enabled { needs_reload: true, .. } => {
            "Callsign is not in this page, so its starts are not seen. Reload it if it was open before.".to_owned()
        }
        SiteState::Enabled { needs_reload: false, .. } => String::new(),
    }
}

fn default_attribute(last: Option<&Record>, vendors: &[Vendor]) -> String {
    let of_last = last.and_then(|record| profile::by_id(vendors, &record.profile));
    let found = of_last.or_else(|| profile::all(vendors).next());
    found.map(|(_, profile)| profile.crm_id.key.clone()).unwrap_or_default()
}

fn notice(unreadable: &UnreadableSettings) -> String {
    format!("Saved settings could not be read, so the defaults are in use. The old text is kept. ({})", unreadable.why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(url: &str, settings: &str) -> PopupState {
        PopupState {
            tab_url: Some(url.to_owned()),
            vendors: profile::built_in(),
            settings: Settings::parse(settings).unwrap(),
            has_relay: true,
            is_permitted: true,
            ..PopupState::default()
        }
    }

    #[test]
    fn a_browsers_own_page_is_out_of_reach() {
        let view = PopupView::of(&state("chrome://extensions", r#"{"version":1}"#));
        assert_eq!(view.site, SiteState::OutOfReach);
        assert!(view.site_note.starts_with("Callsign works on pages"));
    }

    #[test]
    fn a_site_is_disabled_until_it_is_enabled_or_granted() {
        let site = Site::of_url("https://shop.example").unwrap();
        let url = "https://shop.example/help";
        let view = PopupView::of(&state(url, r#"{"version":1}"#));
        assert_eq!(view.site, SiteState::Disabled(site.clone()));
        let enabled = r#"{"version":1,"sites":{"https://shop.example":{"enabled":true,"mode":"inject"}}}"#;
        let view = PopupView::of(&state(url, enabled));
        let expected = SiteState::Enabled { site: site.clone(), needs_reload: false, is_granted: false };
        assert_eq!(view.site, expected);
        assert_eq!(view.crm_id_note, "Enter the CRM ID that starts should carry.");
        assert_eq!(view.attribute_default, "externalId");
        let taken_away = PopupState { is_permitted: false, ..state(url, enabled) };
        assert_eq!(PopupView::of(&taken_away).site, SiteState::Disabled(site.clone()));
        let grants = vec![SitePattern::try_from("https://*.example/*".to_owned()).unwrap()];
        let granted = PopupState { grants, has_relay: false, ..state(url, r#"{"version":1}"#) };
        let view = PopupView::of(&granted);
        assert_eq!(view.site, SiteState::Enabled { site, needs_reload: true, is_granted: true });
        assert!(view.site_note.contains("Reload it"));
    }

    #[test]
    fn a_refused_id_says_why_and_what_stays() {
        assert_eq!(crm_id_refusal(" ", "").unwrap(), "The CRM ID is blank.");
        assert_eq!(crm_id_refusal("", "CRM-1").unwrap(), "The CRM ID is blank. CRM-1 stays in use.");
        assert_eq!(crm_id_refusal("CRM-2", "CRM-1"), None);
        assert_eq!(attribute_refusal("", "x"), None);
        assert_eq!(
            attribute_refusal("a\u{200B}", "").unwrap(),
            "The attribute has an invisible character at position 2 (U+200B)."
        );
    }
}
