//! Attributes in several places of one JSON body: the CRM ID is set in each
//! that has it, and nothing else changes.

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::start::attributes::Reading;
use callsign::start::profile::{Profile, Step, built_in};
use proptest::prelude::*;

fn keys(path: &[&str]) -> Vec<Step> {
    path.iter().map(|key| if *key == "*" { Step::Any } else { Step::Key((*key).to_owned()) }).collect()
}

/// Attributes at `path`, and at the others too.
fn profile(path: &[&str], also: &[&[&str]]) -> Profile {
    let mut profile = Profile::clone(&built_in()[0].profiles[0]);
    profile.attributes.path = keys(path);
    profile.attributes.also = also.iter().map(|path| keys(path)).collect();
    profile.crm_id.key = "customerId".to_owned();
    profile.crm_id.other_keys = vec!["crmId".to_owned()];
    profile
}

/// The body with an attribute set, or the reason why not.
fn injected(profile: &Profile, body: &str, key: &str) -> Result<String, String> {
    let key = AttributeKey::try_from(key.to_owned()).expect("a key");
    let crm_id = CrmId::try_from("NEW".to_owned()).expect("a CRM ID");
    let reading = Reading::of_text(body, None, profile).map_err(|why| why.to_string())?;
    let edited = reading.inject(&key, &crm_id).map_err(|why| why.to_string())?;
    Ok(String::from_utf8(edited.bytes).expect("text"))
}

#[track_caller]
fn check_key(key: &str, body: &str, expected: Result<&str, &str>) {
    let profile = profile(&["a"], &[&["b"]]);
    let found = injected(&profile, body, key);
    assert_eq!(found.as_deref().map_err(String::as_str), expected, "{body}");
}

#[track_caller]
fn check(body: &str, expected: Result<&str, &str>) {
    check_key("customerId", body, expected);
}

#[test]
fn each_place_that_has_it_is_set() {
    check(
        r#"{"b":{"customerId":"1"},"a":{"customerId":"2","t":1e2}}"#,
        Ok(r#"{"b":{"customerId":"NEW"},"a":{"customerId":"NEW","t":1e2}}"#),
    );
    check(r#"{"a":{},"b":{"customerId":"1"}}"#, Ok(r#"{"a":{},"b":{"customerId":"NEW"}}"#));
    check(r#"{"a":null,"b":{"customerId":"1"}}"#, Ok(r#"{"a":null,"b":{"customerId":"NEW"}}"#));
    check(r#"{"a":{"x":1},"b":null}"#, Ok(r#"{"a":{"x":1,"customerId":"NEW"},"b":null}"#));
}

#[test]
fn where_none_has_it_it_goes_beside_another_of_its_names() {
    check(r#"{"a":{},"b":{"crmId":"1"}}"#, Ok(r#"{"a":{},"b":{"crmId":"1","customerId":"NEW"}}"#));
    check(r#"{"a":{},"b":{"x":"1"}}"#, Ok(r#"{"a":{"customerId":"NEW"},"b":{"x":"1"}}"#));
    check(r#"{"b":{"x":"1"}}"#, Ok(r#"{"b":{"x":"1"},"a":{"customerId":"NEW"}}"#));
    check_key("tier", r#"{"a":{},"b":{"customerId":"1"}}"#, Ok(r#"{"a":{},"b":{"customerId":"1","tier":"NEW"}}"#));
    check_key("tier", r#"{"a":{},"b":{"x":"1"}}"#, Ok(r#"{"a":{"tier":"NEW"},"b":{"x":"1"}}"#));
}

#[test]
fn a_place_that_cannot_be_read_keeps_all_from_being_edited() {
    check(
        r#"{"a":{"customerId":"1"},"b":{"customerId":"2"},"b":{"customerId":"3"}}"#,
        Err("`b` stands 2 times in the body, and services differ in which one they take"),
    );
    check(r#"{"a":{"customerId":"1"},"b":"customerId=2"}"#, Err("`b` is a string, not an object of attributes"));
}

#[test]
fn of_several_names_the_one_that_has_it_is_meant() {
    let namespaces = profile(&["*"], &[]);
    let found = injected(&namespaces, r#"{"a":{"x":1},"b":{"crmId":"1"}}"#, "loyaltyId");
    assert_eq!(found.as_deref(), Ok(r#"{"a":{"x":1},"b":{"crmId":"1","loyaltyId":"NEW"}}"#));
    let found = injected(&namespaces, r#"{"a":{"x":1},"b":{"y":1}}"#, "customerId");
    let why = "the body has several names, and nothing says under which one the attributes of this start are";
    assert_eq!(found, Err(why.to_owned()));
}

/// Such profiles are refused, and whoever has one stored all the same is told that nothing could be set.
#[test]
fn places_inside_each_other_are_never_edited_both() {
    let body = r#"{"customerId":"0","a":{"customerId":"1","a":"2"}}"#;
    for (path, also, key) in [
        (&["a"] as &[_], &["a"] as &[_], "customerId"),
        (&["*"], &["a"], "customerId"),
        (&[], &["a"], "customerId"),
        (&[], &["a"], "a"),
    ] {
        let found = injected(&profile(path, &[also]), body, key);
        assert!(found.is_err_and(|why| why.contains("would not read back")), "{path:?} {also:?}");
    }
}

proptest! {
    #[test]
    fn whatever_stands_there_only_the_crm_id_changes(
        a in prop::option::of(prop::collection::vec(("[a-c]|customerId|crmId", "[0-9]{0,3}"), 0..4)),
        b in prop::option::of(prop::collection::vec(("[a-c]|customerId|crmId", "[0-9]{0,3}"), 0..4)),
        is_swapped: bool,
    ) {
        let held = |name: &str, place: &Option<Vec<(String, String)>>| place.as_ref().map(|members| {
            let members: Vec<_> = members.iter().map(|(key, value)| format!(r#""{key}": "{value}""#)).collect();
            format!(r#""{name}":{{ {} }}"#, members.join(" , "))
        });
        let mut places: Vec<_> = [held("a", &a), held("b", &b)].into_iter().flatten().collect();
        if is_swapped {
            places.reverse();
        }
        let body = format!("{{ {} }}", places.join(" ,"));
        let found = injected(&profile(&["a"], &[&["b"]]), &body, "customerId").expect("it can be set");
        let ids = |text: &str| text.matches(r#""customerId""#).count();
        if ids(&body) > 0 {
            prop_assert_eq!(ids(&found), ids(&body));
            let blank = |text: &str| text.split(r#""customerId": ""#).map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()).to_owned()).collect::<Vec<_>>();
            prop_assert_eq!(blank(&found), blank(&body));
        } else {
            // Beside each other name that it has.
            prop_assert!((1..=2).contains(&ids(&found)));
        }
    }
}
