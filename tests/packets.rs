//! Starts inside the packets of socket.io: the CRM ID is set in the event, the
//! packet's length is mended, and every other byte stays.

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::start::attributes::Reading;
use callsign::start::body::json::quoted;
use callsign::start::profile::{Condition, Framing, Profile, Step, built_in};
use proptest::prelude::*;

/// A chat whose start is the event `start`, its attributes in `attributes`.
fn profile() -> Profile {
    let mut profile = Profile::clone(&built_in()[0].profiles[0]);
    profile.start.framing = Some(Framing::SocketIo);
    profile.start.body = vec![vec![Condition { path: vec!["0".to_owned()], is: vec!["start".to_owned()] }]];
    profile.attributes.path = ["1", "attributes"].map(|key| Step::Key(key.to_owned())).to_vec();
    profile
}

/// The body with the CRM ID set, or the reason why not.
fn injected(body: &str, crm_id: &str) -> Result<String, String> {
    injected_through(&profile(), body, crm_id)
}

fn injected_through(profile: &Profile, body: &str, crm_id: &str) -> Result<String, String> {
    let key = AttributeKey::try_from("externalId".to_owned()).expect("a key");
    let crm_id = CrmId::try_from(crm_id.to_owned()).expect("a CRM ID");
    let reading = Reading::of_text(body, None, profile).map_err(|why| why.to_string())?;
    let edited = reading.inject(&key, &crm_id).map_err(|why| why.to_string())?;
    Ok(String::from_utf8(edited.bytes).expect("text"))
}

#[track_caller]
fn check(body: &str, expected: &str) {
    assert_eq!(injected(body, "CRM-1").as_deref(), Ok(expected));
}

#[test]
fn the_event_is_edited_and_its_length_mended() {
    check(r#"42["start",{"attributes":{"externalId":"WEB"}}]"#, r#"42["start",{"attributes":{"externalId":"CRM-1"}}]"#);
    check(
        r#"42/support,7["start", { "attributes": {} }]"#,
        r#"42/support,7["start", { "attributes": {"externalId":"CRM-1"} }]"#,
    );
    check(
        r#"47:42["start",{"attributes":{"externalId":"é😀"}}]"#,
        r#"49:42["start",{"attributes":{"externalId":"CRM-1"}}]"#,
    );
    check(
        r#"2:4014:42["typing",1]98:42["start",{"attributes":{"name":"é","externalId":"WEB-000000000000000000000000000000000000001"}}]1:3"#,
        r#"2:4014:42["typing",1]60:42["start",{"attributes":{"name":"é","externalId":"CRM-1"}}]1:3"#,
    );
    // Each event that is a start, in order.
    check(
        "42[\"start\",{\"attributes\":{\"externalId\":\"a\"}}]\u{1E}42[\"typing\",{}]\u{1E}42[\"start\",{}]",
        "42[\"start\",{\"attributes\":{\"externalId\":\"CRM-1\"}}]\u{1E}42[\"typing\",{}]\u{1E}42[\"start\",{\"attributes\":{\"externalId\":\"CRM-1\"}}]",
    );
    check(
        r#"47:42["start",{"attributes":{"externalId":"é😀"}}]44:42["start",{"attributes":{"externalId":""}}]"#,
        r#"49:42["start",{"attributes":{"externalId":"CRM-1"}}]49:42["start",{"attributes":{"externalId":"CRM-1"}}]"#,
    );
    check(
        "42[\"typing\"]\u{1E}42[\"start\",{}]\u{1E}3",
        "42[\"typing\"]\u{1E}42[\"start\",{\"attributes\":{\"externalId\":\"CRM-1\"}}]\u{1E}3",
    );
}

#[test]
fn where_nothing_tells_events_apart_the_first_one_is_the_start() {
    let mut profile = profile();
    profile.start.body = vec![];
    let body = "42[\"start\",{\"attributes\":{}}]\u{1E}42[\"seen\",{}]\u{1E}430[{\"attributes\":{}}]";
    let expected =
        "42[\"start\",{\"attributes\":{\"externalId\":\"CRM-1\"}}]\u{1E}42[\"seen\",{}]\u{1E}430[{\"attributes\":{}}]";
    assert_eq!(injected_through(&profile, body, "CRM-1").as_deref(), Ok(expected));
    let answer = injected_through(&profile, r#"430[{"attributes":{}}]"#, "CRM-1");
    assert_eq!(answer, Err("the body has no event of socket.io in it".to_owned()));
}

#[test]
fn what_has_no_start_in_it_is_left_alone() {
    for body in ["", "2probe", r#"42["message",{"attributes":{}}]"#, r#"9:42["start",{}]"#, r#"["start",{}]"#] {
        assert_eq!(injected(body, "CRM-1"), Err("the body has no event of socket.io in it".to_owned()), "{body}");
    }
    let body = r#"42["start",{"attributes":"x"}]"#;
    assert_eq!(injected(body, "CRM-1"), Err("`1.attributes` is a string, not an object of attributes".to_owned()));
}

/// How a text of packets is written; the length is counted the way the
/// JavaScript of Engine.IO 3 counts it.
fn written(packets: &[String], has_lengths: bool) -> String {
    let with_length = |packet: &String| format!("{}:{packet}", packet.encode_utf16().count());
    if has_lengths { packets.iter().map(with_length).collect() } else { packets.join("\u{1E}") }
}

fn start(name: &str, id: &str, prefix: &str) -> String {
    format!(r#"42{prefix}["start", {{"name":{},"attributes":{{"externalId":{}}}}}]"#, quoted(name), quoted(id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_stands_beside_it_the_start_is_all_that_changes(
        names in prop::collection::vec("[a-z:é😀0-9\\[\\]\"]{0,12}", 0..4),
        name in "\\PC{0,20}",
        id in "\\PC{0,20}",
        crm_id in "[A-Z0-9é😀-]{1,20}",
        prefix in "(/[a-z]{1,5},)?[0-9]{0,3}",
        at in any::<prop::sample::Index>(),
        has_lengths in any::<bool>(),
    ) {
        let mut before: Vec<_> = names.iter().map(|name| format!("42{}", quoted_list(name))).collect();
        let at = at.index(before.len() + 1);
        let mut after = before.clone();
        before.insert(at, start(&name, &id, &prefix));
        after.insert(at, start(&name, &crm_id, &prefix));
        prop_assert_eq!(injected(&written(&before, has_lengths), &crm_id), Ok(written(&after, has_lengths)));
    }

    #[test]
    fn no_text_is_too_much(text in "[0-9:,/\\[\\]\"{}a-é😀\u{1E}-]{0,60}") {
        let _ = injected(&text, "CRM-1");
    }
}

fn quoted_list(name: &str) -> String {
    // Another event than the start.
    format!("[{}]", quoted(&format!("-{name}")))
}
