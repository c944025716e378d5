//! Takes out of the profiles what is for their readers: where facts are from, and white space. What is left is part of
//! the module.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let profiles = "src/start/profiles";
    println!("cargo::rerun-if-changed={profiles}");
    let out = env::var("OUT_DIR")?;
    for entry in fs::read_dir(profiles)? {
        let path = entry?.path();
        let vendor =
            without_sources(&fs::read_to_string(&path)?).map_err(|why| format!("{}: {why}", path.display()))?;
        fs::write(Path::new(&out).join(path.file_name().unwrap_or_default()), vendor)?;
    }
    Ok(())
}

fn without_sources(text: &str) -> Result<String, Box<dyn Error>> {
    let mut vendor: Value = serde_json::from_str(text)?;
    for profile in vendor["profiles"].as_array_mut().ok_or("there are no profiles")? {
        let profile = profile.as_object_mut().ok_or("a profile is no object")?;
        profile.remove("source").ok_or("a profile has no source")?;
    }
    Ok(vendor.to_string())
}
