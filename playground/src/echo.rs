//! Traffic that is no chat start: what it sends comes back, so that a test can see that nothing touched it.
//!
//! Everything that speaks WebSocket is in this file; a vendor's protocol gets a route and a file of its own beside it.

use crate::routes::State;
use axum::{
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    response::Response,
};

/// The most bytes of one WebSocket message.
const MOST_MESSAGE_BYTES: usize = 16 << 20;

pub(crate) async fn get() -> &'static str {
    "ok"
}

/// Echoes text and binary messages until either side closes.
pub(crate) async fn web_socket(
    axum::extract::State(state): axum::extract::State<State>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.max_message_size(MOST_MESSAGE_BYTES).max_frame_size(MOST_MESSAGE_BYTES).on_upgrade(|socket| async move {
        tokio::select! {
            () = echo(socket) => {}
            () = state.shared.stopped.wait() => {}
        }
    })
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let is_sent = match message {
            Message::Text(_) | Message::Binary(_) => socket.send(message).await.is_ok(),
            // The library answers these; its answer to a close leaves with the next `recv`, which is then the last.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => true,
        };
        if !is_sent {
            break;
        }
    }
}
