//! Ids: UUIDv7 behind one type per noun, so that a visitor's id cannot be passed for a tenant's.

use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

id! {
    /// A company that uses this installation.
    TenantId;
    /// A person's global sign-in. An agent is an account seen inside a tenant.
    AccountId;
    /// Where visitors come from.
    SiteId;
    /// A person who asks.
    VisitorId;
    /// One thread of one visitor at one site.
    ConversationId;
    /// An entry of a conversation's log.
    MessageId;
    /// One run of an engine on a conversation.
    TurnId;
    /// A signed-in browser of an account.
    SessionId;
    /// An entry of the knowledge base.
    KnowledgeId;
    /// A row of the table of due work.
    JobId;
    /// Something uploaded to a conversation.
    FileId;
    /// An engine that a tenant configured itself.
    EngineId;
    /// A reply written beforehand.
    CannedId;
    /// A mark on conversations.
    TagId;
}
