//! A profile tried out on a request that a tester pasted: whether it matches
//! and why, its attributes, the body with a CRM ID set, and the findings.
//!
//! What is shown is what the engine would see and do: it looks through the
//! same `sight`.

use std::ops::Range;

use super::policy::Policy;
use super::sight::Sight;
use crate::crm_id::{AttributeKey, CrmId};
use crate::start::attributes::{Attribute, Edited};
use crate::start::body::ranges_after;
use crate::start::body::readable::readable;
use crate::start::candidate::{Candidate, Transport};
use crate::start::explain::{Explained, explain_one};
use crate::start::finding::Finding;
use crate::start::profile::{Profile, Vendor};
use crate::start::sample::{Format, NotUnderstood, Sample};

/// What a profile makes of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedOut {
    /// What the sample was recognised as.
    pub format: Format,
    /// How many requests and frames are in it.
    pub requests: usize,
    /// The one that is told of: the first that matches, or else the first
    /// that misses the least.
    pub candidate: Candidate,
    /// Whether it matches, and why.
    pub explained: Explained,
    /// The attributes in it, in the order written; also where it does not match.
    pub attributes: Vec<Attribute>,
    /// The body with the CRM ID set, where that can be done.
    pub edited: Option<EditedBody>,
    /// What there is to say about it.
    pub findings: Vec<Finding>,
}

/// A body after its edit, for reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedBody {
    /// The whole body; bytes that are no UTF-8 are U+FFFD.
    pub text: String,
    /// What was changed, in bytes of the text.
    pub changed: Vec<Range<usize>>,
    /// The attributes, read back.
    pub attributes: Vec<Attribute>,
}

/// What is set in the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The CRM ID.
    pub crm_id: CrmId,
    /// The attribute that carries it; the profile's own where none is named.
    pub attribute: Option<AttributeKey>,
}

/// Tries a profile out on a sample, or says what in the sample cannot be read.
pub fn try_out(
    sample: &str,
    vendor: &Vendor,
    profile: &Profile,
    setting: Option<Setting>,
) -> Result<TriedOut, NotUnderstood> {
    let Sample { format, candidates } = Sample::parse(sample)?;
    let requests = candidates.len();
    let meant = candidates.into_iter().map(|candidate| {
        let candidate = if format.names_function() { candidate } else { by_its_function(candidate, profile) };
        let explained = explain_one(&candidate, vendor, profile);
        (candidate, explained)
    });
    let nearest = meant.min_by_key(|(_, explained)| explained.misses());
    let Some((candidate, explained)) = nearest else {
        return Err(NotUnderstood::Empty);
    };
    let policy = match setting {
        Some(Setting { crm_id, attribute }) => Policy::Inject { crm_id, attribute },
        None => Policy::Observe,
    };
    let sight = Sight::through(vendor, profile, &candidate, &policy);
    let (attributes, edited) = (sight.before.attributes, sight.edited.as_ref().map(edited_body));
    let findings = sight.findings;
    Ok(TriedOut { format, requests, candidate, explained, attributes, edited, findings })
}

/// The candidate by a function that the profile's starts go out by, where the
/// sample does not say by which it went out.
fn by_its_function(candidate: Candidate, profile: &Profile) -> Candidate {
    let is_http = |transport: &&Transport| matches!(transport, Transport::Fetch | Transport::Xhr | Transport::Beacon);
    let transports = &profile.start.transports;
    match transports.iter().find(is_http) {
        Some(transport) if is_http(&&candidate.transport) && !transports.contains(&candidate.transport) => {
            Candidate { transport: *transport, ..candidate }
        }
        Some(_) | None => candidate,
    }
}

fn edited_body(edited: &Edited) -> EditedBody {
    let (text, places) = readable(&edited.bytes);
    let ranges = ranges_after(&edited.edits).into_iter();
    let changed = ranges.map(|range| places.read(range.start)..places.read(range.end)).collect();
    EditedBody { text, changed, attributes: edited.attributes.clone() }
}
