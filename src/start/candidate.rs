//! A call of the page that might be a chat start, as the page script saw it.

use crate::wire::{wire_enum, wire_names, wire_struct};

/// One call that the page script's quick test let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// By which of the page's functions it goes out.
    pub transport: Transport,
    /// The method in upper case, as it goes out.
    pub method: String,
    /// The address, resolved: scheme, host, path, query.
    pub url: String,
    /// What it carries.
    pub body: Body,
}

wire_struct!(Candidate { transport: "transport", method: "method", url: "url", body: "body" });

/// The page's function that a candidate came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `fetch()`
    Fetch,
    /// `XMLHttpRequest`
    Xhr,
}

wire_names!(Transport { Fetch: "fetch", Xhr: "xhr" });

/// What a candidate carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing at all.
    Nothing,
    /// Text, whole, as the server would get it.
    Text {
        /// The text.
        text: String,
    },
    /// More than the page script carries ([`MAX_BODY_CHARACTERS`]).
    TooLarge {
        /// Its length in UTF-16 code units.
        characters: u64,
    },
    /// A kind of object that is not understood yet, such as `Blob`.
    Unsupported {
        /// The object's name in the page.
        name: String,
    },
}

wire_enum!(Body {
    Nothing: "nothing",
    Text { text: "text" }: "text",
    TooLarge { characters: "characters" }: "tooLarge",
    Unsupported { name: "name" }: "unsupported",
});

/// Above this many UTF-16 code units a body stays in the page and the start
/// goes out as written. No chat service known to us takes a start of 1 MB.
pub const MAX_BODY_CHARACTERS: u64 = 4_000_000;

impl Candidate {
    /// The path of the address, without query and fragment.
    pub fn path(&self) -> &str {
        path_of(&self.url)
    }
}

fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |slash| &after_scheme[slash..]);
    path.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_neither_host_nor_query() {
        assert_eq!(path_of("https://api.example/a/b?c=/d#e"), "/a/b");
        assert_eq!(path_of("https://api.example"), "");
        assert_eq!(path_of("https://api.example/?x=/conversations/webchat"), "/");
    }
}
