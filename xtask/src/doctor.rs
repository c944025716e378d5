//! Tells what of all that is needed was found, where, and what to do about what was not.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::browsers;
use crate::debian;
use crate::debian_rust;
use crate::manifest::Browser;
use crate::npm;
use crate::program::{self, Run};
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::Workspace;

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    /// It is here.
    Here(String),
    /// It is not, but a command that needs it gets it, or nothing needs it.
    NotYet(String),
    /// It is not, and the tester must do this.
    Missing(String),
}

/// Prints one line a thing.
pub(crate) fn doctor(workspace: &Workspace) -> Result<ExitCode> {
    let mut findings = vec![
        ("cargo", tool(&program::cargo(workspace).get_program().to_string_lossy(), &["--version"], RUST)),
        ("rustc", tool("rustc", &["--version"], RUST)),
        ("rustfmt", tool("rustfmt", &["--version"], "run `rustup component add rustfmt`")),
        ("clippy", tool("cargo-clippy", &["--version"], "run `rustup component add clippy`")),
        ("wasm", wasm(workspace)),
        ("rust-lld", linker()),
        ("apt", apt()),
        ("node", node()),
        ("npm", npm_tool()),
        ("packages", packages(workspace)),
    ];
    findings.extend(Browser::ALL.map(|browser| (browser.name(), browser_program(browser))));
    let (text, missing) = report(&findings);
    print!("{text}");
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const RUST: &str = "install Rust with rustup, 1.88 or later";

fn report(findings: &[(&str, Found)]) -> (String, usize) {
    let mut text = String::new();
    let mut missing = 0;
    for (name, found) in findings {
        let (mark, words) = match found {
            Found::Here(words) => ("ok", words),
            Found::NotYet(words) => ("-", words),
            Found::Missing(words) => {
                missing += 1;
                ("MISSING", words)
            }
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{mark:7}  {name:8}  {words}");
    }
    let _ = match missing {
        0 => writeln!(text, "\nAll that is needed is here, or is got when it is needed."),
        1 => writeln!(text, "\nOne thing is missing; see above what to do."),
        _ => writeln!(text, "\n{missing} things are missing; see above what to do."),
    };
    (text, missing)
}

fn tool(program: &str, arguments: &[&str], remedy: &str) -> Found {
    match Command::new(program).args(arguments).read() {
        Ok(version) => Found::Here(format!("{}  {}", version.trim(), place(program))),
        Err(_) => Found::Missing(remedy.to_owned()),
    }
}

fn place(program: &str) -> String {
    if Path::new(program).components().count() > 1 {
        return program.to_owned();
    }
    program::find(program).map(|path| path.display().to_string()).unwrap_or_default()
}

fn wasm(workspace: &Workspace) -> Found {
    match WasmToolchain::find(workspace) {
        Ok(Some(toolchain)) => Found::Here(toolchain.description),
        Ok(None) => match (program::find("rustup").is_some(), debian::is_here()) {
            (true, true) => Found::NotYet("no compiler yet; rustup is asked, then Debian's packages".to_owned()),
            (true, false) => Found::NotYet("no compiler yet; rustup is asked for it".to_owned()),
            (false, true) => Found::NotYet("no compiler yet; it is made from Debian's packages".to_owned()),
            (false, false) => {
                Found::Missing("install rustup, or your system's Rust with wasm32-unknown-unknown".to_owned())
            }
        },
        Err(error) => Found::Missing(format!("{error:#}")),
    }
}

fn linker() -> Found {
    match debian_rust::linker() {
        Ok(path) => Found::Here(path.display().to_string()),
        Err(error) => Found::NotYet(format!("only Debian's compiler needs it: {error:#}")),
    }
}

fn apt() -> Found {
    match (debian::is_here(), debian::can_install()) {
        (true, true) => Found::Here("Debian's packages, installed where something is missing".to_owned()),
        (true, false) => Found::Here("Debian's packages, downloaded only: installing needs root".to_owned()),
        (false, _) => Found::NotYet("no Debian; nothing is installed by itself".to_owned()),
    }
}

fn node() -> Found {
    match npm::node_version() {
        Ok(version) => match npm::check_node(&version) {
            Ok(()) => Found::Here(format!("{version}  {}", place("node"))),
            Err(error) => Found::Missing(format!("{error:#}")),
        },
        Err(_) => not_installed(npm::how_to_install()),
    }
}

fn npm_tool() -> Found {
    match Command::new("npm").arg("--version").read() {
        Ok(version) => Found::Here(format!("{}  {}", version.trim(), place("npm"))),
        Err(_) => not_installed(npm::how_to_install()),
    }
}

fn packages(workspace: &Workspace) -> Found {
    if npm::are_current(workspace) {
        Found::Here("as tests/package-lock.json lists them  tests/node_modules".to_owned())
    } else {
        Found::NotYet("missing or older than tests/package-lock.json; npm ci is run".to_owned())
    }
}

fn browser_program(browser: Browser) -> Found {
    match browsers::find(browser) {
        Ok(Some(program)) => match browsers::version(&program) {
            Ok(version) => Found::Here(format!("{version}  {}", program.display())),
            Err(error) => Found::Missing(format!("{error:#}; {}", browser.how_to_get())),
        },
        Ok(None) => not_installed(browser.how_to_get()),
        Err(error) => Found::Missing(format!("{error:#}")),
    }
}

/// A program that Debian has and root can install is got when it is needed.
fn not_installed(how: String) -> Found {
    if debian::can_install() { Found::NotYet("installed when it is needed".to_owned()) } else { Found::Missing(how) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_tester_must_do_counts_as_missing() {
        let here = ("node", Found::Here("v20".to_owned()));
        let not_yet = ("wasm", Found::NotYet("later".to_owned()));
        let missing = ("firefox", Found::Missing("install it".to_owned()));
        assert_eq!(report(&[here.clone(), not_yet.clone()]).1, 0);
        let (text, count) = report(&[here, not_yet, missing]);
        assert_eq!(count, 1);
        assert!(text.contains("MISSING  firefox   install it\n"), "{text}");
    }
}
