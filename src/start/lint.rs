//! Findings about what the page wrote: what keeps a start from being edited,
//! and which attributes the service or the agent would not see.

use super::attributes::{Attribute, AttributeKind, Reading, Untouchable};
use super::body::document::Unreadable;
use super::body::fields::Fault;
use super::body::json::NotJson;
use super::body::multipart::NotMultipart;
use super::candidate::NotEditable;
use super::finding::{Finding, Severity, as_sentence};
use super::profile::{Profile, ValueKind};
use crate::crm_id::AttributeKey;
use crate::joined::joined;

/// Why a start was left alone.
pub fn of_untouchable(why: &Untouchable) -> Finding {
    let (id, remedy) = match why {
        Untouchable::Unreadable(why) => of_unreadable(why),
        Untouchable::NotAnObject { .. } => {
            ("attributes-not-an-object", "Send the attributes as an object of keys and plain values.")
        }
        Untouchable::NotAList { .. } => {
            ("attributes-not-a-list", "Send the attributes as a list of objects with name and value.")
        }
        Untouchable::NoNameKnown { .. } => {
            ("attributes-nowhere", "Let the page send at least one attribute, so that there is a place for the CRM ID.")
        }
        Untouchable::Signed { .. } => (
            "signed",
            "Set the CRM ID where it is signed: on the site's own server, before it makes the token or signature.",
        ),
        Untouchable::NoJson { .. } => {
            ("field-not-json", "Pass the attributes through JSON.stringify before they go into the form.")
        }
        Untouchable::Ambiguous { .. } => ("attributes-ambiguous", "Send this key once."),
        Untouchable::NotOneValue { .. } => ("attribute-not-one-value", "Send this attribute as one plain text."),
        Untouchable::NotReadBack { .. } => (
            "attribute-not-settable",
            "Choose another CRM ID or attribute in the popup: letters and digits can always be set.",
        ),
    };
    Finding::new(id, Severity::Problem, as_sentence(why))
        .because("The start went out as the page wrote it.")
        .remedy(remedy)
}

fn of_unreadable(why: &Unreadable) -> (&'static str, &'static str) {
    match why {
        Unreadable::NotJson(NotJson::Empty) => ("body-empty", "Check what the page passes as the body."),
        Unreadable::NotJson(NotJson::Truncated { .. }) => {
            ("body-truncated", "Look for a page that cuts its text, or builds JSON by hand.")
        }
        Unreadable::NotJson(NotJson::Unexpected { .. }) => {
            ("body-not-json", "Pass the body through JSON.stringify instead of building it by hand.")
        }
        Unreadable::NotJson(NotJson::TooDeep) => {
            ("body-too-deep", "Attributes are flat: look for an object that was put inside itself.")
        }
        Unreadable::NotMultipart(
            NotMultipart::NoBoundary | NotMultipart::LongBoundary { .. } | NotMultipart::OtherBoundary,
        ) => (
            "multipart-boundary",
            "Pass a FormData and set no Content-Type: the browser writes it, with the boundary that it chose.",
        ),
        Unreadable::NotMultipart(
            NotMultipart::BareLineFeeds
            | NotMultipart::Unclosed
            | NotMultipart::NoBlankLine { .. }
            | NotMultipart::NoName { .. },
        ) => ("multipart-malformed", "Pass a FormData instead of building the body by hand."),
        Unreadable::NotText => ("body-not-text", "Send the body as UTF-8 text, and name its kind in Content-Type."),
        Unreadable::TooManyFields => ("body-too-many-fields", "A chat start has about ten: look for what adds them."),
        Unreadable::TooLarge { .. } => ("body-too-large", "A chat start is a few kilobytes: look for what fills it."),
        Unreadable::Unsupported { .. } => ("body-unsupported", "Send the body as a string to have it read and edited."),
    }
}

/// What there is to say about how the fields of a form are written.
pub fn of_fields(reading: &Reading<'_>) -> Vec<Finding> {
    let broken = reading.faulty(Fault::BrokenEscape).map(|name| {
        Finding::new("field-escape-broken", Severity::Warning, format!("`{name}` has a % that begins no escape"))
            .because("Services differ in whether they take such a field, and what they read.")
            .remedy("Pass the form through URLSearchParams instead of building it by hand.")
            .about(name)
    });
    let not_utf8 = reading.faulty(Fault::NotUtf8).map(|name| {
        Finding::new("field-not-utf8", Severity::Warning, format!("`{name}` is not written in UTF-8"))
            .because(
                "The agent sees other characters in the place of letters such as é. Here they are shown as \u{FFFD}.",
            )
            .remedy("Use URLSearchParams or encodeURIComponent, never escape().")
            .about(name)
    });
    broken.into_iter().chain(not_utf8).collect()
}

/// That a start could be read and not be edited.
pub fn of_not_editable(why: NotEditable, wants_edit: bool) -> Finding {
    let NotEditable::Synchronous = why;
    let severity = if wants_edit { Severity::Problem } else { Severity::Note };
    Finding::new("not-editable", severity, "Callsign sees this start, and cannot edit it")
        .because("A synchronous XMLHttpRequest stops the page until it is answered, so nobody can be asked first.")
        .remedy("Open the request as asynchronous: pass true, or nothing, as the third argument of open().")
}

/// What there is to say about the attributes as the page wrote them.
pub fn of_attributes(attributes: &[Attribute], profile: &Profile, key: &AttributeKey) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(of_crm_id(attributes, profile, key));
    for attribute in attributes {
        findings.extend(of_value(attribute, profile));
    }
    findings
}

/// Whether the attributes are more than the service takes, in UTF-8 bytes of
/// all keys and values together.
pub fn of_size(attributes: &[Attribute], max_bytes: Option<usize>) -> Option<Finding> {
    let max = max_bytes?;
    let bytes: usize = attributes.iter().map(|attribute| attribute.key.len() + attribute.value.len()).sum();
    (bytes > max).then(|| {
        let over = bytes - max;
        let sentence = format!("The attributes have {bytes} bytes, {over} more than this session takes ({max})");
        Finding::new("attributes-too-large", Severity::Problem, sentence)
            .because("All keys and values count together, as UTF-8. The service refuses the whole message.")
            .remedy("Send fewer or shorter attributes.")
    })
}

fn of_crm_id(attributes: &[Attribute], profile: &Profile, key: &AttributeKey) -> Option<Finding> {
    let key = key.as_str();
    match attributes.iter().filter(|attribute| attribute.key == key).count() {
        0 => Some(of_missing_crm_id(attributes, profile, key)),
        1 => None,
        times => Some(
            Finding::new("crm-id-twice", Severity::Problem, format!("The page wrote `{key}` {times} times"))
                .because("Services differ in which one they take.")
                .remedy("Write each attribute once. Callsign sets all of them when it injects.")
                .about(key),
        ),
    }
}

fn of_missing_crm_id(attributes: &[Attribute], profile: &Profile, key: &str) -> Finding {
    let known = |attribute: &&Attribute| {
        let name = attribute.key.as_str();
        name != key && (name.eq_ignore_ascii_case(key) || profile.crm_id.key == name)
            || profile.crm_id.other_keys.iter().any(|other| other.eq_ignore_ascii_case(name))
    };
    match attributes.iter().find(known) {
        Some(other) => Finding::new(
            "crm-id-under-another-key",
            Severity::Warning,
            format!("The page wrote `{}`, not `{key}`", other.key),
        )
        .because("Agents, routing and reports look for one spelling, and case counts.")
        .remedy(format!("If `{}` is right for this site, name it as the attribute in the popup.", other.key))
        .about(other.key.clone()),
        None => Finding::new("crm-id-missing", Severity::Warning, format!("The page wrote no `{key}`"))
            .because("Without it the agent does not see which customer this is.")
            .remedy("Set it where the page starts the chat, or inject one from the popup to test what follows."),
    }
}

fn of_value(attribute: &Attribute, profile: &Profile) -> Option<Finding> {
    let key = &attribute.key;
    let kept = |kind| profile.attributes.values.contains(&kind);
    let (is_kept, kind) = match attribute.kind {
        AttributeKind::String => (kept(ValueKind::String), "a string"),
        AttributeKind::Number => (kept(ValueKind::Number), "a number"),
        AttributeKind::Boolean => (kept(ValueKind::Boolean), "a boolean"),
        AttributeKind::Null => (false, "null"),
        AttributeKind::Nested => {
            return Some(
                Finding::new("value-nested", Severity::Problem, format!("`{key}` holds an object or array"))
                    .because("Attributes are flat; a nested value may be dropped on the way to the agent.")
                    .remedy("Send each inner value as an attribute of its own.")
                    .about(key.clone()),
            );
        }
    };
    if is_kept {
        return None;
    }
    let finding = Finding::new("value-kind", Severity::Warning, format!("`{key}` is {kind}"))
        .because(format!("{} takes {} here.", profile.name, kinds(&profile.attributes.values)))
        .remedy("Turn it into text before the chat starts, or leave it out.")
        .about(key.clone());
    Some(finding)
}

fn kinds(kinds: &[ValueKind]) -> String {
    let names: Vec<_> = kinds
        .iter()
        .map(|kind| match kind {
            ValueKind::String => "strings",
            ValueKind::Number => "numbers",
            ValueKind::Boolean => "booleans",
        })
        .collect();
    match names.split_last() {
        Some((last, [])) => format!("only {last}"),
        Some((last, others)) => format!("{} and {last}", joined(others, ", ")),
        None => "nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::built_in;
    use super::*;

    #[track_caller]
    fn check(profile_id: &str, body: &str, expected: &[(&str, &str)]) {
        check_typed(profile_id, None, body, expected);
    }

    #[track_caller]
    fn check_typed(profile_id: &str, content_type: Option<&str>, body: &str, expected: &[(&str, &str)]) {
        let vendors = built_in();
        let mut profiles = vendors.iter().flat_map(|vendor| &vendor.profiles);
        let profile = profiles.find(|profile| profile.id == profile_id).unwrap();
        let key = AttributeKey::try_from(profile.crm_id.key.clone()).unwrap();
        let findings = match Reading::of_text(body, content_type, profile) {
            Ok(reading) => [of_fields(&reading), of_attributes(&reading.attributes(), profile, &key)].concat(),
            Err(why) => vec![of_untouchable(&why)],
        };
        let found: Vec<_> = findings.iter().map(|finding| (finding.id.as_ref(), finding.sentence.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_good_start_has_no_findings() {
        check("genesys-webchat", r#"{"attributes":{"externalId":"1","tier":"gold","n":7,"vip":true}}"#, &[]);
        check("genesys-guest-chat", r#"{"memberInfo":{"customFields":{"externalId":"1"}}}"#, &[]);
    }

    #[test]
    fn what_an_agent_would_not_see_is_named() {
        check("genesys-webchat", r"{}", &[("crm-id-missing", "The page wrote no `externalId`")]);
        check(
            "genesys-webchat",
            r#"{"attributes":{"ExternalID":"1"}}"#,
            &[("crm-id-under-another-key", "The page wrote `ExternalID`, not `externalId`")],
        );
        check(
            "genesys-webchat",
            r#"{"attributes":{"crmCustomerId":"1"}}"#,
            &[("crm-id-under-another-key", "The page wrote `crmCustomerId`, not `externalId`")],
        );
        check(
            "genesys-webchat",
            r#"{"attributes":{"externalId":"1","externalId":"2"}}"#,
            &[("crm-id-twice", "The page wrote `externalId` 2 times")],
        );
        check(
            "genesys-guest-chat",
            r#"{"memberInfo":{"customFields":{"externalId":7,"a":{},"b":null}}}"#,
            &[
                ("value-kind", "`externalId` is a number"),
                ("value-nested", "`a` holds an object or array"),
                ("value-kind", "`b` is null"),
            ],
        );
    }

    #[test]
    fn what_keeps_a_start_from_being_edited_is_named() {
        check("genesys-webchat", "", &[("body-empty", "The body is empty")]);
        check(
            "genesys-webchat",
            "a=b",
            &[("body-not-json", "The body is not JSON: line 1, column 1 has a where a value belongs")],
        );
        check(
            "genesys-webchat",
            "{\"attributes\":",
            &[("body-truncated", "The body ends in the middle of its JSON, after 14 bytes")],
        );
        check("genesys-webchat", &"[".repeat(10_000), &[("body-too-deep", "The body nests deeper than 512 levels")]);
        check(
            "genesys-webchat",
            "[]",
            &[("attributes-not-an-object", "The body is an array, not an object of attributes")],
        );
        check(
            "genesys-webchat",
            r#"{"attributes":null}"#,
            &[("attributes-not-an-object", "`attributes` is null, not an object of attributes")],
        );
        check(
            "genesys-guest-chat",
            r#"{"memberInfo":{"customFields":"x"}}"#,
            &[("attributes-not-an-object", "`memberInfo.customFields` is a string, not an object of attributes")],
        );
        check(
            "genesys-webchat",
            r#"{"attributes":{},"attributes":{}}"#,
            &[(
                "attributes-ambiguous",
                "`attributes` stands 2 times in the body, and services differ in which one they take",
            )],
        );
    }

    #[test]
    fn what_is_wrong_with_how_a_form_is_written_is_named() {
        let form = Some("application/x-www-form-urlencoded");
        check_typed("genesys-webchat", form, "attributes[externalId]=a+b%20c&x=%C3%A9", &[]);
        check_typed(
            "genesys-webchat",
            form,
            "attributes[externalId]=1&note=100%&name=Andr%E9",
            &[
                ("field-escape-broken", "`note` has a % that begins no escape"),
                ("field-not-utf8", "`name` is not written in UTF-8"),
            ],
        );
        check_typed(
            "genesys-webchat",
            form,
            "attributes[externalId]=1&attributes[tags][]=a&attributes[tags][]=b",
            &[
                ("value-nested", "`tags[]` holds an object or array"),
                ("value-nested", "`tags[]` holds an object or array"),
            ],
        );
        check_typed("genesys-webchat", form, "attributes={}", &[("crm-id-missing", "The page wrote no `externalId`")]);
    }

    #[test]
    fn what_is_wrong_with_a_multipart_body_is_named() {
        let multipart = Some("multipart/form-data; boundary=B");
        check_typed(
            "genesys-webchat",
            multipart,
            "--B\r\nContent-Disposition: form-data; name=\"attributes[externalId]\"\r\n\r\n100%\r\n--B--\r\n",
            &[],
        );
        check_typed(
            "genesys-webchat",
            multipart,
            "--B\r\n",
            &[("multipart-malformed", "The multipart body ends without its closing boundary")],
        );
        check_typed(
            "genesys-webchat",
            Some("multipart/form-data"),
            "--B--",
            &[("multipart-boundary", "The content type is multipart/form-data and names no boundary")],
        );
        check_typed(
            "genesys-webchat",
            Some("application/x-www-form-urlencoded"),
            &"a&".repeat(10_001),
            &[("body-too-many-fields", "The body has more than 10000 fields")],
        );
    }
}
