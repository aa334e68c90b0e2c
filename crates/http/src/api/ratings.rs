//! What visitors say of conversations that have ended.

use super::{Body, Routes};
use crate::auth::{AsManager, AsVisitor};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::Json;
use axum::extract::{Query, State};
use macaw_app::{Opinion, RatingRefusal};
use macaw_domain::{Owner, Rated};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("ratings").with(routes!(rate)).with(routes!(list))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RateRequest)]
struct Request {
    /// Which closing: the `epoch` of the owner in the state of the closed conversation.
    closing: u64,
    /// 1 to 5, the best.
    score: u8,
    /// In the visitor's words, at most 1000 characters.
    #[serde(default)]
    comment: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RateAnswer)]
struct Answer {
    seq: u64,
    at: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    duplicate: bool,
}

/// Rates the own conversation after it was closed, once for each closing.
#[utoipa::path(
    post,
    path = "/api/v1/visitor/rating",
    extensions(("x-macaw-actor" = json!("visitor"))),
    request_body = Request,
    responses((status = 200, description = "It is durable", body = Answer)),
)]
async fn rate(
    State(app): State<App>,
    client: Client,
    AsVisitor(visitor): AsVisitor,
    Body(body): Body<Request>,
) -> Result<Json<Answer>, Problem> {
    app.limiter().message(&*app.store, &visitor, client.address).await?;
    let opinion = Opinion { closing: body.closing, score: body.score, comment: body.comment };
    let appended = app.messages.rate(&visitor, opinion).await?;
    let entry = appended.entry;
    Ok(Json(Answer { seq: entry.seq, at: entry.draft.at, duplicate: appended.duplicate }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Ratings from this time on, in milliseconds since 1970; all when left out.
    #[serde(default)]
    since: i64,
    /// At most this many, 1 to 1000.
    limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Rating)]
struct Row {
    conversation: String,
    site: String,
    visitor: String,
    /// The agent who had it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// The engine that had it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<String>,
    /// 1 to 5, the best.
    score: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    at: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RatingPage)]
struct Page {
    /// Newest first.
    ratings: Vec<Row>,
    /// Of these ratings; not there when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    average: Option<f64>,
}

/// What visitors said of the tenant's conversations.
#[utoipa::path(
    get,
    path = "/api/v1/ratings",
    extensions(("x-macaw-actor" = json!("manager"))),
    params(ListQuery),
    responses((status = 200, description = "The ratings", body = Page)),
)]
async fn list(
    State(app): State<App>,
    AsManager(agent): AsManager,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page>, Problem> {
    let limit = query.limit.unwrap_or(200).clamp(1, 1_000);
    let found = app.messages.ratings(&agent, query.since, limit).await?;
    let sum: u32 = found.iter().map(|rated| u32::from(rated.score)).sum();
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let average = (count > 0).then(|| f64::from(sum) / f64::from(count));
    Ok(Json(Page { ratings: found.into_iter().map(row).collect(), average }))
}

fn row(rated: Rated) -> Row {
    let (agent, engine) = match rated.owner {
        Owner::Agent(agent) => (Some(agent.to_string()), None),
        Owner::Engine(engine) => (None, Some(engine)),
        Owner::Queue => (None, None),
    };
    Row {
        conversation: rated.conversation.to_string(),
        site: rated.site.to_string(),
        visitor: rated.visitor.to_string(),
        agent,
        engine,
        score: rated.score,
        comment: rated.comment,
        at: rated.at,
    }
}

impl From<RatingRefusal> for Problem {
    fn from(error: RatingRefusal) -> Self {
        let code = match &error {
            RatingRefusal::Invalid(_) => Code::Invalid,
            RatingRefusal::NotFound => Code::NotFound,
            RatingRefusal::NotClosed | RatingRefusal::Already => Code::WrongState,
            RatingRefusal::Store(_) => Code::Internal,
        };
        match error {
            RatingRefusal::Store(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}
