//! Joins the profiles, without what is for their readers: where facts are from, and white space.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = "src/start/profiles";
    println!("cargo::rerun-if-changed={directory}");
    let files: Result<Vec<PathBuf>, _> =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut files = files?;
    files.sort_by_key(|path| order_of(path));
    let mut vendors = Vec::new();
    for path in files {
        let vendor = without_sources(&fs::read_to_string(&path)?);
        vendors.push(vendor.map_err(|why| format!("{}: {why}", path.display()))?);
    }
    let out = Path::new(&env::var("OUT_DIR")?).join("profiles.json");
    Ok(fs::write(out, Value::Array(vendors).to_string())?)
}

/// Genesys first, the others by name: a page's start is looked for in this order.
fn order_of(path: &Path) -> (bool, PathBuf) {
    (path.file_stem().is_none_or(|stem| stem != "genesys"), path.to_owned())
}

fn without_sources(text: &str) -> Result<Value, Box<dyn Error>> {
    let mut vendor: Value = serde_json::from_str(text)?;
    for profile in vendor["profiles"].as_array_mut().ok_or("there are no profiles")? {
        let profile = profile.as_object_mut().ok_or("a profile is no object")?;
        profile.remove("source").ok_or("a profile has no source")?;
        profile.get("confidence").ok_or("a profile does not say how sure it is")?;
    }
    Ok(vendor)
}
