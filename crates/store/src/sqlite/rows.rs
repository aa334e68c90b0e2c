//! Rows to types and back. A row that cannot be is an error with its table, never a guess.

use macaw_app::StoreError;
use macaw_domain::{
    AccountId, Author, ClientId, Content, Conversation, ConversationId, Draft, Entry, Event, File, Last, LastKind, Log,
    MessageId, Offer, Owner, SiteId, Source, Status, TenantId, TurnId, VisitorId,
};
use rusqlite::Row;
use serde_json::{Value, json};
use uuid::Uuid;

/// What went wrong inside a transaction.
#[derive(Debug)]
pub(super) enum SqlError {
    Sqlite(rusqlite::Error),
    Row { table: &'static str, what: String },
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Sqlite(error) => match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
                _ => Self::Other(error.to_string()),
            },
            SqlError::Row { table, what } => Self::Inconsistent { table, what },
        }
    }
}

pub(super) fn bad_row(table: &'static str, what: impl std::fmt::Debug) -> SqlError {
    SqlError::Row { table, what: format!("{what:?}") }
}

pub(super) fn log_number(log: Log) -> i64 {
    match log {
        Log::Public => 0,
        Log::Internal => 1,
    }
}

/// `(word, account or visitor, engine)`.
pub(super) fn author_columns(author: &Author) -> (&'static str, Option<Uuid>, Option<&str>) {
    match author {
        Author::Visitor(id) => ("visitor", Some(id.0), None),
        Author::Agent(id) => ("agent", Some(id.0), None),
        Author::Engine(name) => ("engine", None, Some(name)),
        Author::System => ("system", None, None),
    }
}

pub(super) fn author(
    table: &'static str,
    word: &str,
    id: Option<Uuid>,
    engine: Option<String>,
) -> Result<Author, SqlError> {
    match (word, id, engine) {
        ("visitor", Some(id), _) => Ok(Author::Visitor(VisitorId(id))),
        ("agent", Some(id), _) => Ok(Author::Agent(AccountId(id))),
        ("engine", _, Some(name)) => Ok(Author::Engine(name)),
        ("system", _, _) => Ok(Author::System),
        other => Err(bad_row(table, other)),
    }
}

pub(super) fn owner_columns(owner: &Owner) -> (&'static str, Option<Uuid>, Option<&str>) {
    match owner {
        Owner::Engine(name) => ("engine", None, Some(name)),
        Owner::Queue => ("queue", None, None),
        Owner::Agent(id) => ("agent", Some(id.0), None),
    }
}

/// The columns of [`conversation`], in its order.
pub(super) const CONVERSATION: &str = "id, tenant_id, site_id, visitor_id, status, owner, owner_id, engine, epoch, version, \
     offer_agent, offer_until, declined, queued_at, waiting_since, created_at, head, notes_head, \
     read_visitor, read_agent, last_author, last_author_id, last_engine, last_text, last_at, visitor_name, last_kind";

pub(super) fn conversation(row: &Row<'_>) -> Result<Conversation, SqlError> {
    let table = "conversation";
    let id: Uuid = row.get(0)?;
    let owner = match (row.get::<_, String>(5)?.as_str(), row.get(6)?, row.get(7)?) {
        ("engine", _, Some(name)) => Owner::Engine(name),
        ("queue", _, _) => Owner::Queue,
        ("agent", Some(agent), _) => Owner::Agent(AccountId(agent)),
        _ => return Err(bad_row(table, ("owner", id))),
    };
    let status = match row.get::<_, String>(4)?.as_str() {
        "open" => Status::Open,
        "closed" => Status::Closed,
        _ => return Err(bad_row(table, ("status", id))),
    };
    let offer = match (row.get(10)?, row.get(11)?) {
        (Some(agent), Some(until)) => Some(Offer { agent: AccountId(agent), until }),
        _ => None,
    };
    let declined: Vec<u8> = row.get(12)?;
    let last = match (row.get::<_, Option<String>>(20)?, row.get(23)?, row.get(24)?) {
        (Some(word), Some(text), Some(at)) => {
            // Rows from before there were files say nothing.
            let kind = row.get::<_, Option<String>>(26)?.and_then(|word| LastKind::parse(&word));
            let kind = kind.unwrap_or(LastKind::Text);
            Some(Last { author: author(table, &word, row.get(21)?, row.get(22)?)?, kind, text, at })
        }
        _ => None,
    };
    Ok(Conversation {
        id: ConversationId(id),
        tenant: TenantId(row.get(1)?),
        site: SiteId(row.get(2)?),
        visitor: VisitorId(row.get(3)?),
        visitor_name: row.get(25)?,
        status,
        owner,
        epoch: row.get(8)?,
        version: row.get(9)?,
        offer,
        declined: declined.chunks_exact(16).filter_map(|c| Uuid::from_slice(c).ok()).map(AccountId).collect(),
        queued_at: row.get(13)?,
        waiting_since: row.get(14)?,
        created_at: row.get(15)?,
        head: row.get(16)?,
        notes_head: row.get(17)?,
        read_visitor: row.get(18)?,
        read_agent: row.get(19)?,
        last,
    })
}

/// The columns of [`entry`], in its order.
pub(super) const ENTRY: &str =
    "tenant_id, conversation_id, log, seq, id, author, author_id, engine, client_id, at, content";

pub(super) fn entry(row: &Row<'_>) -> Result<Entry, SqlError> {
    let table = "message";
    let id: Uuid = row.get(4)?;
    let word: String = row.get(5)?;
    let client_id = match row.get::<_, Option<String>>(8)? {
        Some(text) => Some(ClientId::parse(&text).map_err(|_| bad_row(table, ("client_id", id)))?),
        None => None,
    };
    let stored: String = row.get(10)?;
    Ok(Entry {
        tenant: TenantId(row.get(0)?),
        conversation: ConversationId(row.get(1)?),
        log: if row.get::<_, i64>(2)? == 0 { Log::Public } else { Log::Internal },
        seq: row.get(3)?,
        draft: Draft {
            id: MessageId(id),
            client_id,
            author: author(table, &word, row.get(6)?, row.get(7)?)?,
            content: content(&stored).ok_or_else(|| bad_row(table, ("content", id)))?,
            at: row.get(9)?,
        },
    })
}

/// The stored form of a content: `{"text"}`, `{"text","turn",…}`, `{"file",…}` or `{"event",…}`.
pub(super) fn stored_content(content: &Content) -> String {
    match content {
        Content::Text(text) => json!({ "text": text }),
        Content::Answer { text, sources, turn, asked, interrupted, offers_human } => json!({
            "text": text,
            "turn": turn.to_string(),
            "asked": asked,
            "interrupted": interrupted,
            "offers_human": offers_human,
            "sources": sources.iter().map(|s| json!([s.title, s.entry])).collect::<Vec<_>>(),
        }),
        Content::File(file) => json!({
            "file": file.id.to_string(),
            "name": file.name,
            "size": file.size,
            "kind": file.kind,
            "pixels": file.pixels.map(|(width, height)| json!([width, height])),
        }),
        Content::Event(event) => {
            let why = match event {
                Event::Assigned { why, .. } => Some(why),
                _ => None,
            };
            json!({ "event": event.kind(), "agent": event.agent().map(|a| a.to_string()), "why": why })
        }
    }
    .to_string()
}

fn content(stored: &str) -> Option<Content> {
    let value: Value = serde_json::from_str(stored).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(kind) = text("event") {
        let agent = text("agent").and_then(|id| id.parse().ok());
        return Some(Content::Event(match kind.as_str() {
            "queued" => Event::Queued,
            "assigned" => Event::Assigned { agent: agent?, why: text("why")? },
            "taken_over" => Event::TakenOver { agent: agent? },
            "given_back" => Event::GivenBack,
            "transferred" => Event::Transferred { to: agent },
            "closed" => Event::Closed,
            "reopened" => Event::Reopened,
            _ => return None,
        }));
    }
    if let Some(id) = text("file") {
        let pixel = |n: usize| value.get("pixels")?.get(n)?.as_u64()?.try_into().ok();
        return Some(Content::File(File {
            id: id.parse().ok()?,
            name: text("name")?,
            size: value.get("size").and_then(Value::as_u64)?,
            kind: text("kind")?,
            pixels: pixel(0).zip(pixel(1)),
        }));
    }
    let Some(turn) = text("turn") else { return Some(Content::Text(text("text")?)) };
    let sources = value.get("sources").and_then(Value::as_array)?;
    let source = |pair: &Value| {
        let part = |n: usize| pair.get(n).and_then(Value::as_str).map(str::to_owned);
        Some(Source { title: part(0)?, entry: part(1)? })
    };
    Some(Content::Answer {
        text: text("text")?,
        sources: sources.iter().map(source).collect::<Option<_>>()?,
        turn: TurnId(turn.parse().ok()?),
        asked: value.get("asked").and_then(Value::as_u64).unwrap_or(0),
        interrupted: value.get("interrupted").and_then(Value::as_bool)?,
        // Answers that were stored before there was an offer have none.
        offers_human: value.get("offers_human").and_then(Value::as_bool).unwrap_or(false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_content_survives_being_stored() {
        let agent = AccountId(Uuid::from_u128(7));
        let events = [
            Event::Queued,
            Event::Assigned { agent, why: "least_busy".into() },
            Event::TakenOver { agent },
            Event::GivenBack,
            Event::Transferred { to: None },
            Event::Transferred { to: Some(agent) },
            Event::Closed,
            Event::Reopened,
        ];
        let answer = Content::Answer {
            text: "七天 \"无理由\"".into(),
            sources: vec![Source { title: "退货".into(), entry: "e1".into() }],
            turn: TurnId(Uuid::from_u128(3)),
            asked: 9,
            interrupted: true,
            offers_human: true,
        };
        let texts = [Content::Text("{\"event\":\"closed\"}".into()), answer];
        let files = [None, Some((4_096, 82))].map(|pixels| {
            let id = macaw_domain::FileId(Uuid::from_u128(8));
            Content::File(File { id, name: "发票 \"1\".png".into(), size: 1 << 40, kind: "image/png".into(), pixels })
        });
        for all in events.into_iter().map(Content::Event).chain(texts).chain(files) {
            assert_eq!(content(&stored_content(&all)), Some(all));
        }
    }
}
