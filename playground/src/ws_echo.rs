//! A WebSocket on which everything comes back, as late as the query wants it, until it is closed.

use crate::{
    echo::LONGEST_DELAY,
    socket::{Handshake, Socket},
};
use axum::{extract::Query, response::Response};
use serde::Deserialize;
use std::time::Duration;

/// What the query asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wishes {
    close_after: Option<u64>,
    delay: Option<u64>,
    protocol: Option<String>,
}

/// Records and echoes text and binary messages until either side closes.
pub(crate) async fn web_socket(Query(wishes): Query<Wishes>, mut handshake: Handshake) -> Response {
    let Wishes { close_after, delay, protocol } = wishes;
    if let Some(protocol) = protocol {
        handshake.select(protocol);
    }
    let delay = Duration::from_millis(delay.unwrap_or(0)).min(LONGEST_DELAY);
    handshake.accept(move |socket| echo(socket, delay, close_after))
}

async fn echo(mut socket: Socket, delay: Duration, close_after: Option<u64>) {
    let mut echoed = 0;
    while close_after.is_none_or(|most| echoed < most) {
        let Some(message) = socket.next().await else { return };
        socket.record(&message, None);
        socket.state().pause(delay).await;
        if socket.send(message).await.is_none() {
            return;
        }
        echoed += 1;
    }
    socket.close(1001, "closed after as many messages as was asked for").await;
}
