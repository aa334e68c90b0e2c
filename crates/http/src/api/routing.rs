//! The rules of a tenant that choose an engine, their history, and what a question would meet.

use super::{Body, Routes, id};
use crate::auth::AsManager;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{Query, State};
use macaw_app::{
    Param, Params, RouteFileError, RouteQuestion, RouteTrial, RouteTrialStep, RouteWarning, RulesError, RulesStamp,
    RulesView, StoreError,
};
use macaw_wire::Code;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    Routes::of("routing").with(routes!(view, save)).with(routes!(check)).with(routes!(try_out)).with(routes!(past))
}

/// Something to be said about a place in a text; both count from 1, the column in characters.
#[derive(Serialize, ToSchema)]
#[schema(as = RuleNote)]
struct Note {
    line: usize,
    column: usize,
    message: String,
}

impl From<RouteWarning> for Note {
    fn from(RouteWarning { place, message }: RouteWarning) -> Self {
        Self { line: place.line, column: place.column, message }
    }
}

impl From<RouteFileError> for Note {
    fn from(RouteFileError { place, message }: RouteFileError) -> Self {
        Self { line: place.line, column: place.column, message }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = RulesVersion)]
struct Version {
    version: u64,
    /// The name of who put it in place; empty when the account is gone.
    by: String,
    at: i64,
    /// The older version whose text it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    restores: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Rules)]
struct ViewAnswer {
    /// To be given back when it is changed; 0 while there never were any.
    version: u64,
    text: String,
    rules: usize,
    warnings: Vec<Note>,
    /// What is wrong with it, if another version of Macaw wrote it: then it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Note>,
    /// Newest first, the one that counts among them; the newest 50.
    history: Vec<Version>,
    /// Rules of the installation, which are asked where none of these matches.
    installed: usize,
}

/// Other rules.
#[derive(Deserialize, ToSchema)]
#[schema(as = RulesChange)]
#[serde(deny_unknown_fields)]
struct Change {
    /// The version that was looked at.
    version: u64,
    /// At most 64 KiB and 500 rules; empty for none.
    text: String,
    /// The older version whose text it is.
    #[serde(default)]
    restores: Option<u64>,
}

async fn shown(app: &App, view: RulesView) -> Result<ViewAnswer, Problem> {
    let mut history = Vec::with_capacity(view.history.len());
    for stamp in view.history {
        history.push(version(app, stamp).await?);
    }
    Ok(ViewAnswer {
        version: view.version,
        text: view.text,
        rules: view.rules,
        warnings: view.warnings.into_iter().map(Note::from).collect(),
        error: view.wrong.map(Note::from),
        history,
        installed: view.installed,
    })
}

async fn version(app: &App, stamp: RulesStamp) -> Result<Version, StoreError> {
    let RulesStamp { version, by, at, restores } = stamp;
    let by = app.directory.name(&*app.store, by).await?.to_string();
    Ok(Version { version, by, at, restores })
}

/// The rules that count, and their history.
#[utoipa::path(
    get,
    path = "/api/v1/routing",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 200, description = "The rules", body = ViewAnswer)),
)]
async fn view(State(app): State<App>, AsManager(who): AsManager) -> Result<Json<ViewAnswer>, Problem> {
    let view = app.rules.view(&who).await?;
    Ok(Json(shown(&app, view).await?))
}

/// Puts other rules in place; a text that is wrong is refused with line and column, and those before it stay.
#[utoipa::path(
    put,
    path = "/api/v1/routing",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Change,
    responses((status = 200, description = "The rules", body = ViewAnswer)),
)]
async fn save(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<Change>,
) -> Result<Json<ViewAnswer>, Problem> {
    let Change { version, text, restores } = body;
    let view = app.rules.save(&who, version, text, restores).await?;
    Ok(Json(shown(&app, view).await?))
}

#[derive(Serialize, ToSchema)]
#[schema(as = PastRules)]
struct PastAnswer {
    version: u64,
    text: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PastQuery {
    version: u64,
}

/// An older text.
#[utoipa::path(
    get,
    path = "/api/v1/routing/past",
    extensions(("x-macaw-actor" = json!("manager"))),
    params(PastQuery),
    responses((status = 200, description = "The text", body = PastAnswer)),
)]
async fn past(
    State(app): State<App>,
    AsManager(who): AsManager,
    Query(query): Query<PastQuery>,
) -> Result<Json<PastAnswer>, Problem> {
    let stored = app.rules.past(&who, query.version).await?;
    Ok(Json(PastAnswer { version: stored.stamp.version, text: stored.text }))
}

/// A text to be looked at.
#[derive(Deserialize, ToSchema)]
#[schema(as = RulesText)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RulesChecked)]
struct CheckAnswer {
    rules: usize,
    warnings: Vec<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Note>,
}

/// Whether a text could be put in place; nothing is changed.
#[utoipa::path(
    post,
    path = "/api/v1/routing/check",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Text,
    responses((status = 200, description = "What is wrong with it, or what is to be said", body = CheckAnswer)),
)]
async fn check(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<Text>,
) -> Result<Json<CheckAnswer>, Problem> {
    Ok(Json(match app.rules.check(&who, body.text).await {
        Ok((rules, warnings)) => {
            CheckAnswer { rules, warnings: warnings.into_iter().map(Note::from).collect(), error: None }
        }
        Err(RulesError::Wrong(wrong)) => CheckAnswer { rules: 0, warnings: Vec::new(), error: Some(wrong.into()) },
        Err(error) => return Err(error.into()),
    }))
}

/// A question to be routed.
#[derive(Deserialize, ToSchema)]
#[schema(as = RouteQuestion)]
#[serde(deny_unknown_fields)]
struct Question {
    question: String,
    /// As if it were asked at this site.
    #[serde(default)]
    site: Option<String>,
    /// As if it were asked by somebody whom the site has vouched for.
    #[serde(default)]
    identified: bool,
    /// Other rules than those that count.
    #[serde(default)]
    text: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RouteStep)]
struct Step {
    engine: String,
    #[schema(value_type = Object)]
    params: Value,
    /// Why it would be passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Routed)]
struct RoutedAnswer {
    /// Whose rule it is: `tenant`, `file` (the installation's), or `site`: no rule matches, its own engine answers.
    from: &'static str,
    /// Which rule, from 0; null for a default, or where no rule matches.
    #[schema(required)]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    why: String,
    /// Who is asked, one after the other, and then a person; empty for a person at once.
    chain: Vec<Step>,
}

impl From<RouteTrial> for RoutedAnswer {
    fn from(trial: RouteTrial) -> Self {
        let RouteTrial { by_tenant, index, name, why, chain } = trial;
        let from = match by_tenant {
            Some(true) => "tenant",
            Some(false) => "file",
            None => "site",
        };
        let step = |RouteTrialStep { engine, params, missing }| Step { engine, params: object(&params), missing };
        Self { from, index, name, why, chain: chain.into_iter().map(step).collect() }
    }
}

/// Where a question would go, and why.
#[utoipa::path(
    post,
    path = "/api/v1/routing/test",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = Question,
    responses((status = 200, description = "The rule and who is asked", body = RoutedAnswer)),
)]
async fn try_out(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<Question>,
) -> Result<Json<RoutedAnswer>, Problem> {
    let Question { question, site, identified, text } = body;
    let site = site.map(|site| id(&site, "site")).transpose()?;
    let asked = RouteQuestion { text: question, site, identified, rules: text };
    Ok(Json(app.rules.try_out(&who, asked).await?.into()))
}

fn object(params: &Params) -> Value {
    Value::Object(params.iter().map(|(name, param)| (name.clone(), value(param))).collect::<Map<_, _>>())
}

fn value(param: &Param) -> Value {
    match param {
        Param::Null => Value::Null,
        Param::Bool(yes) => Value::Bool(*yes),
        Param::Integer(number) => Value::from(*number),
        Param::Number(number) => Value::from(*number),
        Param::Text(text) => Value::String(text.clone()),
        Param::List(list) => list.iter().map(value).collect(),
        Param::Map(map) => object(map),
    }
}

impl From<RulesError> for Problem {
    fn from(error: RulesError) -> Self {
        let code = match &error {
            RulesError::NotAllowed => Code::Forbidden,
            RulesError::NotFound => return Self::not_found("rules"),
            RulesError::Wrong(_) => Code::Invalid,
            RulesError::Conflict => Code::VersionConflict,
            RulesError::TooLong => Code::TooLarge,
            RulesError::Store(_) => Code::Internal,
        };
        match error {
            RulesError::Store(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}
