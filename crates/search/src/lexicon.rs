//! The vocabulary: concepts, the words that say them, and how concepts stand to one another.
//!
//! It is written by the makers of this project as general knowledge of customer service in Chinese and English.
//! The format is told at the top of `data/actions.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::language::is_han;

/// A concept's place in [`Lexicon::concepts`].
pub(crate) type ConceptId = u32;

const FILES: &[&str] = &[
    include_str!("data/intents.txt"),
    include_str!("data/chatter.txt"),
    include_str!("data/actions.txt"),
    include_str!("data/states.txt"),
    include_str!("data/commerce.txt"),
    include_str!("data/software.txt"),
    include_str!("data/school.txt"),
    include_str!("data/travel.txt"),
    include_str!("data/world.txt"),
    include_str!("data/things.txt"),
    include_str!("data/services.txt"),
    include_str!("data/general.txt"),
    include_str!("data/colloquial.txt"),
    include_str!("data/regional.txt"),
];

/// How near a related concept is.
const RELATED: f32 = 0.5;
/// How near a broader concept or an instance is.
const BROADER: f32 = 0.68;

static LEXICON: OnceLock<Lexicon> = OnceLock::new();

/// The vocabulary, parsed when first used.
pub(crate) fn lexicon() -> &'static Lexicon {
    LEXICON.get_or_init(|| Lexicon::parse(FILES))
}

/// How much a concept says about what a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// What the question is about.
    Content,
    /// General words that colour a question.
    Light,
    /// Words that people add to a question without changing it.
    Chatter,
    /// Words of asking: how long, where, can I.
    Intent,
    /// Goods and other things that a story is told about; they matter where the tenant's knowledge names them.
    Thing,
}

/// One concept.
#[derive(Debug)]
pub(crate) struct Concept {
    pub(crate) name: String,
    pub(crate) class: Class,
    /// Nearby concepts, itself first with 1.
    pub(crate) near: Vec<(ConceptId, f32)>,
    pub(crate) opposite: Vec<ConceptId>,
}

/// All concepts and their forms.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub(crate) concepts: Vec<Concept>,
    /// Chinese forms as written, English forms as stems joined by one space.
    forms: HashMap<String, Vec<ConceptId>>,
    /// The most English words in one form.
    pub(crate) longest: usize,
    /// English words of all forms, as written.
    pub(crate) latin: HashSet<String>,
    /// References that name no concept, for the test of the data.
    #[cfg(test)]
    pub(crate) dangling: Vec<String>,
}

impl Lexicon {
    fn parse(files: &[&str]) -> Self {
        let mut found = Self::default();
        let mut links = Vec::new();
        let lines =
            files.iter().flat_map(|f| f.lines()).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        for line in lines {
            let (class, line) = match line.chars().next() {
                Some('~') => (Class::Light, &line[1..]),
                Some('-') => (Class::Chatter, &line[1..]),
                Some('?') => (Class::Intent, &line[1..]),
                Some('*') => (Class::Thing, &line[1..]),
                _ => (Class::Content, line),
            };
            let forms = line.split(['>', '<', '!']).next().unwrap_or("");
            let id = match line.strip_prefix('+') {
                Some(_) => found.extend(&forms[1..]),
                None => found.add(class, forms),
            };
            for (mark, strength) in [('>', RELATED), ('<', BROADER), ('!', 0.0)] {
                let part = line.split_once(mark).map_or("", |(_, rest)| rest);
                let part = part.split(['>', '<', '!']).next().unwrap_or("");
                links.extend(words(part).map(|w| (id, w.to_owned(), strength)));
            }
        }
        for (id, word, strength) in links {
            found.link(id, &word, strength);
        }
        found
    }

    fn add(&mut self, class: Class, forms: &str) -> ConceptId {
        let id = ConceptId::try_from(self.concepts.len()).unwrap_or(ConceptId::MAX);
        let name = words(forms).next().unwrap_or("").to_owned();
        self.concepts.push(Concept { name, class, near: vec![(id, 1.0)], opposite: Vec::new() });
        self.say(id, words(forms));
        id
    }

    /// More forms for the concept that the first word names.
    fn extend(&mut self, forms: &str) -> ConceptId {
        let name = words(forms).next().unwrap_or("");
        let Some(id) = self.concepts.iter().position(|c| c.name == name) else {
            #[cfg(test)]
            self.dangling.push(name.to_owned());
            return self.add(Class::Content, forms);
        };
        let id = ConceptId::try_from(id).unwrap_or(ConceptId::MAX);
        self.say(id, words(forms));
        id
    }

    fn say<'a>(&mut self, id: ConceptId, forms: impl Iterator<Item = &'a str>) {
        for form in forms {
            if form.is_ascii() {
                self.latin.extend(form.split([' ', '\'']).filter(|w| w.len() > 1).map(str::to_owned));
                self.longest = self.longest.max(form.split(' ').count());
            }
            let ids = self.forms.entry(key(form)).or_default();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }

    fn link(&mut self, id: ConceptId, word: &str, strength: f32) {
        let others: Vec<ConceptId> = self.get(&key(word)).iter().copied().take(1).collect();
        #[cfg(test)]
        if others.is_empty() {
            self.dangling.push(word.to_owned());
        }
        for other in others.into_iter().filter(|o| *o != id) {
            for (a, b) in [(id, other), (other, id)] {
                let Some(concept) = self.concepts.get_mut(a as usize) else { continue };
                if strength == 0.0 {
                    concept.opposite.push(b);
                } else if !concept.near.iter().any(|(c, _)| *c == b) {
                    concept.near.push((b, strength));
                }
            }
        }
    }

    /// The concepts of a form: Chinese as written, English as joined stems.
    pub(crate) fn get(&self, form: &str) -> &[ConceptId] {
        self.forms.get(form).map_or(&[], Vec::as_slice)
    }

    /// A concept by its place.
    pub(crate) fn concept(&self, id: ConceptId) -> Option<&Concept> {
        self.concepts.get(id as usize)
    }

    /// Whether a form is known, and only as one of these classes.
    pub(crate) fn is_only(&self, form: &str, classes: &[Class]) -> bool {
        let says = self.get(form);
        !says.is_empty() && says.iter().all(|c| self.concept(*c).is_some_and(|c| classes.contains(&c.class)))
    }

    /// All Chinese forms.
    pub(crate) fn chinese(&self) -> impl Iterator<Item = &str> {
        self.forms.keys().map(String::as_str).filter(|f| f.chars().all(is_han))
    }
}

fn words(part: &str) -> impl Iterator<Item = &str> {
    part.split(',').map(str::trim).filter(|w| !w.is_empty())
}

/// What a form is looked up by.
fn key(form: &str) -> String {
    if !form.is_ascii() {
        return form.to_owned();
    }
    form.split([' ', '-']).map(stem).collect::<Vec<_>>().join(" ")
}

/// The stem of an English word.
pub(crate) fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    Stemmer::create(Algorithm::English).stem(&word.replace('\'', "")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_names_a_concept() {
        assert_eq!(lexicon().dangling, Vec::<String>::new());
    }

    #[test]
    fn concepts_of_both_languages_meet() {
        assert_eq!(lexicon().get("退款"), lexicon().get(&stem("refund")));
    }
}
