//! Which address answers what, the same at both origins; whatever carries a body is recorded before it is answered.

use crate::{
    answer::{Answer, refusal},
    chat::Refusal,
    cors, dynamics, graphql, livechat, messaging, pages,
    received::{self, Listener, Received, ReceivedLog},
    server::Stopped,
    ws_echo,
};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Query, Request},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use http_body_util::BodyExt;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// The most bytes of a body.
pub(crate) const MOST_BODY_BYTES: usize = 16 << 20;
/// The most bytes of a body that is too large, and yet read to its end so that its sender sees the refusal.
const MOST_DRAINED_BYTES: usize = 256 << 20;
const KEPT_ALIVE: [&str; 2] = ["/echo", "/received"];
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What a route knows about the place where it runs.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) listener: Listener,
    pub(crate) shared: Arc<Shared>,
}

/// What both origins have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) site: String,
    pub(crate) widget: String,
    /// The folder with the bundled chat clients.
    pub(crate) clients: PathBuf,
    pub(crate) received: ReceivedLog,
    pub(crate) sessions: messaging::Sessions,
    pub(crate) stopped: Stopped,
}

impl State {
    /// Scheme, host and port of this origin.
    pub(crate) fn origin(&self) -> &str {
        match self.listener {
            Listener::Site => &self.shared.site,
            Listener::Widget => &self.shared.widget,
        }
    }

    /// Scheme, host and port of the other origin.
    pub(crate) fn other_origin(&self) -> &str {
        match self.listener {
            Listener::Site => &self.shared.widget,
            Listener::Widget => &self.shared.site,
        }
    }

    /// Waits this long, or until the playground stops.
    pub(crate) async fn pause(&self, duration: Duration) {
        // The shortest sleep takes a millisecond, whatever its duration.
        if duration.is_zero() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            () = self.shared.stopped.wait() => {}
        }
    }
}

/// The whole of one origin.
pub(crate) fn router(state: State) -> Router {
    Router::new()
        .route("/received", get(list_received).delete(clear_received))
        .route("/echo", get(without_body))
        .route("/redirect", get(without_body))
        .route("/drop", get(without_body))
        .route("/v1", get(messaging::web_socket))
        .route("/v3.5/customer/rtm/ws", get(livechat::web_socket))
        .route("/ws/echo", get(ws_echo::web_socket))
        .route("/ws/graphql", get(graphql::web_socket))
        .merge(dynamics::routes())
        .merge(pages::routes())
        .fallback(no_such_path)
        .layer(middleware::from_fn_with_state(state.clone(), receive))
        .layer(middleware::from_fn(cors::allow_origin))
        .layer(middleware::from_fn(close_after_answer))
        .with_state(state)
}

/// Lets a connection carry one request only, but for the traffic that is there to be fast.
///
/// When a connection that had carried an earlier request drops, browsers send the next one again by themselves,
/// a `POST` too: Chromium up to four times. `config-dropped` shows one start only because of this.
async fn close_after_answer(request: Request, next: Next) -> Response {
    let is_kept = KEPT_ALIVE.contains(&request.uri().path());
    let mut response = next.run(request).await;
    if !is_kept && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

#[derive(Debug, Deserialize)]
struct Later {
    after: Option<u64>,
    wait: Option<u64>,
}

async fn list_received(
    axum::extract::State(state): axum::extract::State<State>,
    Query(Later { after, wait }): Query<Later>,
) -> Response {
    let after = after.unwrap_or(0);
    let longest = Duration::from_millis(wait.unwrap_or(0)).min(LONGEST_WAIT);
    tokio::select! {
        () = state.shared.received.wait_after(after) => {}
        () = tokio::time::sleep(longest) => {}
        () = state.shared.stopped.wait() => {}
    }
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (headers, Json(state.shared.received.after(after))).into_response()
}

async fn clear_received(axum::extract::State(state): axum::extract::State<State>) -> StatusCode {
    state.shared.received.clear();
    StatusCode::NO_CONTENT
}

async fn no_such_path(request: Request) -> Response {
    refusal(&Refusal::no_such_path(request.uri().path()), 0)
}

/// Answers as a `POST` to the same address would be.
async fn without_body(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    Answer::to(&head, Some(&Bytes::new())).into_response(0, &state).await
}

/// Answers every request with a body itself, and lets the others through to their routes.
async fn receive(axum::extract::State(state): axum::extract::State<State>, request: Request, next: Next) -> Response {
    if ![Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        // The sender went away before all of it had arrived: there is nobody to answer.
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let answer = Answer::to(&head, body.as_ref());
    let number = state.shared.received.add(Received {
        number: 0,
        received_at_ms: received::now_ms(),
        listener: state.listener,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: received::header_list(&head.headers),
        body,
        status: answer.status(),
        frame: None,
    });
    answer.into_response(number, &state).await
}

/// The body, or `None` when it is too large.
async fn read(mut body: Body) -> Result<Option<Bytes>, axum::Error> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(chunk) = frame?.into_data() else { continue };
        length += chunk.len();
        if length <= MOST_BODY_BYTES {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
        if length > MOST_DRAINED_BYTES {
            break;
        }
    }
    Ok((length <= MOST_BODY_BYTES).then(|| bytes.into()))
}
