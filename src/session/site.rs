//! A site as a tester enables it: scheme and host, whatever the port.
//!
//! Browsers grant access to a site by match pattern, and Firefox has no port
//! in those. So a site has none either: `http://localhost` is every server of
//! that machine's developer.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::joined::until;
use crate::start::candidate::split_scheme;
use crate::wire::wire_text;

/// A site: `https://shop.example`, in lower case, without port and path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site(String);

/// Some sites: `https://shop.example/*`, `https://*.shop.example/*`, `*://localhost/*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SitePattern(String);

/// Why a text is no site.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a site: write it as https://shop.example, in lower case, without port and path")]
pub struct NotASite(String);

/// Why a text is no pattern of sites.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("\"{0}\" is not an origin or a match pattern: write it as https://shop.example or https://*.shop.example/*")]
pub struct NotAPattern(String);

/// Why a text that somebody typed is no pattern of sites, in their words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}: write it as https://shop.example or https://*.shop.example/*")]
pub struct Mistyped(&'static str);

impl Site {
    /// The site of an address; none for anything but `http:` and `https:`.
    pub fn of_url(url: &str) -> Option<Self> {
        let (scheme, rest) = split_scheme(url)?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return None;
        }
        let authority = until(rest, b"/?#");
        let host = split_last(authority, b'@').map_or(authority, |(_, host)| host);
        let host = without_port(host).to_ascii_lowercase();
        is_host(&host).then(|| Self(format!("{scheme}://{host}")))
    }

    /// The site as text, `https://shop.example`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers likely take both for the same site when they keep
    /// storage apart: the last two names of their hosts are the same. Without
    /// the list of public suffixes, two shops under `co.uk` count as one.
    pub fn is_beside(&self, other: &Self) -> bool {
        let domain = |site: &Self| {
            let dots = site.0.rmatch_indices(['.', '/']).map(|(at, _)| at).take(2);
            site.0[dots.last().unwrap_or_default()..].to_owned()
        };
        domain(self)[1..] == domain(other)[1..]
    }

    /// The match pattern that covers the site and nothing else.
    pub fn pattern(&self) -> String {
        format!("{}/*", self.0)
    }
}

impl SitePattern {
    /// Whether a site is among them.
    pub fn covers(&self, site: &Site) -> bool {
        let (Some((scheme, rest)), Some((site_scheme, host))) = (split_scheme(&self.0), split_scheme(&site.0)) else {
            return false;
        };
        let pattern_host = rest.strip_suffix("/*").unwrap_or(rest);
        let is_host_covered = match pattern_host.strip_prefix("*.") {
            Some(domain) => host == domain || host.strip_suffix(domain).is_some_and(|left| left.ends_with('.')),
            None => pattern_host == "*" || pattern_host == host,
        };
        (scheme == "*" || scheme == site_scheme) && is_host_covered
    }

    /// The pattern as a manifest has it, `https://shop.example/*`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one site that it covers, if it is one.
    pub fn as_site(&self) -> Option<Site> {
        Site::try_from(self.0.strip_suffix("/*")?.to_owned()).ok()
    }
}

wire_text!(Site);
wire_text!(SitePattern);

impl TryFrom<String> for Site {
    type Error = NotASite;

    fn try_from(text: String) -> Result<Self, NotASite> {
        match Self::of_url(&text) {
            Some(site) if site.0 == text => Ok(site),
            Some(_) | None => Err(NotASite(text)),
        }
    }
}

impl TryFrom<String> for SitePattern {
    type Error = NotAPattern;

    /// Takes an origin or a match pattern; a port is left out.
    fn try_from(text: String) -> Result<Self, NotAPattern> {
        let refused = || NotAPattern(text.clone());
        let (scheme, rest) = split_scheme(&text).ok_or_else(refused)?;
        let scheme = scheme.to_ascii_lowercase();
        let host = rest.strip_suffix("/*").or_else(|| rest.strip_suffix('/')).unwrap_or(rest);
        let host = without_port(host).to_ascii_lowercase();
        let plain = host.strip_prefix("*.").unwrap_or(&host);
        if !matches!(scheme.as_str(), "http" | "https" | "*") || !(host == "*" || is_host(plain)) {
            return Err(refused());
        }
        Ok(Self(format!("{scheme}://{host}/*")))
    }
}

/// For a command's arguments, which say more than that a text is refused.
impl FromStr for SitePattern {
    type Err = Mistyped;

    fn from_str(text: &str) -> Result<Self, Mistyped> {
        Self::try_from(text.to_owned()).map_err(|_| Mistyped(mistake(text)))
    }
}

/// What is wrong with a text that is no pattern of sites.
fn mistake(text: &str) -> &'static str {
    let Some((scheme, rest)) = split_scheme(text) else {
        return "a scheme is missing, such as https";
    };
    if !["http", "https", "*"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return "only sites of http and https can be enabled";
    }
    let authority = until(rest, b"/?#");
    let host = authority.strip_prefix("*.").unwrap_or(authority);
    match &rest[authority.len()..] {
        _ if authority.contains('@') => "a name or password has no place in it",
        _ if is_host(without_port(host)) || authority == "*" => {
            "a whole site is enabled, so there is no path but /*, and nothing behind it"
        }
        _ if host.contains('*') => "* stands for a whole host or, as *., for what is before one",
        _ if split_last(host, b':').is_some_and(|(name, _)| is_host(name)) => {
            "the port is none, as ports go up to 65535"
        }
        _ => "the host is none",
    }
}

impl From<Site> for String {
    fn from(site: Site) -> Self {
        site.0
    }
}

impl From<SitePattern> for String {
    fn from(pattern: SitePattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for SitePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands before and behind the last one of an ASCII character. The standard library's search is a kilobyte.
fn split_last(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == character)?;
    Some((&text[..at], &text[at + 1..]))
}

fn without_port(host: &str) -> &str {
    match split_last(host, b':') {
        Some((name, port)) if !name.ends_with(':') && is_port(port) => name,
        _ => host,
    }
}

/// What may stand behind a host's colon: nothing, which means the usual port, or a port's number, or in a pattern `*`.
fn is_port(port: &str) -> bool {
    let is_number = port.bytes().all(|digit| digit.is_ascii_digit());
    port == "*" || port.is_empty() || is_number && port.parse::<i64>().is_ok_and(|port| port <= 65_535)
}

fn is_host(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inside {
        Some(address) => !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'),
        None => {
            !host.is_empty()
                && !host.starts_with('.')
                && host.as_bytes().windows(2).all(|pair| pair != b"..")
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_site(url: &str, expected: Option<&str>) {
        assert_eq!(Site::of_url(url).as_ref().map(Site::as_str), expected);
    }

    #[track_caller]
    fn check_pattern(text: &str, expected: Option<&str>) {
        assert_eq!(SitePattern::try_from(text.to_owned()).ok().as_ref().map(SitePattern::as_str), expected);
    }

    #[track_caller]
    fn check_covers(pattern: &str, url: &str, expected: bool) {
        let pattern = SitePattern::try_from(pattern.to_owned()).unwrap();
        assert_eq!(pattern.covers(&Site::of_url(url).unwrap()), expected);
    }

    #[test]
    fn a_site_is_scheme_and_host() {
        check_site("https://Shop.example:8443/a?b#c", Some("https://shop.example"));
        check_site("http://me:pw@127.0.0.1:80/", Some("http://127.0.0.1"));
        check_site("http://[::1]:3000", Some("http://[::1]"));
        check_site("http://[::1]/", Some("http://[::1]"));
        check_site("about:blank", None);
        check_site("chrome://extensions", None);
        check_site("file:///tmp/a.html", None);
        check_site("https://", None);
        check_site("null", None);
    }

    #[test]
    fn a_pattern_is_an_origin_or_a_match_pattern_without_port() {
        check_pattern("http://127.0.0.1:8080", Some("http://127.0.0.1/*"));
        check_pattern("https://shop.example/", Some("https://shop.example/*"));
        check_pattern("https://*.shop.example/*", Some("https://*.shop.example/*"));
        check_pattern("*://localhost:*/*", Some("*://localhost/*"));
        check_pattern("https://*/*", Some("https://*/*"));
        check_pattern("shop.example", None);
        check_pattern("ftp://shop.example", None);
        check_pattern("https://me@shop.example", None);
        check_pattern("https://shop..example", None);
        check_pattern("https://shop.example:http", None);
        check_pattern("https://shop.example/chat/*", None);
        check_pattern("https://sh*p.example", None);
        check_pattern("<all_urls>", None);
        check_pattern("https://shop.example:65535", Some("https://shop.example/*"));
        check_pattern("https://shop.example:65536", None);
        check_pattern("https://shop.example:+80", None);
    }

    #[track_caller]
    fn check_mistake(text: &str, expected: &str) {
        let why = text.parse::<SitePattern>().unwrap_err().to_string();
        assert_eq!(why, format!("{expected}: write it as https://shop.example or https://*.shop.example/*"), "{text}");
    }

    #[test]
    fn what_is_mistyped_is_told_apart() {
        let no_scheme = "a scheme is missing, such as https";
        check_mistake("shop.example", no_scheme);
        check_mistake("<all_urls>", no_scheme);
        check_mistake("", no_scheme);
        check_mistake("ftp://shop.example", "only sites of http and https can be enabled");
        check_mistake("https://me@shop.example", "a name or password has no place in it");
        let path = "a whole site is enabled, so there is no path but /*, and nothing behind it";
        check_mistake("https://shop.example/chat/*", path);
        check_mistake("https://*/chat", path);
        check_mistake("https://shop.example?a=b", path);
        check_mistake("https://sh*p.example", "* stands for a whole host or, as *., for what is before one");
        check_mistake("https://shop.example:http", "the port is none, as ports go up to 65535");
        check_mistake("https://shop.example:99999/*", "the port is none, as ports go up to 65535");
        check_mistake("https://shop..example", "the host is none");
        check_mistake("https://", "the host is none");
    }

    #[test]
    fn a_pattern_covers_its_sites_and_no_others() {
        check_covers("https://shop.example", "https://shop.example:8443/a", true);
        check_covers("https://shop.example", "http://shop.example/", false);
        check_covers("https://shop.example", "https://shop.example.evil.test/", false);
        check_covers("https://*.shop.example/*", "https://shop.example/", true);
        check_covers("https://*.shop.example/*", "https://a.b.shop.example/", true);
        check_covers("https://*.shop.example/*", "https://evilshop.example/", false);
        check_covers("*://localhost/*", "http://localhost:3000/", true);
        check_covers("https://*/*", "https://any.test/", true);
    }
}
