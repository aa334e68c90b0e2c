//! The Desk port over the pool.

use super::errors::SqlError;
use super::{Mysql, TRIES, canned, limited, transaction};
use async_trait::async_trait;
use macaw_app::{Desk, StoreError};
use macaw_domain::{AccountId, CannedId, CannedReply, TenantId};

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
}
