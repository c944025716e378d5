//! The log: the records of all tabs in the order they came, bounded.

use super::record::{Delivery, Record, RecordId};
use crate::wire::Wire;

/// The most records that are kept.
pub const MAX_RECORDS: usize = 500;

/// The most that the records have together as they are stored, in bytes. The
/// browser gives an extension 10 MB for what must survive its background.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most that one record may have, in bytes: as much as four bodies and
/// answers that are kept in full, and what only a hostile page exceeds.
pub const MAX_RECORD_BYTES: usize = MAX_BYTES / 2;

/// The records, oldest first, each with how many bytes are stored for it.
#[derive(Debug, Default)]
pub struct Log {
    records: Vec<(Record, usize)>,
}

impl Log {
    /// The log that these stored records make, in whatever order they are
    /// read. One that cannot be read is not there.
    pub fn of(texts: &[String]) -> Self {
        let mut log = Self::default();
        for text in texts {
            if let Ok(record) = Record::from_text(text) {
                let place = log.records.partition_point(|(earlier, _)| earlier.sequence < record.sequence);
                log.records.insert(place, (record, text.len()));
            }
        }
        log
    }

    /// The records, oldest first.
    pub fn into_records(self) -> Vec<Record> {
        self.records.into_iter().map(|(record, _)| record).collect()
    }

    /// The place of the next record.
    pub fn next_sequence(&self) -> u64 {
        self.records.last().map_or(1, |(last, _)| last.sequence + 1)
    }

    /// Adds a record, and gives the IDs of old ones that had to go for it: the
    /// oldest of the tab that has the most, so that no page drives out what
    /// others did. None where the record is too large to be kept.
    pub fn add(&mut self, record: Record) -> Option<Vec<RecordId>> {
        let bytes = stored_bytes(&record);
        if bytes > MAX_RECORD_BYTES {
            return None;
        }
        self.records.push((record, bytes));
        let mut gone = Vec::new();
        while self.records.len() > MAX_RECORDS || self.bytes() > MAX_BYTES {
            let largest = self.records.iter().map(|(record, _)| record.tab).max_by_key(|tab| self.share(*tab));
            // The last one is the new one, and stays.
            let earlier = &self.records[..self.records.len() - 1];
            let place = earlier.iter().position(|(record, _)| Some(record.tab) == largest).unwrap_or_default();
            gone.push(self.records.remove(place).0.id);
        }
        Some(gone)
    }

    fn bytes(&self) -> usize {
        self.records.iter().map(|(_, bytes)| bytes).sum()
    }

    /// What a tab takes of both limits together, in bytes.
    fn share(&self, tab: i64) -> usize {
        let its = self.records.iter().filter(|(record, _)| record.tab == tab);
        its.map(|(_, bytes)| bytes + MAX_BYTES / MAX_RECORDS).sum()
    }

    /// Forgets a record, and gives it.
    pub fn remove(&mut self, id: &RecordId) -> Option<Record> {
        let place = self.records.iter().position(|(record, _)| record.id == *id)?;
        Some(self.records.remove(place).0)
    }

    /// The starts that a document made on one of its sockets, oldest first.
    pub fn on_socket(&self, id: &RecordId, number: u32) -> impl Iterator<Item = &Record> {
        self.of_document(id)
            .filter(move |record| record.socket.is_some_and(|(socket, _)| socket == number) && record.is_start())
    }

    /// The records of the document that a record is of, oldest first.
    pub fn of_document(&self, id: &RecordId) -> impl DoubleEndedIterator<Item = &Record> {
        self.all().filter(move |record| record.id.is_beside(id))
    }

    /// Whether a record is there.
    pub fn has(&self, id: &RecordId) -> bool {
        self.all().any(|record| record.id == *id)
    }

    /// Changes a record, and gives it where that made a difference.
    pub fn change(&mut self, id: &RecordId, change: impl FnOnce(&mut Record)) -> Option<Record> {
        let mut change = Some(change);
        self.change_once(id, &mut |record| {
            if let Some(change) = change.take() {
                change(record);
            }
        })
    }

    /// The same, compiled once and not anew for each change.
    fn change_once(&mut self, id: &RecordId, change: &mut dyn FnMut(&mut Record)) -> Option<Record> {
        let (record, bytes) = self.records.iter_mut().rev().find(|(record, _)| record.id == *id)?;
        let before = record.to_text();
        change(record);
        let after = record.to_text();
        if after == before {
            return None;
        }
        *bytes = after.len();
        Some(record.clone())
    }

    /// The records of a tab, oldest first.
    pub fn of_tab(&self, tab: i64) -> impl DoubleEndedIterator<Item = &Record> {
        self.all().filter(move |record| record.tab == tab)
    }

    /// The starts of a tab that have not been reported to be sent.
    pub fn waiting_in(&self, tab: i64) -> Vec<RecordId> {
        let waiting = self.of_tab(tab).filter(|record| record.delivery == Delivery::Waiting);
        waiting.map(|record| record.id.clone()).collect()
    }

    /// Forgets the records of a tab, and gives their IDs.
    pub fn clear(&mut self, tab: i64) -> Vec<RecordId> {
        let mut gone = Vec::new();
        self.records.retain(|(record, _)| {
            if record.tab == tab {
                gone.push(record.id.clone());
            }
            record.tab != tab
        });
        gone
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter().map(|(record, _)| record)
    }
}

fn stored_bytes(record: &Record) -> usize {
    record.to_text().len()
}
