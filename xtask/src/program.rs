//! Runs other programs and, when one fails, says which one and how.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Running a [`Command`] with errors that name it.
pub(crate) trait Run {
    /// Runs with the terminal's own input and output; a status other than 0 is an error.
    fn run(&mut self) -> Result<()>;

    /// Like [`Run::run`], but what the program writes goes to standard error, which leaves standard output to what the
    /// tester asked for.
    fn run_aside(&mut self) -> Result<()>;

    /// Runs and returns what was written to standard output. The error carries what was written to standard error.
    fn read(&mut self) -> Result<String>;
}

impl Run for Command {
    fn run(&mut self) -> Result<()> {
        let status = self.status().with_context(|| not_started(self))?;
        if !status.success() {
            bail!("{} failed ({status})", shown(self));
        }
        Ok(())
    }

    fn run_aside(&mut self) -> Result<()> {
        self.stdout(std::io::stderr()).run()
    }

    fn read(&mut self) -> Result<String> {
        let output = self.stdin(Stdio::null()).output().with_context(|| not_started(self))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{} failed ({}): {}", shown(self), output.status, said.trim());
        }
        String::from_utf8(output.stdout).with_context(|| format!("{} wrote something that is not UTF-8", shown(self)))
    }
}

/// The cargo that started this xtask, or the one on the `PATH`.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace.root());
    command
}

/// Where the `PATH` finds a program.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    find_in(program, &env::var_os("PATH")?)
}

/// Where a search path finds a program.
pub(crate) fn find_in(program: &str, path: &OsStr) -> Option<PathBuf> {
    env::split_paths(path).map(|directory| directory.join(program)).find(|candidate| candidate.is_file())
}

fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<_> = std::iter::once(name).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    let text = words.join(" ");
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

fn not_started(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    match command.get_current_dir() {
        Some(directory) if !directory.is_dir() => {
            format!("{program} could not be started: there is no directory {}", directory.display())
        }
        Some(_) | None => format!("{program} could not be started; `cargo xtask doctor` tells what is missing"),
    }
}
