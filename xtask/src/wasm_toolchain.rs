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
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian_rust::{self, DebianRust};
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
        Ways::of(workspace).find(Forced::from_environment()?)
    }

    /// Finds a toolchain, or gets one.
    pub(crate) fn obtain(workspace: &Workspace) -> Result<Self> {
        Ways::of(workspace).obtain(Forced::from_environment()?)
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
        Self::named(&env::var(FORCED).unwrap_or_default())
    }

    fn named(name: &str) -> Result<Option<Self>> {
        match name {
            "" => Ok(None),
            "installed" => Ok(Some(Self::Installed)),
            "rustup" => Ok(Some(Self::Rustup)),
            "debian" => Ok(Some(Self::Debian)),
            other => bail!("{FORCED}={other} is not known; use installed, rustup or debian, or unset it"),
        }
    }
}

/// The ways to a toolchain, and where each of them looks.
struct Ways<Debian> {
    workspace: Workspace,
    /// Where `rustc` and `rustup` are.
    path: OsString,
    debian: Debian,
}

/// The way over Debian's packages.
trait DebiansWay {
    /// What an earlier run made.
    fn find(&self, workspace: &Workspace) -> Result<Option<WasmToolchain>>;

    fn obtain(&self, workspace: &Workspace) -> Result<WasmToolchain>;
}

struct DebiansPackages;

impl DebiansWay for DebiansPackages {
    fn find(&self, workspace: &Workspace) -> Result<Option<WasmToolchain>> {
        Ok(DebianRust::find(workspace)?.map(|rust| debian(workspace, &rust)))
    }

    fn obtain(&self, workspace: &Workspace) -> Result<WasmToolchain> {
        Ok(debian(workspace, &DebianRust::obtain(workspace)?))
    }
}

impl Ways<DebiansPackages> {
    fn of(workspace: &Workspace) -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        Self { workspace: workspace.clone(), path, debian: DebiansPackages }
    }
}

impl<Debian: DebiansWay> Ways<Debian> {
    fn find(&self, forced: Option<Forced>) -> Result<Option<WasmToolchain>> {
        match forced {
            Some(Forced::Installed | Forced::Rustup) => self.installed(),
            Some(Forced::Debian) => self.debian.find(&self.workspace),
            None => match self.installed()? {
                Some(toolchain) => Ok(Some(toolchain)),
                None => self.debian.find(&self.workspace),
            },
        }
    }

    fn obtain(&self, forced: Option<Forced>) -> Result<WasmToolchain> {
        if forced != Some(Forced::Rustup)
            && let Some(toolchain) = self.find(forced)?
        {
            return Ok(toolchain);
        }
        match forced {
            Some(Forced::Installed) => bail!(
                "{FORCED}=installed, but the compiler on the PATH has no {TARGET}; add it with your system's package manager or with `rustup target add {TARGET}`, or unset {FORCED}"
            ),
            Some(Forced::Rustup) => self.rustup(),
            Some(Forced::Debian) => self.debian.obtain(&self.workspace),
            None => self.either(),
        }
    }

    /// Asks `rustup`, then Debian, and keeps both answers for the message if neither helps.
    fn either(&self) -> Result<WasmToolchain> {
        let rustup = match self.rustup() {
            Ok(toolchain) => return Ok(toolchain),
            Err(error) => error,
        };
        eprintln!("wasm: {rustup:#}");
        eprintln!("wasm: so a private compiler is made from Debian's packages, under target/, once");
        self.debian.obtain(&self.workspace).map_err(|error| anyhow::anyhow!(
            "no compiler for {TARGET} can be had here. Run `rustup target add {TARGET}` where rustup's server can be reached, or install your system's package of it.\n  rustup: {rustup:#}\n  Debian's packages: {error:#}"
        ))
    }

    fn installed(&self) -> Result<Option<WasmToolchain>> {
        let libraries = self.rustc(&["--print", "target-libdir", "--target", TARGET])?;
        let is_std = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("libstd-");
        if !fs::read_dir(libraries.trim()).is_ok_and(|entries| entries.flatten().any(is_std)) {
            return Ok(None);
        }
        let description = format!("{TARGET} of {}, installed", self.rustc(&["--version"])?.trim());
        Ok(Some(WasmToolchain { description, environment: common(&self.workspace, &[]), clippy: None }))
    }

    fn rustup(&self) -> Result<WasmToolchain> {
        if program::find_in("rustup", &self.path).is_none() {
            bail!("there is no rustup on the PATH, so it cannot add {TARGET}");
        }
        eprintln!("wasm: rustup target add {TARGET}");
        let added = self.program("rustup").args(["target", "add", TARGET]).env("RUST_BACKTRACE", "0").read();
        added.map_err(|error| anyhow::anyhow!(rustup_reason(&format!("{error:#}"))))?;
        let mut toolchain = self.installed()?.with_context(|| {
            format!("rustup added {TARGET}, but rustc on the PATH is not rustup's and does not see it")
        })?;
        toolchain.description.push_str(" by rustup");
        Ok(toolchain)
    }

    fn rustc(&self, arguments: &[&str]) -> Result<String> {
        self.program("rustc").args(arguments).read()
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.env("PATH", &self.path);
        command
    }
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
    let mut environment = common(workspace, &debian_rust::FLAGS);
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

    #[test]
    fn a_way_is_forced_by_its_name() {
        assert_eq!(Forced::named("").unwrap(), None);
        assert_eq!(Forced::named("installed").unwrap(), Some(Forced::Installed));
        assert_eq!(Forced::named("rustup").unwrap(), Some(Forced::Rustup));
        assert_eq!(Forced::named("debian").unwrap(), Some(Forced::Debian));
        let error = Forced::named("Debian").unwrap_err().to_string();
        assert_eq!(error, "CALLSIGN_WASM_TOOLCHAIN=Debian is not known; use installed, rustup or debian, or unset it");
    }

    /// Debian's way as it is where an earlier run took it, where it can be taken, and where it cannot.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum StubOfDebian {
        Made,
        CanBeMade,
        Nowhere,
    }

    impl DebiansWay for StubOfDebian {
        fn find(&self, workspace: &Workspace) -> Result<Option<WasmToolchain>> {
            if *self == Self::Made { self.obtain(workspace).map(Some) } else { Ok(None) }
        }

        fn obtain(&self, _: &Workspace) -> Result<WasmToolchain> {
            if *self == Self::Nowhere {
                bail!("no apt-get");
            }
            Ok(WasmToolchain { description: "Debian's".to_owned(), environment: Vec::new(), clippy: None })
        }
    }

    /// What stands in for `rustup`, as a shell script.
    const ADDS: Option<&str> = Some(": > lib/libstd-1.rlib");
    const FAILS: Option<&str> = Some("echo 'error: no network' >&2; exit 1");
    const ADDS_ELSEWHERE: Option<&str> = Some("true");
    const NONE: Option<&str> = None;

    /// A machine whose `rustc` has the target or not, and with this `rustup`: which way is taken, or why there is none; and whether
    /// `rustup` was asked.
    #[cfg(unix)]
    #[track_caller]
    fn check_ways(
        forced: &str,
        has_target: bool,
        rustup: Option<&str>,
        debian: StubOfDebian,
        expected: Result<&str, &[&str]>,
        is_rustup_asked: bool,
    ) {
        let place = std::panic::Location::caller().line();
        let folder = env::temp_dir().join(format!("callsign-ways-{}-{place}", std::process::id()));
        fs::create_dir_all(folder.join("lib")).unwrap();
        if has_target {
            fs::write(folder.join("lib/libstd-0.rlib"), "").unwrap();
        }
        let here = format!("cd '{}'\n", folder.display());
        stub(&folder, "rustc", &format!("{here}case $1 in --version) echo rustc 1.95;; *) echo \"$PWD/lib\";; esac"));
        if let Some(does) = rustup {
            stub(&folder, "rustup", &format!("{here}echo \"$@\" > asked\n{does}"));
        }
        // Nothing of this machine is on it: what the stubs do, a shell does by itself.
        let ways = Ways { workspace: Workspace::find().unwrap(), path: folder.clone().into(), debian };
        let taken = ways.obtain(Forced::named(forced).unwrap());
        let asked = fs::read_to_string(folder.join("asked")).ok();
        fs::remove_dir_all(&folder).unwrap();

        match (taken, expected) {
            (Ok(toolchain), Ok(expected)) => assert_eq!(toolchain.description, expected),
            (Err(error), Err(parts)) => {
                let said = format!("{error:#}");
                assert!(parts.iter().all(|part| said.contains(part)), "{said}");
            }
            (taken, expected) => panic!("{taken:?} instead of {expected:?}"),
        }
        assert_eq!(asked.as_deref(), is_rustup_asked.then_some("target add wasm32-unknown-unknown\n"));
    }

    #[cfg(unix)]
    fn stub(folder: &std::path::Path, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn the_ways_are_tried_in_order() {
        use StubOfDebian::{CanBeMade, Made, Nowhere};
        const INSTALLED: Result<&str, &[&str]> = Ok("wasm32-unknown-unknown of rustc 1.95, installed");
        const BY_RUSTUP: Result<&str, &[&str]> = Ok("wasm32-unknown-unknown of rustc 1.95, installed by rustup");
        const DEBIANS: Result<&str, &[&str]> = Ok("Debian's");

        check_ways("", true, ADDS, Made, INSTALLED, false);
        check_ways("", false, ADDS, CanBeMade, BY_RUSTUP, true);
        check_ways("", false, FAILS, CanBeMade, DEBIANS, true);
        check_ways("", false, ADDS_ELSEWHERE, CanBeMade, DEBIANS, true);
        check_ways("", false, NONE, CanBeMade, DEBIANS, false);
        // What rustup could not do once is not asked of it again.
        check_ways("", false, ADDS, Made, DEBIANS, false);
        let both = ["rustup could not add wasm32-unknown-unknown: no network", "Debian's packages: no apt-get"];
        check_ways("", false, FAILS, Nowhere, Err(&both), true);

        check_ways("installed", true, ADDS, Made, INSTALLED, false);
        check_ways("installed", false, ADDS, Made, Err(&["=installed, but the compiler on the PATH has no"]), false);
        check_ways("rustup", true, ADDS, Made, BY_RUSTUP, true);
        check_ways("rustup", false, FAILS, Made, Err(&["rustup could not add", "no network"]), true);
        check_ways("rustup", false, ADDS_ELSEWHERE, Made, Err(&["does not see it"]), true);
        check_ways("rustup", false, NONE, Made, Err(&["there is no rustup on the PATH"]), false);
        check_ways("debian", true, ADDS, Made, DEBIANS, false);
        check_ways("debian", true, ADDS, CanBeMade, DEBIANS, false);
        check_ways("debian", true, ADDS, Nowhere, Err(&["no apt-get"]), false);
    }
}
