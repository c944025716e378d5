//! Keeps every body, and every WebSocket message, exactly as it arrived, so that a test can say what was received.

use axum::{body::Bytes, http::HeaderMap};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::watch;

/// The most requests and messages that are kept.
pub const MOST_REQUESTS: usize = 5_000;
/// The most bytes that the kept bodies have together; the newest one is kept whatever its size.
pub const MOST_BYTES: usize = 64 << 20;

/// One `POST`, `PUT` or `PATCH`, or one WebSocket message, as it arrived, complete, at one of the two origins.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// Counts from 1 over both origins, and never restarts.
    pub number: u64,
    /// Milliseconds since 1970, when the last byte had arrived.
    pub received_at_ms: u64,
    /// The origin that it arrived at.
    pub listener: Listener,
    /// In capitals; `FRAME` for a WebSocket message.
    pub method: String,
    /// As on the request line, for a message that of its handshake; not decoded.
    pub path: String,
    /// Without its question mark, not decoded; `None` without a question mark.
    pub query: Option<String>,
    /// Name, in lower case, and value of each header, in the order in which they arrived; for a message those of its
    /// handshake.
    pub headers: Vec<(String, String)>,
    /// Written as `bodyBase64`; `None` when the body had more than 16 MiB.
    #[serde(rename = "bodyBase64", serialize_with = "base64")]
    pub body: Option<Bytes>,
    /// The HTTP status of the answer, decided on arrival; `None` when the connection is closed instead. For a message
    /// the code of the frame that answers it, `None` where its protocol has no codes.
    pub status: Option<u16>,
    /// The fields that a WebSocket message has besides; a request has none of them.
    #[serde(flatten)]
    pub frame: Option<Frame>,
}

/// What there is to know of a WebSocket message beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The socket that it came over: counts from 1 over both origins, and never restarts.
    pub connection: u64,
    /// Written as `frameKind`.
    #[serde(rename = "frameKind")]
    pub kind: FrameKind,
}

/// What a WebSocket message was sent as, `"text"` or `"binary"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FrameKind {
    /// Its bytes are UTF-8.
    Text,
    /// Its bytes may be anything.
    Binary,
}

/// One of the two origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Listener {
    /// `http://127.0.0.1:PORT`
    Site,
    /// `http://localhost:PORT`
    Widget,
}

/// The latest requests, oldest first, shared by both origins.
#[derive(Debug)]
pub(crate) struct ReceivedLog {
    entries: Mutex<Entries>,
    latest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Entries {
    list: VecDeque<Received>,
    bytes: usize,
    latest: u64,
    latest_connection: u64,
}

impl ReceivedLog {
    pub(crate) fn new() -> Self {
        Self { entries: Mutex::default(), latest: watch::Sender::new(0) }
    }

    /// Adds a request, whatever number it has, and returns the number that it got.
    pub(crate) fn add(&self, mut received: Received) -> u64 {
        let mut entries = self.entries();
        entries.latest += 1;
        received.number = entries.latest;
        entries.bytes += received.body_length();
        entries.list.push_back(received);
        entries.drop_oldest();
        self.latest.send_replace(entries.latest);
        entries.latest
    }

    /// The number of a socket that has just been opened.
    pub(crate) fn add_connection(&self) -> u64 {
        let mut entries = self.entries();
        entries.latest_connection += 1;
        entries.latest_connection
    }

    /// The requests with a number above this one.
    pub(crate) fn after(&self, number: u64) -> Vec<Received> {
        let entries = self.entries();
        entries.list.iter().filter(|received| received.number > number).cloned().collect()
    }

    /// Returns once a request with a number above this one has arrived.
    pub(crate) async fn wait_after(&self, number: u64) {
        // An error means that the log is gone, which the borrow rules out.
        let _ = self.latest.subscribe().wait_for(|latest| *latest > number).await;
    }

    pub(crate) fn clear(&self) {
        let mut entries = self.entries();
        entries.list.clear();
        entries.bytes = 0;
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn drop_oldest(&mut self) {
        while self.list.len() > 1 && (self.list.len() > MOST_REQUESTS || self.bytes > MOST_BYTES) {
            if let Some(oldest) = self.list.pop_front() {
                self.bytes -= oldest.body_length();
            }
        }
    }
}

impl Received {
    fn body_length(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
    }
}

/// The headers as a list; bytes that are not UTF-8 are replaced.
pub(crate) fn header_list(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

fn base64<S: Serializer>(body: &Option<Bytes>, serializer: S) -> Result<S::Ok, S::Error> {
    body.as_ref().map(|bytes| STANDARD.encode(bytes)).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(bytes: usize) -> Received {
        Received {
            number: 0,
            received_at_ms: 0,
            listener: Listener::Site,
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: None,
            headers: Vec::new(),
            body: Some(Bytes::from(vec![0; bytes])),
            status: Some(200),
            frame: None,
        }
    }

    #[track_caller]
    fn check_kept(sizes: &[usize], expected: &[u64]) {
        let log = ReceivedLog::new();
        for size in sizes {
            log.add(received(*size));
        }
        let numbers: Vec<u64> = log.after(0).iter().map(|received| received.number).collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn the_oldest_go_when_the_bodies_have_too_many_bytes() {
        check_kept(&[MOST_BYTES / 2, MOST_BYTES / 2], &[1, 2]);
        check_kept(&[MOST_BYTES / 2, MOST_BYTES / 2, 1], &[2, 3]);
        check_kept(&[1, MOST_BYTES + 1], &[2]);
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let numbers: Vec<u64> = (3..=MOST_REQUESTS as u64 + 2).collect();
        check_kept(&vec![0; MOST_REQUESTS + 2], &numbers);
    }

    #[test]
    fn numbers_go_on_after_clearing() {
        let log = ReceivedLog::new();
        log.add(received(1));
        log.clear();
        assert!(log.after(0).is_empty());
        assert_eq!(log.add(received(1)), 2);
    }
}
