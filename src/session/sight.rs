//! The first sight of a start: its candidate recognised, its body read, judged
//! and, where the policy says so, edited.

use super::policy::Policy;
use super::record::{Delivery, MAX_KEPT_VALUE_BYTES, Record, RecordId, Side};
use super::remarks;
use crate::crm_id::{AttributeKey, CrmId};
use crate::message::{PageSender, Verdict};
use crate::start::attributes::{Attribute, Edited, Reading, Untouchable, claimed};
use crate::start::body::document::bytes_of;
use crate::start::candidate::{Candidate, Transport, host_of, query_value};
use crate::start::finding::{Finding, Severity, add, named, text};
use crate::start::lint;
use crate::start::profile::{self, Profile, Signed, Vendor};
use crate::start::replacement::Replacement;
use crate::start::socket::Session;
use crate::start::token::claims;

/// A candidate that is a start, read and judged.
pub(super) struct Sight<'e> {
    vendor: &'e Vendor,
    pub(super) profile: &'e Profile,
    crm_key: String,
    pub(super) before: Side,
    after: Option<Side>,
    /// The body that should go out instead.
    pub(super) edited: Option<Edited>,
    context: Vec<(String, String)>,
    max_bytes: Option<usize>,
    pub(super) findings: Vec<Finding>,
}

impl<'e> Sight<'e> {
    /// Looks at a candidate; none where it is no start.
    pub(super) fn of(vendors: &'e [Vendor], candidate: &Candidate, policy: &Policy) -> Option<Self> {
        let (vendor, profile) = profile::find(vendors, candidate)?;
        Some(Self::through(vendor, profile, candidate, policy))
    }

    /// Looks at a candidate as such a start, whether it matches or not.
    pub(super) fn through(vendor: &'e Vendor, profile: &'e Profile, candidate: &Candidate, policy: &Policy) -> Self {
        let crm_key = match policy {
            Policy::Inject { attribute: Some(attribute), .. } => attribute.as_str(),
            Policy::Inject { attribute: None, .. } | Policy::Observe | Policy::InjectNothing => &profile.crm_id.key,
        };
        let findings = lint::of_notes(profile);
        let within = profile.within_namespace(crm_key);
        let (read_as, crm_key) = within.as_ref().map_or((profile, crm_key), |(profile, key)| (profile, key.as_str()));
        let mut sight = Self { crm_key: crm_key.to_owned(), findings, ..Self::nothing(vendor, profile) };
        sight.max_bytes = session_of(candidate, profile).and_then(|session| session.max_bytes);
        match Reading::of(candidate, read_as) {
            Ok(reading) => sight.read(&reading, candidate, policy),
            Err(why) => sight.leave(&why, candidate, profile),
        }
        sight
    }

    /// The sight of a chat that goes on without a start.
    pub(super) fn nothing(vendor: &'e Vendor, profile: &'e Profile) -> Self {
        Self {
            vendor,
            profile,
            crm_key: profile.crm_id.key.clone(),
            before: Side::default(),
            after: None,
            edited: None,
            context: vec![],
            max_bytes: None,
            findings: vec![],
        }
    }

    /// Whether the page wrote attributes into it.
    pub(super) fn has_attributes(&self) -> bool {
        !self.before.attributes.is_empty()
    }

    /// What should be replaced in the candidate's body, if anything.
    pub(super) fn replacements(&self, candidate: &Candidate) -> Option<Vec<Replacement>> {
        self.edited.as_ref().map(|edited| Replacement::all_of(&edited.edits, &candidate.body))
    }

    /// What the page must do with it.
    pub(super) fn verdict(&self, candidate: &Candidate) -> Verdict {
        let pattern = self.profile.start.socket.as_ref().filter(|_| candidate.socket.is_some());
        let begins = pattern.is_some_and(|pattern| pattern.is_only_first);
        match self.replacements(candidate) {
            Some(replacements) => Verdict::Replace { replacements, begins },
            None if begins => Verdict::Begins,
            None => Verdict::PassThrough,
        }
    }

    /// The same, where it went out with these replacements; where it differs is not shown.
    pub(super) fn sent_instead(mut self, vendors: &[Vendor], candidate: &Candidate, all: &[Replacement]) -> Self {
        let sent = Replacement::made_in(all, &candidate.body).map(|body| Candidate { body, ..candidate.clone() });
        let sight = sent.as_ref().and_then(|sent| Sight::of(vendors, sent, &Policy::Observe));
        self.after = sight.map(|sight| sight.before);
        self
    }

    fn read(&mut self, reading: &Reading<'_>, candidate: &Candidate, policy: &Policy) {
        let profile = self.profile;
        let claimed = claimed(candidate, profile);
        let written = reading.attributes();
        for labelled in &profile.context {
            let value = match &labelled.query {
                Some(name) => query_value(&candidate.url, name),
                None if labelled.is_host => Some(host_of(&candidate.url).to_owned()),
                None => reading.value_at(&labelled.path),
            };
            if let Some(value) = value.filter(|value| value.len() <= MAX_KEPT_VALUE_BYTES) {
                self.context.push((labelled.label.clone(), value));
            }
        }
        if let Some(why) = candidate.not_editable {
            add(&mut self.findings, lint::of_not_editable(why, matches!(policy, Policy::Inject { .. })));
        }
        self.findings.extend(lint::of_fields(reading));
        if let Ok(key) = AttributeKey::try_from(self.crm_key.clone()) {
            self.findings.extend(lint::of_attributes(&written, &claimed, profile, &key));
            let signed = signature(reading, profile, candidate, &written, &claimed, &key).map(|place| {
                let is_attribute = !place.starts_with(THE_BODY);
                let finding = lint::of_untouchable(&Untouchable::Signed { place });
                if is_attribute { finding.about(key.as_str()) } else { finding }
            });
            match (policy, signed) {
                (Policy::Inject { .. }, _) if candidate.not_editable.is_some() => {}
                (Policy::Inject { .. }, Some(signed)) => add(&mut self.findings, signed),
                (Policy::Inject { crm_id, .. }, None) => self.edit(reading, &key, crm_id),
                (Policy::Observe | Policy::InjectNothing, Some(signed)) => {
                    add(&mut self.findings, signed.at(Severity::Note));
                }
                (Policy::Observe | Policy::InjectNothing, None) => {}
            }
        }
        let sent = self.edited.as_ref().map_or(&written, |edited| &edited.attributes);
        self.findings.extend(lint::of_size(sent, &profile.attributes.limits, self.max_bytes));
        if let Some(edited) = &mut self.edited {
            edited.attributes.extend(claimed.clone());
            self.after = Some(Side::after(edited, &self.crm_key));
        }
        let attributes = [written, claimed].concat();
        self.before = Side::before(reading.bytes(), attributes, &self.crm_key, self.edited.as_ref());
        if reading.says(&profile.resumed) {
            add(&mut self.findings, remarks::resumed(true));
        }
        if *policy == Policy::InjectNothing {
            add(&mut self.findings, remarks::no_crm_id());
        }
    }

    fn edit(&mut self, reading: &Reading<'_>, key: &AttributeKey, crm_id: &CrmId) {
        match reading.inject(key, crm_id) {
            Ok(edited) => self.edited = Some(edited),
            Err(why @ Untouchable::Signed { .. }) => {
                add(&mut self.findings, lint::of_untouchable(&why).about(key.as_str()));
            }
            Err(why) => add(&mut self.findings, lint::of_untouchable(&why)),
        }
    }

    fn leave(&mut self, why: &Untouchable, candidate: &Candidate, profile: &Profile) {
        add(&mut self.findings, lint::of_untouchable(why));
        // What is too large or of another kind was never read: nothing to show.
        if let Ok(bytes) = bytes_of(&candidate.body) {
            self.before = Side::before(&bytes, claimed(candidate, profile), &self.crm_key, None);
        }
    }

    /// The record that it begins.
    pub(super) fn record(
        self,
        sender: &PageSender,
        id: RecordId,
        candidate: &Candidate,
        at: u64,
        sequence: u64,
    ) -> Record {
        Record {
            id,
            tab: sender.tab,
            frame: sender.frame,
            sequence,
            at,
            page_url: sender.url.clone(),
            vendor: self.vendor.vendor.clone(),
            profile: self.profile.id.clone(),
            profile_name: self.profile.name.clone(),
            transport: candidate.transport,
            method: candidate.method.clone(),
            url: candidate.url.clone(),
            crm_key: self.crm_key,
            before: self.before,
            after: self.after,
            context: self.context,
            socket: candidate.socket.as_ref().map(|socket| (socket.number, socket.sessions)),
            delivery: Delivery::Waiting,
            outcome: None,
            is_accepted: false,
            retry: None,
            conversation_id: None,
            findings: self.findings,
            outcome_findings: vec![],
        }
    }
}

/// How the place of a signature begins that seals all of the body.
const THE_BODY: &str = "the body, by ";

/// The query parameter that signs a request, in AWS' Signature Version 4.
const ADDRESS_SIGNATURE: &str = "X-Amz-Signature";

/// What of a start a signature seals so that the attribute cannot be set.
fn signature(
    reading: &Reading<'_>,
    profile: &Profile,
    candidate: &Candidate,
    attributes: &[Attribute],
    claimed: &[Attribute],
    key: &AttributeKey,
) -> Option<String> {
    if let Some(header) = candidate.signing_header() {
        return Some(text(&[THE_BODY, "its header ", &named(header), ","]));
    }
    // AWS' Signature Version 4 in the address is of the request and its body; on a socket it is of the opening alone.
    if candidate.transport != Transport::WebSocket && query_value(&candidate.url, ADDRESS_SIGNATURE).is_some() {
        return Some(text(&[THE_BODY, &named(ADDRESS_SIGNATURE), " in its address,"]));
    }
    if let Some((header, _)) = candidate.token()
        && claimed.iter().any(|attribute| attribute.key == key.as_str())
    {
        return Some(text(&[&named(key.as_str()), ", in the token of its header ", &named(header.name()), ","]));
    }
    let is_token = |attribute: &&Attribute| attribute.key == key.as_str() && claims(&attribute.value).is_some();
    if attributes.iter().any(|attribute| is_token(&attribute)) {
        return Some(text(&[&named(key.as_str()), ", a token (JWT),"]));
    }
    let seals = |signed: &&Signed| {
        (signed.keys.is_empty() || signed.keys.iter().any(|sealed| sealed == key.as_str()))
            // What is empty signs nothing.
            && reading.value_at(&signed.path).is_some_and(|signature| !signature.is_empty())
    };
    let signed = profile.signed.iter().find(seals)?;
    let by = signed.path.last().map(String::as_str).unwrap_or_default();
    Some(text(&[&named(key.as_str()), ", by ", &named(by), ","]))
}

/// The session that a frame belongs to, as the service announced it.
pub(super) fn session_of(candidate: &Candidate, profile: &Profile) -> Option<Session> {
    Session::of(candidate.socket.as_ref()?, profile.start.socket.as_ref()?)
}
