//! The Desk port over the writer and the readers.

use super::{Sqlite, canned};
use async_trait::async_trait;
use macaw_app::{Desk, StoreError};
use macaw_domain::{AccountId, CannedId, CannedReply, TenantId};

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
}
