//! The port of what tenants set about AI over the writer and the readers.

use super::{Sqlite, ai};
use async_trait::async_trait;
use macaw_app::{AiSettings, StoreError, StoredEngine};
use macaw_domain::{EngineId, TenantId};

#[async_trait]
impl AiSettings for Sqlite {
    async fn ai_version(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.readers.read(move |db| ai::version(db, tenant)).await
    }

    async fn engines(&self, tenant: TenantId) -> Result<Vec<StoredEngine>, StoreError> {
        self.readers.read(move |db| ai::engines(db, tenant)).await
    }

    async fn put_engine(&self, engine: StoredEngine) -> Result<(), StoreError> {
        self.writer
            .write(move |batch| {
                if ai::is_taken(batch.db(), &engine)? {
                    return Ok(Err(StoreError::Taken("the name")));
                }
                ai::put(batch.db(), &engine).map(Ok)
            })
            .await
    }

    async fn delete_engine(&self, tenant: TenantId, id: EngineId) -> Result<bool, StoreError> {
        self.writer.put(move |db| ai::delete(db, tenant, id)).await
    }
}
