//! Taking a message back, on both sides.

use super::{Routes, id};
use crate::auth::{AsAgent, AsVisitor};
use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::{Actor, RecallError};
use macaw_wire::Code;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("recalls").with(routes!(by_visitor)).with(routes!(by_agent))
}

/// Takes back a message that the visitor sent within the last two minutes.
#[utoipa::path(
    post,
    path = "/api/v1/visitor/messages/{seq}/recall",
    extensions(("x-macaw-actor" = json!("visitor"))),
    params(("seq" = u64, Path)),
    responses((status = 204, description = "Taken back")),
)]
async fn by_visitor(
    State(app): State<App>,
    client: Client,
    AsVisitor(visitor): AsVisitor,
    Path(seq): Path<String>,
) -> Result<StatusCode, Problem> {
    app.limiter().message(&*app.store, &visitor, client.address).await?;
    let seq = id(&seq, "message")?;
    app.messages.recall(&Actor::Visitor(visitor), visitor.conversation, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back a message that the agent sent within the last two minutes.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/entries/{seq}/recall",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(("id" = String, Path), ("seq" = u64, Path)),
    responses((status = 204, description = "Taken back")),
)]
async fn by_agent(
    State(app): State<App>,
    who: AsAgent,
    Path((conversation, seq)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (conversation, seq) = (id(&conversation, "message")?, id(&seq, "message")?);
    app.messages.recall(&Actor::Agent(who.agent), conversation, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::NotFound => Self::not_found("message"),
            RecallError::Refused(_) => Self::new(Code::WrongState, error.to_string()),
            RecallError::Store(error) => error.into(),
        }
    }
}
