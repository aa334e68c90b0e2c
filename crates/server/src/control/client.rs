//! A command's end of the local socket.

use super::{Request, socket};
use crate::data;
use anyhow::{Context, Result, bail};
use axum::body::Bytes;
use axum::http::{self, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::path::Path;
use std::time::Duration;
use tokio::net::UnixStream;

/// A server that starts or stops holds the lock for a moment without answering.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// Has it done by the server that holds the folder, or does it here when none does.
pub(crate) async fn ask<R: Request>(folder: &Path, request: R) -> Result<R::Answer> {
    match socket::connect(folder).await {
        Ok(stream) => return send(stream, &request).await,
        // A server whose database is elsewhere takes commands while it runs.
        Err(_) => drop(data::database(folder)?),
    }
    for _ in 0..TRIES {
        if let Ok(stream) = socket::connect(folder).await {
            return send(stream, &request).await;
        }
        if data::try_lock(folder)?.is_some() {
            let _lock = data::lock(folder)?;
            return request.direct(folder).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
    bail!("{}: a Macaw holds this data folder and does not answer; it may be stopping, try again", folder.display())
}

/// Has it done by the server that holds the folder; `None` when none does.
pub(crate) async fn ask_server<R: Request>(folder: &Path, request: R) -> Result<Option<R::Answer>> {
    match socket::connect(folder).await {
        Ok(stream) => send(stream, &request).await.map(Some),
        Err(_) => Ok(None),
    }
}

async fn send<R: Request>(stream: UnixStream, request: &R) -> Result<R::Answer> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driving = tokio::spawn(connection);
    let request = http::Request::post(R::PATH)
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(serde_json::to_vec(request)?)))?;
    let exchange = async {
        let (head, body) = sender.send_request(request).await?.into_parts();
        anyhow::Ok((head.status, body.collect().await?.to_bytes()))
    };
    let done = tokio::time::timeout(R::PATIENCE, exchange).await;
    driving.abort();
    let (status, body) = done.context("the server took too long to answer")?.context("the server went away")?;
    match status {
        StatusCode::OK => serde_json::from_slice(&body).context("the server is of another version; use its own binary"),
        StatusCode::UNPROCESSABLE_ENTITY => bail!("{}", String::from_utf8_lossy(&body)),
        other => bail!("the server answered {other}; it may be of another version, use its own binary"),
    }
}
