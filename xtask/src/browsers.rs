//! Finds the browsers that the tests drive, and installs them where that needs nobody's consent.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::debian;
use crate::manifest::Browser;
use crate::program::{self, Run};

impl Browser {
    /// The variable that names the program, for xtask as for the scripts it starts.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Chromium => "CHROMIUM",
            Self::Firefox => "FIREFOX",
        }
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
            Self::Firefox => &["firefox-esr", "firefox"],
        }
    }

    fn applications(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &[
                "/Applications/Chromium.app/Contents/MacOS/Chromium",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ],
            Self::Firefox => &["/Applications/Firefox.app/Contents/MacOS/firefox"],
        }
    }

    fn debian_package(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox-esr",
        }
    }

    /// What the tester can do when there is none.
    pub(crate) fn how_to_get(self) -> String {
        let install = match self {
            Self::Chromium => debian::how_to_install("chromium", "chromium", "chromium", "--cask chromium"),
            Self::Firefox => debian::how_to_install("firefox-esr", "firefox", "firefox", "--cask firefox"),
        };
        format!("{install}, or set {} to the program's path", self.variable())
    }
}

/// The program of a browser: the one that the variable names, else the first on the `PATH`.
pub(crate) fn find(browser: Browser) -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os(browser.variable()).filter(|named| !named.is_empty()) {
        let path = PathBuf::from(&named);
        let found = if path.components().count() > 1 { Some(path) } else { program::find(&named.to_string_lossy()) };
        return match found.filter(|path| path.is_file()) {
            Some(path) => Ok(Some(path)),
            None => bail!("{}={} names no program; correct or unset it", browser.variable(), named.display()),
        };
    }
    let on_path = browser.programs().iter().find_map(|name| program::find(name));
    let application = || browser.applications().iter().map(PathBuf::from).find(|path| path.is_file());
    Ok(on_path.or_else(application))
}

/// The program of a browser, installed if there is none.
pub(crate) fn provide(browser: Browser) -> Result<PathBuf> {
    if let Some(path) = find(browser)? {
        return Ok(path);
    }
    if debian::can_install() {
        debian::install(&[browser.debian_package()])?;
    }
    match find(browser)? {
        Some(path) => Ok(path),
        None => bail!("there is no {} here; {}", browser.name(), browser.how_to_get()),
    }
}

/// What a browser says of its version, such as `Mozilla Firefox 153.0`.
pub(crate) fn version(program: &PathBuf) -> Result<String> {
    Ok(Command::new(program).arg("--version").read()?.trim().to_owned())
}
