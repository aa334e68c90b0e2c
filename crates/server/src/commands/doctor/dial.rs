//! One request over a fresh connection, with TLS where the address asks for it.

use axum::body::Bytes;
use axum::http::uri::Scheme;
use axum::http::{HeaderMap, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};

/// For each step: connecting, the handshake, the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// No page of ours that is looked at is larger.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Where to.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) tls: bool,
    pub(super) host: String,
    port: u16,
    /// What a browser sends as `Host`.
    pub(super) authority: String,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The name or the port.
    #[error("{0}")]
    Unreachable(String),
    /// The certificate.
    #[error("{0}")]
    Certificate(String),
    /// The connection ended or hung.
    #[error("{0}")]
    Broken(String),
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A field of a JSON body.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let body: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        body.get(name)?.as_str().map(str::to_owned)
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Target {
    /// An address such as `https://chat.example.com`, without a path.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let wrong = || format!("{url}: write an address such as https://chat.example.com");
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(wrong()),
        };
        if !matches!(uri.path(), "" | "/") {
            return Err(format!("{url}: Macaw needs a host name of its own, without a path"));
        }
        let authority = uri.authority().ok_or_else(wrong)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { tls, host, port, authority: authority.to_string() })
    }

    pub(super) fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority)
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, Failure> {
        let place = (self.host.as_str(), self.port);
        let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect(place)).await;
        let stream = match connecting {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(Failure::Unreachable(format!("{}:{}: {error}", self.host, self.port))),
            Err(_) => return Err(Failure::Unreachable(format!("{}:{}: no answer in 10 s", self.host, self.port))),
        };
        if !self.tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| Failure::Certificate(format!("{}: no name that a certificate could have", self.host)))?;
        let shaking = TlsConnector::from(Arc::new(trust())).connect(name, stream);
        match tokio::time::timeout(PATIENCE, shaking).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(certificate(&error)),
            Err(_) => Err(Failure::Broken("the TLS handshake took more than 10 s".to_owned())),
        }
    }

    async fn open(&self) -> Result<SendRequest<Full<Bytes>>, Failure> {
        let stream = TokioIo::new(self.connect().await?);
        let (sender, connection) =
            http1::handshake(stream).await.map_err(|error| Failure::Broken(error.to_string()))?;
        // Ends with the sender, or with the upgraded socket.
        tokio::spawn(connection.with_upgrades());
        Ok(sender)
    }
}

/// The authorities that this machine trusts.
fn trust() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

fn certificate(error: &std::io::Error) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
    Failure::Certificate(match inner {
        Some(TlsError::InvalidCertificate(why)) => match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "the certificate has expired".into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet; is the clock right?".into()
            }
            CertificateError::UnknownIssuer => {
                "this machine does not trust who signed the certificate: it signs itself, or the chain is not whole"
                    .into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate is for another name".into()
            }
            other => format!("the certificate is not accepted: {other}"),
        },
        Some(other) => format!("the TLS handshake failed: {other}"),
        None => format!("the TLS handshake failed: {error}; does this port speak https?"),
    })
}

/// Sends one request; the body is not read yet.
async fn exchange(target: &Target, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Failure> {
    let mut sender = target.open().await?;
    match tokio::time::timeout(PATIENCE, sender.send_request(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(Failure::Broken(format!("the connection broke: {error}"))),
        Err(_) => Err(Failure::Broken("no answer in 10 s".to_owned())),
    }
}

/// A request as a browser would send it.
pub(super) fn request(target: &Target, method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, &target.authority)
}

/// Sends a request and reads the whole answer.
pub(super) async fn send(target: &Target, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
    let (head, body) = exchange(target, request).await?.into_parts();
    let reading = tokio::time::timeout(PATIENCE, Limited::new(body, MAX_BODY_BYTES).collect()).await;
    let body = match reading {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => return Err(Failure::Broken(format!("the answer broke off: {error}"))),
        Err(_) => return Err(Failure::Broken("the answer did not end in 10 s".to_owned())),
    };
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
}

/// Reads a page.
pub(super) async fn get(target: &Target, path: &str) -> Result<Answer, Failure> {
    let request = request(target, Method::GET, path).header(header::ACCEPT, "text/html, */*");
    send(target, request.body(Full::default()).map_err(|error| Failure::Broken(error.to_string()))?).await
}

/// Sends a request that asks for another protocol; the body is only read when that was refused.
pub(super) async fn upgrade(
    target: &Target,
    request: Request<Full<Bytes>>,
) -> Result<Result<hyper::upgrade::Upgraded, Answer>, Failure> {
    let response = exchange(target, request).await?;
    if response.status().as_u16() == 101 {
        let upgrading = tokio::time::timeout(PATIENCE, hyper::upgrade::on(response)).await;
        return match upgrading {
            Ok(Ok(upgraded)) => Ok(Ok(upgraded)),
            _ => Err(Failure::Broken("the connection broke after the upgrade".to_owned())),
        };
    }
    let (head, body) = response.into_parts();
    let reading = tokio::time::timeout(PATIENCE, Limited::new(body, MAX_BODY_BYTES).collect()).await;
    let body = reading.ok().and_then(Result::ok).map(|body| body.to_bytes()).unwrap_or_default();
    Ok(Err(Answer { status: head.status.as_u16(), headers: head.headers, body }))
}

/// Whether a Macaw answers there.
pub(super) async fn is_macaw(target: &Target) -> bool {
    match get(target, "/api/v1/me").await {
        Ok(answer) => answer.field("code").as_deref() == Some("unauthorized"),
        Err(_) => false,
    }
}
