//! One remark about a start: what is so, why, and what a tester should do.

use crate::wire::{wire_names, wire_struct};

/// A remark. Texts are plain sentences; they may quote the page or the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name that automated tests may rely on, such as `body-not-json`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is so, in one sentence.
    pub sentence: String,
    /// Why it is so or what follows from it; may be empty.
    pub cause: String,
    /// What to do about it; may be empty.
    pub remedy: String,
    /// The attribute that it is about.
    pub attribute: Option<String>,
}

wire_struct!(Finding {
    id: "id",
    severity: "severity",
    sentence: "sentence",
    cause: "cause",
    remedy: "remedy",
    attribute: "attribute",
});

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// May be wrong.
    Warning,
    /// Is wrong.
    Problem,
}

wire_names!(Severity { Note: "note", Warning: "warning", Problem: "problem" });

/// An error's words as a sentence begins: with a capital, still without a full stop.
pub fn as_sentence(error: &impl ToString) -> String {
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

impl Finding {
    /// A finding with cause and remedy still empty.
    pub fn new(id: &str, severity: Severity, sentence: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            severity,
            sentence: sentence.into(),
            cause: String::new(),
            remedy: String::new(),
            attribute: None,
        }
    }

    /// The same with its cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    /// The same with its remedy.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// The same, linked to an attribute.
    #[must_use]
    pub fn about(mut self, attribute: impl Into<String>) -> Self {
        self.attribute = Some(attribute.into());
        self
    }
}
