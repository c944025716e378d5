//! What a privacy rule may mask on its way to the agent: e-mail addresses,
//! phone numbers and card numbers. Findings say which it is, never the value.

use crate::start::attributes::Attribute;
use crate::start::finding::{Finding, rules};

rules! {
    RULES:
    /// A value is an e-mail address.
    EMAIL = "value-email", Note,
        "A privacy rule of the service may mask it, and it is in logs and transcripts from here on.",
        "If the agent sees asterisks, look at the service's rules for sensitive data; send the CRM ID alone if that is enough.";
    /// A value is a phone number: it begins with `+`, or its key says so.
    PHONE = "value-phone", Note,
        "A privacy rule of the service may mask it, and it is in logs and transcripts from here on.",
        "If the agent sees asterisks, look at the service's rules for sensitive data; send the CRM ID alone if that is enough.";
    /// A value has the digits of a payment card, with a check digit that is right (Luhn).
    CARD = "value-card", Warning,
        "Privacy rules mask card numbers, an ID that only looks like one too; a real one does not belong into a chat.",
        "Never send card numbers as attributes. If it is the CRM ID, put letters before it, or exempt the attribute from masking.";
}

/// What a privacy rule may mask in an attribute.
pub(super) fn of_private(attribute: &Attribute) -> Option<Finding> {
    let value = attribute.value.trim();
    let words = words_of(&attribute.key);
    // A phone's number may have the check digit of a card.
    if is_phone(value, &words) {
        return Some(PHONE.of(&attribute.key, " is a phone number"));
    }
    // An IMEI has it.
    if is_card(value) && !words.iter().any(|word| word == "imei") {
        return Some(CARD.of(&attribute.key, " looks like a card number"));
    }
    is_email(value).then(|| EMAIL.of(&attribute.key, " is an e-mail address"))
}

/// Not `https://a.example/@b.c`, `widget@1.10.12` or `photo@2x.png`.
fn is_email(value: &str) -> bool {
    let Some((name, host)) = value.split_once('@') else { return false };
    let is_word = |text: &str| !text.contains(|odd: char| odd.is_whitespace() || matches!(odd, '@' | ',' | '/'));
    let is_top = |top: &str| {
        top.len() >= 2
            && !top.as_bytes()[0].is_ascii_digit()
            && !matches!(top, "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp")
    };
    let names_a_host = host.rsplit_once('.').is_some_and(|(host, top)| !host.is_empty() && is_top(top));
    !name.is_empty() && names_a_host && is_word(name) && is_word(host)
}

/// ITU-T E.164 has at most 15 digits. `+48.1374300` may as well be a place's.
fn is_phone(value: &str, words: &[String]) -> bool {
    let Some(digits) = digits_of(value.strip_prefix('+').unwrap_or(value), "()./- ") else { return false };
    let is_decimal = || value.bytes().filter(|byte| !byte.is_ascii_digit()).eq(*b"+.");
    (value.starts_with('+') && !is_decimal() || names_a_phone(words)) && (7..=15).contains(&digits.len())
}

/// Whether a name says that it is a phone's: `homePhone`, `mobile`, `tel_no`,
/// and not `mobileVersion`, `phoneVerifiedAt`, `microphone` or `telemetryId`.
fn names_a_phone(words: &[String]) -> bool {
    let what = words.iter().rev().find(|word| !matches!(word.as_str(), "number" | "no" | "nr"));
    let is_phone = |word: &str| word.contains("phone") && !word.starts_with("micro") && !word.starts_with("head");
    let is_named = |word: &String| is_phone(word) || word.starts_with("telefo") || word == "msisdn";
    match what.map_or("", String::as_str) {
        "tel" | "mobile" => true,
        "id" | "at" | "on" | "date" | "time" | "verified" | "version" | "code" => false,
        _ => words.iter().any(is_named),
    }
}

/// The words of a name in lower case: `mobileNo`, `mobile_no` and `Mobile no. 1`
/// have the same.
fn words_of(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in key.chars() {
        let begins = !before.is_ascii_alphabetic() || before.is_ascii_lowercase() && letter.is_ascii_uppercase();
        if letter.is_ascii_alphabetic() {
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.push(letter.to_ascii_lowercase()),
                None => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        before = letter;
    }
    words
}

/// ISO/IEC 7812: up to 19 digits, the last of which checks the others. The
/// networks' numbers begin with 2 to 6 and have 13 digits or more.
fn is_card(value: &str) -> bool {
    let Some(digits) = digits_of(value, " -") else { return false };
    let sum: u32 = digits.iter().rev().enumerate().map(|(place, digit)| checked(place, *digit)).sum();
    (13..=19).contains(&digits.len()) && matches!(digits[0], 2..=6) && sum.is_multiple_of(10)
}

/// What a digit adds to the sum; every second one counts double, digit by digit.
fn checked(place: usize, digit: u32) -> u32 {
    let times = if place % 2 == 1 { digit * 2 } else { digit };
    times / 10 + times % 10
}

/// The digits of a text that has nothing but them and these separators.
fn digits_of(text: &str, separators: &str) -> Option<Vec<u32>> {
    let mut digits = Vec::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(u32::from(byte - b'0')),
            _ if separators.as_bytes().contains(&byte) => {}
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::attributes::AttributeKind;

    #[track_caller]
    fn check(key: &str, value: &str, expected: Option<&str>) {
        let attribute = Attribute { key: key.to_owned(), value: value.to_owned(), kind: AttributeKind::String };
        let finding = of_private(&attribute);
        assert_eq!(finding.as_ref().map(|finding| finding.id.as_str()), expected, "{key}={value}");
        assert!(finding.is_none_or(|finding| !finding.sentence.contains(value)), "the value is never told");
    }

    #[test]
    fn what_is_private_is_told_by_its_form() {
        check("email", "jo@example.com", Some("value-email"));
        check("a", "Jo <jo@example.com>", None);
        check("a", "@example.com", None);
        check("a", "jo@localhost", None);
        check("a", "+49 (30) 901820", Some("value-phone"));
        check("phoneNumber", "030 901820", Some("value-phone"));
        check("externalId", "030901820", None);
        check("phone", "none", None);
        check("card", "4111 1111 1111 1111", Some("value-card"));
        check("card", "4111-1111-1111-1112", None);
        check("externalId", "5555555555554444", Some("value-card"));
        check("at", "1700000000125", None);
        check("imei", "490154203237518", None);
        check("deviceImei", "490154203237518", None);
        check("telemetryId", "1700000000000", None);
        check("mobileVersion", "10.12.3345", None);
        for key in
            ["tel", "Tel. 1", "userTel", "mobile", "mobile_number", "MobileNo", "homephone", "Telefonnummer", "msisdn"]
        {
            check(key, "030 901820", Some("value-phone"));
        }
        for (key, value) in [
            ("profileUrl", "https://medium.com/@ada.lovelace"),
            ("release", "chat-widget@1.10.12"),
            ("image", "photo@2x.png"),
            ("avatar", "me@3x.webp"),
            ("microphone", "12345678"),
            ("microphoneId", "12345678"),
            ("headphones", "12345678"),
            ("phoneVerifiedAt", "1700000000"),
            ("phone_id", "12345678"),
            ("latitude", "+48.1374300"),
        ] {
            check(key, value, None);
        }
        check("phone", "+48.1374300", Some("value-phone"));
        check("phone", "49 1512 345678 93", Some("value-phone"));
        check("phone", "4111 1111 1111 1111", Some("value-card"));
        check("phoneHome", "030 901820", Some("value-phone"));
        check("a", "mailto:jo@example.com", Some("value-email"));
        check("email", "jo@xn--bcher-kva.xn--p1ai", Some("value-email"));
        check("a", "0000000000000000", None);
        check("a", "", None);
    }
}
