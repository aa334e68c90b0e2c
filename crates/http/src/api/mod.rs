//! The API, a file a noun.

mod auth;
mod blocks;
mod canned;
mod card;
mod conversations;
mod desk;
mod document;
mod engines;
mod files;
mod first_steps;
mod health;
mod identity;
mod knowledge;
mod looks;
mod me;
mod members;
mod operator;
mod ratings;
mod recalls;
mod reference;
mod resets;
mod routes;
mod routing;
mod sign_up;
mod sites;
mod socket;
mod tags;
mod tenant;
mod visitor;

pub use members::INVITATION_MS;
pub use resets::RESET_MS;
pub(crate) use routes::Routes;

use crate::passwords::Passwords;
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
        card::router(),
        blocks::router(),
        canned::router(),
        conversations::router(),
        desk::router(),
        document::router(),
        engines::router(),
        files::router(),
        first_steps::router(),
        health::router(),
        identity::router(),
        knowledge::router(),
        looks::router(),
        me::router(),
        members::router(),
        operator::router(),
        ratings::router(),
        recalls::router(),
        reference::router(),
        resets::router(),
        routing::router(),
        sign_up::router(),
        sites::router(),
        socket::router(),
        tags::router(),
        tenant::router(),
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

/// An e-mail address in lower case, if it looks like one.
fn email(text: &str) -> Result<String, Problem> {
    let refusal = || Problem::new(Code::Invalid, "email: an address such as name@shop.example");
    email_address(text).ok_or_else(refusal)
}

/// An e-mail address in lower case, if it looks like one.
pub fn email_address(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let looks_right =
        email.len() <= 254 && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    (looks_right && !email.chars().any(|c| c.is_whitespace() || c.is_control())).then_some(email)
}

fn person_name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::new(Code::Invalid, "name: 1 to 60 characters"));
    }
    Ok(name.to_owned())
}

fn good_password(password: &str) -> Result<(), Problem> {
    Passwords::refusal(password).map_or(Ok(()), |refusal| Err(Problem::new(Code::Invalid, refusal)))
}
