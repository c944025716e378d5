//! Reads a start that is a form, urlencoded or multipart, as the JSON object that it stands for.

use super::Refusal;
use serde_json::{Map, Value};

/// Names and values in the order of the body.
type Fields = Vec<(String, String)>;

/// The fields of a body of one of the two form types; `None` for every other type.
pub(super) fn fields(content_type: Option<&str>, body: &[u8]) -> Result<Option<Fields>, Refusal> {
    let mut parameters = content_type.unwrap_or("").split(';').map(str::trim);
    let media_type = parameters.next().unwrap_or("").to_ascii_lowercase();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => Ok(Some(form_urlencoded::parse(body).into_owned().collect())),
        "multipart/form-data" => {
            let boundary = parameters.find_map(|parameter| parameter.strip_prefix("boundary="));
            let boundary = boundary.map(|boundary| boundary.trim_matches('"')).filter(|boundary| !boundary.is_empty());
            let boundary = boundary.ok_or_else(|| Refusal::malformed("the multipart body has no boundary"))?;
            let fields = multipart(boundary, body);
            fields.map(Some).ok_or_else(|| Refusal::malformed("the multipart body is not well-formed"))
        }
        _ => Ok(None),
    }
}

/// The object of the fields: `a[b]=c` is `{"a": {"b": "c"}}`, and `attributes` may be a JSON object. Everything else
/// is a string. Where a name comes twice, the last one counts.
pub(super) fn object(fields: Fields) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in fields {
        let json = (name == "attributes").then(|| serde_json::from_str(&value).ok()).flatten();
        let value = json.filter(Value::is_object).unwrap_or(Value::String(value));
        match bracketed(&name) {
            Some((outer, inner)) => {
                let entry = object.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(entry) = entry {
                    entry.insert(inner.to_owned(), value);
                }
            }
            None => drop(object.insert(name, value)),
        }
    }
    object
}

/// `("a", "b")` of `a[b]`.
fn bracketed(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(']')?.split_once('[')
}

/// The parts of a multipart body, whatever their type; `None` where it is not as RFC 7578 has it.
fn multipart(boundary: &str, body: &[u8]) -> Option<Fields> {
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may begin the body, without a line break before it.
    let body = [b"\r\n", body].concat();
    let mut rest = after(&body, delimiter.as_bytes())?;
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let end = position(rest, delimiter.as_bytes())?;
        let part = rest[..end].strip_prefix(b"\r\n")?;
        let head_end = position(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&part[..head_end]);
        let value = String::from_utf8_lossy(&part[head_end + 4..]).into_owned();
        fields.push((part_name(&head)?, value));
        rest = &rest[end + delimiter.len()..];
    }
    Some(fields)
}

/// The field's name in the head of a part, as browsers write it: in quotes, with `%22` for a quote.
fn part_name(head: &str) -> Option<String> {
    let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let (_, name) = disposition.split_once(" name=\"")?;
    let (name, _) = name.split_once('"')?;
    Some(name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn after<'a>(bytes: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    position(bytes, wanted).map(|start| &bytes[start + wanted.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(content_type: &str, body: &str, expected: Value) {
        let fields = fields(Some(content_type), body.as_bytes()).unwrap().unwrap();
        assert_eq!(Value::Object(object(fields)), expected);
    }

    #[track_caller]
    fn check_refused(content_type: &str, body: &str) {
        assert_eq!(fields(Some(content_type), body.as_bytes()).unwrap_err().status, 400, "{body}");
    }

    #[test]
    fn a_urlencoded_body_is_an_object() {
        let kind = "application/x-www-form-urlencoded";
        check(kind, "a=b&c=d+e%20f", json!({ "a": "b", "c": "d e f" }));
        check(kind, "attributes[x]=1&attributes%5By%20z%5D=2", json!({ "attributes": { "x": "1", "y z": "2" } }));
        check(kind, "attributes=%7B%22x%22%3A7%7D&attributes[y]=2", json!({ "attributes": { "x": 7, "y": "2" } }));
        check(kind, "attributes=%7B&other=%7B%7D", json!({ "attributes": "{", "other": "{}" }));
        check(kind, "a=1&a=2", json!({ "a": "2" }));
        check(kind, "", json!({}));
    }

    #[test]
    fn a_multipart_body_is_an_object() {
        let kind = "multipart/form-data; boundary=----x";
        let part = |name: &str, value: &str| {
            format!("------x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        check(kind, &(part("a", "b") + "------x--\r\n"), json!({ "a": "b" }));
        check(kind, &(part("attributes[x]", "1\r\n2") + "------x--"), json!({ "attributes": { "x": "1\r\n2" } }));
        check(kind, &(part("say %22it%22", "") + "------x--"), json!({ "say \"it\"": "" }));
        let file = "------x\r\nContent-Disposition: form-data; name=\"attributes\"; filename=\"blob\"\r\n\
            Content-Type: application/json\r\n\r\n{\"x\":7}\r\n------x--\r\n";
        check(kind, file, json!({ "attributes": { "x": 7 } }));
        check("Multipart/Form-Data; boundary=\"----x\"", "------x--\r\n", json!({}));
    }

    #[test]
    fn a_multipart_body_that_breaks_off_is_refused() {
        check_refused("multipart/form-data", "------x--\r\n");
        check_refused("multipart/form-data; boundary=----x", "");
        check_refused(
            "multipart/form-data; boundary=----x",
            "------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb",
        );
        check_refused("multipart/form-data; boundary=----x", "------x\r\n\r\nb\r\n------x--");
    }

    #[test]
    fn other_types_are_no_forms() {
        for kind in [None, Some(""), Some("application/json"), Some("text/plain;charset=UTF-8")] {
            assert!(fields(kind, b"a=b").unwrap().is_none(), "{kind:?}");
        }
    }
}
