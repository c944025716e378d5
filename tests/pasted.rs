//! A request that is written as browsers copy it and read back is the same
//! candidate; and whatever is pasted, it is read or refused in words.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use callsign::crm_id::CrmId;
use callsign::session::try_out::{Setting, TriedOut, try_out};
use callsign::start::candidate::{Body, Candidate, Transport};
use callsign::start::explain::Verdict;
use callsign::start::profile::{Vendor, built_in, by_id};
use callsign::start::sample::Sample;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const JSON: &str = "application/json";

fn candidate(url: &str, body: &str) -> Candidate {
    Candidate {
        transport: Transport::Fetch,
        method: "POST".to_owned(),
        url: url.to_owned(),
        content_type: Some(JSON.to_owned()),
        body: Body::Text { text: body.to_owned() },
        not_editable: None,
        socket: None,
        signature: None,
    }
}

fn url() -> impl Strategy<Value = String> {
    "https://[a-z]{1,8}\\.example(:8443)?/[A-Za-z0-9/_.~!'()*%-]{0,12}(\\?[a-z]=[A-Za-z0-9%+;'!]{0,6}(&b=c)?)?"
}

/// A body: what starts are made of, with what shells, JavaScript and JSON escape.
fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(vec![
            "{\"attributes\":{",
            "}}",
            "\"externalId\":\"WEB-1\"",
            "\\n",
            "\\\"",
            "\\\\",
            "'",
            "\"",
            "`",
            "${a}",
            "$'",
            "!",
            "%",
            "%PATH%",
            "^",
            "&",
            "|",
            ";",
            "\n",
            "\n\n",
            "  ",
            "\t",
            "é",
            "😀",
            "€",
            "\\u00e9",
            "a=b",
            "{",
            "}",
            ")",
            "//",
            "/*",
        ])
        .prop_map(str::to_owned),
        "[ -~]{1,8}",
        "\\PC{1,4}",
        "[\\x01-\\x1f\\x7f]",
    ];
    vec(piece, 1..12)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("something is in it", |body| !body.trim().is_empty())
}

fn in_http(start: &Candidate, body: &str) -> String {
    let (host, path) = start.url["https://".len()..].split_once('/').expect("a path");
    let length = body.len();
    format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\nContent-Length: {length}\r\n\r\n{body}\n")
}

/// As Chromium writes for bash; `escape` is what it writes for a UTF-16 unit that it does not leave as it is.
fn in_bash(text: &str, is_left: fn(char) -> bool, escape: fn(u16) -> String) -> String {
    if text.chars().all(|character| is_left(character) && character != '\'') {
        return format!("'{text}'");
    }
    let mut written = String::new();
    for character in text.chars() {
        match character {
            '\\' | '\'' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            plain if is_left(plain) => written.push(plain),
            other => written.extend(other.encode_utf16(&mut [0; 2]).iter().map(|unit| escape(*unit))),
        }
    }
    format!("$'{written}'")
}

fn as_chromium(text: &str) -> String {
    in_bash(text, |character| !character.is_control() && character != '!', |unit| format!("\\u{unit:04x}"))
}

fn as_firefox(text: &str) -> String {
    in_bash(
        text,
        |character| (' '..='~').contains(&character) && character != '!',
        |unit| if unit < 256 { format!("\\x{unit:02x}") } else { format!("\\u{unit:04x}") },
    )
}

/// As Chromium writes for cmd: a backslash before quotes and backslashes, and
/// then a caret before all that cmd might know.
fn as_cmd(text: &str) -> String {
    let mut written = String::new();
    for character in text.replace('\\', "\\\\").replace('"', "\\\"").chars() {
        match character {
            '\n' => written.push_str("^\n\n"),
            plain if plain.is_ascii_alphanumeric() || " _-:=+~'/.,?;()*`".contains(plain) => written.push(plain),
            other => written.extend(['^', other]),
        }
    }
    format!("^\"{written}^\"")
}

fn in_curl(quote: fn(&str) -> String, line_end: &str, start: &Candidate, body: &str) -> String {
    let (url, header, body) = (quote(&start.url), quote("content-type: application/json"), quote(body));
    format!("curl {url} {line_end}\n  -H {header} {line_end}\n  --data-raw {body}")
}

fn in_fetch(start: &Candidate, body: &str) -> String {
    let (url, body) = (serde_json::json!(start.url), serde_json::json!(body));
    format!(
        "fetch({url}, {{\n  \"headers\": {{\n    \"content-type\": \"{JSON}\"\n  }},\n  \"body\": {body},\n  \"method\": \"POST\"\n}});"
    )
}

fn in_template(start: &Candidate, body: &str) -> String {
    let escaped = body.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${");
    let url = start.url.replace('\'', "\\'");
    format!("await fetch('{url}', {{ method: `POST`, headers: {{ 'Content-Type': '{JSON}', }}, body: `{escaped}` }})")
}

fn in_har(start: &Candidate, body: &str) -> String {
    let posted = serde_json::json!({ "mimeType": JSON, "text": body });
    let request = serde_json::json!({ "method": "POST", "url": start.url, "headers": [], "postData": posted });
    serde_json::json!({ "log": { "entries": [{ "_resourceType": "fetch", "request": request }] } }).to_string()
}

#[track_caller]
fn check(written: &str, expected: &Candidate) {
    let read = Sample::parse(written).map(|sample| sample.candidates);
    assert_eq!(read.as_deref(), Ok(std::slice::from_ref(expected)), "{written}");
}

/// All samples that are files.
fn samples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let folders = fs::read_dir(root).expect("there are samples").flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).expect("a folder").flatten());
    files.filter_map(|file| fs::read_to_string(file.path()).ok()).collect()
}

/// A text with something cut out, put in, or said twice.
fn mutated(text: &str, (from, length, what): (usize, usize, u8), piece: &str) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let from = from % places.len();
    let to = (from + length).min(places.len() - 1);
    let (before, cut, behind) = (&text[..places[from]], &text[places[from]..places[to]], &text[places[to]..]);
    match what % 4 {
        0 => format!("{before}{behind}"),
        1 => format!("{before}{piece}{cut}{behind}"),
        2 => format!("{before}{cut}{cut}{behind}"),
        _ => before.to_owned(),
    }
}

/// Whatever comes, something is said about it.
fn try_all(text: &str) {
    static VENDORS: LazyLock<Vec<Vendor>> = LazyLock::new(built_in);
    let vendors = &*VENDORS;
    let crm_id = CrmId::try_from("CRM-1".to_owned()).expect("a CRM ID");
    for profile in &vendors[0].profiles {
        match try_out(text, &vendors[0], profile, Some(Setting { crm_id: crm_id.clone(), attribute: None })) {
            Ok(tried) => {
                let body = tried.edited.as_ref().map(|edited| edited.text.as_str()).unwrap_or_default();
                let ranges = tried.edited.iter().flat_map(|edited| &edited.changed);
                assert!(ranges.clone().all(|range| body.get(range.clone()).is_some()), "{body} {tried:?}");
            }
            Err(why) => assert!(!why.to_string().is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn what_is_written_is_read_back(url in url(), body in body()) {
        let start = candidate(&url, &body);
        check(&in_http(&start, &body), &start);
        check(&in_curl(as_chromium, "\\", &start, &body), &start);
        check(&in_fetch(&start, &body), &start);
        check(&in_template(&start, &body.replace('\r', "")), &candidate(&url, &body.replace('\r', "")));
        check(&in_har(&start, &body), &start);
        // Copying may add a line end, so one is taken away.
        let end = if body.ends_with('\n') { "\n" } else { "" };
        check(&format!("{url}\n\n{body}{end}"), &Candidate { content_type: None, ..start.clone() });
        let for_cmd: String = body.chars().filter(|character| *character == '\n' || !character.is_control()).collect();
        if !for_cmd.is_empty() {
            check(&in_curl(as_cmd, "^", &start, &for_cmd), &candidate(&url, &for_cmd));
        }
        // Firefox writes é and the byte E9 alike, so what Latin-1 has is a sample of its own.
        let for_firefox: String = body.chars().filter(|character| !('\u{80}'..='\u{FF}').contains(character)).collect();
        if !for_firefox.is_empty() {
            check(&in_curl(as_firefox, "\\", &start, &for_firefox), &candidate(&url, &for_firefox));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,80}", begin in select(&["", "curl ", "curl ^\"", "fetch(", "{", "POST /", "https://a.example/\n"])) {
        try_all(&format!("{begin}{text}"));
    }

    #[test]
    fn a_damaged_sample_is_read_or_refused(which in any::<prop::sample::Index>(), cuts in vec((any::<usize>(), 0..30_usize, any::<u8>()), 1..4), piece in body()) {
        static SAMPLES: LazyLock<Vec<String>> = LazyLock::new(samples);
        let mut text = which.get(&SAMPLES).clone();
        for cut in cuts {
            text = mutated(&text, cut, &piece);
        }
        try_all(&text);
    }
}

fn tried(sample: &str, profile: &str) -> TriedOut {
    let vendors = built_in();
    let (vendor, profile) = by_id(&vendors, profile).expect("a profile");
    let crm_id = CrmId::try_from("CRM-12345-XYZ".to_owned()).expect("a CRM ID");
    try_out(sample, vendor, profile, Some(Setting { crm_id, attribute: None })).expect("a sample")
}

const TWO: &str = "curl 'https://shop.example/config' -H 'accept: */*' ;
curl 'https://shop.example/conversations/webchat' \\
  -H 'content-type: application/json' \\
  --data-raw '{ \"attributes\": { \"externalId\": \"\", \"tier\": {} } }'";

#[test]
fn a_profile_is_tried_out_on_the_request_that_it_is_about() {
    let tried = tried(TWO, "genesys-webchat");
    assert_eq!((tried.requests, &tried.explained.verdict), (2, &Verdict::Matched));
    assert_eq!(tried.attributes.len(), 2);
    let edited = tried.edited.expect("it can be edited");
    assert_eq!(edited.text, "{ \"attributes\": { \"externalId\": \"CRM-12345-XYZ\", \"tier\": {} } }");
    let changed: Vec<_> = edited.changed.into_iter().map(|range| edited.text[range].to_owned()).collect();
    assert_eq!(changed, ["\"CRM-12345-XYZ\""]);
    assert!(tried.findings.iter().any(|finding| finding.id == "value-nested"), "{:?}", tried.findings);
}

#[test]
fn what_does_not_match_is_explained_and_still_looked_into() {
    let sample = "https://shop.example/conversations/webchats\n{\"attributes\":{\"externalId\":\"WEB-1\"}}";
    let tried = tried(sample, "genesys-webchat");
    let why = tried.explained.sentence();
    assert!(why.starts_with("Genesys web chat: path ends in /conversations/webchat"), "{why}");
    assert!(why.ends_with(": no, it is /conversations/webchats"), "{why}");
    assert_eq!(tried.attributes[0].value, "WEB-1");
    assert!(tried.edited.is_some());
}

#[test]
fn a_sample_that_names_no_function_goes_out_by_one_of_the_profile_s() {
    let mut vendors = built_in();
    Arc::make_mut(&mut vendors[0].profiles[0]).start.transports = vec![Transport::Beacon];
    let tried = try_out(TWO, &vendors[0], &vendors[0].profiles[0], None).expect("a sample");
    assert_eq!((tried.candidate.transport, &tried.explained.verdict), (Transport::Beacon, &Verdict::Matched));
    assert_eq!(tried.edited, None);
    let by_fetch = "fetch(\"https://shop.example/conversations/webchat\", { \"body\": \"{}\", \"method\": \"POST\" });";
    let tried = try_out(by_fetch, &vendors[0], &vendors[0].profiles[0], None).expect("a sample");
    assert_eq!(tried.explained.sentence(), "Genesys web chat: goes out by beacon: no, by fetch");
}
