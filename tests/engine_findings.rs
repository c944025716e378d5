//! What the engine says of a start among those before it, of the session that
//! it goes on with, and of the answer: retries, loops, what is set too late.

mod support;

use std::sync::Arc;

use callsign::message::{FromPage, FromRelay, PageSender, Verdict};
use callsign::session::engine::{Engine, Event, Found, Step};
use callsign::session::record::Record;
use callsign::start::attributes::AttributeKind;
use callsign::start::candidate::{Body, CALL, Candidate, FRAME, Socket, Transport};
use callsign::start::finding::Severity;
use callsign::start::outcome::{Outcome, Reason};
use callsign::start::profile::{self, Call, Condition, Note, Profile, Shape, Signed, Step as Way};
use callsign::view::panel::{Appearance, Detail, Row};
use callsign::view::words::{Words, words_of_all_rules};
use support::{SHOP, record_of, sender, sent_instead, settings_injecting};

const URL: &str = "https://api.example/api/v2/conversations/webchat";
const BODY: &str = r#"{"attributes":{"externalId":"WEB-1"}}"#;

fn candidate(body: &str) -> Candidate {
    Candidate {
        transport: Transport::Fetch,
        method: "POST".to_owned(),
        url: URL.to_owned(),
        content_type: None,
        not_editable: None,
        socket: None,
        signature: None,
        body: Body::Text { text: body.to_owned() },
    }
}

/// An engine that injects CRM-1, with the first profile changed.
fn engine_with(change: impl FnOnce(&mut Profile)) -> Engine {
    let mut vendors = profile::built_in();
    change(Arc::make_mut(&mut vendors[0].profiles[0]));
    Engine::start(Found { vendors, settings: Some(settings_injecting("CRM-1")), ..Found::default() }).0
}

fn engine() -> Engine {
    engine_with(|_| {})
}

fn say_at(engine: &mut Engine, at: u64, sender: PageSender, message: FromPage) -> Step {
    let message = Box::new(FromRelay { document: "d0".to_owned(), age: 0, message });
    engine.apply(Event::Page { sender, message, at })
}

/// The record of a start at a time.
fn start(engine: &mut Engine, number: u32, at: u64, candidate: Candidate) -> Record {
    let step = say_at(engine, at, sender(0, SHOP, SHOP), FromPage::Candidate { number, candidate });
    record_of(&step).expect("a record is kept")
}

fn come(engine: &mut Engine, number: u32, outcome: Outcome) -> Step {
    say_at(engine, 0, sender(0, SHOP, SHOP), FromPage::Outcome { number, outcome })
}

fn answered(status: u16, retry_after: Option<&str>) -> Outcome {
    let retry_after = retry_after.map(str::to_owned);
    Outcome::Answered { status, body: String::new(), is_cut: false, retry_after }
}

fn ids(record: &Record) -> Vec<&str> {
    record.all_findings().map(|finding| finding.id.as_str()).collect()
}

fn look() -> Appearance {
    Appearance::default()
}

#[test]
fn a_retry_is_told_from_another_start_and_carries_the_crm_id_by_itself() {
    let mut engine = engine();
    let first = start(&mut engine, 1, 1_000, candidate(BODY));
    come(&mut engine, 1, answered(429, Some("3")));
    let message = FromPage::Candidate { number: 2, candidate: candidate(BODY) };
    let step = say_at(&mut engine, 4_000, sender(0, SHOP, SHOP), message);
    assert_eq!(sent_instead(&step, &candidate(BODY).body), Some(BODY.replace("WEB-1", "CRM-1")));
    let second = record_of(&step).expect("a record is kept");
    assert_eq!(second.retry.as_ref().map(|retry| (&retry.of, retry.attempt)), Some((&first.id, 2)));
    assert_eq!(ids(&second), ["retry"]);
    assert_eq!(second.findings[0].sentence, "This is attempt 2 at the same start: the one before was refused");
    assert!(Detail::of(&second, look()).facts.contains(&("Attempt".to_owned(), "2".to_owned())));

    come(&mut engine, 2, Outcome::Failed { message: String::new(), reason: None });
    let third = start(&mut engine, 3, 5_000, candidate(BODY));
    assert_eq!(third.retry.map(|retry| (retry.of, retry.attempt)), Some((second.id, 3)));
}

/// Whether a second start is a retry of the first.
#[track_caller]
fn check_retry(outcome: Option<Outcome>, at: u64, second: Candidate, expected: bool) {
    let mut engine = engine();
    start(&mut engine, 1, 1_000, candidate(BODY));
    if let Some(outcome) = outcome {
        come(&mut engine, 1, outcome);
    }
    assert_eq!(start(&mut engine, 2, at, second).retry.is_some(), expected);
}

#[test]
fn a_retry_is_the_same_call_soon_after_one_that_failed() {
    let same = || candidate(BODY);
    let failed = || Some(Outcome::Failed { message: String::new(), reason: None });
    check_retry(failed(), 2_000, same(), true);
    check_retry(Some(Outcome::Aborted), 2_000, same(), true);
    check_retry(Some(Outcome::TimedOut), 2_000, same(), true);
    check_retry(Some(answered(503, None)), 2_000, same(), true);
    check_retry(Some(answered(200, None)), 2_000, same(), false);
    check_retry(None, 2_000, same(), false);
    check_retry(failed(), 2_000, candidate("{}"), false);
    check_retry(failed(), 2_000, Candidate { url: format!("{URL}?x=1"), ..same() }, false);
    check_retry(failed(), 200_000, same(), false);
    check_retry(Some(answered(429, Some("180"))), 200_000, same(), true);
    // Of an answer that the page may not see nobody knows whether it refused.
    check_retry(Some(answered(0, None)), 2_000, same(), false);
}

#[test]
fn a_retry_that_comes_before_the_answer_is_told_is_one_all_the_same() {
    let mut engine = engine();
    let first = start(&mut engine, 1, 1_000, candidate(BODY));
    assert_eq!(start(&mut engine, 2, 1_100, candidate(BODY)).retry, None);
    let second = record_of(&come(&mut engine, 1, answered(503, None))).unwrap();
    assert_eq!(second.retry.map(|retry| (retry.of, retry.attempt)), Some((first.id, 2)));
}

#[test]
fn starts_in_a_loop_are_counted_and_retries_are_not() {
    let mut engine = engine();
    let loops = |record: &Record| ids(record).contains(&"starts-in-a-loop");
    for (number, at) in [(1, 1_000), (2, 1_500)] {
        assert!(!loops(&start(&mut engine, number, at, candidate(BODY))), "two are a double click");
    }
    let third = start(&mut engine, 3, 2_000, candidate(BODY));
    assert_eq!(third.findings[0].sentence, "The page made 3 starts within 5 seconds");
    assert_eq!(
        start(&mut engine, 4, 5_900, candidate("{\"attributes\":{\"externalId\":\"2\"}}")).findings[0].id,
        "starts-in-a-loop"
    );
    assert!(!loops(&start(&mut engine, 5, 20_000, candidate(BODY))));

    let mut engine = self::engine();
    for number in 1..=6 {
        assert!(!loops(&start(&mut engine, number, 1_000 + u64::from(number) * 200, candidate(BODY))));
        come(&mut engine, number, answered(503, None));
    }
}

#[test]
fn attributes_that_are_set_after_the_start_are_set_too_late() {
    let mut vendors = profile::built_in();
    let mut setter = Profile::clone(&vendors[0].profiles[0]);
    setter.id = "setter".to_owned();
    setter.start.transports = vec![Transport::PageApi];
    setter.start.method = CALL.to_owned();
    setter.start.call =
        Some(Call { function: "Genesys".to_owned(), script: "genesys.min.js".to_owned(), is_at_once: false });
    setter.attributes.path = vec![];
    setter.opens_chat = false;
    vendors[0].profiles.push(Arc::new(setter));
    let (mut engine, _) =
        Engine::start(Found { vendors, settings: Some(settings_injecting("CRM-1")), ..Found::default() });
    let call = || Candidate {
        transport: Transport::PageApi,
        method: CALL.to_owned(),
        url: "Genesys".to_owned(),
        ..candidate(r#"{"externalId":"WEB-1"}"#)
    };
    assert_eq!(ids(&start(&mut engine, 1, 1_000, call())), [] as [&str; 0]);
    start(&mut engine, 2, 2_000, candidate(BODY));
    let late = start(&mut engine, 3, 3_000, call());
    assert_eq!(ids(&late), ["set-too-late"]);
    assert_eq!(late.findings[0].severity, Severity::Warning);

    // The page, there since 5,000, sets them after its frame started a chat; then another page does.
    let mut say = |frame, document: &str, at, age, candidate| {
        let message = FromPage::Candidate { number: 4, candidate };
        let message = Box::new(FromRelay { document: document.to_owned(), age, message });
        let step = engine.apply(Event::Page { sender: sender(frame, SHOP, SHOP), message, at });
        record_of(&step).expect("a record is kept").findings.into_iter().map(|finding| finding.id).collect::<Vec<_>>()
    };
    assert_eq!(say(0, "d1", 5_100, 100, call()), [] as [&str; 0]);
    say(3, "f1", 6_000, 500, candidate(BODY));
    assert_eq!(say(0, "d1b", 7_000, 2_000, call()), ["set-too-late"]);
    assert_eq!(say(0, "d2", 9_000, 100, call()), [] as [&str; 0]);
}

#[track_caller]
fn check_opens_no_chat(calls: &[Candidate]) {
    let mut engine = engine();
    for (number, call) in (1..).zip(calls) {
        let record = start(&mut engine, number, 1_000 + u64::from(number), call.clone());
        let found = ids(&record);
        let is_alarm = |id: &&str| ["starts-in-a-loop", "set-too-late", "retry"].contains(id);
        assert!(!found.iter().any(is_alarm), "{}: {found:?}", call.url);
    }
}

#[test]
fn what_opens_no_conversation_makes_no_loop_and_nothing_too_late() {
    let ping = |user: &str| Candidate {
        url: "https://api-iam.intercom.io/messenger/web/ping".to_owned(),
        content_type: Some("application/x-www-form-urlencoded".to_owned()),
        ..candidate(&format!("app_id=a&user_data=%7B%22user_id%22%3A%22{user}%22%7D"))
    };
    let call = |function: &str, body: &str| Candidate {
        transport: Transport::PageApi,
        method: CALL.to_owned(),
        url: function.to_owned(),
        ..candidate(body)
    };
    let update = call("Intercom", r#"["update",{"user_id":"1"}]"#);
    check_opens_no_chat(&[ping("1"), ping("2"), ping("3"), ping("3"), update]);

    let fields = Candidate {
        url: "https://chat.example/api/v1/livechat/custom.fields".to_owned(),
        ..candidate(r#"{"customFields":[{"key":"customerId","value":"1","overwrite":true}]}"#)
    };
    check_opens_no_chat(&[fields.clone(), fields.clone(), fields]);

    let fields = Candidate {
        transport: Transport::WebSocket,
        method: FRAME.to_owned(),
        url: "wss://chat-gateway-de-na1.niceincontact.com/?brandId=1".to_owned(),
        socket: Some(Socket { number: 1, sessions: 0, session: None, has_begun: false }),
        ..candidate(r#"{"payload":{"eventType":"SetConsumerContactCustomFields","data":{"customFields":[]}}}"#)
    };
    check_opens_no_chat(&[fields.clone(), fields.clone(), fields]);

    // What opens a chat itself sets nothing too late.
    let http =
        Candidate { url: "https://gms.example/genesys/2/chat/service".to_owned(), ..candidate(r#"{"userData":{}}"#) };
    let widget = call("CXBus.command", r#"["WebChat.startChat",{"userData":{"customerId":"1"}}]"#);
    check_opens_no_chat(&[widget.clone(), http, widget]);
}

#[test]
fn what_a_profile_notes_is_said_of_every_start() {
    let note = Note {
        id: "server-ignores-attributes".to_owned(),
        severity: Severity::Note,
        sentence: "The reference server drops the attributes".to_owned(),
        cause: "c".to_owned(),
        remedy: "r".to_owned(),
    };
    let mut engine = engine_with(|profile| profile.notes.push(note));
    assert_eq!(ids(&start(&mut engine, 1, 1_000, candidate(BODY))), ["server-ignores-attributes"]);
    assert_eq!(ids(&start(&mut engine, 2, 1_000, candidate("{")))[0], "server-ignores-attributes");
}

#[test]
fn a_start_that_goes_on_with_an_earlier_chat_says_so() {
    let mut engine = engine_with(|profile| {
        profile.resumed = vec![vec![Condition { path: vec!["reconnectId".to_owned()], is: vec![] }]];
    });
    assert_eq!(ids(&start(&mut engine, 1, 1_000, candidate(BODY))), [] as [&str; 0]);
    let resumed = BODY.replace("{\"attributes\"", "{\"reconnectId\":\"r-1\",\"attributes\"");
    assert_eq!(ids(&start(&mut engine, 2, 1_000, candidate(&resumed))), ["session-resumed"]);
}

#[track_caller]
fn check_signed(change: impl FnOnce(&mut Profile), candidate: Candidate, sentence: &str) {
    let mut engine = engine_with(change);
    let message = FromPage::Candidate { number: 1, candidate };
    let step = say_at(&mut engine, 1_000, sender(0, SHOP, SHOP), message);
    assert_eq!(step.verdict, Some(Verdict::PassThrough), "what is signed is never edited");
    let record = record_of(&step).expect("a record is kept");
    let signed = record.findings.iter().find(|finding| finding.id == "signed").expect("it says why");
    assert_eq!((signed.severity, signed.sentence.as_str()), (Severity::Problem, sentence));
    let about = if sentence.starts_with("The body") { None } else { Some("externalId") };
    assert_eq!(signed.attribute.as_deref(), about);
}

#[test]
fn what_is_signed_is_explained_and_never_edited() {
    let header = Candidate { signature: Some("x-amz-content-sha256:e3b0".to_owned()), ..candidate(BODY) };
    check_signed(
        |_| {},
        header,
        "The body, by its header `x-amz-content-sha256`, is signed, and the service would refuse one that is edited",
    );
    let header = Candidate { signature: Some("signature:eyJhbGciOiJFUzI1NiJ9..c2ln".to_owned()), ..candidate(BODY) };
    let by_signature =
        "The body, by its header `signature`, is signed, and the service would refuse one that is edited";
    check_signed(|_| {}, header, by_signature);
    let mut address = candidate(BODY);
    address.url.push_str("?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0f");
    let by_address =
        "The body, by `X-Amz-Signature` in its address, is signed, and the service would refuse one that is edited";
    check_signed(|_| {}, address, by_address);
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3aWRnZXQifQ.c2ln";
    check_signed(
        |_| {},
        candidate(&BODY.replace("WEB-1", token)),
        "`externalId`, a token (JWT), is signed, and the service would refuse one that is edited",
    );
    let seal = Signed { path: vec!["user_hash".to_owned()], keys: vec!["externalId".to_owned()] };
    check_signed(
        |profile| profile.signed.push(seal),
        candidate(&BODY.replace("{\"attributes\"", "{\"user_hash\":\"0f\",\"attributes\"")),
        "`externalId`, by `user_hash`, is signed, and the service would refuse one that is edited",
    );
}

#[test]
fn the_claims_of_a_token_are_shown_as_attributes_and_never_edited() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3aWRnZXQiLCJhdHRyaWJ1dGVzIjp7Im5hbWUiOiJBbmRyw6k_In19.c2ln";
    let body = format!(r#"{{"jwt":"{token}"}}"#);
    let as_token = |profile: &mut Profile| {
        profile.attributes.path = vec![Way::Key("jwt".to_owned())];
        profile.attributes.shape = Shape::Token { claims: vec!["attributes".to_owned()] };
    };
    check_signed(as_token, candidate(&body), "`jwt` is signed, and the service would refuse one that is edited");
    let record = start(&mut engine_with(as_token), 1, 1_000, candidate(&body));
    let attributes: Vec<_> =
        record.before.attributes.iter().map(|held| (held.key.as_str(), held.value.as_str())).collect();
    assert_eq!(attributes, [("name", "André?")]);
}

#[test]
fn an_error_inside_a_success_is_refused_on_every_screen() {
    let mut engine = engine_with(|profile| {
        let is = vec!["0".to_owned()];
        profile.accepted.body = vec![Condition { path: vec!["statusCode".to_owned()], is }];
    });
    start(&mut engine, 1, 1_000, candidate(BODY));
    let body = r#"{"statusCode":3,"id":"c-1"}"#.to_owned();
    let outcome = Outcome::Answered { status: 200, body, is_cut: false, retry_after: None };
    let record = record_of(&come(&mut engine, 1, outcome)).unwrap();
    assert_eq!((record.is_accepted, record.conversation_id.as_deref()), (false, None));
    assert_eq!(ids(&record), ["refused-in-answer"]);
    assert_eq!(Row::of(&record, look()).status, "200 Refused");
}

#[test]
fn a_refusal_in_a_frame_of_another_site_hints_at_storage() {
    let settings = r#"{"version":1,"sites":{"https://shop.example":{"enabled":true},"https://chat.vendor.test":{"enabled":true},"https://chat.shop.example":{"enabled":true}}}"#;
    for (url, expected) in [
        ("https://chat.vendor.test/frame", vec!["refused-not-allowed", "third-party-frame"]),
        ("https://chat.shop.example/frame", vec!["refused-not-allowed"]),
    ] {
        let mut engine = support::engine(settings);
        let frame = || sender(3, url, SHOP);
        say_at(&mut engine, 1_000, frame(), FromPage::Candidate { number: 1, candidate: candidate(BODY) });
        let outcome = FromPage::Outcome { number: 1, outcome: answered(401, None) };
        let record = record_of(&say_at(&mut engine, 1_000, frame(), outcome)).unwrap();
        assert_eq!(ids(&record), expected);
    }
}

#[test]
fn why_no_answer_came_is_told_as_far_as_it_is_known() {
    for (reason, expected) in [
        (None, "no-answer-cross-origin"),
        (Some(Reason::Offline), "offline"),
        (Some(Reason::Policy), "blocked-by-policy"),
    ] {
        let mut engine = engine();
        start(&mut engine, 1, 1_000, candidate(BODY));
        let outcome = Outcome::Failed { message: "TypeError: Failed to fetch".to_owned(), reason };
        assert_eq!(ids(&record_of(&come(&mut engine, 1, outcome)).unwrap()), [expected]);
    }
}

#[test]
fn what_is_said_of_attributes_names_them_and_never_their_values() {
    let mut engine = engine();
    let values = ["WEB-1 ", "jo@example.com", "4111 1111 1111 1111", "{{contact}}"];
    let body = format!(
        r#"{{"attributes":{{"ExternalID":"{}","email":"{}","card":"{}","x y":"{}","tags":["secret-1"]}}}}"#,
        values[0], values[1], values[2], values[3]
    );
    let record = start(&mut engine, 1, 1_000, candidate(&body));
    assert_eq!(
        ids(&record),
        [
            "crm-id-under-another-key",
            "value-space",
            "value-email",
            "value-card",
            "key-characters",
            "value-placeholder",
            "value-nested"
        ]
    );
    let keys: Vec<_> = record.findings.iter().map(|finding| finding.attribute.as_deref().unwrap_or_default()).collect();
    assert_eq!(keys, ["ExternalID", "ExternalID", "email", "card", "x y", "x y", "tags"]);
    for finding in &record.findings {
        let (cause, remedy) = Words::new(words_of_all_rules()).of(finding);
        let text = format!("{}{cause}{remedy}", finding.sentence);
        assert!(!values.iter().chain(&["secret-1"]).any(|value| text.contains(value.trim())), "{text}");
        assert!(!cause.is_empty() && !remedy.is_empty(), "{} says why and what to do", finding.id);
    }
    assert_eq!(record.before.attributes[4].kind, AttributeKind::Nested);
}
