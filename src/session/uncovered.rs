//! What of a page's traffic is not seen, so that no screen claims coverage
//! that is not there.

use crate::wire::wire_struct;

/// So many documents with workers are remembered, whatever pages do.
pub const MAX_UNCOVERED: usize = 200;

/// What is not seen of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uncovered {
    /// The tab it is in.
    pub tab: i64,
    /// Its token.
    pub document: String,
    /// How many workers it has started.
    pub workers: u32,
    /// How many calls that may be starts its relay did not tell of, at least.
    pub dropped: u32,
    /// How many starts could not be kept.
    pub lost: u32,
}

wire_struct!(Uncovered {
    tab: "tab",
    document: "document",
    workers: "workers" or 0,
    dropped: "dropped" or 0,
    lost: "lost" or 0,
});

impl Uncovered {
    /// What is not seen of several documents together.
    pub fn sum(documents: &[Self]) -> Self {
        let mut sum = Self::default();
        for one in documents {
            sum.workers = sum.workers.saturating_add(one.workers);
            sum.dropped = sum.dropped.saturating_add(one.dropped);
            sum.lost = sum.lost.saturating_add(one.lost);
        }
        sum
    }
}
