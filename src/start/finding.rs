//! One remark about a start: what is so, why, and what a tester should do.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A remark. Texts are plain sentences; they may quote the page or the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// A stable name that automated tests may rely on, such as `body-not-json`.
    pub id: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// What is so, in one sentence.
    pub sentence: String,
    /// Why it is so or what follows from it; may be empty.
    pub cause: Cow<'static, str>,
    /// What to do about it; may be empty.
    pub remedy: Cow<'static, str>,
    /// The attribute that it is about.
    pub attribute: Option<String>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// May be wrong.
    Warning,
    /// Is wrong.
    Problem,
}

impl Finding {
    /// A finding with cause and remedy still empty.
    pub fn new(id: &'static str, severity: Severity, sentence: impl Into<String>) -> Self {
        Self {
            id: Cow::Borrowed(id),
            severity,
            sentence: sentence.into(),
            cause: Cow::Borrowed(""),
            remedy: Cow::Borrowed(""),
            attribute: None,
        }
    }

    /// The same with its cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cow<'static, str>>) -> Self {
        self.cause = cause.into();
        self
    }

    /// The same with its remedy.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
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
