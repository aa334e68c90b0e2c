//! `macaw ai eval`: a set of questions against an engine: how many it gets right, how long it takes, how it fails.

use super::ask::{engines, question};
use crate::commands::{Place, run as run_command};
use crate::{EXIT_DEPENDENCY, EXIT_USAGE, print};
use anyhow::{Context, Result};
use clap::Args;
use macaw_app::{AiConnector, Answer, EngineError, Part};
use macaw_connectors::outgoing::Stops;
use macaw_domain::TenantId;
use macaw_search::{TestRow, read_test_set};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// Characters of an answer that are shown.
const MOST_SHOWN: usize = 2_000;

#[derive(Args)]
pub(crate) struct EvalArgs {
    /// A CSV table with the columns ask, expect and (optional) kind. `expect` is in the answer, or names its source;
    /// alternatives stand between |. Empty where the engine must not answer.
    set: PathBuf,
    /// The engine's name.
    #[arg(long)]
    engine: String,
    #[command(flatten)]
    place: Place,
    /// The tenant whose knowledge is used; without it the oldest one's.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// Questions that are asked at once.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// How a question came out.
struct Tried {
    row: TestRow,
    ended: Result<Answer, EngineError>,
    text: String,
    first_ms: Option<u64>,
    total_ms: u64,
    right: bool,
}

pub(super) fn run(args: &EvalArgs) -> ExitCode {
    let config = match crate::load(args.place.config.as_deref()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    run_command("ai", async {
        let bytes = std::fs::read(&args.set).with_context(|| format!("{}: cannot be read", args.set.display()))?;
        let rows = match read_test_set(bytes.as_slice()) {
            Ok(rows) => rows,
            Err(error) => {
                eprintln!("ai: {}: {error}", args.set.display());
                return Ok(ExitCode::from(EXIT_USAGE));
            }
        };
        let (stops, stopping) = Stops::new();
        let stopping = tokio::spawn(stopping);
        let all = engines(&config, &args.place, args.tenant, stops)?;
        let Ok(engine) = all.find(&args.engine).cloned() else {
            let known = all.names().collect::<Vec<_>>().join(", ");
            eprintln!("ai: no engine is called {}; known: {known}", args.engine);
            return Ok(ExitCode::from(EXIT_USAGE));
        };
        // The knowledge is looked up in the folder, which takes one at a time.
        let at_once = if engine.profile().abilities.outside { args.at_once.max(1) } else { 1 };
        let tried = ask_all(engine, rows, args.tenant, at_once).await;
        stopping.abort();
        let none_answered = !tried.is_empty() && tried.iter().all(|tried| tried.ended.is_err());
        print(&if args.json { as_json(&args.engine, &tried).to_string() } else { words(&tried) });
        Ok(if none_answered { ExitCode::from(EXIT_DEPENDENCY) } else { ExitCode::SUCCESS })
    })
}

async fn ask_all(
    engine: Arc<dyn AiConnector>,
    rows: Vec<TestRow>,
    tenant: Option<TenantId>,
    at_once: usize,
) -> Vec<Tried> {
    let room = Arc::new(Semaphore::new(at_once));
    let mut asking = JoinSet::new();
    for (at, row) in rows.into_iter().enumerate() {
        let (engine, room) = (engine.clone(), room.clone());
        asking.spawn(async move {
            let _room = room.acquire_owned().await;
            (at, try_one(&*engine, row, tenant).await)
        });
    }
    let mut tried = BTreeMap::new();
    while let Some(Ok((at, one))) = asking.join_next().await {
        tried.insert(at, one);
    }
    tried.into_values().collect()
}

async fn try_one(engine: &dyn AiConnector, row: TestRow, tenant: Option<TenantId>) -> Tried {
    let (sender, mut parts) = mpsc::channel(64);
    let begun = Instant::now();
    let ms = || u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (mut text, mut titles, mut first_ms) = (String::new(), Vec::new(), None);
    let listening = async {
        while let Some(part) = parts.recv().await {
            match part {
                Part::Text(more) => text.push_str(&more),
                Part::Replace(instead) => text = instead,
                Part::Reference(source) => titles.push(source.title),
                _ => continue,
            }
            first_ms.get_or_insert_with(ms);
        }
    };
    let (ended, ()) = tokio::join!(engine.ask(question(&row.ask, tenant), sender), listening);
    let total_ms = ms();
    let right = is_right(row.expect.as_deref(), &ended, &text, &titles);
    Tried { row, ended, text, first_ms, total_ms, right }
}

/// Without white space and case: engines differ in both.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn is_right(expect: Option<&str>, ended: &Result<Answer, EngineError>, text: &str, titles: &[String]) -> bool {
    let Ok(answer) = ended else { return false };
    let Some(expect) = expect.filter(|expect| !expect.trim().is_empty()) else { return *answer != Answer::Given };
    let text = plain(text);
    let hits = |wanted: &str| {
        let wanted = plain(wanted);
        text.contains(&wanted) || titles.iter().any(|title| plain(title).ends_with(&wanted))
    };
    *answer == Answer::Given && expect.split('|').filter(|wanted| !wanted.trim().is_empty()).any(hits)
}

fn word(ended: &Result<Answer, EngineError>) -> &'static str {
    match ended {
        Ok(answer) => super::ask::word(*answer),
        Err(_) => "failed",
    }
}

/// The middle and the 95th percentile.
fn percentiles(mut times: Vec<u64>) -> Value {
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied();
    json!({ "p50": at(50), "p95": at(95) })
}

fn failures(tried: &[Tried]) -> BTreeMap<&'static str, usize> {
    let mut failures = BTreeMap::new();
    for class in tried.iter().filter_map(|tried| tried.ended.as_ref().err()).map(|error| error.class.as_str()) {
        *failures.entry(class).or_default() += 1;
    }
    failures
}

fn accuracy(tried: &[Tried]) -> f64 {
    let right = tried.iter().filter(|tried| tried.right).count();
    // Sets are far below what a float counts exactly.
    right as f64 / tried.len().max(1) as f64
}

fn as_json(engine: &str, tried: &[Tried]) -> Value {
    let rows: Vec<Value> = tried
        .iter()
        .map(|one| {
            json!({
                "ask": one.row.ask,
                "expect": one.row.expect,
                "kind": one.row.kind,
                "answer": word(&one.ended),
                "text": one.text.chars().take(MOST_SHOWN).collect::<String>(),
                "right": one.right,
                "first_ms": one.first_ms,
                "total_ms": one.total_ms,
                "class": one.ended.as_ref().err().map(|error| error.class.as_str()),
            })
        })
        .collect();
    json!({
        "engine": engine,
        "accuracy": accuracy(tried),
        "failures": failures(tried),
        "first_ms": percentiles(tried.iter().filter_map(|one| one.first_ms).collect()),
        "total_ms": percentiles(tried.iter().map(|one| one.total_ms).collect()),
        "rows": rows,
    })
}

fn words(tried: &[Tried]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for one in tried.iter().filter(|one| !one.right) {
        let shown: String = one.text.chars().take(80).collect();
        let why = one.ended.as_ref().err().map_or(shown, EngineError::in_full).replace('\n', " ");
        // Writing to a String cannot fail.
        let expect = one.row.expect.as_deref().unwrap_or("no answer");
        let _ = writeln!(text, "{} | expected {expect} | {} {why}", one.row.ask, word(&one.ended));
    }
    let first = percentiles(tried.iter().filter_map(|one| one.first_ms).collect());
    let total = percentiles(tried.iter().map(|one| one.total_ms).collect());
    let failed: Vec<String> = failures(tried).iter().map(|(class, count)| format!("{count} {class}")).collect();
    let failed = if failed.is_empty() { "none".to_owned() } else { failed.join(", ") };
    let _ = write!(
        text,
        "right {:.1} % of {}; first words p50 {} ms, p95 {} ms; whole p50 {} ms, p95 {} ms; failures: {failed}",
        accuracy(tried) * 100.0,
        tried.len(),
        first["p50"],
        first["p95"],
        total["p50"],
        total["p95"],
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use macaw_app::ErrorClass;

    #[test]
    fn an_answer_is_right_by_its_words_its_source_or_by_not_being_given() {
        let given = Ok(Answer::Given);
        let titles = ["[1] How long".to_owned()];
        assert!(is_right(Some("seven days|7 days"), &given, "Within 7  Days.", &[]));
        assert!(is_right(Some("How long"), &given, "soon", &titles));
        assert!(!is_right(Some("seven"), &given, "eight", &titles));
        assert!(!is_right(Some("seven"), &Ok(Answer::Unknown), "seven", &[]));
        assert!(is_right(None, &Ok(Answer::Unknown), "", &[]) && is_right(Some(" "), &Ok(Answer::WantsHuman), "", &[]));
        assert!(!is_right(None, &given, "invented", &[]));
        assert!(!is_right(None, &Err(EngineError::new(ErrorClass::Timeout, "x")), "", &[]), "a failure is never right");
    }
}
