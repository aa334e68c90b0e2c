//! How people come in: the first start, sessions, invitations.

use macaw_domain::{Account, AccountId, Millis, Role, SessionId, Site, Tenant, TenantId};

/// What the very first start writes.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The first tenant.
    pub tenant: Tenant,
    /// Its owner.
    pub owner: Account,
    /// Its first site.
    pub site: Site,
    /// When.
    pub at: Millis,
}

/// A signed-in browser of an account. The token itself is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The tenant it works in.
    pub tenant: TenantId,
    /// Whose.
    pub account: AccountId,
    /// The browser, as it named itself, shortened.
    pub agent: String,
    /// Since when.
    pub created_at: Millis,
    /// Last used, to the minute.
    pub seen_at: Millis,
    /// Until when.
    pub expires_at: Millis,
}

/// A one-time link that makes a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Where to.
    pub tenant: TenantId,
    /// For whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Until when.
    pub expires_at: Millis,
}
