//! Finds, or gets, a Rust compiler that can make the extension's WebAssembly module.
//!
//! Three ways, in this order: the target `wasm32-unknown-unknown` is already installed; `rustup` adds it; Debian's
//! packages provide a private compiler under `target/`. Once that private compiler is there it is used at once, so that
//! a `rustup` that cannot reach its server is asked only once.
//!
//! The module is some 25 KB larger with the first two ways: a stable compiler takes the library as it is, compiled for
//! speed and with its panics' messages.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian_rust::DebianRust;
use crate::program::{self, Run};
use crate::workspace::Workspace;

/// The compiler target of the extension's module.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The variable that forces one way.
const FORCED: &str = "CALLSIGN_WASM_TOOLCHAIN";

/// The module's memory begins with the stack. With 896 KB of it, and not 1 MB, what stands behind it ends below 1 MB, and
/// each mention of it in the module's code is a byte shorter: 2 KB.
const STACK: &str = "-Clink-arg=-zstack-size=917504";

/// How cargo must be called to compile for [`TARGET`].
#[derive(Debug)]
pub(crate) struct WasmToolchain {
    /// The way that was taken and why, for the tester to read.
    pub(crate) description: String,
    environment: Vec<(&'static str, OsString)>,
    /// The `cargo-clippy` of the compiler, when it is not cargo's own.
    clippy: Option<PathBuf>,
}

impl WasmToolchain {
    /// Finds a toolchain without changing anything, or tells that one must be got first.
    pub(crate) fn find(workspace: &Workspace) -> Result<Option<Self>> {
        Ok(match Forced::from_environment()? {
            Some(Forced::Installed | Forced::Rustup) => installed(workspace)?,
            Some(Forced::Debian) => DebianRust::find(workspace)?.map(|rust| debian(workspace, &rust)),
            None => match installed(workspace)? {
                Some(toolchain) => Some(toolchain),
                None => DebianRust::find(workspace)?.map(|rust| debian(workspace, &rust)),
            },
        })
    }

    /// Finds a toolchain, or gets one.
    pub(crate) fn obtain(workspace: &Workspace) -> Result<Self> {
        let forced = Forced::from_environment()?;
        if forced != Some(Forced::Rustup)
            && let Some(toolchain) = Self::find(workspace)?
        {
            return Ok(toolchain);
        }
        match forced {
            Some(Forced::Installed) => bail!(
                "{FORCED}=installed, but the compiler on the PATH has no {TARGET}; add it with your system's package manager or with `rustup target add {TARGET}`, or unset {FORCED}"
            ),
            Some(Forced::Rustup) => rustup(workspace),
            Some(Forced::Debian) => Ok(debian(workspace, &DebianRust::obtain(workspace)?)),
            None => either(workspace),
        }
    }

    /// A `cargo` command for [`TARGET`], without its target directory being the native one.
    pub(crate) fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Command {
        let mut command = program::cargo(workspace);
        command.arg(subcommand);
        self.prepare(&mut command);
        command
    }

    /// `cargo clippy` for [`TARGET`], with the clippy that belongs to the compiler.
    pub(crate) fn clippy(&self, workspace: &Workspace) -> Command {
        let Some(clippy) = &self.clippy else { return self.cargo(workspace, "clippy") };
        let mut command = Command::new(clippy);
        command.arg("clippy").current_dir(workspace.root());
        command.env("CARGO", program::cargo(workspace).get_program());
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.args(["--target", TARGET]);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Forced {
    Installed,
    Rustup,
    Debian,
}

impl Forced {
    fn from_environment() -> Result<Option<Self>> {
        match env::var(FORCED).as_deref() {
            Err(_) | Ok("") => Ok(None),
            Ok("installed") => Ok(Some(Self::Installed)),
            Ok("rustup") => Ok(Some(Self::Rustup)),
            Ok("debian") => Ok(Some(Self::Debian)),
            Ok(other) => bail!("{FORCED}={other} is not known; use installed, rustup or debian, or unset it"),
        }
    }
}

/// Asks `rustup`, then Debian, and keeps both answers for the message if neither helps.
fn either(workspace: &Workspace) -> Result<WasmToolchain> {
    let rustup = match rustup(workspace) {
        Ok(toolchain) => return Ok(toolchain),
        Err(error) => error,
    };
    eprintln!("wasm: {rustup:#}");
    eprintln!("wasm: so a private compiler is made from Debian's packages, under target/, once");
    match DebianRust::obtain(workspace) {
        Ok(rust) => Ok(debian(workspace, &rust)),
        Err(error) => bail!(
            "no compiler for {TARGET} can be had here. Run `rustup target add {TARGET}` where rustup's server can be reached, or install your system's package of it.\n  rustup: {rustup:#}\n  Debian's packages: {error:#}"
        ),
    }
}

fn installed(workspace: &Workspace) -> Result<Option<WasmToolchain>> {
    let libraries = rustc(&["--print", "target-libdir", "--target", TARGET])?;
    let has_std = std::fs::read_dir(libraries.trim())
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")));
    if !has_std {
        return Ok(None);
    }
    let description = format!("{TARGET} of {}, installed", rustc(&["--version"])?.trim());
    Ok(Some(WasmToolchain { description, environment: common(workspace, &[]), clippy: None }))
}

fn rustup(workspace: &Workspace) -> Result<WasmToolchain> {
    if program::find("rustup").is_none() {
        bail!("there is no rustup on the PATH, so it cannot add {TARGET}");
    }
    eprintln!("wasm: rustup target add {TARGET}");
    let added = Command::new("rustup").args(["target", "add", TARGET]).env("RUST_BACKTRACE", "0").read();
    added.map_err(|error| anyhow::anyhow!(rustup_reason(&format!("{error:#}"))))?;
    let mut toolchain = installed(workspace)?
        .with_context(|| format!("rustup added {TARGET}, but rustc on the PATH is not rustup's and does not see it"))?;
    toolchain.description.push_str(" by rustup");
    Ok(toolchain)
}

/// What rustup's many lines come down to: the beginning of its `error:` and the innermost cause.
fn rustup_reason(said: &str) -> String {
    let Some((_, error)) = said.split_once("error: ") else {
        return format!("rustup could not add {TARGET}: {said}");
    };
    let mut parts = error.split(": ").flat_map(str::lines).map(str::trim).filter(|part| !part.is_empty());
    match (parts.next(), parts.last()) {
        (Some(first), Some(last)) => format!("rustup could not add {TARGET}: {first} ({last})"),
        (first, _) => format!("rustup could not add {TARGET}: {}", first.unwrap_or(said)),
    }
}

fn debian(workspace: &Workspace, rust: &DebianRust) -> WasmToolchain {
    let mut environment = common(workspace, &rust.flags());
    environment.extend(rust.environment());
    let description = format!("Debian's rustc {}, private in {}", rust.version(), workspace.shown(rust.directory()));
    WasmToolchain { description, environment, clippy: Some(rust.cargo_clippy()) }
}

/// What holds for every way: an own target directory, and no path of this machine in the module; and the flags of one.
fn common(workspace: &Workspace, own: &[&str]) -> Vec<(&'static str, OsString)> {
    let mut flags = OsString::new();
    for flag in own.iter().chain(&[STACK]) {
        flags.push(flag);
        flags.push("\u{1f}");
    }
    flags.push("--remap-path-prefix=");
    flags.push(workspace.root());
    flags.push("=callsign");
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    if let Some(home) = home {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(home.join("registry").join("src"));
        flags.push("=registry");
    }
    vec![("CARGO_TARGET_DIR", workspace.wasm_target().into()), ("CARGO_ENCODED_RUSTFLAGS", flags)]
}

fn rustc(arguments: &[&str]) -> Result<String> {
    Command::new("rustc").args(arguments).read()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, expected: &str) {
        assert_eq!(rustup_reason(said), expected);
    }

    #[test]
    fn rustup_is_quoted_in_one_line() {
        check(
            "info: downloading component rust-std\nerror: component download failed\n\nCaused by:\n    0: could not download file\n    1: Connection refused (os error 111)",
            "rustup could not add wasm32-unknown-unknown: component download failed (Connection refused (os error 111))",
        );
        check(
            "error: component download failed: could not download 'x': tcp connect error: Connection refused (os error 111)\n",
            "rustup could not add wasm32-unknown-unknown: component download failed (Connection refused (os error 111))",
        );
        check(
            "error: toolchain 'x' does not support target 'y'",
            "rustup could not add wasm32-unknown-unknown: toolchain 'x' does not support target 'y'",
        );
        check("no idea", "rustup could not add wasm32-unknown-unknown: no idea");
    }
}
