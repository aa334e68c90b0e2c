//! The editable word tables and jieba, loaded once per process and only when first used.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use jieba_rs::Jieba;

static JIEBA: OnceLock<Jieba> = OnceLock::new();
static TABLES: OnceLock<Tables> = OnceLock::new();

/// The segmenter; about 50 MB, so it is loaded with the first knowledge base.
pub(crate) fn jieba() -> &'static Jieba {
    JIEBA.get_or_init(Jieba::new)
}

/// The parsed word tables.
pub(crate) fn tables() -> &'static Tables {
    TABLES.get_or_init(Tables::load)
}

/// A way to say something, and the concept that it says.
#[derive(Debug, Clone)]
pub(crate) struct Concept {
    pub(crate) name: String,
    pub(crate) weak: bool,
}

/// Synonyms, stop words, politeness, words that ask for a human, and exclusive concepts.
pub(crate) struct Tables {
    pub(crate) concepts: HashMap<String, Concept>,
    pub(crate) longest: usize,
    pub(crate) stop: HashSet<&'static str>,
    pub(crate) polite: Vec<&'static str>,
    pub(crate) human: Vec<&'static str>,
    pub(crate) contrasts: Vec<Vec<&'static str>>,
}

impl Tables {
    fn load() -> Self {
        let mut concepts = HashMap::new();
        for line in lines(include_str!("data/synonyms.txt")) {
            let (weak, line) = line.strip_prefix('~').map_or((false, line), |rest| (true, rest));
            let words = split(line);
            let Some(name) = words.first() else { continue };
            for word in &words {
                let concept = Concept { name: (*name).to_owned(), weak };
                concepts.entry((*word).to_owned()).or_insert(concept);
            }
        }
        let longest = concepts.keys().map(|w| w.chars().count()).max().unwrap_or(0);
        Self {
            concepts,
            longest,
            stop: include_str!("data/stopwords.txt").split_whitespace().collect(),
            polite: longest_first(include_str!("data/politeness.txt")),
            human: longest_first(include_str!("data/human.txt")),
            contrasts: lines(include_str!("data/contrasts.txt")).map(split).collect(),
        }
    }
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
}

fn split(line: &'static str) -> Vec<&'static str> {
    line.split('|').map(str::trim).filter(|w| !w.is_empty()).collect()
}

fn longest_first(file: &'static str) -> Vec<&'static str> {
    let mut words: Vec<_> = lines(file).flat_map(split).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
    words
}
