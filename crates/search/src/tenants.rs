//! The search port over the store: an index per tenant, built when it is first asked and again when the
//! tenant's knowledge has changed.

use crate::index::{Entry, KnowledgeIndex};
use async_trait::async_trait;
use macaw_app::{Found, Hit, Search, SearchError, Store};
use macaw_domain::{KnowledgeEntry, TenantId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

/// Tenants whose index is kept; beyond it the one that was asked longest ago goes.
const MOST_TENANTS: usize = 256;

/// What is kept of a tenant.
struct Built {
    version: u64,
    index: KnowledgeIndex,
    answers: HashMap<String, String>,
}

#[derive(Default)]
struct Slot {
    /// Held while the index is built, so that it is built once however many ask.
    built: AsyncMutex<Option<Arc<Built>>>,
}

#[derive(Default)]
struct Slots {
    tenants: HashMap<TenantId, (Arc<Slot>, u64)>,
    asked: u64,
}

/// Full text over the knowledge of tenants.
pub struct KnowledgeSearch {
    store: Arc<dyn Store>,
    slots: Mutex<Slots>,
}

impl KnowledgeSearch {
    /// Over this store. Nothing is loaded before the first question.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, slots: Mutex::default() }
    }

    fn slot(&self, tenant: TenantId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.asked += 1;
        let asked = slots.asked;
        if slots.tenants.len() >= MOST_TENANTS
            && !slots.tenants.contains_key(&tenant)
            && let Some(oldest) = slots.tenants.iter().min_by_key(|(_, (_, at))| *at).map(|(id, _)| *id)
        {
            slots.tenants.remove(&oldest);
        }
        let (slot, at) = slots.tenants.entry(tenant).or_default();
        *at = asked;
        slot.clone()
    }

    /// The index as of now; `None` when there is nothing to know.
    async fn built(&self, tenant: TenantId) -> Result<Option<Arc<Built>>, SearchError> {
        let version = self.store.knowledge_version(tenant).await?;
        if version == 0 {
            return Ok(None);
        }
        let slot = self.slot(tenant);
        let mut built = slot.built.lock().await;
        if let Some(known) = built.as_ref().filter(|known| known.version >= version) {
            return Ok(Some(known.clone()));
        }
        let entries = self.store.knowledge(tenant).await?;
        let before = built.clone();
        let fresh = tokio::task::spawn_blocking(move || build(version, entries, before.as_deref()));
        let fresh = Arc::new(fresh.await.map_err(|error| SearchError::Index(error.to_string()))??);
        *built = Some(fresh.clone());
        Ok(Some(fresh))
    }
}

fn build(version: u64, entries: Vec<KnowledgeEntry>, before: Option<&Built>) -> Result<Built, SearchError> {
    let entries: Vec<Entry> = entries
        .into_iter()
        .filter(|entry| entry.draft.enabled)
        .map(|entry| Entry {
            id: entry.id.to_string(),
            question: entry.draft.question,
            alternatives: entry.draft.alternatives,
            answer: entry.draft.answer,
        })
        .collect();
    let index = KnowledgeIndex::build_after(&entries, before.map(|b| &b.index))
        .map_err(|error| SearchError::Index(error.to_string()))?;
    let answers = entries.into_iter().map(|entry| (entry.id, entry.answer)).collect();
    Ok(Built { version, index, answers })
}

#[async_trait]
impl Search for KnowledgeSearch {
    async fn ask(&self, tenant: TenantId, text: &str) -> Result<Found, SearchError> {
        let Some(built) = self.built(tenant).await?.filter(|built| !built.index.is_empty()) else {
            let (answer, hits) = (None, Vec::new());
            return Ok(Found { answer, wants_human: false, is_empty: true, gate: crate::GATE, hits });
        };
        let text = text.to_owned();
        let asking = tokio::task::spawn_blocking(move || {
            let outcome = built.index.ask(&text).map_err(|error| SearchError::Index(error.to_string()))?;
            let hits: Vec<Hit> = outcome
                .hits
                .into_iter()
                .map(|hit| Hit {
                    answer: built.answers.get(&hit.entry_id).cloned().unwrap_or_default(),
                    entry: hit.entry_id,
                    question: hit.question,
                    score: hit.score,
                    why: hit.why,
                })
                .collect();
            // Whoever asks for a person gets one, whatever else is in the sentence.
            let answer = hits.first().filter(|_| outcome.answerable && !outcome.wants_human).cloned();
            Ok(Found { answer, wants_human: outcome.wants_human, is_empty: false, gate: crate::GATE, hits })
        });
        asking.await.map_err(|error| SearchError::Index(error.to_string()))?
    }
}
