//! The port of tenants, members, operators and first steps: the part of durable truth that nobody chats through.

use crate::{Invitation, Session, StoreError};
use async_trait::async_trait;
use macaw_domain::{
    Account, AccountId, Member, MemberChange, MemberRefusal, Millis, SessionId, Site, SiteId, Tenant, TenantId,
};

/// A tenant as an operator sees it: no conversation, no visitor, no name of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRow {
    /// The tenant.
    pub tenant: Tenant,
    /// Since when nobody may sign in or chat there.
    pub suspended_at: Option<Millis>,
    /// How many members it has.
    pub members: u32,
    /// Since when it exists.
    pub created_at: Millis,
}

/// Who owns a new tenant.
#[derive(Debug, Clone)]
pub enum FirstOwner {
    /// Somebody whose password is known already.
    Account(Account),
    /// Whoever uses this link.
    Invited(Invitation),
}

/// A new tenant with its first site.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The tenant.
    pub tenant: Tenant,
    /// Its first site.
    pub site: Site,
    /// Who owns it.
    pub owner: FirstOwner,
    /// When.
    pub at: Millis,
}

/// A one-time link that sets a new password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Whose password.
    pub account: AccountId,
    /// Until when.
    pub expires_at: Millis,
}

/// A member that somebody acts on.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Where.
    pub tenant: TenantId,
    /// Who acts.
    pub actor: AccountId,
    /// On whom.
    pub target: AccountId,
}

/// Why a member stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// No such member in this tenant.
    #[error("there is no such member")]
    NotFound,
    /// The zone is not in the IANA data base.
    #[error("time_zone: an IANA name such as Asia/Shanghai or Europe/Berlin")]
    TimeZone,
    /// A password of somebody whom others rely on too.
    #[error("this person also belongs to another tenant or operates the installation; an operator makes the link")]
    Shared,
    /// A rule of the domain.
    #[error(transparent)]
    Refused(#[from] MemberRefusal),
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is known of how far a site's owner has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteMarks {
    /// The site.
    pub site: SiteId,
    /// When a person last changed its settings.
    pub edited_at: Option<Millis>,
    /// When a page of its own first asked for it.
    pub first_seen_at: Option<Millis>,
    /// When one last did, to the minute.
    pub seen_at: Option<Millis>,
}

/// Tenants, members, operators and first steps. Promises as for [`Store`](crate::Store): an `Ok` is on disk, and
/// every rule about members is asked inside the transaction that writes.
#[async_trait]
pub trait People: Send + Sync {
    /// All tenants, oldest first.
    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError>;
    /// Writes a tenant, its site and its owner or the invitation of one.
    /// [`StoreError::Taken`] when the owner's address has an account already.
    async fn found(&self, founding: Founding) -> Result<(), StoreError>;
    /// Replaces name and time zone.
    async fn put_tenant(&self, tenant: Tenant) -> Result<(), StoreError>;
    /// Suspends a tenant, which ends its sessions, or (`None`) resumes it; `false` when there is none.
    async fn suspend(&self, tenant: TenantId, since: Option<Millis>) -> Result<bool, StoreError>;

    /// A member of a tenant that is not suspended.
    async fn member(&self, tenant: TenantId, account: AccountId) -> Result<Option<Member>, StoreError>;
    /// Changes a member if the actor may.
    async fn change_member(&self, pair: Pair, change: MemberChange) -> Result<Member, MemberError>;
    /// Ends a membership if the actor may: its sessions there end, and what it owned or was offered waits again.
    async fn remove_member(&self, pair: Pair, at: Millis) -> Result<(), MemberError>;

    /// Writes a reset if the actor may make one for this member.
    async fn put_members_reset(&self, pair: Pair, reset: Reset) -> Result<(), MemberError>;
    /// Writes a reset for whoever operates the installation.
    async fn put_reset(&self, reset: Reset) -> Result<(), StoreError>;
    /// Whose password a reset sets that is neither used nor expired.
    async fn reset(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<AccountId>, StoreError>;
    /// Uses a reset: sets the password, forgets the account's other resets, ends all its sessions.
    /// `None` when it was used or expired meanwhile.
    async fn use_reset(
        &self,
        token_hash: [u8; 32],
        password_hash: String,
        now: Millis,
    ) -> Result<Option<AccountId>, StoreError>;

    /// Makes an account an operator or ends that; writes the account if its address is new. Its id.
    async fn set_operator(&self, account: Account, operator: bool, at: Millis) -> Result<AccountId, StoreError>;
    /// Whether the account operates the installation.
    async fn is_operator(&self, account: AccountId) -> Result<bool, StoreError>;
    /// The session of an operator, whether it is a member of a tenant or not.
    async fn operator_session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Session>, StoreError>;
    /// Ends all sessions of an account; how many.
    async fn end_sessions(&self, account: AccountId) -> Result<u64, StoreError>;
    /// Writes `new` and ends `old` of the same account, both or neither; `false` when `old` has ended.
    async fn rotate_session(&self, old: SessionId, new: Session) -> Result<bool, StoreError>;

    /// A person changed the settings of a site.
    async fn mark_edited(&self, site: SiteId, at: Millis) -> Result<(), StoreError>;
    /// A page of the site's own asked for it.
    async fn mark_seen(&self, site: SiteId, at: Millis) -> Result<(), StoreError>;
    /// The marks of a tenant's sites, oldest site first.
    async fn site_marks(&self, tenant: TenantId) -> Result<Vec<SiteMarks>, StoreError>;
    /// When an engine or agent first answered a visitor of this tenant.
    async fn first_answer_at(&self, tenant: TenantId) -> Result<Option<Millis>, StoreError>;
    /// When the second member came.
    async fn second_member_at(&self, tenant: TenantId) -> Result<Option<Millis>, StoreError>;
    /// Entries of the tenant's knowledge.
    async fn knowledge_count(&self, tenant: TenantId) -> Result<u64, StoreError>;
}
