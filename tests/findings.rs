//! `docs/findings.md` has every finding there can be, and what it says of it is so.

use std::collections::BTreeSet;
use std::fs;

use callsign::session::remarks::all_rules;
use callsign::start::finding::{Rule, Severity};

/// The row of a rule in the document's table.
fn row(rule: &Rule) -> String {
    let severity = match rule.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Problem => "problem",
    };
    let remedy = if rule.remedy.is_empty() { "The finding says it." } else { rule.remedy };
    format!("| `{}` | {severity} | {} | {remedy} |", rule.id, rule.when.trim())
}

#[test]
fn the_document_has_every_finding() {
    let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings.md")).unwrap_or_default();
    let found: Vec<_> = document.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<_> = all_rules().into_iter().map(row).collect();
    assert!(found == expected, "the table in docs/findings.md must be\n{}", expected.join("\n"));
}

#[test]
fn every_id_is_one_finding_s() {
    let ids: Vec<_> = all_rules().iter().map(|rule| rule.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    for rule in all_rules() {
        let is_id = rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(is_id, "{}", rule.id);
        let is_sentence = |text: &str| text.is_empty() || text.ends_with(['.', '?']);
        assert!(is_sentence(rule.cause) && is_sentence(rule.remedy), "{} speaks in sentences", rule.id);
    }
}
