//! Builds, tests, packs and shows Callsign.

mod archive;
mod browsers;
mod build;
mod debian;
mod debian_rust;
mod doctor;
mod files;
mod fuzz;
mod manifest;
mod minify;
mod npm;
mod pack;
mod page_script;
mod program;
mod scripts;
mod settings_file;
mod steps;
mod test;
mod wasm_module;
mod wasm_toolchain;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::build::BuildOptions;
use crate::fuzz::FuzzOptions;
use crate::test::TestOptions;
use crate::workspace::Workspace;

/// Builds, tests, packs and shows Callsign.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make dist/extension, which Chromium and Firefox load unpacked.
    Build(BuildOptions),
    /// Check everything: formatting, lints, native tests, types, packages, browsers.
    Test(TestOptions),
    /// Show the extension at work in a browser, against the playground.
    Demo(PassedOn),
    /// Make one zip a browser, for the stores.
    Pack,
    /// Measure what the extension costs a page.
    Bench(PassedOn),
    /// Throw made-up bodies and messages at the editors and decoders, on this stable compiler.
    Fuzz(FuzzOptions),
    /// Tell what was found of all that is needed, and what to do about the rest.
    Doctor,
}

/// Arguments for the script that does the work, and that knows what they mean: `--help` is its own, too.
#[derive(Args)]
#[command(disable_help_flag = true)]
struct PassedOn {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match task {
        Task::Build(options) => build::build(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Test(options) => test::test(&workspace, &options),
        Task::Demo(script) => scripts::demo(&workspace, &script.arguments),
        Task::Pack => pack::pack(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Bench(script) => scripts::bench(&workspace, &script.arguments),
        Task::Fuzz(options) => fuzz::fuzz(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Doctor => doctor::doctor(&workspace),
    }
}
