//! The routing file: read at the start and again when it changes. A bad one keeps the rules that are there.

use anyhow::Result;
use macaw_app::{Engines, Place, RouteFileError, Routes, Routing};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Reads a routing file. One that cannot be read is wrong at its beginning.
pub(crate) fn read(path: &Path) -> Result<Routes, RouteFileError> {
    let bytes = std::fs::read(path);
    let at_once = |message: String| RouteFileError { place: Place { line: 1, column: 1 }, message };
    let bytes = bytes.map_err(|error| at_once(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| at_once("is no UTF-8".to_owned()))?;
    Routes::read(&text)
}

/// Looks at the file, and puts its rules in place when it changed.
pub(crate) struct Watch {
    path: PathBuf,
    every: Duration,
    routing: Arc<Routing>,
    engines: Engines,
    seen: Option<(SystemTime, u64)>,
}

impl Watch {
    /// Reads the file for the first time, when a bad one is an error.
    pub(crate) fn begin(path: &Path, every: Duration, routing: Arc<Routing>, engines: Engines) -> Result<Self> {
        let seen = stamp(path);
        let routes = read(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        let watch = Self { path: path.to_owned(), every, routing, engines, seen };
        watch.put(routes);
        Ok(watch)
    }

    /// Looks again and again until it is dropped.
    pub(crate) async fn run(mut self) {
        loop {
            tokio::time::sleep(self.every).await;
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let path = self.path.clone();
        let stamped = tokio::task::spawn_blocking(move || stamp(&path)).await.unwrap_or_default();
        // One that is gone for a moment is being written.
        if stamped.is_none() || stamped == self.seen {
            return;
        }
        self.seen = stamped;
        let path = self.path.clone();
        match tokio::task::spawn_blocking(move || read(&path)).await {
            Ok(Ok(routes)) => self.put(routes),
            Ok(Err(error)) => {
                tracing::error!(%error, file = %self.path.display(), "the routing file is wrong; the rules before it stay");
            }
            Err(error) => tracing::error!(%error, "the routing file could not be looked at"),
        }
    }

    fn put(&self, routes: Routes) {
        for warning in routes.warnings(&self.engines) {
            let place = warning.place;
            tracing::warn!(line = place.line, column = place.column, "routing: {}", warning.message);
        }
        tracing::info!(rules = routes.len(), file = %self.path.display(), "routing rules are in place");
        self.routing.replace(routes);
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let data = std::fs::metadata(path).ok()?;
    Some((data.modified().ok()?, data.len()))
}
