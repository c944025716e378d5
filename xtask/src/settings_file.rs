//! The settings that a build bakes in: read, and looked through for what a tester would wonder about later.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use callsign::session::policy::Mode;
use callsign::session::settings::{Settings, SiteSettings};
use callsign::session::site::{Site, SitePattern};

/// Settings that can be used.
#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    /// As they were written.
    pub(crate) text: String,
    /// What they say.
    pub(crate) settings: Settings,
}

impl SettingsFile {
    /// Reads a file, or says why nothing can be built with it.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("the settings {} cannot be read", path.display()))?;
        match Settings::parse(&text) {
            // It is put inside other JSON, where a byte order mark may not stand.
            Ok(settings) => Ok(Self { text: text.trim_start_matches('\u{FEFF}').to_owned(), settings }),
            Err(error) => bail!("nothing was built, because {} cannot be used: {error}", path.display()),
        }
    }

    /// What can be built, and will not do what its writer likely wants, a sentence each.
    pub(crate) fn remarks(&self, grants: &[SitePattern], permits: &[SitePattern]) -> Vec<String> {
        let covers = |patterns: &[SitePattern], site: &Site| patterns.iter().any(|pattern| pattern.covers(site));
        let mut remarks = Vec::new();
        for (site, SiteSettings { mode, crm_id, .. }) in self.settings.sites() {
            if !covers(grants, site) && !covers(permits, site) {
                remarks.push(format!(
                    "{site} has settings, but this build may not see it: add --grant {site}, or have the tester enable it in the popup"
                ));
            }
            if *mode == Mode::Inject && crm_id.is_none() {
                remarks.push(format!("{site} has the mode \"inject\" and no \"crmId\": its starts go out as written"));
            } else if *mode == Mode::Observe && crm_id.is_some() {
                remarks
                    .push(format!("{site} has a \"crmId\" and not the mode \"inject\": its starts go out as written"));
            }
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(site: &str, grants: &[&str], permits: &[&str], expected: &[&str]) {
        let text = format!(r#"{{"version":1,"sites":{{"https://shop.example":{site}}}}}"#);
        let settings = Settings::parse(&text).unwrap();
        let patterns =
            |texts: &[&str]| -> Vec<SitePattern> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        let remarks = SettingsFile { text, settings }.remarks(&patterns(grants), &patterns(permits));
        let begin = |(remark, begin): (&String, &&str)| remark.starts_with(begin);
        assert!(remarks.len() == expected.len() && remarks.iter().zip(expected).all(begin), "{remarks:?}");
    }

    #[test]
    fn settings_without_effect_are_remarked_on() {
        let no_grant =
            "https://shop.example has settings, but this build may not see it: add --grant https://shop.example,";
        let no_id = "https://shop.example has the mode \"inject\" and no \"crmId\"";
        let no_mode = "https://shop.example has a \"crmId\" and not the mode \"inject\"";
        let whole = r#"{"mode":"inject","crmId":"CRM-1"}"#;
        check(whole, &["https://*.shop.example/*"], &[], &[]);
        check(whole, &[], &["https://shop.example"], &[]);
        check(whole, &["http://shop.example", "https://example"], &[], &[no_grant]);
        check(r#"{"mode":"inject"}"#, &["https://shop.example"], &[], &[no_id]);
        check(r#"{"crmId":"CRM-1"}"#, &[], &[], &[no_grant, no_mode]);
        check("{}", &["https://shop.example"], &[], &[]);
    }
}
