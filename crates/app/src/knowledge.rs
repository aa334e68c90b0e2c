//! The knowledge of a tenant: what the built-in engine answers from.

mod table;

use crate::{Agent, Clock, Found, Search, SearchError, Store, StoreError};
use macaw_domain::{KnowledgeDraft, KnowledgeEntry, KnowledgeError, KnowledgeId, TenantId};
use std::collections::HashMap;
use std::sync::Arc;
pub use table::{RefusedLine, TableError, TableRow, read_table, write_table};

/// Entries in one transaction of an import: a few milliseconds, so that chat passes between them.
const SLICE: usize = 200;
/// Entries of one tenant.
const MOST_ENTRIES: usize = 20_000;
/// The longest question of a preview, in bytes: that of a message.
const MOST_ASK_BYTES: usize = macaw_domain::MAX_TEXT_BYTES;

/// Why the knowledge was not changed or asked.
#[derive(Debug, thiserror::Error)]
pub enum ChangeKnowledgeError {
    /// Only a manager may.
    #[error("only a manager may change the knowledge")]
    NotAllowed,
    /// No such entry in this tenant.
    #[error("there is no such entry")]
    NotFound,
    /// A text is out of its bounds.
    #[error(transparent)]
    Invalid(#[from] KnowledgeError),
    /// Another entry asks the same.
    #[error("another entry has this question already; change that one")]
    Taken,
    /// Too many.
    #[error("a tenant has at most {MOST_ENTRIES} entries; delete some first")]
    Full,
    /// The preview's question is too long.
    #[error("the question is too long")]
    TooLong,
    /// The search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ChangeKnowledgeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(_) => Self::Taken,
            error => Self::Store(error),
        }
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Questions that were not there.
    pub added: usize,
    /// Questions that were there with another answer or other alternatives.
    pub updated: usize,
    /// Questions that were there just so.
    pub unchanged: usize,
}

/// The knowledge of tenants.
pub struct Knowledge {
    store: Arc<dyn Store>,
    search: Arc<dyn Search>,
    clock: Arc<dyn Clock>,
}

impl Knowledge {
    /// Over these ports.
    pub fn new(store: Arc<dyn Store>, search: Arc<dyn Search>, clock: Arc<dyn Clock>) -> Self {
        Self { store, search, clock }
    }

    /// A part of the actor's knowledge, newest first, and how many entries match.
    pub async fn page(
        &self,
        actor: &Agent,
        text: &str,
        limit: u32,
        offset: u32,
    ) -> Result<(Vec<KnowledgeEntry>, u64), StoreError> {
        self.store.knowledge_page(actor.tenant, text.trim(), limit, offset).await
    }

    /// All of it, oldest first.
    pub async fn all(&self, actor: &Agent) -> Result<Vec<KnowledgeEntry>, StoreError> {
        self.store.knowledge(actor.tenant).await
    }

    /// Exactly what a visitor who asks `text` would get, with the scores.
    pub async fn ask(&self, actor: &Agent, text: &str) -> Result<Found, ChangeKnowledgeError> {
        if text.len() > MOST_ASK_BYTES {
            return Err(ChangeKnowledgeError::TooLong);
        }
        Ok(self.search.ask(actor.tenant, text).await?)
    }

    /// Adds an entry; with the id of one that was deleted, that comes back under it. An id that is
    /// not free is not taken.
    pub async fn create(
        &self,
        actor: &Agent,
        draft: KnowledgeDraft,
        deleted: Option<KnowledgeId>,
    ) -> Result<KnowledgeEntry, ChangeKnowledgeError> {
        allowed(actor)?;
        if self.store.knowledge_page(actor.tenant, "", 0, 0).await?.1 >= MOST_ENTRIES as u64 {
            return Err(ChangeKnowledgeError::Full);
        }
        if let Some(id) = deleted
            && self.store.knowledge_entry(actor.tenant, id).await?.is_none()
        {
            let entry = self.write(actor, id, draft.clone()).await?;
            // Another tenant's is left alone by the store, and nobody learns that there is one.
            if self.store.knowledge_entry(actor.tenant, id).await?.is_some() {
                return Ok(entry);
            }
        }
        self.write(actor, KnowledgeId(self.clock.fresh()), draft).await
    }

    /// Replaces an entry.
    pub async fn update(
        &self,
        actor: &Agent,
        id: KnowledgeId,
        draft: KnowledgeDraft,
    ) -> Result<KnowledgeEntry, ChangeKnowledgeError> {
        self.store.knowledge_entry(actor.tenant, id).await?.ok_or(ChangeKnowledgeError::NotFound)?;
        self.write(actor, id, draft).await
    }

    /// Removes an entry.
    pub async fn delete(&self, actor: &Agent, id: KnowledgeId) -> Result<(), ChangeKnowledgeError> {
        allowed(actor)?;
        let gone = self.store.delete_knowledge(actor.tenant, id).await?;
        if gone { Ok(()) } else { Err(ChangeKnowledgeError::NotFound) }
    }

    /// Adds and updates entries by their questions; what is not named stays.
    pub async fn import(&self, actor: &Agent, rows: Vec<TableRow>) -> Result<Imported, ChangeKnowledgeError> {
        allowed(actor)?;
        self.import_into(actor.tenant, rows).await
    }

    /// The same for whoever runs the installation. A later line of the same question wins; an entry that
    /// is switched off stays off unless its line says otherwise.
    pub async fn import_into(&self, tenant: TenantId, rows: Vec<TableRow>) -> Result<Imported, ChangeKnowledgeError> {
        let known = self.store.knowledge(tenant).await?;
        let mut standing: HashMap<&str, &KnowledgeEntry> =
            known.iter().map(|entry| (entry.draft.question.as_str(), entry)).collect();
        let mut latest: HashMap<String, TableRow> = HashMap::new();
        let mut order = Vec::new();
        for row in rows {
            let row = TableRow { draft: row.draft.checked()?, ..row };
            let question = row.draft.question.clone();
            if latest.insert(question.clone(), row).is_none() {
                order.push(question);
            }
        }
        let (mut done, mut entries) = (Imported::default(), Vec::new());
        for question in order {
            let Some(TableRow { mut draft, says_enabled }) = latest.remove(&question) else { continue };
            let stands = standing.remove(question.as_str());
            if let Some(entry) = stands.filter(|_| !says_enabled) {
                draft.enabled = entry.draft.enabled;
            }
            let id = match stands {
                Some(entry) if entry.draft == draft => {
                    done.unchanged += 1;
                    continue;
                }
                Some(entry) => {
                    done.updated += 1;
                    entry.id
                }
                None => {
                    done.added += 1;
                    KnowledgeId(self.clock.fresh())
                }
            };
            entries.push(KnowledgeEntry { id, tenant, draft, updated_at: self.clock.now() });
        }
        if known.len() + done.added > MOST_ENTRIES {
            return Err(ChangeKnowledgeError::Full);
        }
        for slice in entries.chunks(SLICE) {
            self.store.put_knowledge(tenant, slice.to_vec()).await?;
        }
        Ok(done)
    }

    async fn write(
        &self,
        actor: &Agent,
        id: KnowledgeId,
        draft: KnowledgeDraft,
    ) -> Result<KnowledgeEntry, ChangeKnowledgeError> {
        allowed(actor)?;
        let draft = draft.checked()?;
        let entry = KnowledgeEntry { id, tenant: actor.tenant, draft, updated_at: self.clock.now() };
        self.store.put_knowledge(actor.tenant, vec![entry.clone()]).await?;
        Ok(entry)
    }
}

fn allowed(actor: &Agent) -> Result<(), ChangeKnowledgeError> {
    if actor.may_manage() { Ok(()) } else { Err(ChangeKnowledgeError::NotAllowed) }
}
