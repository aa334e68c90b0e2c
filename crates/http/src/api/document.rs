//! The API document: what the handlers say of themselves, and what holds for all of them.

use super::Routes;
use crate::problem::ProblemBody;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use macaw_wire::schema::{not_null, object, strip_null};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::openapi::{Components, Info, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::routes;

/// Who may call an operation; each handler names one in `x-macaw-actor`.
const ACTORS: &[(&str, &str)] = &[
    ("anyone", "no proof is asked for"),
    ("visitor", "the bearer of a visitor's token"),
    ("agent", "a signed-in member of any role"),
    ("manager", "a signed-in manager or owner"),
    ("owner", "a signed-in owner"),
    ("operator", "whoever runs the installation"),
    ("metrics", "a program on this machine, or the bearer of the token for metrics"),
];

/// A document without operations.
pub(super) fn empty() -> OpenApi {
    let mut info = Info::new("Macaw", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Customer service: what visitors, agents and managers may ask of a Macaw server. \
         Times are milliseconds since 1970 in UTC; ids are opaque text. Refusals are problem details \
         (RFC 9457) with a stable `code`. `x-macaw-actor` says who may call an operation."
            .to_owned(),
    );
    OpenApiBuilder::new().info(info).build()
}

/// Made once: it says the same as long as the program runs.
static JSON: LazyLock<Bytes> = LazyLock::new(|| whole().to_string().into());

/// What every handler says, and what holds for all.
pub(super) fn whole() -> Value {
    finished(Routes::together(super::nouns()).1)
}

pub(super) fn router() -> Routes {
    Routes::of("document").with(routes!(openapi))
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "An OpenAPI document", body = Object, content_type = "application/json")),
)]
async fn openapi() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
        // Nothing secret is in it, and tools on other pages read it.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, JSON.clone()).into_response()
}

/// Adds what no handler should have to repeat: proof by actor, the shape of refusals, who is who.
fn finished(mut document: OpenApi) -> Value {
    let components = document.components.get_or_insert_with(Components::new);
    let mut more = Vec::new();
    ProblemBody::schemas(&mut more);
    for (name, schema) in more.into_iter().chain([("Problem".to_owned(), ProblemBody::schema())]) {
        components.schemas.insert(name, schema);
    }
    let mut value = serde_json::to_value(&document).unwrap_or_default();
    for item in object(value.get_mut("paths")).flat_map(Map::values_mut) {
        for (method, operation) in object(Some(item)).flat_map(Map::iter_mut) {
            finish_operation(method, operation);
        }
    }
    for schema in object(value.pointer_mut("/components/schemas")).flat_map(Map::values_mut) {
        strip_null(schema);
    }
    value["components"]["securitySchemes"] = security_schemes();
    value["x-macaw-actors"] = ACTORS.iter().map(|(name, what)| ((*name).to_owned(), json!(what))).collect();
    value
}

fn finish_operation(method: &str, operation: &mut Value) {
    let proofs = actors(operation).iter().map(|actor| proof(actor, matches!(method, "get" | "head"))).collect();
    operation["security"] = Value::Array(proofs);
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if parameter["required"] != true {
            not_null(&mut parameter["schema"]);
        }
    }
    operation["responses"]["default"] = json!({
        "description": "A refusal",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
}

/// Who may call an operation: a word, or several.
pub(super) fn actors(operation: &Value) -> Vec<String> {
    let text = |word: &Value| word.as_str().map(str::to_owned);
    match &operation["x-macaw-actor"] {
        Value::Array(words) => words.iter().filter_map(text).collect(),
        word => text(word).into_iter().collect(),
    }
}

/// The names of the security schemes that together prove to be this actor.
fn proof(actor: &str, reads: bool) -> Value {
    match actor {
        "visitor" => json!({ "visitor": [] }),
        "agent" | "manager" | "owner" if reads => json!({ "session": [] }),
        "agent" | "manager" | "owner" => json!({ "session": [], "change": [] }),
        "operator" => json!({ "operator": [] }),
        "metrics" => json!({ "metrics": [] }),
        _ => json!({}),
    }
}

fn security_schemes() -> Value {
    let bearer = |what: &str| json!({ "type": "http", "scheme": "bearer", "description": what });
    json!({
        "visitor": bearer("The token that POST /api/v1/visitor/session answers with."),
        "operator": bearer("The operator's token."),
        "metrics": bearer("The token for metrics; not asked for on this machine."),
        "session": {
            "type": "apiKey", "in": "cookie", "name": crate::auth::COOKIE,
            "description": "Set by POST /api/v1/auth/sign-in; out of reach for scripts.",
        },
        "change": {
            "type": "apiKey", "in": "header", "name": "X-Macaw",
            "description": "1, with everything that changes something: no foreign page can send it.",
        },
    })
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
