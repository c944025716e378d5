//! What a request is answered with: decided first, so that it can be recorded, and written out then.

use crate::{
    chat::{Decision, Refusal},
    cors,
    echo::Echo,
    routes::{MOST_BODY_BYTES, State},
    server::DropConnection,
    service::{self, Service},
};
use axum::{
    Json,
    body::Bytes,
    extract::Query,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// An answer that has been decided.
pub(crate) enum Answer {
    /// What was sent comes back.
    Echo(Echo),
    /// The same request is wanted elsewhere.
    Redirect(StatusCode, HeaderValue),
    /// Whatever comes of a chat start, and of a request that nothing else takes.
    Chat(Service, Decision),
}

impl Answer {
    /// The answer to a request; its body is `None` when it is too large.
    pub(crate) fn to(head: &Parts, body: Option<&Bytes>) -> Self {
        let Some(body) = body else {
            return Self::refuse(Refusal::too_large(MOST_BODY_BYTES));
        };
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let path = head.uri.path();
        if ![Method::GET, Method::HEAD, Method::POST].contains(&head.method) {
            return Self::refuse(Refusal::no_such_path(path));
        }
        let answer = match path {
            "/echo" => Echo::of(head, body).map(Self::Echo),
            "/redirect" => redirect(head),
            "/drop" => Ok(Self::Chat(Service::Chat, Decision::Drop)),
            _ => {
                let (service, decision) = service::decide(path, content_type, body);
                Ok(Self::Chat(service, decision))
            }
        };
        answer.unwrap_or_else(Self::refuse)
    }

    fn refuse(refusal: Refusal) -> Self {
        Self::Chat(Service::Chat, Decision::Refuse(refusal))
    }

    /// The HTTP status, `None` when the connection is dropped instead.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Echo(echo) => Some(echo.status().as_u16()),
            Self::Redirect(status, _) => Some(status.as_u16()),
            Self::Chat(_, decision) => decision.status(),
        }
    }

    /// The answer to the request with this number, once it is due.
    pub(crate) async fn into_response(self, number: u64, state: &State) -> Response {
        match self {
            Self::Echo(echo) => {
                state.pause(echo.delay()).await;
                echo.into_response()
            }
            Self::Redirect(status, to) => (status, [(header::LOCATION, to)]).into_response(),
            Self::Chat(service, Decision::Refuse(refusal)) => service.refused(&refusal, number),
            Self::Chat(_, Decision::Drop) => axum::Extension(DropConnection).into_response(),
            Self::Chat(service, Decision::Start { after }) => {
                state.pause(after).await;
                service.started(number, state)
            }
        }
    }
}

/// What a refusal looks like over HTTP.
pub(crate) fn refusal(refusal: &Refusal, number: u64) -> Response {
    refusal_of(refusal, Json(refusal.body(number)))
}

/// The same with another body.
pub(crate) fn refusal_of(refusal: &Refusal, body: impl IntoResponse) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, body).into_response();
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if refusal.is_hidden {
        response.extensions_mut().insert(cors::Hidden);
    }
    response
}

/// The query of a request, as far as this kind of answer has a use for it.
pub(crate) fn query<Wanted: for<'de> Deserialize<'de>>(head: &Parts) -> Result<Wanted, Refusal> {
    let query = Query::<Wanted>::try_from_uri(&head.uri);
    query.map(|Query(wanted)| wanted).map_err(|error| Refusal::malformed(&error.body_text()))
}

fn redirect(head: &Parts) -> Result<Answer, Refusal> {
    #[derive(Deserialize)]
    struct Wanted {
        to: String,
        code: Option<u16>,
    }

    let Wanted { to, code } = query(head)?;
    let code = code.unwrap_or(302);
    if ![301, 302, 303, 307, 308].contains(&code) {
        return Err(Refusal::invalid_field("bad.request", "code", "must be 301, 302, 303, 307 or 308"));
    }
    let status = StatusCode::from_u16(code).map_err(|error| Refusal::malformed(&error.to_string()))?;
    let to = HeaderValue::from_str(&to)
        .map_err(|_| Refusal::invalid_field("bad.request", "to", "must be an address, percent-encoded"))?;
    Ok(Answer::Redirect(status, to))
}
