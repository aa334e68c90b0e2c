//! Who acts. No use case runs without one.

use macaw_domain::{AccountId, Author, ConversationId, Role, SiteId, TenantId, VisitorId};

/// A visitor, as its signed token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// The tenant of the site.
    pub tenant: TenantId,
    /// The site.
    pub site: SiteId,
    /// The visitor.
    pub visitor: VisitorId,
    /// Its conversation, which may not exist yet.
    pub conversation: ConversationId,
}

/// A signed-in agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// The tenant it works in.
    pub tenant: TenantId,
    /// Its account.
    pub account: AccountId,
    /// What it may do there.
    pub role: Role,
}

impl Agent {
    /// Whether it may act on colleagues' conversations and change settings.
    pub fn may_manage(&self) -> bool {
        self.role >= Role::Manager
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A visitor.
    Visitor(Visitor),
    /// An agent.
    Agent(Agent),
}

impl Actor {
    /// Whose data it may see.
    pub fn tenant(&self) -> TenantId {
        match self {
            Self::Visitor(visitor) => visitor.tenant,
            Self::Agent(agent) => agent.tenant,
        }
    }

    /// The author of what it writes.
    pub fn author(&self) -> Author {
        match self {
            Self::Visitor(visitor) => Author::Visitor(visitor.visitor),
            Self::Agent(agent) => Author::Agent(agent.account),
        }
    }

    /// Whether it may look at a conversation of its tenant.
    pub fn may_see(&self, conversation: ConversationId) -> bool {
        match self {
            Self::Visitor(visitor) => visitor.conversation == conversation,
            Self::Agent(_) => true,
        }
    }
}
