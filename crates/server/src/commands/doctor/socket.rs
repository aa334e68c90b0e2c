//! The upgrade to a WebSocket, through whatever is in between.

use super::Check;
use super::dial::{self, Answer, Target};
use axum::body::Bytes;
use axum::http::{Method, Request, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::AsyncReadExt;

const NAME: &str = "socket";
const PATH: &str = "/api/v1/socket";
/// The welcome is the first thing that a server says.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) const PASS_UPGRADE: &str = "let the proxy pass Upgrade and Connection on; nginx: proxy_http_version 1.1; \
     proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; \
     and wait longer than 25 s: proxy_read_timeout 120s";
const KEEP_HOST: &str = "let the proxy keep the Host of the request; nginx: proxy_set_header Host $http_host";

fn request(target: &Target, protocols: &str) -> Option<Request<Full<Bytes>>> {
    dial::request(target, Method::GET, PATH)
        .header(header::ORIGIN, target.origin())
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, "bWFjYXcgZG9jdG9yIDEyMw==")
        .header(header::SEC_WEBSOCKET_PROTOCOL, protocols)
        .body(Full::default())
        .ok()
}

/// A visitor's socket: opened, and the welcome read.
pub(super) async fn visitor(target: &Target, token: &str) -> Check {
    let broken = |what: String| Check::problem(NAME, what, PASS_UPGRADE);
    let Some(request) = request(target, &format!("macaw.v1, bearer.{token}")) else {
        return broken("the request could not be made".to_owned());
    };
    let upgraded = match dial::upgrade(target, request).await {
        Ok(Ok(upgraded)) => upgraded,
        Ok(Err(answer)) => return refused(&answer),
        Err(failure) => return broken(failure.to_string()),
    };
    let mut stream = TokioIo::new(upgraded);
    let (mut seen, mut part) = (Vec::new(), [0; 512]);
    let reading = async {
        while !seen.windows(7).any(|word| word == b"welcome") {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => return false,
                Ok(read) => seen.extend_from_slice(part.get(..read).unwrap_or_default()),
            }
        }
        true
    };
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(true) => Check::ok(NAME, "opened, and the server said welcome"),
        Ok(false) => broken("it was upgraded, and then cut before the server could say a word".to_owned()),
        Err(_) => broken("it was upgraded, but nothing comes through; something in between holds it back".to_owned()),
    }
}

fn refused(answer: &Answer) -> Check {
    let words = String::from_utf8_lossy(&answer.body);
    let detail = answer.field("detail").unwrap_or_else(|| words.chars().take(120).collect());
    match answer.status {
        400 | 426 => Check::problem(
            NAME,
            format!(
                "the request to upgrade arrived as a plain one ({}): the proxy does not pass Upgrade on",
                answer.status
            ),
            PASS_UPGRADE,
        ),
        401 => Check::problem(
            NAME,
            "the token did not arrive: the proxy drops Sec-WebSocket-Protocol",
            "let the proxy pass the header Sec-WebSocket-Protocol on",
        ),
        403 => Check::problem(NAME, detail, format!("{KEEP_HOST}; or add the page to the domains of the site")),
        429 => Check::problem(NAME, detail, "wait, and look at what floods this server"),
        status => Check::problem(NAME, format!("answered with {status} instead of an upgrade: {detail}"), PASS_UPGRADE),
    }
}

/// An agent's socket without a session: 401 shows that the server takes its own pages for its own.
pub(super) async fn host(target: &Target) -> Check {
    let name = "host";
    let Some(request) = request(target, "macaw.v1") else {
        return Check::warning(name, "the request could not be made", "look at the address");
    };
    match dial::upgrade(target, request).await {
        Ok(Err(answer)) if answer.status == 401 => Check::ok(name, "the server takes its own pages for its own"),
        Ok(Err(answer)) if answer.status == 403 => {
            let what = format!("the server does not know itself as {}: the proxy rewrites Host", target.authority);
            Check::problem(name, what, KEEP_HOST)
        }
        Ok(Err(answer)) => {
            let what = format!("not seen: the upgrade was answered with {}", answer.status);
            Check::warning(name, what, "see socket")
        }
        Ok(Ok(_)) => Check::problem(name, "an agent's socket opened without a session", "tell the makers of Macaw"),
        Err(failure) => Check::warning(name, failure.to_string(), "see socket"),
    }
}
