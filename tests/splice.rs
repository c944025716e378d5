//! Every byte outside the edit stays: over generated JSON, and whatever the
//! text is, nothing panics.

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::start::attributes::Reading;
use callsign::start::body::json::Json;
use callsign::start::profile::{Profile, built_in};
use proptest::prelude::*;

fn profile(id: &str) -> Profile {
    built_in().into_iter().flat_map(|vendor| vendor.profiles).find(|profile| profile.id == id).expect("a profile")
}

/// White space as JSON allows it.
fn space() -> impl Strategy<Value = String> {
    "[ \t\r\n]{0,3}"
}

/// JSON with every freedom of spelling: spacing, escapes, exponents, long
/// numbers, duplicate keys.
fn json() -> impl Strategy<Value = String> {
    let word = prop_oneof![Just("true".to_owned()), Just("false".to_owned()), Just("null".to_owned())];
    let number = "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![word, number, text()];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let member = (space(), text(), space(), space(), inner.clone(), space())
            .prop_map(|(a, key, b, c, value, d)| format!("{a}{key}{b}:{c}{value}{d}"));
        let item = (space(), inner, space()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        prop_oneof![
            (space(), prop::collection::vec(member, 0..5))
                .prop_map(|(empty, members)| wrap("{", &members, &empty, "}")),
            (space(), prop::collection::vec(item, 0..5)).prop_map(|(empty, items)| wrap("[", &items, &empty, "]")),
        ]
    })
}

fn wrap(open: &str, parts: &[String], empty: &str, close: &str) -> String {
    if parts.is_empty() { format!("{open}{empty}{close}") } else { format!("{open}{}{close}", parts.join(",")) }
}

fn text() -> impl Strategy<Value = String> {
    r#""([a-zA-Z0-9 {}\[\],:é😀/]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,8}""#
}

fn object() -> impl Strategy<Value = String> {
    let member =
        (space(), text(), space(), json(), space()).prop_map(|(a, key, b, value, c)| format!("{a}{key}{b}:{value}{c}"));
    (space(), prop::collection::vec(member, 0..6)).prop_map(|(empty, members)| wrap("{", &members, &empty, "}"))
}

fn crm_id() -> CrmId {
    CrmId::try_from("CRM-\"1\\é".to_owned()).expect("a CRM ID")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// What serde_json takes is taken, and what it refuses is refused.
    #[test]
    fn json_is_what_json_is(text in json()) {
        prop_assert!(Json::parse(&text).is_ok(), "{text}");
        prop_assert_eq!(Json::parse(&text).unwrap().root().raw(), text.trim_matches([' ', '\t', '\r', '\n']));
    }

    #[test]
    fn a_cut_text_is_refused_where_serde_refuses_it(text in json(), at in any::<prop::sample::Index>()) {
        let mut end = at.index(text.len() + 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let cut = &text[..end];
        let ours = Json::parse(cut).is_ok();
        let serde = serde_json::from_str::<serde::de::IgnoredAny>(cut).is_ok();
        // serde_json refuses half a surrogate pair; the grammar of JSON does not.
        prop_assert!(ours == serde || cut.contains("\\u"), "{cut:?}: ours {ours}, serde_json {serde}");
    }

    #[test]
    fn any_text_at_all_is_read_without_panic(text in ".{0,64}") {
        let _ = Json::parse(&text);
    }

    /// Cutting the edits out of the edited text gives back the page's text.
    #[test]
    fn all_but_the_edit_stays(
        attributes in object(), before in "[ \n]{0,2}", rest in object(), key in "[a-d]{1,2}", mark in any::<bool>()
    ) {
        let bom = if mark { "\u{FEFF}" } else { "" };
        let body = format!("{bom}{before}{{\"rest\":{rest},\"attributes\" :{attributes}}}\n");
        check(&body, "genesys-webchat", &key)?;
    }

    #[test]
    fn a_container_is_made_where_there_is_none(body in object(), key in "[a-d]{1,2}") {
        for id in ["genesys-webchat", "genesys-guest-chat"] {
            check(&body, id, &key)?;
        }
    }
}

fn check(body: &str, profile_id: &str, key: &str) -> Result<(), TestCaseError> {
    let profile = profile(profile_id);
    let key = AttributeKey::try_from(key.to_owned()).expect("a key");
    // A generated body may hold the container as something else: then it is left alone.
    let Ok(reading) = Reading::of_text(body, &profile) else { return Ok(()) };
    let edited = reading.inject(&profile, &key, &crm_id());

    let mut restored = edited.text.clone();
    for edit in edited.edits.iter().rev() {
        let shift: isize = edited
            .edits
            .iter()
            .filter(|earlier| earlier.range.start < edit.range.start)
            .map(|earlier| earlier.replacement.len() as isize - earlier.range.len() as isize)
            .sum();
        let start = edit.range.start.checked_add_signed(shift).expect("a place in the text");
        restored.replace_range(start..start + edit.replacement.len(), &body[edit.range.clone()]);
    }
    prop_assert_eq!(&restored, body);

    let reading = Reading::of_text(&edited.text, &profile).expect("an edited body is JSON");
    let attributes = reading.attributes(&profile);
    let of_key: Vec<_> = attributes.iter().filter(|attribute| attribute.key == key.as_str()).collect();
    prop_assert!(!of_key.is_empty());
    for attribute in of_key {
        prop_assert_eq!(&attribute.value, &String::from(crm_id()));
    }
    Ok(())
}
