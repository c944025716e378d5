//! Signed tokens (JWT, RFC 7519): what they claim, for reading. Who changes a
//! claim breaks the signature, so nothing here writes.

/// The claims of a token, as JSON text; none where it is no token.
pub fn claims(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (_header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    String::from_utf8(from_base64url(claims)?).ok().filter(|claims| claims.starts_with('{'))
}

/// RFC 4648, section 5, without padding.
fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let mut bits = 0_u32;
    let mut count = 0;
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_of_a_token_can_be_read() {
        // {"alg":"HS256"} . {"sub":"widget","attributes":{"name":"André?"}}
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3aWRnZXQiLCJhdHRyaWJ1dGVzIjp7Im5hbWUiOiJBbmRyw6k_In19.c2ln";
        assert_eq!(claims(token).as_deref(), Some(r#"{"sub":"widget","attributes":{"name":"André?"}}"#));
        for other in ["", "a.b", "a.!!.c", "a.bm90IGpzb24.c"] {
            assert_eq!(claims(other), None, "{other}");
        }
    }
}
