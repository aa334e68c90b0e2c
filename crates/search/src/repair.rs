//! Repairs a question before it is read: homophones, slips in English words, and pinyin.

use pinyin::ToPinyin as _;

use crate::analyse::Known;
use crate::language::is_han;
use crate::lexicon::{Class, lexicon};
use crate::segment::{Word, jieba};
use crate::sounds::Sounds;

/// What one tenant's questions are repaired with.
#[derive(Debug, Default)]
pub(crate) struct Repair {
    pub(crate) known: Known,
    pub(crate) sounds: Sounds,
}

impl Repair {
    /// Chinese for pinyin, everything else as it is.
    pub(crate) fn pinyin(&self, text: &str) -> Option<String> {
        let words = || text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty());
        let english = words().filter(|w| w.len() > 1 && self.is_english(w)).map(str::len).sum::<usize>();
        let all = words().map(str::len).sum::<usize>();
        if all < 6 || english * 2 > all { None } else { self.sounds.typed(text) }
    }

    fn is_english(&self, word: &str) -> bool {
        lexicon().latin.contains(word) || self.known.latin.contains(word)
    }

    /// Puts known words in the place of misspelt ones.
    pub(crate) fn words(&self, words: Vec<Word>) -> Vec<Word> {
        let mut out = Vec::with_capacity(words.len());
        let mut run: Vec<String> = Vec::new();
        for word in words {
            match word {
                Word::Han(text) => run.push(text),
                other => {
                    self.flush(&mut run, &mut out);
                    out.push(match other {
                        Word::Latin(text) => Word::Latin(self.spell(text)),
                        other => other,
                    });
                }
            }
        }
        self.flush(&mut run, &mut out);
        out
    }

    /// Looks for homophones in neighbouring Chinese words.
    fn flush(&self, run: &mut Vec<String>, out: &mut Vec<Word>) {
        let mut at = 0;
        while at < run.len() {
            let found = (1..=4.min(run.len() - at)).rev().find_map(|n| self.meant(&run[at..at + n]).map(|w| (n, w)));
            let (n, word) = found.unwrap_or_else(|| (1, run[at].clone()));
            out.push(Word::Han(word));
            at += n;
        }
        run.clear();
    }

    fn meant(&self, pieces: &[String]) -> Option<String> {
        let piece = pieces.concat();
        let count = piece.chars().count();
        if !(2..=4).contains(&count) || !piece.chars().all(is_han) || self.known.has(&piece) {
            return None;
        }
        // A longer word that is known is not a slip, and neither is talk.
        let solid = |p: &String| p.chars().count() > 1 && (!lexicon().get(p).is_empty() || self.known.has(p));
        let talk = |p: &String| lexicon().is_only(p, &[Class::Chatter, Class::Intent]);
        if pieces.iter().any(solid) || pieces.iter().all(talk) {
            return None;
        }
        let word = self.sounds.alike(&piece).filter(|w| self.known.has(w))?;
        let own = self.known.han.contains(word);
        // What reads well as it stands is a slip only if the tenant has the very word.
        let reads = if pieces.len() == 1 {
            jieba().has_word(&piece)
        } else {
            pieces.iter().all(|p| !lexicon().get(p).is_empty())
        };
        if lexicon().is_only(word, &[Class::Chatter, Class::Intent]) || (reads && !own) {
            return None;
        }
        let slip = slip(&piece, word)?;
        (slip <= 1.3 || (slip <= 1.7 && own)).then(|| word.to_owned())
    }

    /// The known word that a misspelt English word is meant to be.
    fn spell(&self, word: String) -> String {
        let len = word.len();
        if len < 4 || !word.chars().all(|c| c.is_ascii_alphabetic()) || self.is_english(&word) {
            return word;
        }
        // The stem of a known word in another form is no slip.
        let plain = crate::lexicon::stem(&word);
        if !lexicon().get(&plain).is_empty() {
            return word;
        }
        let slips = if len >= 9 { 2 } else { 1 };
        let near = self.known.latin.iter().map(|k| (0, k)).chain(lexicon().latin.iter().map(|k| (1, k)));
        let near = near.filter(|(_, k)| k.len() >= 4 && k.len().abs_diff(len) <= slips);
        let near = near.filter(|(_, k)| k.as_bytes().first() == word.as_bytes().first());
        // In short words one letter for another is mostly another word.
        let near = near.filter(|(_, k)| len >= 7 || k.len() != len || same_letters(k, &word));
        let near = near.map(|(rank, k)| (strsim::osa_distance(k, &word), rank, k)).filter(|(d, ..)| *d <= slips);
        near.min().map_or(word.clone(), |(_, _, k)| k.clone())
    }
}

fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// How far a word that sounds alike is from what was written, per character: the same character 0, another
/// character with the same sound and tone 1, without the tone 1.3, with confused sounds 2.
fn slip(written: &str, meant: &str) -> Option<f32> {
    let mut far = 0.0;
    for (a, b) in written.chars().zip(meant.chars()).filter(|(a, b)| a != b) {
        let (a, b) = (a.to_pinyin()?, b.to_pinyin()?);
        far += match () {
            () if a.with_tone() == b.with_tone() => 1.0,
            () if a.plain() == b.plain() => 1.3,
            () => 2.0,
        };
    }
    Some(far / written.chars().count() as f32)
}
