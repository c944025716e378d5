//! The cases in `tests/cases/`: one folder a case, in one folder a profile.
//!
//! `given.txt` is the body as the page wrote it, and `content-type.txt`, where
//! there is one, its content type. Beside it stands either `expected.txt`, the
//! body as it must go out with the CRM ID `CRM-12345-XYZ`, or `left-alone.txt`,
//! the finding that says why it goes out as written.
//!
//! `given.escaped` and `expected.escaped` are bodies that an editor would not
//! leave alone. In them line ends are for the eye only, and `\r`, `\n`, `\t`,
//! `\\` and `\xFF` are bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::start::attributes::{Reading, Untouchable};
use callsign::start::body::document::bytes_of;
use callsign::start::candidate::{Body, Candidate, Transport};
use callsign::start::lint;
use callsign::start::profile::{Profile, built_in};
use callsign::start::replacement::Replacement;

#[test]
fn every_case_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let profiles: Vec<Arc<Profile>> = built_in().into_iter().flat_map(|vendor| vendor.profiles).collect();
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
    let candidate = candidate(body(case, "given")?, fs::read_to_string(case.join("content-type.txt")).ok());
    let (name, got, expected) = match injected(profile, &candidate) {
        Ok(body) => ("expected", body, self::body(case, "expected")),
        Err(why) => {
            let finding = lint::of_untouchable(&why);
            let got = format!("{}: {}\n", finding.id, finding.sentence).into_bytes();
            ("left-alone", got, fs::read(case.join("left-alone.txt")).ok())
        }
    };
    match expected {
        Some(expected) if expected == got => None,
        Some(expected) => Some(format!("{name} says\n{}\nand it is\n{}", escaped(&expected), escaped(&got))),
        None => Some(format!("there is no {name}, and it would be\n{}", escaped(&got))),
    }
}

fn injected(profile: &Profile, candidate: &Candidate) -> Result<Vec<u8>, Untouchable> {
    let key = AttributeKey::try_from(profile.crm_id.key.clone()).expect("a key");
    let crm_id = CrmId::try_from("CRM-12345-XYZ".to_owned()).expect("a CRM ID");
    let edited = Reading::of(candidate, profile)?.inject(&key, &crm_id)?;
    let replacements = Replacement::all_of(&edited.edits, &candidate.body);
    let sent = Replacement::made_in(&replacements, &candidate.body).expect("they fit");
    assert_eq!(bytes_of(&sent).as_deref(), Ok(edited.bytes.as_slice()), "what is sent is what the edit made");
    Ok(edited.bytes)
}

fn candidate(bytes: Vec<u8>, content_type: Option<String>) -> Candidate {
    let body = match String::from_utf8(bytes) {
        Ok(text) => Body::Text { text },
        Err(error) => Body::Binary { bytes: error.as_bytes().iter().map(|byte| char::from(*byte)).collect() },
    };
    Candidate {
        transport: Transport::Fetch,
        method: "POST".to_owned(),
        url: "https://api.example/".to_owned(),
        content_type: content_type.map(|text| text.trim_end().to_owned()),
        body,
        not_editable: None,
        socket: None,
        signature: None,
    }
}

fn body(case: &Path, name: &str) -> Option<Vec<u8>> {
    let plain = fs::read(case.join(name).with_extension("txt"));
    plain.ok().or_else(|| Some(unescaped(&fs::read_to_string(case.join(name).with_extension("escaped")).ok()?)))
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut characters = text.chars().filter(|character| *character != '\n');
    while let Some(character) = characters.next() {
        if character != '\\' {
            bytes.extend(character.to_string().into_bytes());
            continue;
        }
        bytes.push(match characters.next() {
            Some('r') => b'\r',
            Some('n') => b'\n',
            Some('t') => b'\t',
            Some('\\') => b'\\',
            Some('x') => {
                let digits: String = characters.by_ref().take(2).collect();
                u8::from_str_radix(&digits, 16).expect("two hexadecimal digits")
            }
            other => panic!("no such escape: {other:?}"),
        });
    }
    bytes
}

fn escaped(bytes: &[u8]) -> String {
    let mut escaped = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\r' => escaped.push_str("\\r"),
                '\n' => escaped.push_str("\\n\n"),
                '\t' => escaped.push_str("\\t"),
                '\\' => escaped.push_str("\\\\"),
                other => escaped.push(other),
            }
        }
        escaped.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    escaped
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
