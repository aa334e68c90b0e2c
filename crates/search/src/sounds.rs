//! Words by sound: homophones, slips of the input method, and pinyin typed as such.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use pinyin::ToPinyin as _;

use crate::language::is_han;
use crate::lexicon::lexicon;

/// Syllables, longest first matters not: a set to test.
static SYLLABLES: OnceLock<HashSet<&'static str>> = OnceLock::new();

/// Chinese words of the vocabulary and of one tenant by how they sound.
#[derive(Debug, Default)]
pub(crate) struct Sounds {
    spoken: HashMap<String, String>,
}

impl Sounds {
    /// The tenant's words win over those of the vocabulary, and there the ones that `known` says it has.
    pub(crate) fn new<'a>(words: impl Iterator<Item = &'a str>, known: impl Fn(&str) -> bool) -> Self {
        let mut spoken = HashMap::new();
        let mut general: Vec<&str> = lexicon().chinese().collect();
        general.sort_by_cached_key(|w| (!known(w), *w));
        for word in words.chain(general) {
            if (2..=5).contains(&word.chars().count())
                && let Some(sound) = sound(word)
            {
                spoken.entry(sound).or_insert_with(|| word.to_owned());
            }
        }
        Self { spoken }
    }

    /// A known word that sounds like `piece` and is written differently.
    pub(crate) fn alike(&self, piece: &str) -> Option<&str> {
        let word = self.spoken.get(&sound(piece)?)?;
        (word != piece).then_some(word.as_str())
    }

    /// Chinese for text that is typed in pinyin: `tuikuan duojiu`. `None` if it is not pinyin.
    pub(crate) fn typed(&self, text: &str) -> Option<String> {
        let letters = text.chars().all(|c| c.is_ascii_alphabetic() || c.is_whitespace() || c == '\'');
        if !letters || text.len() > 120 {
            return None;
        }
        let mut all = Vec::new();
        for word in text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()) {
            all.extend(syllables(word)?);
        }
        let (mut out, mut known, mut at) = (String::new(), 0, 0);
        while at < all.len() {
            let most = 5.min(all.len() - at);
            let found = (2..=most).rev().find_map(|n| {
                let sound: String = all[at..at + n].iter().map(|s| fold(s) + "'").collect();
                self.spoken.get(&sound).map(|w| (n, w))
            });
            if let Some((n, word)) = found {
                out.push_str(word);
                known += n;
                at += n;
            } else {
                at += 1;
            }
        }
        (known >= 2 && known * 2 >= all.len()).then_some(out)
    }
}

/// Pinyin without tones, with the sounds folded that speakers confuse.
fn sound(word: &str) -> Option<String> {
    let mut out = String::new();
    for c in word.chars() {
        out.push_str(&fold(c.to_pinyin()?.plain()));
        out.push('\'');
    }
    Some(out)
}

/// zh/z, ch/c, sh/s, n/l at the start and ng/n at the end are one.
fn fold(syllable: &str) -> String {
    let plain = syllable.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace('ü', "v");
    let plain = plain.strip_suffix('g').filter(|p| p.ends_with('n')).unwrap_or(&plain);
    match plain.strip_prefix('n') {
        Some(rest) if !rest.is_empty() => format!("l{rest}"),
        _ => plain.to_owned(),
    }
}

fn known_syllables() -> &'static HashSet<&'static str> {
    SYLLABLES.get_or_init(|| {
        let all = ('\u{4e00}'..='\u{9fa5}').filter(|c| is_han(*c));
        all.filter_map(|c| c.to_pinyin().map(|p| p.plain())).filter(|p| p.len() > 1 || "aeo".contains(p)).collect()
    })
}

/// Splits `tuikuan` into syllables, as few as possible.
fn syllables(word: &str) -> Option<Vec<&str>> {
    let known = known_syllables();
    let mut best: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=word.len() {
        for start in end.saturating_sub(6)..end {
            if let Some((count, _)) = best[start]
                && known.contains(&word[start..end])
                && best[end].is_none_or(|(c, _)| count + 1 < c)
            {
                best[end] = Some((count + 1, start));
            }
        }
    }
    let (mut end, mut out) = (word.len(), Vec::new());
    while end > 0 {
        let (_, start) = best[end]?;
        out.push(&word[start..end]);
        end = start;
    }
    out.reverse();
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homophones_and_confused_sounds_meet() {
        let sounds = Sounds::new(["退款", "南京"].into_iter(), |_| false);
        assert_eq!(sounds.alike("推款"), Some("退款"));
        assert_eq!(sounds.alike("兰京"), Some("南京"));
        assert_eq!(sounds.alike("退款"), None);
    }

    #[test]
    fn typed_pinyin_becomes_chinese_and_english_does_not() {
        let sounds = Sounds::new(["退款", "多久"].into_iter(), |_| false);
        assert_eq!(sounds.typed("tuikuan duojiu").as_deref(), Some("退款多久"));
        assert_eq!(sounds.typed("how long does it take"), None);
    }
}
