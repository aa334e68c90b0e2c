//! One tenant's knowledge: candidates from tantivy, order and gate from [`crate::score`].

use std::collections::HashMap;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value as _};
use tantivy::{Index, IndexReader, TantivyDocument, Term};

use crate::analyse::{Analysis, Sounds, analyse, analyse_normal, strip_human, strip_politeness};
use crate::language::{is_chinese, normalise};
use crate::score::{Prepared, Score, Statistics, score};

const CANDIDATES: usize = 30;
const SHOWN: usize = 5;
/// tantivy refuses less for one thread; it is freed at the end of the build.
const WRITER_BYTES: usize = 15_000_000;
/// Below this confidence nothing is answered.
pub const GATE: f32 = 0.60;
/// This share of the question's content must be covered.
const COVERAGE: f32 = 0.46;
/// An answer in the other language counts this much.
const FOREIGN: f32 = 0.85;
/// A clause of a longer question counts this much.
const CLAUSE: f32 = 0.88;
/// A longer question is not a question of this shop any more; the rest is not read.
const MAX_CHARS: usize = 600;

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

/// The language that the asker reads, when the caller knows it better than the text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskLanguage {
    /// Chinese, simplified or traditional.
    Chinese,
    /// English.
    English,
}

/// An entry that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The id of the entry.
    pub entry_id: String,
    /// The entry's question.
    pub question: String,
    /// Confidence, 0 to 1.
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
    /// The full-text library refused.
    #[error("the knowledge index could not be built: {0}")]
    Index(#[from] tantivy::TantivyError),
}

/// A searchable knowledge base in memory; rebuild it when the knowledge changes.
pub struct KnowledgeIndex {
    entries: Vec<(String, String)>,
    prepared: Vec<Prepared>,
    statistics: Statistics,
    sounds: Sounds,
    reader: IndexReader,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    words: Field,
    grams: Field,
    place: Field,
}

impl KnowledgeIndex {
    /// Builds the index of one tenant. Blocking: the first one of a process loads jieba (about 0.2 s).
    pub fn build(entries: &[Entry]) -> Result<Self, BuildError> {
        let prepared: Vec<Prepared> = entries.iter().map(prepare).collect();
        let mut statistics = Statistics::default();
        for entry in &prepared {
            statistics.count(entry.phrases.iter().flat_map(|p| &p.units).map(|u| u.term.as_str()));
        }
        let mut known: Vec<&str> = statistics.terms().collect();
        known.sort_unstable();
        let sounds = Sounds::new(known.into_iter(), prepared.iter().flat_map(|e| &e.phrases).map(|p| p.text.as_str()));
        let (reader, fields) = write(&prepared)?;
        let entries = entries.iter().map(|e| (e.id.clone(), e.question.clone())).collect();
        Ok(Self { entries, prepared, statistics, sounds, reader, fields })
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Looks for the entry that answers `text`; `language` overrides what the text itself tells.
    pub fn ask(&self, text: &str, language: Option<AskLanguage>) -> Result<Outcome, BuildError> {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let normal = strip_politeness(&normalise(&text));
        let chinese = language.map_or_else(|| is_chinese(&normal), |l| l == AskLanguage::Chinese);
        let (wants_human, rest) = strip_human(&normal);
        let whole = analyse_normal(&normal, Some(&self.sounds));
        let only_human = wants_human && !analyse_normal(&rest, Some(&self.sounds)).units.iter().any(|u| !u.weak);
        let mut best: HashMap<usize, Score> = HashMap::new();
        self.rank(&whole, 1.0, chinese, &mut best)?;
        for clause in clauses(&normal) {
            self.rank(&analyse_normal(&clause, Some(&self.sounds)), CLAUSE, chinese, &mut best)?;
        }
        let mut ranked: Vec<(usize, Score)> = best.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total.total_cmp(&a.1.total).then(a.0.cmp(&b.0)));
        let passes = ranked.first().is_some_and(|(_, s)| passes(s));
        let answerable = passes && !(only_human && ranked.first().is_some_and(|(_, s)| s.total < 1.0));
        let hits = ranked.iter().take(SHOWN).map(|(place, s)| self.hit(*place, s)).collect();
        Ok(Outcome { hits, answerable, wants_human })
    }

    fn rank(
        &self,
        ask: &Analysis,
        share: f32,
        chinese: bool,
        best: &mut HashMap<usize, Score>,
    ) -> Result<(), BuildError> {
        for place in self.candidates(ask)? {
            let Some(entry) = self.prepared.get(place) else {
                continue;
            };
            let mut found = score(ask, entry, &self.statistics);
            found.total *= share * if entry.chinese == chinese { 1.0 } else { FOREIGN };
            if best.get(&place).is_none_or(|old| old.total < found.total) {
                best.insert(place, found);
            }
        }
        Ok(())
    }

    fn candidates(&self, ask: &Analysis) -> Result<Vec<usize>, BuildError> {
        let term = |field: Field, word: &str, boost: f32| -> (Occur, Box<dyn Query>) {
            let query = TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(BoostQuery::new(Box::new(query), boost)))
        };
        let mut parts: Vec<_> = ask.units.iter().map(|u| term(self.fields.words, &u.term, 1.0)).collect();
        parts.extend(ask.grams.iter().map(|g| term(self.fields.grams, g, 0.3)));
        let searcher = self.reader.searcher();
        let top = searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(CANDIDATES).order_by_score())?;
        let mut places = Vec::with_capacity(top.len());
        for (_, address) in top {
            let found: TantivyDocument = searcher.doc(address)?;
            let place = found.get_first(self.fields.place).and_then(|v| v.as_u64());
            places.extend(place.and_then(|p| usize::try_from(p).ok()));
        }
        Ok(places)
    }

    fn hit(&self, place: usize, s: &Score) -> Hit {
        let (entry_id, question) = self.entries.get(place).cloned().unwrap_or_default();
        let excluded = if s.excluded { ", names the opposite" } else { "" };
        let why = format!(
            "covers {:.0} % of the question, {:.0} % of the entry, {:.0} % alike{excluded}",
            s.asked * 100.0,
            s.phrase * 100.0,
            s.alike * 100.0
        );
        Hit { entry_id, question, score: s.total, why }
    }
}

/// The gate that visitors meet.
fn passes(s: &Score) -> bool {
    s.total >= GATE && s.asked >= COVERAGE && s.strong && !s.excluded
}

/// The clauses of a question of several, and each pair of neighbours.
fn clauses(normal: &str) -> Vec<String> {
    let all: Vec<&str> = normal.split('\n').map(str::trim).filter(|c| !c.is_empty()).collect();
    if all.len() < 2 {
        return Vec::new();
    }
    let pairs = all.windows(2).map(|w| w.join("\n"));
    all.iter().map(|c| (*c).to_owned()).chain(pairs).take(16).collect()
}

fn prepare(entry: &Entry) -> Prepared {
    let phrases = std::iter::once(&entry.question).chain(&entry.alternatives).map(|p| analyse(p, None));
    Prepared {
        phrases: phrases.collect(),
        answer: analyse(&entry.answer, None),
        chinese: is_chinese(&normalise(&entry.question)),
    }
}

fn write(prepared: &[Prepared]) -> Result<(IndexReader, Fields), BuildError> {
    let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let fields = Fields {
        words: schema.add_text_field("words", text.clone()),
        grams: schema.add_text_field("grams", text),
        place: schema.add_u64_field("place", FAST | STORED),
    };
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for (place, entry) in (0_u64..).zip(prepared) {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.place, place);
        for phrase in entry.phrases.iter().chain([&entry.answer]) {
            phrase.units.iter().for_each(|u| document.add_text(fields.words, &u.term));
        }
        for gram in entry.phrases.iter().flat_map(|p| &p.grams) {
            document.add_text(fields.grams, gram);
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok((index.reader()?, fields))
}
