//! The knowledge of a data folder for an engine that runs in a command: looked up by the server that holds the
//! folder, or here.

use crate::control::{House, Request, ask};
use anyhow::{Context, Result};
use async_trait::async_trait;
use macaw_app::{Found, Hit, Search, SearchError};
use macaw_domain::TenantId;
use macaw_search::KnowledgeSearch;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A question to the knowledge of a tenant; without one of the oldest.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Seek {
    tenant: Option<String>,
    text: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sought {
    answer: Option<SoughtHit>,
    wants_human: bool,
    is_empty: bool,
    gate: f32,
    hits: Vec<SoughtHit>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SoughtHit {
    entry: String,
    question: String,
    answer: String,
    score: f32,
}

impl From<Hit> for SoughtHit {
    fn from(Hit { entry, question, answer, score, .. }: Hit) -> Self {
        Self { entry, question, answer, score }
    }
}

impl From<SoughtHit> for Hit {
    fn from(SoughtHit { entry, question, answer, score }: SoughtHit) -> Self {
        Self { entry, question, answer, score, why: String::new() }
    }
}

impl Request for Seek {
    const PATH: &'static str = "/ai/seek";
    type Answer = Sought;

    async fn run(self, house: &House) -> Result<Sought> {
        let tenant = match self.tenant {
            Some(id) => id.parse().ok().context("there is no such tenant")?,
            None => house.store.first_site().await?.map(|site| site.tenant).context("there is no tenant yet")?,
        };
        let found = KnowledgeSearch::new(house.store.clone()).ask(tenant, &self.text).await?;
        let Found { answer, wants_human, is_empty, gate, hits } = found;
        let hits = hits.into_iter().map(SoughtHit::from).collect();
        Ok(Sought { answer: answer.map(SoughtHit::from), wants_human, is_empty, gate, hits })
    }
}

/// The knowledge of a folder.
pub(super) struct FolderSearch {
    pub(super) folder: PathBuf,
    pub(super) tenant: Option<TenantId>,
}

#[async_trait]
impl Search for FolderSearch {
    async fn ask(&self, _: TenantId, text: &str) -> Result<Found, SearchError> {
        let seek = Seek { tenant: self.tenant.map(|id| id.to_string()), text: text.to_owned() };
        let sought = ask(&self.folder, seek).await.map_err(|error| SearchError::Index(format!("{error:#}")))?;
        let Sought { answer, wants_human, is_empty, gate, hits } = sought;
        let hits = hits.into_iter().map(Hit::from).collect();
        Ok(Found { answer: answer.map(Hit::from), wants_human, is_empty, gate, hits })
    }
}
