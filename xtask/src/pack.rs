//! Makes one zip a browser, as the stores take it, and has it checked by Mozilla's linter.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::archive;
use crate::build::{self, BuildOptions};
use crate::files::{self, Files};
use crate::manifest::{Browser, Manifest};
use crate::npm;
use crate::program::Run;
use crate::wasm_module;
use crate::workspace::Workspace;

const VERSION: &str = env!("CARGO_PKG_VERSION");

const MODULE: &str = "wasm/callsign_bg.wasm";

/// Where each warning of the linter is explained.
const EXPLANATIONS: &str = "CONTRIBUTING.md";
const HEADING: &str = "## What `web-ext lint` warns of";

/// What rustc uses of WebAssembly beyond its first version; wasm-opt must be told, or it refuses the module.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How wasm-opt makes the module smaller: what a generic function became for types alike is one function, then its passes for size before and after the control flow is built anew, equal
/// constants once, and the functions that are called most first, as those have the shortest numbers.
///
/// The first 1,024 bytes of memory may count as unused: the stack is there, and ends there.
const PASSES: [&str; 10] = [
    "--low-memory-unused",
    "--merge-similar-functions",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--const-hoisting",
    "--reorder-functions",
    "--strip-target-features",
];

/// One browser's package.
struct Package {
    browser: Browser,
    files: Files,
    zip: Vec<u8>,
}

/// Makes `dist/chromium/`, `dist/firefox/` and a zip of each, and checks them.
pub(crate) fn pack(workspace: &Workspace) -> Result<()> {
    npm::provide(workspace)?;
    write_out(workspace, &make(workspace, wasm_module::compile(workspace)?, "wasm-opt")?)
}

/// The same; and makes both once more from what cargo compiled, meanwhile: they must be equal, byte for byte.
pub(crate) fn pack_twice(workspace: &Workspace) -> Result<()> {
    npm::provide(workspace)?;
    let module = wasm_module::compile(workspace)?;
    let (packages, again) = thread::scope(|scope| {
        let again = scope.spawn(|| make(workspace, wasm_module::bind_anew(workspace)?, "wasm-opt-again"));
        let packages = make(workspace, module, "wasm-opt");
        let packages = packages.and_then(|packages| write_out(workspace, &packages).map(|()| packages));
        (packages, again.join())
    });
    let again = again.map_err(|_| anyhow::anyhow!("making the packages once more panicked"))?;
    for (one, other) in packages?.iter().zip(again?) {
        check_equal(one, &other)?;
    }
    eprintln!("pack: made twice, and equal byte for byte");
    Ok(())
}

fn check_equal(one: &Package, other: &Package) -> Result<()> {
    if one.zip == other.zip {
        return Ok(());
    }
    let differing = one.files.iter().find(|(path, contents)| other.files.get(*path) != Some(contents));
    let place = differing.map_or("the zip alone", |(path, _)| path.as_str());
    bail!("the package for {} is another one when it is made again; {place} differs", one.browser.name())
}

/// Makes the packages in memory. wasm-opt's files are in a folder of this name.
fn make(workspace: &Workspace, module: Files, scratch: &str) -> Result<Vec<Package>> {
    let options = BuildOptions { minify: true, ..BuildOptions::default() };
    let mut files = build::assemble(workspace, &options, || Ok(module))?;
    let module = files.get_mut(MODULE).with_context(|| format!("the build made no {MODULE}"))?;
    let before = module.len();
    *module = optimise(workspace, module, scratch)?;
    eprintln!("pack: wasm-opt made {} of {}", files::size(module.len()), files::size(before));
    let package = |browser| -> Result<Package> {
        let files = for_browser(&files, browser)?;
        Ok(Package { browser, zip: archive::zip(&files)?, files })
    };
    Browser::ALL.into_iter().map(package).collect()
}

fn write_out(workspace: &Workspace, packages: &[Package]) -> Result<()> {
    for Package { browser, files, zip } in packages {
        files::write(files, &directory(workspace, *browser), build::BAKED)?;
        let path = workspace.dist().join(format!("callsign-{}-{VERSION}.zip", browser.name()));
        fs::write(&path, zip).with_context(|| format!("{} cannot be written", path.display()))?;
        eprintln!("{}  {}\n{}", workspace.shown(&path), files::size(zip.len()), files::table(files));
    }
    lint(workspace, &directory(workspace, Browser::Firefox))
}

/// Where a browser's package lies unpacked.
fn directory(workspace: &Workspace, browser: Browser) -> PathBuf {
    workspace.dist().join(browser.name())
}

/// The files of one browser's package: the same but for the manifest.
fn for_browser(files: &Files, browser: Browser) -> Result<Files> {
    let mut files = files.clone();
    let manifest = files.get_mut("manifest.json").context("the build made no manifest.json")?;
    let mut trimmed = Manifest::parse(str::from_utf8(manifest)?, VERSION)?;
    trimmed.trim(browser);
    *manifest = trimmed.text()?.into_bytes();
    Ok(files)
}

fn optimise(workspace: &Workspace, module: &[u8], scratch: &str) -> Result<Vec<u8>> {
    let directory = workspace.cache().join(scratch);
    fs::create_dir_all(&directory)?;
    let (input, output) = (directory.join("input.wasm"), directory.join("output.wasm"));
    fs::write(&input, module)?;
    let mut command = npm::script(workspace, "binaryen/bin/wasm-opt");
    command.args(FEATURES).args(PASSES).arg(&input).arg("-o").arg(&output);
    command.run_aside().context("wasm-opt could not make the module smaller")?;
    Ok(fs::read(&output)?)
}

/// Has an extension's directory checked by `web-ext lint`; an error of the linter is one here, and so is a warning that is
/// not explained, or is and does not come.
pub(crate) fn lint(workspace: &Workspace, directory: &Path) -> Result<()> {
    let mut command = npm::script(workspace, "web-ext/bin/web-ext.js");
    command.args(["lint", "--output=json", "--boring", "--no-input", "--no-config-discovery", "--self-hosted=false"]);
    command.arg("--source-dir").arg(directory);
    let remarks = remarks(&run_linter(&mut command)?)?;
    for remark in &remarks.others {
        eprintln!("web-ext lint: {remark}");
    }
    if !remarks.errors.is_empty() {
        bail!("web-ext lint finds errors:\n  {}", remarks.errors.join("\n  "));
    }
    let path = workspace.root().join(EXPLANATIONS);
    let explanations = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    check_explained(&remarks.codes, &explained(&explanations)?)?;
    eprintln!("web-ext lint: no error, {} other remarks", remarks.others.len());
    Ok(())
}

/// The codes that are explained: those before the first `for` of an item under [`HEADING`].
fn explained(text: &str) -> Result<BTreeSet<&str>> {
    let (_, section) = text.split_once(HEADING).with_context(|| format!("{EXPLANATIONS} has no `{HEADING}`"))?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let items = section.split("\n- ").skip(1);
    let codes = items.map(|item| item.split_once(" for").map_or(item, |(codes, _)| codes));
    Ok(codes.flat_map(|codes| codes.split('`').skip(1).step_by(2)).collect())
}

fn check_explained(codes: &BTreeSet<String>, explained: &BTreeSet<&str>) -> Result<()> {
    if let Some(code) = codes.iter().find(|code| !explained.contains(code.as_str())) {
        bail!("web-ext lint warns of {code}; mend that, or explain it in {EXPLANATIONS} under `{HEADING}`");
    }
    if let Some(code) = explained.iter().find(|code| !codes.contains(**code)) {
        bail!("web-ext lint does not warn of {code} any more; take it out of {EXPLANATIONS}");
    }
    Ok(())
}

/// The linter ends with another status than 0 when it found errors, and those are wanted.
fn run_linter(command: &mut Command) -> Result<String> {
    let output = command.output().context("node could not be started; `cargo xtask doctor` tells what is missing")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.trim().is_empty() {
        bail!("web-ext lint said nothing but: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(text)
}

struct Remarks {
    errors: Vec<String>,
    others: Vec<String>,
    /// Of the others.
    codes: BTreeSet<String>,
}

/// Reads the linter's JSON into a line a remark.
fn remarks(json: &str) -> Result<Remarks> {
    let report: Value = serde_json::from_str(json).with_context(|| format!("web-ext lint said: {}", json.trim()))?;
    let list = |kind: &str| -> Result<&Vec<Value>> {
        let list = report.get(kind).and_then(Value::as_array);
        list.with_context(|| format!("web-ext lint lists no {kind}"))
    };
    let others = || -> Result<_> { Ok(list("warnings")?.iter().chain(list("notices")?)) };
    let code = |remark: &Value| remark.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Remarks {
        errors: list("errors")?.iter().map(line).collect(),
        others: others()?.map(line).collect(),
        codes: others()?.map(code).collect(),
    })
}

fn line(remark: &Value) -> String {
    let text = |key: &str| remark.get(key).and_then(Value::as_str).unwrap_or_default();
    let line = remark.get("line").and_then(Value::as_u64).map(|line| format!(":{line}")).unwrap_or_default();
    let what = format!("{} {}{line} {}: {}", text("_type"), text("file"), text("code"), text("message"));
    match text("description") {
        "" => what,
        description if description == text("message") => what,
        description => format!("{what} ({description})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linters_report_becomes_lines() {
        let report = r#"{"errors":[{"_type":"error","code":"A","message":"bad","file":"x.js","line":3,"description":"very"}],
            "warnings":[{"_type":"warning","code":"B","message":"hm"}],"notices":[]}"#;
        let remarks = remarks(report).unwrap();
        assert_eq!(remarks.errors, ["error x.js:3 A: bad (very)"]);
        assert_eq!(remarks.others, ["warning  B: hm"]);
        assert_eq!(remarks.codes, BTreeSet::from(["B".to_owned()]));
    }

    #[test]
    fn a_linter_that_says_something_else_is_quoted() {
        let error = remarks("cannot").err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("web-ext lint said: cannot"));
    }

    #[track_caller]
    fn check_codes(codes: &[&str], expected: Result<(), &str>) {
        let text = "# a\n\n- `X`: no.\n\n## What `web-ext lint` warns of\n\nThe `key`:\n\n- `A` and `B` for\n  `C`: this.\n- `D`\n\n## More\n\n- `E`: no.\n";
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        let checked = check_explained(&codes, &explained(text).unwrap()).map_err(|error| error.to_string());
        match (checked, expected) {
            (Ok(()), Ok(())) => {}
            (Err(said), Err(part)) if said.contains(part) => {}
            (checked, _) => panic!("{checked:?}"),
        }
    }

    #[test]
    fn each_warning_is_explained_and_each_explanation_has_its_warning() {
        check_codes(&["A", "B", "D"], Ok(()));
        check_codes(&["A", "B", "C", "D"], Err("web-ext lint warns of C; mend that, or explain it in CONTRIBUTING.md"));
        check_codes(&["A", "B", "D", "E"], Err("web-ext lint warns of E;"));
        check_codes(&["A", "D"], Err("web-ext lint does not warn of B any more; take it out of CONTRIBUTING.md"));
        assert!(explained("no such heading").is_err());
    }

    #[test]
    fn packages_that_differ_are_told_with_the_file() {
        let package = |contents: &str, zip: &[u8]| Package {
            browser: Browser::Firefox,
            files: Files::from([("page.js".to_owned(), contents.into()), ("z.js".to_owned(), Vec::new())]),
            zip: zip.to_vec(),
        };
        let check = |other: &Package| check_equal(&package("a", b"1"), other).map_err(|error| error.to_string());
        assert_eq!(check(&package("a", b"1")), Ok(()));
        let said = "the package for firefox is another one when it is made again; ".to_owned();
        assert_eq!(check(&package("b", b"2")), Err(said.clone() + "page.js differs"));
        assert_eq!(check(&package("a", b"2")), Err(said + "the zip alone differs"));
    }
}
