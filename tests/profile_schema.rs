//! `docs/profile.schema.json` and the reader agree: on what an object may have
//! in it, and on files that are right and wrong (`tests/right_profiles.json`,
//! `tests/wrong_profiles.json`, which `tests/browser/profile_schema.test.mjs`
//! shows to the schema).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use callsign::start::profile::VendorFile;
use serde_json::{Value, json};

#[test]
fn every_wrong_file_is_refused_with_all_that_is_wrong_and_where() {
    let mut failures = Vec::new();
    for case in read("tests/wrong_profiles.json").as_array().expect("a list") {
        let said = VendorFile::parse(&case["file"].to_string()).err().map(|why| why.to_string()).unwrap_or_default();
        let said: Vec<_> = said.lines().collect();
        let expected: Vec<_> = case["says"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        if said != expected {
            failures.push(format!("«{}» says {said:#?}", case["name"]));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_right_file_is_taken() {
    for case in read("tests/right_profiles.json").as_array().expect("a list") {
        assert_eq!(VendorFile::parse(&case["file"].to_string()).err(), None, "{}", case["name"]);
    }
}

#[test]
fn every_built_in_file_could_be_a_tester_s_own() {
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/start/profiles")).expect("a folder").flatten() {
        let text = fs::read_to_string(file.path()).expect("a vendor file");
        assert_eq!(VendorFile::parse(&text).err(), None, "{}", file.path().display());
    }
}

#[test]
fn the_schema_knows_the_members_that_the_reader_knows() {
    let schema = read("docs/profile.schema.json");
    let wrong = json!({ "x": 0,
        "profiles": [{ "x": 0,
            "start": { "x": 0, "body": [[{ "x": 0 }]], "socket": { "x": 0 }, "call": { "x": 0 } },
            "attributes": { "x": 0, "limits": { "x": 0 }, "shape": { "kind": "items", "x": 0, "with": [{ "x": 0 }] } },
            "crmId": { "x": 0 },
            "context": [{ "x": 0 }],
            "signed": [{ "x": 0 }],
            "tokens": [{ "x": 0 }],
            "accepted": { "x": 0 },
            "notes": [{ "x": 0 }],
        }],
        "errorBody": { "x": 0 },
        "errors": [{ "x": 0 }],
    });
    let said = VendorFile::parse(&wrong.to_string()).unwrap_err().to_string();
    let known: BTreeMap<&str, BTreeSet<&str>> = said
        .lines()
        .filter_map(|line| {
            let (place, known) = line.split_once("`x` is not known here, only ")?;
            Some((place.trim_end_matches(": "), known.split(", ").collect()))
        })
        .collect();
    let places = [
        ("", "/properties"),
        ("profiles.0", "/$defs/profile/properties"),
        ("profiles.0.start", "/$defs/start/properties"),
        ("profiles.0.start.body.0.0", "/$defs/conditions/items/properties"),
        ("profiles.0.start.socket", "/$defs/socket/properties"),
        ("profiles.0.start.call", "/$defs/call/properties"),
        ("profiles.0.attributes", "/$defs/attributes/properties"),
        ("profiles.0.attributes.limits", "/$defs/limits/properties"),
        ("profiles.0.attributes.shape", "/$defs/shape/oneOf/2/properties"),
        ("profiles.0.attributes.shape.with.0", "/$defs/with/items/properties"),
        ("profiles.0.crmId", "/$defs/crmId/properties"),
        ("profiles.0.context.0", "/$defs/labelled/properties"),
        ("profiles.0.signed.0", "/$defs/signed/properties"),
        ("profiles.0.tokens.0", "/$defs/token/properties"),
        ("profiles.0.accepted", "/$defs/accepted/properties"),
        ("profiles.0.notes.0", "/$defs/note/properties"),
        ("errorBody", "/$defs/errorBody/properties"),
        ("errors.0", "/$defs/error/properties"),
    ];
    let in_schema = |at: &str| schema.pointer(at).and_then(Value::as_object).expect("properties").keys();
    let expected: BTreeMap<&str, BTreeSet<&str>> =
        places.iter().map(|(place, at)| (*place, in_schema(at).map(String::as_str).collect())).collect();
    assert_eq!(known, expected, "docs/profile.schema.json and the reader differ");
}

fn read(path: &str) -> Value {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}
