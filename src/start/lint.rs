//! Findings about what the page wrote: what keeps a start from being edited,
//! and which attributes the service or the agent would not see.

mod body;
mod crm_id;
mod keys;
mod lookalike;
mod placeholder;
mod private;
mod size;
mod values;

use super::attributes::Attribute;
#[cfg(not(target_family = "wasm"))]
use super::finding::Rule;
use super::finding::{Finding, named, rules, text};
use super::profile::Profile;
use crate::crm_id::AttributeKey;
pub use body::{of_fields, of_not_editable, of_untouchable};
pub use size::of_size;

rules! {
    OWN_RULES:
    /// There is more to say about the attributes than is kept.
    MORE = "more-findings", Note, "Only the first are kept.", "Mend those first.";
}

/// The rules about what the page wrote, by module.
#[cfg(not(target_family = "wasm"))]
pub(crate) static RULES: [&[&Rule]; 7] =
    [body::RULES, crm_id::RULES, keys::RULES, values::RULES, private::RULES, size::RULES, OWN_RULES];

/// The most findings about the attributes of one start that are kept.
const MAX_FINDINGS: usize = 32;

/// What there is to say about the attributes as the page wrote them, and those that a signed token claims beside them: one
/// of these has the CRM ID just as well.
pub fn of_attributes(
    attributes: &[Attribute],
    claimed: &[Attribute],
    profile: &Profile,
    key: &AttributeKey,
) -> Vec<Finding> {
    let (key, known) = (key.as_str(), &profile.crm_id);
    let is_claimed = claimed.iter().any(|attribute| attribute.key == key);
    let mut findings = if is_claimed { vec![] } else { crm_id::of_crm_id(attributes, key, known) };
    let mut beyond = 0;
    for attribute in attributes.iter().chain(claimed) {
        let is_id = crm_id::is_id(&attribute.key, key, known);
        let mut found = keys::of_key(attribute, profile);
        found.append(&mut values::of_value(attribute, profile, is_id));
        found.append(&mut size::of_length(attribute, profile));
        let room = MAX_FINDINGS - findings.len();
        beyond += found.len().saturating_sub(room);
        found.truncate(room);
        findings.append(&mut found);
    }
    if beyond > 0 {
        findings.push(MORE.says(text(&["There are ", &beyond.to_string(), " more findings about attributes"])));
    }
    findings
}

/// What is worth knowing about every start of a kind.
pub fn of_notes(profile: &Profile) -> Vec<Finding> {
    let of_note = |note: &super::profile::Note| Finding {
        id: note.id.clone(),
        severity: note.severity,
        sentence: note.sentence.clone(),
        cause: note.cause.clone(),
        remedy: note.remedy.clone(),
        attribute: None,
    };
    profile.notes.iter().map(of_note).collect()
}

#[cfg(test)]
mod tests {
    use super::super::attributes::{AttributeKind, Reading};
    use super::super::finding::Severity;
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
            Ok(reading) => [of_fields(&reading), of_attributes(&reading.attributes(), &[], profile, &key)].concat(),
            Err(why) => vec![of_untouchable(&why)],
        };
        let found: Vec<_> = findings.iter().map(|finding| (finding.id.as_str(), finding.sentence.as_str())).collect();
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
        let other = ("crm-id-under-another-key", "The page wrote `ExternalID`, not `externalId`");
        check(
            "genesys-webchat",
            r#"{"attributes":{"ExternalID":"1","crmCustomerId":"2"}}"#,
            &[other, ("crm-id-differs", "`ExternalID` and `crmCustomerId` have different values")],
        );
        check("genesys-webchat", r#"{"attributes":{"ExternalID":"1","crmCustomerId":"1"}}"#, &[other]);
        check(
            "genesys-webchat",
            r#"{"attributes":{"externalId":"1","card":4111111111111111,"phone":"x","tel":30901820}}"#,
            &[("value-card", "`card` looks like a card number"), ("value-phone", "`tel` is a phone number")],
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
    fn what_a_vendor_documents_as_ordinary_is_no_alarm() {
        check(
            "intercom-boot",
            r#"["boot",{"user_id":"1","company":{"company_id":"2"},"avatar":{"type":"avatar"}}]"#,
            &[],
        );
        check(
            "intercom-boot",
            r#"["boot",{"user_id":"1","address":{}}]"#,
            &[("value-nested", "`address` holds an object or array")],
        );
        check(
            "intercom-boot",
            r#"["boot",{"user_id":"1","last_request_at":1700000000}]"#,
            &[("key-reserved", "`last_request_at` is a name that the service keeps for itself")],
        );
        let long = format!(r#"["boot",{{"user_id":"1","note":"{}"}}]"#, "y".repeat(256));
        let too_long = "`note` has 256 characters, 1 more than the service takes (255)";
        check("intercom-boot", &long, &[("value-too-long", too_long)]);
        let company = format!(r#"["boot",{{"user_id":"1","company":{{"id":"1","name":"{}"}}}}]"#, "n".repeat(250));
        check("intercom-boot", &company, &[]);
        let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSIsIm4iOi{}J9.c2ln", "Ix".repeat(150));
        let signed = format!(r#"["boot",{{"user_id":"1","intercom_user_jwt":"{token}"}}]"#);
        let is_token = ("value-token", "`intercom_user_jwt` is a signed token (JWT)");
        check("intercom-boot", &signed, &[is_token]);
        let info = |info: &str| format!(r#"[{{"type":"ctmrinfo","info":{{"customerId":"138766AC",{info}}}}}]"#);
        for ordinary in [
            r#""lastPaymentDate":{"day":15,"month":10,"year":2014}"#,
            r#""registrationDate":{"day":1,"month":1,"year":2013}"#,
            r#""imei":"490154203237518""#,
            r#""userName":"user000","socialId":"11256324780""#,
        ] {
            check("liveperson-sdes-push", &info(ordinary), &[]);
        }
        check(
            "rocketchat-custom-fields",
            r#"{"customFields":[{"key":"customerId","value":"1"},{"key":"customer_id","value":"2"}]}"#,
            &[("crm-id-differs", "`customerId` and `customer_id` have different values")],
        );
    }

    #[test]
    fn another_id_of_nearly_the_same_name_is_at_most_worth_a_note() {
        let profile = built_in().remove(0).profiles.remove(0);
        let found = |key: &str, attributes: &[(&str, &str)]| {
            let attribute = |(key, value): &(&str, &str)| Attribute {
                key: (*key).to_owned(),
                value: (*value).to_owned(),
                kind: AttributeKind::String,
            };
            let attributes: Vec<_> = attributes.iter().map(attribute).collect();
            let key = AttributeKey::try_from(key.to_owned()).unwrap();
            let findings = of_attributes(&attributes, &[], &profile, &key);
            findings.into_iter().map(|finding| (finding.id.to_string(), finding.severity)).collect::<Vec<_>>()
        };
        let differs = "crm-id-differs".to_owned();
        let (both, one) = ([("contractId", "1"), ("contactId", "2")], [("contractId", "1")]);
        assert_eq!(found("contractId", &both), [(differs.clone(), Severity::Note)]);
        assert_eq!(found("contactId", &both), []);
        assert_eq!(found("contactId", &one)[0].0, "crm-id-missing");
        assert_eq!(
            found("externalId", &[("externalId", "1"), ("exernalId", "2")]),
            [(differs.clone(), Severity::Note)]
        );
        assert_eq!(found("externalId", &[("externalId", "1"), ("external_id", "2")]), [(differs, Severity::Warning)]);
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
