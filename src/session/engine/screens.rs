//! What screens and the browser ask for: which sites are enabled, what is set on them, and a tester's own profiles.

use super::{Effect, Engine, Step};
use crate::crm_id::{AttributeKey, CrmId, Refused};
use crate::message::{FromScreen, Reply};
use crate::session::settings::{Settings, SiteSettings};
use crate::session::site::{Site, SitePattern};
use crate::start::profile::{self, VendorFile, with_own};

impl Engine {
    pub(super) fn hear_screen(&mut self, message: FromScreen) -> Step {
        let done = match message {
            FromScreen::Enable { site } => Ok(self.set_enabled(vec![site], true)),
            FromScreen::Disable { site } => {
                let mut effects = self.set_enabled(vec![site.clone()], false);
                effects.push(Effect::GiveBack(site));
                Ok(effects)
            }
            FromScreen::SetMode { site, mode } => self.set(site, |settings| {
                settings.mode = mode;
                Ok(())
            }),
            FromScreen::SetCrmId { site, text } => self.set(site, |settings| {
                settings.crm_id = Some(CrmId::try_from(text)?);
                Ok(())
            }),
            FromScreen::SetAttribute { site, text } => self.set(site, |settings| {
                let is_blank = text.trim().is_empty();
                settings.attribute = if is_blank { None } else { Some(AttributeKey::try_from(text)?) };
                Ok(())
            }),
            FromScreen::AddVendor { text, place } => match VendorFile::parse(&text) {
                Ok(file) => self.set_vendors(|settings| settings.add_vendor(file, place)),
                Err(why) => Err(why.to_string()),
            },
            FromScreen::RemoveVendor { vendor } => {
                self.set_vendors(|settings| settings.own_vendors.retain(|own| own.vendor.vendor != vendor))
            }
            FromScreen::ForgetUnreadable => Ok(vec![Effect::ForgetUnreadable]),
            FromScreen::FindRelay { tab } => Ok(vec![Effect::FindRelay { tab }]),
            FromScreen::Clear { tab } => {
                for id in self.log.waiting_in(tab) {
                    self.forget(id);
                }
                let gone = self.log.clear(tab);
                Ok(vec![Effect::ForgetRecords(gone), Effect::ShowBadge { tab, count: 0, is_injected: false }])
            }
        };
        match done {
            Ok(effects) => Step { reply: Some(Reply::Done), ..Step::doing(effects) },
            Err(why) => Step { reply: Some(Reply::Refused { why }), ..Step::default() },
        }
    }

    fn set(
        &mut self,
        site: Site,
        set: impl FnOnce(&mut SiteSettings) -> Result<(), Refused>,
    ) -> Result<Vec<Effect>, String> {
        set(self.settings.site_mut(site)).map_err(|refused| refused.to_string())?;
        Ok(vec![Effect::KeepSettings(self.settings.to_text())])
    }

    fn set_vendors(&mut self, set: impl FnOnce(&mut Settings)) -> Result<Vec<Effect>, String> {
        let mut settings = self.settings.clone();
        set(&mut settings);
        // What is kept must be read again: a file that is as deep as JSON may be is deeper among the settings.
        let text = settings.to_text();
        self.settings = Settings::parse(&text).map_err(|why| why.to_string())?;
        self.vendors = with_own(&self.built_in, &self.settings.own_vendors);
        Ok(vec![Effect::KeepSettings(text), self.run_on()])
    }

    pub(super) fn set_enabled(&mut self, sites: Vec<Site>, is_enabled: bool) -> Vec<Effect> {
        let mut is_changed = false;
        for site in sites {
            if self.settings.site(&site).is_enabled != is_enabled {
                self.settings.site_mut(site).is_enabled = is_enabled;
                is_changed = true;
            }
        }
        let mut effects = Vec::new();
        if is_changed {
            effects.push(Effect::KeepSettings(self.settings.to_text()));
        }
        effects.push(self.run_on());
        effects
    }

    pub(super) fn run_on(&self) -> Effect {
        let is_granted = |site: &&Site| self.grants.iter().any(|grant| grant.covers(site));
        let own: Vec<_> = self.settings.own_vendors.iter().map(|file| file.vendor.clone()).collect();
        let is_in_build = self.settings.own_vendors.iter().all(|file| self.built_own.contains(&file.text));
        Effect::RunOn {
            sites: self.settings.enabled_sites().filter(|site| !is_granted(site)).cloned().collect(),
            own_patterns: (!own.is_empty()).then(|| profile::patterns(&own)),
            granted: if is_in_build { vec![] } else { self.grants.clone() },
        }
    }
}

pub(super) fn sites_of(origins: Vec<String>) -> Vec<Site> {
    let mut sites = Vec::new();
    for origin in origins {
        if let Some(site) = SitePattern::try_from(origin).ok().and_then(|pattern| pattern.as_site()) {
            sites.push(site);
        }
    }
    sites
}
