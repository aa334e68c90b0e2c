//! The API, a file a noun.

mod auth;
mod conversations;
mod files;
mod health;
mod members;
mod sites;
mod socket;
mod visitor;

use crate::problem::Problem;
use crate::state::App;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use macaw_wire::Code;
use serde::de::DeserializeOwned;

pub(crate) fn router() -> Router<App> {
    Router::new()
        .merge(auth::router())
        .merge(conversations::router())
        .merge(files::router())
        .merge(health::router())
        .merge(members::router())
        .merge(sites::router())
        .merge(socket::router())
        .merge(visitor::router())
}

/// A JSON body; what does not fit is refused with the field and the reason.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::BytesRejection(error)) => Err(Problem::new(Code::TooLarge, error.body_text())),
            Err(error) => Err(Problem::new(Code::Invalid, error.body_text())),
        }
    }
}

/// An id in a path; anything else is an id that does not exist.
pub(crate) fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found(what))
}
