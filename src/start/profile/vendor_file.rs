//! A vendor's file as a tester writes it: kept as it is written, and checked.

use super::{Profile, Vendor};
use crate::crm_id::AttributeKey;
use crate::start::body::json::{Kind, Value};
use crate::start::candidate::{CALL, FRAME, Transport};
use crate::wire::{Mismatches, Raw, Reader, Wire, Writer};

/// A vendor's file, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorFile {
    /// As it was written.
    pub text: String,
    /// What it says.
    pub vendor: Vendor,
}

impl VendorFile {
    /// Reads a file, or says all that is not as it should be, with its place.
    pub fn parse(text: &str) -> Result<Self, Mismatches> {
        Self::from_text(text)
    }
}

impl Wire for VendorFile {
    fn write(&self, writer: &mut Writer) {
        writer.word(&self.text);
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        let Raw(text) = Raw::read(json, reader);
        let vendor = Vendor::read(json, reader);
        if json.get("vendor").and_then(|name| name.text()).is_some_and(|name| name.trim().is_empty()) {
            reader.mismatch_in(&["vendor"], "the vendor's name is blank");
        }
        if json.get("profiles").is_some_and(|list| list.kind() == Kind::Array && list.items().is_empty()) {
            reader.mismatch_in(&["profiles"], "at least one profile belongs here");
        }
        for (index, profile) in vendor.profiles.iter().enumerate() {
            let is_taken = vendor.profiles[..index].iter().any(|other| other.id == profile.id);
            let index = index.to_string();
            let told = |keys: &[&str]| reader.is_told(&[&["profiles", &index], keys].concat());
            let mut found = odd(profile, &told);
            if is_taken && !profile.id.is_empty() {
                found.push((&["id"], "an earlier profile has this one"));
            }
            for (keys, what) in found {
                reader.mismatch_in(&[&["profiles", &index], keys].concat(), what);
            }
            for (item, labelled) in profile.context.iter().enumerate() {
                if labelled.path.is_empty() && labelled.query.is_none() && !labelled.is_host {
                    let what = "a `path`, a `query` or `\"host\": true` belongs here";
                    tell(reader, &["profiles", &index, "context", &item.to_string()], what);
                }
            }
            if let Err(refused) = AttributeKey::try_from(profile.crm_id.key.clone()) {
                tell(reader, &["profiles", &index, "crmId", "key"], &refused.to_string());
            }
        }
        for (item, error) in vendor.errors.iter().enumerate() {
            if error.codes.is_empty() && error.statuses.is_empty() {
                tell(reader, &["errors", &item.to_string()], "`codes`, `statuses` or both belong here");
            }
        }
        Self { text, vendor }
    }
}

/// Tells what does not fit in a place of which nothing is told yet.
fn tell(reader: &mut Reader, keys: &[&str], what: &str) {
    if !reader.is_told(keys) {
        reader.mismatch_in(keys, what);
    }
}

/// Where in a profile something is odd, and what would be right there.
type Odd = (&'static [&'static str], &'static str);

/// All that a profile lacks although each of its parts can be read, in places
/// of which nothing is told yet.
fn odd(profile: &Profile, is_told: &dyn Fn(&[&str]) -> bool) -> Vec<Odd> {
    let start = &profile.start;
    let by = |transport| start.transports.contains(&transport);
    let (by_socket, by_call) = (by(Transport::WebSocket), by(Transport::PageApi));
    let is_mixed = (by_socket || by_call) && start.transports.len() > 1;
    // Of transports that cannot be read nothing follows.
    let is_known = !is_mixed && !is_told(&["start", "transports"]);
    let is_placed = by_call || !is_known || !start.paths.is_empty() || !start.hosts.is_empty();
    let is_somewhere = is_placed || is_told(&["start", "paths"]) || is_told(&["start", "hosts"]);
    let method = start.method.as_str();
    let is_method = !method.is_empty() && method.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'-' | b'_'));
    let (function, script) = start.call.as_ref().map_or(("-", "---"), |call| (&call.function, &call.script));
    // Two dots in a row, or one at an end, leave a name empty.
    let is_function = function.split('.').all(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    let is_silent = start.socket.as_ref().is_some_and(|socket| socket.sent.is_empty());
    let all: [(bool, Odd); 16] = [
        (profile.id.trim().is_empty(), (&["id"], "a name such as acme-chat belongs here")),
        (profile.name.trim().is_empty(), (&["name"], "the name on screen is blank")),
        (
            start.transports.is_empty(),
            (&["start", "transports"], "at least one of fetch, xhr, beacon, webSocket and pageApi belongs here"),
        ),
        (is_mixed, (&["start", "transports"], "webSocket or pageApi stands alone, or some of fetch, xhr and beacon")),
        (!is_somewhere, (&["start"], "this would match any address: give it `paths`, `hosts` or both")),
        (!is_method, (&["start", "method"], "a method in capitals belongs here, such as POST")),
        (
            is_known && by_socket && method != FRAME,
            (&["start", "method"], "a start on a webSocket has the method FRAME"),
        ),
        (is_known && by_call && method != CALL, (&["start", "method"], "a start by pageApi has the method CALL")),
        (
            is_known && (!by_socket && method == FRAME || !by_call && method == CALL),
            (&["start", "method"], "only a start on a webSocket has the method FRAME, and only one by pageApi CALL"),
        ),
        (
            is_known && by_socket && start.socket.is_none() && !is_told(&["start", "socket"]),
            (&["start"], "a start on a webSocket says under `socket` what is sent and heard"),
        ),
        (
            is_known && !by_socket && start.socket.is_some(),
            (&["start", "socket"], "only a start on a webSocket has this"),
        ),
        (
            is_known && by_call && start.call.is_none() && !is_told(&["start", "call"]),
            (&["start"], "a start by pageApi names the function under `call`"),
        ),
        (
            profile.attributes.has_overlap(),
            (
                &["attributes", "also"],
                "another place than that of `path` and the others, not in one of them, belongs here",
            ),
        ),
        (is_silent, (&["start", "socket", "sent"], "a text that the start's frame has in it belongs here")),
        (is_known && !by_call && start.call.is_some(), (&["start", "call"], "only a start by pageApi has this")),
        (
            !is_function || script.len() < 3,
            (
                &["start", "call"],
                "the function's name belongs here, such as lpTag.sdes.push, and three characters or more of the address of the script that brings it",
            ),
        ),
    ];
    let mut found: Vec<Odd> = Vec::new();
    for (is_odd, (keys, what)) in all {
        // What is said of a whole start stands beside what is said in it.
        let is_news = keys.len() == 1 && keys[0] == "start" || !is_told(keys);
        if is_odd && is_news && !(keys == ["start", "method"] && found.iter().any(|(other, _)| *other == keys)) {
            found.push((keys, what));
        }
    }
    found
}
