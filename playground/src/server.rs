//! Opens the two origins on the loopback interface, and closes them, and the connections of both, when asked.

use crate::{
    head::{HeadBytes, Watched},
    messaging::Sessions,
    received::{Listener, ReceivedLog},
    routes::{self, Shared, State},
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{
    env, io,
    net::{Ipv4Addr, Ipv6Addr},
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time,
};
use tower::ServiceExt;

/// How long open connections may take to finish once the playground stops.
const GRACE: Duration = Duration::from_secs(2);
/// How often a free port is tried that turns out to be taken on the other address of `localhost`.
const MOST_ATTEMPTS: usize = 16;

/// Where to listen; a free port where none is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// The port of `http://127.0.0.1`.
    pub site: Option<u16>,
    /// The port of `http://localhost`.
    pub widget: Option<u16>,
}

/// A running playground; dropping it closes everything at once.
#[derive(Debug)]
pub struct Playground {
    site: String,
    widget: String,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
}

/// Marks a response that is not sent: the connection closes instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropConnection;

/// Tells everything that waits that the playground stops.
#[derive(Clone, Debug)]
pub(crate) struct Stopped(watch::Receiver<bool>);

#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped")]
struct Dropped;

/// Starts a playground on two free ports; it listens once this returns.
///
/// Must be called within a tokio runtime that has time and IO enabled.
pub async fn serve() -> io::Result<Playground> {
    serve_on(Ports::default()).await
}

/// Starts a playground on these ports; fails when one is taken.
pub async fn serve_on(ports: Ports) -> io::Result<Playground> {
    let site_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.site.unwrap_or(0))).await?;
    let (widget_port, widget_listeners) = bind_localhost(ports.widget).await?;
    let site = format!("http://127.0.0.1:{}", site_listener.local_addr()?.port());
    let widget = format!("http://localhost:{widget_port}");

    let (stop, stopped) = watch::channel(false);
    let stopped = Stopped(stopped);
    let shared = Arc::new(Shared {
        site: site.clone(),
        widget: widget.clone(),
        clients: clients_folder(),
        received: ReceivedLog::new(),
        sessions: Sessions::default(),
        stopped: stopped.clone(),
    });
    let mut listeners = JoinSet::new();
    let router = |listener| routes::router(State { listener, shared: Arc::clone(&shared) });
    listeners.spawn(accept(site_listener, router(Listener::Site), stopped.clone()));
    for widget_listener in widget_listeners {
        listeners.spawn(accept(widget_listener, router(Listener::Widget), stopped.clone()));
    }
    Ok(Playground { site, widget, stop, listeners })
}

impl Playground {
    /// The first origin, such as `http://127.0.0.1:1234`.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The second origin, such as `http://localhost:1235`: another host, so cross-site for a browser.
    pub fn widget(&self) -> &str {
        &self.widget
    }

    /// Stops listening, ends slow answers and waits, and returns when every connection is closed, 2 s at most.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.listeners.join_next().await.is_some() {}
    }
}

impl Stopped {
    /// Returns once the playground stops.
    pub(crate) async fn wait(&self) {
        // An error means that whoever could stop it is gone, which comes to the same.
        let _ = self.0.clone().wait_for(|is_stopped| *is_stopped).await;
    }
}

/// Binds `localhost` on both of its addresses, or on the first alone where this machine has no IPv6.
async fn bind_localhost(port: Option<u16>) -> io::Result<(u16, Vec<TcpListener>)> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
        let bound = first.local_addr()?.port();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
            Ok(second) => return Ok((bound, vec![first, second])),
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => return Ok((bound, vec![first])),
            Err(error) if port.is_some() || attempts == MOST_ATTEMPTS => return Err(error),
            Err(_) => {}
        }
    }
}

fn clients_folder() -> PathBuf {
    env::var_os("CALLSIGN_CLIENTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/clients/dist"), PathBuf::from)
}

async fn accept(listener: TcpListener, router: Router, stopped: Stopped) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone(), stopped.clone()));
                }
                // Out of file descriptors, or the like: it can only get better.
                Err(_) => time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            () = stopped.wait() => break,
        }
    }
    drop(listener);
    let all_closed = async { while connections.join_next().await.is_some() {} };
    // Whatever is still open after that is closed as `connections` is dropped.
    let _ = time::timeout(GRACE, all_closed).await;
}

async fn connection(stream: TcpStream, router: Router, stopped: Stopped) {
    // Small answers go out at once. Where that cannot be set, they are only slower.
    let _ = stream.set_nodelay(true);
    let head = HeadBytes::new();
    let stream = TokioIo::new(Watched::new(stream, head.clone()));
    let service = service_fn(move |request| answer(router.clone(), head.clone(), request));
    let mut connection = pin!(http1::Builder::new().serve_connection(stream, service).with_upgrades());
    // An error is the other side's, or a connection that is meant to drop; either way it is over.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stopped.wait() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// hyper closes the connection without an answer when its service fails, which a `Router` never does by itself.
async fn answer(router: Router, head: HeadBytes, mut request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    if let Some(headers) = head.take() {
        request.extensions_mut().insert(headers);
    }
    let Ok(response) = router.oneshot(request).await;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        head.expect();
    }
    match response.extensions().get::<DropConnection>() {
        Some(DropConnection) => Err(Dropped),
        None => Ok(response),
    }
}
