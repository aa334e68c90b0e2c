//! One tenant's knowledge, analysed: its terms, their weights, and its phrases.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::analyse::{Analysis, Counts, Known, Unit, analyse};
use crate::index::Entry;
use crate::language::{is_chinese, normalise};
use crate::lexicon::{Class, ConceptId, lexicon};
use crate::score::Asked;
use crate::sentences::{Meaning, Sentences};
use crate::similar::similar;

/// The weight of a light word against a content word.
const LIGHT: f32 = 0.3;
/// A thing that this tenant's knowledge does not name.
const STORY: f32 = 0.3;
/// A word that this tenant's knowledge does not have, against the rarest that it has.
const UNKNOWN: f32 = 0.75;
/// The weight of a word of asking.
const ASKING: f32 = 0.35;
/// One Chinese character alone.
const LONE: f32 = 0.6;
/// A word that the question is said not to be about.
const DENIED: f32 = 0.15;
/// From here on a word of a question has to do with a word of the knowledge.
const NEAR: f32 = 0.4;
const RAREST: f32 = 3.6;
const COMMONEST: f32 = 0.7;

/// A question or an alternative of an entry.
#[derive(Debug)]
pub(crate) struct Phrase {
    pub(crate) entry: usize,
    pub(crate) terms: Vec<u32>,
    pub(crate) intents: Vec<ConceptId>,
    pub(crate) grams: HashSet<String>,
    pub(crate) text: String,
    /// As the model of sentences reads it.
    sentence: String,
    /// None where the build has no model of sentences.
    pub(crate) meaning: Option<Meaning>,
}

/// One entry.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) phrases: Vec<usize>,
    pub(crate) answer: Vec<u32>,
    pub(crate) tells: Tells,
    pub(crate) chinese: bool,
    /// Of the answer.
    pub(crate) meaning: Option<Meaning>,
}

/// What kind of facts an answer holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tells {
    pub(crate) money: bool,
    pub(crate) time: bool,
}

impl Tells {
    fn of(answer: &str) -> Self {
        const MONEY: [&str; 13] =
            ["元", "块", "￥", "¥", "$", "免费", "折", "费用", "yuan", "free", "rmb", "%", "price"];
        const TIME: [&str; 19] = [
            "天",
            "小时",
            "分钟",
            "个月",
            "周",
            "年",
            "工作日",
            "点",
            "日",
            "随时",
            "当天",
            "day",
            "hour",
            "minute",
            "week",
            "month",
            "year",
            ":00",
            ":30",
        ];
        let lower = answer.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
        Self { money: has(&MONEY), time: has(&TIME) }
    }
}

/// The knowledge, ready to be compared with questions.
#[derive(Debug, Default)]
pub(crate) struct Tenant {
    pub(crate) terms: Vec<Unit>,
    /// The weight of each term.
    pub(crate) weights: Vec<f32>,
    pub(crate) phrases: Vec<Phrase>,
    pub(crate) entries: Vec<Prepared>,
    places: HashMap<String, Vec<u32>>,
    by_concept: HashMap<ConceptId, Vec<u32>>,
    by_char: HashMap<char, Vec<u32>>,
    concepts: Counts<ConceptId>,
    texts: Counts<String>,
    /// By the hash of the text, so that the next index need not compute them again.
    meanings: Meanings,
}

/// Meanings by the hash of the text that has them.
type Meanings = HashMap<u64, Meaning>;

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Tenant {
    /// Analyses all entries. Meanings that `before` has are taken from there: they are nearly all of the work.
    pub(crate) fn new(entries: &[Entry], before: Option<&Self>) -> (Self, Known) {
        let read = |e: &Entry| -> (Vec<Analysis>, Analysis) {
            let phrases = std::iter::once(&e.question).chain(&e.alternatives).map(|p| analyse(p)).collect();
            (phrases, analyse(&e.answer))
        };
        let read: Vec<_> = entries.iter().map(read).collect();
        let known = Known::new(read.iter().flat_map(|(phrases, _)| phrases));
        let mut tenant = Self::default();
        for (entry, (phrases, answer)) in entries.iter().zip(read) {
            tenant.count(&phrases);
            tenant.add(phrases, &answer, is_chinese(&normalise(&entry.question)), Tells::of(&entry.answer));
        }
        tenant.weights = tenant.terms.iter().map(|t| tenant.weight(t)).collect();
        if let Some(model) = Sentences::get() {
            tenant.understand(model, entries, before);
        }
        (tenant, known)
    }

    fn add(&mut self, phrases: Vec<Analysis>, answer: &Analysis, chinese: bool, tells: Tells) {
        let entry = self.entries.len();
        let first = self.phrases.len();
        for phrase in phrases {
            let terms = phrase.units.iter().map(|u| self.term(u)).collect();
            let intents = phrase.intents.iter().map(|(c, _)| *c).collect();
            self.phrases.push(Phrase {
                entry,
                terms,
                intents,
                grams: phrase.grams,
                text: phrase.text,
                sentence: phrase.spoken.join(" "),
                meaning: None,
            });
        }
        let answer = answer.units.iter().map(|u| self.term(u)).collect();
        self.entries.push(Prepared {
            phrases: (first..self.phrases.len()).collect(),
            answer,
            tells,
            chinese,
            meaning: None,
        });
    }

    /// Adds the meanings of all phrases and answers.
    fn understand(&mut self, model: &Sentences, entries: &[Entry], before: Option<&Self>) {
        let answers = entries.iter().map(|e| e.answer.as_str());
        let texts: Vec<&str> = self.phrases.iter().map(|p| p.sentence.as_str()).chain(answers).collect();
        let known = |text: &str| before.and_then(|b| b.meanings.get(&hash(text))).cloned();
        let mut meanings: Meanings = texts.iter().filter_map(|t| Some((hash(t), known(t)?))).collect();
        let new: Vec<&str> = texts.iter().copied().filter(|t| !meanings.contains_key(&hash(t))).collect();
        meanings.extend(new.iter().map(|t| hash(t)).zip(model.meanings(&new)));
        for phrase in &mut self.phrases {
            phrase.meaning = meanings.get(&hash(&phrase.sentence)).cloned();
        }
        for (entry, source) in self.entries.iter_mut().zip(entries) {
            entry.meaning = meanings.get(&hash(&source.answer)).cloned();
        }
        self.meanings = meanings;
    }

    fn term(&mut self, unit: &Unit) -> u32 {
        let at = self
            .places
            .get(&unit.text)
            .and_then(|p| p.iter().copied().find(|t| self.terms[*t as usize].class == unit.class));
        if let Some(at) = at {
            return at;
        }
        let at = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.places.entry(unit.text.clone()).or_default().push(at);
        for (concept, _) in &unit.says {
            self.by_concept.entry(*concept).or_default().push(at);
        }
        for c in unit.text.chars().filter(|c| !c.is_ascii()).collect::<HashSet<_>>() {
            self.by_char.entry(c).or_default().push(at);
        }
        self.terms.push(Unit { clause: 0, denied: false, ..unit.clone() });
        at
    }

    fn count(&mut self, phrases: &[Analysis]) {
        let units = || phrases.iter().flat_map(|p| &p.units);
        for text in units().map(|u| &u.text).collect::<HashSet<_>>() {
            *self.texts.entry(text.clone()).or_default() += 1.0;
        }
        let concepts = units().flat_map(|u| &u.says).filter(|(_, w)| *w == 1.0).map(|(c, _)| *c);
        for concept in concepts.collect::<HashSet<_>>() {
            *self.concepts.entry(concept).or_default() += 1.0;
        }
    }

    /// How much a word says about which entry is meant.
    fn weight(&self, unit: &Unit) -> f32 {
        let text = self.texts.get(&unit.text).copied().unwrap_or(0.0);
        let own = unit.says.iter().filter(|(_, w)| *w == 1.0);
        let having = own.filter_map(|(c, _)| self.concepts.get(c)).copied().fold(text, f32::max);
        let all = self.entries.len() as f32;
        let idf = (1.0 + (all - having + 0.5) / (having + 0.5)).ln().clamp(COMMONEST, RAREST);
        let lone = if unit.text.chars().count() == 1 && unit.says.is_empty() { LONE } else { 1.0 };
        let known = if having == 0.0 { UNKNOWN } else { 1.0 };
        match unit.class {
            Class::Content => idf * known * lone,
            Class::Thing if having == 0.0 => STORY,
            Class::Thing => idf,
            Class::Light => LIGHT * idf.min(2.0),
            Class::Intent => ASKING,
            Class::Chatter => 0.0,
        }
    }

    /// Compares the words of a question with the terms of this tenant.
    pub(crate) fn asked<'a>(&self, analysis: &'a Analysis) -> Asked<'a> {
        let mut asked = Asked { analysis, rows: Vec::new(), near: Vec::new(), sense: None };
        for unit in &analysis.units {
            let mut row = vec![0.0; self.terms.len()];
            let mut best = 0.0_f32;
            for at in self.near(unit) {
                let alike = similar(unit, &self.terms[at as usize]);
                row[at as usize] = alike;
                best = best.max(alike);
            }
            asked.rows.push((row, self.weight(unit) * if unit.denied { DENIED } else { 1.0 }));
            asked.near.push(best >= NEAR);
        }
        asked
    }

    /// The terms that can be similar to a word at all.
    fn near(&self, unit: &Unit) -> HashSet<u32> {
        let mut found = HashSet::new();
        let concepts = unit.says.iter().filter_map(|(c, _)| lexicon().concept(*c)).flat_map(|c| &c.near);
        for (concept, _) in concepts {
            found.extend(self.by_concept.get(concept).into_iter().flatten());
        }
        for c in unit.text.chars().filter(|c| !c.is_ascii()) {
            found.extend(self.by_char.get(&c).into_iter().flatten());
        }
        found.extend(self.places.get(&unit.text).into_iter().flatten());
        found
    }
}
