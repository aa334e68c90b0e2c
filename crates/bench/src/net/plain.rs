//! HTTP/1.1 on one connection that stays open, blocking: cheap enough to make 100,000 visitors.

use crate::net::handshake::{head_end, header};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No answer for this long means that the server is gone.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A client with one connection.
pub(crate) struct Plain {
    target: SocketAddr,
    stream: Option<TcpStream>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Plain {
    /// Connects when it is first needed.
    pub(crate) fn new(target: SocketAddr) -> Self {
        Self { target, stream: None }
    }

    /// Sends a request, a second time when the server closed the connection meanwhile: all that the bench asks for may
    /// be asked twice.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer> {
        let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let target = self.target;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {target}\r\n{headers}{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let used_before = self.stream.is_some();
        match self.exchange(&request) {
            Err(_) if used_before => {
                self.stream = None;
                self.exchange(&request)
            }
            other => other,
        }
        .with_context(|| format!("{method} {}", path.split('?').next().unwrap_or_default()))
    }

    /// The same, where anything but success is an error.
    pub(crate) fn json(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<(Value, String)> {
        let answer = self.ask(method, path, headers, body)?;
        ensure!(
            answer.status < 300,
            "{method} {}: status {}",
            path.split('?').next().unwrap_or_default(),
            answer.status
        );
        let value = if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body)? };
        Ok((value, answer.head))
    }

    fn exchange(&mut self, request: &str) -> Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect_timeout(&self.target, ANSWER_WITHIN)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(ANSWER_WITHIN))?;
                none.insert(stream)
            }
        };
        stream.write_all(request.as_bytes())?;
        let mut bytes = Vec::with_capacity(1_024);
        let at = loop {
            if let Some(at) = head_end(&bytes) {
                break at;
            }
            more(stream, &mut bytes)?;
        };
        let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("a status")?;
        let mut body = bytes.split_off(at);
        if let Some(len) = header(&head, "content-length") {
            let len = len.parse()?;
            while body.len() < len {
                more(stream, &mut body)?;
            }
        } else if status != 204 && status != 304 {
            bail!("an answer without a length");
        }
        if header(&head, "connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.stream = None;
        }
        Ok(Answer { status, head, body })
    }
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<()> {
    let mut chunk = [0; 16 * 1024];
    let read = stream.read(&mut chunk)?;
    ensure!(read > 0, "the connection ended");
    bytes.extend_from_slice(&chunk[..read]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Answers each connection with one of `answers`, then closes it.
    fn server(answers: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().expect("a client");
                let mut request = [0; 4_096];
                let _ = stream.read(&mut request).expect("a request");
                stream.write_all(answer.as_bytes()).expect("writes");
            }
        });
        address
    }

    #[test]
    fn a_connection_that_the_server_closed_is_opened_again() {
        let mut plain = Plain::new(server(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
            "HTTP/1.1 429 Too Many\r\ncontent-length: 0\r\nRetry-After: 3\r\n\r\n",
        ]));
        assert_eq!(plain.json("GET", "/a", "", "").expect("answers").0["a"], 1);
        let second = plain.ask("POST", "/b?x=1", "", "{}").expect("answers");
        assert_eq!((second.status, second.body.len()), (429, 0));
        assert_eq!(header(&second.head, "retry-after"), Some("3"));
    }

    #[test]
    fn a_refusal_names_the_request_but_not_its_query() {
        let mut plain = Plain::new(server(&["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]));
        let error = plain.json("GET", "/a?token=secret", "", "").expect_err("refused").to_string();
        assert_eq!(error, "GET /a: status 404");
    }
}
