//! JSON is edited in place: over generated texts, every byte outside the edit
//! stays, and whatever the text is, nothing panics.

mod properties;

use callsign::start::body::json::Json;
use properties::{edit, edit_json, read_json};
use proptest::prelude::*;

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn json_is_what_json_is(text in json()) {
        prop_assert!(Json::parse(&text).is_ok(), "{text}");
        read_json(&text);
    }

    #[test]
    fn a_cut_text_is_refused_where_serde_refuses_it(text in json(), at in any::<prop::sample::Index>()) {
        let mut end = at.index(text.len() + 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        read_json(&text[..end]);
    }

    #[test]
    fn any_text_at_all_is_read_without_panic(text in ".{0,64}") {
        read_json(&text);
        edit_json(&text, &["a"], "b", "c");
    }

    #[test]
    fn any_bytes_at_all_are_read_without_panic(
        bytes in any::<Vec<u8>>(), content_type in prop::option::of(".{0,30}")
    ) {
        edit(&bytes, content_type.as_deref(), &["a"], "b", "c");
    }

    #[test]
    fn all_but_the_edit_stays(
        attributes in object(), before in "[ \n]{0,2}", rest in object(), key in "[a-d]{1,2}", id in "\\PC{1,20}",
        mark in any::<bool>()
    ) {
        let bom = if mark { "\u{FEFF}" } else { "" };
        let body = format!("{bom}{before}{{\"rest\":{rest},\"attributes\" :{attributes}}}\n");
        edit_json(&body, &["attributes"], &key, &id);
        prop_assert!(edit_json(&body, &["attributes"], &key, "CRM-\"1\\é") || body.matches("attributes").count() > 1);
    }

    #[test]
    fn a_container_is_made_where_there_is_none(body in object(), key in "[a-d]{1,2}", id in "\\PC{1,20}") {
        edit_json(&body, &["attributes"], &key, &id);
        edit_json(&body, &["memberInfo", "customFields"], &key, &id);
        prop_assert!(edit_json(&body, &["made up"], &key, "CRM-1"));
    }
}
