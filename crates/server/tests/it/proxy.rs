//! A proxy in front of the real binary, with faults on purpose.

use crate::world::World;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What a proxy does to the lines of a request's head.
pub(crate) type Change = fn(&str) -> Option<String>;

/// Runs until it is dropped.
pub(crate) struct Proxy {
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A certificate that signs itself, and the acceptor that shows it.
pub(crate) fn certificate(name: &str) -> (String, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

/// A proxy to this server that passes each line of a request's head through `change`.
pub(crate) async fn proxy(world: &World, tls: Option<TlsAcceptor>, change: Change) -> Proxy {
    let upstream = world.url.strip_prefix("http://").unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let task = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (upstream, tls) = (upstream.clone(), tls.clone());
            // A client that goes away is no concern of the test.
            tokio::spawn(async move {
                match tls {
                    Some(tls) => pass(tls.accept(stream).await?, &upstream, change).await,
                    None => pass(stream, &upstream, change).await,
                }
            });
        }
    });
    Proxy { url: format!("{scheme}://localhost:{port}"), task }
}

async fn pass(mut client: impl AsyncRead + AsyncWrite + Unpin, upstream: &str, change: Change) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let mut server = TcpStream::connect(upstream).await?;
    let head = String::from_utf8_lossy(&head).into_owned();
    for line in head.trim_end().lines().filter_map(change) {
        server.write_all(format!("{line}\r\n").as_bytes()).await?;
    }
    server.write_all(b"\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}
