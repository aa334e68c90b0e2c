//! The knowledge base: agents read and try it, managers change it.

use super::{Body, Routes, id};
use crate::auth::{AsAgent, AsManager};
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use macaw_app::{Found, Hit, read_table, write_table};
use macaw_domain::{KnowledgeDraft, KnowledgeEntry, KnowledgeId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

/// The largest table, in bytes.
const MAX_TABLE_BYTES: usize = 4 * 1024 * 1024;
/// Entries in one page.
const MAX_PAGE: u32 = 200;

pub(super) fn router() -> Routes {
    Routes::of("knowledge")
        .with(routes!(list, create))
        .with(routes!(update, delete))
        .with(routes!(import).layer(DefaultBodyLimit::max(MAX_TABLE_BYTES)))
        .with(routes!(export))
        .with(routes!(ask))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Looked for in question, alternatives and answer.
    #[serde(default)]
    q: String,
    /// At most 200; 50 when left out.
    limit: Option<u32>,
    #[serde(default)]
    offset: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = KnowledgeEntry)]
struct Row {
    id: String,
    question: String,
    alternatives: Vec<String>,
    answer: String,
    enabled: bool,
    updated_at: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = KnowledgePage)]
struct ListAnswer {
    entries: Vec<Row>,
    total: u64,
}

/// A new entry.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewKnowledge)]
#[serde(deny_unknown_fields)]
struct NewEntry {
    /// Of an entry that was deleted: it comes back under it.
    id: Option<String>,
    question: String,
    #[serde(default)]
    alternatives: Vec<String>,
    answer: String,
    #[serde(default = "yes")]
    enabled: bool,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = KnowledgeDraft)]
#[serde(deny_unknown_fields)]
struct EntryBody {
    question: String,
    #[serde(default)]
    alternatives: Vec<String>,
    answer: String,
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

fn row(entry: KnowledgeEntry) -> Row {
    let KnowledgeDraft { question, alternatives, answer, enabled } = entry.draft;
    Row { id: entry.id.to_string(), question, alternatives, answer, enabled, updated_at: entry.updated_at }
}

fn draft(body: EntryBody) -> KnowledgeDraft {
    let EntryBody { question, alternatives, answer, enabled } = body;
    KnowledgeDraft { question, alternatives, answer, enabled }
}
/// The entries, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/knowledge",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(ListQuery),
    responses((status = 200, description = "A part of the entries", body = ListAnswer)),
)]
async fn list(
    State(app): State<App>,
    who: AsAgent,
    Query(query): Query<ListQuery>,
) -> Result<Json<ListAnswer>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, MAX_PAGE);
    let (entries, total) = app.knowledge.page(&who.agent, &query.q, limit, query.offset).await?;
    Ok(Json(ListAnswer { entries: entries.into_iter().map(row).collect(), total }))
}
/// Adds an entry; refused when another one has this question.
#[utoipa::path(
    post,
    path = "/api/v1/knowledge",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = NewEntry,
    responses((status = 201, description = "The entry", body = Row)),
)]
async fn create(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<NewEntry>,
) -> Result<(StatusCode, Json<Row>), Problem> {
    let NewEntry { id: deleted, question, alternatives, answer, enabled } = body;
    let deleted = deleted.map(|deleted| id(&deleted, "entry")).transpose()?;
    let draft = KnowledgeDraft { question, alternatives, answer, enabled };
    Ok((StatusCode::CREATED, Json(row(app.knowledge.create(&who, draft, deleted).await?))))
}
/// Replaces an entry.
#[utoipa::path(
    put,
    path = "/api/v1/knowledge/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body = EntryBody,
    responses((status = 200, description = "The entry", body = Row)),
)]
async fn update(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(entry): Path<String>,
    Body(body): Body<EntryBody>,
) -> Result<Json<Row>, Problem> {
    let entry: KnowledgeId = id(&entry, "entry")?;
    Ok(Json(row(app.knowledge.update(&who, entry, draft(body)).await?)))
}
/// Removes an entry.
#[utoipa::path(
    delete,
    path = "/api/v1/knowledge/{id}",
    extensions(("x-macaw-actor" = json!("manager"))),
    responses((status = 204, description = "It is gone")),
)]
async fn delete(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(entry): Path<String>,
) -> Result<StatusCode, Problem> {
    app.knowledge.delete(&who, id(&entry, "entry")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
#[schema(as = RefusedLine)]
struct RefusedLine {
    line: u64,
    message: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportAnswer)]
struct ImportAnswer {
    added: usize,
    updated: usize,
    unchanged: usize,
    refused: Vec<RefusedLine>,
}

/// Adds and updates entries from a table with the columns question, alternatives and answer. Lines that cannot be read are listed, the others are imported.
#[utoipa::path(
    post,
    path = "/api/v1/knowledge/import",
    extensions(("x-macaw-actor" = json!("manager"))),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What was done", body = ImportAnswer)),
)]
async fn import(
    State(app): State<App>,
    AsManager(who): AsManager,
    table: Bytes,
) -> Result<Json<ImportAnswer>, Problem> {
    let (drafts, refused) = read_table(&table)?;
    let done = app.knowledge.import(&who, drafts).await?;
    let refused = refused.into_iter().map(|r| RefusedLine { line: r.line, message: r.message }).collect();
    Ok(Json(ImportAnswer { added: done.added, updated: done.updated, unchanged: done.unchanged, refused }))
}
/// All entries as the table that can be imported.
#[utoipa::path(
    get,
    path = "/api/v1/knowledge/export",
    extensions(("x-macaw-actor" = json!("agent"))),
    responses((status = 200, description = "A table", body = String, content_type = "text/csv")),
)]
async fn export(State(app): State<App>, who: AsAgent) -> Result<impl IntoResponse, Problem> {
    let table = write_table(&app.knowledge.all(&who.agent).await?);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"knowledge.csv\""),
    ];
    // With a mark that makes spreadsheets read UTF-8.
    Ok((headers, format!("\u{feff}{table}")))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = KnowledgeAsk)]
#[serde(deny_unknown_fields)]
struct AskBody {
    text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = KnowledgeHit)]
struct HitRow {
    entry: String,
    question: String,
    answer: String,
    score: f32,
    why: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = KnowledgeAnswer)]
struct AskAnswer {
    /// What a visitor would be told; null when the search is not sure enough.
    #[schema(required)]
    answer: Option<String>,
    /// The entry it is from.
    #[schema(required)]
    entry: Option<String>,
    wants_human: bool,
    gate: f32,
    hits: Vec<HitRow>,
}

/// What a visitor would get, with the scores behind it.
#[utoipa::path(
    post,
    path = "/api/v1/knowledge/ask",
    extensions(("x-macaw-actor" = json!("agent"))),
    request_body = AskBody,
    responses((status = 200, description = "The answer and the best entries", body = AskAnswer)),
)]
async fn ask(State(app): State<App>, who: AsAgent, Body(body): Body<AskBody>) -> Result<Json<AskAnswer>, Problem> {
    let Found { answer, wants_human, gate, hits, .. } = app.knowledge.ask(&who.agent, &body.text).await?;
    let (answer, entry) = answer.map(|Hit { answer, entry, .. }| (answer, entry)).unzip();
    let hits = hits
        .into_iter()
        .map(|Hit { entry, question, answer, score, why }| HitRow { entry, question, answer, score, why })
        .collect();
    Ok(Json(AskAnswer { answer, entry, wants_human, gate, hits }))
}
