//! The words of findings: why something is so and what to do about it, by the
//! finding's ID.
//!
//! A record has only what a finding says of its own case. What all findings
//! of an ID have in common lies beside the module as data (`words.json`), and
//! only the screen that shows findings reads it.

use crate::start::body::json::Json;
use crate::start::finding::Finding;

/// The text of `words.json`: an object with cause and remedy, as a list, by ID.
#[derive(Clone, Debug, Default)]
pub struct Words(String);

impl Words {
    /// Takes the file's text. Where it is none, findings have only their own words.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Why a finding is so, and what to do about it: its own words, or those of all of its ID. Either may be empty.
    pub fn of(&self, finding: &Finding) -> (String, String) {
        let json = Json::parse(&self.0).ok();
        let common = json.and_then(|json| json.root().get(&finding.id)).map(|words| words.items()).unwrap_or_default();
        let said = |own: &str, place: usize| match common.get(place).and_then(|word| word.text()) {
            Some(common) if own.is_empty() => common.into_owned(),
            Some(_) | None => own.to_owned(),
        };
        (said(&finding.cause, 0), said(&finding.remedy, 1))
    }
}

/// What `words.json` has in it.
#[cfg(not(target_family = "wasm"))]
pub fn words_of_all_rules() -> String {
    let rules = crate::session::remarks::all_rules();
    let words = rules.into_iter().map(|rule| (rule.id.to_owned(), serde_json::json!([rule.cause, rule.remedy])));
    serde_json::Value::Object(words.collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::finding::Severity;

    #[track_caller]
    fn check(id: &str, own: (&str, &str), expected: (&str, &str)) {
        let finding = Finding {
            id: id.to_owned(),
            severity: Severity::Note,
            sentence: "It is so".to_owned(),
            cause: own.0.to_owned(),
            remedy: own.1.to_owned(),
            attribute: None,
        };
        let (cause, remedy) = Words::new(words_of_all_rules()).of(&finding);
        assert_eq!((cause.as_str(), remedy.as_str()), expected);
    }

    #[test]
    fn a_finding_has_its_own_words_or_those_of_its_id() {
        let common = ("Without it the agent does not see which customer this is.", "Set it.");
        check("crm-id-missing", ("", "Set it."), common);
        check("retry", ("Why.", ""), ("Why.", "Look at the first try for what went wrong."));
        check("rate-limited", ("Why.", ""), ("Why.", ""));
        check("a-vendor-s-own-note", ("Why.", "Do."), ("Why.", "Do."));
        check("a-vendor-s-own-note", ("", ""), ("", ""));
    }

    #[test]
    fn without_the_file_a_finding_has_its_own_words() {
        let finding = crate::session::remarks::all_rules()[0].says("It is so".to_owned());
        assert_eq!(Words::new("<html>".to_owned()).of(&finding), Default::default());
    }
}
