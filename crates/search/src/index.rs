//! One tenant's knowledge, and what it has to say to a question.

use std::collections::HashMap;

use crate::analyse::{Analysis, analyse_words};
use crate::human::{Human, wants_human};
use crate::language::{is_chinese, normalise};
use crate::model::{DOUBTS, Doubts, FITTED, Features, Others, WORDS, Weights, doubts, strength, sure};
use crate::repair::Repair;
use crate::score::{Asked, Part, features};
use crate::sense::Sense;
use crate::sounds::Sounds;
use crate::tenant::Tenant;

const SHOWN: usize = 5;
/// The entries that are compared in full.
const CANDIDATES: usize = 80;
/// The entries that are compared for their meaning, whatever their words.
const NEAREST: usize = 20;
/// Below this probability nothing is answered.
pub const GATE: f32 = 0.5;
/// A longer question is not a question of this shop any more; the rest is not read.
const MAX_CHARS: usize = 600;
/// The clauses of a question that are looked at one by one.
const MAX_CLAUSES: usize = 10;

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The caller's id, given back in hits.
    pub id: String,
    /// The question as shown.
    pub question: String,
    /// Other ways to ask it.
    pub alternatives: Vec<String>,
    /// The answer.
    pub answer: String,
}

/// An entry that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The id of the entry.
    pub entry_id: String,
    /// The entry's question.
    pub question: String,
    /// The probability that this entry is meant, 0 to 1.
    pub score: f32,
    /// The features that made the score, for the preview.
    pub why: String,
}

/// What the index has to say to a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The best entries, best first; at most five.
    pub hits: Vec<Hit>,
    /// Whether the first hit may be given to a visitor.
    pub answerable: bool,
    /// Whether a person is asked for.
    pub wants_human: bool,
}

/// Why an index could not be built or read.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// More entries than one index can number.
    #[error("the knowledge has {0} entries; an index holds at most {max}, so split it", max = u32::MAX)]
    TooMany(usize),
}

/// An entry's place and what is seen of its best phrase, for fitting the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Place of the entry as given to [`KnowledgeIndex::build`].
    pub place: usize,
    /// What is seen.
    pub features: Features,
    /// The weighted sum.
    pub strength: f32,
}

/// Entries in order, and how sure it is that the first is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Best first.
    pub seen: Vec<Seen>,
    /// What the gate looks at.
    pub doubts: Doubts,
    /// The probability that the first is meant.
    pub sure: f32,
    /// Only a person is asked for, so that nothing may answer.
    pub human: bool,
}

/// A question, read.
struct Question {
    analysis: Analysis,
    human: Human,
    chinese: bool,
}

/// Knowledge that is left out for one question, for fitting the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// Nothing.
    Nothing,
    /// This phrase of this entry; 0 is its question.
    Phrase(usize, usize),
    /// This entry.
    Entry(usize),
}

/// A searchable knowledge base in memory; rebuild it when the knowledge changes.
pub struct KnowledgeIndex {
    names: Vec<(String, String)>,
    tenant: Tenant,
    repair: Repair,
}

impl KnowledgeIndex {
    /// Builds the index of one tenant. Blocking: the first one of a process loads jieba and the model of sentences
    /// (about 0.2 s).
    pub fn build(entries: &[Entry]) -> Result<Self, BuildError> {
        Self::build_after(entries, None)
    }

    /// As [`Self::build`], with what `before`, an older index of the same tenant, has computed already.
    pub fn build_after(entries: &[Entry], before: Option<&Self>) -> Result<Self, BuildError> {
        if u32::try_from(entries.len()).is_err() {
            return Err(BuildError::TooMany(entries.len()));
        }
        let (tenant, known) = Tenant::new(entries, before.map(|b| &b.tenant));
        let mut words: Vec<&str> = known.han.iter().map(String::as_str).collect();
        words.sort_unstable();
        let sounds = Sounds::new(words.into_iter(), |word| known.has(word));
        let names = entries.iter().map(|e| (e.id.clone(), e.question.clone())).collect();
        Ok(Self { names, tenant, repair: Repair { known, sounds } })
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Looks for the entry that answers `text`.
    pub fn ask(&self, text: &str) -> Result<Outcome, BuildError> {
        let asked = self.read(text);
        let found = self.rank(&asked, Without::Nothing, &FITTED);
        let exact = found.seen.first().is_some_and(|s| s.features[11] > 0.0);
        let answerable = found.sure >= GATE && (!asked.human.only || exact);
        let hits = found.seen.iter().take(SHOWN).map(|s| self.hit(s, found.sure, found.seen[0].strength)).collect();
        Ok(Outcome { hits, answerable, wants_human: asked.human.wanted })
    }

    /// What the model sees of every entry that has anything to do with `text`, best first. For fitting the model.
    #[must_use]
    pub fn examine(&self, text: &str, without: Without, weights: &Weights) -> Ranking {
        let asked = self.read(text);
        let mut found = self.rank(&asked, without, weights);
        found.human = asked.human.only && found.seen.first().is_none_or(|s| s.features[11] == 0.0);
        found
    }

    /// The words that are read in `text`: each with its weight and how near the knowledge comes to it, 0 to 1.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<(String, f32, f32)> {
        let asked = self.read(text);
        let compared = self.tenant.asked(&asked.analysis);
        let near = |row: &[f32]| row.iter().copied().fold(0.0, f32::max);
        let units = asked.analysis.units.iter().zip(&compared.rows);
        units.map(|(unit, (row, weight))| (unit.text.clone(), *weight, near(row))).collect()
    }

    fn rank(&self, asked: &Question, without: Without, weights: &Weights) -> Ranking {
        let mut compared = self.tenant.asked(&asked.analysis);
        let parts = parts(asked.analysis.clauses);
        let is_left_out = |entry: usize, phrase: Option<usize>| match without {
            Without::Nothing => false,
            Without::Entry(out) => out == entry,
            Without::Phrase(..) => phrase.is_some() && phrase == self.skipped(without),
        };
        compared.sense = Sense::new(&asked.analysis.spoken, &parts, &self.tenant, is_left_out);
        let mut seen = self.seen(&compared, asked.chinese, without, weights);
        seen.sort_by(|a, b| b.strength.total_cmp(&a.strength).then(a.place.cmp(&b.place)));
        let Some(first) = seen.first() else { return Ranking { seen, doubts: [0.0; DOUBTS], sure: 0.0, human: false } };
        let language = |s: &Seen| s.features[12];
        let second = seen.iter().skip(1).find(|s| language(s) == language(first)).map_or(0.0, |s| s.strength);
        let doubts = doubts((first.strength, &first.features), second, others(&seen, weights), compared.mass());
        Ranking { sure: sure(weights, &doubts), doubts, seen, human: false }
    }

    fn read(&self, text: &str) -> Question {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let normal = normalise(&text);
        let normal = self.repair.pinyin(&normal).unwrap_or(normal);
        let analysis = analyse_words(&normal, &|words| self.repair.words(words));
        let human = wants_human(&analysis);
        let chinese = is_chinese(&normal);
        Question { analysis, human, chinese }
    }

    fn seen(&self, asked: &Asked<'_>, chinese: bool, without: Without, weights: &Weights) -> Vec<Seen> {
        let parts = parts(asked.analysis.clauses);
        let mut best: HashMap<usize, Seen> = HashMap::new();
        let skip = self.skipped(without);
        for place in self.candidates(asked) {
            let Some(phrase) = self.tenant.phrases.get(place) else { continue };
            if skip == Some(place) || without == Without::Entry(phrase.entry) {
                continue;
            }
            for part in &parts {
                let mut features = features(asked, *part, &self.tenant, phrase, skip);
                features[12] = f32::from(u8::from(self.tenant.entries[phrase.entry].chinese == chinese));
                let strength = strength(&weights.order, &features);
                let seen = Seen { place: phrase.entry, features, strength };
                let old = best.entry(phrase.entry).or_insert(seen);
                if old.strength < strength {
                    *old = seen;
                }
            }
        }
        best.into_values().collect()
    }

    fn skipped(&self, without: Without) -> Option<usize> {
        let Without::Phrase(entry, phrase) = without else { return None };
        self.tenant.entries.get(entry).and_then(|e| e.phrases.get(phrase)).copied()
    }

    /// The phrases of the entries that share most with the question; of a small knowledge base all that share anything.
    fn candidates(&self, asked: &Asked<'_>) -> Vec<usize> {
        let mut best: HashMap<usize, f32> = HashMap::new();
        for phrase in &self.tenant.phrases {
            let shared = asked.shared(&phrase.terms);
            let entry = best.entry(phrase.entry).or_default();
            *entry = entry.max(shared);
        }
        let mut entries: Vec<(usize, f32)> =
            best.iter().filter(|(_, shared)| **shared > 0.0).map(|(e, s)| (*e, *s)).collect();
        entries.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        entries.truncate(CANDIDATES);
        let mut entries: Vec<usize> = entries.into_iter().map(|(entry, _)| entry).collect();
        let nearest = asked.sense.as_ref().map(|s| s.nearest(NEAREST)).unwrap_or_default();
        let more: Vec<usize> = nearest.into_iter().filter(|e| !entries.contains(e)).collect();
        entries.extend(more);
        entries.iter().filter_map(|e| self.tenant.entries.get(*e)).flat_map(|e| &e.phrases).copied().collect()
    }

    /// The others lag behind the first by what the order says.
    fn hit(&self, seen: &Seen, sure: f32, first: f32) -> Hit {
        let score = sure * (seen.strength - first).exp();
        let (entry_id, question) = self.names.get(seen.place).cloned().unwrap_or_default();
        let x = &seen.features;
        let note = |flag: f32, text: &'static str| if flag > 0.0 { text } else { "" };
        let why = format!(
            "covers {:.0} % of the question, {:.0} % of the entry, {:.0} % alike{}{}{}",
            x[2] * 100.0,
            x[3] * 100.0,
            x[4] * 100.0,
            note(x[5], ", asks the same way"),
            note(x[6], ", asks another way"),
            note(x[7], ", names the opposite"),
        );
        Hit { entry_id, question, score, why }
    }
}

fn others(seen: &[Seen], weights: &Weights) -> Others {
    let Some(first) = seen.first() else { return Others::default() };
    let alone = -seen.iter().map(|s| (s.strength - first.strength).exp()).sum::<f32>().ln();
    let words = |s: &Seen| (0..WORDS).map(|i| weights.order[i] * s.features[i]).sum::<f32>();
    let best = seen.iter().skip(1).map(words).fold(f32::MIN, f32::max);
    Others { alone, by_words: if seen.len() > 1 { words(first) - best } else { words(first) } }
}

/// The whole question, each clause, and each pair of neighbours.
fn parts(clauses: usize) -> Vec<Part> {
    let mut parts = vec![(0, clauses)];
    if clauses > 1 {
        let read = clauses.min(MAX_CLAUSES);
        parts.extend((0..read).map(|c| (c, c + 1)));
        if clauses > 2 {
            parts.extend((0..read - 1).map(|c| (c, c + 2)));
        }
    }
    parts
}
