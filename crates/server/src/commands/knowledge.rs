//! `macaw knowledge import | test`: a table into the knowledge base, and how well it is found.

use crate::clock::WallClock;
use crate::data::lock;
use crate::{EXIT_RUN_TIME, EXIT_USAGE, print};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use macaw_app::{Clock, Knowledge, RefusedLine, Search, Store, read_table};
use macaw_domain::TenantId;
use macaw_search::{KnowledgeSearch, TestRow, read_test_set};
use macaw_store::Sqlite;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Nothing listens to what a command commits; this much of it may wait unread.
const UNREAD: usize = 1_024;

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
    /// The data folder.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The tenant's id; without it the oldest one.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &KnowledgeArgs) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            match &args.command {
                KnowledgeCommand::Import(args) => import(args).await,
                KnowledgeCommand::Test(args) => test(args).await,
            }
        })
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("knowledge: {error:#}");
            ExitCode::from(EXIT_RUN_TIME)
        }
    }
}

async fn import(args: &TableArgs) -> Result<ExitCode> {
    let (drafts, refused) = match read_table(&read(&args.file)?) {
        Ok(read) => read,
        Err(error) => {
            eprintln!("knowledge: {}: {error}", args.file.display());
            return Ok(ExitCode::from(EXIT_USAGE));
        }
    };
    let (store, _lock) = open(&args.data)?;
    let tenant = tenant(&*store, args.tenant).await?;
    let search = Arc::new(KnowledgeSearch::new(store.clone()));
    let knowledge = Knowledge::new(store.clone(), search, Arc::new(WallClock));
    let done = knowledge.import_into(tenant, drafts).await;
    store.close().await;
    let done = done?;
    for RefusedLine { line, message } in &refused {
        eprintln!("{}:{line}: {message}", args.file.display());
    }
    let counts = json!({
        "added": done.added, "updated": done.updated, "unchanged": done.unchanged,
        "refused": refused.iter().map(|r| json!({ "line": r.line, "message": r.message })).collect::<Vec<_>>(),
    });
    if args.json {
        return Ok(print(&counts.to_string()));
    }
    Ok(print(&format!(
        "{} added, {} updated, {} unchanged, {} refused",
        done.added,
        done.updated,
        done.unchanged,
        refused.len()
    )))
}

/// Right and all of a kind.
#[derive(Default)]
struct Tally {
    right: usize,
    all: usize,
}

async fn test(args: &TableArgs) -> Result<ExitCode> {
    let rows = match read_test_set(read(&args.file)?.as_slice()) {
        Ok(rows) => rows,
        Err(error) => {
            eprintln!("knowledge: {}: {error}", args.file.display());
            return Ok(ExitCode::from(EXIT_USAGE));
        }
    };
    let (store, _lock) = open(&args.data)?;
    let tenant = tenant(&*store, args.tenant).await?;
    let search = KnowledgeSearch::new(store.clone());
    let (mut out, mut kinds, mut wrong) = (Vec::with_capacity(rows.len()), BTreeMap::<String, Tally>::new(), 0_usize);
    for TestRow { ask, expect, kind } in &rows {
        let found = search.ask(tenant, ask).await?;
        // What visitors meet: the answer that they would get, and nothing below the gate.
        let got = found.answer.as_ref().map(|hit| hit.question.clone());
        let tally = kinds.entry(kind.clone()).or_default();
        tally.all += 1;
        tally.right += usize::from(got == *expect);
        wrong += usize::from(got.is_some() && got != *expect);
        let score = found.hits.first().map(|hit| hit.score);
        out.push(json!({ "ask": ask, "expect": expect, "got": got, "score": score }));
    }
    store.close().await;
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

/// The store of a folder that no server holds, and the hold on it.
fn open(data: &Path) -> Result<(Arc<dyn Store>, std::fs::File)> {
    if !data.join("macaw.db").exists() {
        bail!("{}: there is no Macaw here; start it once with `macaw serve --data {}`", data.display(), data.display());
    }
    let lock = lock(data)?;
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let (told, mut unread) = mpsc::channel(UNREAD);
    tokio::spawn(async move { while unread.recv().await.is_some() {} });
    Ok((Arc::new(Sqlite::open(&data.join("macaw.db"), clock, told)?), lock))
}

async fn tenant(store: &dyn Store, named: Option<TenantId>) -> Result<TenantId> {
    match named {
        Some(id) => store.tenant(id).await?.map(|tenant| tenant.id).context("there is no such tenant"),
        None => store.first_site().await?.map(|site| site.tenant).context("there is no tenant yet"),
    }
}
