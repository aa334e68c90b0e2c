//! The handshake of a WebSocket (RFC 6455, section 4.2).

use crate::auth::header_text;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;
use macaw_wire::{Code, SUBPROTOCOL};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Of the RFC, for everybody the same.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A request that may become a socket.
pub(crate) struct Handshake {
    accept: String,
    on: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Handshake {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let accept = accept(&parts.method, &parts.headers).map_err(|what| Problem::new(Code::Invalid, what))?;
        let on = parts.extensions.remove::<OnUpgrade>();
        let on = on.ok_or_else(|| Problem::new(Code::Invalid, "this connection cannot become a socket"))?;
        Ok(Self { accept, on })
    }
}

impl Handshake {
    /// The answer, and the socket that is there once it was sent.
    pub(crate) fn accept(self) -> (Response<Body>, OnUpgrade) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        for (name, value) in [
            (header::UPGRADE, "websocket"),
            (header::CONNECTION, "upgrade"),
            (header::SEC_WEBSOCKET_ACCEPT, &self.accept),
            (header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL),
        ] {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        (response, self.on)
    }
}

/// What proves to the client that it was understood, or what is wrong with its request.
fn accept(method: &Method, headers: &HeaderMap) -> Result<String, &'static str> {
    let says = |name: &str, word: &str| {
        let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    if method != Method::GET || !says("connection", "upgrade") || !says("upgrade", "websocket") {
        return Err("this address is a WebSocket: send GET with Connection: Upgrade and Upgrade: websocket");
    }
    if header_text(headers, "sec-websocket-version") != Some("13") {
        return Err("Sec-WebSocket-Version: 13 is spoken here");
    }
    let key = header_text(headers, "sec-websocket-key").unwrap_or_default();
    if !STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16) {
        return Err("Sec-WebSocket-Key: 16 bytes in Base64");
    }
    let proof = digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{MAGIC}").as_bytes());
    Ok(STANDARD.encode(proof.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(changed: &str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, usual) in [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "WebSocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            let value = if name == changed { value } else { usual };
            headers.insert(name, value.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        assert_eq!(accept(&Method::GET, &headers("", "")), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".to_owned()));
    }

    #[test]
    fn what_is_no_handshake_is_refused() {
        for (name, value) in [
            ("connection", "close"),
            ("upgrade", "h2c"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-key", "c2hvcnQ="),
            ("sec-websocket-key", "not base 64 at all!!"),
        ] {
            assert!(accept(&Method::GET, &headers(name, value)).is_err(), "{name}: {value}");
        }
        assert!(accept(&Method::POST, &headers("", "")).is_err());
    }
}
