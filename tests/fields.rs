//! Forms and multipart bodies are edited in place: over generated ones, every
//! byte outside the edit stays, and nothing else reads otherwise.

mod properties;

use properties::{FORM, MULTIPART, edit, edit_form, read_form};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const PATHS: [&[&str]; 3] = [&["attributes"], &["memberInfo", "customFields"], &["a", "b", "c"]];

fn path() -> impl Strategy<Value = &'static [&'static str]> {
    select(PATHS.as_slice())
}

fn crm_id() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Z0-9]{1,9}", r#"[A-Za-z0-9&=+%;"\\\[\]{} -]{1,20}"#, "\\PC{1,20}", Just("--B".to_owned())]
}

/// A name that is on the way, in the container, beside it, or anything.
fn name() -> impl Strategy<Value = String> {
    let ours = select(&[
        "attributes",
        "attributes[k]",
        "attributes[tier]",
        "attributes[tags][]",
        "memberInfo",
        "memberInfo[displayName]",
        "memberInfo[customFields]",
        "memberInfo[customFields][k]",
        "memberInfo[customFields][é \"]",
        "a[b]",
        "a[b][c]",
        "a[b][c][k]",
        "a[x]",
    ]);
    prop_oneof![6 => ours.prop_map(str::to_owned), 1 => "[a-c\\[\\]é ]{0,8}", 1 => "\\PC{0,8}"]
}

/// A value: text, or the JSON that a container's field could hold.
fn value() -> impl Strategy<Value = String> {
    let json = select(&[
        "{}",
        "{\"k\": 1}",
        "{\"k\":\"1\",\"é+%\\u00e9\":\"&=\" , \"k\":{}}\n",
        "{\"b\":{\"c\":{\"k\":\"x y\"}}}",
        "[]",
        "{\"customFields\":{\"tier\":\"gold\",\"n\":1e2}}",
        "{\"c\":{\"tier\":[\"g\"]}}",
        "[object Object]",
        "{\"k\":",
    ]);
    prop_oneof![2 => json.prop_map(str::to_owned), 1 => "[a-z+ %]{0,8}", 1 => "(?s).{0,12}"]
}

/// A byte of a form, spelled in one of the ways that it may be.
fn spelled(text: &str, choices: &[u8]) -> String {
    let spell = |(index, byte): (usize, u8)| match (choices[index % choices.len()] % 4, byte) {
        (0, b' ') => "+".to_owned(),
        (0 | 1, b'a'..=b'z' | b'A'..=b'Z' | b'[' | b']' | b'{' | b'"' | b':' | b',' | b'}') => {
            char::from(byte).to_string()
        }
        (2, _) => format!("%{byte:02x}"),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().enumerate().map(spell).collect()
}

fn form() -> impl Strategy<Value = String> {
    let field =
        (name(), value(), vec(any::<u8>(), 1..8), 0..8_u8).prop_map(|(name, value, choices, shape)| match shape {
            0 => spelled(&name, &choices),
            1 => format!("{}=", spelled(&name, &choices)),
            2 => String::new(),
            _ => format!("{}={}", spelled(&name, &choices), spelled(&value, &choices)),
        });
    (vec(field, 0..7), "&{0,2}").prop_map(|(fields, end)| fields.join("&") + &end)
}

fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A part: its headers, and its value as bytes.
fn part() -> impl Strategy<Value = Vec<u8>> {
    let headers = (name(), 0..6_u8).prop_map(|(name, shape)| {
        let name = escaped(&name);
        match shape {
            0 => format!("Content-Type: text/plain\r\ncontent-disposition:form-data;NAME=\"{name}\" ; x=y"),
            1 => {
                format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"a;b\"\r\nContent-Type: image/png")
            }
            _ => format!("Content-Disposition: form-data; name=\"{name}\""),
        }
    });
    let value = prop_oneof![5 => value().prop_map(String::into_bytes), 1 => vec(any::<u8>(), 0..20)];
    (headers, value).prop_map(|(headers, value)| [headers.as_bytes(), b"\r\n\r\n", &value, b"\r\n"].concat())
}

fn multipart() -> impl Strategy<Value = Vec<u8>> {
    let preamble = prop_oneof![3 => Just(""), 1 => Just("\r\n"), 1 => Just("preamble --B\r\n")];
    let padding = prop_oneof![3 => Just(""), 1 => Just(" \t")];
    let epilogue = prop_oneof![3 => Just("\r\n"), 1 => Just(""), 1 => Just("\r\n--B\r\nepilogue")];
    (preamble, vec(part(), 0..6), padding, epilogue).prop_map(|(preamble, parts, padding, epilogue)| {
        let delimiter = format!("--B{padding}\r\n");
        let parts = parts.iter().flat_map(|part| [delimiter.as_bytes(), part]);
        let pieces: Vec<&[u8]> = [preamble.as_bytes()].into_iter().chain(parts).collect();
        [pieces.concat(), format!("--B--{epilogue}").into_bytes()].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_form_reads_as_in_a_browser(form in form(), noise in vec(any::<u8>(), 0..40)) {
        read_form(form.as_bytes());
        read_form(&noise);
    }

    #[test]
    fn all_of_a_form_but_the_edit_stays(form in form(), path in path(), id in crm_id()) {
        edit_form(form.as_bytes(), path, "k", &id);
    }

    #[test]
    fn a_field_that_is_there_is_set(form in form(), path in path(), id in "[A-Za-z0-9&=+%]{1,20}", json in any::<bool>()) {
        let container = path[1..].iter().fold(path[0].to_owned(), |name, key| format!("{name}[{key}]"));
        let own = if json { format!("{container}={{\"k\":1}}") } else { format!("{container}[k]") };
        // Where nothing of the same container is beside it, it can be set.
        let beside = form_urlencoded::parse(form.as_bytes()).any(|(name, _)| name.starts_with(path[0]));
        let done = edit_form(format!("{own}&{form}").as_bytes(), path, "k", &id);
        prop_assert!(done || beside);
    }

    #[test]
    fn any_bytes_are_a_form(bytes in any::<Vec<u8>>(), path in path(), key in "\\PC{1,5}", id in crm_id()) {
        edit_form(&bytes, path, &key, &id);
    }

    #[test]
    fn all_of_a_multipart_body_but_the_edit_stays(
        body in multipart(), path in path(), key in "[k\"\\[é]|k", id in crm_id()
    ) {
        edit(&body, Some(MULTIPART), path, &key, &id);
    }

    #[test]
    fn a_part_that_is_missing_is_added(body in multipart(), id in "[A-Za-z0-9&=+%]{1,20}") {
        let edited = edit(&body, Some(MULTIPART), &["made up"], "k", &id);
        prop_assert!(edited.is_some());
        let part = format!("--B\r\nContent-Disposition: form-data; name=\"made up[k]\"\r\n\r\n{id}\r\n");
        let added = edited.map(|edited| edited.edits[0].replacement.clone());
        prop_assert_eq!(added, Some(part));
    }

    #[test]
    fn a_cut_multipart_body_is_read_or_refused(body in multipart(), at in any::<prop::sample::Index>(), path in path()) {
        edit(&body[..at.index(body.len())], Some(MULTIPART), path, "k", "1");
    }

    #[test]
    fn any_content_type_is_read_without_panic(body in multipart(), content_type in "(multipart/form-data;?)?.{0,30}") {
        edit(&body, Some(&content_type), &["attributes"], "k", "1");
        edit(&body, Some(FORM), &["attributes"], "k", "1");
        edit(&body, None, &["attributes"], "k", "1");
    }
}
