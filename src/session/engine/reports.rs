//! What pages tell of their starts once they have asked: that they were sent, what came of them, and what of a page is not
//! seen.

use super::{Effect, Engine, Heard, Moment, badge, keep};
use crate::message::{NoVerdict, PageSender};
use crate::session::log::Log;
use crate::session::policy::Policy;
use crate::session::record::{Delivery, Record, RecordId};
use crate::session::sight::Sight;
use crate::session::site::Site;
use crate::session::uncovered::Uncovered;
use crate::session::{earlier, remarks};
use crate::start::candidate::{Body, Candidate, FRAME, Transport};
use crate::start::outcome::{self, Ends, Outcome};
use crate::start::profile;
use crate::start::replacement::Replacement;
use crate::start::socket::{self, Session};

impl Engine {
    pub(super) fn note_sent(&mut self, id: &RecordId, is_edited: bool) -> Vec<Effect> {
        change(&mut self.log, id, |record| {
            if record.delivery != Delivery::Waiting {
                return;
            }
            record.delivery = if is_edited && record.after.is_some() { Delivery::Edited } else { Delivery::AsWritten };
            if !is_edited {
                forget_edit(record);
            }
        })
    }

    /// A start whose record was lost with the background that decided it. What
    /// was sent is what the page says, whatever would be decided by now.
    pub(super) fn note_retold(
        &mut self,
        sender: &PageSender,
        id: RecordId,
        site: &Site,
        candidate: &Candidate,
        replacements: Option<Vec<Replacement>>,
        at: Moment,
    ) -> Vec<Effect> {
        let is_edited = replacements.is_some();
        if self.forgotten.contains(&id) {
            return vec![];
        }
        if self.log.has(&id) {
            return self.note_sent(&id, is_edited);
        }
        let policy = if is_edited { self.settings.site(site).policy() } else { Policy::Observe };
        let Some(mut sight) = self.sight_of(&id, candidate, &policy) else {
            return vec![];
        };
        if replacements != sight.replacements(candidate)
            && let Some(seen) = Sight::of(&self.vendors, candidate, &Policy::Observe)
        {
            sight = match replacements {
                Some(replacements) => seen.sent_instead(&self.vendors, candidate, &replacements),
                None => seen,
            };
        }
        let mut record = sight.record(sender, id, candidate, at.at, self.log.next_sequence());
        record.delivery = if is_edited { Delivery::Edited } else { Delivery::AsWritten };
        self.add(record, at)
    }

    pub(super) fn note_unasked(
        &mut self,
        sender: &PageSender,
        id: RecordId,
        candidate: &Candidate,
        why: NoVerdict,
        at: Moment,
    ) -> Vec<Effect> {
        if self.forgotten.contains(&id) {
            return vec![];
        }
        if self.log.has(&id) {
            return change(&mut self.log, &id, |record| {
                if record.delivery == Delivery::Waiting {
                    record.delivery = Delivery::Unasked { why: why.clone() };
                    forget_edit(record);
                    record.findings.push(remarks::no_verdict(&why));
                }
            });
        }
        let Some(sight) = self.sight_of(&id, candidate, &Policy::Observe) else {
            return vec![];
        };
        let mut record = sight.record(sender, id, candidate, at.at, self.log.next_sequence());
        record.findings.push(remarks::no_verdict(&why));
        record.delivery = Delivery::Unasked { why };
        self.add(record, at)
    }

    pub(super) fn note_outcome(&mut self, sender: &PageSender, id: &RecordId, outcome: Outcome) -> Vec<Effect> {
        let vendors = &self.vendors;
        let is_foreign = is_refused_as_stranger(&outcome) && is_of_other_site(sender);
        let changed = self.log.change(id, |record| {
            if record.outcome.is_some() {
                return;
            }
            if let Some((vendor, profile)) = profile::by_id(vendors, &record.profile) {
                let ends = Ends { page: &record.page_url, service: &record.url };
                record.outcome_findings = vec![outcome::finding(&outcome, vendor, profile, ends)];
                record.is_accepted = outcome.is_accepted(vendor, profile);
                record.conversation_id = outcome::conversation_id(&outcome, vendor, profile);
            }
            if is_foreign {
                record.outcome_findings.push(remarks::of_other_site());
            }
            record.outcome = Some(outcome);
        });
        // The badge counts what went out, whatever came of it.
        let mut effects = Vec::new();
        if let Some(record) = changed {
            effects.push(Effect::KeepRecord(Box::new(record)));
        }
        let retried = self.log.of_document(id).find(|record| record.id == *id).cloned();
        if let (Some(retried), Some(retry)) = (retried, earlier::retry_of(id, &self.log))
            && let Some(record) = self.log.change(&retry, |record| earlier::mark(record, &retried))
        {
            effects.push(Effect::KeepRecord(Box::new(record)));
        }
        effects
    }

    /// A frame of the service: a chat that is resumed or refused before any
    /// start, or what came of the oldest start on the socket that waits for
    /// such a frame.
    pub(super) fn note_heard(&mut self, sender: &PageSender, id: RecordId, heard: &Heard, at: Moment) -> Vec<Effect> {
        let Heard { url, socket, frame } = heard;
        let Some((vendor, profile, pattern)) = profile::of_socket(&self.vendors, url) else {
            return vec![];
        };
        // Kinds of start that share a socket are answered in their own ways.
        let starts = self.log.on_socket(&id, socket.number);
        let answered = starts.filter(|start| start.outcome.is_none()).find_map(|start| {
            let (_, profile) = profile::by_id(&self.vendors, &start.profile)?;
            let outcome = socket::outcome(frame, profile.start.socket.as_ref()?)?;
            Some((start.id.clone(), outcome))
        });
        if let Some((start, outcome)) = answered {
            return self.note_outcome(sender, &start, outcome);
        }
        let is_before_any = self.log.on_socket(&id, socket.number).next().is_none();
        let outcome = socket::outcome(frame, pattern);
        let session = Session::of(socket, pattern).filter(|_| socket.session.as_ref() == Some(frame));
        let (finding, outcome) = match outcome {
            Some(outcome) if is_before_any && !outcome.is_accepted(vendor, profile) => {
                let ends = Ends { page: &sender.url, service: url };
                (outcome::finding(&outcome, vendor, profile, ends), Some(outcome))
            }
            Some(_) | None if session.is_some_and(|session| !session.is_new) => (remarks::resumed(false), None),
            Some(_) | None => return vec![],
        };
        if self.log.has(&id) {
            return vec![];
        }
        let candidate = Candidate {
            transport: Transport::WebSocket,
            method: FRAME.to_owned(),
            url: url.clone(),
            content_type: None,
            body: Body::Nothing,
            not_editable: None,
            socket: Some(socket.clone()),
            signature: None,
        };
        let sight = Sight::nothing(vendor, profile);
        let mut record = sight.record(sender, id, &candidate, at.at, self.log.next_sequence());
        record.delivery = Delivery::NoStart;
        record.outcome_findings.push(finding);
        record.outcome = outcome;
        self.add(record, at)
    }

    /// Another page is in a tab: what its workers send is not seen either, and
    /// those of the page before are gone. One that was made ready before has
    /// records already, and was in a frame of its own then.
    pub(super) fn greet(&mut self, tab: i64, document: &str) -> Vec<Effect> {
        let mut effects: Vec<_> = badge(&self.log, tab).into_iter().collect();
        let own = self.log.of_tab(tab).filter(|record| record.id.document() == document);
        for id in own.map(|record| record.id.clone()).collect::<Vec<_>>() {
            let shown = self.log.change(&id, |record| record.frame = 0);
            effects.extend(shown.map(|record| Effect::KeepRecord(Box::new(record))));
        }
        let gone = self.blind.leave(tab, document);
        if !gone.is_empty() {
            effects.push(Effect::ForgetUncovered(gone));
        }
        effects
    }

    pub(super) fn note_uncovered(
        &mut self,
        tab: i64,
        document: &str,
        note: impl FnOnce(&mut Uncovered),
    ) -> Vec<Effect> {
        let (known, gone) = self.blind.note(tab, document, note);
        let forget = gone.map(|document| Effect::ForgetUncovered(vec![document]));
        forget.into_iter().chain([Effect::KeepUncovered(known)]).collect()
    }
}

/// Changes a record, if it is there, and keeps what has changed.
fn change(log: &mut Log, id: &RecordId, change: impl FnOnce(&mut Record)) -> Vec<Effect> {
    log.change(id, change).map(|record| keep(record, log)).unwrap_or_default()
}

/// What was sent is what the page wrote: the edit never happened.
fn forget_edit(record: &mut Record) {
    record.after = None;
    record.before.body.changed.clear();
}

/// Whether the service did not know who asked.
fn is_refused_as_stranger(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered { status: 401 | 403, .. })
}

/// Whether a frame is of another site than its page, as far as both are known.
fn is_of_other_site(sender: &PageSender) -> bool {
    match (&sender.site, &sender.tab_site) {
        (Some(own), Some(above)) => sender.frame != 0 && !own.is_beside(above),
        _ => false,
    }
}
