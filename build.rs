//! Takes the white space out of the profiles: they are part of the module, and a sixth of them is indentation.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let profiles = "src/start/profiles";
    println!("cargo::rerun-if-changed={profiles}");
    let out = env::var("OUT_DIR")?;
    for entry in fs::read_dir(profiles)? {
        let path = entry?.path();
        let profile: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        fs::write(Path::new(&out).join(path.file_name().unwrap_or_default()), profile.to_string())?;
    }
    Ok(())
}
