//! Compiles the extension's Rust to WebAssembly and writes the JavaScript that loads it.
//!
//! The result is kept under `target/`, and is made anew only when the compiler's output changed, so that building a
//! second variant of the extension takes a moment.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

use crate::files::{self, Files};
use crate::program::Run;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::Workspace;

/// A package that is compiled to a module.
#[derive(Clone, Copy)]
struct Package {
    /// Its name for cargo.
    name: &'static str,
    /// The name of its module and scripts.
    module: &'static str,
}

const EXTENSION: Package = Package { name: "callsign", module: "callsign" };

/// The extension's code with one function more, for timing; it is never packed.
const BENCH: Package = Package { name: "callsign-bench", module: "callsign_bench" };

/// Compiles what has changed and returns the module with its scripts: `callsign.js`, `callsign_bg.wasm`.
pub(crate) fn compile(workspace: &Workspace) -> Result<Files> {
    compile_package(workspace, EXTENSION)?.read()
}

/// The same for what is timed of the Rust alone; gives the folder that has `callsign_bench.js`, for Node.js.
pub(crate) fn compile_bench(workspace: &Workspace) -> Result<PathBuf> {
    let directory = compile_package(workspace, BENCH)?.directory;
    let package = directory.join("package.json");
    fs::write(&package, "{\"type\":\"module\"}\n")
        .with_context(|| format!("{} cannot be written", package.display()))?;
    Ok(directory)
}

fn compile_package(workspace: &Workspace, package: Package) -> Result<Kept> {
    let version = bindgen_version(workspace)?;
    let toolchain = WasmToolchain::obtain(workspace)?;
    eprintln!("wasm: {}", toolchain.description);
    let profile = "wasm";
    toolchain.cargo(workspace, "build").args(["--package", package.name, "--lib", "--profile", profile]).run()?;
    let file = format!("{}.wasm", package.module);
    let compiled = workspace.wasm_target().join(TARGET).join(profile).join(file);
    let input = fs::read(&compiled)
        .with_context(|| format!("cargo made no {}; see its output above", workspace.shown(&compiled)))?;

    let kept = Kept::new(workspace, package, &version);
    if fs::read(&kept.input).is_ok_and(|old| old == input) {
        return Ok(kept);
    }
    let started = Instant::now();
    kept.forget()?;
    bind(&input, package.module, &kept.directory)?;
    // Written last: whoever finds the input, finds all.
    fs::write(&kept.input, &input).context("the compiled module could not be kept under target/")?;
    eprintln!("wasm: wasm-bindgen {version} took {:.1} s", started.elapsed().as_secs_f64());
    Ok(kept)
}

/// The module of the last build, whatever the sources say by now.
pub(crate) fn last(workspace: &Workspace) -> Result<Files> {
    let kept = Kept::new(workspace, EXTENSION, &bindgen_version(workspace)?);
    if !kept.input.is_file() {
        bail!("there is no module yet; run `cargo xtask build` without --no-compile first");
    }
    kept.read()
}

/// The same, but bound anew to its scripts, which nothing keeps.
pub(crate) fn bind_anew(workspace: &Workspace) -> Result<Files> {
    let kept = Kept::new(workspace, EXTENSION, &bindgen_version(workspace)?);
    let input = fs::read(&kept.input).with_context(|| format!("{} cannot be read", kept.input.display()))?;
    let directory = workspace.cache().join("wasm-anew");
    files::remove(&directory)?;
    bind(&input, EXTENSION.module, &directory)?;
    files::read(&directory, |_| true)
}

/// The files of the last build. The version in the names makes another wasm-bindgen start anew.
struct Kept {
    input: PathBuf,
    directory: PathBuf,
}

impl Kept {
    fn new(workspace: &Workspace, package: Package, version: &str) -> Self {
        let cache = workspace.cache().join(if package.name == EXTENSION.name { "wasm" } else { package.name });
        Self { input: cache.join(format!("{version}.wasm")), directory: cache.join(version) }
    }

    fn read(&self) -> Result<Files> {
        files::read(&self.directory, |_| true)
    }

    fn forget(&self) -> Result<()> {
        files::remove(&self.input)?;
        files::remove(&self.directory)
    }
}

fn bind(input: &[u8], name: &str, directory: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(name, input.to_vec()).out_name(name);
    bindgen.typescript(false).remove_name_section(true).remove_producers_section(true);
    // The background begins anew with it after a trap.
    bindgen.reset_state_function(true);
    let mut output =
        bindgen.web(true).and_then(Bindgen::generate_output).context("wasm-bindgen refused the compiled module")?;
    let names = shorten_imports(&mut output);
    let exports = shorten_exports(&mut output);
    output.emit(directory).with_context(|| format!("{} cannot be written", directory.display()))?;
    let script = directory.join(format!("{name}.js"));
    let text = fs::read_to_string(&script).with_context(|| format!("there is no {}", script.display()))?;
    let text = rename_exports(rename_members(text, &names)?, &exports);
    fs::write(&script, text).with_context(|| format!("{} cannot be written", script.display()))
}

/// Numbers what the module imports, and gives old and new names. wasm-bindgen's names are 45 bytes long with their
/// module's, and there are more than a hundred.
fn shorten_imports(output: &mut Output) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for import in output.wasm_mut().imports.iter_mut() {
        for (name, prefix) in [(&mut import.module, "m"), (&mut import.name, "i")] {
            let next = format!("{prefix}{}", names.len());
            name.clone_from(names.entry(name.clone()).or_insert(next));
        }
    }
    names
}

/// Numbers those exports that wasm-bindgen names after all the types they take, and gives old and new names, the longest
/// old one first: one may be the beginning of another.
fn shorten_exports(output: &mut Output) -> Vec<(String, String)> {
    let exports = output.wasm_mut().exports.iter_mut();
    let mut names = Vec::new();
    for export in exports.filter(|export| export.name.starts_with("wasm_bindgen_")) {
        let new = format!("e{}", names.len());
        names.push((std::mem::replace(&mut export.name, new.clone()), new));
    }
    names.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    names
}

/// Renames what the script calls of the module.
fn rename_exports(script: String, names: &[(String, String)]) -> String {
    names.iter().fold(script, |script, (old, new)| script.replace(&format!("wasm.{old}("), &format!("wasm.{new}(")))
}

/// Renames members of objects in the script that wasm-bindgen wrote: each stands once, on a line of its own.
fn rename_members(mut script: String, names: &BTreeMap<String, String>) -> Result<String> {
    for (old, new) in names {
        let (bare, quoted) = (format!("        {old}: "), format!("        \"{old}\": "));
        let written = if script.contains(&bare) { bare } else { quoted };
        if script.matches(&written).count() != 1 {
            bail!("wasm-bindgen wrote no script that gives the module its `{old}`; has another version other scripts?");
        }
        script = script.replace(&written, &format!("        {new}: "));
    }
    Ok(script)
}

/// The one version of wasm-bindgen: of the crate that is compiled in and of the tool that reads what it left behind.
fn bindgen_version(workspace: &Workspace) -> Result<String> {
    let lock = workspace.root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    common_version(&lock)
}

fn common_version(lock: &str) -> Result<String> {
    let version_of = |name: &str| {
        let after_name = lock.split_once(&format!("name = \"{name}\"\n")).map(|(_, rest)| rest);
        after_name
            .and_then(|rest| rest.lines().next()?.strip_prefix("version = \"")?.strip_suffix('"'))
            .with_context(|| format!("Cargo.lock has no {name}; run `cargo update --workspace`"))
    };
    let library = version_of("wasm-bindgen")?;
    let tool = version_of("wasm-bindgen-cli-support")?;
    if library != tool {
        bail!(
            "the extension uses wasm-bindgen {library}, xtask the tool of {tool}, and the two only understand each other at the same version; write ={library} for wasm-bindgen-cli-support in xtask/Cargo.toml"
        );
    }
    Ok(library.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(library: &str, tool: &str) -> String {
        let package = |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n");
        package("wasm-bindgen", library) + &package("wasm-bindgen-cli-support", tool)
    }

    #[test]
    fn what_the_module_imports_is_renamed_in_the_script() {
        let names = BTreeMap::from([("./a.js".to_owned(), "m0".to_owned()), ("__b".to_owned(), "i1".to_owned())]);
        let script = "{\n        __b: f(\"__b\"),\n        \"./a.js\": c\n}".to_owned();
        let renamed = rename_members(script, &names).unwrap();
        assert_eq!(renamed, "{\n        i1: f(\"__b\"),\n        m0: c\n}");
        assert!(rename_members(renamed, &names).is_err());
    }

    #[test]
    fn what_the_module_exports_is_renamed_in_the_script() {
        let names = [("invoke_b".to_owned(), "e1".to_owned()), ("invoke".to_owned(), "e0".to_owned())];
        let script = "wasm.invoke(1); wasm.invoke_b(2);".to_owned();
        assert_eq!(rename_exports(script, &names), "wasm.e0(1); wasm.e1(2);");
    }

    #[test]
    fn both_halves_of_wasm_bindgen_must_have_one_version() {
        assert_eq!(common_version(&lock("0.2.130", "0.2.130")).unwrap(), "0.2.130");
        let error = common_version(&lock("0.2.131", "0.2.130")).unwrap_err().to_string();
        assert!(error.contains("=0.2.131"), "{error}");
        let error = common_version("").unwrap_err().to_string();
        assert!(error.contains("no wasm-bindgen;"), "{error}");
    }
}
