//! The plain start: `{"configurationId": "...", "attributes": {"name": value, ...}, ...}`, or a form with the same.

use super::{Configuration, Refusal, form, json_object};
use serde_json::Value;

/// The configuration that a well-formed body asks for. Attributes may be missing, and may have values of any kind:
/// a service that shows only some of them to the agent takes them all.
pub(super) fn configuration(content_type: Option<&str>, body: &[u8]) -> Result<Configuration, Refusal> {
    let body = match form::fields(content_type, body)? {
        Some(fields) => form::object(fields),
        None => json_object(body)?,
    };
    let Some(Value::String(id)) = body.get("configurationId") else {
        return Err(Refusal::invalid_field("bad.request", "configurationId", "must be a string"));
    };
    match body.get("attributes") {
        None | Some(Value::Null | Value::Object(_)) => Ok(Configuration::from(id.as_str())),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(Refusal::invalid_field("bad.request", "attributes", "must be an object"))
        }
    }
}
