//! What a tenant decides about its desk, and what an agent has begun to write.

use crate::{Actor, Agent, Begun, Clock, Conversations, Store, StoreError};
use macaw_domain::{
    ConversationId, DeskSettings, DeskSettingsError, MAX_TEXT_BYTES, Tag, TagColour, TagDraft, TagError, TagId,
};
use std::sync::Arc;

/// Tags of a tenant.
const MOST_TAGS: usize = 200;

/// Why nothing at the desk was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Only a manager may.
    #[error("only a manager may change this")]
    NotAllowed,
    /// No such thing for this agent.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// No colour has this name.
    #[error("colour: grey, blue, green, gold or scarlet")]
    Colour,
    /// A name has bounds.
    #[error(transparent)]
    Tag(#[from] TagError),
    /// Settings have bounds.
    #[error(transparent)]
    Settings(#[from] DeskSettingsError),
    /// Another tag has this name.
    #[error("another tag has this name already")]
    Taken,
    /// Too many.
    #[error("a tenant has at most {MOST_TAGS} tags; delete some first")]
    Full,
    /// What was begun could not be sent either.
    #[error("reply and note: at most {MAX_TEXT_BYTES} bytes each")]
    TooLong,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(_) => Self::Taken,
            error => Self::Store(error),
        }
    }
}

/// The desks of tenants.
pub struct Desks {
    store: Arc<dyn Store>,
    conversations: Arc<Conversations>,
    clock: Arc<dyn Clock>,
}

impl Desks {
    /// Over these ports.
    pub fn new(store: Arc<dyn Store>, conversations: Arc<Conversations>, clock: Arc<dyn Clock>) -> Self {
        Self { store, conversations, clock }
    }

    /// The tenant's tags, by name.
    pub async fn tags(&self, actor: &Agent) -> Result<Vec<Tag>, StoreError> {
        self.store.tags(actor.tenant).await
    }

    /// Adds a tag; with the id of one that was deleted, that is back on the conversations that had it.
    /// An id that is not free is not taken.
    pub async fn create_tag(
        &self,
        actor: &Agent,
        name: String,
        colour: &str,
        deleted: Option<TagId>,
    ) -> Result<Tag, DeskError> {
        let draft = drafted(actor, name, colour)?;
        let known = self.tags(actor).await?;
        if known.len() >= MOST_TAGS {
            return Err(DeskError::Full);
        }
        if let Some(id) = deleted.filter(|id| known.iter().all(|tag| tag.id != *id)) {
            let tag = Tag { id, tenant: actor.tenant, draft: draft.clone() };
            // Another tenant's is left alone by the store, and nobody learns that there is one.
            if self.store.put_tag(tag.clone()).await? {
                return Ok(tag);
            }
        }
        let tag = Tag { id: TagId(self.clock.fresh()), tenant: actor.tenant, draft };
        let written = self.store.put_tag(tag.clone()).await?;
        if written { Ok(tag) } else { Err(DeskError::NotFound("tag")) }
    }

    /// Replaces a tag.
    pub async fn update_tag(&self, actor: &Agent, id: TagId, name: String, colour: &str) -> Result<Tag, DeskError> {
        let draft = drafted(actor, name, colour)?;
        let known = self.tags(actor).await?;
        known.iter().find(|tag| tag.id == id).ok_or(DeskError::NotFound("tag"))?;
        let tag = Tag { id, tenant: actor.tenant, draft };
        let written = self.store.put_tag(tag.clone()).await?;
        if written { Ok(tag) } else { Err(DeskError::NotFound("tag")) }
    }

    /// Removes a tag, also from the conversations that have it.
    pub async fn delete_tag(&self, actor: &Agent, id: TagId) -> Result<(), DeskError> {
        allowed(actor)?;
        let gone = self.store.delete_tag(actor.tenant, id).await?;
        if gone { Ok(()) } else { Err(DeskError::NotFound("tag")) }
    }

    /// What the tenant has decided, or what everybody begins with.
    pub async fn settings(&self, actor: &Agent) -> Result<DeskSettings, StoreError> {
        Ok(self.store.desk_settings(actor.tenant).await?.unwrap_or_default())
    }

    /// Decides anew.
    pub async fn change_settings(&self, actor: &Agent, settings: DeskSettings) -> Result<DeskSettings, DeskError> {
        allowed(actor)?;
        let settings = settings.checked()?;
        self.store.put_desk_settings(actor.tenant, settings.clone()).await?;
        Ok(settings)
    }

    /// What the actor has begun to write in a conversation.
    pub async fn begun(&self, actor: &Agent, id: ConversationId) -> Result<Begun, DeskError> {
        self.existing(actor, id).await?;
        Ok(self.store.begun(actor.tenant, actor.account, id).await?)
    }

    /// Keeps that, for the actor's other devices and its next day.
    pub async fn keep_begun(&self, actor: &Agent, id: ConversationId, begun: Begun) -> Result<(), DeskError> {
        let blank = |text: String| if text.trim().is_empty() { String::new() } else { text.replace('\0', "") };
        let begun = Begun { reply: blank(begun.reply), note: blank(begun.note) };
        if begun.reply.len() > MAX_TEXT_BYTES || begun.note.len() > MAX_TEXT_BYTES {
            return Err(DeskError::TooLong);
        }
        self.existing(actor, id).await?;
        Ok(self.store.keep_begun(actor.tenant, actor.account, id, begun, self.clock.now()).await?)
    }

    async fn existing(&self, actor: &Agent, id: ConversationId) -> Result<(), DeskError> {
        let found = self.conversations.find(&Actor::Agent(*actor), id).await?;
        found.map(|_| ()).ok_or(DeskError::NotFound("conversation"))
    }
}

fn allowed(actor: &Agent) -> Result<(), DeskError> {
    if actor.may_manage() { Ok(()) } else { Err(DeskError::NotAllowed) }
}

fn drafted(actor: &Agent, name: String, colour: &str) -> Result<TagDraft, DeskError> {
    allowed(actor)?;
    let colour = TagColour::parse(colour).ok_or(DeskError::Colour)?;
    Ok(TagDraft { name, colour }.checked()?)
}
