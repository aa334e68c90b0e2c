//! The visitor's API: same path and promises as the socket.

use super::{Body, id};
use crate::auth::{self, Address, AsVisitor, header_text};
use crate::problem::Problem;
use crate::state::App;
use crate::tokens::Grace;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use macaw_app::{Actor, ConversationView, Fanout, Outgoing, PageRange, Visitor};
use macaw_domain::{Availability, ConversationId, Log, Site, SiteId, VisitorId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/visitor/session", post(session))
        .route("/api/v1/visitor/site/{id}", get(site))
        .route("/api/v1/visitor/messages", post(send).get(list))
        .route("/api/v1/visitor/hand-over", post(hand_over))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionRequest {
    site: String,
    #[serde(default)]
    token: Option<String>,
}

#[derive(Serialize)]
struct SessionAnswer {
    token: String,
    visitor: String,
    conversation: String,
    expires_at: i64,
}

/// A token: for who came before if the old one proves it, otherwise for somebody new.
async fn session(
    State(app): State<App>,
    Address(address): Address,
    headers: HeaderMap,
    Body(body): Body<SessionRequest>,
) -> Result<Json<SessionAnswer>, Problem> {
    app.limiter().token(address)?;
    let site = find(&app, &body.site).await?;
    check_origin(&app, &headers, site.id).await?;
    let now = app.clock.now();
    let known = body.token.and_then(|token| app.signer.verify(&token, now, Grace::Renewal));
    let visitor = known.filter(|known| known.site == site.id).unwrap_or_else(|| Visitor {
        tenant: site.tenant,
        site: site.id,
        visitor: VisitorId(app.clock.fresh()),
        conversation: ConversationId(app.clock.fresh()),
    });
    let (token, expires_at) = app.signer.sign(&visitor, now);
    Ok(Json(SessionAnswer {
        token,
        visitor: visitor.visitor.to_string(),
        conversation: visitor.conversation.to_string(),
        expires_at,
    }))
}

#[derive(Serialize)]
struct SiteAnswer<'a> {
    id: String,
    name: &'a str,
    greeting: &'a str,
    suggestions: &'a [String],
    colour: &'a str,
    engine: bool,
    online: bool,
    typing_preview: bool,
    /// The longest file, in bytes.
    file_limit: u64,
}

/// What loader and panel need; the only thing that a foreign page may read.
async fn site(State(app): State<App>, Path(site): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let site = find(&app, &site).await?;
    let members = app.store.members(site.tenant).await?;
    let there = |m: &macaw_domain::Member| {
        m.availability == Availability::Online && app.gateway.hub.is_connected(m.tenant, m.account)
    };
    let settings = &site.settings;
    let answer = SiteAnswer {
        id: site.id.to_string(),
        name: &settings.name,
        greeting: &settings.greeting,
        suggestions: &settings.suggestions,
        colour: &settings.colour,
        engine: settings.engine.is_some(),
        online: members.iter().any(there),
        typing_preview: settings.typing_preview,
        file_limit: app.files.rules().max_size,
    };
    let mut response = Json(answer).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    answer.insert(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = headers.get(header::ORIGIN)
        && origin.to_str().is_ok_and(|origin| settings.allows_origin(origin))
    {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendRequest {
    client_id: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    file: Option<String>,
}

#[derive(Serialize)]
struct SendAnswer {
    id: String,
    seq: u64,
    at: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    duplicate: bool,
}

async fn send(
    State(app): State<App>,
    AsVisitor(visitor): AsVisitor,
    Body(body): Body<SendRequest>,
) -> Result<Json<SendAnswer>, Problem> {
    app.limiter().message(visitor.visitor)?;
    let saying = macaw_gateway::saying(body.text, body.file).map_err(|(code, words)| Problem::new(code, words))?;
    let outgoing = Outgoing { conversation: visitor.conversation, log: Log::Public, client_id: body.client_id, saying };
    let appended = app.messages.send(&Actor::Visitor(visitor), outgoing).await?;
    let entry = appended.entry;
    Ok(Json(SendAnswer {
        id: entry.draft.id.to_string(),
        seq: entry.seq,
        at: entry.draft.at,
        duplicate: appended.duplicate,
    }))
}

#[derive(Deserialize)]
struct ListQuery {
    #[serde(default)]
    after: u64,
    limit: Option<u32>,
}

#[derive(Serialize)]
struct ListAnswer {
    messages: Vec<macaw_wire::Entry>,
    head: u64,
}

async fn list(
    State(app): State<App>,
    AsVisitor(visitor): AsVisitor,
    Query(query): Query<ListQuery>,
) -> Result<Json<ListAnswer>, Problem> {
    let limit = query.limit.unwrap_or(200).clamp(1, 200);
    let range = PageRange::After(query.after);
    let page =
        app.conversations.page(&Actor::Visitor(visitor), visitor.conversation, Log::Public, range, limit).await?;
    let head = page.head;
    Ok(Json(ListAnswer { messages: super::conversations::entries(&app, page).await?, head }))
}

async fn hand_over(State(app): State<App>, AsVisitor(visitor): AsVisitor) -> Result<Json<macaw_wire::State>, Problem> {
    let view: ConversationView = app.conversations.hand_over(&visitor).await?;
    let c = &view.conversation;
    Ok(Json(macaw_wire::State::new(c, view.owner_name.as_deref(), view.position, false)))
}

/// Our own pages, the site's pages, and programs that are no browser.
pub(super) async fn check_origin(app: &App, headers: &HeaderMap, site: SiteId) -> Result<(), Problem> {
    if auth::is_own_origin(headers) {
        return Ok(());
    }
    let site = app.sites.find(site).await?.ok_or_else(|| Problem::not_found("site"))?;
    let origin = header_text(headers, header::ORIGIN.as_str()).unwrap_or_default();
    if site.settings.allows_origin(origin) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, format!("{origin} is not among the domains of this site; a manager can add it")))
}

async fn find(app: &App, site: &str) -> Result<Arc<Site>, Problem> {
    let site: SiteId = id(site, "site")?;
    app.sites.find(site).await?.ok_or_else(|| Problem::not_found("site"))
}
