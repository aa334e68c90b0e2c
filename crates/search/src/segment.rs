//! Text to words: jieba for Chinese, taught the vocabulary; spaces for the rest.

use std::sync::OnceLock;

use jieba_rs::Jieba;

use crate::language::is_han;
use crate::lexicon::{lexicon, stem};

static JIEBA: OnceLock<Jieba> = OnceLock::new();

/// The most pieces that are joined to look for a form of the vocabulary.
const JOINED: usize = 4;

/// The segmenter; about 50 MB, so it is loaded with the first knowledge base.
pub(crate) fn jieba() -> &'static Jieba {
    JIEBA.get_or_init(|| {
        let mut jieba = Jieba::new();
        for word in lexicon().chinese().filter(|w| w.chars().count() > 1) {
            if !jieba.has_word(word) {
                jieba.add_word(word, None, None);
            }
        }
        jieba
    })
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Chinese characters.
    Han(String),
    /// Latin letters and digits.
    Latin(String),
    /// What was named before cannot be done: 收不到, 用不了.
    Fails,
    /// A space in Chinese, which may be a pause.
    Pause,
    /// The end of a clause.
    Gap,
}

/// Whether jieba calls a word an adverb, a time, a number, a set phrase or a particle.
pub(crate) fn is_talk(word: &str) -> bool {
    let tagged = jieba().tag(word, false);
    matches!(tagged.as_slice(), [one] if one.tag.starts_with(['d', 't', 'm', 'q', 'r', 'c', 'p', 'u', 'i', 'l', 'y', 'e', 'o', 'z']))
}

/// Cuts normalised text.
pub(crate) fn segment(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run = String::new();
    let mut han = false;
    for c in text.chars() {
        let (letter, is) = (c.is_alphanumeric() || c == '\'', is_han(c));
        if !run.is_empty() && (!letter || is != han) {
            push_run(&run, han, &mut words);
            run.clear();
        }
        if letter {
            run.push(c);
            han = is;
        } else if c == '\n' && words.last().is_some_and(|w| *w != Word::Gap) {
            words.push(Word::Gap);
        } else if c == ' ' && matches!(words.last(), Some(Word::Han(_) | Word::Fails)) {
            words.push(Word::Pause);
        }
    }
    push_run(&run, han, &mut words);
    words
}

fn push_run(run: &str, han: bool, words: &mut Vec<Word>) {
    if !han {
        words.extend(split_digits(run).filter(|w| !w.is_empty()).map(|w| Word::Latin(w.to_owned())));
        return;
    }
    let mut rest = run;
    while let Some((verb_end, after)) = failing_verb(rest) {
        cut(&rest[..verb_end], words);
        words.push(Word::Fails);
        rest = &rest[after..];
    }
    cut(rest, words);
}

/// `15pro` and `3days` come apart where digits meet letters; `2fa` is a word.
fn split_digits(run: &str) -> impl Iterator<Item = &str> {
    let digits = run.find(|c: char| !c.is_ascii_digit()).unwrap_or(run.len());
    let digits = if lexicon().get(&stem(run)).is_empty() { digits } else { 0 };
    let (number, rest) = run.split_at(digits);
    [number, rest.trim_matches('\'')].into_iter()
}

/// Where a verb that fails ends, and where the text goes on: 收|不到|….
fn failing_verb(text: &str) -> Option<(usize, usize)> {
    const RESULTS: &str = "了上到出开进起动成通住全掉着齐";
    const NOT_VERBS: &str = "能可是要会差对得受免想好行有在";
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    chars.windows(3).find_map(|w| {
        let (end, verb, not, result) = (w[1].0, w[0].1, w[1].1, w[2].1);
        let fails = not == '不' && RESULTS.contains(result) && !NOT_VERBS.contains(verb);
        fails.then(|| (end, w[2].0 + result.len_utf8()))
    })
}

fn cut(run: &str, words: &mut Vec<Word>) {
    let pieces: Vec<&str> = jieba().cut(run, false).into_iter().map(|t| t.word).collect();
    let mut at = 0;
    while at < pieces.len() {
        let most = JOINED.min(pieces.len() - at);
        let joined = (2..=most).rev().find_map(|n| {
            let word = pieces[at..at + n].concat();
            (!lexicon().get(&word).is_empty()).then_some((n, word))
        });
        let (n, word) = joined.unwrap_or_else(|| (1, pieces[at].to_owned()));
        if word.chars().any(is_han) {
            words.push(Word::Han(word));
        }
        at += n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn han(word: &str) -> Word {
        Word::Han(word.to_owned())
    }

    #[test]
    fn a_failing_verb_comes_apart() {
        assert_eq!(segment("收不到"), [han("收"), Word::Fails]);
        assert!(!segment("能不能开").contains(&Word::Fails));
    }

    #[test]
    fn digits_and_letters_come_apart() {
        assert_eq!(segment("7days"), [Word::Latin("7".to_owned()), Word::Latin("days".to_owned())]);
    }
}
