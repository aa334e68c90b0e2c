//! The knowledge base: agents read and try it, managers change it.

use super::{Body, id};
use crate::auth::{AsAgent, AsManager};
use crate::problem::Problem;
use crate::state::App;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use macaw_app::{Found, Hit, read_table, write_table};
use macaw_domain::{KnowledgeDraft, KnowledgeEntry, KnowledgeId};
use serde::{Deserialize, Serialize};

/// The largest table, in bytes.
const MAX_TABLE_BYTES: usize = 4 * 1024 * 1024;
/// Entries in one page.
const MAX_PAGE: u32 = 200;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/knowledge", get(list).post(create))
        .route("/api/v1/knowledge/{id}", put(update).delete(delete))
        .route("/api/v1/knowledge/import", post(import).layer(DefaultBodyLimit::max(MAX_TABLE_BYTES)))
        .route("/api/v1/knowledge/export", get(export))
        .route("/api/v1/knowledge/ask", post(ask))
}

#[derive(Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    limit: Option<u32>,
    #[serde(default)]
    offset: u32,
}

#[derive(Serialize)]
struct Row {
    id: String,
    question: String,
    alternatives: Vec<String>,
    answer: String,
    enabled: bool,
    updated_at: i64,
}

#[derive(Serialize)]
struct ListAnswer {
    entries: Vec<Row>,
    total: u64,
}

#[derive(Deserialize)]
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

async fn list(
    State(app): State<App>,
    who: AsAgent,
    Query(query): Query<ListQuery>,
) -> Result<Json<ListAnswer>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, MAX_PAGE);
    let (entries, total) = app.knowledge.page(&who.agent, &query.q, limit, query.offset).await?;
    Ok(Json(ListAnswer { entries: entries.into_iter().map(row).collect(), total }))
}

async fn create(
    State(app): State<App>,
    AsManager(who): AsManager,
    Body(body): Body<EntryBody>,
) -> Result<(StatusCode, Json<Row>), Problem> {
    Ok((StatusCode::CREATED, Json(row(app.knowledge.create(&who, draft(body)).await?))))
}

async fn update(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(entry): Path<String>,
    Body(body): Body<EntryBody>,
) -> Result<Json<Row>, Problem> {
    let entry: KnowledgeId = id(&entry, "entry")?;
    Ok(Json(row(app.knowledge.update(&who, entry, draft(body)).await?)))
}

async fn delete(
    State(app): State<App>,
    AsManager(who): AsManager,
    Path(entry): Path<String>,
) -> Result<StatusCode, Problem> {
    app.knowledge.delete(&who, id(&entry, "entry")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct RefusedLine {
    line: u64,
    message: String,
}

#[derive(Serialize)]
struct ImportAnswer {
    added: usize,
    updated: usize,
    unchanged: usize,
    refused: Vec<RefusedLine>,
}

/// A table; what can be read of it is imported, the rest is listed with its lines.
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

async fn export(State(app): State<App>, who: AsAgent) -> Result<impl IntoResponse, Problem> {
    let table = write_table(&app.knowledge.all(&who.agent).await?);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"knowledge.csv\""),
    ];
    // With a mark that makes spreadsheets read UTF-8.
    Ok((headers, format!("\u{feff}{table}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskBody {
    text: String,
}

#[derive(Serialize)]
struct HitRow {
    entry: String,
    question: String,
    answer: String,
    score: f32,
    why: String,
}

#[derive(Serialize)]
struct AskAnswer {
    answer: Option<String>,
    entry: Option<String>,
    wants_human: bool,
    gate: f32,
    hits: Vec<HitRow>,
}

/// What a visitor would get, with the scores behind it.
async fn ask(State(app): State<App>, who: AsAgent, Body(body): Body<AskBody>) -> Result<Json<AskAnswer>, Problem> {
    let Found { answer, wants_human, gate, hits, .. } = app.knowledge.ask(&who.agent, &body.text).await?;
    let (answer, entry) = answer.map(|Hit { answer, entry, .. }| (answer, entry)).unzip();
    let hits = hits
        .into_iter()
        .map(|Hit { entry, question, answer, score, why }| HitRow { entry, question, answer, score, why })
        .collect();
    Ok(Json(AskAnswer { answer, entry, wants_human, gate, hits }))
}
