//! The closed sets of words, for schemas only: the bodies themselves carry the text.

use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:ident),* })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "docs/protocol.md says what each word means")]
        pub enum $name { $($word),* }
    )* };
}

/// A change of a conversation without more to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "kebab-case", as = ConversationChange)]
#[expect(missing_docs, reason = "docs/protocol.md says what each word means")]
pub enum Change {
    Accept,
    TakeOver,
    GiveBack,
    Reopen,
}

words! {
    /// Which log of a conversation.
    Log { Public, Internal }
    /// Who wrote an entry.
    From { Visitor, Engine, Agent, System }
    /// What an entry is.
    EntryKind { Text, File, Event, Recalled }
    /// What the newest message of a list is.
    LastKind { Text, Image, File, Recalled }
    /// What an event tells.
    EventKind {
        Queued, Assigned, TakenOver, GivenBack, Transferred, Closed, Reopened, Rated, Recalled, SummedUp, Blocked,
        Unblocked
    }
    /// Whether a conversation goes on.
    Status { Open, Closed }
    /// Who answers now.
    OwnerKind { Engine, Queue, Agent }
    /// Who a connection is.
    MeKind { Visitor, Agent }
    /// What a member may do.
    Role { Agent, Manager, Owner }
    /// Where a site's launcher sits.
    Corner { Right, Left }
    /// What stands for a site where no person answers.
    Face { Macaw, Initial, Logo }
    /// Whether an agent gets conversations.
    Availability { Online, Busy, Away }
    /// The colour of a tag.
    TagColour { Grey, Blue, Green, Gold, Scarlet }
    /// A list of conversations.
    View { Mine, Queue, Bot, All, Closed }
}
