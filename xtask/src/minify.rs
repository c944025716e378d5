//! Makes a script as small as it goes out to pages, with esbuild; what it means stays.

use std::io::Write;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::npm;
use crate::workspace::Workspace;

/// The oldest browsers that the manifest admits know all of it.
const TARGET: &str = "--target=chrome121,firefox128";

/// Properties of objects that never leave the page script, and that are no native's either: they get short names. One
/// that a message or the browser has may not stand here.
pub(crate) const INTERNAL_OF_PAGE: [&str; 43] = [
    "about",
    "among",
    "args",
    "asked",
    "begun",
    "calls",
    "closing",
    "copy",
    "data",
    "edited",
    "end",
    "first",
    "hasMore",
    "held",
    "isAtOnce",
    "isBodyKnown",
    "isClosing",
    "isPassing",
    "isSent",
    "isSilent",
    "isStart",
    "isSync",
    "judged",
    "known",
    "last",
    "left",
    "limit",
    "list",
    "mime",
    "native",
    "next",
    "owner",
    "page",
    "path",
    "read",
    "release",
    "request",
    "self",
    "signed",
    "size",
    "sought",
    "waited",
    "written",
];

/// The same of scripts that stand alone: they do not take what they use from the browser first, so `data` is the browser's.
pub(crate) const INTERNAL_OF_RELAY: [&str; 4] = ["answers", "reports", "start", "told"];

/// The same script without spaces, comments and long names.
pub(crate) fn minify(workspace: &Workspace, script: &[u8]) -> Result<Vec<u8>> {
    esbuild(workspace, script, &[])
}

/// The same of a script of our own whose lines are stripped: declarations and internal names too are as short as can be.
pub(crate) fn minify_stripped(workspace: &Workspace, script: &[u8], internal: &[&str]) -> Result<Vec<u8>> {
    let (script, numbers) = loose(str::from_utf8(script)?);
    let mut arguments = vec![format!("--mangle-props=^({})$", internal.join("|"))];
    arguments.extend(numbers.into_iter().map(|(name, number)| format!("--define:{name}={}", number.replace('_', ""))));
    esbuild(workspace, script.as_bytes(), &arguments)
}

/// With `let` for `const`, so that declarations can be joined, and without the numbers that have a NAME, which are to be
/// written out where they are used. The type checker has seen that nothing is assigned to them.
fn loose(script: &str) -> (String, Vec<(&str, &str)>) {
    let mut loose = String::new();
    let mut numbers = Vec::new();
    for line in script.lines() {
        let declared = line.strip_prefix("const ");
        let number = declared.and_then(|rest| rest.strip_suffix(';')?.split_once(" = "));
        let is_named = |name: &str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let is_number = |value: &str| value.replace('_', "").parse::<f64>().is_ok();
        match (number.filter(|(name, value)| is_named(name) && is_number(value)), declared) {
            (Some(number), _) => numbers.push(number),
            (None, Some(rest)) => loose += &format!("let {rest}\n"),
            (None, None) => loose += &format!("{line}\n"),
        }
    }
    (loose, numbers)
}

fn esbuild(workspace: &Workspace, script: &[u8], more: &[String]) -> Result<Vec<u8>> {
    npm::provide(workspace)?;
    let mut command = npm::script(workspace, "esbuild/bin/esbuild");
    command.args(["--minify", "--legal-comments=none", "--log-level=error", TARGET]).args(more);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("node could not be started; `cargo xtask doctor` tells what is missing")?;
    child.stdin.take().context("esbuild takes no input")?.write_all(script)?;
    let output = child.wait_with_output()?;
    if !output.status.success() || output.stdout.is_empty() {
        bail!("esbuild could not make the script smaller; see its own words above");
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_at_the_beginning_of_a_line_are_loose_and_numbers_have_no_name() {
        assert_eq!(
            loose("const a = b;\nfor (const c of a) {\nconst d = \"const \";\n}\nconst E_F = 2_000;"),
            ("let a = b;\nfor (const c of a) {\nlet d = \"const \";\n}\n".to_owned(), vec![("E_F", "2_000")])
        );
    }

    #[test]
    fn no_message_has_an_internal_name() {
        let wire = [include_str!("../../src/message.rs"), include_str!("../../src/start/candidate.rs")];
        for name in INTERNAL_OF_PAGE.iter().chain(&INTERNAL_OF_RELAY) {
            assert!(!wire.iter().any(|source| source.contains(&format!(": \"{name}\""))), "{name}");
        }
    }
}
