//! Edits the one manifest for a variant or a browser.

use anyhow::{Context, Result, bail};
use callsign::session::site::SitePattern;
use serde_json::{Value, json};

/// Which browser a package is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chrome, Edge and the others of their family.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Browser {
    pub(crate) const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// The name in paths and messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// The parsed manifest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest(Value);

impl Manifest {
    /// Reads the manifest and checks that it has the version of the crates.
    pub(crate) fn parse(text: &str, version: &str) -> Result<Self> {
        let manifest: Value = serde_json::from_str(text).context("manifest.json is not JSON")?;
        let own = manifest.get("version").and_then(Value::as_str).context("manifest.json has no version")?;
        if own != version {
            bail!("manifest.json has version {own}, Cargo.toml {version}; write the same in both");
        }
        Ok(Self(manifest))
    }

    /// Enables sites from the start: the extension may reach them, and its scripts run in their first page already.
    ///
    /// The relay comes first, because the page script hands it the channel at once.
    pub(crate) fn grant(&mut self, sites: &[SitePattern]) -> Result<()> {
        if sites.is_empty() {
            return Ok(());
        }
        self.permit(sites)?;
        let matches: Vec<&str> = sites.iter().map(SitePattern::as_str).collect();
        let entry = |script: &str, world: &str| {
            json!({
                "matches": matches,
                "js": [script],
                "world": world,
                "run_at": "document_start",
                "all_frames": true,
                "match_origin_as_fallback": true,
            })
        };
        let scripts = self.list("content_scripts")?;
        scripts.push(entry("relay.js", "ISOLATED"));
        scripts.push(entry("page.js", "MAIN"));
        Ok(())
    }

    /// Lets the extension reach sites that are not enabled.
    pub(crate) fn permit(&mut self, sites: &[SitePattern]) -> Result<()> {
        if sites.is_empty() {
            return Ok(());
        }
        let permissions = self.list("host_permissions")?;
        for site in sites {
            let site = Value::from(site.as_str());
            if !permissions.contains(&site) {
                permissions.push(site);
            }
        }
        Ok(())
    }

    /// Drops what only another browser reads, and would warn about here.
    pub(crate) fn trim(&mut self, browser: Browser) {
        let (top, background): (&[_], _) = match browser {
            Browser::Chromium => (&["browser_specific_settings"], "scripts"),
            Browser::Firefox => (&["minimum_chrome_version", "message_serialization"], "service_worker"),
        };
        if let Some(manifest) = self.0.as_object_mut() {
            manifest.retain(|key, _| !top.contains(&key.as_str()));
        }
        if let Some(entry) = self.0.get_mut("background").and_then(Value::as_object_mut) {
            entry.remove(background);
        }
    }

    /// The text that is shipped.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.0)? + "\n")
    }

    fn list(&mut self, key: &str) -> Result<&mut Vec<Value>> {
        let manifest = self.0.as_object_mut().context("manifest.json is no JSON object")?;
        let list = manifest.entry(key).or_insert_with(|| json!([]));
        list.as_array_mut().with_context(|| format!("{key} in manifest.json is no list"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(extra: Value) -> Manifest {
        let mut manifest = json!({ "manifest_version": 3, "version": "1.2.3" });
        if let (Some(manifest), Value::Object(extra)) = (manifest.as_object_mut(), extra) {
            manifest.extend(extra);
        }
        Manifest::parse(&manifest.to_string(), "1.2.3").unwrap()
    }

    fn sites(texts: &[&str]) -> Vec<SitePattern> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn granted_sites_get_permission_and_both_scripts() {
        let mut manifest = manifest(json!({ "host_permissions": ["http://a.example/*"] }));
        manifest.grant(&sites(&["http://a.example", "http://b.example"])).unwrap();
        assert_eq!(manifest.0["host_permissions"], json!(["http://a.example/*", "http://b.example/*"]));
        let scripts = manifest.0["content_scripts"].as_array().unwrap();
        let worlds: Vec<_> = scripts.iter().map(|script| (&script["js"][0], &script["world"])).collect();
        assert_eq!(worlds, [(&json!("relay.js"), &json!("ISOLATED")), (&json!("page.js"), &json!("MAIN"))]);
        for script in scripts {
            assert_eq!(script["matches"], json!(["http://a.example/*", "http://b.example/*"]));
            assert_eq!(script["run_at"], "document_start");
            assert_eq!(script["all_frames"], true);
            assert_eq!(script["match_origin_as_fallback"], true);
        }
    }

    #[test]
    fn permitted_sites_get_permission_only() {
        let mut manifest = manifest(json!({}));
        manifest.permit(&sites(&["http://a.example"])).unwrap();
        assert_eq!(manifest.0["host_permissions"], json!(["http://a.example/*"]));
        assert_eq!(manifest.0.get("content_scripts"), None);
    }

    #[test]
    fn without_sites_the_manifest_stays() {
        let mut edited = manifest(json!({}));
        edited.grant(&[]).unwrap();
        edited.permit(&[]).unwrap();
        assert_eq!(edited, manifest(json!({})));
    }

    #[test]
    fn each_browser_gets_its_own_keys() {
        let both = json!({
            "minimum_chrome_version": "119",
            "message_serialization": "structured_clone",
            "browser_specific_settings": { "gecko": {} },
            "background": { "service_worker": "b.js", "scripts": ["b.js"], "type": "module" },
        });
        let mut chromium = manifest(both.clone());
        chromium.trim(Browser::Chromium);
        assert_eq!(chromium.0["background"], json!({ "service_worker": "b.js", "type": "module" }));
        assert_eq!(chromium.0["minimum_chrome_version"], "119");
        assert_eq!(chromium.0["message_serialization"], "structured_clone");
        assert_eq!(chromium.0.get("browser_specific_settings"), None);
        let mut firefox = manifest(both);
        firefox.trim(Browser::Firefox);
        assert_eq!(firefox.0["background"], json!({ "scripts": ["b.js"], "type": "module" }));
        assert_eq!(firefox.0.get("minimum_chrome_version"), None);
        assert_eq!(firefox.0.get("message_serialization"), None);
        assert_ne!(firefox.0.get("browser_specific_settings"), None);
    }

    #[test]
    fn the_version_is_the_one_of_the_crates() {
        let error = Manifest::parse(r#"{"version":"1.0.0"}"#, "1.0.1").unwrap_err().to_string();
        assert_eq!(error, "manifest.json has version 1.0.0, Cargo.toml 1.0.1; write the same in both");
    }
}
