//! One remark about a start: what is so, why, and what a tester should do.

use std::fmt::Display;

use crate::joined::{beginning, joined};
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
    /// Why it is so or what follows from it, where this case has its own; `view::words` has what all of an ID share.
    pub cause: String,
    /// What to do about it, likewise.
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

/// What all findings of one ID have in common.
#[derive(Debug)]
pub struct Rule {
    /// The ID.
    pub id: &'static str,
    /// How much they matter, unless the case says otherwise.
    pub severity: Severity,
    /// Why; empty where each says its own. In the module's place, a file beside it has these words.
    #[cfg(not(target_family = "wasm"))]
    pub cause: &'static str,
    /// What to do; empty where each says its own.
    #[cfg(not(target_family = "wasm"))]
    pub remedy: &'static str,
    /// When a start has it, for the documents.
    #[cfg(not(target_family = "wasm"))]
    pub when: &'static str,
}

/// Says rules: `/// when` and `NAME = "id", Severity, "cause", "remedy";`.
/// The first name is that of their list.
macro_rules! rules {
    ($all:ident: $(#[doc = $when:literal] $name:ident = $id:literal, $severity:ident, $cause:literal, $remedy:literal;)+) => {
        $(
            #[doc = $when]
            static $name: $crate::start::finding::Rule = $crate::start::finding::Rule {
                id: $id,
                severity: $crate::start::finding::Severity::$severity,
                #[cfg(not(target_family = "wasm"))]
                cause: $cause,
                #[cfg(not(target_family = "wasm"))]
                remedy: $remedy,
                #[cfg(not(target_family = "wasm"))]
                when: $when,
            };
        )+

        /// The rules of this module.
        #[cfg(not(target_family = "wasm"))]
        pub(crate) static $all: &[&$crate::start::finding::Rule] = &[$(&$name),+];
    };
}

pub(crate) use rules;

/// The most bytes of an attribute's name that a finding has.
const MAX_NAME_BYTES: usize = 64;

/// The most bytes that a finding's link to an attribute has: as much as is
/// kept of an attribute's name.
const MAX_LINK_BYTES: usize = 4 * 1024;

/// A name as sentences quote it, shortened where it is long.
pub(crate) fn named(name: &str) -> String {
    let shown = beginning(name, MAX_NAME_BYTES);
    text(&["`", &of_others(shown), if shown.len() < name.len() { "…`" } else { "`" }])
}

/// What others wrote, as a part of a sentence. Between two backticks of a sentence is a name, so others' become U+02CB,
/// which looks alike.
pub(crate) fn of_others(words: &str) -> String {
    words.replace('`', "\u{2CB}")
}

/// A sentence of several parts.
pub(crate) fn text(parts: &[&str]) -> String {
    joined(parts, "")
}

/// Adds a finding to others.
#[inline(never)]
pub(crate) fn add(findings: &mut Vec<Finding>, finding: Finding) {
    findings.push(finding);
}

/// An error's words as a sentence begins: with a capital, still without a full stop.
pub fn as_sentence(error: &dyn Display) -> String {
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

// Each of these is called in dozens of places, and a finding is large: inlined
// they would be kilobytes of the module.

impl Rule {
    /// The finding with this sentence.
    #[inline(never)]
    pub(crate) fn says(&self, sentence: String) -> Finding {
        Finding {
            id: self.id.to_owned(),
            severity: self.severity,
            sentence,
            cause: String::new(),
            remedy: String::new(),
            attribute: None,
        }
    }

    /// The finding whose sentence begins with an attribute's name, linked to it.
    #[inline(never)]
    pub(crate) fn of(&self, name: &str, rest: &str) -> Finding {
        self.says(text(&[&named(name), rest])).about(name)
    }
}

impl Finding {
    /// The same with another severity.
    #[must_use]
    #[inline(never)]
    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with its cause.
    #[must_use]
    #[inline(never)]
    pub fn because(mut self, cause: String) -> Self {
        self.cause = cause;
        self
    }

    /// The same with its remedy.
    #[must_use]
    #[inline(never)]
    pub fn remedy(mut self, remedy: String) -> Self {
        self.remedy = remedy;
        self
    }

    /// The same, linked to an attribute.
    #[must_use]
    #[inline(never)]
    pub fn about(mut self, attribute: &str) -> Self {
        self.attribute = Some(beginning(attribute, MAX_LINK_BYTES).to_owned());
        self
    }
}
