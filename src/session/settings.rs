//! What a tester has set, kept on this machine: which sites are enabled, and
//! what to do with their starts.
//!
//! The same JSON is what `cargo xtask build --settings FILE` bakes in:
//!
//! ```json
//! {
//!   "version": 1,
//!   "sites": {
//!     "https://shop.example": { "mode": "inject", "crmId": "CRM-12345-XYZ" }
//!   },
//!   "vendors": []
//! }
//! ```
//!
//! `vendors` has the tester's own profiles: files as in `src/start/profiles/`.

use thiserror::Error;

use super::policy::{Mode, Policy};
use super::site::Site;
use crate::crm_id::{AttributeKey, CrmId};
use crate::start::body::json::Value;
use crate::start::profile::VendorFile;
use crate::wire::{Mismatches, Reader, Wire, Writer, parse, wire_struct};

/// The version of the format that this Callsign writes.
pub const VERSION: u32 = 1;

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    version: u32,
    sites: Sites,
    /// The vendors' files that the tester added, in the order added.
    pub own_vendors: Vec<VendorFile>,
}

wire_struct!(Settings { version: "version", sites: "sites" or Sites::default(), own_vendors: "vendors" or vec![] });

/// The sites in their order, each once. A list, because a tester has a
/// handful: a map costs the module 9 KB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sites(Vec<(Site, SiteSettings)>);

/// The settings of one site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteSettings {
    /// Whether the tester enabled the site.
    pub is_enabled: bool,
    /// What to do with its starts.
    pub mode: Mode,
    /// The CRM ID to inject.
    pub crm_id: Option<CrmId>,
    /// The attribute that carries it, where it is not the profile's.
    pub attribute: Option<AttributeKey>,
}

wire_struct!(SiteSettings {
    is_enabled: "enabled" or false,
    mode: "mode" or Mode::Observe,
    crm_id: "crmId",
    attribute: "attribute",
});

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// They are not the JSON of [`Settings`].
    #[error("the settings do not parse: {0}")]
    Malformed(String),
    /// A later Callsign wrote them.
    #[error("the settings are of version {0}, and this Callsign reads version {VERSION}")]
    Newer(u32),
}

/// Stored settings that could not be read, kept for the tester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableSettings {
    /// What was stored.
    pub text: String,
    /// Why it could not be read.
    pub why: String,
}

wire_struct!(UnreadableSettings { text: "text", why: "why" });

impl Settings {
    /// Reads settings from JSON.
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        let malformed = |mismatches: Mismatches| Unreadable::Malformed(mismatches.to_string());
        let json = parse(json).map_err(malformed)?;
        match u32::from_json(json.get("version").unwrap_or(Value::NULL)) {
            Ok(version) if version > VERSION => Err(Unreadable::Newer(version)),
            Ok(_) | Err(_) => Self::from_json(json).map_err(malformed),
        }
    }

    /// The JSON that [`Settings::parse`] reads.
    pub fn to_text(&self) -> String {
        Wire::to_text(self)
    }

    /// The settings of a site; the defaults where it has none.
    pub fn site(&self, site: &Site) -> SiteSettings {
        self.sites.place(site).map(|place| self.sites.0[place].1.clone()).unwrap_or_default()
    }

    /// The settings of a site, to change.
    pub fn site_mut(&mut self, site: Site) -> &mut SiteSettings {
        self.sites.of(site)
    }

    /// Adds a vendor's file, behind the others or at a place; one for the same vendor is replaced.
    pub fn add_vendor(&mut self, file: VendorFile, place: Option<u32>) {
        match self.own_vendors.iter_mut().find(|own| own.vendor.vendor == file.vendor.vendor) {
            Some(own) => *own = file,
            None => {
                let count = self.own_vendors.len();
                let place = place.and_then(|place| usize::try_from(place).ok()).unwrap_or(count).min(count);
                self.own_vendors.insert(place, file);
            }
        }
    }

    /// The sites that have settings, in order.
    pub fn sites(&self) -> impl Iterator<Item = (&Site, &SiteSettings)> {
        self.sites.0.iter().map(|(site, settings)| (site, settings))
    }

    /// The sites that the tester enabled.
    pub fn enabled_sites(&self) -> impl Iterator<Item = &Site> {
        self.sites.0.iter().filter(|(_, settings)| settings.is_enabled).map(|(site, _)| site)
    }
}

impl Sites {
    /// Where a site is, or else belongs.
    fn place(&self, site: &Site) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(site))
    }

    /// The settings of a site, new ones where it has none.
    fn of(&mut self, site: Site) -> &mut SiteSettings {
        let place = self.place(&site).unwrap_or_else(|place| {
            self.0.insert(place, (site, SiteSettings::default()));
            place
        });
        &mut self.0[place].1
    }
}

impl Wire for Sites {
    fn write(&self, writer: &mut Writer) {
        writer.open_object();
        for (site, settings) in &self.0 {
            writer.member(site.as_str(), settings);
        }
        writer.close_object();
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        let mut sites = Self::default();
        let members = reader.any_members(json);
        for key in members.keys() {
            match Site::try_from(key.to_owned()) {
                Ok(site) => *sites.of(site) = reader.member(&members, key),
                Err(refused) => reader.refuse(&refused),
            }
        }
        sites
    }
}

impl SiteSettings {
    /// What to do with the site's starts.
    pub fn policy(&self) -> Policy {
        match (self.mode, &self.crm_id) {
            (Mode::Observe, _) => Policy::Observe,
            (Mode::Inject, None) => Policy::InjectNothing,
            (Mode::Inject, Some(crm_id)) => {
                Policy::Inject { crm_id: crm_id.clone(), attribute: self.attribute.clone() }
            }
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { version: VERSION, sites: Sites::default(), own_vendors: vec![] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(json: &str, expected: &str) {
        let message = Settings::parse(json).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let json = r#"{"version":1,"sites":{"https://shop.example":{"enabled":true,"mode":"inject","crmId":"CRM-1","attribute":"crmCustomerId"}},"vendors":[{"vendor":"Ours", "profiles":[{"id":"ours","name":"Ours","start":{"transports":["fetch"],"method":"PUT","paths":["/talk"]},"attributes":{"path":["a"],"values":["string"]},"crmId":{"key":"k"}}]}]}"#;
        let settings = Settings::parse(json).unwrap();
        assert_eq!(settings.to_text(), json);
    }

    #[test]
    fn a_short_file_takes_defaults_for_the_rest() {
        let settings = Settings::parse(r#"{"version":1,"sites":{"http://localhost":{}}}"#).unwrap();
        let site = Site::of_url("http://localhost:3000/").unwrap();
        assert_eq!(settings.site(&site), SiteSettings::default());
        assert_eq!(settings.site(&site).policy(), Policy::Observe);
    }

    #[test]
    fn what_does_not_parse_says_where_and_why() {
        check_refused("", "the settings do not parse: the text is empty");
        check_refused(r#"{"sites":{}}"#, "`version` is missing");
        check_refused(r#"{"version":7,"sites":[]}"#, "of version 7, and this Callsign reads version 1");
        check_refused(r#"{"version":1,"site":{}}"#, "`site` is not known here");
        check_refused(
            r#"{"version":1,"sites":{"shop.example":{}}}"#,
            "sites: \"shop.example\" is not a site: write it as https://shop.example",
        );
        check_refused(
            r#"{"version":1,"sites":{"http://a":{"crmId":" "}}}"#,
            "sites.http://a.crmId: the CRM ID is blank",
        );
        check_refused(
            r#"{"version":1,"sites":{"http://a":{"mode":"edit"}}}"#,
            "sites.http://a.mode: \"edit\" is not one of observe, inject",
        );
    }
}
