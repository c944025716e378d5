//! What of a page's traffic is not seen, so that no screen claims coverage
//! that is not there.

use crate::wire::wire_struct;

/// So many documents are remembered, whatever pages do.
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
    /// Whether it has frozen a function, or a script had before Callsign was there.
    pub is_frozen: bool,
    /// How many calls that may be starts its relay did not tell of, at least.
    pub dropped: u32,
    /// How many starts could not be kept.
    pub lost: u32,
}

wire_struct!(Uncovered {
    tab: "tab",
    document: "document",
    workers: "workers" or 0,
    is_frozen: "isFrozen" or false,
    dropped: "dropped" or 0,
    lost: "lost" or 0,
});

impl Uncovered {
    /// What is not seen of several documents together.
    pub fn sum(documents: &[Self]) -> Self {
        let mut sum = Self::default();
        for one in documents {
            sum.workers = sum.workers.saturating_add(one.workers);
            sum.is_frozen |= one.is_frozen;
            sum.dropped = sum.dropped.saturating_add(one.dropped);
            sum.lost = sum.lost.saturating_add(one.lost);
        }
        sum
    }
}

/// What is not seen of all documents that are known to have something.
#[derive(Clone, Debug, Default)]
pub struct Blind(Vec<Uncovered>);

impl Blind {
    /// Over what was kept of it.
    pub fn of(kept: Vec<Uncovered>) -> Self {
        Self(kept)
    }

    /// Notes something of a document, and gives what is known of it now, and
    /// the document that there is no room for any more, if there is one.
    pub fn note(&mut self, tab: i64, document: &str, note: impl FnOnce(&mut Uncovered)) -> (Uncovered, Option<String>) {
        let known = self.0.iter().position(|known| known.document == document);
        let known = known.map(|place| self.0.remove(place));
        let mut uncovered =
            known.unwrap_or_else(|| Uncovered { document: document.to_owned(), ..Uncovered::default() });
        uncovered.tab = tab;
        note(&mut uncovered);
        let gone = (self.0.len() == MAX_UNCOVERED).then(|| self.0.remove(0).document);
        self.0.push(uncovered.clone());
        (uncovered, gone)
    }

    /// Forgets the documents that were in a tab before this one, and gives them.
    pub fn leave(&mut self, tab: i64, document: &str) -> Vec<String> {
        let mut gone = Vec::new();
        self.0.retain(|uncovered| {
            let is_gone = uncovered.tab == tab && uncovered.document != document;
            if is_gone {
                gone.push(uncovered.document.clone());
            }
            !is_gone
        });
        gone
    }
}
