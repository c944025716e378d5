//! Keeps the head of each request as it was on the wire, because the HTTP library hands names on in lower case only.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// The most bytes that are kept while a head arrives; of a longer one nothing is known.
const MOST_BYTES: usize = 64 << 10;

/// Name, as it was written, and value of each header of a request, in the order in which they arrived.
#[derive(Clone, Debug)]
pub(crate) struct WrittenHeaders(pub(crate) Vec<(String, String)>);

/// What one connection has read since its last answer, up to the end of the head.
#[derive(Clone, Debug)]
pub(crate) struct HeadBytes(Arc<Mutex<State>>);

#[derive(Debug)]
enum State {
    Arriving(Vec<u8>),
    /// The head is over: what follows is a body.
    Over,
}

/// A connection whose bytes are looked at as they are read.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: TcpStream,
    head: HeadBytes,
}

impl HeadBytes {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State::Arriving(Vec::new()))))
    }

    /// The headers of the request that has just arrived. Everything up to the next [`Self::expect`] is its body.
    pub(crate) fn take(&self) -> Option<WrittenHeaders> {
        match std::mem::replace(&mut *self.state(), State::Over) {
            State::Arriving(bytes) => written_headers(&bytes).map(WrittenHeaders),
            State::Over => None,
        }
    }

    /// Looks out for the next head, as the last request is answered. No browser sends one earlier.
    pub(crate) fn expect(&self) {
        *self.state() = State::Arriving(Vec::new());
    }

    fn add(&self, read: &[u8]) {
        if let State::Arriving(bytes) = &mut *self.state()
            && bytes.len() < MOST_BYTES
        {
            bytes.extend_from_slice(read);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    pub(crate) fn new(stream: TcpStream, head: HeadBytes) -> Self {
        Self { stream, head }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, into);
        self.head.add(&into.filled()[before..]);
        result
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The header lines of bytes that begin with a request; `None` where its head has no end.
fn written_headers(bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let lines = head.trim_start().split("\r\n").skip(1);
    lines.map(|line| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &str, expected: Option<&[(&str, &str)]>) {
        let expected = expected.map(|headers| {
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        });
        assert_eq!(written_headers(bytes.as_bytes()), expected, "{bytes:?}");
    }

    #[test]
    fn headers_are_as_they_were_written() {
        check(
            "GET / HTTP/1.1\r\nHost: a\r\nX-a:b:c \r\nhost:\r\n\r\nbody\r\n\r\n",
            Some(&[("Host", "a"), ("X-a", "b:c"), ("host", "")]),
        );
        check("\r\nGET / HTTP/1.1\r\n\r\n", Some(&[]));
        check("GET / HTTP/1.1\r\nHost: a\r\n", None);
        check("GET / HTTP/1.1\r\nHost\r\n\r\n", None);
    }

    #[test]
    fn a_body_is_no_head() {
        let head = HeadBytes::new();
        head.add(b"POST / HTTP/1.1\r\nA: 1\r\n\r\nbo");
        assert_eq!(head.take().map(|WrittenHeaders(headers)| headers.len()), Some(1));
        head.add(b"dy\r\n\r\n");
        assert!(head.take().is_none());
        head.expect();
        head.add(b"GET / HTTP/1.1\r\n");
        head.add(b"\r\n");
        assert_eq!(head.take().map(|WrittenHeaders(headers)| headers.len()), Some(0));
    }
}
