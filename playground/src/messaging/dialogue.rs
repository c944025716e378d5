//! Decides what the service says to each message of one socket, from nothing but the message and the sessions.

use super::{
    failure::{Failure, MOST_ATTRIBUTE_BYTES, MOST_TEXT_CHARACTERS},
    frame::Frame,
    sessions::{Opened, Sessions},
};
use crate::chat::{Configuration, unsigned_token, uuid};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a session lasts without a message. The vendor lets an organisation choose; its default is not published.
const SESSION_SECONDS: u64 = 72 * 60 * 60;

/// The state of one socket.
#[derive(Debug, Default)]
pub(super) struct Dialogue {
    configured: Option<Configured>,
}

#[derive(Debug)]
struct Configured {
    token: String,
    configuration: Configuration,
}

/// What follows a message.
#[derive(Debug)]
pub(super) struct Answer {
    /// The wait before the first frame.
    pub(super) after: Duration,
    /// In the order in which they are sent.
    pub(super) frames: Vec<Frame>,
    pub(super) then: Then,
}

/// What becomes of the connection after the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Stay,
    /// The service closes it.
    Close,
    /// It breaks off, without a close frame.
    Drop,
}

impl Dialogue {
    /// The answer to a text message.
    pub(super) fn answer(&mut self, text: &str, sessions: &Sessions, now_ms: u64) -> Answer {
        let Ok(request @ Value::Object(_)) = serde_json::from_str::<Value>(text) else {
            return Answer::not_understood();
        };
        let answer = match request["action"].as_str() {
            Some("configureSession" | "configureAuthenticatedSession") => self.configure(&request, sessions, now_ms),
            Some("onMessage") => self.on_message(&request, sessions, now_ms),
            Some("echo") => self.echo(&request, sessions),
            Some("getJwt") => self.jwt(&request, now_ms),
            Some("closeSession") => self.close(&request),
            Some(_) | None => Err(Failure::NotUnderstood),
        };
        let mut answer = answer.unwrap_or_else(Answer::failure);
        if let Some(first) = answer.frames.first_mut() {
            first.tracing_id = request["tracingId"].as_str().map(str::to_owned);
        }
        answer
    }

    fn configure(&mut self, request: &Value, sessions: &Sessions, now_ms: u64) -> Result<Answer, Failure> {
        let token = required(request, "token")?;
        let configuration = Configuration::from(required(request, "deploymentId")?);
        if request["action"] == "configureAuthenticatedSession" {
            required(&request["data"], "code")?;
        }
        check_configuring(configuration)?;
        let opened = sessions.open(token, request["startNew"] == true);
        self.configured = Some(Configured { token: token.to_owned(), configuration });
        let body = json!({
            "connected": true,
            "newSession": opened != Opened::Resumed,
            "readOnly": false,
            "maxCustomDataBytes": MOST_ATTRIBUTE_BYTES,
            "clearedExistingSession": opened == Opened::Replaced,
            "durationSeconds": SESSION_SECONDS,
            "expirationDate": now_ms / 1_000 + SESSION_SECONDS,
        });
        Ok(Answer::from(Frame::response("SessionResponse", body)))
    }

    fn on_message(&mut self, request: &Value, sessions: &Sessions, now_ms: u64) -> Result<Answer, Failure> {
        let Configured { token, configuration } = self.session(request)?;
        let message = &request["message"];
        let presence = check_message(message)?;
        check_attributes(&message["channel"]["metadata"]["customAttributes"])?;
        if *configuration == Configuration::Dropped {
            return Ok(Answer { then: Then::Drop, ..Answer::from(Vec::new()) });
        }
        check_messaging(*configuration)?;

        if presence == Some("Clear") {
            sessions.forget(token);
            let cleared = Frame::message("SessionClearedEvent", json!({}));
            let closed = Frame::message("ConnectionClosedEvent", json!({}));
            self.configured = None;
            return Ok(Answer { then: Then::Close, ..Answer::from(vec![cleared, closed]) });
        }
        let next_id = || uuid('d', sessions.next_message());
        let mut answer = Answer::from(Frame::inbound(message, &next_id(), now_ms));
        let is_start = message["type"] != "Event" || presence == Some("Join");
        if is_start && sessions.start(token) {
            answer.frames.push(Frame::welcome(&next_id(), now_ms));
            if let Configuration::Slow(delay) = configuration {
                answer.after = *delay;
            }
        }
        Ok(answer)
    }

    /// The service's health check.
    fn echo(&self, request: &Value, sessions: &Sessions) -> Result<Answer, Failure> {
        self.session(request)?;
        let mut body = request["message"].clone();
        if !body.is_object() {
            return Err(Failure::MissingParameter("message"));
        }
        body["direction"] = json!("Inbound");
        body["id"] = json!(uuid('d', sessions.next_message()));
        Ok(Answer::from(Frame::response("StructuredMessage", body)))
    }

    fn jwt(&self, request: &Value, now_ms: u64) -> Result<Answer, Failure> {
        let Configured { token, .. } = self.session(request)?;
        let expires = now_ms / 1_000 + 60 * 60;
        let jwt = unsigned_token(&json!({ "sub": token, "exp": expires }));
        Ok(Answer::from(Frame::response("JwtResponse", json!({ "jwt": jwt, "exp": expires }))))
    }

    fn close(&mut self, request: &Value) -> Result<Answer, Failure> {
        self.session(request)?;
        self.configured = None;
        let closed = Frame::message("ConnectionClosedEvent", json!({}));
        Ok(Answer { then: Then::Close, ..Answer::from(closed) })
    }

    /// The session that a request names, which must be the one of this socket.
    fn session(&self, request: &Value) -> Result<&Configured, Failure> {
        let token = required(request, "token")?;
        self.configured.as_ref().filter(|configured| configured.token == token).ok_or(Failure::SessionNotFound)
    }
}

impl Answer {
    /// The answer to what is no request at all.
    pub(super) fn not_understood() -> Self {
        Self::failure(Failure::NotUnderstood)
    }

    /// The code of the first frame; `None` when there is no frame.
    pub(super) fn code(&self) -> Option<u16> {
        self.frames.first().map(|frame| frame.code)
    }

    fn failure(failure: Failure) -> Self {
        Self::from(Frame::failure(failure))
    }
}

impl From<Frame> for Answer {
    fn from(frame: Frame) -> Self {
        Self::from(vec![frame])
    }
}

impl From<Vec<Frame>> for Answer {
    fn from(frames: Vec<Frame>) -> Self {
        Self { after: Duration::ZERO, frames, then: Then::Stay }
    }
}

/// Whether this deployment lets a session be configured.
fn check_configuring(configuration: Configuration) -> Result<(), Failure> {
    match configuration {
        Configuration::Unknown => Err(Failure::UnknownDeployment),
        Configuration::Invalid => Err(Failure::NotUnderstood),
        Configuration::Disabled => Err(Failure::Disabled),
        Configuration::Unauthorized => Err(Failure::Unauthorized),
        Configuration::Forbidden | Configuration::OriginRefused => Err(Failure::Forbidden),
        Configuration::Live
        | Configuration::Slow(_)
        | Configuration::Expired
        | Configuration::TooLarge
        | Configuration::RateLimited
        | Configuration::ServerError
        | Configuration::Dropped => Ok(()),
    }
}

/// Whether this deployment, of which a session was configured, takes messages.
fn check_messaging(configuration: Configuration) -> Result<(), Failure> {
    match configuration {
        Configuration::Expired => Err(Failure::SessionExpired),
        Configuration::TooLarge => Err(Failure::AttributesTooLarge),
        Configuration::RateLimited => Err(Failure::RateLimited),
        Configuration::ServerError => Err(Failure::ServerError),
        Configuration::Live | Configuration::Slow(_) | Configuration::Dropped => Ok(()),
        Configuration::Unknown
        | Configuration::Invalid
        | Configuration::Disabled
        | Configuration::Unauthorized
        | Configuration::Forbidden
        | Configuration::OriginRefused => check_configuring(configuration),
    }
}

/// Checks a message, and returns the presence that it tells of, such as `Join`.
fn check_message(message: &Value) -> Result<Option<&str>, Failure> {
    if !message.is_object() {
        return Err(Failure::MissingParameter("message"));
    }
    match required(message, "type")? {
        "Text" => {
            let text = message["text"].as_str().ok_or(Failure::MissingParameter("text"))?;
            if text.chars().count() > MOST_TEXT_CHARACTERS {
                return Err(Failure::MessageTooLong);
            }
            Ok(None)
        }
        "Structured" => Ok(None),
        "Event" => {
            let first = &message["events"][0];
            required(first, "eventType")?;
            Ok(first["presence"]["type"].as_str())
        }
        _ => Err(Failure::NotUnderstood),
    }
}

fn check_attributes(attributes: &Value) -> Result<(), Failure> {
    let attributes = match attributes {
        Value::Null => return Ok(()),
        Value::Object(attributes) => attributes,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return Err(Failure::NotUnderstood),
    };
    let mut bytes = 0;
    for (key, value) in attributes {
        bytes += key.len() + value.as_str().ok_or(Failure::NotUnderstood)?.len();
    }
    if bytes > MOST_ATTRIBUTE_BYTES { Err(Failure::AttributesTooLarge) } else { Ok(()) }
}

fn required<'a>(object: &'a Value, name: &'static str) -> Result<&'a str, Failure> {
    object[name].as_str().filter(|text| !text.is_empty()).ok_or(Failure::MissingParameter(name))
}
