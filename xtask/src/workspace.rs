//! Knows where things lie in this checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout that this xtask was compiled from.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout from the place of xtask's own sources, so that the current directory does not matter.
    pub(crate) fn find() -> Result<Self> {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = xtask.parent().context("xtask has no parent directory; run it as `cargo xtask` in the checkout")?;
        Ok(Self { root: root.to_owned() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The extension's own files.
    pub(crate) fn extension(&self) -> PathBuf {
        self.root.join("extension")
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join("manifest.json")
    }

    /// What the tester gets: unpacked extensions and zips.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The npm packages and the scripts that use them.
    pub(crate) fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// What xtask keeps between runs; deleting it costs time and nothing else.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.join("target").join("xtask")
    }

    /// Cargo's directory for the wasm target. It is its own, because another compiler may be used there, and a shared
    /// one would make cargo forget its native work at every change of compiler.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.root.join("target").join("wasm")
    }

    /// The path as the tester would write it from the checkout's root.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
