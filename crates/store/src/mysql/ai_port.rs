//! The port of what tenants set about AI over the pool.

use super::errors::SqlError;
use super::{Mysql, TRIES, ai, limited, transaction};
use async_trait::async_trait;
use macaw_app::{AiSettings, StoreError, StoredEngine};
use macaw_domain::{EngineId, TenantId};

#[async_trait]
impl AiSettings for Mysql {
    async fn ai_version(&self, tenant: TenantId) -> Result<u64, StoreError> {
        limited(ai::version(&self.pool, tenant)).await
    }

    async fn engines(&self, tenant: TenantId) -> Result<Vec<StoredEngine>, StoreError> {
        limited(ai::engines(&self.pool, tenant)).await
    }

    async fn put_engine(&self, engine: StoredEngine) -> Result<(), StoreError> {
        let written = transaction!(self, db => ai::put(db, &engine))?;
        if written { Ok(()) } else { Err(StoreError::Taken("the name")) }
    }

    async fn delete_engine(&self, tenant: TenantId, id: EngineId) -> Result<bool, StoreError> {
        transaction!(self, db => ai::delete(db, tenant, id))
    }
}
