//! The visitor's API: same path and promises as the socket.

use super::{Body, Routes, id};
use crate::auth::{AsVisitor, header_text};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use crate::tokens::Grace;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use macaw_app::{Actor, ConversationView, Outgoing, PageRange, Visitor};
use macaw_domain::{ConversationId, Log, Site, SiteId, VisitorId};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("visitor").with(routes!(session)).with(routes!(send, list)).with(routes!(hand_over))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VisitorSessionRequest)]
struct SessionRequest {
    site: String,
    #[serde(default)]
    token: Option<String>,
    /// A token by which the site says who its signed-in customer is.
    #[serde(default)]
    identity: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = VisitorSession)]
struct SessionAnswer {
    token: String,
    visitor: String,
    conversation: String,
    expires_at: i64,
}

/// A token: for who came before if the old one proves it, otherwise for somebody new.
#[utoipa::path(
    post,
    path = "/api/v1/visitor/session",
    extensions(("x-macaw-actor" = json!("anyone"))),
    request_body = SessionRequest,
    responses((status = 200, description = "The token and whose it is", body = SessionAnswer)),
)]
async fn session(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Body(body): Body<SessionRequest>,
) -> Result<Json<SessionAnswer>, Problem> {
    let site = find(&app, &body.site).await?;
    app.limiter().token(client.address, &site)?;
    check_origin(&app, &client, &headers, site.id).await?;
    let now = app.clock.now();
    let known = body.token.and_then(|token| app.signer.verify(&token, now, Grace::Renewal));
    let known = known.filter(|known| known.site == site.id && known.tenant == site.tenant);
    let visitor = match body.identity {
        Some(identity) => super::identity::customer(&app, &site, &identity, known).await?,
        None => known.unwrap_or_else(|| Visitor {
            tenant: site.tenant,
            site: site.id,
            visitor: VisitorId(app.clock.fresh()),
            conversation: ConversationId(app.clock.fresh()),
        }),
    };
    let (token, expires_at) = app.signer.sign(&visitor, now);
    Ok(Json(SessionAnswer {
        token,
        visitor: visitor.visitor.to_string(),
        conversation: visitor.conversation.to_string(),
        expires_at,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Send)]
struct SendRequest {
    client_id: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    file: Option<String>,
    /// The seq of the message that the text is about.
    #[serde(default)]
    quotes: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Sent)]
struct SendAnswer {
    id: String,
    seq: u64,
    at: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    duplicate: bool,
}

/// Appends a message; the answer comes after it is on the disk.
#[utoipa::path(
    post,
    path = "/api/v1/visitor/messages",
    extensions(("x-macaw-actor" = json!("visitor"))),
    request_body = SendRequest,
    responses((status = 200, description = "It is durable", body = SendAnswer)),
)]
async fn send(
    State(app): State<App>,
    client: Client,
    AsVisitor(visitor): AsVisitor,
    Body(body): Body<SendRequest>,
) -> Result<Json<SendAnswer>, Problem> {
    app.limiter().message(&*app.store, &visitor, client.address).await?;
    let saying = macaw_gateway::saying(body.text, body.file, body.quotes);
    let saying = saying.map_err(|(code, words)| Problem::new(code, words))?;
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    #[serde(default)]
    /// Messages above this seq.
    after: u64,
    /// At most this many, 1 to 200.
    limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MessagePage)]
struct ListAnswer {
    messages: Vec<macaw_wire::Entry>,
    head: u64,
}

/// The own conversation, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/visitor/messages",
    extensions(("x-macaw-actor" = json!("visitor"))),
    params(ListQuery),
    responses((status = 200, description = "The messages", body = ListAnswer)),
)]
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

/// Asks for a person; asking twice is no error.
#[utoipa::path(
    post,
    path = "/api/v1/visitor/hand-over",
    extensions(("x-macaw-actor" = json!("visitor"))),
    responses((status = 200, description = "The conversation as it is now", body = macaw_wire::State)),
)]
async fn hand_over(
    State(app): State<App>,
    client: Client,
    AsVisitor(visitor): AsVisitor,
) -> Result<Json<macaw_wire::State>, Problem> {
    app.limiter().hand_over(&visitor, client.address)?;
    let view: ConversationView = app.conversations.hand_over(&visitor).await?;
    let c = &view.conversation;
    Ok(Json(macaw_wire::State::new(c, view.owner_name.as_deref(), view.position, false)))
}

/// Our own pages, the site's pages, and programs that are no browser.
pub(super) async fn check_origin(app: &App, client: &Client, headers: &HeaderMap, site: SiteId) -> Result<(), Problem> {
    if app.edge.is_own_origin(client, headers) {
        return Ok(());
    }
    let site = app.sites.find(site).await?.ok_or_else(|| Problem::not_found("site"))?;
    let origin = header_text(headers, header::ORIGIN.as_str()).unwrap_or_default();
    if site.settings.allows_origin(origin) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, format!("{origin} is not among the domains of this site; a manager can add it")))
}

/// A site whose tenant is not suspended.
pub(super) async fn find(app: &App, site: &str) -> Result<Arc<Site>, Problem> {
    let site: SiteId = id(site, "site")?;
    let site = app.sites.find(site).await?.ok_or_else(|| Problem::not_found("site"))?;
    if app.tenants.is_suspended(site.tenant) { Err(Problem::suspended()) } else { Ok(site) }
}
