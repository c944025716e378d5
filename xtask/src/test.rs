//! Checks everything that can be checked, from the spelling of the sources to the extension in real browsers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use crate::browsers;
use crate::build::{self, BuildOptions};
use crate::fuzz;
use crate::manifest::Browser;
use crate::npm;
use crate::pack;
use crate::program::{self, Run};
use crate::scripts;
use crate::steps::{self, Step};
use crate::wasm_toolchain::WasmToolchain;
use crate::workspace::Workspace;

/// What to test.
#[derive(Args, Clone, Debug)]
pub(crate) struct TestOptions {
    /// Leave out the browsers and what only they need.
    #[arg(long)]
    quick: bool,

    /// Run only the steps of this name, with what they need, or only the browser tests whose file has this name.
    filters: Vec<String>,
}

/// The step that drives the browsers.
const BROWSER: &str = "browser";

/// The tests that wait for most of a minute, and so run beside the others.
const WAITING: &str = "clients_held.test.mjs";

/// No file takes as long, 20 minutes: one that hangs ends, and the others have their turn.
const LIMIT: &str = "--test-timeout=1200000";

/// The steps that `--quick` leaves out.
const ONLY_FOR_BROWSERS: [&str; 4] = ["clients", "playground", "browsers", BROWSER];

/// What every step is given.
struct Checkout {
    workspace: Workspace,
    browser_tests: Vec<PathBuf>,
}

/// Runs the steps, in order, and ends with their numbers.
pub(crate) fn test(workspace: &Workspace, options: &TestOptions) -> Result<ExitCode> {
    let (filters, browser_tests) = choose(&options.filters, browser_tests(workspace)?);
    let is_left_out = |step: &Step<Checkout>| options.quick && ONLY_FOR_BROWSERS.contains(&step.name);
    let steps = steps::select(all_steps().into_iter().filter(|step| !is_left_out(step)).collect(), &filters)?;
    let reports = steps::perform(&steps, &Checkout { workspace: workspace.clone(), browser_tests });
    println!("\n{}", steps::summary(&reports));
    Ok(if steps::all_passed(&reports) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn all_steps() -> Vec<Step<Checkout>> {
    vec![
        Step { name: "format", title: "the Rust is formatted by rustfmt", needs: &[], run: format },
        Step { name: "clippy", title: "no remark of clippy, on this machine", needs: &[], run: clippy },
        Step { name: "rust", title: "the native tests", needs: &[], run: rust },
        Step { name: "fuzz", title: "the fuzz targets compile", needs: &[], run: fuzz },
        Step { name: "wasm", title: "a compiler for WebAssembly", needs: &[], run: wasm },
        Step { name: "clippy-wasm", title: "no remark of clippy, on WebAssembly", needs: &["wasm"], run: clippy_wasm },
        Step { name: "packages", title: "Node.js and the npm packages of tests/", needs: &[], run: packages },
        Step { name: "types", title: "the types of the JavaScript", needs: &["packages"], run: types },
        Step { name: "build", title: "the extension", needs: &["wasm"], run: build_extension },
        Step {
            name: "pack",
            title: "both packages, twice alike, checked by web-ext lint",
            needs: &["build", "packages"],
            run: pack_all,
        },
        Step { name: "clients", title: "the chat clients, bundled", needs: &["packages"], run: clients },
        Step { name: "playground", title: "the local chat service", needs: &[], run: playground },
        Step { name: "browsers", title: "Chromium and Firefox", needs: &[], run: find_browsers },
        Step {
            name: BROWSER,
            title: "the extension in real browsers",
            needs: &["build", "packages", "clients", "playground", "browsers"],
            run: browser,
        },
    ]
}

fn format(checkout: &Checkout) -> Result<()> {
    let mut cargo = program::cargo(&checkout.workspace);
    cargo.args(["fmt", "--all", "--check"]).run().context("run `cargo fmt --all`")
}

fn clippy(checkout: &Checkout) -> Result<()> {
    let mut cargo = program::cargo(&checkout.workspace);
    cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()
}

fn rust(checkout: &Checkout) -> Result<()> {
    program::cargo(&checkout.workspace).args(["test", "--workspace"]).run()
}

fn fuzz(checkout: &Checkout) -> Result<()> {
    fuzz::check(&checkout.workspace)
}

fn wasm(checkout: &Checkout) -> Result<()> {
    println!("{}", WasmToolchain::obtain(&checkout.workspace)?.description);
    Ok(())
}

fn clippy_wasm(checkout: &Checkout) -> Result<()> {
    let toolchain = WasmToolchain::obtain(&checkout.workspace)?;
    toolchain.clippy(&checkout.workspace).args(["--package", "callsign", "--lib", "--", "-D", "warnings"]).run()
}

fn packages(checkout: &Checkout) -> Result<()> {
    npm::provide(&checkout.workspace)?;
    println!("Node.js {}", npm::node_version()?);
    Ok(())
}

fn types(checkout: &Checkout) -> Result<()> {
    for project in ["extension/jsconfig.json", "tests/jsconfig.json"] {
        npm::script(&checkout.workspace, "typescript/bin/tsc").args(["-p", project, "--noEmit"]).run()?;
    }
    Ok(())
}

fn build_extension(checkout: &Checkout) -> Result<()> {
    build::build(&checkout.workspace, &BuildOptions::default())
}

fn pack_all(checkout: &Checkout) -> Result<()> {
    pack::pack_twice(&checkout.workspace)
}

fn clients(checkout: &Checkout) -> Result<()> {
    scripts::bundle_clients(&checkout.workspace)
}

fn playground(checkout: &Checkout) -> Result<()> {
    scripts::compile_playground(&checkout.workspace).map(drop)
}

fn find_browsers(_: &Checkout) -> Result<()> {
    for browser in Browser::ALL {
        let program = browsers::provide(browser)?;
        println!("{}  {}", browsers::version(&program)?, program.display());
    }
    Ok(())
}

fn browser(checkout: &Checkout) -> Result<()> {
    if checkout.browser_tests.is_empty() {
        bail!("there is no tests/browser/*.test.mjs");
    }
    let node = |files: &[&PathBuf], at_once: u8| -> Result<Command> {
        let mut node = scripts::node(&checkout.workspace)?;
        node.args(["--test", &format!("--test-concurrency={at_once}"), "--test-reporter=spec"]).arg(LIMIT).args(files);
        Ok(node)
    };
    let (waiting, busy): (Vec<_>, Vec<_>) = checkout.browser_tests.iter().partition(|file| file.ends_with(WAITING));
    let (alone, together): (Vec<_>, Vec<_>) = busy.into_iter().partition(|file| runs_alone(file));
    let mut waiting = node(&waiting, 1).map(|node| (!waiting.is_empty()).then_some(node))?;
    let mut others = Vec::new();
    for (files, at_once) in [(together, 2), (alone, 1)] {
        if !files.is_empty() {
            others.push(node(&files, at_once)?);
        }
    }
    let (others, waited) = thread::scope(|scope| {
        let waited = waiting.as_mut().map(|waiting| scope.spawn(|| waiting.output()));
        let others: Vec<Result<()>> = others.iter_mut().map(Run::run).collect();
        (others, waited.map(|waited| waited.join()))
    });
    if let Some(waited) = waited {
        let waited =
            waited.map_err(|_| anyhow!("{WAITING} could not be awaited"))?.context("node could not be started")?;
        println!("\n{WAITING}, beside the others:\n{}", String::from_utf8_lossy(&waited.stdout));
        if !waited.status.success() {
            bail!("{WAITING} failed ({})", waited.status);
        }
    }
    others.into_iter().collect()
}

/// The tests that take no others beside themselves on a machine that may have two cores: they flood the browser, break a
/// start at one step of its way, or click on screens, which a browser without time to draw holds still.
const ALONE: [&str; 11] = [
    "clients.test.mjs",
    "demo.test.mjs",
    "devtools.test.mjs",
    "faults.test.mjs",
    "hostile_page.test.mjs",
    "options.test.mjs",
    "panel.test.mjs",
    "pictures.test.mjs",
    "popup.test.mjs",
    "react.test.mjs",
    "thousand.test.mjs",
];

/// Those, and what compares what a page sees, down to what comes first.
fn runs_alone(file: &Path) -> bool {
    file.parent().is_some_and(|folder| folder.ends_with("compliance")) || ALONE.iter().any(|name| file.ends_with(name))
}

/// Splits the filters: those that name browser tests choose the files of that step, the others choose steps.
///
/// Without one that names a file, a folder with an `all.test.mjs` runs that alone: it runs the others, and faster.
fn choose(filters: &[String], files: Vec<PathBuf>) -> (Vec<String>, Vec<PathBuf>) {
    let has = |file: &Path, filter: &str| file.file_name().is_some_and(|name| name.to_string_lossy().contains(filter));
    let is_step = |filter: &str| all_steps().iter().any(|step| step.name.contains(filter));
    let (of_files, mut of_steps): (Vec<String>, Vec<String>) =
        filters.iter().cloned().partition(|filter| !is_step(filter) && files.iter().any(|file| has(file, filter)));
    if of_files.is_empty() {
        let all: Vec<_> = files.iter().filter(|file| file.ends_with("all.test.mjs")).cloned().collect();
        let is_in_another = |file: &PathBuf| all.iter().any(|other| other != file && other.parent() == file.parent());
        return (of_steps, files.into_iter().filter(|file| !is_in_another(file)).collect());
    }
    of_steps.push(BROWSER.to_owned());
    let chosen = files.into_iter().filter(|file| of_files.iter().any(|filter| has(file, filter))).collect();
    (of_steps, chosen)
}

/// The test files of `tests/browser/`, and then those of its folder `compliance/`.
fn browser_tests(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let directory = workspace.tests().join("browser");
    let mut files = test_files(&directory)?;
    files.append(&mut test_files(&directory.join("compliance"))?);
    Ok(files)
}

fn test_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).with_context(|| format!("{} cannot be read", directory.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(filters: &[&str], expected_steps: &[&str], expected_files: &[&str]) {
        let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
        let files = ["fetch.test.mjs", "popup.test.mjs"].iter().map(PathBuf::from).collect();
        let (steps, files) = choose(&filters, files);
        assert_eq!(steps, expected_steps);
        assert_eq!(files, expected_files.iter().map(PathBuf::from).collect::<Vec<_>>());
    }

    #[test]
    fn filters_choose_steps_or_browser_tests() {
        check(&[], &[], &["fetch.test.mjs", "popup.test.mjs"]);
        check(&["clippy"], &["clippy"], &["fetch.test.mjs", "popup.test.mjs"]);
        check(&["popup"], &["browser"], &["popup.test.mjs"]);
        check(&["types", "fetch"], &["types", "browser"], &["fetch.test.mjs"]);
        check(&["nope"], &["nope"], &["fetch.test.mjs", "popup.test.mjs"]);
    }

    #[test]
    fn a_folder_that_has_one_file_for_all_runs_that() {
        let files: Vec<PathBuf> =
            ["popup.test.mjs", "c/all.test.mjs", "c/fetch.test.mjs"].iter().map(PathBuf::from).collect();
        let (_, chosen) = choose(&[], files.clone());
        assert_eq!(chosen, [PathBuf::from("popup.test.mjs"), PathBuf::from("c/all.test.mjs")]);
        let (_, chosen) = choose(&["fetch.test.mjs".to_owned()], files);
        assert_eq!(chosen, [PathBuf::from("c/fetch.test.mjs")]);
    }

    #[test]
    fn steps_only_need_earlier_ones() {
        let steps = all_steps();
        for (index, step) in steps.iter().enumerate() {
            for name in step.needs {
                assert!(steps[..index].iter().any(|earlier| earlier.name == *name), "{} needs {name}", step.name);
            }
        }
    }

    #[test]
    fn what_others_would_disturb_runs_alone() {
        assert!(runs_alone(Path::new("tests/browser/compliance/all.test.mjs")));
        assert!(runs_alone(Path::new("tests/browser/hostile_page.test.mjs")));
        assert!(!runs_alone(Path::new("tests/browser/bodies.test.mjs")));
    }

    #[test]
    fn the_files_that_run_in_another_way_are_there() {
        let files = browser_tests(&Workspace::find().unwrap()).unwrap();
        assert!(files.iter().any(|file| file.ends_with(WAITING)));
        assert!(files.iter().filter(|file| runs_alone(file)).count() > 1);
    }
}
