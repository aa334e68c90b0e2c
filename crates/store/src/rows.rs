//! Rows to types and back: the words, the columns and their order, the same in every dialect.
//!
//! A row that cannot be is an error with its table, never a guess.

use crate::stored;
use macaw_app::{RulesStamp, StoredEngine};
use macaw_domain::{
    AccountId, Author, CannedDraft, CannedId, CannedReply, ClientId, Conversation, ConversationId, Draft, EngineId,
    Entry, Last, LastKind, Log, MessageId, Offer, Owner, Rated, SiteId, Status, Tag, TagColour, TagDraft, TagId,
    TenantId, VisitorId,
};
use uuid::Uuid;

/// A row that cannot be.
#[derive(Debug)]
pub(crate) struct BadRow {
    pub(crate) table: &'static str,
    pub(crate) what: String,
}

pub(crate) fn bad_row(table: &'static str, what: impl std::fmt::Debug) -> BadRow {
    BadRow { table, what: format!("{what:?}") }
}

/// A row of either library, read by the place of its columns, from 0.
pub(crate) trait Columns {
    type Error: From<BadRow>;

    fn number(&self, at: usize) -> Result<i64, Self::Error>;
    fn maybe_number(&self, at: usize) -> Result<Option<i64>, Self::Error>;
    fn text(&self, at: usize) -> Result<String, Self::Error>;
    fn maybe_text(&self, at: usize) -> Result<Option<String>, Self::Error>;
    fn id(&self, at: usize) -> Result<Uuid, Self::Error>;
    fn maybe_id(&self, at: usize) -> Result<Option<Uuid>, Self::Error>;
    fn bytes(&self, at: usize) -> Result<Vec<u8>, Self::Error>;

    /// A number that is never below zero.
    fn count(&self, at: usize) -> Result<u64, Self::Error> {
        let number = self.number(at)?;
        u64::try_from(number).map_err(|_| bad_row("count", (at, number)).into())
    }
}

pub(crate) fn log_number(log: Log) -> i64 {
    match log {
        Log::Public => 0,
        Log::Internal => 1,
    }
}

/// `(word, account or visitor, engine)`.
pub(crate) fn author_columns(author: &Author) -> (&'static str, Option<Uuid>, Option<&str>) {
    match author {
        Author::Visitor(id) => ("visitor", Some(id.0), None),
        Author::Agent(id) => ("agent", Some(id.0), None),
        Author::Engine(name) => ("engine", None, Some(name)),
        Author::System => ("system", None, None),
    }
}

pub(crate) fn author(
    table: &'static str,
    word: &str,
    id: Option<Uuid>,
    engine: Option<String>,
) -> Result<Author, BadRow> {
    match (word, id, engine) {
        ("visitor", Some(id), _) => Ok(Author::Visitor(VisitorId(id))),
        ("agent", Some(id), _) => Ok(Author::Agent(AccountId(id))),
        ("engine", _, Some(name)) => Ok(Author::Engine(name)),
        ("system", _, _) => Ok(Author::System),
        other => Err(bad_row(table, other)),
    }
}

/// `(word, agent, engine)`.
pub(crate) fn owner_columns(owner: &Owner) -> (&'static str, Option<Uuid>, Option<&str>) {
    match owner {
        Owner::Engine(name) => ("engine", None, Some(name)),
        Owner::Queue => ("queue", None, None),
        Owner::Agent(id) => ("agent", Some(id.0), None),
    }
}

fn owner(table: &'static str, word: &str, id: Option<Uuid>, engine: Option<String>) -> Result<Owner, BadRow> {
    match (word, id, engine) {
        ("engine", _, Some(name)) => Ok(Owner::Engine(name)),
        ("queue", _, _) => Ok(Owner::Queue),
        ("agent", Some(agent), _) => Ok(Owner::Agent(AccountId(agent))),
        other => Err(bad_row(table, other)),
    }
}

/// The columns of [`rating`], in its order.
pub(crate) const RATING: &str =
    "conversation_id, epoch, site_id, visitor_id, owner, owner_id, engine, score, comment, at";

pub(crate) fn rating<R: Columns>(row: &R) -> Result<Rated, R::Error> {
    let id = row.id(0)?;
    let score = row.number(7)?;
    Ok(Rated {
        conversation: ConversationId(id),
        closing: row.count(1)?,
        site: SiteId(row.id(2)?),
        visitor: VisitorId(row.id(3)?),
        owner: owner("rating", &row.text(4)?, row.maybe_id(5)?, row.maybe_text(6)?)?,
        score: u8::try_from(score).map_err(|_| bad_row("rating", ("score", id)))?,
        comment: row.maybe_text(8)?,
        at: row.number(9)?,
    })
}

pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Closed => "closed",
    }
}

/// The agents that declined, one id after the other.
pub(crate) fn declined_bytes(c: &Conversation) -> Vec<u8> {
    c.declined.iter().flat_map(|agent| *agent.0.as_bytes()).collect()
}

pub(crate) fn tag_bytes(c: &Conversation) -> Vec<u8> {
    c.tags.iter().flat_map(|tag| *tag.0.as_bytes()).collect()
}

/// The columns of [`conversation`], in its order.
pub(crate) const CONVERSATION: &str = "id, tenant_id, site_id, visitor_id, status, owner, owner_id, engine, epoch, version, \
     offer_agent, offer_until, declined, queued_at, waiting_since, created_at, head, notes_head, \
     read_visitor, read_agent, last_author, last_author_id, last_engine, last_text, last_at, visitor_name, last_kind, \
     delivered_visitor, delivered_agent, tags, blocked_at, blocked";

pub(crate) fn conversation<R: Columns>(row: &R) -> Result<Conversation, R::Error> {
    let table = "conversation";
    let id = row.id(0)?;
    let owner = owner(table, &row.text(5)?, row.maybe_id(6)?, row.maybe_text(7)?)?;
    let status = match row.text(4)?.as_str() {
        "open" => Status::Open,
        "closed" => Status::Closed,
        _ => return Err(bad_row(table, ("status", id)).into()),
    };
    let offer = match (row.maybe_id(10)?, row.maybe_number(11)?) {
        (Some(agent), Some(until)) => Some(Offer { agent: AccountId(agent), until }),
        _ => None,
    };
    let last = match (row.maybe_text(20)?, row.maybe_text(23)?, row.maybe_number(24)?) {
        (Some(word), Some(text), Some(at)) => {
            // Rows from before there were files say nothing.
            let kind = row.maybe_text(26)?.and_then(|word| LastKind::parse(&word)).unwrap_or(LastKind::Text);
            Some(Last { author: author(table, &word, row.maybe_id(21)?, row.maybe_text(22)?)?, kind, text, at })
        }
        _ => None,
    };
    let (declined, tags) = (row.bytes(12)?, row.bytes(29)?);
    let block = match (row.maybe_number(30)?, row.maybe_text(31)?) {
        (Some(at), Some(stored)) => Some(stored::block(&stored, at).ok_or_else(|| bad_row(table, ("blocked", id)))?),
        _ => None,
    };
    Ok(Conversation {
        id: ConversationId(id),
        tenant: TenantId(row.id(1)?),
        site: SiteId(row.id(2)?),
        visitor: VisitorId(row.id(3)?),
        visitor_name: row.maybe_text(25)?,
        status,
        owner,
        epoch: row.count(8)?,
        version: row.count(9)?,
        offer,
        declined: declined.chunks_exact(16).filter_map(|c| Uuid::from_slice(c).ok()).map(AccountId).collect(),
        queued_at: row.maybe_number(13)?,
        waiting_since: row.maybe_number(14)?,
        created_at: row.number(15)?,
        head: row.count(16)?,
        notes_head: row.count(17)?,
        read_visitor: row.count(18)?,
        read_agent: row.count(19)?,
        delivered_visitor: row.count(27)?,
        delivered_agent: row.count(28)?,
        last,
        tags: tags.chunks_exact(16).filter_map(|c| Uuid::from_slice(c).ok()).map(TagId).collect(),
        block,
    })
}

/// The columns of [`entry`], in its order.
pub(crate) const ENTRY: &str =
    "tenant_id, conversation_id, log, seq, id, author, author_id, engine, client_id, at, content";

pub(crate) fn entry<R: Columns>(row: &R) -> Result<Entry, R::Error> {
    let table = "message";
    let id = row.id(4)?;
    let client_id = match row.maybe_text(8)? {
        Some(text) => Some(ClientId::parse(&text).map_err(|_| bad_row(table, ("client_id", id)))?),
        None => None,
    };
    Ok(Entry {
        tenant: TenantId(row.id(0)?),
        conversation: ConversationId(row.id(1)?),
        log: if row.number(2)? == 0 { Log::Public } else { Log::Internal },
        seq: row.count(3)?,
        draft: Draft {
            id: MessageId(id),
            client_id,
            author: author(table, &row.text(5)?, row.maybe_id(6)?, row.maybe_text(7)?)?,
            content: stored::content(&row.text(10)?).ok_or_else(|| bad_row(table, ("content", id)))?,
            at: row.number(9)?,
        },
    })
}

/// The columns of [`stored_engine`], in its order.
pub(crate) const ENGINE: &str = "id, tenant_id, name, kind, settings, secrets, enabled, created_at, updated_at";

pub(crate) fn stored_engine<R: Columns>(row: &R) -> Result<StoredEngine, R::Error> {
    Ok(StoredEngine {
        id: EngineId(row.id(0)?),
        tenant: TenantId(row.id(1)?),
        name: row.text(2)?,
        kind: row.text(3)?,
        settings: row.text(4)?,
        secrets: row.bytes(5)?,
        enabled: row.number(6)? != 0,
        created_at: row.number(7)?,
        updated_at: row.number(8)?,
    })
}

/// Texts of rules that are kept of a tenant.
pub(crate) const MOST_RULES: u64 = 50;
/// The columns of [`stamp`], in its order.
pub(crate) const STAMP: &str = "version, account_id, at, restores";

pub(crate) fn stamp<R: Columns>(row: &R) -> Result<RulesStamp, R::Error> {
    let restores = row.maybe_number(3)?.and_then(|version| u64::try_from(version).ok());
    Ok(RulesStamp { version: row.count(0)?, by: AccountId(row.id(1)?), at: row.number(2)?, restores })
}

/// The columns of [`canned_reply`], in its order.
pub(crate) const CANNED: &str = "id, tenant_id, owner_id, folder, title, text, updated_at";

pub(crate) fn canned_reply<R: Columns>(row: &R) -> Result<CannedReply, R::Error> {
    Ok(CannedReply {
        id: CannedId(row.id(0)?),
        tenant: TenantId(row.id(1)?),
        owner: row.maybe_id(2)?.map(AccountId),
        draft: CannedDraft { folder: row.text(3)?, title: row.text(4)?, text: row.text(5)? },
        updated_at: row.number(6)?,
    })
}

/// The columns of [`tag`], in its order.
pub(crate) const TAG: &str = "id, tenant_id, name, colour";

pub(crate) fn tag<R: Columns>(row: &R) -> Result<Tag, R::Error> {
    let id = row.id(0)?;
    let colour = TagColour::parse(&row.text(3)?).ok_or_else(|| bad_row("tag", ("colour", id)))?;
    Ok(Tag { id: TagId(id), tenant: TenantId(row.id(1)?), draft: TagDraft { name: row.text(2)?, colour } })
}
