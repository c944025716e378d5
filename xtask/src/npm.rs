//! Provides Node.js and the npm packages of `tests/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::program::{self, Run};
use crate::workspace::Workspace;

/// The oldest Node.js whose test runner knows all options that are used.
pub(crate) const OLDEST_NODE: u32 = 20;

/// Installs the packages of `tests/package-lock.json` if they are missing or older than that file.
pub(crate) fn provide(workspace: &Workspace) -> Result<()> {
    if program::find("node").is_none() || program::find("npm").is_none() {
        if !debian::can_install() {
            bail!("Node.js {OLDEST_NODE} or later is needed, with npm; {}", how_to_install());
        }
        debian::install(&["nodejs", "npm"])?;
    }
    check_node(&node_version()?)?;
    if are_current(workspace) {
        return Ok(());
    }
    eprintln!("npm: installing the packages of tests/package-lock.json");
    Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"])
        .current_dir(workspace.tests())
        .run_aside()
        .context("the npm packages could not be installed; see npm's own words above")
}

/// Whether the packages are as new as the file that lists them.
pub(crate) fn are_current(workspace: &Workspace) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let tests = workspace.tests();
    // npm writes its own list last, so an interrupted installation has none.
    changed(&tests.join("node_modules/.package-lock.json")) >= changed(&tests.join("package-lock.json"))
}

/// A script of an npm package, as a command. It is started by node, so that neither a shell nor a symbolic link is needed.
pub(crate) fn script(workspace: &Workspace, path: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(package_file(workspace, path)).current_dir(workspace.root());
    // web-ext would look for a newer version of itself.
    command.env("NO_UPDATE_NOTIFIER", "1");
    command
}

fn package_file(workspace: &Workspace, path: &str) -> PathBuf {
    workspace.tests().join("node_modules").join(path)
}

/// Such as `v20.20.2`.
pub(crate) fn node_version() -> Result<String> {
    Ok(Command::new("node").arg("--version").read()?.trim().to_owned())
}

/// Refuses a Node.js that is too old.
pub(crate) fn check_node(version: &str) -> Result<()> {
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        Some(_) | None => bail!("Node.js {version} is older than {OLDEST_NODE}, which is needed; {}", how_to_install()),
    }
}

pub(crate) fn how_to_install() -> String {
    debian::how_to_install("nodejs npm", "nodejs npm", "nodejs npm", "node")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: &str, expected: bool) {
        assert_eq!(check_node(version).is_ok(), expected, "{version}");
    }

    #[test]
    fn an_old_node_is_refused() {
        check("v20.20.2", true);
        check("v24.0.0", true);
        check("v18.20.4", false);
        check("", false);
    }
}
