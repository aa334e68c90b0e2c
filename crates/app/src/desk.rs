//! The port of what agents keep at hand.

use crate::{StoreError, View};
use async_trait::async_trait;
use macaw_domain::{
    AccountId, CannedId, CannedReply, Conversation, ConversationId, DeskSettings, Millis, SiteId, Tag, TagId, TenantId,
};

/// A part of a list of conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// Which list.
    pub view: View,
    /// Of this site alone.
    pub site: Option<SiteId>,
    /// With this tag alone.
    pub tag: Option<TagId>,
}

/// What an agent has begun to write in a conversation; blank for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Begun {
    /// To the visitor.
    pub reply: String,
    /// To colleagues.
    pub note: String,
}

/// What agents keep at hand. Promises as for [`Store`](crate::Store): an `Ok` is on disk.
#[async_trait]
pub trait Desk: Send + Sync {
    /// The canned replies that this agent finds, the team's and its own, by folder and title.
    async fn canned(&self, tenant: TenantId, agent: AccountId) -> Result<Vec<CannedReply>, StoreError>;
    /// One of the tenant's, whoever has it.
    async fn canned_reply(&self, tenant: TenantId, id: CannedId) -> Result<Option<CannedReply>, StoreError>;
    /// Writes one, new or known by its id; `false` when another tenant has this id.
    async fn put_canned(&self, reply: CannedReply) -> Result<bool, StoreError>;
    /// Removes one; `false` when the tenant has none of this id.
    async fn delete_canned(&self, tenant: TenantId, id: CannedId) -> Result<bool, StoreError>;

    /// The tenant's tags, by name.
    async fn tags(&self, tenant: TenantId) -> Result<Vec<Tag>, StoreError>;
    /// Writes one, new or known by its id; `false` when another tenant has this id.
    ///
    /// Errors: [`StoreError::Taken`] when another tag of the tenant has this name.
    async fn put_tag(&self, tag: Tag) -> Result<bool, StoreError>;
    /// Removes one; `false` when the tenant has none of this id. Conversations keep the id, so that
    /// one that is written again under it is back where it was.
    async fn delete_tag(&self, tenant: TenantId, id: TagId) -> Result<bool, StoreError>;
    /// A list, in the order of [`Store::list`](crate::Store::list).
    async fn list_where(
        &self,
        tenant: TenantId,
        listing: Listing,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<Conversation>, StoreError>;
    /// Conversations whose visitors are blocked, or were until a time that has passed; newest block first.
    async fn blocked(&self, tenant: TenantId, limit: u32, offset: u32) -> Result<Vec<Conversation>, StoreError>;

    /// What the tenant has decided; `None` while it is what everybody begins with.
    async fn desk_settings(&self, tenant: TenantId) -> Result<Option<DeskSettings>, StoreError>;
    /// Writes that.
    async fn put_desk_settings(&self, tenant: TenantId, settings: DeskSettings) -> Result<(), StoreError>;

    /// What this agent has begun to write in a conversation of the tenant.
    async fn begun(
        &self,
        tenant: TenantId,
        agent: AccountId,
        conversation: ConversationId,
    ) -> Result<Begun, StoreError>;
    /// Keeps that; nothing when the conversation is not the tenant's. What is blank is not kept.
    async fn keep_begun(
        &self,
        tenant: TenantId,
        agent: AccountId,
        conversation: ConversationId,
        begun: Begun,
        at: Millis,
    ) -> Result<(), StoreError>;
}
