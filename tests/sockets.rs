//! Chats over WebSocket: which frame is the start, what the service's frames say of it, and what is not seen.

mod support;

use callsign::message::{FromPage, FromRelay, FromScreen, NoVerdict, Verdict};
use callsign::session::engine::{Effect, Engine, Event};
use callsign::session::record::{Delivery, Record};
use callsign::start::candidate::{Body, Candidate, FRAME, Socket, Transport};
use support::{SHOP, injecting, record_of, sender, sent_instead, shop};

const URL: &str = "wss://webmessaging.mypurecloud.com/v1?deploymentId=d";
const NEW: &str = r#"{"class":"SessionResponse","code":200,"body":{"newSession":true,"maxCustomDataBytes":40}}"#;
const RESUMED: &str = r#"{"class":"SessionResponse","code":200,"body":{"newSession":false}}"#;
const ACCEPTED: &str = r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"direction":"Inbound"}}"#;
const TOO_LARGE: &str = r#"{"type":"response","class":"string","code":4013,"body":"too large"}"#;
const TEXT: &str = r#"{"action":"onMessage","message":{"type":"Text","text":"hi"}}"#;
const TEXT_INJECTED: &str = r#"{"action":"onMessage","message":{"type":"Text","text":"hi","channel":{"metadata":{"customAttributes":{"externalId":"CRM-1"}}}}}"#;
const ATTRIBUTES: &str = r#"{"action":"onMessage","message":{"type":"Text","text":"b","channel":{"metadata":{"customAttributes":{"externalId":"WEB"}}}}}"#;

fn socket(sessions: u32, session: Option<&str>) -> Socket {
    Socket { number: 1, sessions, session: session.map(str::to_owned), has_begun: false }
}

fn frame(text: &str, socket: Socket) -> Candidate {
    Candidate {
        transport: Transport::WebSocket,
        method: FRAME.to_owned(),
        url: URL.to_owned(),
        content_type: None,
        body: Body::Text { text: text.to_owned() },
        not_editable: None,
        socket: Some(socket),
        signature: None,
    }
}

/// What goes out in place of a frame; nothing where it goes out as written.
fn send(engine: &mut Engine, number: u32, text: &str, socket: Socket) -> Option<String> {
    let candidate = frame(text, socket);
    let body = candidate.body.clone();
    sent_instead(&shop(engine, FromPage::Candidate { number, candidate }), &body)
}

/// The record that the service's frame changes or makes.
fn hear(engine: &mut Engine, number: u32, text: &str, socket: Socket) -> Option<Record> {
    let heard = FromPage::Heard { number, url: URL.to_owned(), socket, frame: text.to_owned() };
    record_of(&shop(engine, heard))
}

#[test]
fn only_the_first_message_of_a_new_session_is_the_start() {
    let mut engine = injecting("CRM-1");
    let session = || socket(1, Some(NEW));
    assert_eq!(send(&mut engine, 1, TEXT, session()).as_deref(), Some(TEXT_INJECTED));
    assert_eq!(send(&mut engine, 2, TEXT, session()), None);
    assert_eq!(send(&mut engine, 3, TEXT, socket(2, Some(NEW))).as_deref(), Some(TEXT_INJECTED));
}

#[test]
fn a_later_message_is_no_start_though_the_log_was_cleared() {
    let mut engine = injecting("CRM-1");
    let candidate = |has_begun| frame(TEXT, Socket { has_begun, ..socket(1, Some(NEW)) });
    let mut ask = |number, has_begun| {
        let step = shop(&mut engine, FromPage::Candidate { number, candidate: candidate(has_begun) });
        let begins = matches!(step.verdict, Some(Verdict::Replace { begins: true, .. }));
        engine.apply(Event::Screen(FromScreen::Clear { tab: 7 }));
        (begins, record_of(&step).is_some())
    };
    assert_eq!(ask(1, false), (true, true), "the page is told that the session has its start");
    assert_eq!(ask(2, true), (false, false));
}

#[test]
fn a_start_that_goes_out_as_written_is_told_as_one() {
    let observing = r#"{"version":1,"sites":{"https://shop.example":{"enabled":true}}}"#;
    let candidate = frame(TEXT, socket(1, Some(NEW)));
    let step = shop(&mut support::engine(observing), FromPage::Candidate { number: 1, candidate });
    assert_eq!(step.verdict, Some(Verdict::Begins));
}

#[test]
fn an_echo_is_no_answer_to_a_start() {
    let mut engine = injecting("CRM-1");
    send(&mut engine, 1, TEXT, socket(1, Some(NEW)));
    let echo = ACCEPTED.replace("\"type\":\"message\"", "\"type\":\"response\"");
    assert_eq!(hear(&mut engine, 10, &echo, socket(1, Some(NEW))), None);
    let refused = hear(&mut engine, 11, TOO_LARGE, socket(1, Some(NEW))).unwrap();
    assert!(!refused.is_accepted);
}

#[test]
fn a_later_message_without_a_verdict_is_no_start_either() {
    let mut engine = injecting("CRM-1");
    send(&mut engine, 1, TEXT, socket(1, Some(NEW)));
    let candidate = frame(TEXT, socket(1, Some(NEW)));
    let step = shop(&mut engine, FromPage::Unasked { number: 2, candidate, why: NoVerdict::TooLate });
    assert_eq!(record_of(&step), None);
}

#[test]
fn attributes_that_the_page_sends_again_carry_the_id_again() {
    let mut engine = injecting("CRM-1");
    send(&mut engine, 1, TEXT, socket(1, Some(NEW)));
    let again = send(&mut engine, 2, ATTRIBUTES, socket(1, Some(NEW)));
    assert_eq!(again, Some(ATTRIBUTES.replace("WEB", "CRM-1")));
    let resumed = send(&mut engine, 3, ATTRIBUTES, socket(2, Some(RESUMED)));
    assert_eq!(resumed, Some(ATTRIBUTES.replace("WEB", "CRM-1")));
}

#[test]
fn a_resumed_chat_carries_no_start_and_says_so() {
    let mut engine = injecting("CRM-1");
    let record = hear(&mut engine, 1, RESUMED, socket(1, Some(RESUMED))).unwrap();
    assert_eq!(record.delivery, Delivery::NoStart);
    assert_eq!(record.outcome_findings[0].sentence, "This chat is resumed, and so the page sends no start");
    assert_eq!(send(&mut engine, 2, TEXT, socket(1, Some(RESUMED))), None);
    assert_eq!(hear(&mut engine, 3, ACCEPTED, socket(1, Some(RESUMED))), None);
}

#[test]
fn answers_belong_to_the_starts_in_order() {
    let mut engine = injecting("CRM-1");
    assert_eq!(hear(&mut engine, 9, NEW, socket(1, Some(NEW))), None);
    send(&mut engine, 1, TEXT, socket(1, Some(NEW)));
    send(&mut engine, 2, ATTRIBUTES, socket(1, Some(NEW)));
    let first = hear(&mut engine, 10, ACCEPTED, socket(1, Some(NEW))).unwrap();
    assert_eq!((first.id.0.as_str(), first.outcome_findings[0].sentence.as_str()), ("7.0.d0.1", "Accepted"));
    let second = hear(&mut engine, 11, TOO_LARGE, socket(1, Some(NEW))).unwrap();
    assert_eq!(second.id.0, "7.0.d0.2");
    assert_eq!(second.outcome_findings[0].id, "refused-too-large");
    assert_eq!(
        second.outcome_findings[0].sentence,
        "The service says that the attributes are larger than it takes (4013). It says: too large (4013)."
    );
    assert_eq!(hear(&mut engine, 12, TOO_LARGE, socket(1, Some(NEW))), None);
}

#[test]
fn attributes_over_the_session_s_limit_are_found_before_the_service_says_so() {
    let mut engine = injecting("CRM-1-WITH-A-LONG-NAME-THAT-IS-OVER");
    let step = shop(&mut engine, FromPage::Candidate { number: 1, candidate: frame(TEXT, socket(1, Some(NEW))) });
    let findings: Vec<_> = record_of(&step).unwrap().findings.into_iter().map(|finding| finding.sentence).collect();
    assert!(
        findings.contains(&"The attributes have 45 bytes, 5 more than this session takes (40)".to_owned()),
        "{findings:?}"
    );
}

#[test]
fn a_session_that_is_refused_is_shown_though_no_start_was_sent() {
    let mut engine = injecting("CRM-1");
    let refused = r#"{"type":"response","class":"string","code":401,"body":"User is unauthorized"}"#;
    let record = hear(&mut engine, 1, refused, socket(0, None)).unwrap();
    assert_eq!(record.delivery, Delivery::NoStart);
    assert!(record.outcome_findings[0].sentence.starts_with("The service did not accept who is asking"));
}

#[test]
fn workers_are_counted_until_the_tab_shows_another_page() {
    let mut engine = injecting("CRM-1");
    for workers in 1..=2 {
        let step = shop(&mut engine, FromPage::Uncovered { workers, is_frozen: false });
        assert!(matches!(&step.effects[..], [Effect::KeepUncovered(uncovered)] if uncovered.workers == workers));
    }
    let next = FromRelay { document: "d1".to_owned(), age: 0, message: FromPage::Hello };
    let hello = Event::Page { sender: sender(0, SHOP, SHOP), message: Box::new(next), at: 2_000 };
    assert_eq!(engine.apply(hello.clone()).effects, [Effect::ForgetUncovered(vec!["d0".to_owned()])]);
    assert_eq!(engine.apply(hello).effects, []);
}

const CXONE: &str = "wss://chat-gateway-de-na1.niceincontact.com/?brandId=1";
const CXONE_MESSAGE: &str = r#"{"payload":{"eventType":"SendMessage","data":{"consumer":{"customFields":[]},"consumerContact":{"customFields":[]}}}}"#;

/// Whether a message of a CXone chat is taken for its start, after such an announcement.
fn cxone_starts(engine: &mut Engine, number: u32, socket: Socket) -> bool {
    let candidate = Candidate { url: CXONE.to_owned(), ..frame(CXONE_MESSAGE, socket) };
    record_of(&shop(engine, FromPage::Candidate { number, candidate })).is_some()
}

#[test]
fn a_cxone_chat_that_was_recovered_carries_no_start() {
    let recovered = |kind: &str, status: &str| {
        let contact = format!(r#"{{"contact":{{"status":"{status}"}}}}"#);
        format!(r#"{{"eventId":"e","createdAt":"c","postback":{{"eventType":"{kind}","data":{contact}}}}}"#)
    };
    let mut engine = injecting("CRM-1");
    assert!(cxone_starts(&mut engine, 1, socket(0, None)));
    let thread = recovered("ThreadRecovered", "closed");
    assert!(!cxone_starts(&mut engine, 2, socket(1, Some(&thread))));
    assert!(!cxone_starts(&mut engine, 3, socket(2, Some(&recovered("LivechatRecovered", "open")))));
    assert!(cxone_starts(&mut engine, 4, socket(3, Some(&recovered("LivechatRecovered", "closed")))), "a new chat");
    let heard = FromPage::Heard { number: 9, url: CXONE.to_owned(), socket: socket(1, Some(&thread)), frame: thread };
    let record = record_of(&shop(&mut injecting("CRM-1"), heard)).expect("a record");
    assert_eq!(record.outcome_findings[0].id, "session-resumed");
}

#[test]
fn fields_that_are_set_before_a_cxone_chat_are_not_its_start() {
    let mut engine = injecting("CRM-1");
    let set = r#"{"payload":{"eventType":"SetConsumerCustomFields","data":{"customFields":[]}}}"#;
    let candidate = Candidate { url: CXONE.to_owned(), ..frame(set, socket(0, None)) };
    let step = shop(&mut engine, FromPage::Candidate { number: 1, candidate });
    assert!(matches!(step.verdict, Some(Verdict::Replace { begins: false, .. })), "{step:?}");
    assert!(cxone_starts(&mut engine, 2, socket(0, None)));
    assert!(!cxone_starts(&mut engine, 3, socket(0, None)));
}

#[test]
fn a_cxone_thread_that_is_not_there_is_no_refusal() {
    let none = r#"{"eventId":"e","error":{"errorCode":"RecoveringThreadFailed","errorMessage":"none"}}"#;
    let heard = FromPage::Heard { number: 1, url: CXONE.to_owned(), socket: socket(0, None), frame: none.to_owned() };
    assert_eq!(record_of(&shop(&mut injecting("CRM-1"), heard)), None);
}

#[test]
fn a_frame_is_an_answer_only_to_a_start_whose_own_profile_says_so() {
    const URL: &str = "wss://chat-gateway-de-na1.niceincontact.com/?brandId=1";
    const SET: &str = r#"{"payload":{"eventType":"SetConsumerContactCustomFields","data":{"customFields":[{"ident":"customerid","value":"W"}]}}}"#;
    const FIRST: &str = r#"{"payload":{"eventType":"SendMessage","data":{"consumerContact":{"customFields":[{"ident":"tier","value":"gold"}]}}}}"#;
    const CREATED: &str = r#"{"eventType":"MessageCreated","data":{"case":{"id":"c-1"}}}"#;
    const BLOCKED: &str = r#"{"error":{"errorCode":"ip_blocked"}}"#;
    let mut engine = injecting("CRM-1");
    let hear = |engine: &mut Engine, number, frame: &str| {
        let (url, socket, frame) = (URL.to_owned(), socket(0, None), frame.to_owned());
        record_of(&shop(engine, FromPage::Heard { number, url, socket, frame })).map(|record| record.id.0)
    };
    for (number, text) in [(1, SET), (2, FIRST)] {
        let candidate = Candidate { url: URL.to_owned(), ..frame(text, socket(0, None)) };
        record_of(&shop(&mut engine, FromPage::Candidate { number, candidate })).expect("a record is kept");
    }
    assert_eq!(hear(&mut engine, 10, CREATED).as_deref(), Some("7.0.d0.2"), "the fields wait on");
    assert_eq!(hear(&mut engine, 11, CREATED), None, "a later message answers no fields");
    assert_eq!(hear(&mut engine, 12, BLOCKED).as_deref(), Some("7.0.d0.1"));
}
