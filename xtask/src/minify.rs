//! Makes a script as small as it goes out to pages, with esbuild; what it means stays.

use std::io::Write;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::npm;
use crate::workspace::Workspace;

/// The oldest browsers that the manifest admits know all of it.
const TARGET: &str = "--target=chrome121,firefox128";

/// The same script without spaces, comments and long names.
pub(crate) fn minify(workspace: &Workspace, script: &[u8]) -> Result<Vec<u8>> {
    npm::provide(workspace)?;
    let mut command = npm::script(workspace, "esbuild/bin/esbuild");
    command.args(["--minify", "--legal-comments=none", "--log-level=error", TARGET]);
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
