//! What must hold for any input. Each function panics where it does not:
//! property tests and fuzz targets call the same ones.

#![allow(dead_code, reason = "every test and fuzz target uses some of them")]

use std::sync::LazyLock;

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::message::{FromRelay, Sender};
use callsign::start::attributes::{Attribute, Edited, Reading, Untouchable};
use callsign::start::body::fields::Fields;
use callsign::start::body::json::{Json, NotJson};
use callsign::start::candidate::{Body, Candidate, Transport};
use callsign::start::lint;
use callsign::start::profile::{Profile, Step, built_in};
use callsign::start::replacement::Replacement;
use callsign::wire::Wire;
use serde_json::Value;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=B";

/// A profile whose attributes sit at this path.
pub(crate) fn profile(path: &[&str]) -> Profile {
    static FIRST: LazyLock<Profile> = LazyLock::new(|| Profile::clone(&built_in()[0].profiles[0]));
    let mut profile = FIRST.clone();
    profile.attributes.path = path.iter().map(|key| Step::Key((*key).to_owned())).collect();
    profile
}

/// A candidate as the page script makes it of these bytes.
pub(crate) fn candidate(bytes: &[u8], content_type: Option<&str>) -> Candidate {
    let body = match str::from_utf8(bytes) {
        Ok(text) => Body::Text { text: text.to_owned() },
        Err(_) => Body::Binary { bytes: bytes.iter().map(|byte| char::from(*byte)).collect() },
    };
    Candidate {
        transport: Transport::Fetch,
        method: "POST".to_owned(),
        url: "https://api.example/".to_owned(),
        content_type: content_type.map(str::to_owned),
        body,
        not_editable: None,
        socket: None,
        signature: None,
    }
}

/// Sets an attribute in a body, if that can be done, and holds what comes out
/// against what went in: all outside the edits is as it was, and the value
/// reads back.
pub(crate) fn edit(bytes: &[u8], content_type: Option<&str>, path: &[&str], key: &str, crm_id: &str) -> Option<Edited> {
    let (key, crm_id) = (AttributeKey::try_from(key.to_owned()).ok()?, CrmId::try_from(crm_id.to_owned()).ok()?);
    let profile = profile(path);
    let before = candidate(bytes, content_type);
    let (attributes, edited) = match set(&before, &profile, &key, &crm_id) {
        Ok(done) => done,
        Err(why) => {
            assert!(!lint::of_untouchable(&why).sentence.is_empty());
            let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let is_unset = matches!(why, Untouchable::NotReadBack { .. });
            assert!(!is_unset || !is_plain(key.as_str()) || !is_plain(crm_id.as_str()), "what is plain can be set");
            return None;
        }
    };

    assert_eq!(cut_out(&edited, bytes), bytes, "all outside the edits is as it was");
    let replacements = Replacement::all_of(&edited.edits, &before.body);
    let body = Replacement::made_in(&replacements, &before.body).expect("the replacements fit");
    let after = Candidate { body, ..before.clone() };
    let reading = Reading::of(&after, &profile).expect("an edited body is read");
    assert_eq!(reading.bytes(), edited.bytes, "the body is what the edits made");
    assert_eq!(reading.attributes(), edited.attributes);
    let set: Vec<_> = edited.attributes.iter().filter(|attribute| attribute.key == key.as_str()).collect();
    assert!(!set.is_empty() && set.iter().all(|attribute| attribute.value == crm_id.as_str()), "{set:?}");
    let others = |attributes: Vec<Attribute>| attributes.into_iter().filter(|attribute| attribute.key != key.as_str());
    assert!(others(attributes).eq(others(edited.attributes.clone())), "no other attribute is another");
    Some(edited)
}

fn set(
    candidate: &Candidate,
    profile: &Profile,
    key: &AttributeKey,
    crm_id: &CrmId,
) -> Result<(Vec<Attribute>, Edited), Untouchable> {
    let reading = Reading::of(candidate, profile)?;
    lint::of_fields(&reading);
    let attributes = reading.attributes();
    lint::of_attributes(&attributes, &[], profile, key);
    lint::of_size(&attributes, &profile.attributes.limits, None);
    Ok((attributes, reading.inject(key, crm_id)?))
}

/// The edited body with what was there before in the place of the edits.
fn cut_out(edited: &Edited, before: &[u8]) -> Vec<u8> {
    let mut restored = Vec::new();
    let mut rest = edited.bytes.as_slice();
    let mut end_of_last = 0;
    for edit in &edited.edits {
        let (kept, behind) = rest.split_at(edit.range.start - end_of_last);
        restored.extend_from_slice(kept);
        restored.extend_from_slice(&before[edit.range.clone()]);
        rest = behind.strip_prefix(edit.replacement.as_bytes()).expect("the replacement is there");
        end_of_last = edit.range.end;
    }
    restored.extend_from_slice(rest);
    restored
}

/// Sets an attribute in JSON, and asks serde_json whether this is all.
pub(crate) fn edit_json(text: &str, path: &[&str], key: &str, crm_id: &str) -> bool {
    let Some(edited) = edit(text.as_bytes(), Some("application/json"), path, key, crm_id) else { return false };
    let after = String::from_utf8(edited.bytes).expect("JSON is text");
    // It refuses what the grammar allows: numbers too large for it, half a surrogate pair.
    if let Some(mut expected) = parsed(text) {
        set_in(&mut expected, path, key, crm_id);
        assert_eq!(parsed(&after), Some(expected), "{text:?} became {after:?}");
    }
    true
}

fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text)).ok()
}

fn set_in(value: &mut Value, path: &[&str], key: &str, crm_id: &str) {
    let mut value = value;
    for key in path {
        value = value.as_object_mut().expect("an object").entry(*key).or_insert_with(|| serde_json::json!({}));
    }
    value.as_object_mut().expect("an object").insert(key.to_owned(), crm_id.into());
}

/// Sets an attribute in a form, and asks the URL standard's own reading of
/// forms whether this is all.
pub(crate) fn edit_form(bytes: &[u8], path: &[&str], key: &str, crm_id: &str) -> bool {
    let Some(edited) = edit(bytes, Some(FORM), path, key, crm_id) else { return false };
    if bytes.trim_ascii_start().starts_with(b"{") || bytes.starts_with("\u{FEFF}".as_bytes()) {
        return true;
    }
    let (before, after) = (pairs(bytes), pairs(&edited.bytes));
    let name = path[1..].iter().chain([&key]).fold(path[0].to_owned(), |name, key| format!("{name}[{key}]"));
    let changed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    for (old, new) in &changed {
        assert_eq!(old.0, new.0, "a name is what it was");
        if new.0 == name {
            assert_eq!(new.1, crm_id);
            continue;
        }
        let keys = new.0.matches('[').count() + 1;
        let prefix = path[1..keys].iter().fold(path[0].to_owned(), |name, key| format!("{name}[{key}]"));
        assert_eq!(new.0, prefix, "only the container's JSON is another");
        if let Some(mut expected) = parsed(&old.1) {
            set_in(&mut expected, &path[keys..], key, crm_id);
            assert_eq!(parsed(&new.1), Some(expected));
        }
    }
    match &after[before.len()..] {
        [] => {}
        [added] => {
            assert_eq!(*added, (name, crm_id.to_owned()));
            assert!(changed.is_empty());
        }
        more => panic!("{more:?} were added"),
    }
    true
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

/// A form reads as the URL standard says.
pub(crate) fn read_form(bytes: &[u8]) {
    let fields = Fields::of_form(bytes.into());
    let found: Vec<_> = fields.all().iter().map(|field| (field.name(), fields.value(field))).collect();
    assert_eq!(found, pairs(bytes));
}

/// A text is JSON where serde_json says so, and where it is, its root is all but the white space.
pub(crate) fn read_json(text: &str) {
    let ours = Json::parse(text);
    if let Ok(json) = &ours {
        let space = [' ', '\t', '\r', '\n'];
        assert_eq!(json.root().raw(), text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_matches(space));
    }
    let serde = serde_json::from_str::<serde::de::IgnoredAny>(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    // serde_json refuses half a surrogate pair; the grammar of JSON does not. It has no limit to depth here.
    if !text.contains("\\u") && ours.as_ref().err() != Some(&NotJson::TooDeep) {
        assert_eq!(ours.is_ok(), serde.is_ok(), "{text:?}: ours {ours:?}, serde_json {serde:?}");
    }
}

/// What a page sends is read or refused, and what is read is written as it was meant.
pub(crate) fn read_message(text: &str) -> bool {
    let Ok(message) = FromRelay::from_text(text) else { return false };
    assert_eq!(FromRelay::from_text(&message.to_text()).as_ref(), Ok(&message));
    true
}

/// What the browser says about a sender is read or refused.
pub(crate) fn read_sender(json: &str) -> bool {
    Sender::read(json, "chrome-extension://abc/").is_ok()
}
