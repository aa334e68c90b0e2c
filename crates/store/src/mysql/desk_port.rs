//! The Desk port over the pool.

use super::desk::{self, Kept};
use super::errors::SqlError;
use super::{Mysql, TRIES, canned, conversations, limited, tags, transaction};
use async_trait::async_trait;
use macaw_app::{Begun, Desk, Listing, StoreError};
use macaw_domain::{
    AccountId, CannedId, CannedReply, Conversation, ConversationId, DeskSettings, Millis, Tag, TagId, TenantId,
};

#[async_trait]
impl Desk for Mysql {
    async fn canned(&self, tenant: TenantId, agent: AccountId) -> Result<Vec<CannedReply>, StoreError> {
        limited(canned::list(&self.pool, tenant, agent)).await
    }

    async fn canned_reply(&self, tenant: TenantId, id: CannedId) -> Result<Option<CannedReply>, StoreError> {
        limited(canned::find(&self.pool, tenant, id)).await
    }

    async fn put_canned(&self, reply: CannedReply) -> Result<bool, StoreError> {
        transaction!(self, db => canned::put(db, &reply))
    }

    async fn delete_canned(&self, tenant: TenantId, id: CannedId) -> Result<bool, StoreError> {
        limited(canned::delete(&self.pool, tenant, id)).await
    }

    async fn tags(&self, tenant: TenantId) -> Result<Vec<Tag>, StoreError> {
        limited(tags::list(&self.pool, tenant)).await
    }

    async fn put_tag(&self, tag: Tag) -> Result<bool, StoreError> {
        transaction!(self, db => tags::put(db, &tag))?.ok_or(StoreError::Taken("the name"))
    }

    async fn delete_tag(&self, tenant: TenantId, id: TagId) -> Result<bool, StoreError> {
        limited(tags::delete(&self.pool, tenant, id)).await
    }

    async fn list_where(
        &self,
        tenant: TenantId,
        listing: Listing,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        limited(conversations::list_where(&self.pool, tenant, listing, limit, offset)).await
    }

    async fn blocked(&self, tenant: TenantId, limit: u32, offset: u32) -> Result<Vec<Conversation>, StoreError> {
        limited(conversations::blocked(&self.pool, tenant, limit, offset)).await
    }

    async fn desk_settings(&self, tenant: TenantId) -> Result<Option<DeskSettings>, StoreError> {
        limited(desk::settings(&self.pool, tenant)).await
    }

    async fn put_desk_settings(&self, tenant: TenantId, settings: DeskSettings) -> Result<(), StoreError> {
        limited(desk::put_settings(&self.pool, tenant, &settings)).await
    }

    async fn begun(
        &self,
        tenant: TenantId,
        agent: AccountId,
        conversation: ConversationId,
    ) -> Result<Begun, StoreError> {
        limited(desk::begun(&self.pool, tenant, agent, conversation)).await
    }

    async fn keep_begun(
        &self,
        tenant: TenantId,
        agent: AccountId,
        conversation: ConversationId,
        begun: Begun,
        at: Millis,
    ) -> Result<(), StoreError> {
        let kept = Kept { tenant, agent, conversation, begun, at };
        limited(desk::keep(&self.pool, &kept)).await
    }
}
