//! Conversations, for agents.

use super::{Body, id};
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use macaw_app::{Actor, Agent, ChangeError, ConversationView, Page, PageRange, View};
use macaw_domain::{AccountId, ConversationId, Log};
use macaw_wire::{Code, Entry, State as StateBody, Summary};
use serde::{Deserialize, Serialize};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/conversations", get(list))
        .route("/api/v1/conversations/{id}", get(find))
        .route("/api/v1/conversations/{id}/entries", get(page))
        .route("/api/v1/conversations/{id}/transfer", post(transfer))
        .route("/api/v1/conversations/{id}/{change}", post(change))
}

#[derive(Serialize)]
struct One {
    conversation: Summary,
    state: StateBody,
}

fn one(view: &ConversationView) -> Json<One> {
    let name = view.owner_name.as_deref();
    Json(One {
        conversation: Summary::new(&view.conversation, name),
        state: StateBody::new(&view.conversation, name, view.position, true),
    })
}

#[derive(Deserialize)]
struct ListQuery {
    view: Option<String>,
    limit: Option<u32>,
    before: Option<u32>,
}

#[derive(Serialize)]
struct ListAnswer {
    conversations: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
    counts: CountsBody,
}

#[derive(Serialize)]
struct CountsBody {
    mine: u64,
    queue: u64,
    bot: u64,
    all: u64,
}

async fn list(
    State(app): State<App>,
    who: AsAgent,
    Query(query): Query<ListQuery>,
) -> Result<Json<ListAnswer>, Problem> {
    let view = match query.view.as_deref().unwrap_or("mine") {
        "mine" => View::Mine(who.agent.account),
        "queue" => View::Queue,
        "bot" => View::Bot,
        "all" => View::All,
        "closed" => View::Closed,
        _ => return Err(Problem::new(Code::Invalid, "view: mine, queue, bot, all or closed")),
    };
    let limit = query.limit.unwrap_or(100).clamp(1, 500);
    let offset = query.before.unwrap_or(0);
    let found = app.conversations.list(&who.agent, view, limit, offset).await?;
    let counts = app.conversations.counts(&who.agent).await?;
    let full = u32::try_from(found.len()).is_ok_and(|n| n == limit);
    Ok(Json(ListAnswer {
        conversations: found.iter().map(|v| Summary::new(&v.conversation, v.owner_name.as_deref())).collect(),
        next: full.then(|| offset + limit),
        counts: CountsBody { mine: counts.mine, queue: counts.queue, bot: counts.bot, all: counts.all },
    }))
}

async fn find(State(app): State<App>, who: AsAgent, Path(conversation): Path<String>) -> Result<Json<One>, Problem> {
    let conversation = id(&conversation, "conversation")?;
    let found = app.conversations.find(&Actor::Agent(who.agent), conversation).await?;
    Ok(one(&found.ok_or_else(|| Problem::not_found("conversation"))?))
}

#[derive(Deserialize)]
struct PageQuery {
    log: Option<String>,
    after: Option<u64>,
    before: Option<u64>,
    limit: Option<u32>,
}

#[derive(Serialize)]
struct PageAnswer {
    entries: Vec<Entry>,
    head: u64,
}

async fn page(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PageAnswer>, Problem> {
    let conversation: ConversationId = id(&conversation, "conversation")?;
    let log = match query.log.as_deref().unwrap_or("public") {
        "public" => Log::Public,
        "internal" => Log::Internal,
        _ => return Err(Problem::new(Code::Invalid, "log: public or internal")),
    };
    let range = match (query.after, query.before) {
        (_, Some(before)) => PageRange::Before(before),
        (after, None) => PageRange::After(after.unwrap_or(0)),
    };
    let actor = Actor::Agent(who.agent);
    app.conversations.find(&actor, conversation).await?.ok_or_else(|| Problem::not_found("conversation"))?;
    let limit = query.limit.unwrap_or(200).clamp(1, 200);
    let page = app.conversations.page(&actor, conversation, log, range, limit).await?;
    let head = page.head;
    Ok(Json(PageAnswer { entries: entries(&app, page).await?, head }))
}

/// Entries with the names of the agents in them.
pub(super) async fn entries(app: &App, page: Page) -> Result<Vec<Entry>, Problem> {
    let mut bodies = Vec::with_capacity(page.entries.len());
    for entry in page.entries {
        let [author, about] = app.directory.names(&*app.store, &entry).await?;
        bodies.push(Entry::new(&entry, author.as_deref(), about.as_deref()));
    }
    Ok(bodies)
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    version: Option<u64>,
}

/// A change without more to say than the version that was looked at; the body may be left out.
async fn change(
    State(app): State<App>,
    who: AsAgent,
    Path((conversation, change)): Path<(String, String)>,
    body: axum::body::Bytes,
) -> Result<Json<One>, Problem> {
    let conversation = id(&conversation, "conversation")?;
    let Change { version } = if body.is_empty() {
        Change::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| Problem::new(Code::Invalid, error.to_string()))?
    };
    let view =
        run(&app, &who.agent, conversation, &change, version).await.ok_or_else(|| Problem::not_found("page"))??;
    Ok(one(&view))
}

async fn run(
    app: &App,
    agent: &Agent,
    id: ConversationId,
    change: &str,
    seen: Option<u64>,
) -> Option<Result<ConversationView, ChangeError>> {
    let conversations = &app.conversations;
    Some(match change {
        "accept" => conversations.accept(agent, id, seen).await,
        "take-over" => conversations.take_over(agent, id, seen).await,
        "give-back" => conversations.give_back(agent, id, seen).await,
        "close" => conversations.close(agent, id, seen).await,
        "reopen" => conversations.reopen(agent, id, seen).await,
        _ => return None,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    queue: bool,
    #[serde(default)]
    version: Option<u64>,
}

async fn transfer(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
    Body(body): Body<Transfer>,
) -> Result<Json<One>, Problem> {
    let conversation = id(&conversation, "conversation")?;
    let to: Option<AccountId> = match (&body.agent, body.queue) {
        (Some(agent), false) => Some(id(agent, "member")?),
        (None, true) => None,
        _ => return Err(Problem::new(Code::Invalid, "either an agent or \"queue\": true")),
    };
    Ok(one(&app.conversations.transfer(&who.agent, conversation, to, body.version).await?))
}
