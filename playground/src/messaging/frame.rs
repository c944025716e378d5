//! What the service says: one JSON object a frame, always of the same five fields.

use super::failure::Failure;
use serde::Serialize;
use serde_json::{Value, json};

/// An answer, or an event, as it goes out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Frame {
    #[serde(rename = "type")]
    kind: &'static str,
    class: &'static str,
    pub(super) code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tracing_id: Option<String>,
    pub(super) body: Value,
}

impl Frame {
    /// The answer to a request.
    pub(super) fn response(class: &'static str, body: Value) -> Self {
        Self { kind: "response", class, code: 200, tracing_id: None, body }
    }

    /// A message or an event of the conversation.
    pub(super) fn message(class: &'static str, body: Value) -> Self {
        Self { kind: "message", class, code: 200, tracing_id: None, body }
    }

    /// The refusal of a request.
    pub(super) fn failure(failure: Failure) -> Self {
        let class = if failure == Failure::RateLimited { "TooManyRequestsErrorMessage" } else { "string" };
        Self { code: failure.code(), ..Self::response(class, failure.body()) }
    }

    /// A message of the customer as it comes back: what was sent, with what the service adds to it.
    pub(super) fn inbound(sent: &Value, id: &str, now_ms: u64) -> Self {
        let mut body = sent.clone();
        body["direction"] = json!("Inbound");
        body["id"] = json!(sent["id"].as_str().unwrap_or(id));
        let channel = &mut body["channel"];
        if !channel.is_object() {
            *channel = json!({});
        }
        channel["time"] = json!(iso_8601(now_ms));
        channel["messageId"] = json!(id);
        channel["type"] = json!("Private");
        channel["from"] = json!({ "nickname": "Guest" });
        Self::message("StructuredMessage", body)
    }

    /// What the playground's bot says once, when a conversation has started.
    pub(super) fn welcome(id: &str, now_ms: u64) -> Self {
        let channel = json!({
            "time": iso_8601(now_ms),
            "messageId": id,
            "type": "Private",
            "from": { "nickname": "Playground" },
        });
        let body = json!({
            "direction": "Outbound",
            "id": id,
            "channel": channel,
            "type": "Text",
            "text": "Welcome. The playground listens.",
            "originatingEntity": "Bot",
        });
        Self::message("StructuredMessage", body)
    }

    /// The text that is sent.
    pub(super) fn to_json(&self) -> String {
        // Neither a string nor a `Value` can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Such as `2026-11-22T21:28:32.007Z`, from milliseconds since 1970.
fn iso_8601(ms: u64) -> String {
    let (days, in_day) = (ms / 86_400_000, ms % 86_400_000);
    // Howard Hinnant's `civil_from_days`, for days since 1970: years begin in March, so that a leap day is the last.
    let since_0 = days + 719_468;
    let (era, of_era) = (since_0 / 146_097, since_0 % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", in_day % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ms: u64, expected: &str) {
        assert_eq!(iso_8601(ms), expected);
    }

    #[test]
    fn times_are_written_in_utc() {
        check(0, "1970-01-01T00:00:00.000Z");
        check(951_782_399_999, "2000-02-28T23:59:59.999Z");
        check(951_782_400_000, "2000-02-29T00:00:00.000Z");
        check(1_646_832_931_104, "2022-03-09T13:35:31.104Z");
        check(4_107_542_400_000, "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn a_frame_has_its_fields_in_the_order_of_the_service() {
        let frame = Frame { tracing_id: Some("t".to_owned()), ..Frame::failure(Failure::NotUnderstood) };
        let text = r#"{"type":"response","class":"string","code":400,"tracingId":"t","body":"Request failed."}"#;
        assert_eq!(frame.to_json(), text);
    }
}
