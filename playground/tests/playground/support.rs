//! Talks to the playground by HTTP as it is on the wire, so that a test sees each header, and a connection that drops.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(crate) const WEBCHAT: &str = "/api/v2/conversations/webchat";
pub(crate) const GUEST: &str = "/api/v2/webchat/guest/conversations";
/// The origin of a page that is not the playground's.
pub(crate) const SHOP: &str = "https://shop.example";

/// An answer, as far as tests look at it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}

pub(crate) async fn get(origin: &str, target: &str) -> Answer {
    send(origin, &format!("GET {target}"), &[], b"").await.unwrap()
}

pub(crate) async fn post(origin: &str, target: &str, body: &[u8]) -> Answer {
    let headers = [("Origin", SHOP), ("Content-Type", "application/json")];
    send(origin, &format!("POST {target}"), &headers, body).await.unwrap()
}

/// The answer to one request on a connection of its own, `None` when the connection closes without one.
pub(crate) async fn send(origin: &str, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let host = origin.trim_start_matches("http://");
    let mut request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n", body.len());

    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    (!answer.is_empty()).then(|| parse(&answer))
}

/// The JSON of `/received` with this query.
pub(crate) async fn received(origin: &str, query: &str) -> Vec<Value> {
    let list = get(origin, &format!("/received{query}")).await.json();
    list.as_array().unwrap().clone()
}

pub(crate) fn body_of(received: &Value) -> Vec<u8> {
    STANDARD.decode(received["bodyBase64"].as_str().unwrap()).unwrap()
}

#[track_caller]
fn parse(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let mut lines = str::from_utf8(&answer[..end]).unwrap().split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Answer { status, headers, body: answer[end + 4..].to_vec() }
}
