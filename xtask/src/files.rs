//! Holds the files of an extension in memory until all of them are right, and only then writes them.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Contents by path; a path is relative and has forward slashes on every system. Sorted, so that all output is.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Reads the files below a directory whose relative paths are wanted. Hidden files never are.
pub(crate) fn read(directory: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Files> {
    let mut files = Files::new();
    collect(directory, "", &is_wanted, &mut files)?;
    Ok(files)
}

fn collect(directory: &Path, prefix: &str, is_wanted: &impl Fn(&str) -> bool, files: &mut Files) -> Result<()> {
    let unreadable = || format!("{} cannot be read", directory.display());
    for entry in fs::read_dir(directory).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let name = entry.file_name();
        let name = name.to_str().with_context(|| format!("{} has a name that is not UTF-8", entry.path().display()))?;
        let path = format!("{prefix}{name}");
        if name.starts_with('.') {
            continue;
        }
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), is_wanted, files)?;
        } else if is_wanted(&path) {
            let contents =
                fs::read(entry.path()).with_context(|| format!("{} cannot be read", entry.path().display()))?;
            files.insert(path, contents);
        }
    }
    Ok(())
}

/// Makes a directory hold exactly these files. What is in it is deleted, so it must be empty, or look like an
/// extension that was built before.
pub(crate) fn write(files: &Files, directory: &Path, sign_of_ours: &str) -> Result<()> {
    if directory.is_file() {
        bail!("{} is a file, and would be replaced; name an empty or a new directory", directory.display());
    }
    let is_occupied = fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some());
    if is_occupied && !directory.join(sign_of_ours).is_file() {
        bail!(
            "{} holds something that is no built extension, and would be replaced; name an empty or a new directory",
            directory.display()
        );
    }
    remove(directory)?;
    for (path, contents) in files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
        }
        fs::write(&path, contents).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// Deletes a file, or a directory with all in it, if there is one.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be deleted", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A size as a tester reads it.
pub(crate) fn size(bytes: usize) -> String {
    if bytes < 1000 { format!("{bytes} B") } else { format!("{:.1} kB", bytes as f64 / 1000.0) }
}

/// One line a file, with its size.
pub(crate) fn table(files: &Files) -> String {
    let longest = files.keys().map(String::len).max().unwrap_or_default();
    let line = |(path, contents): (&String, &Vec<u8>)| format!("  {path:longest$}  {:>9}\n", size(contents.len()));
    let total: usize = files.values().map(Vec::len).sum();
    let lines: String = files.iter().map(line).collect();
    format!("{lines}  {:longest$}  {:>9}", format!("{} files", files.len()), size(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1000), "1.0 kB");
        assert_eq!(size(79_500), "79.5 kB");
    }

    #[test]
    fn a_directory_of_something_else_is_not_replaced() {
        let error = write(&Files::new(), &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "manifest.json");
        assert!(error.unwrap_err().to_string().contains("no built extension"));
    }

    #[test]
    fn a_file_is_not_replaced() {
        let error = write(&Files::new(), &Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"), "manifest.json");
        assert!(error.unwrap_err().to_string().contains("is a file"));
    }
}
