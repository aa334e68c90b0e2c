//! Conversations, for agents.

use super::{Body, Routes, id};
use crate::auth::AsAgent;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use macaw_app::{Actor, Agent, ChangeError, ConversationView, Listing, Page, PageRange, View};
use macaw_domain::{AccountId, Closing, ConversationId, Log};
use macaw_wire::{Code, Entry, State as StateBody, Summary, words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("conversations")
        .with(routes!(list))
        .with(routes!(find))
        .with(routes!(page))
        .with(routes!(transfer))
        .with(routes!(close))
        .with(routes!(change))
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationAnswer)]
pub(super) struct One {
    conversation: Summary,
    state: StateBody,
}

pub(super) fn one(view: &ConversationView) -> Json<One> {
    let name = view.owner_name.as_deref();
    Json(One {
        conversation: Summary::new(&view.conversation, name),
        state: StateBody::new(&view.conversation, name, view.position, true),
    })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Which list; `mine` when left out.
    #[param(inline, value_type = Option<words::View>)]
    view: Option<String>,
    /// At most this many, 1 to 500.
    limit: Option<u32>,
    /// `next` of the page before.
    before: Option<u32>,
    /// Of this site alone.
    site: Option<String>,
    /// With this tag alone.
    tag: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationPage)]
struct ListAnswer {
    conversations: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
    counts: CountsBody,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InboxCounts)]
struct CountsBody {
    mine: u64,
    queue: u64,
    bot: u64,
    all: u64,
}

/// A list, longest waiting first.
#[utoipa::path(
    get,
    path = "/api/v1/conversations",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(ListQuery),
    responses((status = 200, description = "The conversations and how many each list has", body = ListAnswer)),
)]
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
    let site = query.site.map(|site| id(&site, "site")).transpose()?;
    let tag = query.tag.map(|tag| id(&tag, "tag")).transpose()?;
    let found = app.conversations.list_where(&who.agent, Listing { view, site, tag }, limit, offset).await?;
    let counts = app.conversations.counts(&who.agent).await?;
    let full = u32::try_from(found.len()).is_ok_and(|n| n == limit);
    Ok(Json(ListAnswer {
        conversations: found.iter().map(|v| Summary::new(&v.conversation, v.owner_name.as_deref())).collect(),
        next: full.then(|| offset + limit),
        counts: CountsBody { mine: counts.mine, queue: counts.queue, bot: counts.bot, all: counts.all },
    }))
}

/// One conversation.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
async fn find(State(app): State<App>, who: AsAgent, Path(conversation): Path<String>) -> Result<Json<One>, Problem> {
    let conversation = id(&conversation, "conversation")?;
    let found = app.conversations.find(&Actor::Agent(who.agent), conversation).await?;
    Ok(one(&found.ok_or_else(|| Problem::not_found("conversation"))?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Which log; `public` when left out.
    #[param(inline, value_type = Option<words::Log>)]
    log: Option<String>,
    /// Entries above this seq.
    after: Option<u64>,
    /// The newest entries below this seq; wins over `after`.
    before: Option<u64>,
    /// At most this many, 1 to 200.
    limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EntryPage)]
struct PageAnswer {
    entries: Vec<Entry>,
    head: u64,
}

/// Entries of a log, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/entries",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(PageQuery),
    responses((status = 200, description = "The entries", body = PageAnswer)),
)]
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

#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    version: Option<u64>,
}

/// A change without more to say than the version that was looked at; the body may be left out.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/{change}",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(("id" = String, Path), ("change" = inline(words::Change), Path)),
    request_body = Option<Change>,
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
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

        "reopen" => conversations.reopen(agent, id, seen).await,
        _ => return None,
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transfer {
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    queue: bool,
    #[serde(default)]
    version: Option<u64>,
}

/// Passes the conversation to a colleague or back to the queue.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/transfer",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = Transfer,
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
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

#[derive(Deserialize, Default, ToSchema)]
#[schema(as = Closing)]
#[serde(deny_unknown_fields)]
struct CloseBody {
    #[serde(default)]
    version: Option<u64>,
    /// Why, from the tenant's list or in own words.
    #[serde(default)]
    reason: Option<String>,
    /// What it was about.
    #[serde(default)]
    summary: Option<String>,
}

/// Closes the conversation; what is said with it is told to agents alone. The body may be left out.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/close",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = Option<CloseBody>,
    responses((status = 200, description = "The conversation as it is now", body = One)),
)]
async fn close(
    State(app): State<App>,
    who: AsAgent,
    Path(conversation): Path<String>,
    body: axum::body::Bytes,
) -> Result<Json<One>, Problem> {
    let conversation = id(&conversation, "conversation")?;
    let CloseBody { version, reason, summary } = if body.is_empty() {
        CloseBody::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| Problem::new(Code::Invalid, error.to_string()))?
    };
    Ok(one(&app.conversations.close_with(&who.agent, conversation, version, Closing { reason, summary }).await?))
}
