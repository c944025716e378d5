//! What the engine decides: given an event, which answer and which effects.

mod support;

use callsign::message::{FromPage, FromRelay, FromScreen, NoVerdict, PageSender, Reply, Verdict};
use callsign::session::engine::{Effect, Engine, Event, Found, Step};
use callsign::session::log::{Log, MAX_BYTES};
use callsign::session::pending::drop_void;
use callsign::session::policy::Mode;
use callsign::session::record::{Delivery, Record, Side};
use callsign::session::settings::Settings;
use callsign::session::site::{Site, SitePattern};
use callsign::session::uncovered::Uncovered;
use callsign::start::candidate::{Body, Candidate, FRAME, NotEditable, Socket, Transport};
use callsign::start::outcome::Outcome;
use callsign::start::profile;
use callsign::start::replacement::Replacement;
use callsign::view::text;
use callsign::wire::Wire;
use support::{SHOP, engine, injecting, record_of, say, sender, sent_instead, settings_injecting, shop};

const CHAT: &str = "https://chat.example/frame";
const BODY: &str = r#"{"attributes":{"externalId":"WEB-1"}}"#;

fn candidate(body: &str) -> Candidate {
    Candidate {
        transport: Transport::Fetch,
        method: "POST".to_owned(),
        url: "https://api.example/api/v2/conversations/webchat".to_owned(),
        content_type: None,
        not_editable: None,
        socket: None,
        signature: None,
        body: Body::Text { text: body.to_owned() },
    }
}

fn ask(engine: &mut Engine, sender: PageSender, number: u32, body: &str) -> Step {
    say(engine, sender, FromPage::Candidate { number, candidate: candidate(body) })
}

/// What goes out in place of a text.
fn sent(step: &Step, text: &str) -> Option<String> {
    sent_instead(step, &Body::Text { text: text.to_owned() })
}

fn kept(step: &Step) -> Record {
    record_of(step).expect("a record is kept")
}

fn finding_ids(record: &Record) -> Vec<String> {
    record.findings.iter().chain(&record.outcome_findings).map(|finding| finding.id.clone()).collect()
}

/// Where a tester has no profiles of their own.
fn run_on(sites: Vec<Site>) -> Effect {
    Effect::RunOn { sites, own_patterns: None, granted: vec![] }
}

#[test]
fn a_start_is_injected_and_its_record_tells_what_the_page_says_was_sent() {
    let mut engine = injecting("CRM-1");
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    let body = r#"{"attributes":{"externalId":"CRM-1"}}"#.to_owned();
    assert_eq!(sent(&step, BODY).as_ref(), Some(&body));
    assert_eq!(kept(&step).delivery, Delivery::Waiting);
    assert!(step.effects.contains(&Effect::ShowBadge { tab: 7, count: 1, is_injected: false }));

    let step = shop(&mut engine, FromPage::Sent { number: 1, is_edited: true });
    let record = kept(&step);
    assert_eq!(record.delivery, Delivery::Edited);
    assert_eq!(record.after.unwrap().body.text, body);
    assert!(step.effects.contains(&Effect::ShowBadge { tab: 7, count: 1, is_injected: true }));

    let answer = r#"{"id":"c-9"}"#.to_owned();
    let outcome = Outcome::Answered { status: 200, body: answer, is_cut: false, retry_after: None };
    let record = kept(&shop(&mut engine, FromPage::Outcome { number: 1, outcome }));
    assert_eq!(record.conversation_id.as_deref(), Some("c-9"));
    assert_eq!(finding_ids(&record), ["accepted"]);
}

#[test]
fn observing_changes_nothing() {
    let mut engine = engine(r#"{"version":1,"sites":{"https://shop.example":{"enabled":true,"crmId":"CRM-1"}}}"#);
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    assert_eq!(step.verdict, Some(Verdict::PassThrough));
    assert_eq!(kept(&step).after, None);
    let record = kept(&shop(&mut engine, FromPage::Sent { number: 1, is_edited: false }));
    assert_eq!(record.delivery, Delivery::AsWritten);
}

#[test]
fn a_verdict_that_came_too_late_is_not_what_was_sent() {
    let mut engine = injecting("CRM-1");
    ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    let late = FromPage::Unasked { number: 1, candidate: candidate(BODY), why: NoVerdict::TooLate };
    let record = kept(&shop(&mut engine, late));
    assert_eq!(record.delivery, Delivery::Unasked { why: NoVerdict::TooLate });
    assert_eq!(record.after, None);
    assert!(record.before.body.changed.is_empty());
    assert_eq!(finding_ids(&record), ["no-verdict-in-time"]);
}

#[test]
fn a_start_that_was_never_asked_about_is_recorded_afterwards() {
    let mut engine = injecting("CRM-1");
    let unasked = FromPage::Unasked { number: 4, candidate: candidate(BODY), why: NoVerdict::BackgroundGone };
    let step = shop(&mut engine, unasked);
    assert_eq!(step.verdict, None);
    let record = kept(&step);
    assert_eq!(record.delivery, Delivery::Unasked { why: NoVerdict::BackgroundGone });
    assert_eq!(record.after, None);
    assert_eq!(record.before.crm_id.as_deref(), Some("WEB-1"));
}

#[test]
fn a_page_cannot_change_what_was_reported_once() {
    let mut engine = injecting("CRM-1");
    ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    shop(&mut engine, FromPage::Sent { number: 1, is_edited: true });
    assert_eq!(shop(&mut engine, FromPage::Sent { number: 1, is_edited: false }), Step::default());
    let again = FromPage::Unasked { number: 1, candidate: candidate("{}"), why: NoVerdict::TooLate };
    assert_eq!(shop(&mut engine, again), Step::default());
    let twice = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    assert_eq!(twice, Step { verdict: Some(Verdict::PassThrough), ..Step::default() });
    shop(&mut engine, FromPage::Outcome { number: 1, outcome: Outcome::Aborted });
    assert_eq!(shop(&mut engine, FromPage::Outcome { number: 1, outcome: Outcome::TimedOut }), Step::default());
}

#[test]
fn a_page_cannot_speak_for_another_frame_or_document() {
    let mut engine = injecting("CRM-1");
    ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    let sent = FromPage::Sent { number: 1, is_edited: true };
    let unknown = Step { verdict: Some(Verdict::Unknown), ..Step::default() };
    assert_eq!(say(&mut engine, sender(3, SHOP, SHOP), sent.clone()), unknown);
    let other = FromRelay { document: "d1".to_owned(), age: 0, message: sent };
    let step = engine.apply(Event::Page { sender: sender(0, SHOP, SHOP), message: Box::new(other), at: 1_000 });
    assert_eq!(step, unknown);
}

#[test]
fn a_page_that_is_made_ready_before_it_is_shown_keeps_its_records() {
    let mut engine = injecting("CRM-1");
    shop(&mut engine, FromPage::Uncovered { workers: 1, is_frozen: false });
    let ready = |frame| PageSender { place: "0A".to_owned(), ..sender(frame, SHOP, SHOP) };
    let hear = |engine: &mut Engine, frame, message| {
        let message = Box::new(FromRelay { document: "d1".to_owned(), age: 0, message });
        engine.apply(Event::Page { sender: ready(frame), message, at: 1_000 })
    };
    assert_eq!(hear(&mut engine, 9, FromPage::Hello).effects, [], "the page that is shown is still there");
    hear(&mut engine, 9, FromPage::Uncovered { workers: 2, is_frozen: true });
    let asked = kept(&hear(&mut engine, 9, FromPage::Candidate { number: 1, candidate: candidate(BODY) }));
    assert_eq!(asked.frame, 9);
    let shown = hear(&mut engine, 0, FromPage::Hello);
    assert_eq!(kept(&shown).frame, 0, "it is in no frame: {shown:?}");
    let gone = |documents: &[String]| documents == ["d0"];
    let forgets = |effect: &Effect| matches!(effect, Effect::ForgetUncovered(documents) if gone(documents));
    assert!(shown.effects.iter().any(forgets), "its own workers stay: {shown:?}");
    let sent = kept(&hear(&mut engine, 0, FromPage::Sent { number: 1, is_edited: true }));
    assert_eq!((sent.id, sent.delivery), (asked.id, Delivery::Edited));
}

#[test]
fn a_site_that_is_not_enabled_leaves_no_trace() {
    let mut engine = engine(r#"{"version":1,"sites":{"https://shop.example":{"mode":"inject","crmId":"CRM-1"}}}"#);
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    assert_eq!(step, Step { verdict: Some(Verdict::PassThrough), ..Step::default() });
    let unasked = FromPage::Unasked { number: 2, candidate: candidate(BODY), why: NoVerdict::TooLate };
    assert!(shop(&mut engine, unasked).effects.is_empty());
}

#[test]
fn what_is_no_start_leaves_no_trace() {
    let mut engine = injecting("CRM-1");
    let other = Candidate { url: "https://api.example/track".to_owned(), ..candidate(BODY) };
    let step = shop(&mut engine, FromPage::Candidate { number: 1, candidate: other });
    assert_eq!(step, Step { verdict: Some(Verdict::PassThrough), ..Step::default() });
}

#[test]
fn what_is_kept_again_at_once_is_kept_once() {
    let mut engine = injecting("CRM-1");
    let mut effects = [
        ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY).effects,
        ask(&mut engine, sender(0, SHOP, SHOP), 2, BODY).effects,
        shop(&mut engine, FromPage::Sent { number: 1, is_edited: true }).effects,
    ];
    let all = effects.clone();
    drop_void(effects.iter_mut());
    assert_eq!(effects, [vec![], vec![all[1][0].clone()], all[2].clone()]);
}

/// Which CRM ID a start in a frame gets, if any.
#[track_caller]
fn check_frame(sites: &str, frame_url: &str, tab_url: &str, expected: Option<&str>) {
    let mut engine = engine(&format!(r#"{{"version":1,"sites":{{{sites}}}}}"#));
    let step = ask(&mut engine, sender(3, frame_url, tab_url), 1, BODY);
    let expected = expected.map(|id| BODY.replace("WEB-1", id));
    assert_eq!(sent(&step, BODY), expected);
}

#[test]
fn the_site_in_the_address_bar_decides_about_its_frames() {
    let shop = r#""https://shop.example":{"enabled":true,"mode":"inject","crmId":"SHOP"}"#;
    let shop_observes = r#""https://shop.example":{"enabled":true}"#;
    let chat = r#""https://chat.example":{"enabled":true,"mode":"inject","crmId":"CHAT"}"#;
    check_frame(&format!("{shop},{chat}"), CHAT, SHOP, Some("SHOP"));
    check_frame(&format!("{shop_observes},{chat}"), CHAT, SHOP, None);
    check_frame(chat, CHAT, SHOP, Some("CHAT"));
    check_frame(shop, CHAT, SHOP, None);
    check_frame(shop, "null", SHOP, Some("SHOP"));
    check_frame(chat, "null", SHOP, None);
}

#[test]
fn a_grant_enables_its_sites() {
    let grants = vec![SitePattern::try_from("https://*.example/*".to_owned()).unwrap()];
    let settings = r#"{"version":1,"sites":{"https://shop.example":{"mode":"inject","crmId":"CRM-1"}}}"#.to_owned();
    let found = Found { vendors: profile::built_in(), settings: Some(settings), grants, ..Found::default() };
    let (mut engine, _) = Engine::start(found);
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    assert!(matches!(step.verdict, Some(Verdict::Replace { .. })));
    assert_eq!(engine.apply(Event::Started).effects, [run_on(vec![])]);
}

#[test]
fn enabling_and_disabling_run_the_scripts_where_they_belong() {
    let site = Site::of_url(SHOP).unwrap();
    let mut engine = engine(r#"{"version":1}"#);
    let step = engine.apply(Event::Screen(FromScreen::Enable { site: site.clone() }));
    assert_eq!(step.reply, Some(Reply::Done));
    assert!(step.effects.contains(&run_on(vec![site.clone()])));
    let step = engine.apply(Event::PermissionsRemoved { origins: vec!["https://shop.example/*".to_owned()] });
    assert!(step.effects.contains(&run_on(vec![])));
    let step = engine.apply(Event::PermissionsAdded { origins: vec!["https://shop.example/*".to_owned()] });
    assert!(step.effects.contains(&run_on(vec![site.clone()])));
    let step = engine.apply(Event::Screen(FromScreen::Disable { site: site.clone() }));
    assert!(step.effects.contains(&run_on(vec![])));
    assert!(step.effects.contains(&Effect::GiveBack(site)));
}

#[test]
fn a_tester_s_own_profiles_are_looked_for_in_pages() {
    let granted = vec![SitePattern::try_from("https://*.example/*".to_owned()).unwrap()];
    let grants = granted.clone();
    let (mut engine, _) = Engine::start(Found { vendors: profile::built_in(), grants, ..Found::default() });
    let text = r#"{"vendor":"Ours","profiles":[{"id":"ours","name":"Ours","start":{"transports":["fetch"],"method":"PUT","paths":["/talk/*/open"]},"attributes":{"path":["a"],"values":["string"]},"crmId":{"key":"k"}}]}"#;
    let step = engine.apply(Event::Screen(FromScreen::AddVendor { text: text.to_owned(), place: None }));
    assert_eq!(step.reply, Some(Reply::Done));
    let own_patterns = r#"{"m":["PUT"],"k":["open"],"a":["*/talk/*/open"],"s":[],"c":[]}"#;
    let own_patterns = Some(own_patterns.to_owned());
    assert_eq!(step.effects.last(), Some(&Effect::RunOn { sites: vec![], own_patterns, granted: granted.clone() }));
    let baked = Settings::parse(&format!(r#"{{"version":1,"vendors":[{text}]}}"#)).unwrap();
    let (mut built, _) = Engine::start(Found {
        vendors: profile::built_in(),
        grants: vec![granted[0].clone()],
        baked,
        ..Found::default()
    });
    let started = built.apply(Event::Started).effects;
    assert!(matches!(&started[..], [Effect::RunOn { granted, .. }] if granted.is_empty()), "its page script has them");
    let step = engine.apply(Event::Screen(FromScreen::RemoveVendor { vendor: "Ours".to_owned() }));
    assert!(step.effects.contains(&run_on(vec![])));
}

#[test]
fn a_permission_for_everything_enables_nothing() {
    let mut engine = engine(r#"{"version":1}"#);
    let origins = vec!["<all_urls>".to_owned(), "*://*/*".to_owned(), "https://*.example/*".to_owned()];
    assert_eq!(engine.apply(Event::PermissionsAdded { origins }).effects, [run_on(vec![])]);
}

#[test]
fn a_setting_is_kept_or_refused_with_the_reason() {
    let site = || Site::of_url(SHOP).unwrap();
    let mut engine = engine(r#"{"version":1}"#);
    let set = |text: &str| Event::Screen(FromScreen::SetCrmId { site: site(), text: text.to_owned() });
    let step = engine.apply(set(" "));
    assert_eq!(step.reply, Some(Reply::Refused { why: "the CRM ID is blank".to_owned() }));
    assert!(step.effects.is_empty());
    let step = engine.apply(set("CRM-2"));
    assert_eq!(step.reply, Some(Reply::Done));
    let [Effect::KeepSettings(text)] = step.effects.as_slice() else { panic!("{step:?}") };
    assert_eq!(Settings::parse(text).unwrap().site(&site()).crm_id.unwrap().as_str(), "CRM-2");
    engine.apply(Event::Screen(FromScreen::SetMode { site: site(), mode: Mode::Inject }));
    let attribute = FromScreen::SetAttribute { site: site(), text: "crmCustomerId".to_owned() };
    engine.apply(Event::Screen(attribute));
    engine.apply(Event::Screen(FromScreen::Enable { site: site() }));
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    let body = r#"{"attributes":{"externalId":"WEB-1","crmCustomerId":"CRM-2"}}"#.to_owned();
    assert_eq!(sent(&step, BODY), Some(body));
}

#[test]
fn an_attribute_is_named_with_its_namespace_where_the_page_made_none() {
    let settings = r#"{"version":1,"sites":{"https://shop.example":{"enabled":true,"mode":"inject","crmId":"CRM-1","attribute":"shop.customerId"}}}"#;
    let given = |properties: &str| format!(r#"{{"action":"start_chat","payload":{{"chat":{{{properties}}}}}}}"#);
    let url = "wss://api.livechatinc.com/v3.5/customer/rtm/ws?organization_id=o";
    for (written, wanted) in [
        ("", r#""properties":{"shop":{"customerId":"CRM-1"}}"#),
        (r#""properties":{"a":{"b":1}}"#, r#""properties":{"a":{"b":1},"shop":{"customerId":"CRM-1"}}"#),
        (
            r#""properties":{"a":{},"shop":{"customerId":"7"}}"#,
            r#""properties":{"a":{},"shop":{"customerId":"CRM-1"}}"#,
        ),
    ] {
        let body = Body::Text { text: given(written) };
        let socket = Some(Socket { number: 1, sessions: 0, session: None, has_begun: false });
        let (transport, method, url) = (Transport::WebSocket, FRAME.to_owned(), url.to_owned());
        let candidate = Candidate { transport, method, url, socket, body: body.clone(), ..candidate("") };
        let step = shop(&mut engine(settings), FromPage::Candidate { number: 1, candidate });
        assert_eq!(sent_instead(&step, &body), Some(given(wanted)));
        assert_eq!(kept(&step).crm_key, "customerId");
    }
}

#[test]
fn host_and_queue_of_a_start_are_shown() {
    let mut engine = injecting("CRM-1");
    let record = kept(&ask(&mut engine, sender(0, SHOP, SHOP), 1, r#"{"queueId":"q-1","attributes":{}}"#));
    let context = |label: &str| record.context.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str());
    assert_eq!((context("Host"), context("Queue")), (Some("api.example"), Some("q-1")));
}

#[test]
fn injecting_without_an_id_says_so() {
    let mut engine = engine(r#"{"version":1,"sites":{"https://shop.example":{"enabled":true,"mode":"inject"}}}"#);
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    assert_eq!(step.verdict, Some(Verdict::PassThrough));
    assert_eq!(finding_ids(&kept(&step)), ["no-crm-id-chosen"]);
}

#[test]
fn stored_settings_that_do_not_parse_are_kept_aside_and_defaults_used() {
    let found =
        Found { vendors: profile::built_in(), settings: Some("{\"version\":1,".to_owned()), ..Found::default() };
    let (mut engine, effects) = Engine::start(found);
    let [Effect::KeepUnreadable(unreadable), Effect::KeepSettings(settings)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(unreadable.text, "{\"version\":1,");
    assert!(unreadable.why.contains("ends in the middle of its JSON"), "{}", unreadable.why);
    assert_eq!(Settings::parse(settings).unwrap(), Settings::default());
    let step = engine.apply(Event::Screen(FromScreen::ForgetUnreadable));
    assert_eq!(step.effects, [Effect::ForgetUnreadable]);
}

#[test]
fn settings_that_came_with_the_build_are_taken_at_the_first_start() {
    let baked = Settings::parse(&settings_injecting("CRM-1")).unwrap();
    let (_, effects) = Engine::start(Found { vendors: profile::built_in(), baked: baked.clone(), ..Found::default() });
    assert_eq!(effects, [Effect::KeepSettings(baked.to_text())]);
    let stored = Some(Settings::default().to_text());
    let (_, effects) =
        Engine::start(Found { vendors: profile::built_in(), baked, settings: stored, ..Found::default() });
    assert_eq!(effects, []);
}

#[test]
fn records_that_survived_are_counted_on() {
    let mut first = injecting("CRM-1");
    let record = kept(&ask(&mut first, sender(0, SHOP, SHOP), 1, BODY));
    let mut engine = injecting("CRM-1").recalling(Log::of(&[record.to_text(), "{".to_owned()]), vec![]);
    let hello = shop(&mut engine, FromPage::Hello);
    assert_eq!(hello.effects, [Effect::ShowBadge { tab: 7, count: 1, is_injected: false }]);
    let next = kept(&ask(&mut engine, sender(0, SHOP, SHOP), 2, BODY));
    assert_eq!(next.sequence, record.sequence + 1);
    let step = engine.apply(Event::Screen(FromScreen::Clear { tab: 7 }));
    assert!(step.effects.contains(&Effect::ForgetRecords(vec![record.id, next.id])));
}

#[test]
fn a_start_that_was_on_its_way_as_the_log_was_cleared_does_not_come_back() {
    let mut engine = injecting("CRM-1");
    let (first, second) = (Event::Screen(FromScreen::Clear { tab: 7 }), FromPage::Sent { number: 1, is_edited: true });
    ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY);
    engine.apply(first);
    let told = shop(&mut engine, second);
    assert_eq!((told.verdict, told.effects), (None, vec![]), "nobody need tell of it again");
    let outcome = Outcome::Answered { status: 200, body: String::new(), is_cut: false, retry_after: None };
    assert_eq!(shop(&mut engine, FromPage::Outcome { number: 1, outcome }).effects, []);
    let late = FromPage::Unasked { number: 1, candidate: candidate(BODY), why: NoVerdict::TooLate };
    assert_eq!(shop(&mut engine, late).effects, []);
    let retold = FromPage::Retold { number: 1, candidate: candidate(BODY), replacements: None };
    assert_eq!(shop(&mut engine, retold).effects, []);
}

#[test]
fn a_verdict_that_comes_before_the_log_is_read_is_the_one_that_is_recorded() {
    let mut engine = injecting("CRM-1");
    let event = |url: &str, frame_url: &str, socket| {
        let candidate = Candidate { url: url.to_owned(), socket, ..candidate(BODY) };
        let message =
            FromRelay { document: "d0".to_owned(), age: 0, message: FromPage::Candidate { number: 1, candidate } };
        Event::Page { sender: sender(0, frame_url, SHOP), message: Box::new(message), at: 1_000 }
    };
    let url = candidate("").url;
    for event in [event(&url, SHOP, None), event("https://api.example/", SHOP, None), event(&url, CHAT, None)] {
        let early = engine.early_verdict(&event);
        assert!(early.is_some());
        assert_eq!(early, engine.apply(event).verdict);
    }
    let socket = Some(Socket { number: 1, sessions: 1, session: None, has_begun: false });
    assert_eq!(engine.early_verdict(&event(&url, SHOP, socket)), None, "the log has a part in it");
}

#[test]
fn the_log_is_bounded_in_number_and_in_bytes() {
    let mut engine = injecting("CRM-1");
    let long = format!(r#"{{"attributes":{{"externalId":"{}"}}}}"#, "x".repeat(100_000));
    let mut kept_bytes = 0_usize;
    let mut forgotten = 0;
    for number in 0..700 {
        let body = if number % 2 == 0 { BODY } else { &long };
        let step = ask(&mut engine, sender(0, SHOP, SHOP), number, body);
        kept_bytes += kept(&step).to_text().len();
        forgotten += step.effects.iter().filter(|effect| matches!(effect, Effect::ForgetRecords(_))).count();
    }
    assert!(kept_bytes > 20_000_000, "the test fills the log several times: {kept_bytes}");
    assert!(forgotten > 300, "{forgotten}");
}

#[test]
fn a_start_whose_record_is_lost_is_retold() {
    let mut engine = injecting("CRM-1");
    let whole = kept(&ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY));
    let sent = shop(&mut engine, FromPage::Sent { number: 2, is_edited: true });
    assert_eq!((sent.verdict, sent.effects), (Some(Verdict::Unknown), vec![]));
    let place = BODY.find("WEB-1").unwrap();
    let retold = |number, crm_id: Option<&str>| FromPage::Retold {
        number,
        candidate: candidate(BODY),
        replacements: crm_id
            .map(|crm_id| vec![Replacement { at: place - 1, length: 7, text: format!("\"{crm_id}\"") }]),
    };
    let record = kept(&shop(&mut engine, retold(2, Some("CRM-1"))));
    assert_eq!((record.delivery, record.before, record.after), (Delivery::Edited, whole.before, whole.after));

    let other = BODY.replace("WEB-1", "CRM-OF-BEFORE");
    let record = kept(&shop(&mut engine, retold(3, Some("CRM-OF-BEFORE"))));
    assert_eq!(record.delivery, Delivery::Edited);
    assert_eq!(
        record.after.map(|after| (after.body.text, after.crm_id)),
        Some((other, Some("CRM-OF-BEFORE".to_owned())))
    );

    let record = kept(&shop(&mut engine, retold(4, None)));
    assert_eq!((record.delivery, record.after), (Delivery::AsWritten, None));

    let again = kept(&shop(&mut engine, retold(1, Some("CRM-1"))));
    assert_eq!(again.delivery, Delivery::Edited);
}

#[test]
fn a_page_drives_no_record_of_another_tab_out() {
    let mut engine = injecting("CRM-1");
    let other = PageSender { tab: 8, ..sender(0, SHOP, SHOP) };
    let first = kept(&ask(&mut engine, other, 1, BODY));
    for number in 0..1_000 {
        let step = ask(&mut engine, sender(0, SHOP, SHOP), number, BODY);
        let gone =
            step.effects.iter().any(|effect| matches!(effect, Effect::ForgetRecords(ids) if ids.contains(&first.id)));
        assert!(!gone, "at start {number}");
    }
}

#[test]
fn a_record_counts_as_it_is_stored() {
    let mut engine = injecting("CRM-1");
    // Each of these characters is stored as six.
    let body = "\u{1}".repeat(100_000);
    let stored = kept(&ask(&mut engine, sender(0, SHOP, SHOP), 0, &body)).to_text().len();
    assert!(stored > 600_000);
    for number in 1..7 {
        let step = ask(&mut engine, sender(0, SHOP, SHOP), number, &body);
        let is_over = stored * (number as usize + 1) > MAX_BYTES;
        let forgets = matches!(&step.effects[..], [Effect::ForgetRecords(_), ..]);
        assert_eq!(forgets, is_over, "at {number}");
    }
}

#[test]
fn a_start_that_is_too_large_to_keep_is_edited_and_counted() {
    let mut engine = injecting("CRM-1");
    let attributes: Vec<_> = (0..100_000).map(|number| format!(r#""a{number}":1"#)).collect();
    let body = format!(r#"{{"attributes":{{{}}}}}"#, attributes.join(","));
    let small = kept(&ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY));
    let step = ask(&mut engine, sender(0, SHOP, SHOP), 2, &body);
    assert!(matches!(step.verdict, Some(Verdict::Replace { .. })));
    assert!(matches!(&step.effects[..], [Effect::KeepUncovered(Uncovered { lost: 1, .. })]), "{:?}", step.effects);
    assert_eq!(shop(&mut engine, FromPage::Sent { number: 2, is_edited: true }).verdict, None, "it is not told again");
    let sent = shop(&mut engine, FromPage::Sent { number: 1, is_edited: true });
    assert_eq!(kept(&sent).id, small.id, "what was kept before is still there");
}

#[test]
fn a_record_that_the_browser_does_not_keep_is_forgotten_whole_and_counted() {
    let mut engine = injecting("CRM-1");
    let record = kept(&ask(&mut engine, sender(0, SHOP, SHOP), 1, BODY));
    let step = engine.apply(Event::NotKept(record.id.clone()));
    let lost = Uncovered { tab: 7, document: "d0".to_owned(), lost: 1, ..Uncovered::default() };
    assert_eq!(
        step.effects,
        [
            Effect::ForgetRecords(vec![record.id.clone()]),
            Effect::KeepUncovered(lost),
            Effect::ShowBadge { tab: 7, count: 0, is_injected: false }
        ]
    );
    assert_eq!(engine.apply(Event::NotKept(record.id.clone())).effects, [], "counted once");
    let told = shop(&mut engine, FromPage::Sent { number: 1, is_edited: true });
    assert_eq!((told.verdict, told.effects), (None, vec![]), "nobody need tell of it again");
    let retold = FromPage::Retold { number: 1, candidate: candidate(BODY), replacements: None };
    assert_eq!(shop(&mut engine, retold).effects, [], "counted once");
}

#[test]
fn what_a_relay_drops_is_noted_beside_the_workers_and_what_is_frozen() {
    let mut engine = injecting("CRM-1");
    shop(&mut engine, FromPage::Uncovered { workers: 2, is_frozen: true });
    let step = shop(&mut engine, FromPage::Dropped { starts: 4 });
    let noted = Uncovered { tab: 7, document: "d0".to_owned(), workers: 2, is_frozen: true, dropped: 4, lost: 0 };
    assert_eq!(text::uncovered(&noted).matches("not listed").count(), 3);
    assert_eq!(step.effects, [Effect::KeepUncovered(noted)]);
}

const FORM: &str = "application/x-www-form-urlencoded";

fn ask_with(engine: &mut Engine, candidate: Candidate) -> Step {
    shop(engine, FromPage::Candidate { number: 1, candidate })
}

#[test]
fn a_form_is_injected_and_its_record_reads_it() {
    let mut engine = injecting("CRM-1");
    let body = "configurationId=c+1&attributes%5Bname%5D=Z%C3%BCri&attributes%5BexternalId%5D=WEB-1";
    let form = Candidate { content_type: Some(FORM.to_owned()), ..candidate(body) };
    let step = ask_with(&mut engine, form);
    assert_eq!(sent(&step, body), Some(body.replace("WEB-1", "CRM-1")));
    let record = kept(&step);
    let rows = |side: &Side| -> Vec<_> {
        side.attributes.iter().map(|attribute| format!("{}: {}", attribute.key, attribute.value)).collect()
    };
    assert_eq!(rows(&record.before), ["name: Züri", "externalId: WEB-1"]);
    assert_eq!(rows(record.after.as_ref().unwrap()), ["name: Züri", "externalId: CRM-1"]);
    let context = [("Host", "api.example"), ("Configuration", "c 1")];
    assert_eq!(record.context, context.map(|(label, value)| (label.to_owned(), value.to_owned())));
    assert_eq!(finding_ids(&record), [] as [&str; 0]);
}

#[test]
fn bytes_that_are_no_text_are_injected_a_character_a_byte() {
    let mut engine = injecting("CRM-1");
    let written = |id: &str| {
        let name = "Content-Disposition: form-data; name=";
        let photo = format!("--B\r\n{name}\"photo\"; filename=\"é.png\"\r\n\r\n\u{0}\u{ff}\u{d8}\r\n");
        format!("{photo}--B\r\n{name}\"attributes[externalId]\"\r\n\r\n{id}\r\n--B--\r\n")
    };
    let multipart = Candidate {
        content_type: Some("multipart/form-data; boundary=B".to_owned()),
        body: Body::Binary { bytes: written("WEB-1") },
        ..candidate("")
    };
    let step = ask_with(&mut engine, multipart);
    assert_eq!(sent_instead(&step, &Body::Binary { bytes: written("WEB-1") }), Some(written("CRM-1")));
    let after = kept(&step).after.unwrap().body;
    assert_eq!(after.changed.iter().map(|range| &after.text[range.clone()]).collect::<Vec<_>>(), ["CRM-1"]);
    assert_eq!(after.bytes, Some(written("CRM-1").chars().count()));
    assert!(!after.is_cut());
}

#[test]
fn a_start_that_cannot_be_edited_is_shown_all_the_same() {
    for (why, finding) in [(NotEditable::Synchronous, "not-editable"), (NotEditable::AtOnce, "called-at-once")] {
        let mut engine = injecting("CRM-1");
        let step = ask_with(&mut engine, Candidate { not_editable: Some(why), ..candidate(BODY) });
        assert_eq!(step.verdict, Some(Verdict::PassThrough));
        let record = kept(&step);
        assert_eq!(record.before.crm_id.as_deref(), Some("WEB-1"));
        assert_eq!(record.after, None);
        assert_eq!(finding_ids(&record), [finding]);
    }
}

#[test]
fn an_attribute_that_would_not_read_back_is_not_set() {
    let mut engine = engine(&settings_injecting("CRM-1").replace("\"mode\"", "\"attribute\":\"a[b\",\"mode\""));
    let form = Candidate { content_type: Some(FORM.to_owned()), ..candidate("attributes[tier]=gold") };
    let step = ask_with(&mut engine, form);
    assert_eq!(step.verdict, Some(Verdict::PassThrough));
    assert_eq!(finding_ids(&kept(&step)), ["crm-id-missing", "attribute-not-settable"]);
}

#[test]
fn a_file_that_could_not_be_read_again_is_not_kept() {
    let mut engine = engine(r#"{"version":1,"sites":{"https://shop.example":{"enabled":true}}}"#);
    let deep = format!("{}{}", "[".repeat(505), "]".repeat(505));
    let text = format!(
        r#"{{"vendor":"Ours","profiles":[{{"id":"ours","name":"Ours","start":{{"transports":["fetch"],"method":"PUT","paths":["/talk"]}},"attributes":{{"path":["a"],"values":["string"],"shape":{{"kind":"wrapped","value":"v","with":[{{"key":"x","value":{deep}}}]}}}},"crmId":{{"key":"k"}}}}]}}"#
    );
    let step = engine.apply(Event::Screen(FromScreen::AddVendor { text, place: None }));
    assert!(matches!(step.reply, Some(Reply::Refused { .. })));
    assert_eq!(step.effects, []);
}
