//! Prepares everything that the scripts of `tests/browser/` need, and runs them.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::browsers;
use crate::build::{self, BuildOptions};
use crate::manifest::Browser;
use crate::npm;
use crate::pack;
use crate::program::{self, Run};
use crate::wasm_module;
use crate::workspace::Workspace;

/// Shows the extension at work in a browser.
pub(crate) fn demo(workspace: &Workspace, arguments: &[OsString]) -> Result<ExitCode> {
    const SCRIPT: &str = "tests/browser/demo.mjs";
    if asks_for_help(arguments) {
        return help(workspace, SCRIPT);
    }
    prepare(workspace)?;
    build::build_quietly(workspace, &BuildOptions::default())?;
    finish(node(workspace)?.arg(SCRIPT).args(arguments))
}

/// Measures the packed extension.
pub(crate) fn bench(workspace: &Workspace, arguments: &[OsString]) -> Result<ExitCode> {
    const SCRIPT: &str = "tests/browser/bench.mjs";
    if asks_for_help(arguments) {
        return help(workspace, SCRIPT);
    }
    prepare(workspace)?;
    pack::pack(workspace)?;
    let mut node = node(workspace)?;
    node.env("CALLSIGN_PACK_DIR", workspace.dist());
    node.env("CALLSIGN_BENCH", compile_bench(workspace)?);
    node.env("CALLSIGN_BENCH_WASM", wasm_module::compile_bench(workspace)?);
    finish(node.arg(SCRIPT).args(arguments))
}

fn asks_for_help(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--help" || argument == "-h")
}

/// Lets a script say what it takes, which needs no build.
fn help(workspace: &Workspace, script: &str) -> Result<ExitCode> {
    npm::provide(workspace)?;
    finish(Command::new("node").current_dir(workspace.root()).args([script, "--help"]))
}

/// Bundles the chat clients that the playground's pages load.
pub(crate) fn bundle_clients(workspace: &Workspace) -> Result<()> {
    Command::new("node").arg("tests/clients/build.mjs").current_dir(workspace.root()).run_aside()
}

/// Compiles the local chat service and tells where its program is.
pub(crate) fn compile_playground(workspace: &Workspace) -> Result<PathBuf> {
    // The whole workspace, so that what the native tests compiled is used again.
    compile_program(workspace, &["--workspace", "--bin", "playground"])
}

/// Compiles what times the Rust alone, as fast as it gets, and tells where its program is.
fn compile_bench(workspace: &Workspace) -> Result<PathBuf> {
    compile_program(workspace, &["--release", "--package", "callsign-bench", "--bin", "callsign-bench"])
}

fn compile_program(workspace: &Workspace, which: &[&str]) -> Result<PathBuf> {
    let messages = program::cargo(workspace)
        .arg("build")
        .args(which)
        .arg("--message-format=json-render-diagnostics")
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    let executable = executable_in(&String::from_utf8_lossy(&messages.stdout));
    executable.with_context(|| format!("`cargo build {}` made no program; see its output above", which.join(" ")))
}

/// A node that knows, by its environment, where everything is that the scripts start.
pub(crate) fn node(workspace: &Workspace) -> Result<Command> {
    let mut command = Command::new("node");
    command.current_dir(workspace.root());
    for browser in Browser::ALL {
        command.env(browser.variable(), browsers::provide(browser)?);
    }
    command.env("CALLSIGN_XTASK", env::current_exe().context("the place of this xtask is not known")?);
    command.env("CALLSIGN_PLAYGROUND", compile_playground(workspace)?);
    Ok(command)
}

fn prepare(workspace: &Workspace) -> Result<()> {
    npm::provide(workspace)?;
    bundle_clients(workspace)
}

/// Becomes the script, so that Ctrl+C is the script's to take and its exit code is the command's.
#[cfg(unix)]
fn finish(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("node could not be started")
}

/// Runs to the end and passes the exit code on; the script has said itself what is wrong.
#[cfg(not(unix))]
fn finish(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().context("node could not be started")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The program among cargo's messages, one JSON object a line.
fn executable_in(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_read_from_cargos_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":null}\n{\"executable\":\"/t/playground\"}\n{\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable_in(messages), Some(PathBuf::from("/t/playground")));
        assert_eq!(executable_in("{\"reason\":\"build-finished\",\"success\":false}\n"), None);
    }
}
