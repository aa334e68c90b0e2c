//! The port of what agents keep at hand.

use crate::StoreError;
use async_trait::async_trait;
use macaw_domain::{AccountId, CannedId, CannedReply, TenantId};

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
}
