//! Measures labelled questions against knowledge: totals by kind, and with `--rows` every question that fails.
//!
//! `cargo run --release -p macaw-search --example measure -- [--rows] KNOWLEDGE.csv SET.csv [KNOWLEDGE.csv SET.csv …]`

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use macaw_search::{KnowledgeIndex, read_knowledge, read_test_set};

#[derive(Default)]
struct Kind {
    all: u32,
    right: u32,
    wrong: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    files.chunks_exact(2).try_for_each(|pair| measure(&pair[0], &pair[1], flags.iter().any(|f| f == "--rows")))
}

fn measure(knowledge: &str, set: &str, show: bool) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    let started = Instant::now();
    let index = KnowledgeIndex::build(&read_knowledge(File::open(knowledge)?)?)?;
    writeln!(out, "== {set}: built in {:?}", started.elapsed())?;
    let rows = read_test_set(File::open(set)?)?;
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    let (mut right, mut answerable, mut wrong, mut first) = (0_u32, 0_u32, 0_u32, 0_u32);
    let started = Instant::now();
    for row in &rows {
        let outcome = index.ask(&row.ask)?;
        let got = outcome.hits.first().filter(|_| outcome.answerable).map(|h| &h.question);
        let good = got == row.expect.as_ref();
        let kind = kinds.entry(row.kind.clone()).or_default();
        kind.all += 1;
        kind.right += u32::from(good);
        kind.wrong += u32::from(!good && got.is_some());
        answerable += u32::from(row.expect.is_some());
        right += u32::from(good && row.expect.is_some());
        wrong += u32::from(!good && got.is_some());
        first += u32::from(row.expect.is_some() && outcome.hits.first().map(|h| &h.question) == row.expect.as_ref());
        if show && !good {
            let want = row.expect.as_deref().unwrap_or("-");
            let hits = outcome.hits.iter();
            let place = hits.clone().position(|h| h.question == want);
            writeln!(
                out,
                "{}[{}] {} | want {want} (at {place:?})",
                if got.is_some() { "WRONG " } else { "" },
                row.kind,
                row.ask
            )?;
            let words =
                index.words(&row.ask).into_iter().map(|(word, weight, near)| format!("{word} {weight:.1}·{near:.1}"));
            writeln!(out, "        {}", words.collect::<Vec<_>>().join(", "))?;
            for hit in hits.take(2) {
                writeln!(out, "        {:.2} {} ({})", hit.score, hit.question, hit.why)?;
            }
        }
    }
    for (name, kind) in &kinds {
        writeln!(out, "  {name:<20} {}/{} right, {} wrong answers", kind.right, kind.all, kind.wrong)?;
    }
    let percent = |a: u32, b: usize| 100.0 * f64::from(a) / b.max(1) as f64;
    writeln!(
        out,
        "  top-1 {:.1} % of {answerable} (ranked first {:.1} %), wrong answers {:.1} % of {}, {:?} a question",
        percent(right, answerable as usize),
        percent(first, answerable as usize),
        percent(wrong, rows.len()),
        rows.len(),
        started.elapsed() / u32::try_from(rows.len().max(1))?,
    )?;
    Ok(())
}
