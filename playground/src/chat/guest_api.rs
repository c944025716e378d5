//! The start of the Genesys Cloud guest API, in which the attributes are strings at `memberInfo.customFields`.
//!
//! Which fields must be there, and the code for each that is not, come from the API description that Genesys
//! publishes for its guest chat client.

use super::{Configuration, Refusal, json_object};
use serde_json::Value;

/// The configuration that a well-formed body asks for by its `deploymentId`.
pub(super) fn configuration(body: &[u8]) -> Result<Configuration, Refusal> {
    let body = Value::Object(json_object(body)?);
    required_text(&body["organizationId"], "constraint.validation", "organizationId")?;
    let deployment_id = required_text(
        &body["deploymentId"],
        "chat.error.pattern.createconversationrequest.deploymentid",
        "deploymentId",
    )?;
    check_routing_target(&body["routingTarget"])?;
    required_text(
        &body["memberInfo"]["displayName"],
        "chat.error.notnull.createconversationrequest.memberinfo.displayname",
        "memberInfo.displayName",
    )?;
    check_custom_fields(&body["memberInfo"]["customFields"])?;
    Ok(Configuration::from(deployment_id))
}

fn check_routing_target(routing_target: &Value) -> Result<(), Refusal> {
    if routing_target.is_null() {
        let code = "chat.error.notnull.createconversationrequest.routingtarget";
        return Err(Refusal::invalid_field(code, "routingTarget", "must not be null"));
    }
    let code = "chat.error.createconversationrequest.routingtarget";
    if routing_target["targetType"] != "QUEUE" {
        return Err(Refusal::invalid_field(code, "routingTarget.targetType", "must be QUEUE"));
    }
    required_text(&routing_target["targetAddress"], code, "routingTarget.targetAddress").map(drop)
}

fn check_custom_fields(custom_fields: &Value) -> Result<(), Refusal> {
    let code = "constraint.validation";
    match custom_fields {
        Value::Null => Ok(()),
        Value::Object(fields) => match fields.iter().find(|(_, value)| !value.is_string()) {
            None => Ok(()),
            Some((name, _)) => {
                let field_name = format!("memberInfo.customFields.{name}");
                Err(Refusal::invalid_field(code, &field_name, "must be a string"))
            }
        },
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Refusal::invalid_field(code, "memberInfo.customFields", "must be a map of strings"))
        }
    }
}

fn required_text<'a>(value: &'a Value, code: &'static str, field_name: &str) -> Result<&'a str, Refusal> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text),
        Some(_) | None => Err(Refusal::invalid_field(code, field_name, "must be a string that is not empty")),
    }
}
