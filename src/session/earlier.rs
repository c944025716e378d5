//! A start among those before it: a retry of one, one of many in a loop, or
//! attributes that are set after it.

use super::log::Log;
use super::record::{Record, RecordId, Retry};
use super::remarks;
use crate::start::candidate::Transport;
use crate::start::outcome::Outcome;
use crate::start::profile::{self, Vendor};

/// Starts within this time count as one run, in milliseconds.
const RUN: u64 = 5_000;

/// So many starts in a run are a loop: two are a double click.
const LOOP: usize = 3;

/// A client that tries again does so within this time, beside the time that
/// the service asked for, in milliseconds.
const PATIENCE: u64 = 60_000;

/// Says of a new record how it stands to the earlier ones. What is set in a
/// page is too late for the chats of its frames too: the starts of its tab
/// `since` it is there.
pub(super) fn compare(record: &mut Record, log: &Log, vendors: &[Vendor], since: u64) {
    if record.transport == Transport::PageApi {
        let is_start = |earlier: &&Record| {
            earlier.transport != Transport::PageApi && earlier.is_start() && earlier.vendor == record.vendor
        };
        // What opens a chat by itself is in time for that one.
        let is_here = |earlier: &&Record| earlier.at >= since || earlier.id.document() == record.id.document();
        if !opens_chat(record, vendors)
            && log.of_tab(record.tab).filter(is_here).filter(is_start).any(|earlier| opens_chat(earlier, vendors))
        {
            record.findings.push(remarks::too_late());
        }
        return;
    }
    let earlier: Vec<_> = log.of_document(&record.id).filter(|earlier| is_alike(earlier, record)).collect();
    if let Some(retried) = earlier.iter().rev().find(|earlier| is_retry(record, earlier)) {
        mark(record, retried);
        return;
    }
    let run = earlier.iter().filter(|earlier| earlier.at + RUN >= record.at && earlier.retry.is_none()).count() + 1;
    if run >= LOOP && opens_chat(record, vendors) {
        record.findings.push(remarks::in_a_loop(run, RUN / 1_000));
    }
}

fn opens_chat(record: &Record, vendors: &[Vendor]) -> bool {
    profile::by_id(vendors, &record.profile).is_none_or(|(_, profile)| profile.opens_chat)
}

/// The record that turns out to be a retry now that a start before it is
/// known to have failed: a page may try again before it is told what came.
pub(super) fn retry_of(failed: &RecordId, log: &Log) -> Option<RecordId> {
    let failed = log.of_document(failed).find(|record| record.id == *failed)?;
    let mut later = log.of_document(&failed.id).filter(|later| later.sequence > failed.sequence);
    let next = later.find(|later| is_alike(later, failed) && is_retry(later, failed))?;
    next.retry.is_none().then(|| next.id.clone())
}

/// Says of a record that it is a retry.
pub(super) fn mark(record: &mut Record, retried: &Record) {
    let attempt = retried.retry.as_ref().map_or(1, |retry| retry.attempt) + 1;
    let before = match &retried.outcome {
        Some(Outcome::Aborted) => "was given up",
        Some(Outcome::TimedOut) => "took too long",
        Some(Outcome::Failed { .. }) => "got no answer",
        Some(Outcome::Answered { .. } | Outcome::Refused { .. }) | None => "was refused",
    };
    record.retry = Some(Retry { of: retried.id.clone(), attempt });
    record.findings.retain(|finding| !remarks::is_in_a_loop(finding));
    record.findings.push(remarks::retry(attempt, before));
}

fn is_alike(one: &Record, other: &Record) -> bool {
    one.is_start() && one.profile == other.profile && one.method == other.method && one.url == other.url
}

fn is_retry(record: &Record, earlier: &Record) -> bool {
    let asked = match &earlier.outcome {
        // An answer that the page may not see may well have accepted it.
        Some(Outcome::Answered { status: 0, .. }) | None => return false,
        Some(Outcome::Answered { retry_after, .. }) => retry_after.as_deref(),
        Some(_) => None,
    };
    let asked = asked.and_then(|seconds| seconds.trim().parse::<u64>().ok()).unwrap_or_default();
    let (body, earlier_body) = (&record.before.body, &earlier.before.body);
    !earlier.is_accepted
        && earlier.at + PATIENCE + asked.min(3_600) * 1_000 >= record.at
        && body.bytes.is_some()
        && (body.bytes, &body.text) == (earlier_body.bytes, &earlier_body.text)
}
