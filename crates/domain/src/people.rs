//! Tenants, accounts and members.

use crate::{AccountId, Millis, TenantId};

/// A company that uses this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Where its rows live; 0 for now.
    pub shard: u32,
    /// The IANA name of the zone its times are shown in; stored times are UTC.
    pub time_zone: String,
}

/// A person's global sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Lower-case e-mail address, unique in the installation.
    pub email: String,
    /// What colleagues and visitors read.
    pub name: String,
    /// A PHC string (Argon2id).
    pub password_hash: String,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Answers visitors.
    Agent,
    /// Also manages sites, members and knowledge.
    Manager,
    /// Also manages managers.
    Owner,
}

/// Whether an agent wants new conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Availability {
    /// Yes.
    Online,
    /// Keeps the present ones, takes no new ones.
    Busy,
    /// Not there.
    Away,
}

/// An account inside a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The tenant.
    pub tenant: TenantId,
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub name: String,
    /// The account's e-mail address.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Whether it wants new conversations.
    pub availability: Availability,
    /// How many conversations at once.
    pub capacity: u32,
    /// Open conversations it owns or is offered now.
    pub load: u32,
    /// When it last got a conversation; decides between equally busy agents.
    pub last_assigned_at: Millis,
    /// The IANA name of its own zone; `None` shows it the tenant's.
    pub time_zone: Option<String>,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),* }) => {
        impl $type {
            /// The stable word used on the wire and in the store.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
            /// The value of a stable word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
words!(Role { Agent = "agent", Manager = "manager", Owner = "owner" });
words!(Availability { Online = "online", Busy = "busy", Away = "away" });
