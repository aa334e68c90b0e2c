//! Canned replies: each agent has its own, managers write the team's.

use crate::{Agent, Clock, Store, StoreError};
use macaw_domain::{CannedDraft, CannedError, CannedId, CannedReply};
use std::sync::Arc;

/// Replies that an agent may find, the team's and the own together: all of them are sent to its browser.
const MOST: usize = 1_000;

/// Why no canned reply was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeCannedError {
    /// Only a manager may write the team's.
    #[error("only a manager may change the replies of the team")]
    NotAllowed,
    /// No such reply for this agent.
    #[error("there is no such canned reply")]
    NotFound,
    /// A text is out of its bounds.
    #[error(transparent)]
    Invalid(#[from] CannedError),
    /// Too many.
    #[error("an agent has at most {MOST} canned replies, with those of the team; delete some first")]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The canned replies of tenants and their agents.
pub struct Canned {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Canned {
    /// Over these ports.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// What the actor finds, by folder and title.
    pub async fn list(&self, actor: &Agent) -> Result<Vec<CannedReply>, StoreError> {
        self.store.canned(actor.tenant, actor.account).await
    }

    /// Adds a reply, for everybody when it is `shared`. With the id of one that was deleted, that comes
    /// back under it; an id that is not free is not taken.
    pub async fn create(
        &self,
        actor: &Agent,
        draft: CannedDraft,
        shared: bool,
        deleted: Option<CannedId>,
    ) -> Result<CannedReply, ChangeCannedError> {
        if self.list(actor).await?.len() >= MOST {
            return Err(ChangeCannedError::Full);
        }
        if let Some(id) = deleted
            && self.store.canned_reply(actor.tenant, id).await?.is_none()
            && let Some(reply) = self.write(actor, id, draft.clone(), shared).await?
        {
            return Ok(reply);
        }
        let fresh = CannedId(self.clock.fresh());
        self.write(actor, fresh, draft, shared).await?.ok_or(ChangeCannedError::NotFound)
    }

    /// Replaces a reply. What becomes or was shared takes a manager.
    pub async fn update(
        &self,
        actor: &Agent,
        id: CannedId,
        draft: CannedDraft,
        shared: bool,
    ) -> Result<CannedReply, ChangeCannedError> {
        self.changeable(actor, id).await?;
        self.write(actor, id, draft, shared).await?.ok_or(ChangeCannedError::NotFound)
    }

    /// Removes a reply.
    pub async fn delete(&self, actor: &Agent, id: CannedId) -> Result<(), ChangeCannedError> {
        self.changeable(actor, id).await?;
        let gone = self.store.delete_canned(actor.tenant, id).await?;
        if gone { Ok(()) } else { Err(ChangeCannedError::NotFound) }
    }

    /// A colleague's own reply is one that does not exist.
    async fn changeable(&self, actor: &Agent, id: CannedId) -> Result<(), ChangeCannedError> {
        let found = self.store.canned_reply(actor.tenant, id).await?;
        let reply = found.filter(|reply| reply.is_seen_by(actor.account)).ok_or(ChangeCannedError::NotFound)?;
        let may = reply.is_changed_by(actor.account, actor.may_manage());
        if may { Ok(()) } else { Err(ChangeCannedError::NotAllowed) }
    }

    /// `None` when another tenant has this id; nobody learns that there is one.
    async fn write(
        &self,
        actor: &Agent,
        id: CannedId,
        draft: CannedDraft,
        shared: bool,
    ) -> Result<Option<CannedReply>, ChangeCannedError> {
        let owner = (!shared).then_some(actor.account);
        let reply =
            CannedReply { id, tenant: actor.tenant, owner, draft: draft.checked()?, updated_at: self.clock.now() };
        if !reply.is_changed_by(actor.account, actor.may_manage()) {
            return Err(ChangeCannedError::NotAllowed);
        }
        Ok(self.store.put_canned(reply.clone()).await?.then_some(reply))
    }
}
