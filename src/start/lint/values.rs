//! Findings about the values of attributes: what the service drops, and what
//! was not meant to be sent.

use super::keys::described;
use super::lookalike::first_odd;
use super::named;
use super::placeholder::is_placeholder;
use crate::crm_id::is_invisible;
use crate::joined::{joined, until};
use crate::start::attributes::{Attribute, AttributeKind};
use crate::start::body::json::Json;
use crate::start::finding::{Finding, Severity, add, rules, text};
use crate::start::profile::{Profile, ValueKind};
use crate::start::token;

rules! {
    RULES:
    /// A value is an object or array, and the vendor is not known to keep it.
    NESTED = "value-nested", Problem, "Attributes are flat; a nested value may be dropped on the way to the agent.",
        "Send each inner value as an attribute of its own.";
    /// A value is of a kind that the vendor does not keep, such as a number or `null`.
    KIND = "value-kind", Warning, "", "Turn it into text before the chat starts, or leave it out.";
    /// A value is empty, or spaces alone. A note where it is no ID.
    EMPTY = "value-empty", Warning, "The agent sees nothing, and routing takes it for missing.",
        "Look for a form field or variable that is not filled when the chat starts, or leave the attribute out.";
    /// A value is what JavaScript makes of nothing: `null`, `undefined`, `NaN`, `[object Object]` as text; or has it in it.
    NOTHING = "value-no-text", Problem,
        "The page made text of a value that was missing, no number, or an object; the agent sees just that.",
        "Check the value before it becomes text: it was not loaded yet, or an object in place of one of its members.";
    /// A value begins or ends with white space.
    SPACE = "value-space", Warning, "Services and CRMs compare whole texts: with the space it is another value.",
        "Trim it where the page reads it.";
    /// A value has a character in it that cannot be seen; where it is no ID, one that does not shape others.
    INVISIBLE = "value-invisible", Warning, "It looks right on screen, and is found nowhere. It comes with pasted text.",
        "Delete the value and type it by hand where it is stored, or let the page take such characters out.";
    /// An ID has a letter or dash that only looks like the usual one, such as a Cyrillic one among Latin ones.
    LOOKALIKE = "value-lookalike", Warning, "It looks right on screen, and is found nowhere.",
        "Type the ID by hand where it is stored.";
    /// A value looks like an example that was never replaced, such as `{{crmId}}`, `your-id-here` or `TODO`.
    PLACEHOLDER = "value-placeholder", Warning,
        "It stands in templates and documentation until the real value takes its place.",
        "Look for a template that is not filled, or a setting that was never made.";
    /// A value is a signed token (JWT).
    TOKEN = "value-token", Note, "",
        "To change one of them, let the site's own server make another token: an edited one is refused.";
    /// A name says that the value signs others, such as `user_hash`.
    SIGNATURE = "value-signature", Note,
        "The service may compare it with the customer's ID or e-mail address and refuse a start where they differ.",
        "If the start is refused with a CRM ID set, take the signature for that ID from the site's own server.";
}

/// What there is to say about one value.
pub(super) fn of_value(attribute: &Attribute, profile: &Profile, is_id: bool) -> Vec<Finding> {
    let key = attribute.key.as_str();
    let mut findings = Vec::new();
    if let Some(finding) = of_kind(attribute, profile) {
        add(&mut findings, finding);
    }
    if attribute.kind != AttributeKind::String {
        if attribute.kind == AttributeKind::Number {
            findings.extend(super::private::of_private(attribute));
        }
        return findings;
    }
    let value = attribute.value.as_str();
    let trimmed = value.trim();
    if trimmed.is_empty() {
        let severity = if is_id { Severity::Warning } else { Severity::Note };
        add(&mut findings, EMPTY.of(key, " is empty").at(severity));
        return findings;
    }
    let nothing = object_in(trimmed).or_else(|| {
        // In other texts it may be a word.
        let mut words = trimmed.split(['-', '_', ':', '.']);
        words.find(|word| matches!(*word, "null" | "undefined" | "NaN") && (is_id || *word == trimmed))
    });
    if let Some(nothing) = nothing {
        let rest = if nothing == trimmed {
            [" is the text ", &named(nothing), ""]
        } else {
            [" has ", &named(nothing), " in it"]
        };
        add(&mut findings, NOTHING.of(key, &text(&rest)));
        return findings;
    }
    if trimmed.len() != value.len() {
        let place = if value.starts_with(trimmed) { " ends with a space" } else { " begins with a space" };
        add(&mut findings, SPACE.of(key, place));
    }
    let is_right_to_left = trimmed.chars().any(runs_right_to_left);
    let is_odd = |character: char| {
        if is_id {
            is_invisible(character) || character.is_control()
        } else {
            let is_mark = is_right_to_left && matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}');
            is_invisible(character) && !is_joining(character) && !is_mark
        }
    };
    let odd = trimmed.chars().find(|character| is_odd(*character));
    if let Some(odd) = odd {
        let rest = text(&[" has the invisible character ", &described(odd), " in it"]);
        add(&mut findings, INVISIBLE.of(key, &rest));
    }
    if let Some((odd, plain)) = first_odd(trimmed).filter(|_| is_id) {
        let rest = text(&[" has ", &described(odd), " in it, which is not ", &described(plain)]);
        add(&mut findings, LOOKALIKE.of(key, &rest));
    }
    if is_placeholder(trimmed, is_id) {
        add(&mut findings, PLACEHOLDER.of(key, " looks like a placeholder"));
    }
    for finding in [super::private::of_private(attribute), of_signature(key, trimmed)].into_iter().flatten() {
        add(&mut findings, finding);
    }
    findings
}

/// What JavaScript makes of an object in a text, such as `[object Object]`.
fn object_in(value: &str) -> Option<&str> {
    let at = value.find("[object ")?;
    let name = until(&value[at + "[object ".len()..], b"]");
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    value.get(at..at + "[object ]".len() + name.len()).filter(|object| is_name && object.ends_with(']'))
}

fn of_kind(attribute: &Attribute, profile: &Profile) -> Option<Finding> {
    let values = &profile.attributes.values;
    let (kind, name) = match attribute.kind {
        AttributeKind::String => (Some(ValueKind::String), " is a string"),
        AttributeKind::Number => (Some(ValueKind::Number), " is a number"),
        AttributeKind::Boolean => (Some(ValueKind::Boolean), " is a boolean"),
        AttributeKind::Null => (None, " is null"),
        AttributeKind::Nested if profile.attributes.nested.contains(&attribute.key) => return None,
        AttributeKind::Nested => return Some(NESTED.of(&attribute.key, " holds an object or array")),
    };
    if kind.is_some_and(|kind| values.contains(&kind)) {
        return None;
    }
    let cause = text(&[&profile.name, " takes ", &kinds(values), " here."]);
    Some(KIND.of(&attribute.key, name).because(cause))
}

fn kinds(kinds: &[ValueKind]) -> String {
    let name = |kind: &ValueKind| match kind {
        ValueKind::String => "strings",
        ValueKind::Number => "numbers",
        ValueKind::Boolean => "booleans",
    };
    let names: Vec<_> = kinds.iter().map(name).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => text(&["only ", only]),
        [others @ .., last] => text(&[&joined(others, ", "), " and ", last]),
    }
}

/// Whether a character shapes those beside it, as Persian names and emoji
/// need it: a joiner, a non-joiner or a variation selector.
fn is_joining(character: char) -> bool {
    matches!(character,
        '\u{200C}' | '\u{200D}' | '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Whether it is a letter of Hebrew, Arabic or another script that is written
/// from right to left, where marks say which way what is beside them runs.
fn runs_right_to_left(character: char) -> bool {
    matches!(character,
        '\u{0590}'..='\u{0605}' | '\u{0620}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// That a value is signed, or signs others. Of a token only the names of the
/// claims are told: their values are the customer's.
fn of_signature(key: &str, value: &str) -> Option<Finding> {
    if let Some(claims) = token::claims(value) {
        let json = Json::parse(&claims).ok();
        let members = json.map(|json| json.root().members()).unwrap_or_default();
        let names: Vec<_> = members.iter().take(12).map(|member| named(&member.key)).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let cause = text(&["It is signed as a whole. Its claims: ", &joined(&names, ", "), "."]);
        return Some(TOKEN.of(key, " is a signed token (JWT)").because(cause));
    }
    let lower = key.to_ascii_lowercase();
    let is_hash = ["user_hash", "userhash", "identifier_hash", "hmac", "signature"].contains(&lower.as_str());
    is_hash.then(|| SIGNATURE.of(key, " is a signature by its name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::profile::built_in;

    #[track_caller]
    fn check(key: &str, value: &str, expected: &[&str]) {
        let attribute = Attribute { key: key.to_owned(), value: value.to_owned(), kind: AttributeKind::String };
        let profile = built_in().remove(0).profiles.remove(0);
        let findings = of_value(&attribute, &profile, key.ends_with("Id"));
        let found: Vec<_> = findings.iter().map(|finding| finding.id.as_str()).collect();
        assert_eq!(found, expected, "{key}={value:?}");
    }

    #[test]
    fn a_good_value_has_no_findings() {
        for value in ["CRM-4711", "0012x00000AbCdE", "Müller & Söhne", "10 < 20", "Yourstone 7", "yours", "NaNo", "a@b"]
        {
            check("externalId", value, &[]);
        }
    }

    #[test]
    fn what_was_nothing_is_told_from_text() {
        for nothing in ["null", "undefined", "NaN", "[object Object]", " [object Promise] "] {
            check("tier", nothing, &["value-no-text"]);
        }
        check("greeting", "Hello [object Object]!", &["value-no-text"]);
        check("externalId", "CRM-undefined", &["value-no-text"]);
        check("externalId", "null-1", &["value-no-text"]);
        check("greeting", "null and void", &[]);
        check("externalId", "nullable-1", &[]);
        check("externalId", "dev/null", &[]);
        check("note", "see the [object of desire", &[]);
        check("note", "see the [object of desire]", &[]);
        check("externalId", " \u{A0}", &["value-empty"]);
        check("tier", "", &["value-empty"]);
    }

    #[test]
    fn what_cannot_be_seen_in_an_id_is_told() {
        check("externalId", "CRM-1 ", &["value-space"]);
        check("tier", "\tgold", &["value-space"]);
        check("externalId", "CRM\u{200B}-1", &["value-invisible"]);
        check("externalId", "\u{421}RM-1", &["value-lookalike"]);
        check("greeting", "Hi \u{2013} you", &[]);
        for joined in [
            "\u{645}\u{6CC}\u{200C}\u{631}\u{648}\u{62F}",
            "\u{1F469}\u{200D}\u{1F4BB}",
            "\u{2764}\u{FE0F}",
            "\u{845B}\u{E0100}",
        ] {
            check("firstName", joined, &[]);
        }
        check("externalId", "CRM\u{200D}-1", &["value-invisible"]);
        check("tier", "go\u{200B}ld", &["value-invisible"]);
        check("firstName", "\u{5D0}\u{200F}\u{5D1} (Jo)\u{200E}", &[]);
        check("firstName", "Jo\u{200F} A", &["value-invisible"]);
        check("firstName", "\u{5D0}\u{200B}\u{5D1}", &["value-invisible"]);
        check("externalId", "1\u{200F}\u{5D0}", &["value-invisible"]);
    }

    #[test]
    fn a_placeholder_is_told() {
        check("externalId", "your-crm-id-here", &["value-placeholder"]);
        check("externalId", "Your ID", &["value-placeholder"]);
        check("greeting", "Your ID", &["value-placeholder"]);
        check("greeting", "Your order", &[]);
    }

    #[test]
    fn what_is_signed_names_its_claims_and_never_tells_them() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3aWRnZXQiLCJhdHRyaWJ1dGVzIjp7Im5hbWUiOiJBbmRyw6k_In19.c2ln";
        check("auth", token, &["value-token"]);
        let finding = of_signature("auth", token).unwrap();
        assert_eq!(finding.cause, "It is signed as a whole. Its claims: `sub`, `attributes`.");
        check("user_hash", "0f3a", &["value-signature"]);
    }
}
