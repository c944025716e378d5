//! What of a page's traffic is not seen, so that no screen claims coverage
//! that is not there.

use crate::wire::wire_struct;

/// So many documents with workers are remembered, whatever pages do.
pub const MAX_UNCOVERED: usize = 200;

/// The workers of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    /// The tab it is in.
    pub tab: i64,
    /// Its token.
    pub document: String,
    /// How many workers it has started.
    pub workers: u32,
}

wire_struct!(Uncovered { tab: "tab", document: "document", workers: "workers" });
