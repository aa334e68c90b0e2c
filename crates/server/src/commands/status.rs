//! What a running server tells of itself.

use crate::control::{House, Request};
use anyhow::Result;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Status {}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatusAnswer {
    pub(crate) version: String,
    pub(crate) commit: String,
    pub(crate) pid: u32,
    pub(crate) url: Option<String>,
    /// Live sockets.
    pub(crate) connections: usize,
    /// The first site, for a walk through a proxy.
    pub(crate) site: Option<String>,
    /// How many descriptors the process may open.
    pub(crate) descriptors: Option<u64>,
}

impl Request for Status {
    const PATH: &'static str = "/status";
    type Answer = StatusAnswer;

    async fn run(self, house: &House) -> Result<StatusAnswer> {
        Ok(StatusAnswer {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: env!("MACAW_COMMIT").to_owned(),
            pid: std::process::id(),
            url: house.url.clone(),
            connections: house.hub.connections(),
            site: house.store.first_site().await?.map(|site| site.id.to_string()),
            descriptors: rustix::process::getrlimit(rustix::process::Resource::Nofile).current,
        })
    }
}
