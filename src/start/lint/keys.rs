//! Findings about the names of attributes.

use super::named;
use crate::crm_id::is_invisible;
use crate::start::attributes::Attribute;
use crate::start::finding::{Finding, add, rules, text};
use crate::start::profile::{Limits, Profile};

rules! {
    RULES:
    /// An attribute has a name without any character.
    EMPTY = "key-empty", Warning, "Nobody can look for an attribute without a name.",
        "Name the attribute; look for a variable that is empty where the page makes the key.";
    /// A name has a character that the vendor does not take there; where nothing is known of the vendor, one other than letters, digits, `-`, `_` and `.`.
    CHARACTERS = "key-characters", Warning,
        "Services drop or respell such names, and routing and reports then do not find them.",
        "Use letters, digits, -, _ and . in names.";
    /// A name is one that the vendor keeps for itself.
    RESERVED = "key-reserved", Warning, "What the page writes there is dropped, overwritten or refused.",
        "Choose another name.";
}

/// What may stand in a name beside letters and digits, unless a vendor says otherwise.
const USUAL: &str = "-_.";

/// What there is to say about the name of an attribute.
pub(super) fn of_key(attribute: &Attribute, profile: &Profile) -> Vec<Finding> {
    let (key, layout) = (attribute.key.as_str(), &profile.attributes);
    let mut findings = Vec::new();
    if key.is_empty() {
        add(&mut findings, EMPTY.says("An attribute has an empty name".to_owned()).about(key));
    }
    if layout.reserved.iter().any(|reserved| is_like(key, reserved)) {
        add(&mut findings, RESERVED.of(key, " is a name that the service keeps for itself"));
    }
    // A name that the vendor's own fields have is none to change.
    if profile.crm_id.includes(key) {
        return findings;
    }
    // The name of what is nested in a form has brackets of its own.
    let Some(odd) = odd_character(key, &layout.limits).filter(|odd| !(key.ends_with(']') && *odd == '[')) else {
        return findings;
    };
    let finding = CHARACTERS.says(text(&["The name ", &named(key), " has ", &described(odd), " in it"])).about(key);
    let finding = match &layout.limits.key_characters {
        Some(more) if more.is_empty() => finding.remedy("The service takes only letters and digits.".to_owned()),
        Some(more) => finding.remedy(text(&["The service takes letters, digits and these: ", more])),
        None => finding,
    };
    add(&mut findings, finding);
    findings
}

fn odd_character(key: &str, limits: &Limits) -> Option<char> {
    let more = limits.key_characters.as_deref().unwrap_or(USUAL);
    key.chars().find(|character| !character.is_ascii_alphanumeric() && !more.contains(*character))
}

/// Whether a name is the reserved one; a `*` at its end stands for any.
fn is_like(key: &str, reserved: &str) -> bool {
    match reserved.strip_suffix('*') {
        Some(beginning) => key.starts_with(beginning),
        None => key == reserved,
    }
}

/// A character in a tester's words: by itself where it can be seen, and by
/// its number where it is none of ASCII, because it may look like another.
pub(super) fn described(character: char) -> String {
    let mut own = [0; 4];
    let itself = named(character.encode_utf8(&mut own));
    match character {
        ' ' => "a space".to_owned(),
        '!'..='~' => itself,
        _ => {
            let mut code = String::new();
            let mut number = u32::from(character);
            while number > 0 || code.len() < 4 {
                code.insert(0, char::from_digit(number % 16, 16).unwrap_or_default().to_ascii_uppercase());
                number /= 16;
            }
            let is_seen = !character.is_control() && !character.is_whitespace() && !is_invisible(character);
            if is_seen { text(&[&itself, " (U+", &code, ")"]) } else { text(&["U+", &code]) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::attributes::AttributeKind;
    use crate::start::profile::built_in;

    fn found(key: &str, more: Option<&str>, reserved: &[&str]) -> Vec<(String, String)> {
        let mut profile = Profile::clone(&built_in().remove(0).profiles[0]);
        profile.crm_id.other_keys = vec!["Customer ID".to_owned()];
        let layout = &mut profile.attributes;
        layout.limits.key_characters = more.map(str::to_owned);
        layout.reserved = reserved.iter().map(|key| (*key).to_owned()).collect();
        let attribute = Attribute { key: key.to_owned(), value: "x".to_owned(), kind: AttributeKind::String };
        of_key(&attribute, &profile).into_iter().map(|finding| (finding.id, finding.sentence)).collect()
    }

    #[track_caller]
    fn check(key: &str, more: Option<&str>, expected: Option<&str>) {
        let sentences: Vec<_> = found(key, more, &[]).into_iter().map(|(_, sentence)| sentence).collect();
        assert_eq!(sentences, expected.into_iter().collect::<Vec<_>>(), "{key}");
    }

    #[test]
    fn a_name_of_letters_digits_and_the_usual_is_fine() {
        check("externalId", None, None);
        check("crm_customer-id.2", None, None);
        check("Custom.First name", Some(". "), None);
        check("tags[]", None, None);
        check("Customer ID", None, None);
    }

    #[test]
    fn a_special_character_in_a_name_is_named() {
        check("customer id", None, Some("The name `customer id` has a space in it"));
        check("a$b", None, Some("The name `a$b` has `$` in it"));
        check("größe", None, Some("The name `größe` has `ö` (U+00F6) in it"));
        check("\u{435}xternalId", None, Some("The name `\u{435}xternalId` has `\u{435}` (U+0435) in it"));
        check("id\u{200B}", None, Some("The name `id\u{200B}` has U+200B in it"));
        check("a.b", Some("-_"), Some("The name `a.b` has `.` in it"));
        check("", None, Some("An attribute has an empty name"));
    }

    #[test]
    fn a_reserved_name_is_told() {
        let ids = |key| found(key, None, &["context.*", "purpose"]).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids("context.tier"), ["key-reserved"]);
        assert_eq!(ids("purpose"), ["key-reserved"]);
        assert_eq!(ids("purposes"), [] as [&str; 0]);
    }
}
