//! Writes zips that are the same, byte for byte, whenever and wherever they are made.

use std::io::{Cursor, Write};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::files::Files;

/// Zips the files: sorted, all with the same time and the same permissions.
pub(crate) fn zip(files: &Files) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        // 1980-01-01, where the format's time begins.
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, contents) in files {
        writer.start_file(path.as_str(), options).with_context(|| format!("{path} cannot be zipped"))?;
        writer.write_all(contents)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn files() -> Files {
        let mut files = Files::new();
        files.insert("manifest.json".to_owned(), b"{}\n".to_vec());
        files.insert("icons/16.png".to_owned(), vec![7; 5000]);
        files
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert_eq!(zip(&files()).unwrap(), zip(&files()).unwrap());
    }

    #[test]
    fn everything_that_could_differ_is_fixed() {
        let mut archive = zip::ZipArchive::new(Cursor::new(zip(&files()).unwrap())).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["icons/16.png", "manifest.json"]);
        for (path, contents) in files() {
            let mut file = archive.by_name(&path).unwrap();
            assert_eq!(file.last_modified(), Some(DateTime::default()));
            assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o644));
            let mut unpacked = Vec::new();
            file.read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, contents);
        }
    }
}
