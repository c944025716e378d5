//! Talks to the playground by WebSocket, with messages as they are.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        error::{Error, ProtocolError},
        protocol::CloseFrame,
    },
};

/// An open connection.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// How a connection ended.
#[derive(Debug, PartialEq)]
pub(crate) enum End {
    /// With the code and the reason of the service.
    Closed(u16, String),
    /// Without a close frame.
    Dropped,
}

impl Socket {
    pub(crate) async fn open(origin: &str, target: &str) -> Self {
        Self::open_with(origin, target, None).await.0
    }

    /// Asks for a subprotocol, and returns the one that was selected.
    pub(crate) async fn open_with(origin: &str, target: &str, protocol: Option<&str>) -> (Self, Option<String>) {
        let mut request = (origin.replace("http://", "ws://") + target).into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        let (socket, answer) = connect_async(request).await.unwrap();
        let selected = answer.headers().get("sec-websocket-protocol");
        (Self(socket), selected.map(|protocol| protocol.to_str().unwrap().to_owned()))
    }

    /// The status of the answer to a handshake that is refused.
    pub(crate) async fn refused(origin: &str, target: &str) -> u16 {
        match connect_async(origin.replace("http://", "ws://") + target).await {
            Err(Error::Http(answer)) => answer.status().as_u16(),
            other => panic!("the handshake is not refused: {other:?}"),
        }
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    pub(crate) async fn receive(&mut self) -> Message {
        self.0.next().await.unwrap().unwrap()
    }

    /// Sends JSON, and returns the JSON that comes next.
    pub(crate) async fn ask(&mut self, request: &Value) -> Value {
        self.send(Message::text(request.to_string())).await;
        self.receive_json().await
    }

    pub(crate) async fn receive_json(&mut self) -> Value {
        serde_json::from_str(self.receive().await.to_text().unwrap()).unwrap()
    }

    /// How the connection ends, which it must do with the next frame.
    pub(crate) async fn end(&mut self) -> End {
        match self.0.next().await {
            Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                End::Closed(code.into(), reason.as_str().to_owned())
            }
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) | Error::Io(_))) => End::Dropped,
            other => panic!("the connection goes on: {other:?}"),
        }
    }
}
