//! Throws made-up bodies and messages at Callsign until time is up.
//!
//! libFuzzer tells which inputs reach new code by what the compiler adds to each branch. The flags below ask a stable
//! compiler for that; only the sanitizers of unsafe code would need another one, and Callsign has no unsafe code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::program::{self, Run};
use crate::workspace::Workspace;

/// What to fuzz.
#[derive(Args, Clone, Debug)]
pub(crate) struct FuzzOptions {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u32,

    /// Only these of json, form, multipart and message.
    targets: Vec<String>,
}

const TARGETS: [&str; 4] = ["json", "form", "multipart", "message"];

const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Checks that the targets compile, which takes no C++ compiler.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut cargo = program::cargo(workspace);
    cargo.args(["check", "--locked", "--bins", "--no-default-features"]);
    cargo.arg("--manifest-path").arg(folder(workspace).join("Cargo.toml")).arg("--target-dir").arg(output(workspace));
    cargo.run()
}

/// Builds the targets and runs one after the other. The first input that makes one panic ends it with an error.
pub(crate) fn fuzz(workspace: &Workspace, options: &FuzzOptions) -> Result<()> {
    if let Some(unknown) = options.targets.iter().find(|target| !TARGETS.contains(&target.as_str())) {
        bail!("there is no fuzz target {unknown}; there are {}", TARGETS.join(", "));
    }
    let (folder, output) = (folder(workspace), output(workspace));
    let host = host()?;
    let mut cargo = program::cargo(workspace);
    // With a target named, the flags are not for build scripts and procedural macros.
    cargo.args(["build", "--release", "--locked", "--bins", "--target", &host]);
    cargo.arg("--manifest-path").arg(folder.join("Cargo.toml")).arg("--target-dir").arg(&output);
    cargo
        .env("RUSTFLAGS", FLAGS)
        .run()
        .context("the fuzz targets need a C++ compiler, such as Debian's package g++")?;
    let is_chosen = |target: &str| options.targets.is_empty() || options.targets.iter().any(|name| name == target);
    for target in TARGETS.into_iter().filter(|target| is_chosen(target)) {
        println!("\n{target}, {} seconds", options.seconds);
        let program = output.join(&host).join("release").join(target);
        run(&program, &folder, &output, target, options.seconds)?;
    }
    Ok(())
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("fuzz")
}

fn output(workspace: &Workspace) -> PathBuf {
    workspace.root().join("target").join("fuzz")
}

fn run(program: &Path, folder: &Path, output: &Path, target: &str, seconds: u32) -> Result<()> {
    // What one run finds, the next begins with.
    let corpus = output.join("corpus").join(target);
    let inputs = output.join("panics");
    for folder in [&corpus, &inputs] {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let mut fuzzer = Command::new(program);
    fuzzer.arg(format!("-max_total_time={seconds}"));
    fuzzer.arg(format!("-dict={}", folder.join("dictionaries").join(target).display()));
    fuzzer.arg(format!("-artifact_prefix={}/{target}-", inputs.display()));
    fuzzer.args(["-timeout=10", "-max_len=4096", "-print_final_stats=1", "-verbosity=0"]);
    fuzzer.arg(&corpus).arg(folder.join("seeds").join(target));
    let panicked = || format!("an input that panics is in {}; {} takes it", inputs.display(), program.display());
    fuzzer.run().with_context(panicked)
}

/// The target that this machine's compiler compiles for when it is not told.
fn host() -> Result<String> {
    let version = Command::new("rustc").arg("-vV").read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}
