//! `multipart/form-data` (RFC 7578 over RFC 2046): parts between lines that
//! are the boundary, each with headers, a blank line and a value.
//!
//! Preamble, epilogue, headers and files stay as the page wrote them. Bytes
//! are looked at, never text: a part may hold a picture.

use thiserror::Error;

use super::fields::Field;
use super::readable::readable;

/// The longest boundary that RFC 2046 allows.
const MAX_BOUNDARY: usize = 70;

/// Why a body is not what its content type says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotMultipart {
    /// The content type names no boundary.
    #[error("the content type is multipart/form-data and names no boundary")]
    NoBoundary,
    /// The boundary is longer than RFC 2046 allows.
    #[error("the content type names a boundary of {bytes} bytes, more than {MAX_BOUNDARY}")]
    LongBoundary {
        /// Its length.
        bytes: usize,
    },
    /// No line of the body is the boundary.
    #[error("no line of the body is the boundary that the content type names")]
    OtherBoundary,
    /// The lines end as on Unix.
    #[error("the lines of the multipart body end with LF alone, not with CRLF")]
    BareLineFeeds,
    /// The line that ends the body is missing.
    #[error("the multipart body ends without its closing boundary")]
    Unclosed,
    /// A part's headers do not end.
    #[error("part {part} of the multipart body has no blank line after its headers")]
    NoBlankLine {
        /// Which part, counted from 1.
        part: usize,
    },
    /// A part has no name.
    #[error("part {part} of the multipart body has no name")]
    NoName {
        /// Which part, counted from 1.
        part: usize,
    },
}

/// What a new part is made with.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    boundary: String,
    /// Where the closing boundary's line begins.
    close: usize,
}

/// A line that is the boundary.
struct Delimiter {
    /// Where the line begins, behind the CRLF that belongs to it.
    start: usize,
    /// Where the next part begins.
    end: usize,
    is_closing: bool,
}

/// The parts in the order written.
pub(super) fn parse(bytes: &[u8], content_type: &str, limit: usize) -> Result<(Vec<Field>, Frame), NotMultipart> {
    let boundary = parameter(content_type, "boundary").unwrap_or_default();
    if boundary.is_empty() {
        return Err(NotMultipart::NoBoundary);
    }
    if boundary.len() > MAX_BOUNDARY {
        return Err(NotMultipart::LongBoundary { bytes: boundary.len() });
    }
    let dashed = format!("--{boundary}");
    let Some(mut delimiter) = next_delimiter(bytes, 0, dashed.as_bytes()) else {
        let line = format!("{dashed}\n");
        let has_line = bytes.windows(line.len()).any(|window| window == line.as_bytes());
        return Err(if has_line { NotMultipart::BareLineFeeds } else { NotMultipart::OtherBoundary });
    };
    let mut fields = Vec::new();
    while !delimiter.is_closing && fields.len() <= limit {
        let start = delimiter.end;
        delimiter = next_delimiter(bytes, start, dashed.as_bytes()).ok_or(NotMultipart::Unclosed)?;
        fields.push(part(bytes, start, delimiter.start, fields.len() + 1)?);
    }
    Ok((fields, Frame { boundary: boundary.to_owned(), close: delimiter.start }))
}

/// The first line from `from` on that is the boundary; `from` begins a line.
fn next_delimiter(bytes: &[u8], from: usize, dashed: &[u8]) -> Option<Delimiter> {
    let mut start = from;
    loop {
        if let Some(behind) = bytes[start..].strip_prefix(dashed) {
            let end = start + dashed.len();
            if behind.starts_with(b"--") {
                return Some(Delimiter { start, end: end + 2, is_closing: true });
            }
            // White space that some gateway put there belongs to the boundary.
            let padding = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if behind[padding..].starts_with(b"\r\n") {
                return Some(Delimiter { start, end: end + padding + 2, is_closing: false });
            }
        }
        start += bytes[start..].windows(2).position(|two| two == b"\r\n")? + 2;
    }
}

/// The part between two boundaries: headers, a blank line, the value, CRLF.
fn part(bytes: &[u8], start: usize, end: usize, part: usize) -> Result<Field, NotMultipart> {
    let mut disposition = None;
    let mut is_encoded = false;
    let mut line_start = start;
    loop {
        let rest = &bytes[line_start..end];
        // The last CRLF belongs to the boundary behind it, so the blank line is not it.
        let length = rest.windows(2).position(|two| two == b"\r\n").ok_or(NotMultipart::NoBlankLine { part })?;
        let line = readable(&rest[..length]).0;
        line_start += length + 2;
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-disposition") => {
                disposition = Some(value.to_owned());
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-transfer-encoding") => {
                let plain = ["7bit", "8bit", "binary"];
                is_encoded = !plain.iter().any(|plain| value.trim().eq_ignore_ascii_case(plain));
            }
            _ => {}
        }
    }
    // Without a CRLF of its own before the boundary there is no value at all.
    let value_end = end.checked_sub(2).filter(|end| *end >= line_start).ok_or(NotMultipart::NoBlankLine { part })?;
    let disposition = disposition.unwrap_or_default();
    let name = parameter(&disposition, "name").ok_or(NotMultipart::NoName { part })?;
    let mut field = Field::new(&unescaped(name), line_start..value_end, true);
    if parameter(&disposition, "filename").or_else(|| parameter(&disposition, "filename*")).is_some() {
        field.sealed = Some("a file");
    } else if is_encoded {
        field.sealed = Some("a part in a transfer encoding");
    }
    Ok(field)
}

/// The value of a header's parameter, without quotes. A backslash stands for
/// itself, as in all browsers.
pub(super) fn parameter<'h>(header: &'h str, wanted: &str) -> Option<&'h str> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.bytes().rposition(|byte| byte == b';').map_or(name, |semicolon| &name[semicolon + 1..]).trim();
        let after = after.trim_start();
        let (value, behind) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => {
                let (value, behind) = after.split_at(after.find(';').unwrap_or(after.len()));
                (value.trim_end(), behind)
            }
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = behind.split_once(';')?.1;
    }
}

/// A name as the page gave it: browsers escape a quote and line ends, and
/// nothing else.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

impl Frame {
    /// Where another part goes, and what goes there: before the closing boundary.
    pub(super) fn appended(&self, name: &str, value: &str) -> (usize, String) {
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let headers = format!("--{}\r\nContent-Disposition: form-data; name=\"{name}\"", self.boundary);
        (self.close, format!("{headers}\r\n\r\n{value}\r\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=B";

    fn part_of(name: &str, value: &str) -> String {
        format!("--B\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n")
    }

    #[track_caller]
    fn check(body: &str, expected: &[(&str, &str)]) {
        let (fields, _) = parse(body.as_bytes(), TYPE, 100).unwrap();
        let found: Vec<_> =
            fields.iter().map(|field| (field.name(), field.sealed.unwrap_or(&body[field.range()]))).collect();
        let expected: Vec<_> = expected.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_refused(content_type: &str, body: &str, expected: &str) {
        assert_eq!(parse(body.as_bytes(), content_type, 100).unwrap_err().to_string(), expected);
    }

    #[test]
    fn parts_are_read_in_order() {
        check("--B--", &[]);
        check("preamble\r\n--B--\r\nepilogue --B\r\n", &[]);
        check(&format!("{}--B--\r\n", part_of("name=\"a[b]\"", "1")), &[("a[b]", "1")]);
        check(
            &format!("{}{}--B--", part_of("name=a", ""), part_of("name=\"a\"", "x\r\ny\r\n")),
            &[("a", ""), ("a", "x\r\ny\r\n")],
        );
        check(&format!("{}--B--", part_of("name=\"a\"", "--Bx\r\n--BB--\r\n --B")), &[("a", "--Bx\r\n--BB--\r\n --B")]);
        check("--B \t\r\ncontent-disposition:form-data ;NAME = \"a;b\"\r\nX: y\r\n\r\n1\r\n--B--", &[("a;b", "1")]);
    }

    #[test]
    fn names_are_escaped_as_browsers_do() {
        check(&format!("{}--B--", part_of("name=\"a%22%0D%0A%25\\\"", "1")), &[("a\"\r\n%25\\", "1")]);
    }

    #[test]
    fn files_and_encoded_parts_are_left_alone() {
        check(&format!("{}--B--", part_of("name=\"a\"; filename=\"x;y.png\"", "1")), &[("a", "a file")]);
        check(&format!("{}--B--", part_of("name=\"a\"; filename=\"\"", "1")), &[("a", "a file")]);
        check(&format!("{}--B--", part_of("name=\"a\"; filename*=UTF-8''x", "1")), &[("a", "a file")]);
        let header = "name=\"a\"\r\nContent-Transfer-Encoding: base64";
        check(&format!("{}--B--", part_of(header, "MQ==")), &[("a", "a part in a transfer encoding")]);
        let header = "name=\"a\"\r\nContent-Transfer-Encoding: 8BIT";
        check(&format!("{}--B--", part_of(header, "1")), &[("a", "1")]);
    }

    #[test]
    fn a_boundary_may_be_quoted() {
        for content_type in ["multipart/form-data;charset=utf-8; Boundary=\"a b=;\"", "x;boundary=\"a b=;\";y=z"] {
            assert!(parse(b"--a b=;--", content_type, 100).is_ok(), "{content_type}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_reason() {
        let none = "the content type is multipart/form-data and names no boundary";
        check_refused("multipart/form-data", "--B--", none);
        check_refused("multipart/form-data; boundary=\"\"", "--B--", none);
        let long = format!("multipart/form-data; boundary={}", "b".repeat(71));
        check_refused(&long, "", "the content type names a boundary of 71 bytes, more than 70");
        check_refused(TYPE, "--C--", "no line of the body is the boundary that the content type names");
        check_refused(TYPE, "x--B--", "no line of the body is the boundary that the content type names");
        check_refused(TYPE, &part_of("name=\"a\"", "1"), "the multipart body ends without its closing boundary");
        let bare = part_of("name=\"a\"", "1").replace('\r', "");
        check_refused(TYPE, &bare, "the lines of the multipart body end with LF alone, not with CRLF");
        let no_name = format!("{}{}--B--", part_of("name=\"a\"", "1"), part_of("other=\"a\"", "1"));
        check_refused(TYPE, &no_name, "part 2 of the multipart body has no name");
        let no_blank_line = "part 1 of the multipart body has no blank line after its headers";
        check_refused(TYPE, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n--B--", no_blank_line);
        check_refused(TYPE, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--B--", no_blank_line);
        check_refused(TYPE, "--B\r\n--B--", no_blank_line);
    }
}
