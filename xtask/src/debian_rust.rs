//! Makes a private Rust compiler for WebAssembly from Debian's packages, without installing anything.
//!
//! The packages are downloaded and unpacked under `target/`. Debian ships no standard library for
//! `wasm32-unknown-unknown`, but its source with all dependencies; it is compiled once and put where the compiler looks
//! for it, so that building and linting are plain cargo afterwards. All happens in a directory of another name that is
//! renamed at the end: what has the right name is complete.
//!
//! What is compiled here anyway is compiled small ([`FLAGS`]): the packed module is a tenth smaller than with a library
//! that was compiled for speed.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::files;
use crate::program::{self, Run};
use crate::wasm_toolchain::TARGET;
use crate::workspace::Workspace;

/// Written last; holds the packages' version and the [`RECIPE`].
const MARKER: &str = "VERSION";

/// How the library is compiled. Give it another name with every change, so that older libraries are compiled again.
const RECIPE: &str = "small-1";

/// How the library is compiled, and all that is linked with it: a panic stops the module without unwinding or a message
/// (nobody sees its console), so none of what would make up the message is in it.
///
/// Copies by one instruction (`-max-store-memcpy=1` of LLVM) would take 9 KB off the module, and make it a quarter slower.
pub(crate) const FLAGS: [&str; 3] = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"];

/// The package whose version all others share.
const COMPILER: &str = "rustc-web";

/// The private compiler, complete.
#[derive(Debug)]
pub(crate) struct DebianRust {
    directory: PathBuf,
    version: String,
    libraries: PathBuf,
    linker: PathBuf,
}

impl DebianRust {
    /// Finds what an earlier run made.
    pub(crate) fn find(workspace: &Workspace) -> Result<Option<Self>> {
        let directory = place(workspace);
        let made = fs::read_to_string(directory.join(MARKER)).unwrap_or_default();
        match made.trim().split_once(' ') {
            Some((version, RECIPE)) => Self::open(directory, version.to_owned()).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// Finds what an earlier run made, or makes it.
    pub(crate) fn obtain(workspace: &Workspace) -> Result<Self> {
        if let Some(rust) = Self::find(workspace)? {
            return Ok(rust);
        }
        if !debian::is_here() {
            bail!("this system has no apt-get and dpkg-deb");
        }
        let version = offered_version()?;
        eprintln!(
            "wasm: Debian's rustc {version}, downloaded and unpacked into {}",
            workspace.shown(&place(workspace))
        );
        let partial = place(workspace).with_extension("partial");
        files::remove(&partial)?;
        download(&partial, &version)?;
        let rust = Self::open(partial.clone(), version.clone())?;
        rust.compile_std(workspace)?;
        fs::write(partial.join(MARKER), format!("{version} {RECIPE}"))?;
        // Cargo compares the compiler's version only, and would keep what was compiled with another library.
        files::remove(&workspace.wasm_target())?;
        let directory = place(workspace);
        files::remove(&directory)?;
        fs::rename(&partial, &directory).context("the unpacked compiler could not be moved to its place")?;
        Self::open(directory, version)
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The clippy of this compiler, as the program that `cargo clippy` would start.
    pub(crate) fn cargo_clippy(&self) -> PathBuf {
        self.directory.join("usr/bin/cargo-clippy")
    }

    /// What cargo must be told to use this compiler.
    pub(crate) fn environment(&self) -> Vec<(&'static str, OsString)> {
        let mut libraries = self.libraries.clone().into_os_string();
        if let Some(others) = env::var_os("LD_LIBRARY_PATH").filter(|others| !others.is_empty()) {
            libraries.push(":");
            libraries.push(others);
        }
        vec![
            ("RUSTC", self.directory.join("usr/bin/rustc").into()),
            ("LD_LIBRARY_PATH", libraries),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", self.linker.clone().into()),
            // A stable compiler takes the flags only with this.
            ("RUSTC_BOOTSTRAP", "1".into()),
        ]
    }

    fn open(directory: PathBuf, version: String) -> Result<Self> {
        let driver = |library: &Path| has_name(library, "librustc_driver-", ".so");
        let libraries = subdirectories(&directory.join("usr/lib"))
            .into_iter()
            .find(|candidate| entries(candidate).iter().any(|library| driver(library)))
            .with_context(|| format!("{} has no compiler in it; delete it and run again", directory.display()))?;
        Ok(Self { linker: linker()?, directory, version, libraries })
    }

    /// Compiles the standard library for [`TARGET`] and puts it where this compiler looks for it.
    fn compile_std(&self, workspace: &Workspace) -> Result<()> {
        eprintln!("wasm: compiling the standard library for {TARGET}, once; this takes about a minute");
        let started = Instant::now();
        let usr = self.directory.join("usr");
        let library = usr.join("lib/rustlib/src/rust/library");
        let crate_directory = self.directory.join("std");
        let target_directory = crate_directory.join("target");
        fs::create_dir_all(&crate_directory)?;
        fs::write(crate_directory.join("lib.rs"), "#![no_std]\n")?;
        fs::write(crate_directory.join("Cargo.toml"), STD_MANIFEST)?;

        let mut flags = OsString::from(FLAGS.join("\u{1f}"));
        flags.push("\u{1f}-Cembed-bitcode=yes\u{1f}--remap-path-prefix=");
        flags.push(usr.join("lib/rustlib/src/rust"));
        flags.push("=/rustc");
        let vendor = library.join("vendor");
        let vendor = vendor.to_str().context("the path of this checkout is not UTF-8; move it")?;
        program::cargo(workspace)
            .current_dir(&crate_directory)
            .args(["build", "--quiet", "--release", "--offline", "--target", TARGET])
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
            .arg("--config=source.crates-io.replace-with='vendored'")
            .arg(format!("--config=source.vendored.directory={}", serde_json::Value::from(vendor)))
            .envs(self.environment())
            .env("CARGO_TARGET_DIR", &target_directory)
            .env("CARGO_ENCODED_RUSTFLAGS", flags)
            .run()
            .context("the standard library could not be compiled")?;

        let place = usr.join("lib/rustlib").join(TARGET).join("lib");
        fs::create_dir_all(&place)?;
        for file in entries(&target_directory.join(TARGET).join("release/deps")) {
            let is_library = has_name(&file, "lib", ".rlib") || has_name(&file, "lib", ".rmeta");
            if is_library && !has_name(&file, "libplaceholder-", "") {
                let name = file.file_name().context("a compiled library has no name")?;
                fs::copy(&file, place.join(name))?;
            }
        }
        // Half a gigabyte that nothing reads any more.
        files::remove(&crate_directory)?;
        files::remove(&usr.join("src"))?;
        files::remove(&usr.join("share"))?;
        eprintln!("wasm: the standard library took {:.0} s", started.elapsed().as_secs_f64());
        Ok(())
    }
}

/// A crate that needs the standard library; only the library is kept.
const STD_MANIFEST: &str = r#"[package]
name = "placeholder"
version = "0.0.0"
edition = "2024"

[lib]
path = "lib.rs"

[profile.release]
codegen-units = 1
opt-level = "z"

[workspace]
"#;

fn place(workspace: &Workspace) -> PathBuf {
    workspace.cache().join("debian-rust")
}

/// The version of the compiler in Debian's package lists, refreshed when they have none that is new enough.
fn offered_version() -> Result<String> {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let offered = || {
        let version = debian::candidate(COMPILER).with_context(|| format!("the package lists have no {COMPILER}"))?;
        debian::check_not_older(&version, needed).with_context(|| format!("{COMPILER} is too old here"))?;
        Ok(version)
    };
    offered().or_else(|_: anyhow::Error| {
        debian::update();
        offered()
    })
}

fn download(directory: &Path, version: &str) -> Result<()> {
    let started = Instant::now();
    let packages = directory.join("packages");
    fs::create_dir_all(&packages)?;
    let mut names: Vec<String> = [COMPILER, "libstd-rust-web-dev", "rust-web-src", "rust-web-clippy"]
        .iter()
        .map(|name| format!("{name}={version}"))
        .collect();
    names.extend(shared_libraries()?);
    debian::download(&names, &packages)?;
    for package in entries(&packages) {
        debian::unpack(&package, directory)?;
    }
    files::remove(&packages)?;
    eprintln!("wasm: {} packages took {:.0} s", names.len(), started.elapsed().as_secs_f64());
    Ok(())
}

/// The packages with the compiler's shared libraries: its own always, so that it finds its private directory beside
/// them, and of the others those that the system has not.
fn shared_libraries() -> Result<Vec<String>> {
    let is_own = |name: &str| name.starts_with("libstd-rust-web-") && name != "libstd-rust-web-dev";
    let mut wanted: Vec<String> =
        debian::dependencies("rust-web-clippy")?.into_iter().filter(|name| is_own(name)).collect();
    if wanted.is_empty() {
        bail!("the package rust-web-clippy does not name the compiler's library");
    }
    let mut next = 0;
    while let Some(name) = wanted.get(next).cloned() {
        for dependency in debian::dependencies(&name)? {
            if !wanted.contains(&dependency) && !debian::is_installed(&dependency) {
                wanted.push(dependency);
            }
        }
        next += 1;
    }
    Ok(wanted)
}

/// The linker for WebAssembly: the toolchain's own, or LLVM's under one of the names that distributions use.
pub(crate) fn linker() -> Result<PathBuf> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).read()?;
    let own = subdirectories(&Path::new(sysroot.trim()).join("lib/rustlib"))
        .into_iter()
        .map(|host| host.join("bin/rust-lld"))
        .find(|linker| linker.is_file());
    own.or_else(|| ["rust-lld", "wasm-ld"].into_iter().find_map(program::find)).with_context(|| {
        let how = debian::how_to_install("lld", "lld", "lld", "lld");
        format!("there is no linker for {TARGET}: neither rust-lld beside rustc, nor wasm-ld on the PATH; {how}")
    })
}

fn has_name(path: &Path, start: &str, end: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(start) && name.ends_with(end))
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn subdirectories(directory: &Path) -> Vec<PathBuf> {
    entries(directory).into_iter().filter(|path| path.is_dir()).collect()
}
