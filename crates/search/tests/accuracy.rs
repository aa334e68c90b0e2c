//! Holds the measured accuracy on the labelled sets in `tests/data`, the time of a question and of a build.
//!
//! The floors lie a little below what was measured. The sets named `ask` were looked at while the vocabulary was
//! written; those named `held` were written by people who never saw it and were never read by those who write it.
//! They are the figures to quote, and must stay unread: nobody tunes on them. For the questions that fail, run
//! `cargo run --release -p macaw-search --example measure -- --rows KNOWLEDGE.csv SET.csv`.

use std::fs::File;
use std::path::PathBuf;

use macaw_search::{KnowledgeIndex, read_knowledge, read_test_set};

fn data(name: &str) -> File {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    File::open(path).expect("a file of this repository")
}

/// Right answers among the answerable, and wrong answers among all questions, in per cent.
fn measure(name: &str, set: &str) -> (f64, f64) {
    let entries = read_knowledge(data(&format!("{name}-knowledge.csv"))).expect("a good table");
    let rows = read_test_set(data(&format!("{name}-{set}.csv"))).expect("a good table");
    let index = KnowledgeIndex::build(&entries).expect("a small index");
    let (mut right, mut answerable, mut wrong) = (0.0, 0.0, 0.0);
    for row in &rows {
        let known = row.expect.as_ref().is_none_or(|e| entries.iter().any(|k| k.question == *e));
        assert!(known, "{name}: no such entry: {:?}", row.expect);
        let outcome = index.ask(&row.ask, None).expect("a good index");
        let got = outcome.hits.first().filter(|_| outcome.answerable).map(|h| &h.question);
        answerable += f64::from(u8::from(row.expect.is_some()));
        right += f64::from(u8::from(got.is_some() && got == row.expect.as_ref()));
        wrong += f64::from(u8::from(got.is_some() && got != row.expect.as_ref()));
    }
    (100.0 * right / answerable, 100.0 * wrong / rows.len() as f64)
}

fn holds(name: &str, set: &str, least_right: f64, most_wrong: f64) {
    let (right, wrong) = measure(name, set);
    assert!(right >= least_right, "{name} {set}: top-1 {right:.1} % is below {least_right} %");
    assert!(wrong <= most_wrong, "{name} {set}: wrong answers {wrong:.1} % are above {most_wrong} %");
}

#[test]
fn shop_stays_above_its_floors() {
    holds("shop", "ask", 90.0, 4.6);
}

#[test]
fn software_stays_above_its_floors() {
    holds("saas", "ask", 55.0, 2.0);
}

#[test]
fn school_stays_above_its_floors() {
    holds("school", "ask", 49.0, 2.0);
}

/// Far below the goal of 92 %: free paraphrase needs more than a vocabulary.
#[test]
fn questions_by_others_stay_above_their_floors() {
    holds("shop", "held", 40.0, 5.2);
    holds("phone", "held", 41.0, 5.2);
    holds("travel", "held", 38.0, 4.5);
}
