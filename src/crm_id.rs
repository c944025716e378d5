//! What a tester types in: the CRM ID, and the attribute that carries it.
//!
//! Both are checked here, once, when they come in. Behind this door nothing
//! asks again whether an ID is blank or has an invisible character in it.

use std::fmt;

use thiserror::Error;

use crate::wire::wire_text;

/// The longest CRM ID or attribute name, in characters.
pub const MAX_CHARACTERS: usize = 256;

/// The customer's identifier in the CRM: 1 to 256 visible characters.
///
/// Spaces are allowed inside, not at the ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmId(String);

/// The name of an attribute: 1 to 256 visible characters.
///
/// Spaces are allowed inside, not at the ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeKey(String);

/// Why a typed text was refused, in words for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the {what} {why}")]
pub struct Refused {
    what: &'static str,
    why: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
enum Reason {
    #[error("is blank")]
    Blank,
    #[error("has {0} characters, more than {MAX_CHARACTERS}")]
    TooLong(usize),
    #[error("begins or ends with a space")]
    SpaceAtEdge,
    #[error("has a control character at position {position} (U+{code:04X})")]
    Control { position: usize, code: u32 },
    #[error("has an invisible character at position {position} (U+{code:04X})")]
    Invisible { position: usize, code: u32 },
}

impl CrmId {
    /// The ID as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AttributeKey {
    /// The name as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

wire_text!(CrmId);
wire_text!(AttributeKey);

impl TryFrom<String> for CrmId {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        check("CRM ID", &text)?;
        Ok(Self(text))
    }
}

impl TryFrom<String> for AttributeKey {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        check("attribute", &text)?;
        Ok(Self(text))
    }
}

impl From<CrmId> for String {
    fn from(id: CrmId) -> Self {
        id.0
    }
}

impl From<AttributeKey> for String {
    fn from(key: AttributeKey) -> Self {
        key.0
    }
}

impl fmt::Display for CrmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AttributeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(what: &'static str, text: &str) -> Result<(), Refused> {
    let refuse = |why| Err(Refused { what, why });
    if text.trim().is_empty() {
        return refuse(Reason::Blank);
    }
    for (index, character) in text.chars().enumerate() {
        let (position, code) = (index + 1, u32::from(character));
        if character.is_control() {
            return refuse(Reason::Control { position, code });
        }
        if is_invisible(character) {
            return refuse(Reason::Invisible { position, code });
        }
    }
    if text.trim().len() != text.len() {
        return refuse(Reason::SpaceAtEdge);
    }
    match text.chars().count() {
        0..=MAX_CHARACTERS => Ok(()),
        length => refuse(Reason::TooLong(length)),
    }
}

/// Whether a character takes no room on screen, so that two IDs that differ
/// only in it look alike: Unicode's format characters that turn up in pasted
/// text, and its line and paragraph separators.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Wire;

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let refused = CrmId::try_from(text.to_owned()).unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }

    #[track_caller]
    fn check_taken(text: &str) {
        assert_eq!(CrmId::try_from(text.to_owned()).unwrap().as_str(), text);
    }

    #[test]
    fn ids_that_a_crm_gives_are_taken_as_typed() {
        check_taken("CRM-12345-XYZ");
        check_taken("4711");
        check_taken("0012x00000AbCdE");
        check_taken("Müller & Söhne / 7");
        check_taken(&"9".repeat(256));
        check_taken(&"é".repeat(256));
    }

    #[test]
    fn ids_that_nobody_could_see_or_find_are_refused_with_the_reason() {
        check_refused("", "the CRM ID is blank");
        check_refused(" \u{00A0} ", "the CRM ID is blank");
        check_refused("CRM-1 ", "the CRM ID begins or ends with a space");
        check_refused(&"é".repeat(300), "the CRM ID has 300 characters, more than 256");
        check_refused("CRM\u{7}1", "the CRM ID has a control character at position 4 (U+0007)");
        check_refused("CRM-1\n", "the CRM ID has a control character at position 6 (U+000A)");
        check_refused("CRM\u{200B}-1", "the CRM ID has an invisible character at position 4 (U+200B)");
        check_refused("\u{FEFF}CRM-1", "the CRM ID has an invisible character at position 1 (U+FEFF)");
        check_refused("CRM\u{202E}1", "the CRM ID has an invisible character at position 4 (U+202E)");
    }

    #[test]
    fn an_attribute_is_held_to_the_same_rules() {
        let refused = AttributeKey::try_from(String::new()).unwrap_err();
        assert_eq!(refused.to_string(), "the attribute is blank");
        assert!(AttributeKey::try_from("crm.customer id".to_owned()).is_ok());
    }

    #[test]
    fn a_stored_id_is_checked_again_when_it_is_read() {
        assert!(CrmId::from_text(r#""CRM-1""#).is_ok());
        assert_eq!(CrmId::from_text(r#""""#).unwrap_err().to_string(), "the CRM ID is blank");
    }
}
