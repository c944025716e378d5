//! Findings about how much is sent, and by how much it is too much.

use crate::start::attributes::Attribute;
use crate::start::finding::{Finding, Rule, add, rules, text};
use crate::start::profile::Limits;

rules! {
    RULES:
    /// Keys and values together have more UTF-8 bytes than the vendor takes, or than the session announced.
    BYTES = "attributes-too-large", Problem,
        "All keys and values count together, as UTF-8. The service refuses the whole start, or cuts it.",
        "Send fewer or shorter attributes.";
    /// There are more attributes than the vendor takes.
    COUNT = "attributes-too-many", Problem, "The service refuses the whole start, or drops what is beyond.",
        "Send fewer attributes.";
    /// A key is longer than the vendor takes.
    KEY_LENGTH = "key-too-long", Problem, "The service refuses the whole start, or drops this attribute.",
        "Choose a shorter name.";
    /// A value is longer than the vendor takes.
    VALUE_LENGTH = "value-too-long", Problem, "The service refuses the whole start, or cuts the value.",
        "Send a shorter value.";
}

/// Whether the attributes are more than the service takes; a session's own
/// limit in bytes counts before the vendor's.
pub fn of_size(attributes: &[Attribute], limits: &Limits, session_bytes: Option<usize>) -> Vec<Finding> {
    let bytes = attributes.iter().map(|attribute| attribute.key.len() + attribute.value.len()).sum();
    let (max, taker) = match session_bytes {
        Some(max) => (Some(max), "this session"),
        None => (limits.bytes, "the service"),
    };
    let mut findings = Vec::new();
    let mut tell = |finding: Option<Finding>, about: Option<&Attribute>| {
        if let (Some(finding), Some(attribute)) = (finding, about) {
            add(&mut findings, finding.about(&attribute.key));
        }
    };
    let largest = attributes.iter().max_by_key(|attribute| attribute.key.len() + attribute.value.len());
    tell(beyond(&BYTES, "The attributes have", bytes, " bytes, ", taker, max), largest);
    let count = attributes.len();
    tell(beyond(&COUNT, "There are", count, " attributes, ", "the service", limits.count), attributes.last());
    findings
}

/// Whether one attribute is longer than the service takes.
pub(super) fn of_length(attribute: &Attribute, limits: &Limits) -> Vec<Finding> {
    let name = super::named(&attribute.key);
    let mut findings = Vec::new();
    for (rule, subject, counted, max) in [
        (&KEY_LENGTH, ["The name ", &name, " has"], &attribute.key, limits.key_length),
        (&VALUE_LENGTH, ["", &name, " has"], &attribute.value, limits.value_length),
    ] {
        if max.is_none() {
            continue;
        }
        let count = counted.chars().count();
        if let Some(finding) = beyond(rule, &text(&subject), count, " characters, ", "the service", max) {
            add(&mut findings, finding.about(&attribute.key));
        }
    }
    findings
}

fn beyond(rule: &Rule, subject: &str, count: usize, unit: &str, taker: &str, max: Option<usize>) -> Option<Finding> {
    let max = max.filter(|max| count > *max)?;
    let (count, over, max) = (count.to_string(), (count - max).to_string(), max.to_string());
    Some(rule.says(text(&[subject, " ", &count, unit, &over, " more than ", taker, " takes (", &max, ")"])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::attributes::AttributeKind;

    fn attribute(key: &str, value: &str) -> Attribute {
        Attribute { key: key.to_owned(), value: value.to_owned(), kind: AttributeKind::String }
    }

    #[track_caller]
    fn check_about(attributes: &[(&str, &str)], limits: &Limits, expected: &[&str]) {
        let attributes: Vec<_> = attributes.iter().map(|(key, value)| attribute(key, value)).collect();
        let findings = of_size(&attributes, limits, None);
        let found: Vec<_> = findings.iter().filter_map(|finding| finding.attribute.as_deref()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_too_much_leads_to_the_largest_and_to_the_last() {
        let limits = Limits { bytes: Some(8), count: Some(2), ..Limits::default() };
        check_about(&[("a", "1"), ("b", "1234567"), ("c", "1")], &limits, &["b", "c"]);
    }

    #[track_caller]
    fn check(attributes: &[(&str, &str)], limits: &Limits, session: Option<usize>, expected: &[(&str, &str)]) {
        let attributes: Vec<_> = attributes.iter().map(|(key, value)| attribute(key, value)).collect();
        let mut findings = of_size(&attributes, limits, session);
        findings.extend(attributes.iter().flat_map(|attribute| of_length(attribute, limits)));
        let found: Vec<_> = findings.iter().map(|finding| (finding.id.as_str(), finding.sentence.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_too_much_says_by_how_much() {
        let nothing = Limits::default();
        let limits =
            Limits { bytes: Some(8), count: Some(1), key_length: Some(4), value_length: Some(3), key_characters: None };
        check(&[("tier", "gold")], &nothing, None, &[]);
        check(&[("tie", "éé")], &limits, None, &[]);
        check(
            &[("tier", "gold"), ("plans", "")],
            &limits,
            None,
            &[
                ("attributes-too-large", "The attributes have 13 bytes, 5 more than the service takes (8)"),
                ("attributes-too-many", "There are 2 attributes, 1 more than the service takes (1)"),
                ("value-too-long", "`tier` has 4 characters, 1 more than the service takes (3)"),
                ("key-too-long", "The name `plans` has 5 characters, 1 more than the service takes (4)"),
            ],
        );
        check(
            &[("a", "éé")],
            &nothing,
            Some(4),
            &[("attributes-too-large", "The attributes have 5 bytes, 1 more than this session takes (4)")],
        );
        check(&[("tier", "gol")], &Limits { bytes: Some(1), ..nothing }, Some(2_048), &[]);
    }
}
