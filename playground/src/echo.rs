//! Traffic that is no chat start: what it sends comes back, so that a test can see that nothing touched it.

use crate::{answer::query, chat::Refusal, head::WrittenHeaders, received::header_list, routes::MOST_BODY_BYTES};
use axum::{
    Json,
    body::{Body, Bytes},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, time::Duration};

/// The longest that an echo keeps its sender waiting.
pub(crate) const LONGEST_DELAY: Duration = Duration::from_secs(10);
/// In how many pieces such an answer comes; each is a progress event where there is time between them.
const PIECES: usize = 10;
/// The longest wait before a piece.
const LONGEST_PACE: Duration = Duration::from_secs(1);

/// What the query asks for.
#[derive(Clone, Debug, Default, Deserialize)]
struct Wishes {
    delay: Option<u64>,
    status: Option<u16>,
    size: Option<usize>,
    pace: Option<u64>,
    reply: Option<String>,
}

/// An echo that is decided.
#[derive(Debug)]
pub(crate) struct Echo {
    content: Content,
    status: StatusCode,
    delay: Duration,
}

#[derive(Debug)]
enum Content {
    /// Text, so that a browser shows it and saves no file.
    Ok,
    Same(Bytes),
    Told(Told),
    Filler {
        size: usize,
        pace: Duration,
    },
}

/// A request as it arrived.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    method: String,
    path: String,
    query: Option<String>,
    /// With the names as they were written, in the order in which they arrived.
    headers: Vec<(String, String)>,
    body_base64: String,
}

impl Echo {
    /// The echo of a request, as its query wishes.
    pub(crate) fn of(head: &Parts, body: &Bytes) -> Result<Self, Refusal> {
        let Wishes { delay, status, size, pace, reply } = query(head)?;
        let content = match (reply.as_deref(), size) {
            (Some("json"), None) => Content::Told(Told::of(head, body)),
            (None, Some(size)) if size <= MOST_BODY_BYTES => {
                Content::Filler { size, pace: Duration::from_millis(pace.unwrap_or(0)).min(LONGEST_PACE) }
            }
            (None, None) if head.method.is_safe() => Content::Ok,
            (None, None) => Content::Same(body.clone()),
            (None, Some(_)) => return Err(invalid("size", &format!("must be at most {MOST_BODY_BYTES}"))),
            (Some(_), _) => return Err(invalid("reply", "must be json, without a size")),
        };
        let status = status.unwrap_or(200);
        let status = StatusCode::from_u16(status).ok().filter(|_| (200..600).contains(&status));
        Ok(Self {
            content,
            status: status.ok_or_else(|| invalid("status", "must be 200 to 599"))?,
            delay: Duration::from_millis(delay.unwrap_or(0)).min(LONGEST_DELAY),
        })
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// How long to wait before the answer.
    pub(crate) fn delay(&self) -> Duration {
        self.delay
    }
}

impl IntoResponse for Echo {
    fn into_response(self) -> Response {
        match self.content {
            Content::Ok => (self.status, "ok").into_response(),
            Content::Same(body) => (self.status, body).into_response(),
            Content::Told(told) => (self.status, Json(told)).into_response(),
            Content::Filler { size, pace } => {
                let headers = [(header::CONTENT_LENGTH, size.to_string())];
                (self.status, headers, filler(size, pace)).into_response()
            }
        }
    }
}

impl Told {
    fn of(head: &Parts, body: &Bytes) -> Self {
        let written = head.extensions.get::<WrittenHeaders>().map(|WrittenHeaders(headers)| headers.clone());
        // Of a request that did not wait for the last answer the names are known in lower case only.
        let written = written.filter(|headers| headers.len() == head.headers.len());
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: written.unwrap_or_else(|| header_list(&head.headers)),
            body_base64: STANDARD.encode(body),
        }
    }
}

/// As many bytes, in [`PIECES`] of the same size but for the last one.
fn filler(size: usize, pace: Duration) -> Body {
    let piece = Bytes::from(vec![b'x'; size.div_ceil(PIECES)]);
    Body::from_stream(stream::unfold(size, move |left| {
        let piece = piece.slice(..piece.len().min(left));
        async move {
            if left == 0 {
                return None;
            }
            if !pace.is_zero() {
                tokio::time::sleep(pace).await;
            }
            let left = left - piece.len();
            Some((Ok::<_, Infallible>(piece), left))
        }
    }))
}

fn invalid(name: &str, reason: &str) -> Refusal {
    Refusal::invalid_field("bad.request", name, reason)
}
