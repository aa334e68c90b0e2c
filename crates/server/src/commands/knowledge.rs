//! `macaw knowledge import | test`: a table into the knowledge base, and how well it is found. Also while a server
//! runs on the folder.

use super::{Place, run as run_command};
use crate::control::{House, Request, ask};
use crate::{EXIT_USAGE, print};
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use macaw_app::{Knowledge, Search, Store, read_table};
use macaw_domain::TenantId;
use macaw_search::{KnowledgeSearch, TestRow, read_test_set};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// A large table, and thousands of questions, take a while.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Args)]
pub(crate) struct KnowledgeArgs {
    #[command(subcommand)]
    command: KnowledgeCommand,
}

#[derive(Subcommand)]
enum KnowledgeCommand {
    /// Add and update entries from a CSV table with the columns question, alternatives, answer.
    Import(TableArgs),
    /// Ask the questions of a CSV table with the columns ask, expect and (optional) kind.
    Test(TableArgs),
}

#[derive(Args)]
struct TableArgs {
    /// The table.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// The tenant's id; without it the oldest one.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &KnowledgeArgs) -> ExitCode {
    let (KnowledgeCommand::Import(table) | KnowledgeCommand::Test(table)) = &args.command;
    let folder = match table.place.data() {
        Ok(folder) => folder,
        Err(code) => return code,
    };
    run_command("knowledge", async {
        match &args.command {
            KnowledgeCommand::Import(args) => import(args, &folder).await,
            KnowledgeCommand::Test(args) => test(args, &folder).await,
        }
    })
}

/// A table for a tenant; without one for the oldest.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Import {
    tenant: Option<String>,
    table: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Imported {
    added: usize,
    updated: usize,
    unchanged: usize,
    refused: Vec<Refused>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Refused {
    line: u64,
    message: String,
}

impl Request for Import {
    const PATH: &'static str = "/knowledge/import";
    const PATIENCE: Duration = PATIENCE;
    type Answer = Imported;

    async fn run(self, house: &House) -> Result<Imported> {
        let (drafts, refused) = read_table(self.table.as_bytes())?;
        let tenant = tenant(&*house.store, self.tenant.as_deref()).await?;
        let search = Arc::new(KnowledgeSearch::new(house.store.clone()));
        let knowledge = Knowledge::new(house.store.clone(), search, house.clock.clone());
        let done = knowledge.import_into(tenant, drafts).await?;
        let refused = refused.into_iter().map(|r| Refused { line: r.line, message: r.message }).collect();
        Ok(Imported { added: done.added, updated: done.updated, unchanged: done.unchanged, refused })
    }
}

async fn import(args: &TableArgs, folder: &Path) -> Result<ExitCode> {
    let bytes = read(&args.file)?;
    if let Err(error) = read_table(&bytes) {
        eprintln!("knowledge: {}: {error}", args.file.display());
        return Ok(ExitCode::from(EXIT_USAGE));
    }
    // What is no UTF-8 becomes a mark of its own in its line, and the rest is imported.
    let table = String::from_utf8_lossy(&bytes).into_owned();
    let tenant = args.tenant.map(|id| id.to_string());
    let done = ask(folder, Import { tenant, table }).await?;
    for Refused { line, message } in &done.refused {
        eprintln!("{}:{line}: {message}", args.file.display());
    }
    if args.json {
        return Ok(print(&serde_json::to_string(&done)?));
    }
    Ok(print(&format!(
        "{} added, {} updated, {} unchanged, {} refused",
        done.added,
        done.updated,
        done.unchanged,
        done.refused.len()
    )))
}

/// Questions, and what visitors of a tenant would get for them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Try {
    tenant: Option<String>,
    asks: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tried {
    got: Option<String>,
    score: Option<f32>,
}

impl Request for Try {
    const PATH: &'static str = "/knowledge/try";
    const PATIENCE: Duration = PATIENCE;
    type Answer = Vec<Tried>;

    async fn run(self, house: &House) -> Result<Vec<Tried>> {
        let tenant = tenant(&*house.store, self.tenant.as_deref()).await?;
        let search = KnowledgeSearch::new(house.store.clone());
        let mut all = Vec::with_capacity(self.asks.len());
        for text in &self.asks {
            let found = search.ask(tenant, text).await?;
            // What visitors meet: the answer that they would get, and nothing below the gate.
            let got = found.answer.map(|hit| hit.question);
            all.push(Tried { got, score: found.hits.first().map(|hit| hit.score) });
        }
        Ok(all)
    }
}

/// Right and all of a kind.
#[derive(Default)]
struct Tally {
    right: usize,
    all: usize,
}

async fn test(args: &TableArgs, folder: &Path) -> Result<ExitCode> {
    let rows = match read_test_set(read(&args.file)?.as_slice()) {
        Ok(rows) => rows,
        Err(error) => {
            eprintln!("knowledge: {}: {error}", args.file.display());
            return Ok(ExitCode::from(EXIT_USAGE));
        }
    };
    let tenant = args.tenant.map(|id| id.to_string());
    let tried = ask(folder, Try { tenant, asks: rows.iter().map(|row| row.ask.clone()).collect() }).await?;
    let (mut out, mut kinds, mut wrong) = (Vec::with_capacity(rows.len()), BTreeMap::<String, Tally>::new(), 0_usize);
    for (TestRow { ask, expect, kind }, Tried { got, score }) in rows.iter().zip(&tried) {
        let tally = kinds.entry(kind.clone()).or_default();
        tally.all += 1;
        tally.right += usize::from(got == expect);
        wrong += usize::from(got.is_some() && got != expect);
        out.push(json!({ "ask": ask, "expect": expect, "got": got, "score": score }));
    }
    if args.json {
        return Ok(print(&json!({ "rows": out }).to_string()));
    }
    Ok(print(&summary(&out, &kinds, wrong)))
}

fn summary(rows: &[Value], kinds: &BTreeMap<String, Tally>, wrong: usize) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for row in rows.iter().filter(|row| row["got"] != row["expect"]) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} | expected {} | got {}", row["ask"], row["expect"], row["got"]);
    }
    for (kind, Tally { right, all }) in kinds {
        let _ = writeln!(text, "{kind:<20} {right}/{all}");
    }
    let answerable: Vec<_> = rows.iter().filter(|row| !row["expect"].is_null()).collect();
    let found = answerable.iter().filter(|row| row["got"] == row["expect"]).count();
    let percent = |part: usize, all: usize| part as f64 * 100.0 / all.max(1) as f64;
    let _ = write!(
        text,
        "right answer first: {:.1} % of {}; wrong answers: {:.1} % of {}",
        percent(found, answerable.len()),
        answerable.len(),
        percent(wrong, rows.len()),
        rows.len()
    );
    text
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("{}: cannot be read", file.display()))
}

async fn tenant(store: &dyn Store, named: Option<&str>) -> Result<TenantId> {
    match named {
        Some(id) => {
            let id = id.parse().ok().context("there is no such tenant")?;
            store.tenant(id).await?.map(|tenant| tenant.id).context("there is no such tenant")
        }
        None => store.first_site().await?.map(|site| site.tenant).context("there is no tenant yet"),
    }
}
