//! State and summary of a conversation.

use crate::entries::from_word;
#[cfg(feature = "schema")]
use crate::words;
use macaw_domain::{Conversation, Side, Status};
use serde::Serialize;

/// Who answers now.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Owner {
    /// `engine`, `queue` or `agent`.
    #[cfg_attr(feature = "schema", schema(value_type = words::OwnerKind))]
    pub kind: &'static str,
    /// The engine's name or the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Rises with each change of owner.
    pub epoch: u64,
}

/// An offer that rings.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Offered {
    /// The account.
    pub agent: String,
    /// When it passes on.
    pub until: i64,
}

/// How far both sides have come.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Read {
    /// The visitor.
    pub visitor: u64,
    /// The agents.
    pub agent: u64,
}

/// What both sides know of a conversation.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct State {
    /// `open` or `closed`.
    #[cfg_attr(feature = "schema", schema(value_type = words::Status))]
    pub status: &'static str,
    /// Who answers now.
    pub owner: Owner,
    /// The place in the queue, 1-based; 201 for everybody behind the first 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// Rings at this agent; agents only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
    /// How far both sides have read.
    pub read: Read,
    /// How far the devices of both sides have received; never less than `read`.
    pub delivered: Read,
    /// The newest seq of the public log.
    pub head: u64,
    /// The newest seq of the internal log; agents only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes_head: Option<u64>,
}

/// The visitor in a list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SummaryVisitor {
    /// Its id.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// The newest message in a list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SummaryLast {
    /// Who wrote it.
    #[cfg_attr(feature = "schema", schema(value_type = words::From))]
    pub from: &'static str,
    /// `text`, `image`, `file` or `recalled`.
    #[cfg_attr(feature = "schema", schema(value_type = words::LastKind))]
    pub kind: &'static str,
    /// Its beginning; of a file its name.
    pub text: String,
    /// When.
    pub at: i64,
}

/// A conversation in an agent's list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// Where it began.
    pub site: String,
    /// Who asks.
    pub visitor: SummaryVisitor,
    /// `open` or `closed`.
    #[cfg_attr(feature = "schema", schema(value_type = words::Status))]
    pub status: &'static str,
    /// Who answers now.
    pub owner: Owner,
    /// Rings at this agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
    /// The newest seq of the public log.
    pub head: u64,
    /// The newest seq of the internal log.
    pub notes_head: u64,
    /// The newest message.
    #[cfg_attr(feature = "schema", schema(required))]
    pub last: Option<SummaryLast>,
    /// Entries that no agent has read.
    pub unread: u64,
    /// Since when the visitor waits.
    #[cfg_attr(feature = "schema", schema(required))]
    pub waiting_since: Option<i64>,
    /// When it began.
    pub created_at: i64,
    /// Rises with each change of state.
    pub version: u64,
    /// The ids of the tenant's tags on it; one that the tenant's list has no more was deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its visitor may not write, or may again since `until`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocked>,
}

/// A visitor that may not write.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Blocked {
    /// Why, in the words of an agent.
    pub reason: String,
    /// Until when; left out until it is lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// Since when.
    pub at: i64,
}

fn status(conversation: &Conversation) -> &'static str {
    match conversation.status {
        Status::Open => "open",
        Status::Closed => "closed",
    }
}

fn owner(conversation: &Conversation, name: Option<&str>) -> Owner {
    let (kind, id) = match &conversation.owner {
        macaw_domain::Owner::Engine(engine) => ("engine", Some(engine.clone())),
        macaw_domain::Owner::Queue => ("queue", None),
        macaw_domain::Owner::Agent(agent) => ("agent", Some(agent.to_string())),
    };
    Owner { kind, id, name: name.map(str::to_owned), epoch: conversation.epoch }
}

fn offered(conversation: &Conversation) -> Option<Offered> {
    conversation.offer.as_ref().map(|o| Offered { agent: o.agent.to_string(), until: o.until })
}

impl State {
    /// As `agents` or visitors may see it.
    pub fn new(c: &Conversation, owner_name: Option<&str>, position: Option<u64>, agents: bool) -> Self {
        Self {
            status: status(c),
            owner: owner(c, owner_name),
            position,
            offered: offered(c).filter(|_| agents),
            read: Read { visitor: c.read_visitor, agent: c.read_agent },
            delivered: Read { visitor: c.delivered(Side::Visitor), agent: c.delivered(Side::Agents) },
            head: c.head,
            notes_head: agents.then_some(c.notes_head),
        }
    }
}

impl Summary {
    /// The row of a list.
    pub fn new(c: &Conversation, owner_name: Option<&str>) -> Self {
        let id = c.visitor.to_string();
        // Enough of the id's random end to tell visitors apart at a glance.
        let name = c.visitor_name.clone().unwrap_or_else(|| format!("#{}", &id[id.len() - 6..]));
        Self {
            id: c.id.to_string(),
            site: c.site.to_string(),
            visitor: SummaryVisitor { id, name },
            status: status(c),
            owner: owner(c, owner_name),
            offered: offered(c),
            head: c.head,
            notes_head: c.notes_head,
            last: c.last.as_ref().map(|l| SummaryLast {
                from: from_word(&l.author),
                kind: l.kind.as_str(),
                text: l.text.clone(),
                at: l.at,
            }),
            unread: c.head.saturating_sub(c.read_agent),
            waiting_since: c.waiting_since,
            created_at: c.created_at,
            version: c.version,
            tags: c.tags.iter().map(ToString::to_string).collect(),
            blocked: c.block.as_ref().map(|b| Blocked { reason: b.reason.clone(), until: b.until, at: b.at }),
        }
    }
}
