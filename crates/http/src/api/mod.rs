//! The API, a file a noun.

mod auth;
mod conversations;
mod document;
mod health;
mod members;
mod reference;
mod routes;
mod sites;
mod socket;
mod visitor;

pub(crate) use routes::Routes;

use crate::problem::Problem;
use crate::state::App;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use macaw_wire::Code;
use serde::de::DeserializeOwned;

pub(crate) fn router() -> Router<App> {
    Routes::together(nouns()).0
}

/// Every noun of the API; what is not here has no route.
fn nouns() -> Vec<Routes> {
    vec![
        auth::router(),
        conversations::router(),
        document::router(),
        health::router(),
        members::router(),
        reference::router(),
        sites::router(),
        socket::router(),
        visitor::router(),
        crate::ui::router(),
    ]
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
