//! Findings about the CRM ID: missing, under another name, or there twice.

use super::lookalike::{Likeness, likeness};
use super::named;
use crate::start::attributes::Attribute;
use crate::start::finding::{Finding, Severity, add, rules, text};
use crate::start::profile::CrmIdKeys;

rules! {
    RULES:
    /// No attribute has the CRM ID, under no name that is known for it.
    MISSING = "crm-id-missing", Warning, "Without it the agent does not see which customer this is.",
        "Set it where the page starts the chat, or inject one from the popup to test what follows.";
    /// The CRM ID is there under another name: in another case or spelling, or one that others use for it.
    OTHER_KEY = "crm-id-under-another-key", Warning,
        "Agents, routing and reports look for one spelling, and case counts.", "";
    /// The CRM ID stands more than once.
    TWICE = "crm-id-twice", Problem, "Services differ in which one they take.",
        "Write each attribute once. Callsign sets all of them when it injects.";
    /// Under two names that stand for the CRM ID are different values. A note where that name may mean another ID.
    DIFFERS = "crm-id-differs", Warning, "Who looks for the other name finds another customer.",
        "Let the page write both from one variable, or one of them only. Callsign sets one of them when it injects.";
}

/// Whether a name is likely one of an ID.
pub(super) fn is_id(name: &str, key: &str, known: &CrmIdKeys) -> bool {
    name == key || ends_in_id(name) || is_meant(name, key, known).is_some()
}

/// What stands before `id` where a name is in lower or upper case alone.
const OWNERS: [&str; 9] = ["user", "client", "member", "visitor", "account", "customer", "contact", "session", "uu"];

/// Whether the last word of a name is `id`: of `userId`, `CRMId`, `user_id` and
/// `userid`, and not of `paid`.
fn ends_in_id(name: &str) -> bool {
    if let Some(before) = name.to_ascii_lowercase().strip_suffix("id")
        && OWNERS.iter().any(|owner| before.ends_with(owner))
    {
        return true;
    }
    let (before, id) = name.split_at_checked(name.len().saturating_sub(2)).unwrap_or_default();
    let is_apart = |last: u8| !last.is_ascii_alphabetic() || id == "Id" || id == "ID" && last.is_ascii_lowercase();
    matches!(id, "id" | "Id" | "ID") && before.bytes().last().is_none_or(is_apart)
}

/// What there is to say about the CRM ID, which belongs under `key`.
pub(super) fn of_crm_id(attributes: &[Attribute], key: &str, known: &CrmIdKeys) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named_so: Vec<_> = attributes.iter().filter(|attribute| attribute.key == key).collect();
    let mut others = attributes.iter().filter_map(|other| Some((other, is_meant(&other.key, key, known)?)));
    let first = match named_so.as_slice() {
        [] => match others.next() {
            Some((other, _)) => {
                let finding = OTHER_KEY
                    .says(text(&["The page wrote ", &named(&other.key), ", not ", &named(key)]))
                    .remedy(text(&[
                        "If ",
                        &named(&other.key),
                        " is right for this site, name it as the attribute in the popup.",
                    ]))
                    .about(&other.key);
                add(&mut findings, finding);
                other
            }
            None => {
                add(&mut findings, MISSING.says(text(&["The page wrote no ", &named(key)])).about(key));
                return findings;
            }
        },
        [ours] => *ours,
        several => {
            let times = several.len().to_string();
            add(&mut findings, TWICE.says(text(&["The page wrote ", &named(key), " ", &times, " times"])).about(key));
            return findings;
        }
    };
    if let Some((other, severity)) = others.find(|(other, _)| other.value != first.value) {
        let sentence = text(&[&named(&first.key), " and ", &named(&other.key), " have different values"]);
        add(&mut findings, DIFFERS.says(sentence).at(severity).about(&other.key));
    }
    findings
}

/// Whether a name is likely meant as the CRM ID's, and how much it matters
/// where it is not: a spelling of the expected one, or another in use.
fn is_meant(name: &str, key: &str, known: &CrmIdKeys) -> Option<Severity> {
    if name == key {
        return None;
    }
    let is_other = |other: &String| other.eq_ignore_ascii_case(name);
    match likeness(name, key) {
        Some(Likeness::Spelling) => Some(Severity::Warning),
        _ if name == known.key => Some(Severity::Warning),
        // It may as well be the name of something else.
        Some(Likeness::Slip) => Some(Severity::Note),
        None => known.other_keys.iter().any(is_other).then_some(Severity::Note),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::profile::built_in;

    #[track_caller]
    fn check(names: &[&str], expected: bool) {
        let known = &built_in()[0].profiles[0].crm_id;
        for name in names {
            assert_eq!(is_id(name, "externalId", known), expected, "{name}");
        }
    }

    #[test]
    fn an_id_is_told_by_the_last_word_of_its_name() {
        check(&["id", "ID", "userId", "userID", "CRMId", "user_id", "order-id", "Customer ID", "line1id"], true);
        check(&["externalid", "EXTERNAL_ID", "crmcustomerid", "userid", "visitorid", "USERID", "uuid"], true);
        check(
            &["paid", "prepaid", "bid", "android", "ANDROID", "PAID", "valid", "idea", "Kid", "externalIdType"],
            false,
        );
    }
}
