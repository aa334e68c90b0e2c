//! Entries as people read them.

#[cfg(feature = "schema")]
use crate::words;
use macaw_domain::{Author, Content, Event, File, Log};
use serde::Serialize;

/// Id and name of an agent.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuthorName {
    /// The account.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// What happened.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EventBody {
    /// A stable word.
    #[cfg_attr(feature = "schema", schema(value_type = words::EventKind))]
    pub kind: &'static str,
    /// Whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AuthorName>,
    /// Why, a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Of a recall: which message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// Of a rating: 1 to 5, the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// Of a rating: in the visitor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Why a conversation was closed or its visitor blocked, in an agent's words; agents only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What a conversation was about; agents only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Until when its visitor is blocked; agents only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SourceBody {
    /// What a person reads.
    pub title: String,
    /// The knowledge entry.
    pub entry: String,
}

/// A file that a message sent, or that waits to be sent.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FileBody {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its media type, by its content.
    #[serde(rename = "type")]
    pub kind: String,
    /// Width of a picture, in pixels; one that has it has a thumbnail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height of a picture, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

impl FileBody {
    /// As both sides see it.
    pub fn new(file: &File) -> Self {
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            size: file.size,
            kind: file.kind.clone(),
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
        }
    }
}

/// An entry of a log.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Entry {
    /// 1, 2, 3 …
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// The sender's own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// `visitor`, `engine`, `agent` or `system`.
    #[cfg_attr(feature = "schema", schema(value_type = words::From))]
    pub from: &'static str,
    /// The agent or engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<AuthorName>,
    /// `text`, `file`, `event` or `recalled`.
    #[cfg_attr(feature = "schema", schema(value_type = words::EntryKind))]
    pub kind: &'static str,
    /// Always readable by a person; of a file its name, of what was taken back nothing.
    pub text: String,
    /// The seq of the message that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<u64>,
    /// What was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileBody>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventBody>,
    /// Where an answer comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceBody>,
    /// The run that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<String>,
    /// A person took over before the end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// The engine does not know; clients offer a person beside it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub offers_human: bool,
    /// Milliseconds since 1970 in UTC.
    pub at: i64,
}

impl Entry {
    /// The entry with the names that belong to it: of the agent that wrote it, of the one its
    /// event is about.
    pub fn new(entry: &macaw_domain::Entry, author: Option<&str>, about: Option<&str>) -> Self {
        let draft = &entry.draft;
        let body = Self {
            seq: entry.seq,
            id: draft.id.to_string(),
            client_id: draft.client_id.as_ref().map(|id| id.as_str().to_owned()),
            from: from_word(&draft.author),
            author: author_name(&draft.author, author),
            kind: "text",
            text: String::new(),
            quotes: None,
            file: None,
            event: None,
            sources: Vec::new(),
            turn: None,
            interrupted: false,
            offers_human: false,
            at: draft.at,
        };
        match &draft.content {
            Content::Text(text) => Self { text: text.clone(), ..body },
            Content::Quoting { text, quotes } => Self { text: text.clone(), quotes: Some(*quotes), ..body },
            Content::Recalled => Self { kind: "recalled", ..body },
            Content::Answer { text, sources, turn, interrupted, offers_human, .. } => Self {
                text: text.clone(),
                sources: sources
                    .iter()
                    .map(|s| SourceBody { title: s.title.clone(), entry: s.entry.clone() })
                    .collect(),
                turn: Some(turn.to_string()),
                interrupted: *interrupted,
                offers_human: *offers_human,
                ..body
            },
            Content::File(file) => {
                Self { kind: "file", text: file.name.clone(), file: Some(FileBody::new(file)), ..body }
            }
            Content::Event(event) => {
                Self { kind: "event", text: sentence(event, about), event: Some(event_body(event, about)), ..body }
            }
        }
    }
}

/// The stable word for who wrote something.
pub(crate) fn from_word(author: &Author) -> &'static str {
    match author {
        Author::Visitor(_) => "visitor",
        Author::Agent(_) => "agent",
        Author::Engine(_) => "engine",
        Author::System => "system",
    }
}

/// The stable word for a log.
pub(crate) fn log_word(log: Log) -> &'static str {
    match log {
        Log::Public => "public",
        Log::Internal => "internal",
    }
}

fn author_name(author: &Author, name: Option<&str>) -> Option<AuthorName> {
    match author {
        Author::Agent(id) => Some(AuthorName { id: id.to_string(), name: name.unwrap_or_default().to_owned() }),
        Author::Engine(engine) => Some(AuthorName { id: engine.clone(), name: engine.clone() }),
        Author::Visitor(_) | Author::System => None,
    }
}

fn event_body(event: &Event, about: Option<&str>) -> EventBody {
    let agent = event.agent().map(|id| AuthorName { id: id.to_string(), name: about.unwrap_or_default().to_owned() });
    let why = match event {
        Event::Assigned { why, .. } => Some(why.clone()),
        _ => None,
    };
    let (score, comment) = match event {
        Event::Rated { score, comment } => (Some(*score), comment.clone()),
        _ => (None, None),
    };
    let seq = match event {
        Event::Recalled { seq } => Some(*seq),
        _ => None,
    };
    let (reason, summary, until) = match event {
        Event::SummedUp { reason, summary, .. } => (reason.clone(), summary.clone(), None),
        Event::Blocked { reason, until, .. } => (Some(reason.clone()).filter(|r| !r.is_empty()), None, *until),
        _ => (None, None, None),
    };
    EventBody { kind: event.kind(), agent, why, seq, score, comment, reason, summary, until }
}

/// For readers that know no events, such as a channel that only shows text.
fn sentence(event: &Event, about: Option<&str>) -> String {
    let name = about.filter(|name| !name.is_empty()).unwrap_or("an agent");
    match event {
        Event::Queued => "Waiting for an agent".to_owned(),
        Event::Assigned { .. } => format!("{name} joined"),
        Event::TakenOver { .. } => format!("{name} took over"),
        Event::GivenBack => "Back to the assistant".to_owned(),
        Event::Transferred { to: Some(_) } => format!("Transferred to {name}"),
        Event::Transferred { to: None } => "Transferred to the queue".to_owned(),
        Event::Closed => "Closed".to_owned(),
        Event::Reopened => "Open again".to_owned(),
        Event::Recalled { .. } => "A message was recalled".to_owned(),
        Event::Rated { score, comment: None } => format!("Rated {score} of 5"),
        Event::Rated { score, comment: Some(comment) } => format!("Rated {score} of 5: {comment}"),
        Event::SummedUp { .. } => format!("{name} summed it up"),
        Event::Blocked { .. } => format!("{name} blocked the visitor"),
        Event::Unblocked { .. } => format!("{name} lets the visitor write again"),
    }
}
