//! Traffic that is no chat start: what it sends comes back, so that a test can see that nothing touched it.

use crate::socket::{Handshake, Socket};
use axum::response::Response;

pub(crate) async fn get() -> &'static str {
    "ok"
}

/// Records and echoes text and binary messages until either side closes.
pub(crate) async fn web_socket(handshake: Handshake) -> Response {
    handshake.accept(echo)
}

async fn echo(mut socket: Socket) {
    while let Some(message) = socket.next().await {
        socket.record(&message, None);
        if socket.send(message).await.is_none() {
            break;
        }
    }
}
