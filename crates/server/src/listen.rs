//! The listener: accepts, encrypts, bounds the time for headers, and drains.

use crate::tls::{Certificate, Tls};
use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioIo, TokioTimer};
use macaw_gateway::Bare;
use macaw_http::Arrival;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

/// A client that has not agreed on keys by then is gone.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The longest header of a request; what is longer is refused with 431.
const HEADER_BYTES: usize = 32 * 1024;
/// Beyond the most connections; short enough for a socket that was just accepted to take it whole.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
/// After an error that will not go away by itself, such as no descriptors left.
const BREATH: Duration = Duration::from_millis(500);

/// What serves the connections.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) router: Router,
    pub(crate) certificate: Option<Arc<Certificate>>,
    pub(crate) header_timeout: Duration,
    /// Connections that are no sockets, at once: slow ones use up no descriptor that others need.
    pub(crate) most: usize,
}

/// Serves until `stop` changes, then lets open requests end. Dropped, it cuts everybody off.
pub(crate) async fn serve(listener: TcpListener, service: Service, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) if connections.len() >= service.most => refuse(&stream, service.certificate.is_some()),
            Ok((stream, peer)) => {
                connections.spawn(service.clone().connection(stream, peer, stop.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Nothing is read of somebody for whom there is no room; behind TLS there are no words for it.
fn refuse(stream: &TcpStream, tls: bool) {
    metrics::counter!("macaw_http_refused_total").increment(1);
    if !tls {
        // A client that is gone already needs no answer.
        let _ = stream.try_write(FULL);
    }
}

/// The socket of a connection that was upgraded, with what encrypts it and with what came over it already.
/// Nothing else of the connection is kept: the library's empty buffers alone would be 8 KiB.
pub(crate) fn bare(upgraded: Upgraded) -> Option<Bare> {
    let upgraded = match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => {
            let socket = parts.io.into_inner().into_std().ok()?.into();
            return Some(Bare { socket, cipher: None, leftover: parts.read_buf.to_vec() });
        }
        Err(upgraded) => upgraded,
    };
    let parts = upgraded.downcast::<TokioIo<TlsStream<TcpStream>>>().ok()?;
    let (socket, session) = parts.io.into_inner().into_inner();
    let socket = socket.into_std().ok()?.into();
    Some(Bare { socket, cipher: Some(Box::new(Tls(session))), leftover: parts.read_buf.to_vec() })
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

impl Service {
    async fn connection(self, stream: TcpStream, peer: SocketAddr, mut stop: watch::Receiver<bool>) {
        // Frames are small and wanted now; where it cannot be set they come a little later.
        let _ = stream.set_nodelay(true);
        let Some(certificate) = &self.certificate else {
            return self.requests(stream, Arrival { peer, tls: false }, stop).await;
        };
        let handshake = tokio::time::timeout(HANDSHAKE, certificate.acceptor().accept(stream));
        let encrypted = tokio::select! {
            encrypted = handshake => encrypted,
            _ = stop.changed() => return,
        };
        match encrypted {
            Ok(Ok(stream)) => self.requests(stream, Arrival { peer, tls: true }, stop).await,
            Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
            Err(_) => tracing::debug!("a handshake took too long"),
        }
    }

    async fn requests<S>(self, stream: S, arrival: Arrival, mut stop: watch::Receiver<bool>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router;
        let answer = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(arrival);
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            .max_buf_size(HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), answer)
            .with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stop.changed() => {
                // Idle ones end at once, others after the answer that they wait for.
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended");
        }
    }
}
