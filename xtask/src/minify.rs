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
const INTERNAL: [&str; 43] = [
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

/// The same script without spaces, comments and long names.
pub(crate) fn minify(workspace: &Workspace, script: &[u8]) -> Result<Vec<u8>> {
    esbuild(workspace, script, &[])
}

/// The same of a script of our own whose lines are stripped: declarations and internal names too are as short as can be.
pub(crate) fn minify_stripped(workspace: &Workspace, script: &[u8]) -> Result<Vec<u8>> {
    let internal = format!("--mangle-props=^({})$", INTERNAL.join("|"));
    esbuild(workspace, loose(str::from_utf8(script)?).as_bytes(), &[&internal])
}

/// With `let` for `const`, so that declarations can be joined. The type checker has seen that none is assigned to.
fn loose(script: &str) -> String {
    let line = |line: &str| line.strip_prefix("const ").map_or_else(|| line.to_owned(), |rest| format!("let {rest}"));
    script.lines().map(|text| line(text) + "\n").collect()
}

fn esbuild(workspace: &Workspace, script: &[u8], more: &[&str]) -> Result<Vec<u8>> {
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
    fn declarations_at_the_beginning_of_a_line_are_loose() {
        assert_eq!(
            loose("const a = 1;\nfor (const b of c) {\nconst d = \"const \";\n}"),
            "let a = 1;\nfor (const b of c) {\nlet d = \"const \";\n}\n"
        );
    }

    #[test]
    fn no_message_has_an_internal_name() {
        let wire = [include_str!("../../src/message.rs"), include_str!("../../src/start/candidate.rs")];
        for name in INTERNAL {
            assert!(!wire.iter().any(|source| source.contains(&format!(": \"{name}\""))), "{name}");
        }
    }
}
