//! How commands reach a data folder: through the server that holds it, over a local socket, or directly under the
//! same lock. A command is one [`Request`]; it runs the same code either way.

mod client;
mod server;
mod socket;

pub(crate) use client::{ask, ask_server};
pub(crate) use server::{Control, on};

use crate::clock::WallClock;
use crate::data;
use anyhow::Result;
use macaw_app::{Clock, Store, Tenants};
use macaw_gateway::{Hub, HubSettings};
use macaw_http::Passwords;
use macaw_store::Sqlite;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// What a request can reach: the running server's parts, or the same parts opened for one command.
pub(crate) struct House {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tenants: Arc<Tenants>,
    /// Empty when no server runs.
    pub(crate) hub: Arc<Hub>,
    pub(crate) passwords: Passwords,
    pub(crate) data: PathBuf,
    /// Where the workbench is, when a server runs.
    pub(crate) url: Option<String>,
}

/// One command's wish.
pub(crate) trait Request: Serialize + DeserializeOwned + Send + 'static {
    /// Its own path on the socket.
    const PATH: &'static str;
    /// How long a server may take.
    const PATIENCE: Duration = Duration::from_secs(60);
    /// What comes back.
    type Answer: Serialize + DeserializeOwned + Send + 'static;

    /// Does it. The error is read by a person.
    fn run(self, house: &House) -> impl Future<Output = Result<Self::Answer>> + Send;

    /// Does it on a folder that no server holds; the caller holds its lock.
    fn direct(self, data: &Path) -> impl Future<Output = Result<Self::Answer>> + Send
    where
        Self: Sized,
    {
        async move {
            let house = House::open(data).await?;
            let answer = self.run(&house).await;
            house.store.close().await;
            answer
        }
    }
}

impl House {
    /// Opens a folder for one command. Its database is migrated like at the start of a server.
    async fn open(folder: &Path) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(WallClock);
        let (told, mut committed) = mpsc::channel(64);
        // Nobody is connected who could be told; the task ends with the store.
        tokio::spawn(async move { while committed.recv().await.is_some() {} });
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&data::database(folder)?, clock.clone(), told)?);
        // Of the environment or the default: no server is there whose file could say otherwise.
        let engine = crate::config::load(None, std::env::vars())?.chat.engine;
        let engine = Some(engine).filter(|engine| !engine.is_empty());
        let settings = HubSettings { heartbeat: Duration::from_secs(25), shards: 1 };
        Ok(Self {
            tenants: Arc::new(Tenants::load(store.clone(), clock.clone(), engine).await?),
            hub: Arc::new(Hub::new(settings, clock.clone(), Arc::new(macaw_app::Limits::off()))),
            store,
            clock,
            passwords: Passwords::default(),
            data: folder.to_owned(),
            url: None,
        })
    }
}
