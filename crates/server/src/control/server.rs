//! The server's end of the local socket.

use super::{House, Request, socket};
use crate::commands;
use crate::data::SOCKET;
use anyhow::Result;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::UnixListener;

/// An import is the largest that comes this way.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// The socket of a server, until it stops.
pub(crate) struct Control {
    listener: UnixListener,
    router: Router,
    path: PathBuf,
}

impl Control {
    /// Binds the socket. From now on commands find this server.
    pub(crate) fn bind(house: House) -> Result<Self> {
        let path = house.data.join(SOCKET);
        let listener = socket::bind(&house.data)?;
        let router = commands::requests().layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).with_state(Arc::new(house));
        Ok(Self { listener, router, path })
    }

    /// Answers until it is dropped.
    pub(crate) async fn run(self) {
        let _removed = Removed(self.path);
        if let Err(error) = axum::serve(self.listener, self.router).await {
            tracing::error!(%error, "the local socket failed; commands have to wait for a restart");
        }
    }
}

/// Removes the socket when the server ends, so that a command does not take it for one that hangs.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The route of one request.
pub(crate) fn on<R: Request>() -> Router<Arc<House>> {
    Router::new().route(R::PATH, post(answer::<R>))
}

async fn answer<R: Request>(State(house): State<Arc<House>>, Json(request): Json<R>) -> Response {
    match request.run(&house).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{error:#}")).into_response(),
    }
}
