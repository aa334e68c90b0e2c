//! The upgrade, as bytes.

use anyhow::{Result, bail};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Any key does; it guards against caches, of which there are none on the way.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// How a connection proves who it is.
#[derive(Debug, Clone)]
pub(crate) enum Proof {
    /// A visitor's token.
    Visitor(String),
    /// An agent's session cookie.
    Agent(String),
    /// The floor asks nobody.
    Nobody,
}

/// The request of an upgrade.
pub(crate) fn request(authority: &str, proof: &Proof) -> Vec<u8> {
    let (protocol, cookie) = match proof {
        Proof::Visitor(token) => (format!("Sec-WebSocket-Protocol: macaw.v1, bearer.{token}\r\n"), String::new()),
        Proof::Agent(cookie) => ("Sec-WebSocket-Protocol: macaw.v1\r\n".to_owned(), format!("Cookie: {cookie}\r\n")),
        Proof::Nobody => Default::default(),
    };
    format!(
        "GET /api/v1/socket HTTP/1.1\r\nHost: {authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{protocol}{cookie}\r\n"
    )
    .into_bytes()
}

/// Checks the answer; where the first frame begins, or `None` when the head is not whole yet.
pub(crate) fn accepted(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = head_end(bytes) else { return Ok(None) };
    let head = String::from_utf8_lossy(&bytes[..end]);
    if !head.starts_with("HTTP/1.1 101 ") {
        bail!("no upgrade: {}", head.lines().next().unwrap_or_default());
    }
    if header(&head, "sec-websocket-accept") != Some(&derive_accept_key(KEY.as_bytes())) {
        bail!("a wrong Sec-WebSocket-Accept");
    }
    Ok(Some(end))
}

/// The answer of a server that takes every upgrade; `None` when the request is not whole yet.
pub(crate) fn accept(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = head_end(bytes)?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let key = derive_accept_key(header(&head, "sec-websocket-key").unwrap_or_default().as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {key}\r\n\r\n"
    );
    Some(answer.into_bytes())
}

/// Behind the empty line.
pub(crate) fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// A header's value.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_answer_is_accepted_and_others_are_not() {
        let mut answer = accept(&request("127.0.0.1:1", &Proof::Nobody)).expect("whole");
        assert_eq!(accepted(&answer[..answer.len() - 1]).expect("so far good"), None);
        answer.push(0x81);
        assert_eq!(accepted(&answer).expect("good"), Some(answer.len() - 1));
        assert!(accepted(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n").is_err());
        assert!(accepted(b"HTTP/1.1 101 x\r\nSec-WebSocket-Accept: no\r\n\r\n").is_err());
    }

    #[test]
    fn a_visitor_brings_its_token_and_an_agent_its_cookie() {
        let text = |proof| String::from_utf8(request("h", &proof)).expect("text");
        assert!(text(Proof::Visitor("t".into())).contains("Sec-WebSocket-Protocol: macaw.v1, bearer.t\r\n"));
        assert!(text(Proof::Agent("c=1".into())).contains("\r\nCookie: c=1\r\n\r\n"));
    }
}
