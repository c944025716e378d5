//! A call of the page that might be a chat start, as the page script saw it.

use super::body::json::Value;
use crate::joined::until;
use crate::wire::{Reader, Wire, Writer, wire_enum, wire_names, wire_struct};

/// One call that the page script's quick test let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// By which of the page's functions it goes out.
    pub transport: Transport,
    /// The method in upper case, as it goes out.
    pub method: String,
    /// The address, resolved: scheme, host, path, query.
    pub url: String,
    /// The header `Content-Type` that it goes out with, if any.
    pub content_type: Option<String>,
    /// What it carries.
    pub body: Body,
    /// Why it goes out as written whatever is decided, if it does.
    pub not_editable: Option<NotEditable>,
    /// The socket that it is a frame of, if it is one.
    pub socket: Option<Socket>,
    /// The header that signs its body or brings a token, as `name:value`, if it has one of [`SIGNATURES`].
    pub signature: Option<String>,
}

wire_struct!(Candidate {
    transport: "transport",
    method: "method",
    url: "url",
    content_type: "contentType",
    body: "body",
    not_editable: "notEditable",
    socket: "socket",
    signature: "signature",
});

/// Headers that hold a signature or digest of the body, in lower case, each
/// with how its value begins then: a body that is edited is refused. From AWS'
/// Signature Version 4, RFC 9530 and its predecessors, and RFC 9421. And the
/// headers that profiles name because a token (JWT) in them has attributes.
pub const SIGNATURES: [(&str, &str); 9] = [
    ("x-amz-content-sha256", ""),
    ("content-digest", ""),
    ("repr-digest", ""),
    ("digest", ""),
    ("content-md5", ""),
    ("signature", ""),
    ("authorization", "AWS4-"),
    (TokenHeader::AmazonSecurity.name(), TOKEN_BEGINS),
    (TokenHeader::AuthenticatedUser.name(), TOKEN_BEGINS),
];

/// A header that may bring a signed token (JWT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenHeader {
    /// Of Amazon Connect's hosted widget.
    AmazonSecurity,
    /// Of Dynamics 365, with what its page's `getAuthToken` gave.
    AuthenticatedUser,
}

/// As it is named, in a profile too.
impl Wire for TokenHeader {
    fn write(&self, writer: &mut Writer) {
        writer.text(self.name());
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        Self::ALL[reader.place_of(json, &Self::ALL.map(Self::name))]
    }
}

impl TokenHeader {
    const ALL: [Self; 2] = [Self::AmazonSecurity, Self::AuthenticatedUser];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|header| header.name() == name)
    }

    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmazonSecurity => "x-amz-security-token",
            Self::AuthenticatedUser => "authenticatedusertoken",
        }
    }
}

/// How a token (JWT, RFC 7519) begins: with `{"` in base64.
const TOKEN_BEGINS: &str = "eyJ";

impl Candidate {
    /// The header that signs its body, if one does.
    pub fn signing_header(&self) -> Option<&str> {
        self.header().map(|(header, _)| header).filter(|header| TokenHeader::named(header).is_none())
    }

    /// The header that brings a token, and the token, if one does.
    pub fn token(&self) -> Option<(TokenHeader, &str)> {
        let (header, value) = self.header()?;
        Some((TokenHeader::named(header)?, value))
    }

    fn header(&self) -> Option<(&str, &str)> {
        let header = self.signature.as_deref()?;
        let name = until(header, b":");
        Some((name, header.get(name.len() + 1..).unwrap_or_default()))
    }
}

/// The page's function that a candidate came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `fetch()`
    Fetch,
    /// `XMLHttpRequest`
    Xhr,
    /// `navigator.sendBeacon()`
    Beacon,
    /// `WebSocket.send()`; the method is [`FRAME`] then.
    WebSocket,
    /// A function that the vendor's own script gives the page. The method is
    /// [`CALL`], the address its name, the body its arguments as JSON.
    PageApi,
}

wire_names!(Transport { Fetch: "fetch", Xhr: "xhr", Beacon: "beacon", WebSocket: "webSocket", PageApi: "pageApi" });

/// What stands in the place of a method where a candidate is a call of the
/// vendor's own function.
pub const CALL: &str = "CALL";

/// What stands in the place of a method where a candidate is a frame.
pub const FRAME: &str = "FRAME";

/// Why a candidate is seen, and cannot be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEditable {
    /// A synchronous `XMLHttpRequest` stops the page until it is answered, so
    /// nobody can be asked first.
    Synchronous,
    /// A function that the vendor's script gives the page, and that has to do
    /// its work before it returns, so nobody can be asked first.
    AtOnce,
}

wire_names!(NotEditable { Synchronous: "synchronous", AtOnce: "atOnce" });

/// The WebSocket that a frame is sent on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Counts the document's sockets that might carry a start.
    pub number: u32,
    /// How many sessions the service has announced on it so far.
    pub sessions: u32,
    /// The service's last announcement, as it came.
    pub session: Option<String>,
    /// Whether the session that was announced last, or the socket where none is, has had its start.
    pub has_begun: bool,
}

wire_struct!(Socket { number: "number", sessions: "sessions", session: "session", has_begun: "hasBegun" or false });

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
    /// Bytes that are no UTF-8: each character is one byte, U+0000 to U+00FF.
    Binary {
        /// The bytes.
        bytes: String,
    },
    /// More than the page script carries ([`MAX_BODY_CHARACTERS`]).
    TooLarge {
        /// Its length in UTF-16 code units.
        characters: u64,
    },
    /// A kind of object that is not understood, such as `Document`.
    Unsupported {
        /// The object's name in the page.
        name: String,
    },
}

wire_enum!(Body {
    Nothing: "nothing",
    Text { text: "text" }: "text",
    Binary { bytes: "bytes" }: "binary",
    TooLarge { characters: "characters" }: "tooLarge",
    Unsupported { name: "name" }: "unsupported",
});

impl Body {
    /// What is carried of it, as text or a character a byte; none where
    /// nothing is.
    pub fn carried(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            Self::Binary { bytes } => Some(bytes),
            Self::Nothing | Self::TooLarge { .. } | Self::Unsupported { .. } => None,
        }
    }

    /// The same body with this carried in it; one that carries nothing stays.
    #[must_use]
    pub fn carrying(&self, carried: String) -> Self {
        match self {
            Self::Text { .. } => Self::Text { text: carried },
            Self::Binary { .. } => Self::Binary { bytes: carried },
            Self::Nothing | Self::TooLarge { .. } | Self::Unsupported { .. } => self.clone(),
        }
    }
}

/// Above this many UTF-16 code units a body stays in the page and the start
/// goes out as written. No chat service known to us takes a start of 1 MB.
pub const MAX_BODY_CHARACTERS: u64 = 4_000_000;

/// An address's scheme, and what follows its `://`.
pub(crate) fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// Scheme, host and port of an address; empty where it has none.
pub(super) fn origin_of(url: &str) -> &str {
    let Some((_, rest)) = split_scheme(url) else { return "" };
    let start = url.len() - rest.len();
    &url[..start + until(rest, b"/?#").len()]
}

/// The path of an address, without query and fragment.
pub(super) fn path_of(url: &str) -> &str {
    let after_scheme = split_scheme(url).map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |slash| &after_scheme[slash..]);
    until(path, b"?#")
}

/// The host of an address, without its port.
pub(crate) fn host_of(url: &str) -> &str {
    let after_scheme = split_scheme(url).map_or("", |(_, rest)| rest);
    let authority = until(after_scheme, b"/?#");
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // The colons of IPv6 stand in brackets.
    host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(host, _)| host)
}

/// Whether an address has a query parameter of this name.
pub(super) fn has_query(url: &str, name: &str) -> bool {
    query_value(url, name).is_some()
}

/// The query parameter of this name in an address, as it is written there.
pub(crate) fn query_value(url: &str, name: &str) -> Option<String> {
    let query = until(url, b"#").split_once('?')?.1;
    query.split('&').find_map(|pair| {
        let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
        (found == name).then(|| value.to_owned())
    })
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

    #[test]
    fn a_host_has_neither_port_nor_user() {
        assert_eq!(host_of("https://api.example:8443/a"), "api.example");
        assert_eq!(host_of("https://me:pass@api.example?x"), "api.example");
        assert_eq!(host_of("http://[2001:db8::1]:8080/a"), "[2001:db8::1]");
        assert_eq!(host_of("http://[::1]"), "[::1]");
        assert_eq!(host_of("lpTag.sdes.push"), "");
    }

    #[test]
    fn a_query_parameter_is_found_by_its_whole_name() {
        assert!(has_query("wss://a.example/v1?x=1&deploymentId=d#f", "deploymentId"));
        assert!(has_query("wss://a.example/v1?deploymentId", "deploymentId"));
        assert!(!has_query("wss://a.example/v1?xdeploymentId=d&y=deploymentId", "deploymentId"));
        assert!(!has_query("wss://a.example/v1#?deploymentId=d", "deployment"));
    }
}
