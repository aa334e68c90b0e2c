//! The port of what tenants set about AI: the part of durable truth that only managers write.

use crate::StoreError;
use async_trait::async_trait;
use macaw_domain::{AccountId, EngineId, Millis, TenantId};

/// An engine as a tenant configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEngine {
    /// Its id.
    pub id: EngineId,
    /// Whose.
    pub tenant: TenantId,
    /// What sites and routes call it; no other of the tenant has this name, and it stays.
    pub name: String,
    /// What it is, such as `dify`; it stays too.
    pub kind: String,
    /// The keys of its kind, a JSON object without any secret.
    pub settings: String,
    /// Its secrets, sealed; empty when it has none.
    pub secrets: Vec<u8>,
    /// Whether it may be asked.
    pub enabled: bool,
    /// Since when it exists.
    pub created_at: Millis,
    /// When it was written last.
    pub updated_at: Millis,
}

/// When a text of rules was put in place, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulesStamp {
    /// Counts the texts of a tenant, from 1.
    pub version: u64,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Millis,
    /// The older version whose text it is.
    pub restores: Option<u64>,
}

/// The rules that choose an engine, as a tenant wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRules {
    /// Whose.
    pub tenant: TenantId,
    /// When and by whom.
    pub stamp: RulesStamp,
    /// A text that was read without a fault.
    pub text: String,
}

/// What tenants set about AI. Promises as for [`Store`](crate::Store): an `Ok` is on disk.
#[async_trait]
pub trait AiSettings: Send + Sync {
    /// Rises with every change of what a tenant has here, in the transaction of the change; 0 while there never was any.
    async fn ai_version(&self, tenant: TenantId) -> Result<u64, StoreError>;
    /// The engines of a tenant, by name.
    async fn engines(&self, tenant: TenantId) -> Result<Vec<StoredEngine>, StoreError>;
    /// Writes an engine, new or known by its id; name, kind and `created_at` of a known one stay as they are, and
    /// nothing is written when it is another tenant's.
    ///
    /// Errors: [`StoreError::Taken`] when another engine of the tenant has this name.
    async fn put_engine(&self, engine: StoredEngine) -> Result<(), StoreError>;
    /// Removes an engine; `false` when the tenant has none of this id.
    async fn delete_engine(&self, tenant: TenantId, id: EngineId) -> Result<bool, StoreError>;

    /// A text of rules that a tenant had, or (`None`) the one that counts; `None` when there is none.
    async fn rules(&self, tenant: TenantId, version: Option<u64>) -> Result<Option<StoredRules>, StoreError>;
    /// The texts that a tenant had, newest first; only the newest 50 are kept.
    async fn rules_history(&self, tenant: TenantId) -> Result<Vec<RulesStamp>, StoreError>;
    /// Writes a text whose version follows the newest one; `false`, and nothing is written, when somebody was first.
    async fn put_rules(&self, rules: StoredRules) -> Result<bool, StoreError>;
}
