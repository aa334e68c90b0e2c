//! The port of what tenants set about AI over the pool.

use super::errors::SqlError;
use super::{Mysql, TRIES, ai, limited, transaction};
use async_trait::async_trait;
use macaw_app::{AiSettings, RulesStamp, StoreError, StoredEngine, StoredRules};
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

    async fn rules(&self, tenant: TenantId, version: Option<u64>) -> Result<Option<StoredRules>, StoreError> {
        limited(ai::rules(&self.pool, tenant, version)).await
    }

    async fn rules_history(&self, tenant: TenantId) -> Result<Vec<RulesStamp>, StoreError> {
        limited(ai::rules_history(&self.pool, tenant)).await
    }

    async fn put_rules(&self, rules: StoredRules) -> Result<bool, StoreError> {
        transaction!(self, db => ai::put_rules(db, &rules))
    }
}
