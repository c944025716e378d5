//! The cases in `tests/cases/`: one folder a case, in one folder a profile.
//!
//! `given.txt` is the body as the page wrote it. Beside it stands either
//! `expected.txt`, the body as it must go out with the CRM ID `CRM-12345-XYZ`,
//! or `left-alone.txt`, the finding that says why it goes out as written.

use std::fs;
use std::path::{Path, PathBuf};

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::start::attributes::Reading;
use callsign::start::lint;
use callsign::start::profile::{Profile, built_in};

#[test]
fn every_case_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let profiles: Vec<Profile> = built_in().into_iter().flat_map(|vendor| vendor.profiles).collect();
    let mut failures = Vec::new();
    let mut count = 0;
    for profile in &profiles {
        for case in folders(&root.join(&profile.id)) {
            count += 1;
            if let Some(failure) = failure(profile, &case) {
                failures.push(format!("{}: {failure}", case.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases failed\n{}", failures.len(), failures.join("\n"));
    assert!(count > profiles.len(), "every profile has cases");
}

fn failure(profile: &Profile, case: &Path) -> Option<String> {
    let read = |name: &str| fs::read_to_string(case.join(name)).ok();
    let given = read("given.txt")?;
    let key = AttributeKey::try_from(profile.crm_id.key.clone()).expect("a key");
    let crm_id = CrmId::try_from("CRM-12345-XYZ".to_owned()).expect("a CRM ID");
    let got = match Reading::of_text(&given, profile) {
        Ok(reading) => ("expected.txt", reading.inject(profile, &key, &crm_id).text),
        Err(why) => {
            let finding = lint::of_untouchable(&why);
            ("left-alone.txt", format!("{}: {}\n", finding.id, finding.sentence))
        }
    };
    match read(got.0) {
        Some(expected) if expected == got.1 => None,
        Some(expected) => Some(format!("{} says {expected:?}, and it is {:?}", got.0, got.1)),
        None => Some(format!("there is no {}, and it would be {:?}", got.0, got.1)),
    }
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
