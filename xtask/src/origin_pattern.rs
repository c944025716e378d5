//! Reads the sites that a tester names on the command line, as both browsers understand them.

use std::fmt;
use std::str::FromStr;

use anyhow::{Error, Result, bail};

/// Every page of a scheme and host, such as `https://*.shop.example/*`.
///
/// A port is dropped, because Firefox refuses one in a match pattern; the pattern then holds for every port. A path is
/// dropped, because a site is enabled as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OriginPattern(String);

impl OriginPattern {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for OriginPattern {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        const EXAMPLES: &str =
            "write an origin such as http://127.0.0.1:8080, or a pattern such as https://*.shop.example/*";
        let Some((scheme, rest)) = text.split_once("://") else {
            bail!("`{text}` names no site; {EXAMPLES}");
        };
        if !matches!(scheme, "http" | "https" | "*") {
            bail!("`{text}` is neither http nor https; {EXAMPLES}");
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        if host.starts_with('[') {
            bail!("`{text}` is an IPv6 address, which match patterns of the browsers do not take; use a host name");
        }
        let is_port = |port: &str| port == "*" || port.parse::<u16>().is_ok();
        if port.is_some_and(|port| !is_port(port)) {
            bail!("the port of `{text}` is no number; {EXAMPLES}");
        }
        let host = host.to_ascii_lowercase();
        let is_label = |label: &str| {
            !label.is_empty() && label.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'))
        };
        let fixed = host.strip_prefix("*.").unwrap_or(&host);
        if host != "*" && !fixed.split('.').all(is_label) {
            bail!(
                "the host of `{text}` is no host name; a star stands only for a whole host or before its first dot; {EXAMPLES}"
            );
        }
        Ok(Self(format!("{scheme}://{host}/*")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<OriginPattern>().unwrap().as_str(), expected);
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let error = text.parse::<OriginPattern>().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn origins_become_patterns() {
        check("http://127.0.0.1:8080", "http://127.0.0.1/*");
        check("http://127.0.0.1:8080/", "http://127.0.0.1/*");
        check("https://Shop.Example", "https://shop.example/*");
        check("https://shop.example/chat/start?x=1", "https://shop.example/*");
        check("https://shop.example?x", "https://shop.example/*");
        check("http://localhost", "http://localhost/*");
    }

    #[test]
    fn patterns_stay() {
        check("https://*.shop.example/*", "https://*.shop.example/*");
        check("*://shop.example/*", "*://shop.example/*");
        check("https://*/*", "https://*/*");
        check("http://localhost:*/*", "http://localhost/*");
    }

    #[test]
    fn anything_else_is_refused() {
        check_refused("shop.example", "names no site");
        check_refused("<all_urls>", "names no site");
        check_refused("file:///tmp/x", "neither http nor https");
        check_refused("https://", "no host name");
        check_refused("https://shop.*/", "a star stands only");
        check_refused("https://me@shop.example", "no host name");
        check_refused("https://shop..example", "no host name");
        check_refused("https://shop.example:http", "no number");
        check_refused("http://[::1]:8080", "IPv6");
    }
}
