//! Asks Debian's package tools: what there is, what is installed, and to install more.

use std::path::Path;
use std::process::Command;
use std::sync::Once;

use anyhow::{Context, Result, bail};

use crate::program::{self, Run};

/// Whether this system has Debian's package tools.
pub(crate) fn is_here() -> bool {
    ["apt-get", "apt-cache", "dpkg-deb", "dpkg-query"].iter().all(|tool| program::find(tool).is_some())
}

/// Whether packages can be installed without asking the tester for a password.
pub(crate) fn can_install() -> bool {
    is_here() && is_root()
}

/// Installs packages for the whole system.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    eprintln!("installing Debian's {}", packages.join(", "));
    update();
    Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends", "-q"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run_aside()
}

/// The version that would be installed, if the package lists know one.
pub(crate) fn candidate(package: &str) -> Option<String> {
    let policy = Command::new("apt-cache").args(["policy", package]).env("LC_ALL", "C").read().ok()?;
    candidate_in(&policy)
}

/// The names of the packages that this one depends on, in any version.
pub(crate) fn dependencies(package: &str) -> Result<Vec<String>> {
    let shown = Command::new("apt-cache").args(["show", "--no-all-versions", package]).env("LC_ALL", "C").read()?;
    Ok(dependencies_in(&shown))
}

pub(crate) fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .read()
        .is_ok_and(|status| status == "installed")
}

/// Refreshes the package lists, once in this run; without the right to, the old lists stay.
pub(crate) fn update() {
    static UPDATED: Once = Once::new();
    UPDATED.call_once(|| {
        eprintln!("refreshing Debian's package lists");
        if let Err(error) = Command::new("apt-get").args(["update", "-q"]).read() {
            eprintln!("the package lists stay as they are: {error:#}");
        }
    });
}

/// Downloads packages into a directory without installing them.
pub(crate) fn download(packages: &[String], directory: &Path) -> Result<()> {
    let fetch = || {
        Command::new("apt-get")
            // Root's download would otherwise warn that the user _apt cannot write here.
            .args(["download", "-q", "-o", "APT::Sandbox::User=root"])
            .args(packages)
            .current_dir(directory)
            .read()
    };
    // Old lists name packages that are no longer served.
    if fetch().is_err() {
        update();
        fetch().context("Debian's packages could not be downloaded")?;
    }
    Ok(())
}

/// Unpacks a downloaded package below a directory.
pub(crate) fn unpack(package: &Path, directory: &Path) -> Result<()> {
    Command::new("dpkg-deb").arg("-x").args([package, directory]).read().map(drop)
}

/// The packages that a system of this kind needs for a program, as a command for its tester.
pub(crate) fn how_to_install(debian: &str, fedora: &str, arch: &str, homebrew: &str) -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is = |name: &str| {
        release.lines().any(|line| {
            let (key, value) = line.split_once('=').unwrap_or_default();
            matches!(key, "ID" | "ID_LIKE") && value.trim_matches('"').split(' ').any(|word| word == name)
        })
    };
    if cfg!(target_os = "macos") {
        format!("run `brew install {homebrew}`")
    } else if is("debian") || is("ubuntu") {
        format!("run `sudo apt-get install {debian}`")
    } else if is("fedora") || is("rhel") {
        format!("run `sudo dnf install {fedora}`")
    } else if is("arch") {
        format!("run `sudo pacman -S {arch}`")
    } else {
        format!("install {debian} with your system's package manager")
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").read().is_ok_and(|id| id.trim() == "0")
}

fn candidate_in(policy: &str) -> Option<String> {
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (version != "(none)").then(|| version.to_owned())
}

fn dependencies_in(shown: &str) -> Vec<String> {
    let field = |name: &str| shown.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    field("Pre-Depends: ")
        .split(", ")
        .chain(field("Depends: ").split(", "))
        .filter_map(|dependency| dependency.split([' ', ':', '|']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Refuses a version that is older than what the workspace needs. Debian's has further parts, as in `1.96.0+dfsg1-1`.
pub(crate) fn check_not_older(version: &str, needed: &str) -> Result<()> {
    let numbers = |text: &str| -> Vec<u32> {
        text.split(['.', '+', '-', '~']).map_while(|part| part.parse().ok()).take(3).collect()
    };
    if numbers(version) < numbers(needed) {
        bail!("version {version} is older than {needed}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidate_is_read_from_the_policy() {
        let policy = "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1~deb12u2\n  Version table:\n";
        assert_eq!(candidate_in(policy).as_deref(), Some("1.96.0+dfsg1-1~deb12u2"));
        assert_eq!(candidate_in("rustc-web:\n  Candidate: (none)\n"), None);
        assert_eq!(candidate_in(""), None);
    }

    #[test]
    fn dependencies_are_names_only() {
        let shown = "Package: x\nPre-Depends: a (>= 1)\nDepends: libc6 (>= 2.34), b | c, d:any, e\nSuggests: f\n";
        assert_eq!(dependencies_in(shown), ["a", "libc6", "b", "d", "e"]);
        assert!(dependencies_in("Package: x\n").is_empty());
    }

    #[track_caller]
    fn check(version: &str, needed: &str, expected: bool) {
        assert_eq!(check_not_older(version, needed).is_ok(), expected, "{version} against {needed}");
    }

    #[test]
    fn versions_compare_by_number() {
        check("1.96.0+dfsg1-1~deb12u2", "1.88", true);
        check("1.88.0+dfsg1-1", "1.88", true);
        check("1.85.0+dfsg3-1~deb12u3", "1.88", false);
        check("1.100.0", "1.88", true);
    }
}
