//! The explainable part: how well a question and an entry cover one another.

use std::collections::{HashMap, HashSet};

use crate::analyse::{Analysis, Unit};
use crate::words::tables;

/// A question word weighs this much of a content word.
const WEAK: f32 = 0.3;
/// A word unknown to this tenant weighs this much of a rare known one.
const UNKNOWN: f32 = 0.7;

/// Weight of words by how rare they are in this tenant's knowledge.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    entries: f32,
    having: HashMap<String, f32>,
}

impl Statistics {
    /// Counts one entry's distinct terms.
    pub(crate) fn count<'a>(&mut self, terms: impl Iterator<Item = &'a str>) {
        self.entries += 1.0;
        for term in terms.collect::<HashSet<_>>() {
            *self.having.entry(term.to_owned()).or_default() += 1.0;
        }
    }

    /// Terms known to this tenant.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &str> {
        self.having.keys().map(String::as_str)
    }

    fn weight(&self, unit: &Unit) -> f32 {
        let having = self.having.get(&unit.term).copied().unwrap_or(0.0);
        let idf = (1.0 + (self.entries - having + 0.5) / (having + 0.5)).ln().clamp(0.5, 4.0);
        // One character alone says little, and an unknown word should not outweigh a rare known one.
        let lone = if unit.term.chars().count() == 1 && !unit.term.is_ascii() { 0.5 } else { 1.0 };
        // A word that no entry has is evidence against all of them, but may be mere talk.
        let unknown = if having == 0.0 { UNKNOWN } else { 1.0 };
        idf * lone * unknown * if unit.weak { WEAK } else { 1.0 }
    }
}

/// One entry, analysed.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) phrases: Vec<Analysis>,
    pub(crate) answer: Analysis,
    pub(crate) chinese: bool,
}

/// The features of one candidate.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Score {
    pub(crate) total: f32,
    pub(crate) asked: f32,
    pub(crate) phrase: f32,
    pub(crate) alike: f32,
    pub(crate) excluded: bool,
    pub(crate) strong: bool,
}

/// Scores an entry by its best phrase.
pub(crate) fn score(ask: &Analysis, entry: &Prepared, statistics: &Statistics) -> Score {
    let best = entry.phrases.iter().map(|p| score_phrase(ask, p, entry, statistics));
    best.max_by(|a, b| a.total.total_cmp(&b.total)).unwrap_or_default()
}

fn score_phrase(ask: &Analysis, phrase: &Analysis, entry: &Prepared, statistics: &Statistics) -> Score {
    if !ask.text.is_empty() && ask.text == phrase.text {
        return Score { total: 1.0, asked: 1.0, phrase: 1.0, alike: 1.0, excluded: false, strong: true };
    }
    let (mut asked, mut all, mut strong) = (0.0, 0.0, false);
    for unit in &ask.units {
        let weight = statistics.weight(unit);
        let here = found(unit, &phrase.units);
        let near = entry.phrases.iter().map(|p| found(unit, &p.units)).fold(0.0, f32::max) * 0.85;
        let share = here.max(near).max(found(unit, &entry.answer.units) * 0.5);
        strong |= !unit.weak && here.max(near) > 0.7;
        asked += weight * share;
        all += weight;
    }
    let covered: f32 = phrase.units.iter().map(|u| statistics.weight(u) * found(u, &ask.units)).sum();
    let wanted: f32 = phrase.units.iter().map(|u| statistics.weight(u)).sum();
    let asked = if all > 0.0 { asked / all } else { 0.0 };
    let covered = if wanted > 0.0 { covered / wanted } else { 0.0 };
    let alike = dice(&ask.grams, &phrase.grams);
    let excluded = contrast(ask, entry);
    let total = (0.55 * asked + 0.33 * covered + 0.12 * alike) * if excluded { 0.55 } else { 1.0 };
    Score { total: total.min(0.99), asked, phrase: covered, alike, excluded, strong }
}

fn found(unit: &Unit, units: &[Unit]) -> f32 {
    units.iter().map(|other| same(&unit.term, &other.term)).fold(0.0, f32::max)
}

/// 1 for the same word; less for a typo or for a word inside another.
fn same(a: &str, b: &str) -> f32 {
    if a == b {
        return 1.0;
    }
    let (m, n) = (a.chars().count(), b.chars().count());
    if a.is_ascii() && b.is_ascii() {
        let slips = if m.min(n) >= 7 { 2 } else { usize::from(m.min(n) >= 4) };
        let first = a.as_bytes().first() == b.as_bytes().first();
        let close = first && m.abs_diff(n) <= slips && strsim::osa_distance(a, b) <= slips;
        return if close { 0.85 } else { 0.0 };
    }
    if m.min(n) >= 2 && (a.contains(b) || b.contains(a)) { 0.75 } else { 0.0 }
}

fn dice(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    let both = a.intersection(b).count() as f32;
    if both == 0.0 { 0.0 } else { 2.0 * both / (a.len() + b.len()) as f32 }
}

/// Whether the question names one of two exclusive concepts and the entry only the other.
fn contrast(ask: &Analysis, entry: &Prepared) -> bool {
    let asked = |name: &str| ask.units.iter().any(|u| u.term == name);
    let says = |name: &str| entry.phrases.iter().any(|p| p.units.iter().any(|u| u.term == name));
    tables().contrasts.iter().any(|group| {
        group.iter().any(|a| asked(a)) && group.iter().any(|b| says(b)) && !group.iter().any(|a| asked(a) && says(a))
    })
}
