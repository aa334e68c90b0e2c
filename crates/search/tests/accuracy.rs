//! Holds the measured accuracy on the labelled sets in `tests/data`.
//!
//! The floors lie a little below what was measured. The sets named `ask` are those that the weights are fitted on, and
//! the vocabulary was written beside the first three. The others are the figures to quote: they were written by people
//! who saw neither the vocabulary nor another set, and must stay unread, for nobody tunes on them. `natural` is what
//! visitors type; the writers of `held` also avoided every run of four characters that the knowledge has, which is
//! harder. For the questions that fail, run
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
        let outcome = index.ask(&row.ask).expect("a good index");
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

/// The floors are those of a build with the model of sentences.
#[test]
fn the_model_of_sentences_is_embedded() {
    assert!(macaw_search::has_sentences(), "run `make model`, then build again");
}

#[test]
fn the_shop_stays_above_its_floors() {
    holds("shop", "ask", 90.0, 7.0);
}

#[test]
fn questions_as_visitors_type_them_stay_above_their_floors() {
    holds("shop", "natural", 72.0, 5.2);
    holds("clinic", "natural", 62.0, 5.6);
    holds("telecom", "natural", 58.0, 5.6);
}

/// Far below the goal of 92 %.
#[test]
fn questions_without_a_shared_phrase_stay_above_their_floors() {
    holds("shop", "held", 49.5, 9.4);
    holds("phone", "held", 58.0, 5.7);
    holds("travel", "held", 60.0, 5.1);
}
