//! From text to units: concepts of the synonym table, segmented words, and character pairs.

use std::collections::{HashMap, HashSet};

use pinyin::ToPinyin as _;
use rust_stemmers::{Algorithm, Stemmer};

use crate::language::{is_han, normalise};
use crate::words::{Concept, jieba, tables};

/// One content word of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    pub(crate) term: String,
    pub(crate) weak: bool,
}

/// A text, ready to be indexed or compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Analysis {
    pub(crate) text: String,
    pub(crate) units: Vec<Unit>,
    pub(crate) grams: HashSet<String>,
}

/// Words by sound, for homophones and slips of the input method.
#[derive(Debug, Default)]
pub(crate) struct Sounds {
    spoken: HashMap<String, String>,
    latin: HashSet<String>,
}

impl Sounds {
    /// All Chinese synonyms, and the words of this tenant.
    pub(crate) fn new<'a>(words: impl Iterator<Item = &'a str>, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut map = HashMap::new();
        let mut known: Vec<&str> = tables().concepts.keys().map(String::as_str).collect();
        known.sort_unstable();
        for word in words.chain(known) {
            if (2..=4).contains(&word.chars().count())
                && let Some(sound) = sound(word)
            {
                map.entry(sound).or_insert_with(|| word.to_owned());
            }
        }
        let english = tables().concepts.keys().flat_map(|p| latin_words(p));
        let mut latin: HashSet<String> = english.map(str::to_owned).collect();
        latin.extend(tables().stop.iter().filter(|w| w.is_ascii()).map(|w| (*w).to_owned()));
        latin.extend(texts.flat_map(latin_words).map(str::to_owned));
        Self { spoken: map, latin }
    }

    /// The known word that a misspelt English word is meant to be.
    fn meant(&self, word: &str) -> Option<&str> {
        let len = word.len();
        if len < 5 || self.latin.contains(word) {
            return None;
        }
        let slips = if len >= 8 { 2 } else { 1 };
        let near = self.latin.iter().filter(|k| k.len() >= 4 && k.len().abs_diff(len) <= slips);
        let near = near.filter(|k| k.as_bytes().first() == word.as_bytes().first());
        let near = near.map(|k| (strsim::osa_distance(k, word), k)).filter(|(d, _)| *d <= slips);
        near.min().map(|(_, k)| k.as_str())
    }
}

/// Pinyin without tones, with the sounds folded that southern speakers confuse.
fn sound(word: &str) -> Option<String> {
    let mut out = String::new();
    for c in word.chars() {
        let plain = c.to_pinyin()?.plain();
        let plain = plain.replace("zh", "z").replace("ch", "c").replace("sh", "s");
        let plain = plain.strip_suffix('g').filter(|p| p.ends_with('n')).unwrap_or(&plain);
        out.push_str(plain);
        out.push('\'');
    }
    Some(out)
}

/// Removes politeness from normalised text.
pub(crate) fn strip_politeness(text: &str) -> String {
    tables().polite.iter().fold(text.to_owned(), |text, p| cut_phrase(&text, p)).trim().to_owned()
}

/// Whether a person is asked for; and the rest of the text without that request.
pub(crate) fn strip_human(text: &str) -> (bool, String) {
    let rest = tables().human.iter().fold(text.to_owned(), |text, p| cut_phrase(&text, p));
    (rest != text, rest)
}

fn cut_phrase(text: &str, phrase: &str) -> String {
    if !phrase.is_ascii() {
        return text.replace(phrase, " ");
    }
    let mut out = text.to_owned();
    let mut from = 0;
    while let Some(at) = out[from..].find(phrase).map(|i| i + from) {
        let before = out[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        let after = out[at + phrase.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        if before || after {
            from = at + phrase.len();
        } else {
            out.replace_range(at..at + phrase.len(), " ");
            from = at;
        }
    }
    out
}

fn latin_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty())
}

/// Repairs misspelt English words before anything else reads them.
fn spell(text: &str, sounds: &Sounds) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        out.push_str(sounds.meant(word).unwrap_or(word));
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// Analyses raw text.
pub(crate) fn analyse(raw: &str, sounds: Option<&Sounds>) -> Analysis {
    analyse_normal(&strip_politeness(&normalise(raw)), sounds)
}

/// Analyses text that is normalised already.
pub(crate) fn analyse_normal(text: &str, sounds: Option<&Sounds>) -> Analysis {
    let repaired = sounds.map(|s| spell(text, s));
    let text = repaired.as_deref().unwrap_or(text);
    let chars: Vec<char> = text.chars().collect();
    let mut found = Analysis { text: text.to_owned(), ..Analysis::default() };
    let mut pending = String::new();
    let mut at = 0;
    while at < chars.len() {
        if let Some((len, concept)) = concept_at(&chars, at) {
            flush(&mut pending, &mut found.units);
            push(&mut found.units, &concept.name, concept.weak);
            at += len;
        } else if let Some((len, word)) = sounds.and_then(|s| homophone_at(&chars, at, s)) {
            flush(&mut pending, &mut found.units);
            match tables().concepts.get(&word) {
                Some(concept) => push(&mut found.units, &concept.name, concept.weak),
                None => push(&mut found.units, &word, false),
            }
            at += len;
        } else {
            pending.push(chars[at]);
            at += 1;
        }
    }
    flush(&mut pending, &mut found.units);
    let solid: Vec<char> = chars.into_iter().filter(|c| c.is_alphanumeric()).collect();
    found.grams = solid.windows(2).map(|w| w.iter().collect()).collect();
    found
}

fn concept_at(chars: &[char], at: usize) -> Option<(usize, &'static Concept)> {
    let tables = tables();
    let latin = |i: usize| chars.get(i).is_some_and(char::is_ascii_alphanumeric);
    let most = tables.longest.min(chars.len() - at);
    (1..=most).rev().find_map(|len| {
        let inside = latin(at) && at > 0 && latin(at - 1);
        if inside || (latin(at + len - 1) && latin(at + len)) {
            return None;
        }
        let piece: String = chars[at..at + len].iter().collect();
        tables.concepts.get(&piece).map(|c| (len, c))
    })
}

fn homophone_at(chars: &[char], at: usize, sounds: &Sounds) -> Option<(usize, String)> {
    [4, 3, 2].into_iter().filter(|len| at + len <= chars.len()).find_map(|len| {
        let piece = &chars[at..at + len];
        if !piece.iter().all(|c| is_han(*c))
            || (at + 1..at + len).any(|i| concept_at(chars, i).is_some_and(|(l, _)| l > 1))
        {
            return None;
        }
        let piece: String = piece.iter().collect();
        let word = sounds.spoken.get(&sound(&piece)?)?;
        let stop = piece.chars().filter(|c| tables().stop.contains(c.to_string().as_str())).count();
        (*word != piece && !jieba().has_word(&piece) && stop < len).then(|| (len, word.clone()))
    })
}

fn flush(pending: &mut String, units: &mut Vec<Unit>) {
    let stemmer = Stemmer::create(Algorithm::English);
    for token in jieba().cut(pending, true) {
        let word = token.word.trim();
        if word.is_empty() || tables().stop.contains(word) || !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        if word.is_ascii() {
            push(units, &stemmer.stem(word), false);
        } else {
            push(units, word, false);
        }
    }
    pending.clear();
}

fn push(units: &mut Vec<Unit>, term: &str, weak: bool) {
    if !units.iter().any(|u| u.term == term) {
        units.push(Unit { term: term.to_owned(), weak });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let sounds = Sounds::new(std::iter::empty(), std::iter::empty());
        analyse(text, Some(&sounds)).units.into_iter().map(|u| u.term).collect()
    }

    #[test]
    fn return_postage_is_cut_into_its_two_concepts() {
        assert_eq!(terms("退货运费谁出"), ["退货", "运费", "承担"]);
    }

    #[test]
    fn synonyms_and_homophones_reach_the_same_concept() {
        assert_eq!(terms("我想退钱"), ["退款"]);
        assert_eq!(terms("推款"), ["退款"]);
    }

    #[test]
    fn politeness_leaves_nothing_behind() {
        assert!(terms("您好，请问，谢谢").is_empty());
    }

    #[test]
    fn english_words_are_stemmed() {
        assert_eq!(terms("the sofas"), ["sofa"]);
    }
}
