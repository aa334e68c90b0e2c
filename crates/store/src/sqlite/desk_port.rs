//! The Desk port over the writer and the readers.

use super::desk::{self, Kept};
use super::{Sqlite, canned, conversations, tags};
use async_trait::async_trait;
use macaw_app::{Begun, Desk, Listing, StoreError};
use macaw_domain::{
    AccountId, CannedId, CannedReply, Conversation, ConversationId, DeskSettings, Millis, Tag, TagId, TenantId,
};

#[async_trait]
impl Desk for Sqlite {
    async fn canned(&self, tenant: TenantId, agent: AccountId) -> Result<Vec<CannedReply>, StoreError> {
        self.readers.read(move |db| canned::list(db, tenant, agent)).await
    }

    async fn canned_reply(&self, tenant: TenantId, id: CannedId) -> Result<Option<CannedReply>, StoreError> {
        self.readers.read(move |db| canned::find(db, tenant, id)).await
    }

    async fn put_canned(&self, reply: CannedReply) -> Result<bool, StoreError> {
        self.writer.put(move |db| canned::put(db, &reply)).await
    }

    async fn delete_canned(&self, tenant: TenantId, id: CannedId) -> Result<bool, StoreError> {
        self.writer.put(move |db| canned::delete(db, tenant, id)).await
    }

    async fn tags(&self, tenant: TenantId) -> Result<Vec<Tag>, StoreError> {
        self.readers.read(move |db| tags::list(db, tenant)).await
    }

    async fn put_tag(&self, tag: Tag) -> Result<bool, StoreError> {
        self.writer
            .write(move |batch| {
                if tags::is_taken(batch.db(), &tag)? {
                    return Ok(Err(StoreError::Taken("the name")));
                }
                tags::put(batch.db(), &tag).map(Ok)
            })
            .await
    }

    async fn delete_tag(&self, tenant: TenantId, id: TagId) -> Result<bool, StoreError> {
        self.writer.put(move |db| tags::delete(db, tenant, id)).await
    }

    async fn list_where(
        &self,
        tenant: TenantId,
        listing: Listing,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        self.readers.read(move |db| conversations::list_where(db, tenant, listing, limit, offset)).await
    }

    async fn blocked(&self, tenant: TenantId, limit: u32, offset: u32) -> Result<Vec<Conversation>, StoreError> {
        self.readers.read(move |db| conversations::blocked(db, tenant, limit, offset)).await
    }

    async fn desk_settings(&self, tenant: TenantId) -> Result<Option<DeskSettings>, StoreError> {
        self.readers.read(move |db| desk::settings(db, tenant)).await
    }

    async fn put_desk_settings(&self, tenant: TenantId, settings: DeskSettings) -> Result<(), StoreError> {
        self.writer.put(move |db| desk::put_settings(db, tenant, &settings)).await
    }

    async fn begun(
        &self,
        tenant: TenantId,
        agent: AccountId,
        conversation: ConversationId,
    ) -> Result<Begun, StoreError> {
        self.readers.read(move |db| desk::begun(db, tenant, agent, conversation)).await
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
        self.writer.put(move |db| desk::keep(db, &kept)).await
    }
}
