//! From text to units: the words that matter, each with the concepts that it says.

use std::collections::{HashMap, HashSet};

use crate::denied::denied;
use crate::language::normalise;
use crate::lexicon::{Class, ConceptId, lexicon, stem};
use crate::segment::{Word, is_talk, segment};

/// How much the parts of a word that the vocabulary does not have say about the whole.
const PART: f32 = 0.6;

/// One word of a text that may matter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    /// Chinese as written, English as stem.
    pub(crate) text: String,
    pub(crate) class: Class,
    /// What it says, strongest first.
    pub(crate) says: Vec<(ConceptId, f32)>,
    /// Which clause it stands in.
    pub(crate) clause: usize,
    /// Said not to be what is meant.
    pub(crate) denied: bool,
}

/// A text, ready to be indexed or compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Analysis {
    pub(crate) text: String,
    pub(crate) units: Vec<Unit>,
    /// Words of asking.
    pub(crate) intents: Vec<(ConceptId, usize)>,
    pub(crate) grams: HashSet<String>,
    pub(crate) clauses: usize,
    /// The words of each clause, repaired, as a sentence.
    pub(crate) spoken: Vec<String>,
    /// Whether the words that are being read are denied.
    denied: bool,
}

/// Analyses raw text.
pub(crate) fn analyse(raw: &str) -> Analysis {
    analyse_words(&normalise(raw), &|words| words)
}

/// Analyses normalised text; `repair` may change its words before they are read.
pub(crate) fn analyse_words(text: &str, repair: &dyn Fn(Vec<Word>) -> Vec<Word>) -> Analysis {
    let words = repair(segment(text));
    let mut found = Analysis { text: text.replace('\n', " ").trim().to_owned(), ..Analysis::default() };
    let denied = denied(&words);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        found.denied = denied[at];
        at += match word {
            Word::Gap => {
                found.clauses += 1;
                1
            }
            Word::Pause => 1,
            Word::Fails => found.read("不能", lexicon().get("不能")),
            Word::Han(word) => found.read_han(word),
            Word::Latin(_) => found.read_latin(&words[at..]),
        };
    }
    found.clauses += 1;
    found.grams = grams(&words);
    found.spoken = spoken(&words);
    found
}

/// The words as sentences, one a clause.
fn spoken(words: &[Word]) -> Vec<String> {
    let mut clauses = vec![String::new()];
    for word in words {
        let Some(clause) = clauses.last_mut() else { break };
        match word {
            Word::Gap => clauses.push(String::new()),
            Word::Pause => clause.push(' '),
            Word::Fails => clause.push_str("不能"),
            Word::Han(word) => clause.push_str(word),
            Word::Latin(word) => {
                clause.push(' ');
                clause.push_str(word);
                clause.push(' ');
            }
        }
    }
    clauses
}

impl Analysis {
    fn read_han(&mut self, word: &str) -> usize {
        let says = lexicon().get(word);
        if !says.is_empty() {
            return self.read(word, says);
        }
        self.push(word, if is_talk(word) { Class::Light } else { Class::Content }, parts(word));
        1
    }

    /// Reads the longest form that the next English words make.
    fn read_latin(&mut self, words: &[Word]) -> usize {
        let stems = words.iter().map_while(|w| match w {
            Word::Latin(word) => Some(stem(word)),
            _ => None,
        });
        let stems: Vec<String> = stems.take(lexicon().longest).collect();
        for n in (1..=stems.len()).rev() {
            let form = stems[..n].join(" ");
            let says = lexicon().get(&form);
            if !says.is_empty() {
                self.read(&form, says);
                return n;
            }
        }
        if let Some(first) = stems.first().filter(|s| !s.is_empty()) {
            let number = first.chars().all(|c| c.is_ascii_digit());
            let class = if number || first.len() == 1 { Class::Light } else { Class::Content };
            self.push(first, class, Vec::new());
        }
        1
    }

    fn read(&mut self, form: &str, says: &[ConceptId]) -> usize {
        let of = |class: Class| {
            says.iter().copied().filter(move |c| lexicon().concept(*c).is_some_and(|c| c.class == class))
        };
        // A word that is also mere talk says what it says only lightly.
        let talk = of(Class::Chatter).next().is_some();
        for class in [Class::Content, Class::Thing, Class::Light, Class::Intent] {
            let here: Vec<(ConceptId, f32)> = of(class).map(|c| (c, 1.0)).collect();
            if here.is_empty() {
                continue;
            }
            if class == Class::Intent && !self.denied {
                let clause = self.clauses;
                self.intents.extend(here.iter().map(|(c, _)| (*c, clause)));
            }
            self.push(form, if talk && class != Class::Intent { Class::Light } else { class }, here);
        }
        1
    }

    fn push(&mut self, text: &str, class: Class, says: Vec<(ConceptId, f32)>) {
        let clause = self.clauses;
        let same = |u: &Unit| u.text == text && u.class == class || !says.is_empty() && u.says == says;
        if !self.units.iter().any(|u| u.clause == clause && same(u)) {
            self.units.push(Unit { text: text.to_owned(), class, says, clause, denied: self.denied });
        }
    }
}

/// What the forms inside an unknown Chinese word say: 校服费 has 校服 and 费.
fn parts(word: &str) -> Vec<(ConceptId, f32)> {
    let chars: Vec<char> = word.chars().collect();
    let mut found: Vec<(ConceptId, f32)> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let most = (chars.len() - at).min(chars.len() - 1);
        let inside = (1..=most).rev().find_map(|n| {
            let part: String = chars[at..at + n].iter().collect();
            let says = lexicon().get(&part);
            (!says.is_empty()).then_some((n, says))
        });
        let Some((n, says)) = inside else {
            at += 1;
            continue;
        };
        let content = says.iter().filter(|c| lexicon().concept(**c).is_some_and(|c| c.class != Class::Chatter));
        found.extend(content.map(|c| (*c, PART)));
        at += n;
    }
    found
}

/// Pairs of neighbouring characters, and English words whole.
fn grams(words: &[Word]) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut last: Option<char> = None;
    for word in words {
        match word {
            Word::Han(text) => {
                for c in text.chars() {
                    found.extend(last.map(|l| format!("{l}{c}")));
                    last = Some(c);
                }
            }
            Word::Latin(text) => {
                found.insert(stem(text));
                last = None;
            }
            Word::Fails | Word::Pause => {}
            Word::Gap => last = None,
        }
    }
    found
}

/// Words by how they are written, for repairs.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// English words of this tenant, as written.
    pub(crate) latin: HashSet<String>,
    /// Chinese words of this tenant.
    pub(crate) han: HashSet<String>,
    pub(crate) concepts: HashSet<ConceptId>,
}

impl Known {
    /// Collects the words of the tenant's texts.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a Analysis>) -> Self {
        let mut known = Self::default();
        for text in texts {
            known.latin.extend(text.text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_owned));
            for unit in &text.units {
                known.concepts.extend(unit.says.iter().filter(|(_, w)| *w == 1.0).map(|(c, _)| *c));
                if !unit.text.is_ascii() {
                    known.han.insert(unit.text.clone());
                }
            }
        }
        known
    }

    /// Whether this tenant's knowledge has the word or a concept of it.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.han.contains(word) || lexicon().get(word).iter().any(|c| self.concepts.contains(c))
    }
}

/// How often each key occurs; one entry counts once.
pub(crate) type Counts<K> = HashMap<K, f32>;

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        analyse(text).units.into_iter().filter(|u| u.class == Class::Content).map(|u| u.text).collect()
    }

    #[test]
    fn politeness_leaves_nothing_behind() {
        assert!(terms("您好，请问，谢谢").is_empty());
    }

    #[test]
    fn english_words_are_stemmed() {
        assert_eq!(terms("the zorbs"), ["zorb"]);
    }
}
