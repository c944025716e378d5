//! Names and IDs that look alike: letters of other alphabets, and spellings
//! that differ in case, in separators or by a slip of the fingers.
//!
//! The letters are the Cyrillic and Greek ones that fonts draw like Latin
//! ones, and the dashes and spaces that word processors put in place of what
//! was typed: what turns up in pasted IDs, not all of Unicode's confusables.

/// What looks like another character, each at the place of its like in [`PLAIN`].
const ODD: &str = "АВЕЅІЈКМНОРСТУХаеорсухѕіјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιαρυκχ‐‑‒–—―−\u{A0}\u{2007}\u{202F}";
const PLAIN: &str = "ABESIJKMHOPCTYXaeopcyxsijhdqwABEZHIKMNOPTYXoviapukx-------   ";

/// The character of ASCII that this one looks like, if there is one.
pub(super) fn like(character: char) -> Option<char> {
    if character.is_ascii() {
        return None;
    }
    // The wide forms of East Asian fonts.
    if let wide @ 0xFF01..=0xFF5E = u32::from(character) {
        return char::from_u32(wide - 0xFF01 + 0x21);
    }
    ODD.chars().zip(PLAIN.chars()).find(|(odd, _)| *odd == character).map(|(_, plain)| plain)
}

/// The first character of a text that only looks like one of ASCII, with that
/// one. None where the whole text is in that alphabet: a name in Greek is a
/// name, and a number behind it makes it no other.
pub(super) fn first_odd(text: &str) -> Option<(char, char)> {
    let is_odd = |character: char| !character.is_ascii() && character.is_alphanumeric() && like(character).is_none();
    let is_mixed = text.chars().any(|character| character.is_ascii_alphabetic())
        || text.chars().any(|character| character.is_ascii_digit()) && !text.chars().any(is_odd);
    text.chars().filter(|_| is_mixed).find_map(|odd| Some((odd, like(odd)?)))
}

/// How two different names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// In all but case, separators and alphabet.
    Spelling,
    /// But for one letter that is missing, added, another, or swapped with its neighbour.
    Slip,
}

/// Whether two names are different, and so alike that one is likely meant as the other.
pub(super) fn likeness(one: &str, other: &str) -> Option<Likeness> {
    if one == other || one.len().abs_diff(other.len()) > 16 {
        return None;
    }
    let (one, other) = (folded(one), folded(other));
    if one == other {
        return Some(Likeness::Spelling);
    }
    // `customerIp` is no slip of `customerId`.
    let is_last = one.len() == other.len() && one[..one.len() - 1] == other[..other.len() - 1];
    let is_slip = one.len().min(other.len()) >= 5 && !is_last && is_one_slip(&one, &other) && !are_words(&one, &other);
    is_slip.then_some(Likeness::Slip)
}

/// Words that stand in the names of IDs, and are one slip apart.
const WORDS: [&str; 4] = ["contact", "contract", "card", "cart"];

/// Whether two names differ in a word, so that it takes no slip to write either.
fn are_words(one: &[u8], other: &[u8]) -> bool {
    let word_of =
        |name: &[u8]| WORDS.iter().position(|word| name.windows(word.len()).any(|part| part == word.as_bytes()));
    word_of(one).zip(word_of(other)).is_some_and(|(one, other)| one != other)
}

/// Letters and digits alone, in lower case, each as it looks.
fn folded(name: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(name.len());
    for character in name.chars() {
        let plain = like(character).unwrap_or(character);
        if plain.is_ascii_alphanumeric() {
            folded.push(plain.to_ascii_lowercase() as u8);
        }
    }
    folded
}

fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    match (one, other) {
        ([_, one @ ..], [_, other @ ..]) if one == other => true,
        ([a, b, one @ ..], [c, d, other @ ..]) if (a, b) == (d, c) && one == other => true,
        ([_, one @ ..], _) if one == other => true,
        (_, [_, other @ ..]) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_odd_character_has_its_like() {
        assert_eq!(ODD.chars().count(), PLAIN.chars().count());
        assert!(PLAIN.is_ascii() && !ODD.chars().any(|odd| odd.is_ascii()));
    }

    #[track_caller]
    fn check_odd(text: &str, expected: Option<char>) {
        assert_eq!(first_odd(text).map(|(_, plain)| plain), expected, "{text}");
    }

    #[test]
    fn a_letter_of_another_alphabet_is_found_among_latin_ones() {
        check_odd("CRM-12345", None);
        check_odd("\u{421}RM-12345", Some('C'));
        check_odd("CRM\u{2013}12345", Some('-'));
        check_odd("CRM-\u{FF11}2345", Some('1'));
        check_odd("\u{39F}-12345", Some('O'));
        check_odd("Αθήνα", None);
        check_odd("привет1", None);
        check_odd("Müller-7", None);
    }

    #[track_caller]
    fn check_alike(one: &str, other: &str, expected: bool) {
        assert_eq!(likeness(one, other).is_some(), expected, "{one} {other}");
        assert_eq!(likeness(other, one), likeness(one, other), "{other} {one}");
    }

    #[test]
    fn a_near_spelling_is_told_from_another_name() {
        for near in ["ExternalID", "external_id", "external-id", "exernalId", "extrenalId", "externalIds", "externelId"]
        {
            check_alike("externalId", near, true);
        }
        check_alike("externalId", "\u{435}xternalId", true);
        for other in ["externalId", "internalId", "external", "id", "externalKey"] {
            check_alike("externalId", other, false);
        }
        check_alike("crmId", "cmrId", true);
        check_alike("tier", "tie", false);
        check_alike("contactId", "contractId", false);
        check_alike("customerId", "customerIp", false);
        check_alike("user_id", "user_ip", false);
        check_alike("externalId", "externalDi", true);
        check_alike("contactId", "contatId", true);
    }
}
