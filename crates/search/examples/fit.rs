//! Fits the model of `src/model.rs` and tells how well it does on knowledge that it has not seen.
//!
//! `cargo run --release -p macaw-search --example fit -- KNOWLEDGE.csv SET.csv [KNOWLEDGE.csv SET.csv …]`
//! prints, for each pair, the figures of a model fitted on the other pairs only, and at last the weights of a
//! model fitted on all of them. Questions with one phrase or one entry left out are added to what it learns from,
//! not to what it is measured on. The result does not depend on chance.

use std::error::Error;
use std::fs::File;
use std::io::Write as _;

use macaw_search::model::{DOUBTS, Doubts, FEATURES, Features, START, Weights, strength, sure};
use macaw_search::{Entry, GATE, KnowledgeIndex, Ranking, Seen, TestRow, Without, read_knowledge, read_test_set};

const ROUNDS: usize = 4;
const STEPS: i32 = 400;
const RATE: f32 = 0.03;
/// How strongly the weights are pulled to where they began.
const PULL: f32 = 0.003;
/// A wrong answer is worse than none by this much.
const WRONG: f32 = 1.5;
/// Candidates that take part in one question.
const CANDIDATES: usize = 12;
/// The weight of a question made from the knowledge itself.
const MADE: f32 = 0.25;
/// The weight of a question whose entry is left out.
const ORPHAN: f32 = 0.15;

struct Base {
    name: String,
    index: KnowledgeIndex,
    entries: Vec<Entry>,
    rows: Vec<TestRow>,
}

/// A question with the place of the entry that should answer.
struct Question<'a> {
    base: &'a Base,
    text: &'a str,
    gold: Option<usize>,
    without: Without,
    weight: f32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let bases = files.chunks_exact(2).map(|pair| load(&pair[0], &pair[1])).collect::<Result<Vec<_>, _>>()?;
    let mut out = std::io::stdout();
    let mut unseen = Vec::new();
    for held in 0..bases.len() {
        let rest = bases.iter().enumerate().filter(|(place, _)| *place != held).map(|(_, b)| b);
        let weights = fit(&questions(rest));
        let answers = ask_all(&bases[held], &weights);
        tell(&mut out, &bases[held].name, &answers, GATE)?;
        unseen.extend(answers);
    }
    for gate in [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7] {
        tell(&mut out, &format!("all, each unseen, gate {gate:.2}"), &unseen, gate)?;
    }
    let weights = fit(&questions(bases.iter()));
    for base in &bases {
        tell(&mut out, &format!("{} (seen)", base.name), &ask_all(base, &weights), GATE)?;
    }
    writeln!(out, "{weights:.3?}")?;
    Ok(())
}

fn load(knowledge: &str, set: &str) -> Result<Base, Box<dyn Error>> {
    let entries = read_knowledge(File::open(knowledge)?)?;
    let index = KnowledgeIndex::build(&entries)?;
    Ok(Base { name: set.to_owned(), index, rows: read_test_set(File::open(set)?)?, entries })
}

fn questions<'a>(bases: impl Iterator<Item = &'a Base>) -> Vec<Question<'a>> {
    let mut all = Vec::new();
    for base in bases {
        for row in &base.rows {
            let gold = row.expect.as_ref().and_then(|e| base.entries.iter().position(|k| k.question == *e));
            all.push(Question { base, text: &row.ask, gold, without: Without::Nothing, weight: 1.0 });
            if let Some(gold) = gold {
                all.push(Question { base, text: &row.ask, gold: None, without: Without::Entry(gold), weight: ORPHAN });
            }
        }
        for (place, entry) in base.entries.iter().enumerate() {
            all.push(Question {
                base,
                text: &entry.question,
                gold: None,
                without: Without::Entry(place),
                weight: MADE,
            });
            for (at, text) in entry.alternatives.iter().enumerate() {
                let without = Without::Phrase(place, at + 1);
                all.push(Question { base, text, gold: Some(place), without, weight: MADE });
            }
        }
    }
    all
}

/// The order first, choosing the best phrases anew in each round; then the gate over the first entries.
fn fit(questions: &[Question<'_>]) -> Weights {
    let mut weights = START;
    for _ in 0..ROUNDS {
        let seen: Vec<Vec<Seen>> = questions.iter().map(|q| candidates(q, &weights)).collect();
        weights.order = descend(weights.order, |w| order_slope(questions, &seen, w));
    }
    let found: Vec<_> = questions.iter().map(|q| q.base.index.examine(q.text, q.without, &weights)).collect();
    weights.gate = descend(weights.gate, |w| gate_slope(questions, &found, w));
    weights
}

/// Steps along a slope, each as large as the slope is steady.
fn descend<const N: usize>(mut weights: [f32; N], slope: impl Fn(&[f32; N]) -> [f32; N]) -> [f32; N] {
    let (mut first, mut second) = ([0.0; N], [0.0; N]);
    for step in 1..=STEPS {
        let slope = slope(&weights);
        for i in 0..N {
            first[i] = 0.9 * first[i] + 0.1 * slope[i];
            second[i] = 0.99 * second[i] + 0.01 * slope[i] * slope[i];
            let ahead = first[i] / (1.0 - 0.9_f32.powi(step));
            let scale = second[i] / (1.0 - 0.99_f32.powi(step));
            weights[i] -= RATE * ahead / (scale.sqrt() + 1e-8);
        }
    }
    weights
}

fn candidates(question: &Question<'_>, weights: &Weights) -> Vec<Seen> {
    let all = question.base.index.examine(question.text, question.without, weights).seen;
    let taken = all.iter().enumerate().filter(|(rank, s)| *rank < CANDIDATES || Some(s.place) == question.gold);
    taken.map(|(_, s)| *s).collect()
}

/// Of the softmax over the candidates of every answerable question.
fn order_slope(questions: &[Question<'_>], seen: &[Vec<Seen>], weights: &Features) -> Features {
    let (mut slope, mut total) = ([0.0; FEATURES], 0.0);
    for (question, seen) in questions.iter().zip(seen) {
        if !question.gold.is_some_and(|g| seen.iter().any(|s| s.place == g)) {
            continue;
        }
        let strengths: Vec<f32> = seen.iter().map(|s| strength(weights, &s.features)).collect();
        let top = strengths.iter().copied().fold(f32::MIN, f32::max);
        let all: f32 = strengths.iter().map(|s| (s - top).exp()).sum();
        total += question.weight;
        for (s, own) in seen.iter().zip(&strengths) {
            let wrong = (own - top).exp() / all - f32::from(u8::from(Some(s.place) == question.gold));
            slope.iter_mut().zip(s.features).for_each(|(g, x)| *g += question.weight * wrong * x);
        }
    }
    pulled(slope, total, weights, &START.order)
}

/// Of the logistic loss of "the first entry is meant".
fn gate_slope(questions: &[Question<'_>], found: &[Ranking], weights: &Doubts) -> Doubts {
    let (mut slope, mut total) = ([0.0; DOUBTS], 0.0);
    for (question, found) in questions.iter().zip(found) {
        let Some(first) = found.seen.first().filter(|_| !found.human) else { continue };
        let right = Some(first.place) == question.gold;
        let sure = sure(&Weights { order: START.order, gate: *weights }, &found.doubts);
        let weight = question.weight * if right { 1.0 } else { WRONG };
        total += weight;
        let wrong = sure - f32::from(u8::from(right));
        slope.iter_mut().zip(found.doubts).for_each(|(g, x)| *g += weight * wrong * x);
    }
    pulled(slope, total, weights, &START.gate)
}

fn pulled<const N: usize>(mut slope: [f32; N], total: f32, weights: &[f32; N], start: &[f32; N]) -> [f32; N] {
    for i in 0..N {
        slope[i] = slope[i] / total + PULL * (weights[i] - start[i]);
    }
    slope
}

/// What came of one labelled question.
struct Answer {
    answerable: bool,
    first_is_right: bool,
    sure: f32,
}

fn ask_all(base: &Base, weights: &Weights) -> Vec<Answer> {
    let ask = |row: &TestRow| {
        let found = base.index.examine(&row.ask, Without::Nothing, weights);
        let first = found.seen.first().map(|s| &base.entries[s.place].question);
        Answer {
            answerable: row.expect.is_some(),
            first_is_right: first.is_some() && first == row.expect.as_ref(),
            sure: if found.human { 0.0 } else { found.sure },
        }
    };
    base.rows.iter().map(ask).collect()
}

fn tell(out: &mut impl std::io::Write, name: &str, answers: &[Answer], gate: f32) -> std::io::Result<()> {
    let count = |f: &dyn Fn(&Answer) -> bool| answers.iter().filter(|a| f(a)).count() as f32;
    let answerable = count(&|a| a.answerable).max(1.0);
    let right = count(&|a| a.first_is_right && a.sure >= gate);
    let first = count(&|a| a.first_is_right);
    let wrong = count(&|a| !a.first_is_right && a.sure >= gate);
    let percent = |a: f32, b: f32| 100.0 * a / b;
    writeln!(
        out,
        "{name}: top-1 {:.1} % of {answerable:.0} (ranked first {:.1} %), wrong answers {:.1} % of {}",
        percent(right, answerable),
        percent(first, answerable),
        percent(wrong, answers.len().max(1) as f32),
        answers.len()
    )
}
