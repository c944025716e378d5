//! `application/x-www-form-urlencoded`: `name=value&name=value`, read field
//! by field, and edited so that `+` or `%20`, `%C3` or `%c3` and empty
//! segments stay as the page wrote them.

use super::fields::Field;
use super::readable::{Places, readable};

/// How a form spells what may be spelled in two ways, for what is added to it.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    space: &'static str,
    open: &'static str,
    close: &'static str,
    /// Behind the last field; none where there is no field.
    end: Option<usize>,
}

/// The fields in the order written. There is no form that cannot be read:
/// any text is a form.
pub(super) fn parse(bytes: &[u8], limit: usize) -> (Vec<Field>, Habits) {
    let mut fields = Vec::new();
    let mut has_raw_bracket = false;
    let mut has_escaped_bracket = false;
    let mut end = None;
    let mut start = 0;
    for segment in bytes.split(|byte| *byte == b'&') {
        let segment_end = start + segment.len();
        if !segment.is_empty() && fields.len() <= limit {
            let equals = segment.iter().position(|byte| *byte == b'=');
            let raw_name = &segment[..equals.unwrap_or(segment.len())];
            let name = readable(&decode(raw_name).0).0;
            let is_escaped = !raw_name.contains(&b'[');
            has_raw_bracket |= !is_escaped;
            has_escaped_bracket |= is_escaped && name.contains('[');
            let value = equals.map_or(segment_end, |equals| start + equals + 1)..segment_end;
            fields.push(Field::new(&name, value, equals.is_some()));
            end = Some(segment_end);
        }
        start = segment_end + 1;
    }
    let has_percent_20 = bytes.windows(3).any(|three| three == b"%20");
    let space = if has_percent_20 && !bytes.contains(&b'+') { "%20" } else { "+" };
    let (open, close) = if has_raw_bracket && !has_escaped_bracket { ("[", "]") } else { ("%5B", "%5D") };
    (fields, Habits { space, open, close, end })
}

/// A name or value with its escapes resolved; `%` without two hexadecimal
/// digits stands for itself, as browsers and servers read it.
pub(super) fn decode(raw: &[u8]) -> (Vec<u8>, Places) {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut places = Places::default();
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        match (byte, escaped(&raw[at..])) {
            (_, Some(escaped)) => {
                at += 3;
                decoded.push(escaped);
                places.shift(decoded.len(), at);
            }
            (b'+', None) => {
                at += 1;
                decoded.push(b' ');
            }
            (other, None) => {
                at += 1;
                decoded.push(*other);
            }
        }
    }
    (decoded, places)
}

/// Whether there is a `%` that begins no escape.
pub(super) fn has_broken_escape(raw: &[u8]) -> bool {
    (0..raw.len()).any(|at| raw[at] == b'%' && escaped(&raw[at..]).is_none())
}

fn escaped(raw: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = raw else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*high)? << 4 | digit(*low)?)
}

impl Habits {
    /// Text as the `URLSearchParams` of browsers writes it, but for the space.
    pub(super) fn encode(&self, text: &str) -> String {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let mut encoded = String::with_capacity(text.len());
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => encoded.push(char::from(byte)),
                b' ' => encoded.push_str(self.space),
                _ => {
                    encoded.push('%');
                    encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
                    encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
                }
            }
        }
        encoded
    }

    /// Where another field goes, and what goes there: behind the last field,
    /// before an `&` that ends the body.
    pub(super) fn appended(&self, keys: &[&str], value: &str) -> (usize, String) {
        let mut field = if self.end.is_some() { "&".to_owned() } else { String::new() };
        for (index, key) in keys.iter().enumerate() {
            let (open, close) = if index == 0 { ("", "") } else { (self.open, self.close) };
            field = field + open + &self.encode(key) + close;
        }
        (self.end.unwrap_or(0), field + "=" + &self.encode(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &[(&str, &str)]) {
        let (fields, _) = parse(body.as_bytes(), 100);
        let text = |raw: &str| readable(&decode(raw.as_bytes()).0).0;
        let found: Vec<_> = fields.iter().map(|field| (field.name(), text(&body[field.range()]))).collect();
        let expected: Vec<_> = expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_appended(body: &str, expected: &str) {
        let (at, field) = parse(body.as_bytes(), 100).1.appended(&["a", "b c"], "é +*-._~\"");
        assert_eq!(format!("{}{field}{}", &body[..at], &body[at..]), expected);
    }

    #[test]
    fn fields_are_read_in_order_with_their_escapes_resolved() {
        check("a=1&b=2", &[("a", "1"), ("b", "2")]);
        check("a=1&&b=2&", &[("a", "1"), ("b", "2")]);
        check("a&=1&b=&c==&", &[("a", ""), ("", "1"), ("b", ""), ("c", "=")]);
        check("x+y=a+b%20c%2B&%5b=%5D", &[("x y", "a b c+"), ("[", "]")]);
        check("a=%C3%a9%e9%&b=%4&c=%zz", &[("a", "é\u{FFFD}%"), ("b", "%4"), ("c", "%zz")]);
        check("a[b][c]=1&a%5Bb%5D%5Bd%5D=2", &[("a[b][c]", "1"), ("a[b][d]", "2")]);
        check("", &[]);
        check("&&", &[]);
    }

    #[test]
    fn a_new_field_is_spelled_as_a_browser_does_or_like_its_neighbours() {
        check_appended("", "a%5Bb+c%5D=%C3%A9+%2B*-._%7E%22");
        check_appended("x=1", "x=1&a%5Bb+c%5D=%C3%A9+%2B*-._%7E%22");
        check_appended("x[y]=%20", "x[y]=%20&a[b%20c]=%C3%A9%20%2B*-._%7E%22");
        check_appended("x[y]=+%20&", "x[y]=+%20&a[b+c]=%C3%A9+%2B*-._%7E%22&");
        check_appended("x[y]=1&x%5Bz%5D=1&&", "x[y]=1&x%5Bz%5D=1&a%5Bb+c%5D=%C3%A9+%2B*-._%7E%22&&");
    }

    #[test]
    fn a_percent_sign_that_begins_no_escape_is_seen() {
        for (raw, expected) in
            [("%20", false), ("100%", true), ("%4", true), ("%g0", true), ("%25%", true), ("", false)]
        {
            assert_eq!(has_broken_escape(raw.as_bytes()), expected, "{raw}");
        }
    }
}
