//! Makes the extension as a directory that Chromium and Firefox load.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use callsign::session::site::SitePattern;
use callsign::start::profile;
use callsign::view::words::words_of_all_rules;
use clap::Args;

use crate::files::{self, Files};
use crate::manifest::Manifest;
use crate::minify::{INTERNAL_OF_PAGE, INTERNAL_OF_RELAY, minify, minify_stripped};
use crate::page_script;
use crate::settings_file::SettingsFile;
use crate::wasm_module;
use crate::workspace::Workspace;

/// What only a built extension has at this place.
pub(crate) const BAKED: &str = "baked.json";

/// The scripts beside the page script that run in pages.
const RUN_IN_PAGES: [&str; 2] = ["relay.js", "own_patterns.js"];

/// What to build.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct BuildOptions {
    /// Enable a site from the start, covering its first page; repeatable.
    ///
    /// An origin such as http://127.0.0.1:8080 or a match pattern such as https://*.shop.example/*. A port is ignored:
    /// Firefox refuses ports in match patterns, so every port of the host is enabled.
    #[arg(long, value_name = "ORIGIN_PATTERN")]
    pub(crate) grant: Vec<SitePattern>,

    /// Grant a site to the extension without enabling it, for testing the popup's enable button; repeatable.
    #[arg(long, value_name = "ORIGIN_PATTERN")]
    pub(crate) permit: Vec<SitePattern>,

    /// Start with these settings instead of the defaults.
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,

    /// Where to put the extension; replaced if it is there [default: dist/extension].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Let every call of a page wait for a verdict, for testing that no page can tell.
    #[arg(long)]
    pub(crate) every_call: bool,

    /// Make the scripts as small as `pack` does; this needs Node.js.
    #[arg(long)]
    pub(crate) minify: bool,

    /// Use the WebAssembly module of the last build without asking cargo whether it is up to date.
    #[arg(long)]
    pub(crate) no_compile: bool,
}

/// Builds and tells what was made.
pub(crate) fn build(workspace: &Workspace, options: &BuildOptions) -> Result<()> {
    let (out, files) = build_quietly(workspace, options)?;
    println!("{}\n{}", workspace.shown(&out), files::table(&files));
    Ok(())
}

/// Builds and returns the directory and what is in it.
pub(crate) fn build_quietly(workspace: &Workspace, options: &BuildOptions) -> Result<(PathBuf, Files)> {
    let out = options.out.clone().unwrap_or_else(|| workspace.dist().join("extension"));
    let files = assemble(workspace, options, || {
        if options.no_compile { wasm_module::last(workspace) } else { wasm_module::compile(workspace) }
    })?;
    files::write(&files, &out, BAKED)?;
    Ok((out, files))
}

/// Makes all files of the extension, in memory, around the WebAssembly module, which is asked for once the quick checks are done.
pub(crate) fn assemble(
    workspace: &Workspace,
    options: &BuildOptions,
    module: impl FnOnce() -> Result<Files>,
) -> Result<Files> {
    let settings = options.settings.as_deref().map(SettingsFile::read).transpose()?;
    for remark in settings.iter().flat_map(|file| file.remarks(&options.grant, &options.permit)) {
        eprintln!("settings: {remark}");
    }
    let mut manifest = read_manifest(workspace)?;
    manifest.grant(&options.grant)?;
    manifest.permit(&options.permit)?;

    let mut made = Files::new();
    made.insert("manifest.json".to_owned(), manifest.text()?.into_bytes());
    let page = read_page_script(workspace, options.every_call, settings.as_ref())?.into_bytes();
    made.insert(
        "page.js".to_owned(),
        if options.minify { minify_stripped(workspace, &page, &INTERNAL_OF_PAGE)? } else { page },
    );
    made.insert(
        BAKED.to_owned(),
        baked(settings.as_ref().map(|file| file.text.as_str()), &options.grant)?.into_bytes(),
    );
    made.insert("words.json".to_owned(), words_of_all_rules().into_bytes());

    let mut extension = files::read(&workspace.extension(), is_shipped)?;
    for name in RUN_IN_PAGES {
        if let Some(script) = extension.get_mut(name) {
            let stripped = page_script::strip(&format!("extension/{name}"), script)?.into_bytes();
            *script =
                if options.minify { minify_stripped(workspace, &stripped, &INTERNAL_OF_RELAY)? } else { stripped };
        }
    }
    let mut module = module()?;
    if let Some(script) = module.get_mut("callsign.js").filter(|_| options.minify) {
        // Each background that wakes reads it.
        *script = minify(workspace, script)?;
    }
    extension.extend(module.into_iter().map(|(path, contents)| (format!("wasm/{path}"), contents)));
    if let Some(path) = extension.keys().find(|path| made.contains_key(path.as_str())) {
        bail!("extension/{path} would be replaced by the {path} that is made; give it another name");
    }
    made.extend(extension);
    Ok(made)
}

/// The manifest as it lies in the checkout.
pub(crate) fn read_manifest(workspace: &Workspace) -> Result<Manifest> {
    let path = workspace.manifest();
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    Manifest::parse(&text, env!("CARGO_PKG_VERSION"))
}

/// The page script, with the quick test of the built-in profiles and of those that the settings come with.
fn read_page_script(workspace: &Workspace, every_call: bool, settings: Option<&SettingsFile>) -> Result<String> {
    let page = files::read(&workspace.extension().join("page"), is_shipped)?;
    let own = settings.map_or(&[][..], |file| &file.settings.own_vendors);
    page_script::join(&page, &if every_call { profile::every_call() } else { profile::quick_test(own) })
}

/// What the extension reads at its first start.
fn baked(settings: Option<&str>, grants: &[SitePattern]) -> Result<String> {
    let grants: Vec<&str> = grants.iter().map(SitePattern::as_str).collect();
    let grants = serde_json::to_string(&grants)?;
    let settings = settings.unwrap_or("null").trim();
    let vendors = profile::BUILT_IN;
    Ok(format!("{{\"settings\":{settings},\"grants\":{grants},\"vendors\":{vendors}}}\n"))
}

/// The page's files are joined into one; the rest of what is left out only serves the type checker.
fn is_shipped(path: &str) -> bool {
    !path.starts_with("page/") && !path.ends_with(".d.ts") && path != "jsconfig.json"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn baked_settings_keep_their_spelling() {
        let grants = ["http://a.example".parse().unwrap()];
        let with_vendors = |start: &str| format!("{start},\"vendors\":{}}}\n", profile::BUILT_IN);
        assert!(baked(None, &[]).unwrap() == with_vendors("{\"settings\":null,\"grants\":[]"));
        let with_both = with_vendors("{\"settings\":{\"b\": 1e2},\"grants\":[\"http://a.example/*\"]");
        assert!(baked(Some("{\"b\": 1e2}\n"), &grants).unwrap() == with_both);
    }

    #[track_caller]
    fn check(path: &str, expected: bool) {
        assert_eq!(is_shipped(path), expected, "{path}");
    }

    #[test]
    fn only_what_a_browser_reads_is_shipped() {
        check("panel.js", true);
        check("icons/16.png", true);
        check("page/fetch.js", false);
        check("page.d.ts", false);
        check("jsconfig.json", false);
    }
}
