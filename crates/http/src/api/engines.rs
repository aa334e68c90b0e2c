//! The engines of a tenant: a manager sees all that can be chosen and changes the own ones. Secrets go in and never out.

use super::{Body, Routes};
use crate::auth::AsManager;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use macaw_app::{Answer, EngineChange, EngineDraft, EngineOrigin, EngineRow, EngineSettingsError, Trial};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("engines").with(routes!(list, create)).with(routes!(update, remove)).with(routes!(try_out))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Engine)]
struct Row {
    /// Of one that is not the tenant's: its name.
    id: String,
    /// What sites and rules call it.
    name: String,
    /// `knowledge`, `openai`, `dify`, `coze`, `fastgpt` or `http_nlp`.
    kind: String,
    /// Where it is configured: `built_in`, `file` (the installation's) or `tenant`.
    origin: &'static str,
    enabled: bool,
    /// `ready`, `resting` (it failed again and again and is left alone), `off`, or `broken` (it cannot be made).
    state: &'static str,
    /// The keys of its kind, without any secret; empty for one that is not the tenant's.
    #[schema(value_type = Object)]
    settings: Value,
    /// The keys of the secrets that are set.
    secrets: Vec<String>,
    /// Where it is asked; of an own one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// The model or bot there.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    /// Questions leave this server.
    outside: bool,
    /// Why it cannot be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    /// Until when it is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    resting_until: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EngineList)]
struct ListAnswer {
    engines: Vec<Row>,
}

/// A new engine.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewEngine)]
#[serde(deny_unknown_fields)]
struct NewEngine {
    /// 1 to 40 characters of a-z, 0-9, `-` and `_`; it stays.
    name: String,
    /// `openai`, `dify`, `coze`, `fastgpt` or `http_nlp`; it stays.
    kind: String,
    /// The keys of its kind.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// `key`, and for Coze perhaps `oauth_key`.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    #[serde(default = "yes")]
    enabled: bool,
}

/// The settings of an engine.
#[derive(Deserialize, ToSchema)]
#[schema(as = EngineSettings)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The keys of its kind; what is left out is as if it was never set.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Those that are named are set, or taken away where they are empty; the others stay. Where the address changes all
    /// have to be given again.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

fn row(engine: EngineRow) -> Row {
    let is_own = engine.origin == EngineOrigin::Tenant;
    let state = match (&engine.fault, engine.enabled, engine.resting_until) {
        (Some(_), ..) => "broken",
        (_, false, _) => "off",
        (_, _, Some(_)) => "resting",
        _ => "ready",
    };
    let told = |text: &str| (is_own && !text.is_empty()).then(|| text.to_owned());
    let profile = engine.profile.as_ref();
    Row {
        origin: match engine.origin {
            EngineOrigin::BuiltIn => "built_in",
            EngineOrigin::File => "file",
            EngineOrigin::Tenant => "tenant",
        },
        state,
        host: profile.and_then(|profile| told(&profile.host)),
        target: profile.and_then(|profile| told(&profile.target)),
        outside: engine.origin != EngineOrigin::BuiltIn,
        // What is stored was checked to be an object.
        settings: serde_json::from_str(&engine.settings).unwrap_or_default(),
        id: engine.id,
        name: engine.name,
        kind: engine.kind,
        enabled: engine.enabled,
        secrets: engine.secrets,
        fault: engine.fault,
        resting_until: engine.resting_until,
        updated_at: engine.updated_at,
    }
}

/// All engines that a site or a rule of the tenant may name.
#[utoipa::path(
    get,
    path = "/api/v1/engines",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 200, description = "The built-in ones, the installation's, the tenant's", body = ListAnswer)),
)]
async fn list(State(app): State<App>, AsManager(who): AsManager) -> Result<Json<ListAnswer>, Problem> {
    Ok(Json(ListAnswer { engines: app.engines.list(&who).await?.into_iter().map(row).collect() }))
}

/// Adds an engine of the tenant; it can be asked at once.
#[utoipa::path(
    post,
    path = "/api/v1/engines",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = NewEngine,
    responses((status = 201, description = "The engine", body = Row)),
)]
async fn create(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<NewEngine>,
) -> Result<(StatusCode, Json<Row>), Problem> {
    let NewEngine { name, kind, settings, secrets, enabled } = body;
    let change = EngineChange { settings: Value::Object(settings).to_string(), secrets, enabled };
    let engine = app.engines.create(&who, EngineDraft { name, kind, change }).await?;
    Ok((StatusCode::CREATED, Json(row(engine))))
}

/// Replaces the settings of an engine of the tenant. The next question is asked with them; answers in the making keep the old ones.
#[utoipa::path(
    put,
    path = "/api/v1/engines/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Settings,
    responses((status = 200, description = "The engine", body = Row)),
)]
async fn update(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(id): Path<String>,
    Body(body): Body<Settings>,
) -> Result<Json<Row>, Problem> {
    let Settings { settings, secrets, enabled } = body;
    let change = EngineChange { settings: Value::Object(settings).to_string(), secrets, enabled };
    Ok(Json(row(app.engines.update(&who, &id, change).await?)))
}

/// Removes an engine of the tenant, with its secrets; refused while a site is answered by it.
#[utoipa::path(
    delete,
    path = "/api/v1/engines/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 204, description = "It is gone")),
)]
async fn remove(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.engines.remove(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to ask.
#[derive(Deserialize, ToSchema)]
#[schema(as = EngineTrial)]
#[serde(deny_unknown_fields)]
struct TrialBody {
    /// At most 500 characters.
    text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EngineTried)]
struct TrialAnswer {
    /// `given`, `unknown` (it does not know), `wants_human`, or `failed`.
    answer: &'static str,
    /// The beginning of what it said.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_ms: Option<u64>,
    total_ms: u64,
    /// Tokens that went in, as it says.
    input: u64,
    /// Tokens that came out.
    output: u64,
    /// How it failed: `timeout`, `refused`, `auth`, `busy`, `rate_limited`, `quota`, `broken_stream`, `content`, `unavailable` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'static str>,
    /// What went wrong, in our words.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// What the service says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
}

impl From<Trial> for TrialAnswer {
    fn from(trial: Trial) -> Self {
        let Trial { text, first_ms, total_ms, usage, ended } = trial;
        let answer = match &ended {
            Ok(Answer::Given) => "given",
            Ok(Answer::Unknown) => "unknown",
            Ok(Answer::WantsHuman) => "wants_human",
            Err(_) => "failed",
        };
        let error = ended.err();
        Self {
            answer,
            text,
            first_ms,
            total_ms,
            input: usage.input,
            output: usage.output,
            class: error.as_ref().map(|error| error.class.as_str()),
            message: error.as_ref().map(|error| error.message.clone()),
            said: error.map(|error| error.said).filter(|said| !said.is_empty()),
        }
    }
}

/// Asks an engine a short question, also one that is switched off: whether it answers, and if not, why.
#[utoipa::path(
    post,
    path = "/api/v1/engines/{id}/test",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = TrialBody,
    responses((status = 200, description = "How it went", body = TrialAnswer)),
)]
async fn try_out(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(id): Path<String>,
    Body(body): Body<TrialBody>,
) -> Result<Json<TrialAnswer>, Problem> {
    Ok(Json(app.engines.try_out(&who, &id, &body.text).await?.into()))
}

impl From<EngineSettingsError> for Problem {
    fn from(error: EngineSettingsError) -> Self {
        use EngineSettingsError as E;
        let code = match &error {
            E::NotAllowed => Code::Forbidden,
            E::NotFound => return Self::not_found("engine"),
            E::Name | E::Kind(_) | E::NoSecret(_) | E::Settings(_) | E::AddressChanged => Code::Invalid,
            E::TooLong(_) => Code::TooLarge,
            E::Installed | E::Taken(_) | E::Full | E::InUse(_) => Code::WrongState,
            E::Busy => return Self::rate_limited(error.to_string(), 1_000),
            E::Store(_) => Code::Internal,
        };
        match error {
            E::Store(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}
