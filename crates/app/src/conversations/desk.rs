//! Closing with words, tags and blocks.

use super::{ChangeError, ConversationView, Conversations};
use crate::{Agent, Listing, StoreError};
use macaw_domain::{Block, Closing, ConversationId, DecisionError, Millis, TagId};

/// The longest reason of a block, in characters.
const MAX_BLOCK_REASON: usize = 200;

impl Conversations {
    /// A part of a list of the agent's tenant.
    pub async fn list_where(
        &self,
        actor: &Agent,
        listing: Listing,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<ConversationView>, StoreError> {
        let found = self.store.list_where(actor.tenant, listing, limit, offset).await?;
        let mut views = Vec::with_capacity(found.len());
        for conversation in found {
            views.push(self.named(conversation).await?);
        }
        Ok(views)
    }

    /// The agent closes it and says why and what it was about.
    pub async fn close_with(
        &self,
        actor: &Agent,
        id: ConversationId,
        seen: Option<u64>,
        closing: Closing,
    ) -> Result<ConversationView, ChangeError> {
        let closing = closing.checked()?;
        let may_manage = actor.may_manage();
        self.change(actor.tenant, id, seen, |c, at| c.close_with(actor.account, may_manage, closing.clone(), at)).await
    }

    /// Puts a tag of the tenant on it or takes it off. What is so already is no error.
    pub async fn tag(
        &self,
        actor: &Agent,
        id: ConversationId,
        tag: TagId,
        on: bool,
    ) -> Result<ConversationView, ChangeError> {
        self.store.conversation(actor.tenant, id).await?.ok_or(ChangeError::NotFound)?;
        let known: Vec<_> = self.store.tags(actor.tenant).await?.iter().map(|tag| tag.id).collect();
        if on && !known.contains(&tag) {
            return Err(ChangeError::NoSuchTag);
        }
        let changed = self.change(actor.tenant, id, None, |c, at| c.tagged(tag, on, &known, at)).await;
        self.or_as_it_is(actor, id, changed).await
    }

    /// Keeps its visitor from writing, until a time or until it is lifted.
    pub async fn block(
        &self,
        actor: &Agent,
        id: ConversationId,
        reason: &str,
        until: Option<Millis>,
    ) -> Result<ConversationView, ChangeError> {
        let reason = reason.replace('\0', "").trim().to_owned();
        if reason.chars().count() > MAX_BLOCK_REASON {
            return Err(ChangeError::BlockReason(MAX_BLOCK_REASON));
        }
        if until.is_some_and(|until| until <= self.clock.now()) {
            return Err(ChangeError::BlockEnd);
        }
        let block = |at| Block { reason: reason.clone(), until, by: actor.account, at };
        self.change(actor.tenant, id, None, |c, at| Ok(c.blocked(block(at)))).await
    }

    /// Lets its visitor write again. What is so already is no error.
    pub async fn unblock(&self, actor: &Agent, id: ConversationId) -> Result<ConversationView, ChangeError> {
        let changed = self.change(actor.tenant, id, None, |c, at| c.unblocked(actor.account, at)).await;
        self.or_as_it_is(actor, id, changed).await
    }

    /// Conversations whose visitors are blocked, newest block first, with the names of those who did it.
    pub async fn blocked(
        &self,
        actor: &Agent,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<(ConversationView, String)>, StoreError> {
        let mut rows = Vec::new();
        for conversation in self.store.blocked(actor.tenant, limit, offset).await? {
            let by = match &conversation.block {
                Some(block) => self.directory.name(&*self.store, block.by).await?.to_string(),
                None => String::new(),
            };
            rows.push((self.named(conversation).await?, by));
        }
        Ok(rows)
    }

    async fn or_as_it_is(
        &self,
        actor: &Agent,
        id: ConversationId,
        changed: Result<ConversationView, ChangeError>,
    ) -> Result<ConversationView, ChangeError> {
        match changed {
            Err(ChangeError::Refused(DecisionError::Already)) => {
                self.find(&crate::Actor::Agent(*actor), id).await?.ok_or(ChangeError::NotFound)
            }
            other => other,
        }
    }
}
