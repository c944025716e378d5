//! Findings about how much is sent, and by how much it is too much.

use crate::start::attributes::{Attribute, AttributeKind};
use crate::start::body::json::quoted;
use crate::start::finding::{Finding, Rule, add, rules, text};
use crate::start::profile::{Limits, Profile};
use crate::start::token;

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
    let (bytes, unit) = match limits.json_bytes {
        Some(_) => (1 + attributes.iter().map(as_json).sum::<usize>(), " bytes as JSON, "),
        None => (attributes.iter().map(|attribute| attribute.key.len() + attribute.value.len()).sum(), " bytes, "),
    };
    let (max, taker) = match session_bytes {
        Some(max) => (Some(max), "this session"),
        None => (limits.json_bytes.or(limits.bytes), "the service"),
    };
    let mut findings = Vec::new();
    let mut tell = |finding: Option<Finding>, about: Option<&Attribute>| {
        if let (Some(finding), Some(attribute)) = (finding, about) {
            add(&mut findings, finding.about(&attribute.key));
        }
    };
    let largest = attributes.iter().max_by_key(|attribute| attribute.key.len() + attribute.value.len());
    tell(beyond(&BYTES, "The attributes have", bytes, unit, taker, max), largest);
    let count = attributes.len();
    tell(beyond(&COUNT, "There are", count, " attributes, ", "the service", limits.count), attributes.last());
    findings
}

/// How many bytes of JSON an attribute is, with the comma or bracket behind it.
fn as_json(attribute: &Attribute) -> usize {
    let value = match attribute.kind {
        AttributeKind::String => quoted(&attribute.value).len(),
        AttributeKind::Number | AttributeKind::Boolean | AttributeKind::Null | AttributeKind::Nested => {
            attribute.value.len()
        }
    };
    quoted(&attribute.key).len() + ":,".len() + value
}

/// Whether one attribute is longer than the service takes. What holds more
/// than a plain value is none that this limit is about.
pub(super) fn of_length(attribute: &Attribute, profile: &Profile) -> Vec<Finding> {
    let (name, limits) = (super::named(&attribute.key), &profile.attributes.limits);
    let is_plain = attribute.kind != AttributeKind::Nested && token::claims(&attribute.value).is_none();
    let mut findings = Vec::new();
    for (rule, subject, counted, max) in [
        (&KEY_LENGTH, ["The name ", &name, " has"], &attribute.key, limits.key_length),
        (&VALUE_LENGTH, ["", &name, " has"], &attribute.value, limits.value_length.filter(|_| is_plain)),
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
    use crate::start::profile::built_in;

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
        let mut profile = Profile::clone(&built_in()[0].profiles[0]);
        profile.attributes.limits = limits.clone();
        findings.extend(attributes.iter().flat_map(|attribute| of_length(attribute, &profile)));
        let found: Vec<_> = findings.iter().map(|finding| (finding.id.as_str(), finding.sentence.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_too_much_says_by_how_much() {
        let nothing = Limits::default();
        let limits =
            Limits { bytes: Some(8), count: Some(1), key_length: Some(4), value_length: Some(3), ..Limits::default() };
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
        check(&[("tier", "gol")], &Limits { bytes: Some(1), ..nothing.clone() }, Some(2_048), &[]);
        // {"a":"\"","b":"1"}
        check(&[("a", "\""), ("b", "1")], &Limits { json_bytes: Some(18), ..nothing.clone() }, None, &[]);
        check(
            &[("a", "\""), ("b", "1")],
            &Limits { json_bytes: Some(17), ..nothing },
            None,
            &[("attributes-too-large", "The attributes have 18 bytes as JSON, 1 more than the service takes (17)")],
        );
    }
}
