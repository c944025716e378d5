//! A vendor's file as a tester writes it: kept as it is written, and checked.

use super::{Profile, Vendor};
use crate::crm_id::AttributeKey;
use crate::start::body::json::Value;
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
        for (index, profile) in vendor.profiles.iter().enumerate() {
            let is_taken = vendor.profiles[..index].iter().any(|other| other.id == profile.id);
            let what = match odd(profile) {
                Some(what) => what,
                None if is_taken => "an earlier profile has the same `id`",
                None => continue,
            };
            reader.mismatch_in(&["profiles", &index.to_string()], what);
        }
        Self { text, vendor }
    }
}

/// What a profile lacks, although each of its parts can be read.
fn odd(profile: &Profile) -> Option<&'static str> {
    let start = &profile.start;
    let (by_socket, by_call) =
        (start.transports.contains(&Transport::WebSocket), start.transports.contains(&Transport::PageApi));
    let what = if profile.id.is_empty() || profile.name.is_empty() {
        "`id` and `name` may not be empty"
    } else if start.transports.is_empty() {
        "`start.transports` names none: fetch, xhr, beacon, webSocket or pageApi"
    } else if start.call.is_none() && start.paths.is_empty() && start.hosts.is_empty() {
        "`start` would match any address: give it `paths`, `hosts` or both"
    } else if (by_socket || by_call) && start.transports.len() > 1 {
        "`start.transports` is webSocket or pageApi alone, or some of fetch, xhr and beacon"
    } else if by_socket != (start.method == FRAME) || by_socket != start.socket.is_some() {
        "a start on a webSocket has the method FRAME and says under `socket` what is sent and heard; no other has"
    } else if by_call != (start.method == CALL) || by_call != start.call.is_some() {
        "a start by pageApi has the method CALL and names the function under `call`; no other has"
    } else if start.method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        "`start.method` is written in capitals, such as POST"
    } else if start.call.as_ref().is_some_and(|call| call.function.is_empty() || call.script.len() < 3) {
        "`start.call` names the function, and a part of the address of the script that brings it"
    } else if AttributeKey::try_from(profile.crm_id.key.clone()).is_err() {
        "`crmId.key` is a name: it is not empty, and has neither invisible characters nor a space at its ends"
    } else {
        return None;
    };
    Some(what)
}
