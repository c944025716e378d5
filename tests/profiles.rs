//! The cases in `tests/profiles/`: one folder a vendor, in it one file a
//! profile, with what a page sends and what must become of it.
//!
//! To add a vendor, copy a folder. A file has
//!
//! - `given`: how its starts come (`transport`, `method`, `url` and, where that
//!   matters, `contentType`, `session`, `signature`); each case may say its own;
//! - `starts`: bodies that are a start, the `attributes` that the panel shows
//!   of them, and the body as it must be `sent` with the CRM ID 4711, byte for
//!   byte, or the finding that says why it is `leftAlone`;
//! - `nearMisses`: calls that look alike and are none (`is` names the profile
//!   where they are a start of another kind);
//! - `answers`: what the service says (`status` and `body`, or a `frame`), and
//!   what that means: `accepted` with the conversation's ID, or with `true`
//!   where there is none, or `refused` with the words of the profile's error.
//!
//! A body that is a text is that text; one that is an object or array is its
//! text as it stands in the file.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use callsign::message::FromPage;
use callsign::session::record::Record;
use callsign::start::body::json::{Json, Value};
use callsign::start::candidate::{Body, Candidate, Socket, Transport};
use callsign::start::outcome::Outcome;
use callsign::start::profile::{self, Condition, Step, Vendor};
use callsign::wire::Wire;
use support::{injecting, record_of, sent_instead, shop};

#[test]
fn every_case_holds() {
    let vendors = profile::built_in();
    let mut failures = Vec::new();
    for file in entries(&root().join("tests/profiles")).iter().flat_map(|folder| entries(folder)) {
        let text = fs::read_to_string(&file).expect("a case file");
        let json = Json::parse(&text).unwrap_or_else(|why| panic!("{}: the text {why}", file.display()));
        let found = check(&vendors, json.root());
        failures.extend(found.into_iter().map(|failure| format!("{}: {failure}", file.display())));
    }
    assert!(failures.is_empty(), "{} cases failed\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_built_in_profile_has_cases_of_all_kinds() {
    let mut missing = Vec::new();
    for vendor_file in entries(&root().join("src/start/profiles")) {
        let text = fs::read_to_string(&vendor_file).expect("a vendor file");
        let vendor = profile::read_all(&format!("[{text}]")).expect("a vendor").remove(0);
        let folder = root().join("tests/profiles").join(vendor_file.file_stem().expect("a name"));
        for profile in vendor.profiles {
            let file = folder.join(&profile.id).with_extension("json");
            let text = fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
            let json = Json::parse(&text).expect("JSON").root();
            let starts = list(json, "starts");
            let has_attributes =
                |start: &&Value<'_>| start.get("attributes").is_some_and(|held| !held.members().is_empty());
            let way: Vec<_> = profile.attributes.path.iter().filter_map(key_of).collect();
            let is_in_attributes =
                |condition: &Condition| condition.path.iter().take(way.len()).eq(way.iter().copied());
            let asks_for_attributes = !way.is_empty()
                && !profile.start.body.is_empty()
                && profile.start.body.iter().all(|list| list.iter().any(is_in_attributes));
            let is_refusal = |answer: &Value<'_>| answer.get("refused").is_some();
            let is_answered = profile.start.call.is_none();
            let wanted = [
                (starts.iter().any(|start| has_attributes(&start)), "start with attributes"),
                (asks_for_attributes || starts.iter().any(|start| !has_attributes(&start)), "start without attributes"),
                (!list(json, "nearMisses").is_empty(), "near miss"),
                (!is_answered || list(json, "answers").iter().any(is_refusal), "refusal"),
            ];
            let lacking = wanted.iter().filter(|(is_there, _)| !is_there);
            missing.extend(lacking.map(|(_, what)| format!("{} has no {what}", file.display())));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

fn key_of(step: &Step) -> Option<&String> {
    match step {
        Step::Key(key) => Some(key),
        Step::Item { .. } | Step::Any | Step::Json => None,
    }
}

fn check(vendors: &[Vendor], file: Value<'_>) -> Vec<String> {
    let id = text(file, "profile").expect("the profile's ID");
    let given = file.get("given").unwrap_or(Value::NULL);
    let starts = list(file, "starts");
    let first = starts.first().map(|start| candidate(*start, given));
    let mut failures = Vec::new();
    for start in &starts {
        failures.extend(check_start(&id, *start, &candidate(*start, given)).map(|what| named(*start, &what)));
    }
    for case in list(file, "nearMisses") {
        let found = profile::find(vendors, &candidate(case, given)).map(|(_, profile)| profile.id.clone());
        let expected = text(case, "is");
        if found != expected {
            failures.push(named(case, &format!("is {found:?}, not {expected:?}")));
        }
    }
    for answer in list(file, "answers") {
        let start = first.as_ref().expect("a start that is answered");
        failures.extend(check_answer(answer, start).map(|what| named(answer, &what)));
    }
    failures
}

fn check_start(id: &str, start: Value<'_>, candidate: &Candidate) -> Option<String> {
    let mut engine = injecting("4711");
    let step = shop(&mut engine, FromPage::Candidate { number: 1, candidate: candidate.clone() });
    let Some(record) = record_of(&step) else {
        return Some("is no start".to_owned());
    };
    if record.profile != id {
        return Some(format!("is a start of {}", record.profile));
    }
    let read = attributes(&record);
    let expected = start.get("attributes").unwrap_or(Value::NULL);
    let expected: Vec<_> =
        expected.members().iter().map(|member| (member.key.to_string(), member.value.plain().into_owned())).collect();
    if read != expected {
        return Some(format!("has the attributes {read:?}, not {expected:?}"));
    }
    let findings: Vec<_> = record.findings.iter().map(|finding| finding.id.to_string()).collect();
    let sent = sent_instead(&step, &candidate.body);
    let expected = start.get("sent").map(|sent| body_text(sent));
    match text(start, "leftAlone") {
        Some(why) if sent.is_none() && expected.is_none() && findings.contains(&why) => None,
        None if sent == expected && sent.is_some() => None,
        _ => Some(format!("is sent as\n{sent:?}, with {findings:?}, not as\n{expected:?}")),
    }
}

fn check_answer(answer: Value<'_>, start: &Candidate) -> Option<String> {
    let mut engine = injecting("4711");
    shop(&mut engine, FromPage::Candidate { number: 1, candidate: start.clone() });
    shop(&mut engine, FromPage::Sent { number: 1, is_edited: true });
    let heard = match answer.get("frame") {
        Some(frame) => FromPage::Heard {
            number: 1,
            url: start.url.clone(),
            socket: start.socket.clone().expect("a socket"),
            frame: body_text(frame),
        },
        None => {
            let status = answer.get("status").and_then(|status| status.integer()).expect("a status or a frame");
            let body = answer.get("body").map(|body| body_text(body)).unwrap_or_default();
            let status = u16::try_from(status).expect("an HTTP status");
            FromPage::Outcome {
                number: 1,
                outcome: Outcome::Answered { status, body, is_cut: false, retry_after: None },
            }
        }
    };
    let Some(record) = record_of(&shop(&mut engine, heard)) else {
        return Some("means nothing".to_owned());
    };
    let said: Vec<_> =
        record.outcome_findings.iter().map(|finding| (finding.id.to_string(), &finding.sentence)).collect();
    let is_accepted = said.iter().any(|(id, _)| id == "accepted");
    let holds = match text(answer, "refused") {
        Some(words) => !is_accepted && said.iter().any(|(_, sentence)| sentence.starts_with(&words)),
        None => is_accepted && record.conversation_id == text(answer, "accepted"),
    };
    (!holds).then(|| format!("means {said:?}, conversation {:?}", record.conversation_id))
}

fn attributes(record: &Record) -> Vec<(String, String)> {
    let attributes = &record.before.attributes;
    attributes.iter().map(|attribute| (attribute.key.clone(), attribute.value.clone())).collect()
}

fn candidate(case: Value<'_>, given: Value<'_>) -> Candidate {
    let said = |key: &str| text(case, key).or_else(|| text(given, key));
    let transport = Transport::from_text(&format!("{:?}", said("transport").expect("a transport")));
    let transport = transport.expect("a transport that is known");
    let session = case.get("session").or_else(|| given.get("session")).map(|session| body_text(session));
    let is_frame = transport == Transport::WebSocket;
    Candidate {
        transport,
        method: said("method").expect("a method"),
        url: said("url").expect("an address"),
        content_type: said("contentType"),
        body: case.get("body").map_or(Body::Nothing, |body| Body::Text { text: body_text(body) }),
        not_editable: None,
        socket: is_frame.then(|| Socket { number: 1, sessions: session.is_some().into(), session, has_begun: false }),
        signature: said("signature"),
    }
}

/// A body: a text as it is, anything else as it stands in the file.
fn body_text(value: Value<'_>) -> String {
    value.text().map_or_else(|| value.raw().to_owned(), |text| text.into_owned())
}

fn text(value: Value<'_>, key: &str) -> Option<String> {
    Some(value.get(key)?.text()?.into_owned())
}

fn list<'j>(value: Value<'j>, key: &str) -> Vec<Value<'j>> {
    value.get(key).map(|list| list.items()).unwrap_or_default()
}

fn named(case: Value<'_>, what: &str) -> String {
    format!("«{}» {what}", text(case, "name").unwrap_or_default())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}
