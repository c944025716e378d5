//! Values that stand in templates and documentation until the real one takes
//! their place.

/// Whether a value is one of those that stand in examples.
pub(super) fn is_placeholder(value: &str, is_id: bool) -> bool {
    let is_between = |open, close| value.find(open).is_some_and(|at| value[at..].contains(close));
    let inside = |open, close| {
        let inside = value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).unwrap_or_default();
        if inside.contains([open, close]) { "" } else { inside }
    };
    let is_variable = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let is_upper_end = value.ends_with("XYZ") || value.ends_with("XXX");
    let lower = value.to_ascii_lowercase();
    let word = lower.trim_matches(|edge: char| !edge.is_alphanumeric());
    is_between("{{", "}}")
        || is_between("${", "}")
        || !inside('<', '>').is_empty()
        || is_variable(inside('%', '%'))
        || matches!(
            word,
            "todo" | "fixme" | "tbd" | "changeme" | "change-me" | "placeholder" | "example" | "lorem ipsum"
        )
        || is_asked_for(word, value, is_id)
        || is_upper_end && value.contains("12345")
        || lower.contains("xxxx")
}

/// What a reader is told to put in: `your-crm-id`, `YOUR API KEY`, `enter-your-id-here`. Of an ID also `Your ID` and
/// `yourCrmId`; elsewhere these may be what the page says to its reader. `word` is the value in lower case, without what
/// stands around it.
fn is_asked_for(word: &str, value: &str, is_id: bool) -> bool {
    let is_one = !value.contains(' ');
    let is_told = ["your", "insert", "enter", "put", "add", "paste"].iter().any(|verb| word.starts_with(verb));
    let Some(rest) = word.strip_prefix("your") else {
        return is_told && is_one && (word.ends_with("-here") || word.ends_with("_here"));
    };
    let is_shouted = !value.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_camel = is_id && value.starts_with("your") && value[4..].starts_with(|next: char| next.is_ascii_uppercase());
    let is_field = [" name", " email", " e-mail", " id", " phone"].contains(&rest);
    is_camel || is_field || rest.starts_with(['-', '_']) && is_one || rest.starts_with(' ') && (is_shouted || is_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], is_id: bool, expected: bool) {
        for value in values {
            assert_eq!(is_placeholder(value, is_id), expected, "{value}");
        }
    }

    #[test]
    fn a_placeholder_is_told() {
        let anywhere = [
            "CRM-12345-XYZ",
            "your-crm-id-here",
            "YOUR_CRM_ID",
            "YOUR API KEY",
            "Your name",
            "enter-your-id-here",
            "INSERT_ID_HERE",
            "TODO",
            "[TBD]",
            "<customer id>",
            "{{contact.id}}",
            "x-{{id}}",
            "${user.id}",
            "%CRM_ID%",
            "XXXX-1",
        ];
        check(&anywhere, true, true);
        check(&anywhere, false, true);
    }

    #[test]
    fn what_a_page_says_to_its_reader_is_none_but_of_an_id() {
        let said =
            ["Your account", "your customer id", "Your ID here", "your order is late", "yourBank", "Your cart | Shop"];
        check(&said, true, true);
        check(&said, false, false);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        let texts = [
            "Yourstone 7",
            "yours",
            "<p>Hello</p>",
            "we are here",
            "book-here",
            "https://shop.example/start-here",
            "100% of 5%",
            "%20%",
            "atmosphere",
        ];
        check(&texts, true, false);
        check(&texts, false, false);
    }
}
