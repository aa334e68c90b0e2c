//! Requests over a stream of the test's own making: TLS, a source address, half a header.

use serde_json::Value;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Writes a fresh certificate for localhost and its key to `certificate.pem` and `key.pem`.
pub(crate) fn certify(dir: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    std::fs::write(dir.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(dir.join("certificate.pem"), made.cert.pem()).unwrap();
    made.cert.der().clone()
}

/// A connection from this address of the loopback network.
pub(crate) async fn connect(from: &str, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from.parse::<IpAddr>().unwrap(), 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Encrypts a connection to whoever has this certificate.
pub(crate) async fn encrypt(
    stream: TcpStream,
    trusted: &CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(client)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

/// One request on a connection of its own.
pub(crate) async fn ask<S>(mut stream: S, line: &str, headers: &[(&str, &str)], body: &Value) -> Answer
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut request = format!("{line} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "host") {
        request += "host: localhost\r\n";
    }
    for (name, value) in headers.iter().chain(&[("content-type", "application/json")]) {
        request += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    // Some servers end TLS without a word; what they answered is there all the same.
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: serde_json::from_str(body).unwrap_or_default() }
}

/// A visitor's socket over a stream; the host is the one of the certificate.
pub(crate) async fn visitor_socket<S>(stream: S, token: &str) -> WebSocketStream<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = "ws://localhost/api/v1/socket".into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", format!("macaw.v1, bearer.{token}").parse().unwrap());
    tokio_tungstenite::client_async(request, stream).await.unwrap().0
}

/// The status of an answer whose connection stays open.
pub(crate) async fn status<S>(mut stream: S, line: &str, headers: &[(&str, &str)]) -> u16
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = format!("{line} HTTP/1.1\r\nhost: localhost\r\n");
    headers.iter().for_each(|(name, value)| request += &format!("{name}: {value}\r\n"));
    stream.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    std::str::from_utf8(&start[9..]).unwrap().parse().unwrap()
}
