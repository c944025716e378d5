//! The log: the records of all tabs in the order they came, bounded.

use super::record::{Delivery, Record, RecordId};

/// The most records that are kept.
pub const MAX_RECORDS: usize = 500;

/// The most that the records weigh together, in bytes. The browser gives an
/// extension 10 MB for what must survive its background, and JSON's escapes
/// can double a text.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The records, oldest first.
#[derive(Debug, Default)]
pub struct Log {
    records: Vec<Record>,
}

impl Log {
    /// The log that these records make, in whatever order they are read.
    pub fn of(records: Vec<Record>) -> Self {
        let mut log = Self::default();
        for record in records {
            let place = log.records.partition_point(|earlier| earlier.sequence < record.sequence);
            log.records.insert(place, record);
        }
        log
    }

    /// The records, oldest first.
    pub fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// The place of the next record.
    pub fn next_sequence(&self) -> u64 {
        self.records.last().map_or(1, |last| last.sequence + 1)
    }

    /// Adds a record, and gives the IDs of old ones that had to go for it.
    pub fn add(&mut self, record: Record) -> Vec<RecordId> {
        self.records.push(record);
        let mut bytes: usize = self.records.iter().map(Record::weight).sum();
        let mut count = self.records.len();
        let mut gone = 0;
        while count > MAX_RECORDS || (bytes > MAX_BYTES && count > 1) {
            bytes -= self.records[gone].weight();
            count -= 1;
            gone += 1;
        }
        let ids = self.records[..gone].iter().map(|record| record.id.clone()).collect();
        self.records.drain(..gone);
        ids
    }

    /// The starts that a document made on one of its sockets, oldest first.
    pub fn on_socket(&self, id: &RecordId, number: u32) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| {
            record.socket.is_some_and(|(socket, _)| socket == number)
                && record.delivery != Delivery::NoStart
                && record.id.is_beside(id)
        })
    }

    /// Whether a record is there.
    pub fn has(&self, id: &RecordId) -> bool {
        self.records.iter().any(|record| record.id == *id)
    }

    /// A record to change.
    pub fn get_mut(&mut self, id: &RecordId) -> Option<&mut Record> {
        self.records.iter_mut().rev().find(|record| record.id == *id)
    }

    /// The records of a tab, oldest first.
    pub fn of_tab(&self, tab: i64) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter().filter(move |record| record.tab == tab)
    }

    /// Forgets the records of a tab, and gives their IDs.
    pub fn clear(&mut self, tab: i64) -> Vec<RecordId> {
        let ids = self.of_tab(tab).map(|record| record.id.clone()).collect();
        self.records.retain(|record| record.tab != tab);
        ids
    }
}
