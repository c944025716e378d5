//! What all WebSocket routes have in common: they end with the playground, and can record each message.

use crate::{
    received::{Frame, FrameKind, Received, header_list, now_ms},
    routes::State,
};
use axum::{
    extract::{
        FromRequestParts,
        ws::{Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderValue, request::Parts},
    response::Response,
};

/// The most bytes of one message; a larger one ends the connection.
const MOST_MESSAGE_BYTES: usize = 16 << 20;

/// A handshake that is asked for and not yet answered.
pub(crate) struct Handshake {
    upgrade: WebSocketUpgrade,
    state: State,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
}

/// An open connection.
pub(crate) struct Socket {
    socket: WebSocket,
    state: State,
    number: u64,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
}

impl FromRequestParts<State> for Handshake {
    type Rejection = WebSocketUpgradeRejection;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        Ok(Self {
            upgrade: WebSocketUpgrade::from_request_parts(parts, state).await?,
            state: state.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: header_list(&parts.headers),
        })
    }
}

impl Handshake {
    /// Selects this subprotocol, where the client offers it, and says whether it does.
    pub(crate) fn select(&mut self, protocol: String) -> bool {
        let is_offered = self.upgrade.requested_protocols().any(|offered| offered.as_bytes() == protocol.as_bytes());
        if is_offered && let Ok(protocol) = HeaderValue::from_str(&protocol) {
            self.upgrade.set_selected_protocol(protocol);
        }
        is_offered
    }

    /// Opens the connection, which ends when `serve` does, or when the playground stops.
    pub(crate) fn accept<Served>(self, serve: impl FnOnce(Socket) -> Served + Send + 'static) -> Response
    where
        Served: Future<Output = ()> + Send,
    {
        let Self { upgrade, state, path, query, headers } = self;
        let upgrade = upgrade.max_message_size(MOST_MESSAGE_BYTES).max_frame_size(MOST_MESSAGE_BYTES);
        upgrade.on_upgrade(|socket| async move {
            let stopped = state.shared.stopped.clone();
            let number = state.shared.received.add_connection();
            tokio::select! {
                () = serve(Socket { socket, state, number, path, query, headers }) => {}
                () = stopped.wait() => {}
            }
        })
    }
}

impl Socket {
    /// The next text or binary message; `None` once either side has closed.
    ///
    /// The library answers pings and closes by itself; its answer to a close leaves with the last of these calls.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            match self.socket.recv().await?.ok()? {
                message @ (Message::Text(_) | Message::Binary(_)) => return Some(message),
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {}
            }
        }
    }

    /// Sends a message; `None` when the other side is gone.
    pub(crate) async fn send(&mut self, message: Message) -> Option<()> {
        self.socket.send(message).await.ok()
    }

    /// Closes with a code and a reason, and waits until the other side has agreed.
    pub(crate) async fn close(mut self, code: u16, reason: &'static str) {
        let frame = axum::extract::ws::CloseFrame { code, reason: reason.into() };
        if self.send(Message::Close(Some(frame))).await.is_some() {
            while self.next().await.is_some() {}
        }
    }

    /// Records a message that has arrived, with the code of the frame that will answer it.
    pub(crate) fn record(&self, message: &Message, status: Option<u16>) {
        let kind = match message {
            Message::Binary(_) => FrameKind::Binary,
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Close(_) => FrameKind::Text,
        };
        self.state.shared.received.add(Received {
            number: 0,
            received_at_ms: now_ms(),
            listener: self.state.listener,
            method: "FRAME".to_owned(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            // The bytes are shared with the message, and not copied.
            body: Some(message.clone().into_data()),
            status,
            frame: Some(Frame { connection: self.number, kind }),
        });
    }

    /// Counts from 1 over both origins.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }
}
