//! Decides what the service says to each message of one socket, from nothing but the message and what came before it.

use crate::chat::{Configuration, Decision, Refusal, uuid};
use serde_json::{Value, json};
use std::time::Duration;

/// The state of one socket.
#[derive(Debug)]
pub(super) struct Dialogue {
    configuration: Configuration,
    /// The socket's, and so that of the one chat that a customer can have on it.
    number: u64,
    is_logged_in: bool,
}

/// What follows a message.
#[derive(Debug)]
pub(super) enum Outcome {
    Answer {
        /// The wait before the first frame.
        after: Duration,
        /// In the order in which they are sent.
        frames: Vec<Value>,
        /// What the answer would be over HTTP.
        status: u16,
    },
    /// The connection breaks off, without a close frame.
    Drop,
}

impl Dialogue {
    pub(super) fn new(configuration: Configuration, number: u64) -> Self {
        Self { configuration, number, is_logged_in: false }
    }

    /// The answer to a text message.
    pub(super) fn answer(&mut self, text: &str) -> Outcome {
        let Ok(request @ Value::Object(_)) = serde_json::from_str::<Value>(text) else { return Outcome::Drop };
        match request["action"].as_str() {
            Some("login") => self.log_in(&request),
            Some(_) if !self.is_logged_in => refused(&request, "authorization", 403, "Log in first"),
            Some("start_chat") => self.start(&request),
            Some(_) => answered(Duration::ZERO, vec![response(&request, &json!({}))]),
            None => Outcome::Drop,
        }
    }

    fn log_in(&mut self, request: &Value) -> Outcome {
        if request["payload"]["token"].as_str().is_none_or(str::is_empty) {
            return refused(request, "authentication", 401, "The token is missing");
        }
        self.is_logged_in = true;
        let statistics = json!({
            "chats_count": 0, "threads_count": 0, "visits_count": 1,
            "page_views_count": 1, "greetings_shown_count": 0, "greetings_accepted_count": 0,
        });
        let customer = json!({
            "id": uuid('b', 0), "type": "customer", "session_fields": [], "statistics": statistics,
        });
        let payload = json!({
            "customer_id": uuid('b', 0),
            "customer": customer,
            "chats": [],
            "has_active_thread": false,
            "__priv_dynamic_config": { "online_groups_ids": [0], "customer_groups": { "monitoring": { "id": 0 } } },
        });
        answered(Duration::ZERO, vec![response(request, &payload)])
    }

    fn start(&self, request: &Value) -> Outcome {
        if let Err(reason) = check_properties(&request["payload"]["chat"]["properties"]) {
            return refused(request, "validation", 400, &reason);
        }
        match self.configuration.into_decision() {
            Decision::Start { after } => {
                let (chat, thread) = (uuid('a', self.number), uuid('d', self.number));
                let started = response(request, &json!({ "chat_id": chat, "thread_id": thread, "event_ids": [] }));
                answered(after, vec![started, incoming_chat(request, &chat, &thread)])
            }
            Decision::Refuse(refusal) => refused(request, error_type(&refusal), refusal.status, &refusal.message),
            Decision::Drop => Outcome::Drop,
        }
    }
}

impl Outcome {
    /// What is recorded; `None` when the connection is dropped.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Answer { status, .. } => Some(*status),
            Self::Drop => None,
        }
    }
}

/// Properties are namespaces, and these have simple values.
fn check_properties(properties: &Value) -> Result<(), String> {
    let namespaces = match properties {
        Value::Null => return Ok(()),
        Value::Object(namespaces) => namespaces,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err("`properties` must be an object".to_owned());
        }
    };
    for (namespace, values) in namespaces {
        let values = values.as_object().ok_or_else(|| format!("`properties.{namespace}` must be an object"))?;
        for (name, value) in values {
            if !(value.is_string() || value.is_number() || value.is_boolean()) {
                return Err(format!("`properties.{namespace}.{name}` must be a string, a number or a boolean"));
            }
        }
    }
    Ok(())
}

fn error_type(refusal: &Refusal) -> &'static str {
    match refusal.status {
        400 => "validation",
        401 => "authentication",
        403 => "authorization",
        404 => "not_found",
        413 => "entity_too_large",
        429 => "too_many_requests",
        _ => "internal",
    }
}

fn answered(after: Duration, frames: Vec<Value>) -> Outcome {
    Outcome::Answer { after, frames, status: 200 }
}

fn refused(request: &Value, kind: &str, status: u16, message: &str) -> Outcome {
    let mut frame = response(request, &json!({ "error": { "type": kind, "message": message } }));
    frame["success"] = json!(false);
    Outcome::Answer { after: Duration::ZERO, frames: vec![frame], status }
}

fn response(request: &Value, payload: &Value) -> Value {
    json!({
        "request_id": request["request_id"],
        "action": request["action"],
        "type": "response",
        "success": true,
        "payload": payload,
    })
}

/// The chat as everyone who is in it is told of it, with the properties that it was started with.
fn incoming_chat(request: &Value, chat: &str, thread: &str) -> Value {
    let customer = json!({ "id": uuid('b', 0), "type": "customer", "session_fields": [], "present": true });
    let thread = json!({
        "id": thread, "active": true, "access": { "group_ids": [0] }, "user_ids": [uuid('b', 0)], "events": [],
    });
    let properties = &request["payload"]["chat"]["properties"];
    json!({
        "request_id": request["request_id"],
        "action": "incoming_chat",
        "type": "push",
        "payload": {
            "chat": {
                "id": chat,
                "access": { "group_ids": [0] },
                "users": [customer],
                "properties": if properties.is_null() { json!({}) } else { properties.clone() },
                "thread": thread,
            },
        },
    })
}
