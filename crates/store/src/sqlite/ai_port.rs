//! The port of what tenants set about AI over the writer and the readers.

use super::{Sqlite, ai};
use async_trait::async_trait;
use macaw_app::{AiSettings, RulesStamp, StoreError, StoredEngine, StoredRules};
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

    async fn rules(&self, tenant: TenantId, version: Option<u64>) -> Result<Option<StoredRules>, StoreError> {
        self.readers.read(move |db| ai::rules(db, tenant, version)).await
    }

    async fn rules_history(&self, tenant: TenantId) -> Result<Vec<RulesStamp>, StoreError> {
        self.readers.read(move |db| ai::rules_history(db, tenant)).await
    }

    async fn put_rules(&self, rules: StoredRules) -> Result<bool, StoreError> {
        self.writer.put(move |db| ai::put_rules(db, &rules)).await
    }
}
